// SPDX-License-Identifier: Apache-2.0
//
// Lets virtual patches block that only detect so far (setting `inspector.detect_first`): takes back the override to
// detect-only that was made with their assignment. Only ever planned to be held for approval (edge case I18).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/assign_rules.h"

namespace sallyport {

struct PreventPatches {
  static constexpr std::string_view kKind = "prevent-patches";
  AssignRules assigned;                  // the rules, and where they are
  std::vector<std::string> cves;         // that they are for
  std::vector<Target> patched;           // the hosts that have one of them: the end is checked on each
  std::vector<ComputerId> own_engine{};  // as AssignPatches has it
  bool operator==(const PreventPatches&) const = default;

  std::string What() const { return "virtual-patch"; }
  std::string Subject() const { return assigned.Subject(); }
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const;
  const Host* About() const { return &assigned.host; }
  bool OwnerHears() const { return true; }
  Targets Touches() const { return assigned.Touches(); }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const;
  bool SameDecision(const PreventPatches& now) const { return assigned.SameDecision(now.assigned); }
  void DescribeJson(Members& json);
};

}  // namespace sallyport
