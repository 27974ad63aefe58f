// SPDX-License-Identifier: Apache-2.0
//
// Events of our own making: questions that are due, and what comes of their answers.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "event/event.h"
#include "intake/handle.h"
#include "ledger/ledger.h"
#include "workflow/matter.h"

namespace sallyport {

// JSON that the ledger kept.
Result<Json> ParseOwn(const std::string& text);

// Such an event for the ledger; its subject, title and case are the caller's to say.
NewEvent OwnEvent(const Event& event, const Matter& matter, const std::string& owner);

// An action that failed in a plan of ours and may succeed when the question is asked again; nullptr: none.
const ActionOutcome* FailureIn(const std::vector<PlanReport>& plans);

}  // namespace sallyport
