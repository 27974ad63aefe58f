// SPDX-License-Identifier: Apache-2.0
//
// What is proposed of rules that we assigned: that they go when nothing needs them (edge cases I5, I17), and that they
// block when they have only detected for long enough (I18). Every such action is held for approval. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "workflow/inspector_settings.h"
#include "workflow/patch_placement.h"
#include "workflow/patch_question.h"
#include "workflow/plan.h"

namespace sallyport {

struct ProposalContext {
  const PatchFacts& facts;
  const InspectorSettings& settings;
  std::int64_t window;  // WindowOf: what is proposed once is marked with it
  TimePoint now;
};

// Marks in the ledger what was proposed. `needs`: hosts that lack rules in this answer, of which some may have too
// many.
std::vector<PlannedAction> ProposePatchChanges(const ProposalContext& context, const std::vector<PatchNeed>& needs,
                                               PatchLedger& ledger);

}  // namespace sallyport
