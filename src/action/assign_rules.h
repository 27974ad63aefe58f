// SPDX-License-Identifier: Apache-2.0
//
// Adds rules that a recommendation scan recommends, at the computer that was scanned or at its policy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "swp/rules.h"

namespace sallyport {

struct RuleToAssign {
  RuleId id;
  std::string identifier;  // the vendor's public number; may be empty
  std::string name;
  bool operator==(const RuleToAssign&) const = default;
};

// Additive: nothing is ever taken away.
struct AssignRules {
  static constexpr std::string_view kKind = "assign-rules";
  static constexpr std::string_view kVerb = "assign";
  static constexpr std::string_view kNoun = "rule assignment";
  swp::RuleModule module = swp::RuleModule::kIntrusionPrevention;
  swp::Scope scope;
  ComputerId computer;  // that was scanned
  Host host;            // the same
  std::vector<RuleToAssign> rules;
  // Of a policy: every computer of it and of the policies below it, when they were read. Their tags are not kept in
  // JSON: they are read anew before anything is done (executor/actions/assign_rules.h).
  Targets policy_targets = NotRead();
  bool operator==(const AssignRules&) const = default;

  static Targets NotRead() { return Targets::Unknown("which computers the policy has was not read"); }

  std::string What() const;
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const;
  const Host* About() const { return &host; }
  bool OwnerHears() const { return true; }
  Targets Touches() const;
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const;
  bool SameDecision(const AssignRules& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport
