// SPDX-License-Identifier: Apache-2.0
#include "swp/reading.h"

namespace sallyport::swp {
namespace {

constexpr std::int64_t kYear2000 = 946'684'800'000;
constexpr std::int64_t kEndOf9999 = 253'402'300'799'999;
// Whoever asks wants to know what is wrong, not everything that is.
constexpr std::size_t kMostNoted = 40;

}  // namespace

TimeReading ReadTime(const Json& json) {
  if (!json.HasValue() || (json.IsString() && json.StringOr("").empty())) return {};
  const auto milliseconds = json.WholeNumber();
  if (!milliseconds) {
    return {std::nullopt, "expected a time in milliseconds, found " + std::string(json.TypeName())};
  }
  if (*milliseconds == 0) return {};
  if (*milliseconds < kYear2000 || *milliseconds > kEndOf9999) {
    return {std::nullopt, "expected a time in milliseconds, found " + std::to_string(*milliseconds) +
                              ", which is none of the years 2000 to 9999"};
  }
  return {FromEpochMilliseconds(*milliseconds), ""};
}

FieldReader FieldReader::Object(std::string_view name) const {
  Json place = object_[name];
  std::string within = within_ + (within_.empty() ? "" : ".") + std::string(name);
  if (place.HasValue() && !place.IsObject()) {
    Note(name, "an object", place);
    place = Json();
  }
  return {std::move(place), std::move(within), *damaged_};
}

std::string FieldReader::Text(std::string_view name) const {
  const Json place = object_[name];
  if (place.HasValue() && !place.IsString()) Note(name, "a string", place);
  return place.StringOr("");
}

bool FieldReader::Flag(std::string_view name, bool fallback) const {
  const Json place = object_[name];
  if (place.HasValue() && !place.IsBool()) Note(name, "true or false", place);
  return place.BoolOr(fallback);
}

std::optional<TimePoint> FieldReader::Time(std::string_view name) const {
  TimeReading reading = ReadTime(object_[name]);
  if (!reading.damage.empty()) Note(name, reading.damage);
  return reading.time;
}

std::vector<std::string> FieldReader::Texts(std::string_view name) const {
  const Json place = object_[name];
  if (place.HasValue() && !place.IsArray()) Note(name, "a list of strings", place);
  std::vector<std::string> texts;
  for (const Json& element : place.Elements()) {
    if (element.IsString()) {
      texts.push_back(element.StringOr(""));
    } else {
      Note(name, "a string in the list", element);
    }
  }
  return texts;
}

void FieldReader::Note(std::string_view name, std::string_view expected, const Json& found) const {
  Note(name, "expected " + std::string(expected) + ", found " +
                 (found.IsNumber() ? found.ToText() : std::string(found.TypeName())));
}

void FieldReader::Note(std::string_view name, const std::string& problem) const {
  if (damaged_->size() >= kMostNoted) return;
  damaged_->push_back(within_ + (within_.empty() ? "" : ".") + std::string(name) + ": " + problem);
}

const std::string* DamageOf(const std::vector<std::string>& damaged, std::string_view member) {
  for (const std::string& one : damaged) {
    const bool about = one.starts_with(member) && one.size() > member.size() &&
                       (one[member.size()] == ':' || one[member.size()] == '.');
    if (about) return &one;
  }
  return nullptr;
}

}  // namespace sallyport::swp
