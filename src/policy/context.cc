// SPDX-License-Identifier: Apache-2.0
#include "policy/context.h"

#include <utility>

#include "base/text.h"

namespace sallyport::policy {

KeyName::KeyName(std::string_view name) : text(name), lower(ToLowerAscii(name)), hash(HashText(lower)) {}

KeyValue& Context::Entry(KeyName name) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (hashes_[i] == name.hash && names_[i].lower == name.lower) return values_[i];
  }
  hashes_.push_back(name.hash);
  names_.push_back(std::move(name));
  return values_.emplace_back();
}

void Context::Set(KeyName key, std::string value) {
  KeyValue& entry = Entry(std::move(key));
  entry = {KeyState::kKnown, false, {}, {}};
  entry.values.push_back(std::move(value));
}

void Context::SetList(std::string_view key, std::vector<std::string> values) {
  // An empty list says the same as no key (set operators: "or the key values resolve to an empty data set").
  const KeyState state = values.empty() ? KeyState::kAbsent : KeyState::kKnown;
  Entry(key) = {state, true, std::move(values), {}};
}

void Context::SetAbsentWithPrefix(std::string_view prefix) {
  absent_prefixes_.push_back(ToLowerAscii(prefix));
}

const KeyValue& Context::Find(const KeyName& key) const {
  static const KeyValue none;
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (hashes_[i] == key.hash && names_[i].lower == key.lower) return values_[i];
  }
  for (const std::string& prefix : absent_prefixes_) {
    if (std::string_view(key.lower).starts_with(prefix)) return none;
  }
  return base_ != nullptr ? base_->Find(key) : default_;
}

}  // namespace sallyport::policy
