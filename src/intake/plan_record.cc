// SPDX-License-Identifier: Apache-2.0
#include "intake/plan_record.h"

namespace sallyport {

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record{plan.workflow, PlanDigest(plan), PlanToJson(plan), {}};
  for (const PlannedAction& planned : plan.actions) {
    record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                              SubjectOf(planned.action), plan.matter.severity, ActionToJson(planned.action)});
  }
  return record;
}

}  // namespace sallyport
