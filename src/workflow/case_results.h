// SPDX-License-Identifier: Apache-2.0
//
// What SWP reported about a case, for who answers the question whether it has ended: read from the ledger, waited for a
// while after its scans, told in its message.
#pragma once

#include <optional>

#include "action/host.h"
#include "workflow/question_kind.h"
#include "workflow/swp_evidence.h"

namespace sallyport {

// The document of the ledger that is replaced with each message of SWP that is taken.
inline constexpr std::string_view kSwpHeardDocument = "swp-events/received";

ResultFacts GatherResults(const FollowUpContext& context, Sources& sources, const WorkflowSettings& settings);

// Until when results of scans that ended are waited for; nothing: there are none to wait for. Pure.
std::optional<TimePoint> ResultsAwaitedUntil(const ResultFacts& facts, const WorkflowSettings& settings);

// The headline of an outcome where SWP reported malware on the host's case: "Malware found: web-01
// (i-0123456789abcdef0): 2 detections, 1 not handled"; empty: it did not, or not on this host. Pure.
std::string MalwareHeadline(const Host& host, const ResultFacts& facts);

}  // namespace sallyport
