// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/child_policy.h"

#include <algorithm>
#include <map>
#include <memory>

#include "action/child_policy.h"
#include "action/policy_targets.h"
#include "executor/actions/patch_rules.h"
#include "workflow/patches_in_effect.h"

namespace sallyport {
namespace {

constexpr std::size_t kHostsNamed = 3;
constexpr auto kIps = swp::RuleModule::kIntrusionPrevention;

// The policy, then its rules, then the computers, so that each of these gets one policy with everything in it. Every
// step may be repeated without harm: what is there already is found.
class ChildPolicyPatcher final : public ActorOf<PatchInChildPolicy> {
 public:
  explicit ChildPolicyPatcher(const ActorSeams& seams)
      : reads_(seams.reads), writes_(seams.writes), log_(seams.log), history_(seams.history) {}

 protected:
  Done Act(const PatchInChildPolicy& patches, const ActorTask& task) override {
    std::string how;
    const auto child = FindOrCreate(patches, how);
    if (!child.ok()) return Failed(child.error().In("nothing was assigned, and no computer moved"));
    std::vector<RuleToAssign> rules = patches.rules;
    std::vector<RuleId> gone;
    if (const Status assigned = Assign(*child, patches.cves, rules, gone, how); !assigned.ok()) {
      log_.Failure("rules not assigned", assigned.error(), {{"policy", std::to_string(child->value)}});
      return Failed(assigned.error().In(how + ", no computer moved"));
    }
    // Before anybody is moved: no computer ever gets them blocking.
    const Status detects = SetDetectOnlyAt(writes_, swp::Scope::Of(*child), DetectFirst(patches, rules), true);
    if (!detects.ok()) return Failed(detects.error().In(how + ", no computer moved"));
    const TimePoint since = writes_.ManagerNow();
    for (const RuleId rule : gone) rules.push_back({rule, "", ""});
    return MoveAll(patches, *child, rules, since, std::move(how), task);
  }

  std::string WouldDo(const PatchInChildPolicy& patches, const ActorTask&) const override {
    std::vector<RuleId> ids;
    for (const RuleToAssign& rule : patches.rules) ids.push_back(rule.id);
    return writes_.DescribeCreatePolicy(NewOne(patches)) +
           ", unless it is there; there POST intrusionprevention/assignments " + swp::AssignmentsBody(ids) +
           "; POST its number as policyID to " + std::to_string(patches.moved.size()) +
           (patches.moved.size() == 1 ? " computer" : " computers");
  }

  std::optional<Done> FindOut(const PatchInChildPolicy&, const ActorTask&) override { return std::nullopt; }

  // Those that are moved and those that are in it already, with what is known of them now.
  Result<PatchInChildPolicy> WithHostsOfNow(const PatchInChildPolicy& patches, const ActorTask&) override {
    std::map<std::int32_t, Target> known;
    const auto of_parent = reads_.ComputersOf(patches.parent, kMostPolicyTargets);
    if (!of_parent.ok() && of_parent.error().code != ErrorCode::kTooLarge) return of_parent.error();
    if (of_parent.ok()) {
      for (const swp::Computer& computer : *of_parent) known[computer.id.value] = TargetOf(computer);
    }
    PatchInChildPolicy now = patches;
    const auto child = writes_.FindChildPolicy(patches.parent, patches.child);
    if (!child.ok()) return child.error();
    now.members = {};
    if (*child) {
      auto members = ReadPolicyTargets(reads_, (**child).id, kMostPolicyTargets);
      if (!members.ok() && members.error().code != ErrorCode::kTooLarge) return members.error();
      now.members = members.ok() ? Targets{*std::move(members), ""} : Targets::Unknown(members.error().message);
      for (const Target& member : now.members.hosts) known[member.computer.value] = member;
      (void)MarkEvidence(now.members.hosts, history_);
    }
    for (Target& target : now.moved) {
      auto found = known.find(target.computer.value);
      if (found == known.end()) {
        const auto read = reads_.GetComputer(target.computer);
        if (!read.ok()) return read.error().In(NameOf(target) + " could not be read again");
        found = known.emplace(target.computer.value, TargetOf(*read)).first;
      }
      const bool is_readable = found->second.host.tags.has_value() && !target.host.tags_unreadable;
      // The finding may know tags that SWP does not: who is excluded by any of them is left alone.
      target.host.tags = is_readable ? TagsOfBoth(found->second.host.tags, target.host.tags) : std::nullopt;
    }
    (void)MarkEvidence(now.moved, history_);
    return now;
  }

  std::optional<Question> AsksForEnd(const PatchInChildPolicy&, const ActorTask&) const override {
    return std::nullopt;
  }

 private:
  static std::vector<RuleId> DetectFirst(const PatchInChildPolicy& patches, const std::vector<RuleToAssign>& rules) {
    std::vector<RuleId> detect;
    for (const RuleToAssign& rule : rules) {
      const auto& first = patches.detect_first;
      if (std::find(first.begin(), first.end(), rule.id) != first.end()) detect.push_back(rule.id);
    }
    return detect;
  }

  static swp::NewPolicy NewOne(const PatchInChildPolicy& patches) {
    return {patches.parent, patches.child,
            "Made by Sallyport for virtual patches. It inherits everything else from the policy above it."};
  }

  Result<PolicyId> FindOrCreate(const PatchInChildPolicy& patches, std::string& how) {
    const auto found = writes_.FindChildPolicy(patches.parent, patches.child);
    if (!found.ok()) return found.error();
    if (*found) {
      how = "policy " + std::to_string((**found).id.value) + " was there";
      return (**found).id;
    }
    const auto made = writes_.CreatePolicy(NewOne(patches));
    if (!made.ok()) return made.error();
    how = "policy " + std::to_string(made->id.value) + " created";
    return made->id;
  }

  Status Assign(PolicyId child, const std::vector<std::string>& cves, std::vector<RuleToAssign>& rules,
                std::vector<RuleId>& gone, std::string& how) {
    const auto scope = swp::Scope::Of(child);
    const auto before = reads_.GetAssignments(scope, kIps);
    if (!before.ok()) return before.error();
    const auto missing = [&] {
      std::vector<RuleId> ids;
      for (const RuleToAssign& rule : rules) {
        if (std::find(before->assigned.begin(), before->assigned.end(), rule.id) == before->assigned.end())
          ids.push_back(rule.id);
      }
      return ids;
    };
    auto wanted = missing();
    if (wanted.empty()) {
      how += ", its rules too";
      return Ok();
    }
    auto accepted = writes_.AssignRules(scope, kIps, wanted);
    if (!accepted.ok() && accepted.error().code != ErrorCode::kOutcomeUnknown) {
      const GoneRules of_these = TakeOutWhatIsGone(reads_, cves, rules);
      wanted = missing();
      if (of_these.text.empty() || of_these.left.empty()) return accepted.error();
      how += ", without " + of_these.text + ", which SWP no longer has";
      // A CVE that has lost its rules is not called covered: the end is asked with them.
      if (of_these.left.size() < cves.size()) gone = of_these.rules;
      if (wanted.empty()) return Ok();
      accepted = writes_.AssignRules(scope, kIps, wanted);
    }
    if (!accepted.ok()) return accepted.error();
    how += ", " + std::to_string(wanted.size()) + (wanted.size() == 1 ? " rule added" : " rules added");
    return Ok();
  }

  // What a person changed meanwhile stays: only who still has the policy above is moved.
  std::string WhyNotMoved(const PatchInChildPolicy& patches, PolicyId child, const Target& target, bool& is_there) {
    const auto now = reads_.GetComputer(target.computer);
    if (!now.ok()) return now.error().message;
    if (std::string change = ChangeOf(target.host, *now); !change.empty()) return change;
    if (const std::string* damage = now->Damage("policyID")) return *damage;
    is_there = now->policy == child;
    if (is_there || now->policy == patches.parent) return "";
    return now->policy ? "it has policy " + std::to_string(now->policy->value) + " by now" : "it has no policy by now";
  }

  Done MoveAll(const PatchInChildPolicy& patches, PolicyId child, const std::vector<RuleToAssign>& rules,
               TimePoint since, std::string how, const ActorTask& task) {
    std::size_t moved = 0;
    std::vector<std::string> left;
    std::optional<Error> failure;
    for (const Target& target : patches.moved) {
      bool is_there = false;
      const std::string why = WhyNotMoved(patches, child, target, is_there);
      if (!why.empty()) left.push_back(NameOf(target) + " (" + why + ")");
      if (!why.empty() || is_there) continue;
      const Status given = writes_.GivePolicy(target.computer, child);
      if (given.ok()) {
        ++moved;
      } else if (!failure) {
        failure = given.error().In(NameOf(target) + " was not moved");
      }
    }
    how += ", " + std::to_string(moved) + (moved == 1 ? " computer moved" : " computers moved");
    if (!left.empty()) how += "; left as they are: " + Listed(left, kHostsNamed);
    if (failure) {
      log_.Failure("computers not moved", *failure, {{"policy", std::to_string(child.value)}});
      return Failed(failure->In(how));
    }
    std::vector<RuleId> ids;
    ids.reserve(rules.size());
    for (const RuleToAssign& rule : rules) ids.push_back(rule.id);
    return {ActionState::kApplied,
            std::move(how),
            {{PatchesInEffect{swp::Scope::Of(child), std::move(ids), since, patches.moved, patches.own_engine,
                              patches.detect_first},
              task.plan.matter}}};
  }

  swp::Reads& reads_;
  swp::Writes& writes_;
  Logger& log_;
  HostHistory* history_;
};

}  // namespace

ActionRow PatchInChildPolicyRow() {
  return RowOf<PatchInChildPolicy>([](const ActorSeams& seams) { return std::make_unique<ChildPolicyPatcher>(seams); },
                                   {true, true});
}

}  // namespace sallyport
