// SPDX-License-Identifier: Apache-2.0
//
// How values are written in SWP's JSON (contract 0.2): times are milliseconds since the epoch, sometimes as a quoted
// string; ids are int32, and absent, null and 0 all mean "none"; lists come wrapped in an object.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::swp {

// Nothing when absent, null, 0 or not a number.
std::optional<TimePoint> ReadTime(const Json& json);

template <class Id>
std::optional<Id> ReadId(const Json& json) {
  const std::int64_t number = json.Int64Or(0);
  if (number <= 0 || number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return Id{static_cast<std::int32_t>(number)};
}

template <class Id>
std::vector<Id> ReadIds(const Json& json) {
  std::vector<Id> ids;
  for (const Json& element : json.Elements()) {
    if (const auto id = ReadId<Id>(element)) ids.push_back(*id);
  }
  return ids;
}

// An object without its own id is not an object we can act on.
template <class Id>
Result<Id> InsistOnId(const Json& json) {
  const auto id = ReadId<Id>(json);
  if (id) return *id;
  const auto number = json.AsInt64();
  if (!number.ok()) return Error{ErrorCode::kBadAnswer, number.error().message, ""};
  return Error{ErrorCode::kBadAnswer, json.Path() + ": " + std::to_string(*number) + " is not an object id", ""};
}

// Reads {"`key`": [...]}. An answer without the list is an error: it is not an empty list.
template <class T, class Reader>
Result<std::vector<T>> ReadList(const Json& json, std::string_view key, Reader read) {
  const Json list = json[key];
  if (!list.IsArray()) {
    return Error{ErrorCode::kBadAnswer,
                 "expected an object with the list `" + std::string(key) + "`, found " +
                     (json.IsObject() ? "an object without it" : std::string(json.TypeName())),
                 ""};
  }
  std::vector<T> items;
  for (const Json& element : list.Elements()) {
    Result<T> item = read(element);
    if (!item.ok()) return item.error();
    items.push_back(std::move(item).value());
  }
  return items;
}

}  // namespace sallyport::swp
