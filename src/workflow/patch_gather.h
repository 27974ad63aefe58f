// SPDX-License-Identifier: Apache-2.0
//
// What the question about findings (patch_question.h) reads: the patch ledger with the members taken into it, the
// rules, and what SWP says about the hosts and policies that they concern.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "workflow/patch_question.h"

namespace sallyport {

PatchFacts GatherPatchFindings(const FollowUpContext& context, const PatchFindings& ask, Sources& sources,
                               const WorkflowSettings& settings);

// ACTIVE, and neither closed nor gone.
bool IsOpenFinding(const PatchEntry& entry);
// What counts as one window: its first event. 0: there is no member.
std::int64_t WindowOf(const FollowUpContext& context);
// The instances that a change of that place reaches; nothing: not known.
std::optional<std::set<std::string>> InstancesAt(const PatchPlaced& placed, const PatchFacts& facts);
// What the patch ledger says of a CVE on a host. Undetermined where the rules were never read.
Coverage CoverageIn(const PatchLedger& ledger, const std::string& cve, const HostView& host);

}  // namespace sallyport
