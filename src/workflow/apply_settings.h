// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "swp/rules.h"

namespace sallyport {

// Where rules that a recommendation scan recommends are assigned.
enum class Placement {
  kComputer,  // at the computer that was scanned: touches one host
  kPolicy,    // at its policy, when no more hosts share it than the gates allow; else at the computer
  kReport,    // nowhere: they are listed for a person
};
std::string_view ToString(Placement placement);  // "computer", "policy", "report"

struct ApplySettings {
  Placement placement = Placement::kComputer;
  // Of which modules recommendations are applied; of others they are listed.
  std::vector<swp::RuleModule> modules = {swp::kRuleModules.begin(), swp::kRuleModules.end()};
  // More rules of one module than this are not assigned at once: a person should look (edge case I17).
  std::size_t max_rules = 50;
  bool operator==(const ApplySettings&) const = default;
};

}  // namespace sallyport
