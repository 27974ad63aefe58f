// SPDX-License-Identifier: Apache-2.0
//
// A plan as the ledger keeps it.
#pragma once

#include "ledger/ledger.h"
#include "workflow/plan.h"

namespace sallyport {

NewPlan PlanForLedger(const Plan& plan);

}  // namespace sallyport
