// SPDX-License-Identifier: Apache-2.0
#include "executor/action_table.h"

#include "executor/actions/assign_patches.h"
#include "executor/actions/assign_rules.h"
#include "executor/actions/child_policy.h"
#include "executor/actions/delete_task.h"
#include "executor/actions/notify_owner.h"
#include "executor/actions/prevent_patches.h"
#include "executor/actions/put_evaluations.h"
#include "executor/actions/request_scan.h"
#include "executor/actions/update_ip_set.h"
#include "executor/actions/update_web_acl.h"

namespace sallyport {

ActionTable ProductActions() {
  return {RequestScanRow(),    AssignRulesRow(),        AssignPatchesRow(), UnassignPatchesRow(),
          PreventPatchesRow(), PatchInChildPolicyRow(), DeleteTaskRow(),    NotifyOwnerRow(),
          PutEvaluationsRow(), UpdateIpSetRow(),        UpdateWebAclRow()};
}

ActionKinds KindsOf(const ActionTable& table) {
  std::vector<ActionKind> kinds;
  for (const ActionRow& row : table) kinds.push_back(row.kind);
  return ActionKinds(std::move(kinds));
}

Actors::Actors(const ActionTable& table, const ActorSeams& seams) {
  for (const ActionRow& row : table) {
    actors_[row.kind.name] = row.make_actor(seams);
    if (row.needs_answer_token) need_token_.insert(row.kind.name);
    side_by_side_[row.kind.name] = row.side_by_side;
  }
}

bool Actors::NeedsAnswerToken(const Action& action) const {
  return need_token_.contains(KindOf(action));
}

int Actors::SideBySide(const Action& action) const {
  const auto number = side_by_side_.find(KindOf(action));
  return number == side_by_side_.end() ? 1 : number->second;
}

Actor& Actors::For(const Action& action) const {
  const auto actor = actors_.find(KindOf(action));
  Check(actor != actors_.end(), "an actor for every kind of action");
  return *actor->second;
}

}  // namespace sallyport
