// SPDX-License-Identifier: Apache-2.0
//
// The answer to the question about findings (patch_question.h): coverage, placement, messages, the new patch ledger.
// Pure.
#pragma once

#include "workflow/patch_question.h"

namespace sallyport {

void AnswerPatchFindings(const FollowUpContext& context, const PatchFacts& facts, const WorkflowSettings& settings,
                         TimePoint now, Plan& plan);

}  // namespace sallyport
