// SPDX-License-Identifier: Apache-2.0
#include "intake/plan_record.h"

#include "base/bounds.h"

namespace sallyport {
namespace {

// Empty when there is no host, or it is not known which.
std::string NameOf(const Host& host) {
  return host.instance.value.empty() ? "" : host.Subject();
}

}  // namespace

NewPlan PlanForLedger(const Plan& plan) {
  NewPlan record{plan.workflow, PlanDigest(plan), PlanToJson(plan), {}};
  for (const PlannedAction& planned : plan.actions) {
    record.actions.push_back({planned.key, std::string(KindOf(planned.action)), WhatOf(planned.action),
                              SubjectOf(planned.action), plan.severity, ActionToJson(planned.action),
                              NameOf(HostOf(planned.action))});
    const auto* message = std::get_if<NotifyOwner>(&planned.action);
    if (message != nullptr && !message->owner.empty() && record.owners.size() < bounds::kCommitNames) {
      record.owners.push_back(message->owner);
    }
  }
  for (const HostDecision& decision : plan.hosts) {
    if (record.hosts.size() < bounds::kCommitNames) record.hosts.push_back(NameOf(decision.host));
  }
  return record;
}

}  // namespace sallyport
