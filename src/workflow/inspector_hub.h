// SPDX-License-Identifier: Apache-2.0
//
// Findings of Inspector as Security Hub carries them (ASFF). A part of ReadInspectorFindings(). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/inspector_finding.h"

namespace sallyport {

// Of an event of `aws.securityhub`: those of Inspector alone. Errors: as ReadInspectorFindings.
Result<std::vector<InspectorFinding>> ReadHubFindings(const Event& event);

// One such finding alone, in lists of `aws securityhub get-findings` and in events of Security Hub, which the parser
// takes apart: each is an event of its own.
BareForm InspectorHubForm();

// Parts that both forms share.
//
// An id of a vulnerability: a CVE, or an advisory of somebody else; a malformed CVE is noted.
void AddVulnerabilityId(const std::string& id, InspectorFinding& finding);
// `id`: the id of an EC2 instance, or its ARN, which says whose it is; `place`: where it stands; `tags`: an object of
// names and values, or nothing.
void AddInstance(const std::string& id, const Json& place, std::string region, const Json& tags, JsonFields& fields,
                 InspectorFinding& finding);
// What follows from the rest: severity, the title as the last resort, why there is no host.
void FinishFinding(std::string_view severity, double score, InspectorFinding& finding);

}  // namespace sallyport
