// SPDX-License-Identifier: Apache-2.0
//
// Between structures and HTTP, for every protocol. Pure.
#pragma once

#include <algorithm>
#include <memory>

#include "aws/operation.h"
#include "aws/service_error.h"
#include "aws/shape.h"
#include "base/result.h"

namespace sallyport::aws {

// An answer of which nothing is read: that it came says enough.
struct Nothing {};
inline void Describe(Shape&, Nothing&) {}

// Writes one request: hand shape() to DescribeTop, then Finish.
class Encoder {
 public:
  Encoder(const Operation& operation, const Place& place);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  Shape& shape();
  // kInvalidInput when a required member is missing.
  Result<Call> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads one answer. The members are those of the operation's result, whatever is wrapped around it.
class Decoder {
 public:
  // kBadAnswer (kTooLarge) when the body is not what the operation answers.
  static Result<std::unique_ptr<Shape>> Open(const Operation& operation, const WireAnswer& answer);
};

template <class Request>
Result<Call> Encode(const Operation& operation, const Place& place, Request& request) {
  Encoder encoder(operation, place);
  DescribeTop(encoder.shape(), request);
  return encoder.Finish();
}

template <class Answer>
Result<Answer> Decode(const Operation& operation, const WireAnswer& answer) {
  auto shape = Decoder::Open(operation, answer);
  if (!shape.ok()) return shape.error();
  Answer out;
  DescribeTop(**shape, out);
  if (!(*shape)->status().ok()) return (*shape)->status().error();
  return out;
}
template <>
inline Result<Nothing> Decode<Nothing>(const Operation&, const WireAnswer&) {
  return Nothing{};
}

}  // namespace sallyport::aws
