// SPDX-License-Identifier: Apache-2.0
//
// For tests of folders that do not know who carries actions out: the kinds of the product. A test of the executor holds
// them to its table.
#pragma once

#include "action/assign_patches.h"
#include "action/assign_rules.h"
#include "action/child_policy.h"
#include "action/delete_task.h"
#include "action/notify_owner.h"
#include "action/prevent_patches.h"
#include "action/put_evaluations.h"
#include "action/request_scan.h"
#include "action/update_ip_set.h"
#include "action/update_web_acl.h"

namespace sallyport {

inline const ActionKinds& KindsForTest() {
  static const ActionKinds kinds({KindRow<RequestScan>(), KindRow<AssignRules>({true, true}),
                                  KindRow<AssignPatches>({true, true}), KindRow<UnassignPatches>({true, true}),
                                  KindRow<PreventPatches>({true, true}), KindRow<PatchInChildPolicy>({true, true}),
                                  KindRow<DeleteTask>(), KindRow<NotifyOwner>(), KindRow<PutEvaluations>(),
                                  KindRow<UpdateIpSet>({false, false}), KindRow<UpdateWebAcl>({false, true})});
  return kinds;
}

}  // namespace sallyport
