// SPDX-License-Identifier: Apache-2.0
//
// The question about all findings of one SWP tenant that came together: what covers them, which rules are assigned
// where, who is told. Its one answer writes once for each policy, and replaces the patch ledger.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "swp/scheduled_task.h"
#include "workflow/patch_estate.h"
#include "workflow/patch_ledger.h"
#include "workflow/question_kind.h"

namespace sallyport {

// A program has one SWP tenant and one ledger for it.
inline constexpr std::string_view kTenant = "swp";

struct PatchFindings {
  static constexpr std::string_view kName = "patch-findings";
  std::string tenant;
  bool operator==(const PatchFindings&) const = default;

  std::string Subject(const Matter&) const { return "SWP tenant " + tenant; }
  std::string Key(const Matter&, std::int64_t) const { return tenant; }
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.rules; }
  void DescribeJson(Members& json);
};

// What a sweep says: which findings it did not meet any more where it read everything.
struct SweepNews {
  std::vector<std::string> vanished;  // PatchFinding::Key
  bool operator==(const SweepNews&) const = default;
};

// The format of what members hold.
inline constexpr std::int64_t kPatchMemberFormat = 1;

// A member: findings of one case, or what a sweep says.
MemberContent PatchMember(const std::string& subject, const std::vector<PatchFinding>& findings,
                          const std::string& exclusion_tag);
MemberContent SweepMember(const std::string& subject, const SweepNews& news);

struct PatchFacts {
  TimePoint read_at;
  Result<PatchLedger> ledger = Error{};  // with this answer's findings, and a catalog that was refreshed
  std::string catalog_problem;           // it could not be refreshed; empty: it was, or is young enough
  std::vector<std::string> unreadable;   // members that this release cannot read
  std::set<std::string> concerned;       // the findings that are looked at, by their keys
  std::map<std::string, std::vector<std::int64_t>> cases;  // "key CVE" -> those of the members
  bool swept = false;
  PatchEstate estate;
  // The first of what could not be read and may be the next time, and the instances about which that leaves something
  // open; empty: nothing.
  std::string unread;
  std::set<std::string> unread_hosts;
  // Instances that have their rules and whose agents are about to receive them; why, of the first.
  std::set<std::string> awaited_hosts;
  std::string awaited;
  std::map<std::string, std::string> evidence;                  // by instance: why its rules stay as they are
  std::map<std::int32_t, Result<std::vector<Target>>> targets;  // by policy
  // By instance: what open findings say of the tags of hosts that are to be left alone, or may be.
  std::map<std::string, Host> may_be_excluded;
  std::map<std::int32_t, bool> has_children;  // of policies at the top
  // Changes that were carried out, by their keys: of those alone of which something is needed no more.
  std::set<std::string> carried_out;
  // By computer, of those whose last recommendation scan is looked at.
  std::map<std::int32_t, Result<swp::Assignments>> scans;
  std::map<std::int32_t, Result<std::vector<swp::ScheduledTask>>> tasks;
};

QuestionOf<PatchFindings, PatchFacts> PatchFindingsQuestion();

}  // namespace sallyport
