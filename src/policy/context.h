// SPDX-License-Identifier: Apache-2.0
//
// What is known of a request's condition keys. A key is in one of four states; what holds for a key that is not listed
// is said once for the whole context: "absent" for a request that is fully given, "unknown" for the question who could
// do something.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::policy {

// FNV-1a. Equal hashes are always followed by a comparison of the texts.
constexpr std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

// The name of a condition key: `aws:SourceIp`, `aws:PrincipalTag/team`. Compared without case, the part after `/` too.
struct KeyName {
  KeyName() = default;
  explicit KeyName(std::string_view name);

  std::string text;  // as written
  std::string lower;
  std::uint64_t hash = 0;
};

enum class KeyState : std::uint8_t {
  kAbsent,   // certainly not in the request
  kKnown,    // in the request, with these values
  kPresent,  // in the request, with a value that is not known
  kUnknown,  // nothing known
};

struct KeyValue {
  KeyState state = KeyState::kAbsent;
  bool multivalued = false;  // the request carries a list
  // kKnown: one when not multivalued. kUnknown and kPresent: if it has a value it is one of these; empty: it may be
  // any.
  std::vector<std::string> values;
  std::string prefix;   // kPresent only: what the value begins with, as far as that is known
  bool unread = false;  // kUnknown only: no request decides it, it could not be read
};

class Context {
 public:
  // `unlisted` is the state of keys that are not listed. `base`, if any, is asked for keys that are not listed here; it
  // must outlive this context, and its own `unlisted` then counts.
  explicit Context(KeyState unlisted = KeyState::kAbsent, const Context* base = nullptr) : base_(base) {
    default_.state = unlisted;
  }

  void Set(std::string_view key, std::string value) { Set(KeyName(key), std::move(value)); }
  void Set(KeyName key, std::string value);
  void SetList(std::string_view key, std::vector<std::string> values);
  void SetAbsent(std::string_view key) { Entry(key) = {}; }
  void SetPresent(std::string_view key) { Entry(key) = {KeyState::kPresent, false, {}, {}}; }
  // In the request, with a value that begins with `prefix`.
  void SetBeginning(KeyName key, std::string prefix) {
    Entry(std::move(key)) = {KeyState::kPresent, false, {}, std::move(prefix)};
  }
  void SetUnknown(std::string_view key) { Entry(key) = {KeyState::kUnknown, false, {}, {}}; }
  // Absent, or one of these values.
  void SetAbsentOr(std::string_view key, std::vector<std::string> values) {
    Entry(key) = {KeyState::kUnknown, false, std::move(values), {}};
  }
  // It has a value, or is absent, for all requests alike, and which could not be read: a condition on it is none that a
  // request may meet or not, and leaves the answer undecided.
  void SetUnread(std::string_view key) { Entry(key) = {KeyState::kUnknown, false, {}, {}, true}; }
  // Every key that starts with `prefix` (`aws:PrincipalTag/`) and is not listed is absent.
  void SetAbsentWithPrefix(std::string_view prefix);

  const KeyValue& Find(const KeyName& key) const;

  // Asks another context for what is not listed here.
  void SetBase(const Context* base) { base_ = base; }

  // The keys listed here, without those of the base.
  const std::vector<KeyName>& names() const { return names_; }

 private:
  KeyValue& Entry(std::string_view key) { return Entry(KeyName(key)); }
  KeyValue& Entry(KeyName name);

  const Context* base_;
  KeyValue default_;
  std::vector<std::uint64_t> hashes_;  // beside names_, so that a search touches little memory
  std::vector<KeyName> names_;
  std::vector<KeyValue> values_;
  std::vector<std::string> absent_prefixes_;
};

}  // namespace sallyport::policy
