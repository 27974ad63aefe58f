// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/assign_patches.h"

#include <algorithm>
#include <memory>

#include "action/assign_patches.h"
#include "action/policy_targets.h"
#include "base/text.h"
#include "executor/actions/assign_rules.h"
#include "executor/actions/patch_rules.h"
#include "workflow/patches_in_effect.h"
#include "workflow/rules_effective.h"

namespace sallyport {
namespace {

// The same as assigning rules, by the same actor; only how its end is found out differs.
class PatchAssigner final : public ActorOf<AssignPatches> {
 public:
  explicit PatchAssigner(const ActorSeams& seams)
      : rules_(AssignRulesRow().make_actor(seams)), reads_(seams.reads), history_(seams.history) {}

 protected:
  Done Act(const AssignPatches& patches, const ActorTask& task) override {
    Done done = rules_->Act(TaskOf(patches, task).task);
    if (done.state == ActionState::kFailed) {
      AssignPatches left = patches;
      const std::string gone = TakeOutWhatIsGone(reads_, left.assign.rules);
      if (!gone.empty() && !left.assign.rules.empty()) {
        done = rules_->Act(TaskOf(left, task).task);
        done.reason += "; without " + gone + ", which SWP no longer has";
      } else if (!gone.empty()) {
        done.reason += "; SWP no longer has " + gone;
      }
    }
    return OnEachHost(patches, std::move(done), task);
  }
  std::string WouldDo(const AssignPatches& patches, const ActorTask& task) const override {
    return rules_->WouldDo(TaskOf(patches, task).task);
  }
  std::optional<Done> FindOut(const AssignPatches& patches, const ActorTask& task) override {
    auto done = rules_->FindOut(TaskOf(patches, task).task);
    if (!done) return done;
    return OnEachHost(patches, *std::move(done), task);
  }
  Result<AssignPatches> WithHostsOfNow(const AssignPatches& patches, const ActorTask& task) override {
    if (patches.assign.scope.kind == swp::Scope::Kind::kPolicy && reads_.estate() != nullptr)
      return OfPolicyNow(patches, task);
    const auto now = rules_->WithHostsOfNow(TaskOf(patches, task).task);
    if (!now.ok()) return now.error();
    const auto* assign = now->As<AssignRules>();
    Check(assign != nullptr, "the same kind of action");
    return AssignPatches{*assign, patches.cves, patches.patched};
  }
  std::optional<Question> AsksForEnd(const AssignPatches&, const ActorTask&) const override { return std::nullopt; }

 private:
  struct Inner {
    Inner(const AssignPatches& patches, const ActorTask& outer)
        : planned(outer.planned), task{planned, outer.plan, outer.case_number, outer.intended_at, outer.goes_on, {}} {
      planned.action = patches.assign;
    }
    PlannedAction planned;
    ActorTask task;
  };
  static Inner TaskOf(const AssignPatches& patches, const ActorTask& task) { return {patches, task}; }

  // The hosts of a policy of hundreds in as few calls as there are thousands of them.
  Result<AssignPatches> OfPolicyNow(const AssignPatches& patches, const ActorTask& task) {
    AssignPatches now = patches;
    auto host = HostOfNow(patches.assign.host, patches.assign.computer, task, reads_);
    if (!host.ok()) return host.error();
    std::vector<Target> scanned = {{patches.assign.computer, *std::move(host)}};
    (void)MarkEvidence(scanned, history_);
    now.assign.host = std::move(scanned.front().host);
    auto targets = ReadTargetsInPages(reads_, PolicyId{patches.assign.scope.id}, kMostPolicyTargets);
    // Too many is an answer, which the gates refuse; what was not read is none.
    if (!targets.ok() && targets.error().code != ErrorCode::kTooLarge) return targets.error();
    if (targets.ok()) (void)MarkEvidence(*targets, history_);
    // Findings may know tags that SWP does not.
    if (targets.ok()) KeepTags(patches.assign.policy_targets.hosts, *targets);
    now.assign.policy_targets =
        targets.ok() ? Targets{*std::move(targets), ""} : Targets::Unknown(targets.error().message);
    return now;
  }

  // One question about all hosts instead of one about the first.
  static Done OnEachHost(const AssignPatches& patches, Done done, const ActorTask& task) {
    std::vector<Question> ask;
    for (Question& question : done.ask) {
      const auto* effective = question.ask.As<RulesEffective>();
      if (effective == nullptr) {
        ask.push_back(std::move(question));
        continue;
      }
      ask.push_back(
          {PatchesInEffect{effective->scope, effective->rules, effective->since, patches.patched}, task.plan.matter});
    }
    done.ask = std::move(ask);
    return done;
  }

  std::unique_ptr<Actor> rules_;
  swp::Reads& reads_;
  HostHistory* history_;
};

// Each rule by itself: one that is gone already is no failure, and what another rule needs stays.
class PatchRemover final : public ActorOf<UnassignPatches> {
 public:
  explicit PatchRemover(const ActorSeams& seams)
      : reads_(seams.reads), writes_(seams.writes), log_(seams.log), history_(seams.history) {}

 protected:
  Done Act(const UnassignPatches& patches, const ActorTask&) override {
    const AssignRules& assigned = patches.assigned;
    int removed = 0;
    for (const RuleToAssign& rule : assigned.rules) {
      const auto now = writes_.RemoveAssignment(assigned.scope, assigned.module, rule.id);
      if (!now.ok() && now.error().code == ErrorCode::kNotFound) continue;
      if (!now.ok()) {
        log_.Failure("rule not removed", now.error(), {{"scope", swp::ToString(assigned.scope)}});
        return Failed(
            now.error().In(std::to_string(removed) + " of " + CountText(assigned.rules.size(), "rule") + " removed"));
      }
      ++removed;
    }
    return Verified(patches, std::to_string(removed) + " removed");
  }

  std::string WouldDo(const UnassignPatches& patches, const ActorTask&) const override {
    std::string text;
    for (const RuleToAssign& rule : patches.assigned.rules) {
      text += (text.empty() ? "" : "; ") + std::string("DELETE rule ") + std::to_string(rule.id.value) + " at " +
              swp::ToString(patches.assigned.scope);
    }
    return text;
  }

  // May be repeated without harm.
  std::optional<Done> FindOut(const UnassignPatches&, const ActorTask&) override { return std::nullopt; }

  Result<UnassignPatches> WithHostsOfNow(const UnassignPatches& patches, const ActorTask& task) override {
    UnassignPatches now = patches;
    auto host = HostOfNow(patches.assigned.host, patches.assigned.computer, task, reads_);
    if (!host.ok()) return host.error();
    std::vector<Target> patched = {{patches.assigned.computer, *std::move(host)}};
    // What is installed on a probably compromised host stays, patches too. Where that cannot be read the gates say so.
    (void)MarkEvidence(patched, history_);
    now.assigned.host = std::move(patched.front().host);
    if (now.assigned.scope.kind != swp::Scope::Kind::kPolicy) return now;
    auto targets = ReadPolicyTargets(reads_, PolicyId{now.assigned.scope.id}, kMostPolicyTargets);
    if (!targets.ok() && targets.error().code != ErrorCode::kTooLarge) return targets.error();
    if (targets.ok()) (void)MarkEvidence(*targets, history_);
    if (targets.ok()) KeepTags(patches.assigned.policy_targets.hosts, *targets);
    now.assigned.policy_targets =
        targets.ok() ? Targets{*std::move(targets), ""} : Targets::Unknown(targets.error().message);
    return now;
  }

  std::optional<Question> AsksForEnd(const UnassignPatches&, const ActorTask&) const override { return std::nullopt; }

 private:
  // Read back: a rule may still come from a policy above, which is said.
  Done Verified(const UnassignPatches& patches, const std::string& how) {
    const auto now = reads_.GetAssignments(patches.assigned.scope, patches.assigned.module);
    if (!now.ok()) return {ActionState::kApplied, how + "; what is assigned now could not be read", {}};
    std::size_t still = 0;
    for (const RuleToAssign& rule : patches.assigned.rules) {
      still += static_cast<std::size_t>(std::count(now->assigned.begin(), now->assigned.end(), rule.id));
    }
    if (still > 0) {
      return {ActionState::kVerified, how + "; " + std::to_string(still) + " stay, inherited from a policy above", {}};
    }
    return {ActionState::kVerified, how + ", and no longer assigned", {}};
  }

  swp::Reads& reads_;
  swp::RuleWrites& writes_;
  Logger& log_;
  HostHistory* history_;
};

}  // namespace

ActionRow AssignPatchesRow() {
  return RowOf<AssignPatches>([](const ActorSeams& seams) { return std::make_unique<PatchAssigner>(seams); },
                              {true, true});
}

ActionRow UnassignPatchesRow() {
  return RowOf<UnassignPatches>([](const ActorSeams& seams) { return std::make_unique<PatchRemover>(seams); },
                                {true, true});
}

}  // namespace sallyport
