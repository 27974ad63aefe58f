// SPDX-License-Identifier: Apache-2.0
#include "swp/search.h"

#include "base/json.h"

namespace sallyport::swp {
namespace {

void Append(std::string& list, const std::string& item) {
  if (!list.empty()) list += ',';
  list += item;
}

}  // namespace

SearchBody& SearchBody::String(std::string_view field, std::string_view value, bool wildcards) {
  JsonWriter out;
  out.BeginObject().Member("fieldName", field).Member("stringTest", "equal").Member("stringValue", value);
  Append(criteria_, out.Member("stringWildcards", wildcards).EndObject().Take());
  return *this;
}

SearchBody& SearchBody::StringEquals(std::string_view field, std::string_view value) {
  return String(field, value, false);
}

SearchBody& SearchBody::StringLike(std::string_view field, std::string_view pattern) {
  return String(field, pattern, true);
}

SearchBody& SearchBody::NumberEquals(std::string_view field, std::int64_t value) {
  JsonWriter out;
  out.BeginObject().Member("fieldName", field).Member("numericTest", "equal").Member("numericValue", value);
  Append(criteria_, out.EndObject().Take());
  return *this;
}

SearchBody& SearchBody::IdAbove(std::int64_t id) {
  JsonWriter out;
  Append(criteria_, out.BeginObject().Member("idTest", "greater-than").Member("idValue", id).EndObject().Take());
  sorted_ = true;
  return *this;
}

std::string SearchBody::ToJson() const {
  JsonWriter out;
  out.BeginObject().Member("maxItems", max_items_);
  if (sorted_) out.Member("sortByObjectID", true);
  return out.Key("searchCriteria").Raw("[" + criteria_ + "]").EndObject().Take();
}

}  // namespace sallyport::swp
