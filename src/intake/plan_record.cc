// SPDX-License-Identifier: Apache-2.0
#include "intake/plan_record.h"

#include "action/notify_owner.h"
#include "base/bounds.h"

namespace sallyport {

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record;
  record.workflow = plan.workflow;
  record.digest = PlanDigest(plan);
  record.json = PlanToJson(plan);
  record.format = static_cast<int>(FormatOf(plan));
  for (const PlannedAction& planned : plan.actions) {
    const auto* message = planned.action.As<NotifyOwner>();
    if (message == nullptr || message->owner.empty() || record.owners.size() >= bounds::kCommitNames) continue;
    record.owners.push_back(message->owner);
  }
  for (const HostDecision& decision : plan.hosts) {
    if (record.hosts.size() < bounds::kCommitNames) record.hosts.push_back(decision.host.Subject());
  }
  return record;
}

Result<Plan> PlanOf(const PlanRecord& record, const ActionKinds& actions, const QuestionKinds& questions) {
  Status known = CheckFormat("plan", record.number.value, record.format, static_cast<int>(kPlanFormat));
  if (!known.ok()) return known.error();
  const auto json = Json::Parse(record.json, bounds::kAnswerBytes);
  if (!json.ok()) return json.error().In("plan " + std::to_string(record.number.value));
  return PlanFromJson(*json, actions, questions);
}

}  // namespace sallyport
