// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/members.h"

#include <algorithm>
#include <charconv>

namespace sallyport::aws_sim {

std::string TextOf(const json::object& from, std::string_view key, std::string_view fallback) {
  const json::value* value = from.if_contains(key);
  return std::string(value != nullptr && value->is_string() ? std::string_view(value->get_string()) : fallback);
}

std::int64_t NumberOf(const json::object& from, std::string_view key, std::int64_t fallback) {
  const json::value* value = from.if_contains(key);
  if (value == nullptr) return fallback;
  if (value->is_int64()) return value->get_int64();
  if (value->is_double()) return static_cast<std::int64_t>(value->get_double());
  if (!value->is_string()) return fallback;
  const std::string_view text = value->get_string();
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : fallback;
}

bool FlagOf(const json::object& from, std::string_view key, bool fallback) {
  const json::value* value = from.if_contains(key);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->get_bool();
  return value->is_string() ? value->get_string() == "true" : fallback;
}

std::vector<std::string> TextsIn(const json::value& value) {
  std::vector<std::string> texts;
  if (value.is_string()) texts.emplace_back(value.get_string());
  if (!value.is_array()) return texts;
  for (const json::value& element : value.get_array()) {
    if (element.is_string()) texts.emplace_back(element.get_string());
  }
  return texts;
}

std::vector<std::string> TextsOf(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value == nullptr ? std::vector<std::string>() : TextsIn(*value);
}

const json::object& ObjectOf(const json::object& from, std::string_view key) {
  static const json::object empty;
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : empty;
}

const json::array& ArrayOf(const json::object& from, std::string_view key) {
  static const json::array empty;
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : empty;
}

bool Has(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && !value->is_null();
}

namespace {

bool HasText(const json::object& record, std::string_view key, std::string_view value) {
  const json::value* member = record.if_contains(key);
  return member != nullptr && member->is_string() && std::string_view(member->get_string()) == value;
}

}  // namespace

const json::object* FindRecord(const std::vector<json::object>& records, std::string_view key, std::string_view value) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const json::object& record) { return HasText(record, key, value); });
  return found == records.end() ? nullptr : &*found;
}

json::object* FindRecord(std::vector<json::object>& records, std::string_view key, std::string_view value) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const json::object& record) { return HasText(record, key, value); });
  return found == records.end() ? nullptr : &*found;
}

json::object Pick(const json::object& from, std::initializer_list<std::string_view> keys) {
  json::object picked;
  for (const std::string_view key : keys) {
    if (Has(from, key)) picked[key] = from.at(key);
  }
  return picked;
}

json::object Without(const json::object& from, std::initializer_list<std::string_view> keys) {
  json::object rest;
  for (const auto& member : from) {
    if (std::find(keys.begin(), keys.end(), std::string_view(member.key())) == keys.end()) {
      rest[member.key()] = member.value();
    }
  }
  return rest;
}

bool WildcardMatch(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sallyport::aws_sim
