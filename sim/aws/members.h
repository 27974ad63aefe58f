// SPDX-License-Identifier: Apache-2.0
//
// Reading members of JSON objects that may lack them or have another type. Numbers and booleans may be texts, since the
// query protocol has nothing else.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::aws_sim {

namespace json = boost::json;

// "" when it is missing or not a text.
std::string TextOf(const json::object& from, std::string_view key, std::string_view fallback = "");
std::int64_t NumberOf(const json::object& from, std::string_view key, std::int64_t fallback);
bool FlagOf(const json::object& from, std::string_view key, bool fallback = false);
// The texts of an array; a single text counts as an array of one (policies are written like that).
std::vector<std::string> TextsOf(const json::object& from, std::string_view key);
std::vector<std::string> TextsIn(const json::value& value);
// Empty when missing. The reference lives as long as `from`.
const json::object& ObjectOf(const json::object& from, std::string_view key);
const json::array& ArrayOf(const json::object& from, std::string_view key);
bool Has(const json::object& from, std::string_view key);

// The first record whose `key` is the text `value`; null when none is.
const json::object* FindRecord(const std::vector<json::object>& records, std::string_view key, std::string_view value);
json::object* FindRecord(std::vector<json::object>& records, std::string_view key, std::string_view value);

// A copy of the members named in `keys` that are there, in that order.
json::object Pick(const json::object& from, std::initializer_list<std::string_view> keys);
// A copy without the named members.
json::object Without(const json::object& from, std::initializer_list<std::string_view> keys);

// `*` and `?` as policies and filters have them. Time is at most the product of the lengths.
bool WildcardMatch(std::string_view pattern, std::string_view text);

bool Contains(const std::vector<std::string>& list, std::string_view text);

// The parts between the `at`s, one more than there are of these.
std::vector<std::string> Split(std::string_view text, char at);

}  // namespace sallyport::aws_sim
