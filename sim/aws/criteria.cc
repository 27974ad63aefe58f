// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/criteria.h"

#include <algorithm>

namespace sallyport::aws_sim {
namespace {

std::string AsText(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// Where the members of Inspector2's filter are in a finding.
std::string_view FilterPath(std::string_view member) {
  constexpr std::pair<std::string_view, std::string_view> kPaths[] = {
      {"awsAccountId", "awsAccountId"},
      {"findingArn", "findingArn"},
      {"findingStatus", "status"},
      {"findingType", "type"},
      {"resourceId", "resources.id"},
      {"resourceType", "resources.type"},
      {"severity", "severity"},
      {"title", "title"},
      {"vulnerabilityId", "packageVulnerabilityDetails.vulnerabilityId"},
      {"fixAvailable", "fixAvailable"},
      {"exploitAvailable", "exploitAvailable"},
      {"updatedAt", "updatedAt"},
      {"firstObservedAt", "firstObservedAt"},
      {"lastObservedAt", "lastObservedAt"},
      {"accountId", "accountId"},
      {"scanStatusCode", "scanStatus.statusCode"},
      {"scanType", "scanType"}};
  for (const auto& [name, path] : kPaths) {
    if (name == member) return path;
  }
  return {};
}

bool StringFilterHolds(const json::value* found, const json::value& filters) {
  if (!filters.is_array()) return false;
  bool any = false;
  bool wanted_any = false;
  for (const json::value& value : filters.get_array()) {
    const json::object empty;
    const auto& filter = value.is_object() ? value.get_object() : empty;
    const auto comparison = TextOf(filter, "comparison");
    const auto wanted = TextOf(filter, "value");
    const auto text = found == nullptr ? std::string() : AsText(*found);
    if (comparison == "NOT_EQUALS") {
      if (text == wanted) return false;
      continue;
    }
    wanted_any = true;
    any = any || (comparison == "PREFIX" ? text.starts_with(wanted) : text == wanted);
  }
  return any || !wanted_any;
}

// Epoch seconds within one of the spans; an open end is open.
bool DateFilterHolds(const json::value* found, const json::value& filters) {
  if (found == nullptr || !found->is_number() || !filters.is_array()) return false;
  const double at = found->to_number<double>();
  const auto bound = [](const json::object& span, std::string_view key, double otherwise) {
    const json::value* value = span.if_contains(key);
    return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
  };
  return std::any_of(filters.get_array().begin(), filters.get_array().end(), [&](const json::value& filter) {
    if (!filter.is_object()) return false;
    const auto& span = filter.get_object();
    return at >= bound(span, "startInclusive", at) && at <= bound(span, "endInclusive", at);
  });
}

bool IsDate(std::string_view member) {
  return member == "updatedAt" || member == "firstObservedAt" || member == "lastObservedAt";
}

}  // namespace

const json::value* AtPath(const json::object& record, std::string_view path) {
  const json::object* from = &record;
  for (;;) {
    const auto dot = path.find('.');
    const json::value* value = from->if_contains(path.substr(0, dot));
    if (value != nullptr && value->is_array() && !value->get_array().empty()) value = &value->get_array()[0];
    if (value == nullptr || dot == std::string_view::npos) return value;
    if (!value->is_object()) return nullptr;
    from = &value->get_object();
    path.remove_prefix(dot + 1);
  }
}

bool FilterHolds(const json::object& finding, const json::object& criteria) {
  return std::all_of(criteria.begin(), criteria.end(), [&](const auto& member) {
    const json::value* found = AtPath(finding, FilterPath(member.key()));
    // What is covered names its resource itself.
    if (found == nullptr) found = finding.if_contains(member.key());
    return IsDate(member.key()) ? DateFilterHolds(found, member.value()) : StringFilterHolds(found, member.value());
  });
}

std::string UnknownFilterMember(const json::object& criteria) {
  for (const auto& member : criteria) {
    if (FilterPath(member.key()).empty()) return std::string(member.key());
  }
  return "";
}

}  // namespace sallyport::aws_sim
