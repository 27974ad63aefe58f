// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_check.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "base/time.h"

namespace sallyport::sim {
namespace {

namespace json = boost::json;

bool IsInt32(const json::value& value) {
  return value.is_int64() && value.get_int64() >= std::numeric_limits<std::int32_t>::min() &&
         value.get_int64() <= std::numeric_limits<std::int32_t>::max();
}

bool IsInt64Field(std::string_view name) {
  return name == "rulesetID" || name == "idValue" || name == "smartFolderID" || name.starts_with("amazon");
}

template <class Test>
bool AllOf(const json::value& value, Test test) {
  return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(), test);
}

bool IsSettings(const json::value& value) {
  if (!value.is_object()) return false;
  return std::all_of(value.get_object().begin(), value.get_object().end(), [](const auto& member) {
    const auto* inner = member.value().if_object();
    return inner != nullptr && inner->contains("value") && inner->at("value").is_string();
  });
}

bool HasKind(const json::value& value, const Field& field) {
  switch (field.kind) {
    case FieldKind::kString:
      return value.is_string();
    case FieldKind::kInt:
      return IsInt32(value) || (IsInt64Field(field.name) && value.is_int64());
    case FieldKind::kNumber:
      return value.is_number();
    case FieldKind::kBool:
      return value.is_bool();
    case FieldKind::kDate:
      return value.is_int64();
    case FieldKind::kStrings:
      return AllOf(value, [](const json::value& v) { return v.is_string(); });
    case FieldKind::kInts:
      return AllOf(value, IsInt32);
    case FieldKind::kObject:
      return value.is_object();
    case FieldKind::kObjects:
      return AllOf(value, [](const json::value& v) { return v.is_object(); });
    case FieldKind::kSettings:
      return IsSettings(value);
  }
  return false;
}

std::string CheckField(const json::value& value, const Field& field) {
  if (value.is_null()) return "";
  if (!HasKind(value, field)) return "Invalid value for field `" + std::string(field.name) + "`.";
  if (value.is_string() && !IsChoice(field, value.get_string())) {
    return "Invalid value `" + Printable(value.get_string(), 80) + "` for field `" + std::string(field.name) + "`.";
  }
  if (field.kind == FieldKind::kObject) return CheckFields(value.get_object(), field.fields);
  if (field.kind != FieldKind::kObjects) return "";
  for (const json::value& element : value.get_array()) {
    auto problem = CheckFields(element.get_object(), field.fields);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string ResolveDate(json::value& value, std::string_view name, std::int64_t start) {
  if (!value.is_string()) return "";
  std::string_view text = value.get_string();
  const bool future = text.starts_with('-');
  if (future) text.remove_prefix(1);
  const auto duration = ParseDuration(text);
  if (!duration) return "`" + std::string(name) + "`: `" + Printable(text, 40) + "` is not a duration";
  value = start + (future ? duration->count() : -duration->count());
  return "";
}

}  // namespace

std::string CheckFields(const json::object& object, Fields fields) {
  for (const auto& member : object) {
    const Field* field = FindField(fields, member.key());
    if (field == nullptr) return "Unknown field `" + Printable(member.key(), 80) + "`.";
    auto problem = CheckField(member.value(), *field);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string ResolveDates(json::object& object, Fields fields, std::int64_t start) {
  for (auto& member : object) {
    const Field* field = FindField(fields, member.key());
    if (field == nullptr) continue;
    std::string problem;
    if (field->kind == FieldKind::kDate) problem = ResolveDate(member.value(), field->name, start);
    if (field->kind == FieldKind::kObject && member.value().is_object()) {
      problem = ResolveDates(member.value().get_object(), field->fields, start);
    }
    if (!problem.empty()) return problem;
  }
  return "";
}

}  // namespace sallyport::sim
