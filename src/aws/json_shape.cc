// SPDX-License-Identifier: Apache-2.0
#include "aws/json_shape.h"

#include <cmath>

#include "aws/uri.h"

namespace sallyport::aws {
namespace {

// Year 9999; beyond it FormatTime has no form.
constexpr double kLastSecond = 253'402'300'799.0;

}  // namespace

std::string EpochSeconds(TimePoint time) {
  const std::int64_t milliseconds = ToEpochMilliseconds(time);
  std::string text = std::to_string(milliseconds / 1000);
  if (const std::int64_t rest = milliseconds % 1000; rest > 0) {
    const std::string digits = std::to_string(rest);
    text += "." + std::string(3 - digits.size(), '0') + digits;
  }
  return text;
}

std::optional<TimePoint> ReadJsonTime(const Json& place) {
  if (place.IsString()) return ParseTime(place.StringOr(""));
  const Result<double> seconds = place.AsDouble();
  if (!seconds.ok() || !(*seconds >= 0 && *seconds <= kLastSecond)) return std::nullopt;
  return FromEpochMilliseconds(std::llround(*seconds * 1000));
}

template <class T>
void JsonReadShape::Take(Result<T> result, T& place) {
  if (result.ok()) {
    place = std::move(result).value();
  } else {
    Fail(Error{ErrorCode::kBadAnswer, result.error().message, ""});
  }
}

void JsonReadShape::Expected(std::string_view expected) {
  const std::string path = places_.back().Path();
  Fail(Error{ErrorCode::kBadAnswer,
             (path.empty() ? "the document" : path) + ": expected " + std::string(expected) + ", found " +
                 std::string(places_.back().TypeName()),
             ""});
}

std::optional<std::string> JsonReadShape::Located(std::string_view name, Location location) {
  if (location == Location::kPayload) return answer_->body;
  const std::string_view value = answer_->Header(name);
  return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

bool JsonReadShape::Enter(std::string_view name) {
  Json member = places_.back()[name];
  if (!member.HasValue()) return false;
  places_.push_back(std::move(member));
  return true;
}

void JsonReadShape::BeginStructure() {
  if (!places_.back().IsObject()) Expected("an object");
}

std::size_t JsonReadShape::BeginList(std::size_t) {
  if (!places_.back().IsArray()) Expected("an array");
  lists_.push_back(places_.back().Elements());
  return lists_.back().size();
}

std::size_t JsonReadShape::BeginFlatList(std::string_view name) {
  lists_.push_back(places_.back()[name].Elements());
  return lists_.back().size();
}

void JsonReadShape::EndList() {
  if (!lists_.empty()) lists_.pop_back();
}

std::vector<std::string> JsonReadShape::BeginMap(std::size_t) {
  if (!places_.back().IsObject()) Expected("an object");
  std::vector<std::string> keys;
  for (const auto& member : places_.back().Members()) {
    if (member.value.HasValue()) keys.push_back(member.key);
  }
  return keys;
}

void JsonReadShape::EnterEntry(std::size_t, const std::string& key) {
  places_.push_back(places_.back()[key]);
}

void JsonReadShape::Value(std::string& text) {
  Take(places_.back().AsString(), text);
}

void JsonReadShape::Value(std::int64_t& number) {
  Take(places_.back().AsInt64(), number);
}

void JsonReadShape::Value(double& number) {
  Take(places_.back().AsDouble(), number);
}

void JsonReadShape::Value(bool& flag) {
  Take(places_.back().AsBool(), flag);
}

void JsonReadShape::Value(TimePoint& time) {
  const auto read = ReadJsonTime(places_.back());
  if (!read) return Expected("a time");
  time = *read;
}

void JsonReadShape::Value(Secret& secret) {
  std::string text;
  Value(text);
  secret = Secret(std::move(text));
}

Error JsonReadShape::Missing(std::string_view name) const {
  return Error{ErrorCode::kBadAnswer, places_.back()[name].Path() + " is missing", ""};
}

void JsonWriteShape::PutLocated(std::string_view name, Location location, std::string&& text) {
  switch (location) {
    case Location::kBucket:
      located_->bucket = std::move(text);
      break;
    case Location::kPath:
      path_members_.emplace_back(name, std::move(text));
      break;
    case Location::kQuery:
      located_->query += (located_->query.empty() ? "" : "&") + PercentEncode(name) + "=" + PercentEncode(text);
      break;
    case Location::kAccount:
      located_->host_account = text;
      [[fallthrough]];
    case Location::kHeader:
      located_->headers.emplace_back(name, std::move(text));
      break;
    case Location::kPayload:
      payload_ = std::move(text);
      break;
    case Location::kBody:
      break;
  }
}

bool JsonWriteShape::Enter(std::string_view name) {
  writer_.Key(name);
  return true;
}

std::size_t JsonWriteShape::BeginList(std::size_t size) {
  writer_.BeginArray();
  return size;
}

// Only answers have such lists; here they are shown.
std::size_t JsonWriteShape::BeginFlatList(std::string_view name) {
  writer_.Key(name).BeginArray();
  return 0;
}

std::vector<std::string> JsonWriteShape::BeginMap(std::size_t) {
  writer_.BeginObject();
  return {};
}

void JsonWriteShape::Value(TimePoint& time) {
  if (times_ == Times::kText) {
    writer_.String(FormatTime(time));
  } else {
    writer_.Raw(EpochSeconds(time));
  }
}

void JsonWriteShape::Value(Secret& secret) {
  writer_.String(secrets_ == Secrets::kSent ? std::string_view(secret.RevealForRequest()) : Secret::kShown);
}

void JsonWriteShape::Rest(Json& tree) {
  for (const auto& [name, value] : tree.Members()) {
    if (value.HasValue()) writer_.Key(name).Raw(value.ToText());
  }
}

Error JsonWriteShape::Missing(std::string_view name) const {
  return Error{ErrorCode::kInvalidInput, "the member `" + std::string(name) + "` of the request is missing", ""};
}

}  // namespace sallyport::aws
