// SPDX-License-Identifier: Apache-2.0
//
// What SWP says about the hosts of many findings, read together: their computers, what is set at these, and the
// policies above them. Few hosts are asked about one by one; for many the whole tenant is listed, which takes less
// calls.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "action/host.h"
#include "base/result.h"
#include "swp/estate.h"
#include "swp/service.h"
#include "workflow/patch_coverage.h"
#include "workflow/patch_finding.h"

namespace sallyport {

class PatchEstate {
 public:
  // Of up to so many hosts each is asked about by itself.
  static constexpr std::size_t kFewHosts = 20;
  static constexpr std::size_t kMostComputers = 100'000;
  static constexpr std::size_t kMostPolicies = 5'000;

  // Reads. Never fails: what could not be read is said by HostFor. `everything`: lists the tenant however few they are.
  static PatchEstate Read(swp::Reads& reads, const std::vector<Host>& hosts, bool everything);

  // What SWP says about the host of a finding. Pointers into this.
  HostView HostFor(const PatchFinding& finding) const;
  const PolicyView* FindPolicy(PolicyId policy) const;
  // The policies that we made below that one (child_policy.h), as far as policies were read.
  std::vector<const PolicyView*> ChildPoliciesOf(PolicyId policy) const;
  // Where a change was made: `scope`, or the policy of that name directly below it. Nothing: there is none, or it is
  // not known.
  std::optional<swp::Scope> ScopeOf(swp::Scope scope, const std::string& child) const;
  // Every computer of the policy and of those below it; nothing: the tenant was not listed.
  std::optional<std::vector<Target>> TargetsOf(PolicyId policy) const;
  // The same where the tenant was not listed: reads them. kTooLarge over `most`.
  Result<std::vector<Target>> ReadTargets(swp::Reads& reads, PolicyId policy, std::size_t most);
  // The platforms of these computers, as far as they were listed.
  std::string PlatformOf(ComputerId computer) const;
  // Whether policies are below it; nothing: not read.
  std::optional<bool> HasChildren(PolicyId policy) const;

  // Unless they were listed.
  void ReadAllPolicies(swp::EstateReads& estate);
  // Which rules are detect-only there, overrides included. One call each.
  void ReadRulesOfPolicy(swp::EstateReads& estate, PolicyId policy);
  void ReadRulesOfComputer(swp::EstateReads& estate, ComputerId computer);

  std::size_t computers() const { return computers_.size(); }

 private:
  void ReadComputers(swp::EstateReads& estate, const std::vector<Host>& hosts, bool list);
  void ReadOwn(swp::EstateReads& estate, bool list);
  void ReadPolicies(swp::Reads& reads, swp::EstateReads& estate, bool list);
  Result<std::vector<const PolicyView*>> ChainOf(std::optional<PolicyId> policy) const;
  Result<const swp::EstateComputer*> Choose(const Host& host) const;

  bool listed_ = false;           // all computers are here
  bool policies_listed_ = false;  // all policies are here
  std::optional<Error> computers_unread_;
  std::map<std::string, Error> unread_;  // by instance
  std::map<std::int32_t, swp::EstateComputer> computers_;
  std::map<std::string, std::vector<std::int32_t>> by_instance_;
  std::optional<Error> own_unread_;
  std::map<std::int32_t, Result<swp::OwnValues>> own_;
  std::optional<Error> policies_unread_;
  std::map<std::int32_t, PolicyView> policies_;
  std::map<std::int32_t, Error> policy_errors_;
  std::map<std::int32_t, std::map<std::int32_t, bool>> detect_only_;  // by computer
  std::map<std::int32_t, std::string> rules_unread_;                  // by computer
};

}  // namespace sallyport
