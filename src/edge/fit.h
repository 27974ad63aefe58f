// SPDX-License-Identifier: Apache-2.0
//
// Fit: which managed rule groups suit a host, from the intrusion prevention rules that are assigned by its SWP policy.
// Pure. The mapping from classes to groups is our own proposal, not a published one; settings can replace each line.
//
// Trend Micro's groups are chosen from what an account offers (ListAvailableManagedRuleGroups), never by a name that is
// written down here: their WAFv2 names are not published.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edge/estate.h"

namespace sallyport::edge {

// An intrusion prevention rule as SWP describes it.
struct IpsRule {
  std::string identifier;
  std::string name;
  std::string application_type;
};

// The classes that rules speak for, in the order of the table, each with its first few rules.
std::vector<AppClass> ClassesOf(const std::vector<IpsRule>& rules);

struct GroupName {
  std::string vendor;
  std::string name;
  auto operator<=>(const GroupName&) const = default;
};
std::string ToString(const GroupName& group);  // "AWS/AWSManagedRulesPHPRuleSet"

// One line of the mapping.
struct FitRow {
  std::string_view name;  // of the class
  // Words of application types and rule names, in lower case, either of which makes a rule one of this class.
  std::vector<std::string_view> application_types;
  std::vector<std::string_view> rule_words;
  // Which of Trend Micro's two products covers it: "webserver", "cms"; empty: neither.
  std::string_view trend;
  // AWS's groups, the most telling first.
  std::vector<std::string_view> aws;
  // So many rules are needed before the class counts: recommendation scans recommend CMS rules for any PHP (W9).
  std::size_t least_rules = 1;
};
std::span<const FitRow> FitRows();

// "apache=AWS/AWSManagedRulesCommonRuleSet+Trend_Micro/WebServer": instead of the row's groups. kInvalidInput for an
// unknown class and for anything that is no list of VENDOR/NAME.
struct FitSettings {
  std::map<std::string, std::vector<GroupName>> replaced;
  bool operator==(const FitSettings&) const = default;
};
Result<FitSettings> ReadFitSettings(const std::vector<std::string>& lines);

// What a host wants, of one place's offer.
struct Wanted {
  GroupName group;
  std::vector<std::string> classes;  // that want it
  // It belongs there and the place does not offer it: not subscribed, or not in this region or scope.
  bool offered = true;
  bool advice_only = false;  // complements another group, and is no candidate by itself (W10)
  bool operator==(const Wanted&) const = default;
};
// `classes` of one host; `windows`: its system. `offer`: the groups of the place and scope. Trend Micro's group where
// the offer has one of that product, AWS's otherwise.
std::vector<Wanted> WantedGroups(const std::vector<AppClass>& classes, bool windows,
                                 const std::vector<const OfferedGroup*>& offer, const FitSettings& settings);

}  // namespace sallyport::edge
