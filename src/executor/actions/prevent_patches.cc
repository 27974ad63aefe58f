// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/prevent_patches.h"

#include <algorithm>
#include <memory>

#include "action/prevent_patches.h"
#include "base/text.h"
#include "executor/actions/patch_rules.h"
#include "workflow/patches_in_effect.h"

namespace sallyport {
namespace {

// Each rule by itself, which may be repeated without harm. One that is not assigned there any more has no mode.
class PatchPreventer final : public PatchActor<PreventPatches, &PreventPatches::assigned> {
 public:
  using PatchActor::PatchActor;

 protected:
  Done Act(const PreventPatches& patches, const ActorTask& task) override {
    const auto now = reads_.GetAssignments(patches.assigned.scope, patches.assigned.module);
    if (!now.ok()) return Failed(now.error().In("nothing was changed"));
    std::vector<RuleId> there;
    std::string gone;
    for (const RuleToAssign& rule : patches.assigned.rules) {
      if (std::find(now->assigned.begin(), now->assigned.end(), rule.id) != now->assigned.end()) {
        there.push_back(rule.id);
      } else {
        gone += (gone.empty() ? "; no longer assigned: rule " : ", ") + std::to_string(rule.id.value);
      }
    }
    if (there.empty()) return {ActionState::kFailed, "nothing was changed" + gone, {}};
    const TimePoint since = writes_.ManagerNow();
    const Status set = SetDetectOnlyAt(writes_, patches.assigned.scope, there, false);
    if (!set.ok()) {
      log_.Failure("rules not set to prevent", set.error(), {{"scope", swp::ToString(patches.assigned.scope)}});
      return Failed(set.error());
    }
    PatchesInEffect ask{patches.assigned.scope, there, since, patches.patched, patches.own_engine, {}};
    return {ActionState::kApplied,
            CountText(there.size(), "rule") + " set to prevent" + gone,
            {{std::move(ask), task.plan.matter}}};
  }

  std::string WouldDo(const PreventPatches& patches, const ActorTask&) const override {
    std::string text;
    for (const RuleToAssign& rule : patches.assigned.rules) {
      text += (text.empty() ? "" : "; ") + writes_.DescribeSetDetectOnly(patches.assigned.scope, rule.id, false);
    }
    return text;
  }

  std::optional<Done> FindOut(const PreventPatches&, const ActorTask&) override { return std::nullopt; }
};

}  // namespace

ActionRow PreventPatchesRow() {
  return RowOf<PreventPatches>([](const ActorSeams& seams) { return std::make_unique<PatchPreventer>(seams); },
                               {true, true});
}

}  // namespace sallyport
