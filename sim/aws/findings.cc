// SPDX-License-Identifier: Apache-2.0
//
// The services that find things: Inspector, GuardDuty, Macie. Findings are records in the wire's form.
#include "base/text.h"
#include "sim/aws/criteria.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

// --- Inspector2

constexpr PageRule kInspector2Pages{.token_in = "nextToken",
                                    .token_out = "nextToken",
                                    .size_in = "maxResults",
                                    .largest = 100,
                                    .bad_token = "ValidationException",
                                    .bad_size = "ValidationException"};

Answer Filtered(const Call& call, std::string_view section, std::string_view key) {
  const auto& criteria = ObjectOf(call.in, "filterCriteria");
  const auto unknown = UnknownFilterMember(criteria);
  if (!unknown.empty()) {
    return Fail(400, "ValidationException", "The simulator does not filter by " + Printable(unknown, 60));
  }
  std::vector<const json::object*> found;
  for (const json::object& record : call.regional->Set(section)) {
    if (FilterHolds(record, criteria)) found.push_back(&record);
  }
  return OnePage(call, key, found, kInspector2Pages);
}

Answer ListInspector2Findings(World&, const Call& call) {
  return Filtered(call, "inspectorFindings", "findings");
}
Answer ListInspector2Coverage(World&, const Call& call) {
  return Filtered(call, "inspectorCoverage", "coveredResources");
}

// --- GuardDuty

Failure BadRequest(const std::string& why) {
  auto failure = Fail(400, "BadRequestException", "The request is rejected because " + why);
  failure.more["__type"] = "InvalidInputException";
  return failure;
}

Answer ListDetectors(World&, const Call& call) {
  json::array ids;
  for (const json::object& detector : call.regional->Set("detectors")) ids.emplace_back(TextOf(detector, "detectorId"));
  const PageRule rule{.token_in = "NextToken",
                      .token_out = "nextToken",
                      .size_in = "MaxResults",
                      .default_size = 50,
                      .largest = 50,
                      .bad_token = "BadRequestException",
                      .bad_size = "BadRequestException"};
  return OnePage(call, "detectorIds", ids, rule);
}

std::optional<Failure> CheckDetector(const Call& call) {
  const auto id = TextOf(call.in, "DetectorId");
  if (FindRecord(call.regional->Set("detectors"), "detectorId", id) != nullptr) return std::nullopt;
  return BadRequest("the input detectorId is not owned by the current account.");
}

Answer GetGuardDutyFindings(World&, const Call& call) {
  if (auto problem = CheckDetector(call)) return *problem;
  const auto ids = TextsOf(call.in, "findingIds");
  if (ids.size() > 50) return BadRequest("the parameter findingIds has more than 50 elements.");
  json::array found;
  for (const std::string& id : ids) {
    const auto* finding = FindRecord(call.regional->Set("guardDutyFindings"), "id", id);
    if (finding != nullptr) found.push_back(*finding);
  }
  return json::object{{"findings", std::move(found)}};
}

// --- Macie

Answer GetMacieFindings(World&, const Call& call) {
  const auto ids = TextsOf(call.in, "findingIds");
  if (ids.empty() || ids.size() > 50) return Fail(400, "ValidationException", "findingIds must have 1 to 50 elements");
  json::array found;
  for (const std::string& id : ids) {
    const auto* finding = FindRecord(call.regional->Set("macieFindings"), "id", id);
    if (finding != nullptr) found.push_back(*finding);
  }
  return json::object{{"findings", std::move(found)}};
}

constexpr OperationSpec kInspector2Operations[] = {
    {"ListFindings", "maxResults nextToken filterCriteria sortCriteria", ListInspector2Findings, "POST",
     "/findings/list"},
    {"ListCoverage", "maxResults nextToken filterCriteria", ListInspector2Coverage, "POST", "/coverage/list"},
};
constexpr OperationSpec kGuardDutyOperations[] = {
    {"ListDetectors", "MaxResults?maxResults NextToken?nextToken", ListDetectors, "GET", "/detector"},
    {"GetFindings", "DetectorId* findingIds* sortCriteria", GetGuardDutyFindings, "POST",
     "/detector/{DetectorId}/findings/get"},
};
constexpr OperationSpec kMacie2Operations[] = {
    {"GetFindings", "findingIds* sortCriteria", GetMacieFindings, "POST", "/findings/describe"},
};

}  // namespace

const ServiceSpec kInspector2Service{"inspector2", "inspector2", "2020-06-08",         Protocol::kRestJson,
                                     "",           "",           kInspector2Operations};
const ServiceSpec kGuardDutyService{"guardduty", "guardduty", "2017-11-28",        Protocol::kRestJson,
                                    "",          "",          kGuardDutyOperations};
const ServiceSpec kMacie2Service{"macie2", "macie2", "2020-01-01", Protocol::kRestJson, "", "", kMacie2Operations};

}  // namespace sallyport::aws_sim
