// SPDX-License-Identifier: Apache-2.0
//
// What a sweep over Inspector ends with: an event of our own that says which findings are gone. It joins the question
// about findings as they do, whose answer then looks at everything that is open. The sweep reads the lists themselves
// outside of here (app/inspector_lists.h) and hands in each finding that is new to the patch ledger like any other.
#pragma once

#include <string>
#include <vector>

#include "workflow/patch_ledger.h"
#include "workflow/workflow.h"

namespace sallyport {

inline constexpr std::string_view kSweepSource = "sallyport.inspector";
inline constexpr std::string_view kSweepDetailType = "Sallyport Inspector Sweep";

struct SweepReport {
  std::vector<std::string> vanished;  // PatchFinding::Key; at most kMostVanished
  std::vector<std::string> unread;    // what could not be read, for people
  std::size_t findings = 0;           // that were met
  TimePoint at;                       // the fixed end of what was asked
};
struct NoSweepFacts {};

// So many fit into one member; more are several events.
inline constexpr std::size_t kMostVanished = 80;

// The detail of the event.
std::string SweepDetail(const SweepReport& report);

// Those of the ledger that are open, of one of these places ("111122223333/us-east-1"), and were not met.
std::vector<std::string> Vanished(const PatchLedger& ledger, const std::set<std::string>& whole_places,
                                  const std::set<std::string>& met);

WorkflowOf<SweepReport, NoSweepFacts> InspectorSweepWorkflow();

}  // namespace sallyport
