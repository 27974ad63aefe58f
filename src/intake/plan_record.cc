// SPDX-License-Identifier: Apache-2.0
#include "intake/plan_record.h"

#include "base/bounds.h"

namespace sallyport {

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record{plan.workflow, PlanDigest(plan), PlanToJson(plan), {}};
  for (const PlannedAction& planned : plan.actions) {
    record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                              SubjectOf(planned.action), plan.matter.severity, ActionToJson(planned.action)});
  }
  return record;
}

Result<Plan> PlanOf(const PlanRecord& record, const ActionKinds& kinds) {
  const auto json = Json::Parse(record.json, bounds::kAnswerBytes);
  if (!json.ok()) return json.error().In("the plan of event " + std::to_string(record.event.value));
  return PlanFromJson(*json, kinds);
}

}  // namespace sallyport
