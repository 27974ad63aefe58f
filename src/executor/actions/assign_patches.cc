// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/assign_patches.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "action/assign_patches.h"
#include "base/text.h"
#include "executor/actions/assign_rules.h"
#include "executor/actions/patch_rules.h"
#include "swp/estate.h"
#include "workflow/patches_in_effect.h"
#include "workflow/rules_effective.h"

namespace sallyport {
namespace {

// The same as assigning rules, by the same actor; only how its end is found out differs.
class PatchAssigner final : public PatchActor<AssignPatches, &AssignPatches::assign> {
 public:
  explicit PatchAssigner(const ActorSeams& seams) : PatchActor(seams), rules_(AssignRulesRow().make_actor(seams)) {}

 protected:
  Done Act(const AssignPatches& patches, const ActorTask& task) override {
    Done done = rules_->Act(TaskOf(patches, task).task);
    AssignPatches left = patches;
    GoneRules gone;
    if (done.state == ActionState::kFailed) {
      gone = TakeOutWhatIsGone(reads_, patches.cves, left.assign.rules);
      if (!gone.text.empty() && !gone.left.empty()) {
        done = rules_->Act(TaskOf(left, task).task);
        done.reason += "; without " + gone.text + ", which SWP no longer has";
      } else if (!gone.text.empty()) {
        done.reason += "; SWP no longer has " + gone.text;
      }
    }
    if (done.state == ActionState::kApplied && !left.assign.rules.empty()) {
      const Status detects = SetDetectOnlyAt(writes_, left.assign.scope, DetectFirst(left), true);
      if (!detects.ok()) {
        return Failed(detects.error().In("the rules are assigned and block, though they should only detect at first (" +
                                         done.reason + ")"));
      }
      if (!DetectFirst(left).empty()) done.reason += ", in detect mode";
    }
    // A CVE that has lost its rules is not called covered: the end is asked with them.
    if (gone.left.size() == patches.cves.size()) gone.rules.clear();
    return OnEachHost(left, std::move(done), task, gone.rules);
  }
  std::string WouldDo(const AssignPatches& patches, const ActorTask& task) const override {
    std::string text = rules_->WouldDo(TaskOf(patches, task).task);
    for (const RuleId rule : patches.detect_first) {
      text += "; " + writes_.DescribeSetDetectOnly(patches.assign.scope, rule, true);
    }
    return text;
  }
  std::optional<Done> FindOut(const AssignPatches& patches, const ActorTask& task) override {
    // Whether they were set to detect as well is not looked for: it is done again, without harm.
    if (!patches.detect_first.empty()) return std::nullopt;
    auto done = rules_->FindOut(TaskOf(patches, task).task);
    if (!done) return done;
    return OnEachHost(patches, *std::move(done), task);
  }

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

  // Those that are still among the rules.
  static std::vector<RuleId> DetectFirst(const AssignPatches& patches) {
    std::vector<RuleId> detect;
    for (const RuleToAssign& rule : patches.assign.rules) {
      const auto& first = patches.detect_first;
      if (std::find(first.begin(), first.end(), rule.id) != first.end()) detect.push_back(rule.id);
    }
    return detect;
  }

  // One question about all hosts instead of one about the first.
  static Done OnEachHost(const AssignPatches& patches, Done done, const ActorTask& task,
                         const std::vector<RuleId>& gone = {}) {
    std::vector<Question> ask;
    for (Question& question : done.ask) {
      const auto* effective = question.ask.As<RulesEffective>();
      if (effective == nullptr) {
        ask.push_back(std::move(question));
        continue;
      }
      std::vector<RuleId> rules = effective->rules;
      rules.insert(rules.end(), gone.begin(), gone.end());
      ask.push_back({PatchesInEffect{effective->scope, std::move(rules), effective->since, patches.patched,
                                     patches.own_engine, patches.detect_first},
                     task.plan.matter});
    }
    done.ask = std::move(ask);
    return done;
  }

  std::unique_ptr<Actor> rules_;
};

// Each rule by itself: one that is gone already is no failure, and what another rule there needs stays.
class PatchRemover final : public PatchActor<UnassignPatches, &UnassignPatches::assigned> {
 public:
  using PatchActor::PatchActor;

 protected:
  Done Act(const UnassignPatches& patches, const ActorTask&) override {
    const AssignRules& assigned = patches.assigned;
    std::map<std::int32_t, std::string> needed;
    const Status read = ReadWhoNeeds(assigned, needed);
    if (!read.ok() && read.error().code == ErrorCode::kNotFound)
      return {ActionState::kVerified, "SWP no longer has " + swp::ToString(assigned.scope), {}};
    if (!read.ok()) return Failed(read.error().In("nothing was removed"));
    int removed = 0;
    std::string how;
    for (const RuleToAssign& rule : assigned.rules) {
      if (const auto needs = needed.find(rule.id.value); needs != needed.end()) {
        how += "; rule " + std::to_string(rule.id.value) + " stays: " + needs->second + " there depends on it";
        continue;
      }
      const auto now = writes_.RemoveAssignment(assigned.scope, assigned.module, rule.id);
      if (!now.ok() && now.error().code == ErrorCode::kNotFound) continue;
      if (!now.ok()) {
        log_.Failure("rule not removed", now.error(), {{"scope", swp::ToString(assigned.scope)}});
        return Failed(
            now.error().In(std::to_string(removed) + " of " + CountText(assigned.rules.size(), "rule") + " removed"));
      }
      ++removed;
    }
    return Verified(patches, std::to_string(removed) + " removed" + how, needed);
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

 private:
  // Which of these rules another one needs that is assigned there and stays: by rule, the one that needs it.
  Status ReadWhoNeeds(const AssignRules& assigned, std::map<std::int32_t, std::string>& needed) {
    swp::EstateReads* estate = reads_.estate();
    if (estate == nullptr) return Ok();
    const auto there = estate->RulesAt(assigned.scope);
    if (!there.ok()) return there.error();
    std::set<std::int32_t> to_go;
    for (const RuleToAssign& rule : assigned.rules) to_go.insert(rule.id.value);
    // What stays keeps what it needs, which then stays too. Each round takes one out, or is the last.
    for (bool again = true; again;) {
      again = false;
      for (const swp::Rule& rule : *there) {
        if (to_go.contains(rule.id.value)) continue;
        for (const RuleId needs : rule.depends_on) {
          if (to_go.erase(needs.value) == 0) continue;
          needed.emplace(needs.value, "rule " + std::to_string(rule.id.value));
          again = true;
        }
      }
    }
    return Ok();
  }

  // Read back: a rule may still come from a policy above, which is said.
  Done Verified(const UnassignPatches& patches, const std::string& how,
                const std::map<std::int32_t, std::string>& needed) {
    const auto now = reads_.GetAssignments(patches.assigned.scope, patches.assigned.module);
    if (!now.ok()) return {ActionState::kApplied, how + "; what is assigned now could not be read", {}};
    std::size_t still = 0;
    for (const RuleToAssign& rule : patches.assigned.rules) {
      if (needed.contains(rule.id.value)) continue;
      still += static_cast<std::size_t>(std::count(now->assigned.begin(), now->assigned.end(), rule.id));
    }
    if (still > 0) {
      return {ActionState::kVerified, how + "; " + std::to_string(still) + " stay, inherited from a policy above", {}};
    }
    return {ActionState::kVerified, how + (needed.empty() ? ", and no longer assigned" : ""), {}};
  }
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
