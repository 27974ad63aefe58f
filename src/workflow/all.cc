// SPDX-License-Identifier: Apache-2.0
//
// The table of workflows. A sixth one is: a real event and the wanted plan in tests/, one pair of files in this folder,
// one row here.
#include <array>

#include "workflow/follow_up.h"
#include "workflow/guardduty.h"
#include "workflow/macie.h"
#include "workflow/workflow.h"

namespace sallyport {
namespace {

constexpr std::array kWorkflows = {
    Workflow{"guardduty", "aws.guardduty", MakeGuardDutyPlan},
    Workflow{"macie", "aws.macie", MakeMaciePlan, MacieSubject},
    Workflow{"follow-up", kFollowUpSource, MakeFollowUpPlan},
};

}  // namespace

std::span<const Workflow> AllWorkflows() {
  return kWorkflows;
}

const Workflow* FindWorkflow(const Event& event) {
  for (const Workflow& workflow : kWorkflows) {
    if (workflow.source == event.source) return &workflow;
  }
  return nullptr;
}

}  // namespace sallyport
