// SPDX-License-Identifier: Apache-2.0
//
// Result<T>: a value, or an Error that says what happened, to what, and what may be done.
//
// Everything that the world can do to us (bad input, a refused call, a full disk) is a Result. The code tells the
// caller what it may *do*; the message tells a person what happened and to which thing. Messages start in lower
// case, have no full stop, put outside text in backticks, and never carry a secret or a payload.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace sallyport {

enum class ErrorCode {
  kInvalidInput,     // what we were given cannot be used; the same again will fail again
  kNotFound,         // the named thing does not exist (for sure: the other side said so)
  kUnauthenticated,  // no, wrong, expired or locked credentials
  kForbidden,        // known, but without the right
  kUntrusted,        // the other side could not prove who it is (certificate); waiting does not help
  kRateLimited,      // refused for now; try later
  kUnavailable,      // no answer, or one that says "not now"; nothing is known to have been done
  kOutcomeUnknown,   // the request may have been carried out: look before trying again
  kTimeout,          // the total deadline passed
  kBadAnswer,        // an answer came and cannot be understood
  kTooLarge,         // over one of our own bounds
  kRefused,          // one of our own gates said no
  kStorage,          // disk or database
  kInternal,         // a bug of ours
};

// The word used in logs, JSON and the ledger: `invalid-input`, `not-found`, ...
std::string_view ToString(ErrorCode code);

// For an error that a remote service reported: who said it, about which call. Any part may be empty.
struct ErrorOrigin {
  std::string service;         // `ec2`
  std::string operation;       // `DescribeInstances`
  std::string account;         // whose credentials were used
  std::string region;          // where it was sent
  std::string request_id;      // what the service's support asks for
  std::string code;            // the service's own word: `NoSuchBucketPolicy`
  std::string missing_action;  // of a refusal for want of permission: `ec2:DescribeInstances`
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // what happened, and to what
  std::string advice;   // what to do about it; may be empty
  // Null for everything that is not a remote service's answer. Shared, since errors are copied and this never changes.
  std::shared_ptr<const ErrorOrigin> origin{};

  // The origin does not count: it repeats what the message says.
  bool operator==(const Error& other) const {
    return code == other.code && message == other.message && advice == other.advice;
  }

  // The remote service's own word for it; empty when there is none.
  std::string_view RemoteCode() const { return origin ? std::string_view(origin->code) : std::string_view(); }

  // "message (advice)", for people.
  std::string ToText() const;
  // The same error one level further out: "`context`: message".
  Error In(std::string_view context) const;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  // INVARIANT: only on ok(); anything else is a bug and stops the program, in release builds too.
  const T& value() const& {
    Check(ok(), "Result::value on an error");
    return *std::get_if<T>(&state_);
  }
  T& value() & {
    Check(ok(), "Result::value on an error");
    return *std::get_if<T>(&state_);
  }
  // By value, so that `for (auto& x : Read().value().list)` does not outlive what it walks over.
  T value() && {
    Check(ok(), "Result::value on an error");
    return std::move(*std::get_if<T>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const {
    Check(!ok(), "Result::error on a value");
    return *std::get_if<Error>(&state_);
  }

  T value_or(T fallback) const { return ok() ? value() : std::move(fallback); }

  bool operator==(const Result&) const = default;

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    Check(!ok(), "Result::error on a value");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;
inline Status Ok() {
  return {};
}

}  // namespace sallyport
