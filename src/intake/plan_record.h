// SPDX-License-Identifier: Apache-2.0
//
// A plan as the ledger keeps it.
#pragma once

#include "ledger/ledger.h"
#include "workflow/plan.h"

namespace sallyport {

NewPlan PlanForLedger(const Plan& plan);
// The plan of such a record; kInvalidInput when it is not one that this version reads.
Result<Plan> PlanOf(const PlanRecord& record, const ActionKinds& actions, const QuestionKinds& questions);

}  // namespace sallyport
