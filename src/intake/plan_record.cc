// SPDX-License-Identifier: Apache-2.0
#include "intake/plan_record.h"

#include <algorithm>

#include "action/notify_owner.h"
#include "base/bounds.h"
#include "workflow/instance_subject.h"
#include "workflow/owner.h"

namespace sallyport {

namespace {

// Each of several owners is one of the case.
void AddOwnersIn(const std::string& names, NewPlan& record) {
  for (std::string& owner : OwnersIn(names)) {
    const bool is_known = std::find(record.owners.begin(), record.owners.end(), owner) != record.owners.end();
    if (!is_known && record.owners.size() < bounds::kCommitNames) record.owners.push_back(std::move(owner));
  }
}

CaseSays SaysOf(Plan::Says says) {
  switch (says) {
    case Plan::Says::kActive:
      return CaseSays::kActive;
    case Plan::Says::kCompromised:
      return CaseSays::kCompromised;
    case Plan::Says::kSettled:
      return CaseSays::kSettled;
    case Plan::Says::kMalware:
      return CaseSays::kMalware;
    case Plan::Says::kMalwareHandled:
      return CaseSays::kMalwareHandled;
    case Plan::Says::kNotProtected:
      return CaseSays::kNotProtected;
    case Plan::Says::kProtectedNow:
      return CaseSays::kProtectedNow;
    case Plan::Says::kManualRules:
      return CaseSays::kManualRules;
    case Plan::Says::kNotBlocked:
      return CaseSays::kNotBlocked;
    case Plan::Says::kCovered:
      return CaseSays::kCovered;
    case Plan::Says::kNothing:
      break;
  }
  return CaseSays::kNothing;
}

}  // namespace

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record;
  record.workflow = plan.workflow;
  record.json = PlanToJson(plan);
  record.digest = PlanDigest(record.json);
  record.format = static_cast<int>(kPlanFormat);
  record.says = plan.matter.sample ? CaseSays::kSample : SaysOf(plan.says);
  // A case of samples is none, whatever else would be said of it.
  for (const auto& [number, says] : plan.matter.sample ? decltype(plan.of_cases){} : plan.of_cases)
    record.of_cases.emplace_back(CaseNumber{number}, SaysOf(says));
  for (const HostDecision& decision : plan.hosts) {
    if (record.hosts.size() < bounds::kCommitNames) record.hosts.push_back(decision.host.Subject());
    AddOwnersIn(decision.owner, record);
  }
  if (plan.evidence) {
    for (const std::string& host : plan.evidence->hosts) {
      if (record.hosts.size() < bounds::kCommitNames) record.hosts.push_back(host);
    }
  }
  for (const OtherSubject& other : plan.others) {
    const auto host = HostOfSubject(other);
    if (host && record.hosts.size() < bounds::kCommitNames) record.hosts.push_back(*host);
  }
  // An answer about a whole case has messages alone.
  for (const PlannedAction& planned : plan.actions) {
    if (const auto* message = planned.action.As<NotifyOwner>()) AddOwnersIn(message->owner, record);
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
