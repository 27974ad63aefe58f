// SPDX-License-Identifier: Apache-2.0
//
// Inspector: a case is one CVE in one account, its hosts are its subjects. A finding does not act by itself: it joins
// the question about all findings of the SWP tenant (patch_question.h), which answers hundreds of them at once.
// docs/inspector.md says what is done.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/inspector_finding.h"
#include "workflow/inspector_settings.h"
#include "workflow/workflow.h"

namespace sallyport {

inline constexpr std::string_view kInspectorName = "inspector";
inline constexpr std::string_view kInspectorService = "Inspector";

// What one event is about: one CVE in one account, with the findings of the event that name it. Of a finding that names
// more CVEs than an event may have cases the rest are one case together.
struct InspectorTopic {
  Matter matter;
  std::vector<std::string> cves;      // none: it is about a finding without a CVE
  std::vector<std::size_t> findings;  // places in the report
};
struct InspectorReport {
  std::vector<InspectorFinding> findings;
  // When it was so: of the event, or of the sweep that met them. What a finding says of itself may be years ago.
  std::optional<TimePoint> time = std::nullopt;
};
// At least one. Pure.
std::vector<InspectorTopic> TopicsOf(const InspectorReport& report, const InspectorSettings& settings);

// It reads nothing: its events join.
struct InspectorFacts {};

WorkflowOf<InspectorReport, InspectorFacts> InspectorWorkflow();
// The same findings, carried by Security Hub.
WorkflowOf<InspectorReport, InspectorFacts> InspectorHubWorkflow();

// The case of the answers: one for the tenant.
Matter MatterOfPatches(std::string_view tenant);

}  // namespace sallyport
