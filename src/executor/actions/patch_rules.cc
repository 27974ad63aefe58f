// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/patch_rules.h"

#include <set>

#include "action/policy_targets.h"
#include "workflow/inspector_finding.h"
#include "workflow/patch_estate.h"

namespace sallyport {

GoneRules TakeOutWhatIsGone(swp::Reads& reads, const std::vector<std::string>& cves, std::vector<RuleToAssign>& rules) {
  GoneRules gone;
  std::set<std::string> listed;
  std::erase_if(rules, [&](const RuleToAssign& rule) {
    const auto read = reads.GetRule(swp::RuleModule::kIntrusionPrevention, rule.id);
    if (read.ok()) {
      for (const std::string& text : read->cves) {
        if (const auto cve = CveId(text)) listed.insert(*cve);
      }
      return false;
    }
    if (read.error().code != ErrorCode::kNotFound) return false;
    gone.text += (gone.text.empty() ? "rule " : ", ") + std::to_string(rule.id.value);
    gone.rules.push_back(rule.id);
    return true;
  });
  for (const std::string& cve : cves) {
    if (listed.contains(cve)) gone.left.push_back(cve);
  }
  return gone;
}

Result<std::vector<Target>> ReadTargetsInPages(swp::Reads& reads, PolicyId policy, std::size_t most) {
  PatchEstate estate;
  return estate.ReadTargets(reads, policy, most);
}

Result<AssignRules> PlaceOfNow(const AssignRules& assigned, const ActorTask& task, swp::Reads& reads,
                               HostHistory* history) {
  AssignRules now = assigned;
  auto host = HostOfNow(assigned.host, assigned.computer, task, reads);
  if (!host.ok()) return host.error();
  std::vector<Target> first = {{assigned.computer, *std::move(host)}};
  // What is installed on a probably compromised host stays, patches too. Where that cannot be read the gates say so.
  (void)MarkEvidence(first, history);
  now.host = std::move(first.front().host);
  if (now.scope.kind != swp::Scope::Kind::kPolicy) return now;
  const PolicyId policy{now.scope.id};
  auto targets = reads.estate() == nullptr ? ReadPolicyTargets(reads, policy, kMostPolicyTargets)
                                           : ReadTargetsInPages(reads, policy, kMostPolicyTargets);
  // Too many is an answer, which the gates refuse; what was not read is none.
  if (!targets.ok() && targets.error().code != ErrorCode::kTooLarge) return targets.error();
  if (targets.ok()) (void)MarkEvidence(*targets, history);
  // Findings may know tags that SWP does not.
  if (targets.ok()) KeepTags(assigned.policy_targets.hosts, *targets);
  now.policy_targets = targets.ok() ? Targets{*std::move(targets), ""} : Targets::Unknown(targets.error().message);
  return now;
}

Status SetDetectOnlyAt(swp::RuleWrites& writes, swp::Scope scope, const std::vector<RuleId>& rules, bool detect_only) {
  for (const RuleId rule : rules) {
    if (Status set = writes.SetDetectOnly(scope, rule, detect_only); !set.ok()) return set;
  }
  return Ok();
}

}  // namespace sallyport
