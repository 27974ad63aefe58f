// SPDX-License-Identifier: Apache-2.0
#include "action/policy_targets.h"

#include <algorithm>
#include <set>
#include <string>

namespace sallyport {
namespace {

// A tenant has some hundred policies.
constexpr std::size_t kMostPolicies = 1'000;

Error TooManyTargets(PolicyId policy, std::size_t most) {
  return {ErrorCode::kTooLarge,
          "more than " + std::to_string(most) + " computers have policy " + std::to_string(policy.value) +
              " or one below it",
          ""};
}

}  // namespace

Result<std::vector<Target>> ReadPolicyTargets(swp::Reads& reads, PolicyId policy, std::size_t most) {
  most = std::min(most, kMostPolicyTargets);
  std::vector<Target> targets;
  std::set<ComputerId> computers;
  std::vector<PolicyId> policies = {policy};
  // Each policy is looked at once, however the tree is (mis)built.
  std::set<PolicyId> seen = {policy};
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const PolicyId current = policies[i];
    const auto found = reads.ComputersOf(current, most);
    if (!found.ok() && found.error().code == ErrorCode::kTooLarge) return TooManyTargets(policy, most);
    if (!found.ok()) return found.error().In("which computers have the policy could not be read");
    for (const swp::Computer& computer : *found) {
      // It may have moved from one policy to another between two calls.
      if (computers.insert(computer.id).second) targets.push_back(TargetOf(computer));
    }
    if (targets.size() > most) return TooManyTargets(policy, most);
    const auto below = reads.PoliciesBelow(current, kMostPolicies);
    if (!below.ok()) return below.error().In("which policies are below the policy could not be read");
    for (const PolicyId child : *below) {
      if (seen.insert(child).second) policies.push_back(child);
    }
    if (policies.size() > kMostPolicies) {
      return Error{
          ErrorCode::kTooLarge,
          "more than " + std::to_string(kMostPolicies) + " policies are below policy " + std::to_string(policy.value),
          ""};
    }
  }
  return targets;
}

}  // namespace sallyport
