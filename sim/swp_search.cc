// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_search.h"

#include <array>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/text.h"

namespace sallyport::sim {
namespace {

namespace json = boost::json;

struct TestKind {
  std::string_view name;
  std::array<std::string_view, 4> keys;
};
constexpr TestKind kTestKinds[] = {
    {"string", {"stringTest", "stringValue", "stringWildcards", ""}},
    {"numeric", {"numericTest", "numericValue", "", ""}},
    {"id", {"idTest", "idValue", "", ""}},
    {"choice", {"choiceTest", "choiceValue", "", ""}},
    {"boolean", {"booleanTest", "", "", ""}},
    {"null", {"nullTest", "", "", ""}},
    {"date", {"firstDateValue", "lastDateValue", "firstDateInclusive", "lastDateInclusive"}},
    {"version", {"versionTest", "versionValue", "", ""}}};

// The one kind of test a criterion has; nothing for none and for several.
std::optional<std::string_view> KindOf(const json::object& criterion) {
  std::optional<std::string_view> kind;
  for (const TestKind& candidate : kTestKinds) {
    bool present = false;
    for (const auto key : candidate.keys) present = present || (!key.empty() && criterion.contains(key));
    if (!present) continue;
    if (kind) return std::nullopt;
    kind = candidate.name;
  }
  return kind;
}

bool Suits(std::string_view kind, Searchable searchable) {
  if (kind == "null") return searchable != Searchable::kNo;
  switch (searchable) {
    case Searchable::kNo:
      return false;
    case Searchable::kString:
      return kind == "string" || kind == "version";
    case Searchable::kNumeric:
      return kind == "numeric";
    case Searchable::kChoice:
      return kind == "choice";
    case Searchable::kBoolean:
      return kind == "boolean";
    case Searchable::kDate:
      return kind == "date";
    case Searchable::kId:
      return kind == "numeric";
    case Searchable::kStringOrNumeric:
      return kind == "string" || kind == "numeric";
  }
  return false;
}

const json::value* Find(const json::object& record, std::string_view path) {
  const auto slash = path.find('/');
  const json::value* value = record.if_contains(path.substr(0, slash));
  if (value == nullptr || slash == std::string_view::npos) return value;
  return value->is_object() ? Find(value->get_object(), path.substr(slash + 1)) : nullptr;
}

std::string AsText(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return json::serialize(value);
  std::string joined;
  for (const json::value& element : value.get_array()) {
    if (!joined.empty()) joined += ',';
    if (element.is_string()) joined += std::string_view(element.get_string());
  }
  return joined;
}

std::int64_t DateOr(const json::object& criterion, std::string_view key, std::int64_t fallback) {
  const json::value* value = criterion.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : fallback;
}

bool BoolOr(const json::object& criterion, std::string_view key, bool fallback) {
  const json::value* value = criterion.if_contains(key);
  return value != nullptr && value->is_bool() ? value->get_bool() : fallback;
}

}  // namespace

bool LikeMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last `%` seen, and where its run ends for now
  std::size_t run_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      run_end = t;
    } else if (p < pattern.size() && (pattern[p] == '_' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++run_end;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

std::variant<Search, std::string> Search::Compile(const json::object& filter, Fields fields) {
  Search search;
  if (const json::value* max = filter.if_contains("maxItems"); max != nullptr && max->is_int64()) {
    if (max->get_int64() < 0) return std::string("Invalid value for field `maxItems`.");
    search.max_items_ = static_cast<std::size_t>(max->get_int64());
  }
  search.sorted_ = BoolOr(filter, "sortByObjectID", false);
  const json::value* criteria = filter.if_contains("searchCriteria");
  if (criteria == nullptr || !criteria->is_array()) return search;
  for (const json::value& criterion : criteria->get_array()) {
    Test test;
    auto problem = CompileOne(criterion.get_object(), fields, test);
    if (!problem.empty()) return problem;
    search.tests_.push_back(std::move(test));
  }
  return search;
}

std::string Search::CompileOne(const json::object& criterion, Fields fields, Test& test) {
  const auto kind = KindOf(criterion);
  if (!kind) return "A search criterion needs exactly one test.";
  const json::value* name = criterion.if_contains("fieldName");
  if (*kind == "id") {
    test.path = "ID";
    return CompileValue(criterion, *kind, test);
  }
  if (name == nullptr || !name->is_string()) return "A search criterion needs a field name.";
  test.path = std::string(name->get_string());
  const Field* field = FindFieldByPath(fields, test.path);
  if (field == nullptr) return "Unknown search field `" + Printable(test.path, 80) + "`.";
  if (!Suits(*kind, field->searchable)) {
    return "The field `" + test.path + "` cannot be searched with a " + std::string(*kind) + " test.";
  }
  return CompileValue(criterion, *kind, test);
}

std::string Search::CompileValue(const json::object& criterion, std::string_view kind, Test& test) {
  const auto text_of = [&](std::string_view key) {
    const json::value* value = criterion.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  if (kind == "string" || kind == "choice") {
    const bool wildcards = kind == "string" && BoolOr(criterion, "stringWildcards", true);
    test.kind = wildcards ? Kind::kLike : Kind::kText;
    test.text = text_of(kind == "string" ? "stringValue" : "choiceValue");
    return CompileCompare(criterion, kind == "string" ? "stringTest" : "choiceTest", false, test);
  }
  if (kind == "numeric" || kind == "id") {
    test.kind = Kind::kNumber;
    const json::value* value = criterion.if_contains(kind == "id" ? "idValue" : "numericValue");
    if (value == nullptr || !value->is_number()) return "A " + std::string(kind) + " test needs a value.";
    test.number = value->to_number<double>();
    return CompileCompare(criterion, kind == "id" ? "idTest" : "numericTest", true, test);
  }
  if (kind == "version") {
    test.kind = Kind::kText;
    test.text = text_of("versionValue");
    return CompileCompare(criterion, "versionTest", false, test);
  }
  if (kind == "date") {
    CompileDates(criterion, test);
    return "";
  }
  test.kind = kind == "null" ? Kind::kNull : Kind::kBoolean;
  test.flag = BoolOr(criterion, kind == "null" ? "nullTest" : "booleanTest", true);
  return "";
}

std::string Search::CompileCompare(const json::object& criterion, std::string_view key, bool ordered, Test& test) {
  static constexpr std::pair<std::string_view, Compare> kNames[] = {
      {"equal", Compare::kEqual},          {"not-equal", Compare::kNotEqual},
      {"less-than", Compare::kLess},       {"less-than-or-equal", Compare::kLessOrEqual},
      {"greater-than", Compare::kGreater}, {"greater-than-or-equal", Compare::kGreaterOrEqual}};
  const json::value* value = criterion.if_contains(key);
  if (value == nullptr || value->is_null()) return "";
  for (const auto& [name, compare] : kNames) {
    const bool allowed = ordered || compare == Compare::kEqual || compare == Compare::kNotEqual;
    if (allowed && value->is_string() && value->get_string() == name) {
      test.compare = compare;
      return "";
    }
  }
  return "Invalid value for field `" + std::string(key) + "`.";
}

void Search::CompileDates(const json::object& criterion, Test& test) {
  test.kind = Kind::kDate;
  test.first = DateOr(criterion, "firstDateValue", std::numeric_limits<std::int64_t>::min());
  test.last = DateOr(criterion, "lastDateValue", std::numeric_limits<std::int64_t>::max());
  const bool has_first = test.first != std::numeric_limits<std::int64_t>::min();
  const bool has_last = test.last != std::numeric_limits<std::int64_t>::max();
  if (has_first && !BoolOr(criterion, "firstDateInclusive", true)) ++test.first;
  if (has_last && !BoolOr(criterion, "lastDateInclusive", true)) --test.last;
}

bool Search::Matches(const json::object& record) const {
  for (const Test& test : tests_) {
    if (!Holds(test, Find(record, test.path))) return false;
  }
  return true;
}

bool Search::Holds(const Test& test, const json::value* value) {
  const bool is_null = value == nullptr || value->is_null();
  if (test.kind == Kind::kNull) return is_null == test.flag;
  if (is_null) return false;
  switch (test.kind) {
    case Kind::kText:
      return (AsText(*value) == test.text) == (test.compare == Compare::kEqual);
    case Kind::kLike:
      return LikeMatches(test.text, AsText(*value)) == (test.compare == Compare::kEqual);
    case Kind::kNumber:
      return HoldsNumber(test, *value);
    case Kind::kBoolean:
      return value->is_bool() && value->get_bool() == test.flag;
    case Kind::kDate:
      return value->is_int64() && value->get_int64() >= test.first && value->get_int64() <= test.last;
    case Kind::kNull:
      break;
  }
  return false;
}

bool Search::HoldsNumber(const Test& test, const json::value& value) {
  const double number = value.is_string()   ? std::strtod(value.get_string().c_str(), nullptr)
                        : value.is_number() ? value.to_number<double>()
                                            : 0;
  switch (test.compare) {
    case Compare::kLess:
      return number < test.number;
    case Compare::kLessOrEqual:
      return number <= test.number;
    case Compare::kEqual:
      return number == test.number;
    case Compare::kGreaterOrEqual:
      return number >= test.number;
    case Compare::kGreater:
      return number > test.number;
    case Compare::kNotEqual:
      return number != test.number;
  }
  return false;
}

}  // namespace sallyport::sim
