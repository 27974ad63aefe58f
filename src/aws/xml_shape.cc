// SPDX-License-Identifier: Apache-2.0
#include "aws/xml_shape.h"

#include <charconv>

#include "aws/bounds.h"
#include "base/text.h"

namespace sallyport::aws {

std::optional<std::string> XmlReadShape::Located(std::string_view name, Location location) {
  if (location == Location::kPayload) return answer_.body;
  const std::string_view value = answer_.Header(name);
  return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

bool XmlReadShape::Enter(std::string_view name) {
  Xml child = places_.back()[name];
  if (child.IsMissing()) return false;
  // Which of the two counts would be a guess.
  if (places_.back().Children(name).size() > 1) {
    Fail(Error{ErrorCode::kBadAnswer, child.Path() + " is there more than once", ""});
  }
  places_.push_back(std::move(child));
  return true;
}

// Each protocol has its own name for an element of a list (`item`, `member`, `Grant`); nothing else stands beside them.
std::size_t XmlReadShape::BeginList(std::size_t) {
  lists_.push_back(places_.back().Children());
  return lists_.back().size();
}

std::size_t XmlReadShape::BeginFlatList(std::string_view name) {
  lists_.push_back(places_.back().Children(name));
  return lists_.back().size();
}

std::vector<std::string> XmlReadShape::BeginMap(std::size_t) {
  lists_.push_back(places_.back().Children());
  std::vector<std::string> keys;
  keys.reserve(lists_.back().size());
  for (const Xml& entry : lists_.back()) keys.push_back(entry["key"].Text());
  return keys;
}

void XmlReadShape::EnterEntry(std::size_t index, const std::string&) {
  places_.push_back(lists_.back()[index]["value"]);
}

void XmlReadShape::Value(std::int64_t& number) {
  const std::string text(Trim(places_.back().Text()));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) Expected("a whole number");
}

void XmlReadShape::Value(double& number) {
  const auto json = Json::Parse(Trim(places_.back().Text()));
  if (!json.ok() || !json->IsNumber()) return Expected("a number");
  number = json->DoubleOr(0);
}

void XmlReadShape::Value(bool& flag) {
  const std::string text(Trim(places_.back().Text()));
  flag = text == "true" || text == "1";
  if (!flag && text != "false" && text != "0") Expected("true or false");
}

void XmlReadShape::Value(TimePoint& time) {
  const auto read = ParseTime(Trim(places_.back().Text()));
  if (!read) return Expected("a time");
  time = *read;
}

void XmlReadShape::Value(Json& tree) {
  const auto json = Json::Parse(places_.back().Text());
  if (!json.ok()) return Expected("JSON");
  tree = *json;
}

Error XmlReadShape::Missing(std::string_view name) const {
  return Error{ErrorCode::kBadAnswer, places_.back().Path() + "/" + std::string(name) + " is missing", ""};
}

void XmlReadShape::Expected(std::string_view expected) {
  Fail(Error{ErrorCode::kBadAnswer,
             places_.back().Path() + ": expected " + std::string(expected) + ", found `" +
                 Printable(places_.back().Text(), bounds::kShownName) + "`",
             ""});
}

}  // namespace sallyport::aws
