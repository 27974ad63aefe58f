// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/assign_rules.h"

#include <algorithm>

#include "action/assign_rules.h"
#include "action/policy_targets.h"
#include "base/text.h"
#include "workflow/rules_effective.h"

namespace sallyport {
namespace {

std::vector<RuleId> IdsOf(const std::vector<RuleToAssign>& rules) {
  std::vector<RuleId> ids;
  ids.reserve(rules.size());
  for (const RuleToAssign& rule : rules) ids.push_back(rule.id);
  return ids;
}

std::vector<RuleId> Missing(const std::vector<RuleId>& wanted, const std::vector<RuleId>& assigned) {
  std::vector<RuleId> missing;
  for (const RuleId rule : wanted) {
    if (std::find(assigned.begin(), assigned.end(), rule) == assigned.end()) missing.push_back(rule);
  }
  return missing;
}

// May be repeated without harm: what is assigned already is seen when it is tried again.
class RuleAssigner final : public ActorOf<AssignRules> {
 public:
  explicit RuleAssigner(const ActorSeams& seams)
      : reads_(seams.reads), writes_(seams.writes), clock_(seams.clock), log_(seams.log), history_(seams.history) {}

 protected:
  // Only what is missing is added, and what other people assigned stays (design, rule 6; edge case I16).
  Done Act(const AssignRules& assign, const ActorTask& task) override {
    const auto before = reads_.GetAssignments(assign.scope, assign.module);
    if (!before.ok()) return Failed(before.error().In("nothing was assigned"));
    const std::vector<RuleId> wanted = IdsOf(assign.rules);
    const std::vector<RuleId> missing = Missing(wanted, before->assigned);
    // Since when they were assigned is not known: their policy may have arrived long ago.
    if (missing.empty()) return Applied("already assigned", assign, {}, task);
    const auto accepted = writes_.AssignRules(assign.scope, assign.module, missing);
    if (!accepted.ok()) {
      log_.Failure("rules not assigned", accepted.error(), {{"scope", swp::ToString(assign.scope)}});
      return Failed(accepted.error());
    }
    return Applied(missing.size() == wanted.size()
                       ? CountText(wanted.size(), "rule") + " added"
                       : std::to_string(missing.size()) + " of " + CountText(wanted.size(), "rule") +
                             " added; the rest were already assigned",
                   assign, accepted->accepted_at, task);
  }

  std::string WouldDo(const AssignRules& assign, const ActorTask&) const override {
    return writes_.DescribeAssignRules(assign.scope, assign.module, IdsOf(assign.rules));
  }

  // All of them are there: since we stopped, so their policy has to arrive still.
  std::optional<Done> FindOut(const AssignRules& assign, const ActorTask& task) override {
    const auto now = reads_.GetAssignments(assign.scope, assign.module);
    if (!now.ok()) return Failed(now.error().In("what is assigned could not be read"));
    if (!Missing(IdsOf(assign.rules), now->assigned).empty()) return std::nullopt;
    const TimePoint since = *task.intended_at + (writes_.ManagerNow() - clock_.Now());
    return Applied("already assigned", assign, since, task);
  }

  Result<AssignRules> WithHostsOfNow(const AssignRules& assign, const ActorTask& task) override {
    AssignRules now = assign;
    auto host = HostOfNow(assign.host, assign.computer, task, reads_);
    if (!host.ok()) return host.error();
    std::vector<Target> scanned = {{assign.computer, *std::move(host)}};
    MarkAsEvidence(scanned);
    now.host = std::move(scanned.front().host);
    if (assign.scope.kind != swp::Scope::Kind::kPolicy) return now;
    auto targets = ReadPolicyTargets(reads_, PolicyId{assign.scope.id}, kMostPolicyTargets);
    // Too many is an answer, which the gates refuse; what was not read is none.
    if (!targets.ok() && targets.error().code != ErrorCode::kTooLarge) return targets.error();
    if (targets.ok()) MarkAsEvidence(*targets);
    now.policy_targets = targets.ok() ? Targets{*std::move(targets), ""} : Targets::Unknown(targets.error().message);
    return now;
  }

  std::optional<Question> AsksForEnd(const AssignRules&, const ActorTask&) const override { return std::nullopt; }

 private:
  static Done Applied(std::string how, const AssignRules& assign, TimePoint since, const ActorTask& task) {
    return {ActionState::kApplied,
            std::move(how),
            {{RulesEffective{assign.module, assign.scope, assign.computer, IdsOf(assign.rules), since, assign.host},
              task.plan.matter}}};
  }

  // A finding about one of them may have come in since this was decided. Where that cannot be read the gates say so.
  void MarkAsEvidence(std::vector<Target>& targets) const { (void)MarkEvidence(targets, history_); }

  swp::Reads& reads_;
  swp::RuleWrites& writes_;
  const Clock& clock_;
  Logger& log_;
  HostHistory* history_;
};

}  // namespace

ActionRow AssignRulesRow() {
  return RowOf<AssignRules>([](const ActorSeams& seams) { return std::make_unique<RuleAssigner>(seams); },
                            {true, true});
}

}  // namespace sallyport
