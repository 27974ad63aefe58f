// SPDX-License-Identifier: Apache-2.0
//
// The rules: what each says about one host. One pure function from what EC2 and SWP say to a verdict.
//
// Unknown is not a verdict: a read that failed, a member that cannot be read or a word newer than this program gives
// Compliance::kUndetermined, and AWS Config keeps what it has.
// Rule source: requirements C10 to C20 as docs/config.md tells them; what protects is protection/protection.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "compliance/parameters.h"
#include "compliance/verdict.h"
#include "protection/protection.h"
#include "swp/fleet.h"
#include "swp/rules.h"

namespace sallyport::compliance {

// One instance, as AWS says it is.
struct Resource {
  InstanceId instance;
  std::string account;
  std::string state;                            // "running", "stopped", ...; empty: not known
  std::optional<TimePoint> launched{};          // nothing: not known
  std::optional<std::vector<swp::Tag>> tags{};  // nothing: not known
  std::string cluster{};                        // of ECS, whose container instance it is; empty: none, or not known
  bool operator==(const Resource&) const = default;
};

// The tag that has a host left alone (gates.exclusion_tag).
struct Exclusion {
  std::string tag;
  std::string value;  // empty: any
};

// What the newest run of another workflow says about the host.
struct RunAnswer {
  enum class Says { kGood, kBad, kNothing, kUndetermined } says = Says::kUndetermined;
  std::string why;
  std::optional<TimePoint> at{};  // when the run was stored
  bool operator==(const RunAnswer&) const = default;
};

// What was read about it. What the rule does not ask for is not read (Needs).
struct HostFacts {
  Result<std::vector<swp::FleetComputer>> computers = Error{};
  bool requests_known = true;  // FleetComputer::policy_requested was read
  // Why what EC2 says about the instance (state, tags) is not known; empty: it is.
  std::string resource_unread{};
  // Of the host's policy and those above it, as far as they could be read.
  std::map<PolicyId, Result<swp::Policy>> policies{};
  std::map<swp::RuleModule, Result<swp::Assignments>> assignments{};
  std::optional<RunAnswer> run{};
};

// What a rule has to have read.
struct Needs {
  bool computers = true;  // the host's records in SWP
  bool policies = false;
  bool assignments = false;
  std::string_view run{};  // "waf", "inspector": the workflow whose newest run it asks
};
// A rule that is not about SWP's records reads them all the same where a tag may exclude the host: SWP's copy of the
// tags may have one that EC2 has not.
Needs NeedsOf(const RuleParameters& rule, const Exclusion& exclusion);

struct Context {
  ProtectionCriteria protection;
  Exclusion exclusion;
  TimePoint now;
};

// The verdict that needs nothing of SWP: the instance is gone, stopped, excluded or exempt. Nothing: SWP has to be
// asked.
std::optional<Verdict> JudgeWithoutSwp(const RuleParameters& rule, const Resource& resource, const Context& context);

// EC2's tags, and of each of SWP's records those that EC2 does not have. Nothing: nobody knows any.
std::optional<std::vector<swp::Tag>> TagsOfAll(const Resource& resource, const HostFacts& facts);

// The record that is judged; nullptr: there is none, or it cannot be told which.
const swp::FleetComputer* ChosenRecord(const Resource& resource, const HostFacts& facts, const Context& context);
// The modules whose recommendations count: those that choose rules by scan, and that are on.
std::vector<swp::RuleModule> ModulesWithScans(const swp::Computer& computer);

Verdict Judge(const RuleParameters& rule, const Resource& resource, const HostFacts& facts, const Context& context);

// A tag like `sallyport:exempt` = "TICKET-7 until 2026-12-31": what stands before the date is told with it.
struct Exemption {
  std::string ticket;
  TimePoint until;  // the end of that day, UTC
};
// Nothing: no date like `2026-12-31` ends the text.
std::optional<Exemption> ReadExemption(std::string_view text);

// A run is believed for so long.
inline constexpr Duration kRunIsGood = std::chrono::hours(24);

}  // namespace sallyport::compliance
