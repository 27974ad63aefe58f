// SPDX-License-Identifier: Apache-2.0
//
// Assigns intrusion prevention rules as virtual patches for CVEs, at a policy or a computer, for all hosts of one
// answer at once. What AssignRules does, for many cases: its end is checked on each host that has one of the CVEs, and
// its owners are told by one message of the whole answer instead of one for each action.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/assign_rules.h"

namespace sallyport {

struct AssignPatches {
  static constexpr std::string_view kKind = "assign-patches";
  static constexpr std::string_view kVerb = "assign";
  static constexpr std::string_view kNoun = "rule assignment";
  AssignRules assign;             // of module intrusion prevention
  std::vector<std::string> cves;  // that it is for
  std::vector<Target> patched;    // the hosts that have one of them: the end is checked on each
  // Of these, the computers at which the mode of the network engine is set: it is looked at when the end is checked.
  std::vector<ComputerId> own_engine{};
  // Of the rules, those that only detect at first (setting inspector.detect_first): overridden there with the
  // assignment. The others block at once.
  std::vector<RuleId> detect_first{};
  bool operator==(const AssignPatches&) const = default;

  std::string What() const { return "virtual-patch"; }
  std::string Subject() const { return assign.Subject(); }
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const { return assign.Undo(); }
  const Host* About() const { return &assign.host; }
  bool OwnerHears() const { return false; }
  Targets Touches() const { return assign.Touches(); }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const { return assign.Effects(); }
  bool SameDecision(const AssignPatches& now) const { return assign.SameDecision(now.assign); }
  void DescribeJson(Members& json);
};

// Takes intrusion prevention rules away again that were assigned as virtual patches and that no open finding needs.
// Only ever planned to be held for approval.
struct UnassignPatches {
  static constexpr std::string_view kKind = "unassign-patches";
  static constexpr std::string_view kVerb = "carry out";
  static constexpr std::string_view kNoun = "rule removal";
  AssignRules assigned;           // what was assigned, and where
  std::vector<std::string> cves;  // that it was for
  bool operator==(const UnassignPatches&) const = default;

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
  bool SameDecision(const UnassignPatches& now) const { return assigned.SameDecision(now.assigned); }
  void DescribeJson(Members& json);
};

// The first few of its rules, for people: "1008610, 1009490 and 2 more".
std::string ListedRules(const AssignRules& assign);
// A target in JSON, as a member of a list.
void DescribePatched(Members& json, Target& target);

}  // namespace sallyport
