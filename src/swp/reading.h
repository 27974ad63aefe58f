// SPDX-License-Identifier: Apache-2.0
//
// How values are written in SWP's JSON (contract 0.2): times are milliseconds since the epoch, sometimes as a quoted
// string; ids are int32, and absent, null, 0 and empty all mean "none"; lists come wrapped in an object.
//
// What is there and cannot be read is damage: what it says is not known, which is neither "none" nor "off".
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::swp {

// A time of SWP: nothing when it is none (absent, null, 0, empty), an error's text when it cannot be one: no whole
// number, or one that names a year before 2000 or after 9999, as seconds and microseconds taken for milliseconds do.
struct TimeReading {
  std::optional<TimePoint> time;
  std::string damage;  // "expected a time in milliseconds, found a string"; empty: none
};
TimeReading ReadTime(const Json& json);

template <class Id>
std::optional<Id> ReadId(const Json& json) {
  const std::int64_t number = json.Int64Or(0);
  if (number <= 0 || number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return Id{static_cast<std::int32_t>(number)};
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

// Reads the members of one object and notes each that is damaged, as "antiMalware.ruleIDs: expected a list of ids,
// found a string". A damaged member reads as none; who decides by it asks for the damage first.
class FieldReader {
 public:
  // `within`: the object's own name in the record; empty: it is the record. `damaged` outlives the reader.
  FieldReader(Json object, std::string within, std::vector<std::string>& damaged)
      : object_(std::move(object)), within_(std::move(within)), damaged_(&damaged) {}

  // The object that a member holds; one that is missing when it holds none.
  FieldReader Object(std::string_view name) const;
  bool HasValue() const { return object_.HasValue(); }

  std::string Text(std::string_view name) const;
  bool Flag(std::string_view name, bool fallback) const;
  std::optional<TimePoint> Time(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  template <class Id>
  std::optional<Id> IdOf(std::string_view name) const {
    const Json place = object_[name];
    const auto id = ReadId<Id>(place);
    const bool none = !place.HasValue() || place.WholeNumber() == 0;
    if (!id && !none) Note(name, "an id", place);
    return id;
  }
  template <class Id>
  std::vector<Id> Ids(std::string_view name) const {
    std::vector<Id> ids;
    const Json place = object_[name];
    if (place.HasValue() && !place.IsArray()) Note(name, "a list of ids", place);
    for (const Json& element : place.Elements()) {
      const auto id = ReadId<Id>(element);
      if (!id) {
        Note(name, "an id in the list", element);
        return {};
      }
      ids.push_back(*id);
    }
    return ids;
  }
  const Json& object() const { return object_; }
  // Notes that a member is not what was expected.
  void Note(std::string_view name, std::string_view expected, const Json& found) const;
  void Note(std::string_view name, const std::string& problem) const;

 private:
  Json object_;
  std::string within_;
  std::vector<std::string>* damaged_;
};

// What is damaged of a member or of what it holds; null: nothing.
const std::string* DamageOf(const std::vector<std::string>& damaged, std::string_view member);

// Reads {"`key`": [...]}. An answer without the list is an error: it is not an empty list. One that holds a `message`
// too tells of a failure: its list says nothing.
template <class T, class Reader>
Result<std::vector<T>> ReadList(const Json& json, std::string_view key, Reader read) {
  const Json list = json[key];
  if (!list.IsArray()) {
    return Error{ErrorCode::kBadAnswer,
                 "expected an object with the list `" + std::string(key) + "`, found " +
                     (json.IsObject() ? "an object without it" : std::string(json.TypeName())),
                 ""};
  }
  if (json["message"].HasValue()) {
    return Error{ErrorCode::kBadAnswer,
                 "beside the list `" + std::string(key) + "` is the message of an error, so the list may be incomplete",
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
