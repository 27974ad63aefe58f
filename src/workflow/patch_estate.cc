// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_estate.h"

#include <algorithm>

#include "action/child_policy.h"

namespace sallyport {
namespace {

// More policies than this above each other are no tree.
constexpr int kDeepest = 50;
// So many policies are read one by one.
constexpr std::size_t kFewPolicies = 8;

bool HasAgent(const swp::Computer& computer) {
  return !computer.agent_fingerprint.empty() || !computer.appliance_fingerprint.empty();
}

std::map<std::int32_t, bool> DetectOnly(const std::vector<swp::Rule>& rules) {
  std::map<std::int32_t, bool> detect;
  for (const swp::Rule& rule : rules) detect[rule.id.value] = rule.detect_only;
  return detect;
}

}  // namespace

PatchEstate PatchEstate::Read(swp::Reads& reads, const std::vector<Host>& hosts, bool everything) {
  PatchEstate made;
  swp::EstateReads* estate = reads.estate();
  if (estate == nullptr) {
    made.computers_unread_ = Error{ErrorCode::kInternal, "SWP cannot be listed here", ""};
    return made;
  }
  if (hosts.empty() && !everything) return made;
  const bool list = everything || hosts.size() > kFewHosts;
  made.ReadComputers(*estate, hosts, list);
  made.ReadOwn(*estate, list);
  made.ReadPolicies(reads, *estate, list);
  return made;
}

void PatchEstate::ReadComputers(swp::EstateReads& estate, const std::vector<Host>& hosts, bool list) {
  const auto add = [this](std::vector<swp::EstateComputer> found) {
    for (swp::EstateComputer& one : found) {
      const std::int32_t id = one.computer.id.value;
      if (!one.computer.instance_id.empty() && !computers_.contains(id))
        by_instance_[one.computer.instance_id].push_back(id);
      computers_[id] = std::move(one);
    }
  };
  if (list) {
    auto all = estate.AllComputers(std::nullopt, kMostComputers);
    if (!all.ok()) {
      computers_unread_ = all.error();
      return;
    }
    listed_ = true;
    return add(*std::move(all));
  }
  for (const Host& host : hosts) {
    if (by_instance_.contains(host.instance.value) || unread_.contains(host.instance.value)) continue;
    auto found = estate.RecordsOfInstance(host.instance);
    if (found.ok()) {
      add(*std::move(found));
    } else {
      unread_.emplace(host.instance.value, found.error());
    }
  }
}

void PatchEstate::ReadOwn(swp::EstateReads& estate, bool list) {
  if (list && listed_) {
    auto all = estate.AllOwnValues(kMostComputers);
    if (!all.ok()) {
      own_unread_ = all.error();
      return;
    }
    for (swp::OwnValues& own : *all) {
      const std::int32_t id = own.computer.value;
      own_.emplace(id, std::move(own));
    }
    return;
  }
  for (const auto& [id, computer] : computers_) {
    if (HasAgent(computer.computer)) own_.emplace(id, estate.GetOwnValues(ComputerId{id}));
  }
}

void PatchEstate::ReadPolicies(swp::Reads& reads, swp::EstateReads& estate, bool list) {
  std::set<std::int32_t> wanted;
  for (const auto& [id, computer] : computers_) {
    if (computer.computer.policy) wanted.insert(computer.computer.policy->value);
  }
  if (wanted.empty()) return;
  if (list || wanted.size() > kFewPolicies) return ReadAllPolicies(estate);
  std::vector<std::int32_t> to_read(wanted.begin(), wanted.end());
  for (std::size_t i = 0; i < to_read.size(); ++i) {
    auto policy = reads.GetPolicy(PolicyId{to_read[i]});
    if (!policy.ok()) {
      policy_errors_.emplace(to_read[i], policy.error());
      continue;
    }
    if (policy->parent && wanted.insert(policy->parent->value).second) to_read.push_back(policy->parent->value);
    policies_[to_read[i]].policy = *std::move(policy);
  }
}

void PatchEstate::ReadAllPolicies(swp::EstateReads& estate) {
  if (policies_listed_ || policies_unread_) return;
  auto all = estate.AllPolicies(kMostPolicies);
  if (!all.ok()) {
    policies_unread_ = all.error();
    return;
  }
  policies_listed_ = true;
  for (swp::Policy& policy : *all) {
    const std::int32_t id = policy.id.value;
    policies_[id].policy = std::move(policy);
  }
}

std::vector<const PolicyView*> PatchEstate::ChildPoliciesOf(PolicyId policy) const {
  std::vector<const PolicyView*> children;
  for (const auto& [id, view] : policies_) {
    if (view.policy.parent == policy && IsChildPolicyName(view.policy.name)) children.push_back(&view);
  }
  return children;
}

std::optional<swp::Scope> PatchEstate::ScopeOf(swp::Scope scope, const std::string& child) const {
  if (child.empty()) return scope;
  for (const PolicyView* view : ChildPoliciesOf(PolicyId{scope.id})) {
    if (view->policy.name == child) return swp::Scope::Of(view->policy.id);
  }
  return std::nullopt;
}

const PolicyView* PatchEstate::FindPolicy(PolicyId policy) const {
  const auto found = policies_.find(policy.value);
  return found == policies_.end() ? nullptr : &found->second;
}

Result<std::vector<const PolicyView*>> PatchEstate::ChainOf(std::optional<PolicyId> policy) const {
  std::vector<const PolicyView*> chain;
  for (int depth = 0; policy && depth < kDeepest; ++depth) {
    if (policies_unread_) return *policies_unread_;
    if (const auto error = policy_errors_.find(policy->value); error != policy_errors_.end()) return error->second;
    const PolicyView* view = FindPolicy(*policy);
    if (view == nullptr) {
      return Error{ErrorCode::kNotFound, "SWP lists no policy " + std::to_string(policy->value), ""};
    }
    chain.push_back(view);
    policy = view->policy.parent;
  }
  if (policy) return Error{ErrorCode::kBadAnswer, "SWP's policies are above each other in a circle", ""};
  return chain;
}

// The record to go by: one with an agent, when there is one alone. Which of two agents is the host's cannot be told.
Result<const swp::EstateComputer*> PatchEstate::Choose(const Host& host) const {
  const auto found = by_instance_.find(host.instance.value);
  if (found == by_instance_.end()) return static_cast<const swp::EstateComputer*>(nullptr);
  const swp::EstateComputer* chosen = nullptr;
  std::vector<std::string> with_agent;
  for (const std::int32_t id : found->second) {
    const swp::EstateComputer& one = computers_.at(id);
    if (HasAgent(one.computer)) with_agent.push_back(NameOf(one.computer.id));
    if (chosen == nullptr || HasAgent(one.computer)) chosen = &one;
  }
  if (with_agent.size() > 1) {
    return Error{ErrorCode::kInvalidInput,
                 "SWP has several computers with an agent for this instance: " + Listed(with_agent, 5),
                 "delete those that are left over"};
  }
  if (chosen == nullptr) return chosen;
  if (host.account.empty()) {
    return Error{ErrorCode::kInvalidInput, "no AWS account is named, so the account of the host is undetermined", ""};
  }
  const std::string& account = chosen->computer.account_id;
  if (!account.empty() && account != host.account) {
    return Error{ErrorCode::kInvalidInput,
                 "SWP's record of this instance is of account " + account + ", the finding of " + host.account, ""};
  }
  return chosen;
}

HostView PatchEstate::HostFor(const PatchFinding& finding) const {
  HostView view;
  view.platform = finding.platform;
  if (computers_unread_) {
    view.computer = Result<swp::EstateComputer>(*computers_unread_);
    return view;
  }
  if (const auto error = unread_.find(finding.host.instance.value); error != unread_.end()) {
    view.computer = Result<swp::EstateComputer>(error->second);
    return view;
  }
  const auto chosen = Choose(finding.host);
  if (!chosen.ok()) {
    view.computer = Result<swp::EstateComputer>(chosen.error());
    view.is_ambiguous = true;
    return view;
  }
  if (*chosen == nullptr) return view;
  const swp::EstateComputer& computer = **chosen;
  const std::int32_t id = computer.computer.id.value;
  view.computer = Result<swp::EstateComputer>(computer);
  if (own_unread_) {
    view.own = *own_unread_;
  } else if (const auto own = own_.find(id); own != own_.end()) {
    view.own = own->second;
  } else {
    view.own = Error{ErrorCode::kBadAnswer, "SWP's list of computers lacks this one", ""};
  }
  view.policies = computer.computer.Damage("policyID") != nullptr
                      ? Result<std::vector<const PolicyView*>>(
                            Error{ErrorCode::kBadAnswer, *computer.computer.Damage("policyID"), ""})
                      : ChainOf(computer.computer.policy);
  if (const auto detect = detect_only_.find(id); detect != detect_only_.end()) view.detect_only = detect->second;
  if (const auto unread = rules_unread_.find(id); unread != rules_unread_.end()) view.rules_unread = unread->second;
  return view;
}

std::optional<std::vector<Target>> PatchEstate::TargetsOf(PolicyId policy) const {
  if (!listed_ || !policies_listed_) return std::nullopt;
  std::vector<Target> targets;
  for (const auto& [id, computer] : computers_) {
    const auto chain = ChainOf(computer.computer.policy);
    if (!chain.ok()) return std::nullopt;
    const bool below =
        std::any_of(chain->begin(), chain->end(), [&](const PolicyView* view) { return view->policy.id == policy; });
    if (below) targets.push_back(TargetOf(computer.computer));
  }
  return targets;
}

Result<std::vector<Target>> PatchEstate::ReadTargets(swp::Reads& reads, PolicyId policy, std::size_t most) {
  swp::EstateReads* estate = reads.estate();
  if (estate == nullptr) return Error{ErrorCode::kInternal, "SWP cannot be listed here", ""};
  std::vector<Target> targets;
  std::vector<PolicyId> policies = {policy};
  std::set<std::int32_t> seen = {policy.value};
  for (std::size_t i = 0; i < policies.size(); ++i) {
    auto found = estate->AllComputers(policies[i], most);
    if (!found.ok()) return found.error().In("which computers have the policy could not be read");
    for (swp::EstateComputer& one : *found) {
      targets.push_back(TargetOf(one.computer));
      // For its platform alone: hosts of findings are found by their instance.
      const std::int32_t id = one.computer.id.value;
      computers_.try_emplace(id, std::move(one));
    }
    const auto below = reads.PoliciesBelow(policies[i], kMostPolicies);
    if (!below.ok()) return below.error().In("which policies are below the policy could not be read");
    for (const PolicyId child : *below) {
      if (seen.insert(child.value).second) policies.push_back(child);
    }
    if (targets.size() > most || policies.size() > kMostPolicies) {
      return Error{ErrorCode::kTooLarge,
                   "more than " + std::to_string(most) + " computers have policy " + std::to_string(policy.value) +
                       " or one below it",
                   ""};
    }
  }
  return targets;
}

std::string PatchEstate::PlatformOf(ComputerId computer) const {
  const auto found = computers_.find(computer.value);
  return found == computers_.end() ? "" : found->second.computer.platform;
}

std::optional<bool> PatchEstate::HasChildren(PolicyId policy) const {
  const bool any = std::any_of(policies_.begin(), policies_.end(),
                               [&](const auto& view) { return view.second.policy.parent == policy; });
  if (any) return true;
  if (!policies_listed_) return std::nullopt;
  return false;
}

void PatchEstate::ReadRulesOfPolicy(swp::EstateReads& estate, PolicyId policy) {
  const auto found = policies_.find(policy.value);
  if (found == policies_.end()) return;
  const auto rules = estate.RulesAt(swp::Scope::Of(policy));
  if (rules.ok()) {
    found->second.detect_only = DetectOnly(*rules);
  } else {
    found->second.rules_unread = rules.error().message;
  }
}

void PatchEstate::ReadRulesOfComputer(swp::EstateReads& estate, ComputerId computer) {
  const auto rules = estate.RulesAt(swp::Scope::Of(computer));
  if (rules.ok()) {
    detect_only_[computer.value] = DetectOnly(*rules);
  } else {
    rules_unread_[computer.value] = rules.error().message;
  }
}

}  // namespace sallyport
