// SPDX-License-Identifier: Apache-2.0
//
// The services that find things: Inspector (both), GuardDuty, Macie. Findings are records in the wire's form.
#include "base/text.h"
#include "sim/aws/criteria.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

Answer FindingsAnswer(json::object members) {
  return members;
}

Answer PagedFindings(const Call& call, std::string_view key, const json::array& all, const PageRule& rule) {
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::object out{{key, json::array(all.begin() + page.begin, all.begin() + page.end)}};
  PutPage(out, page, rule);
  return out;
}

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
  Page page;
  if (auto problem = TakePage(call, found.size(), kInspector2Pages, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) shown.push_back(*found[i]);
  json::object out{{key, std::move(shown)}};
  PutPage(out, page, kInspector2Pages);
  return out;
}

Answer ListInspector2Findings(World&, const Call& call) {
  return Filtered(call, "inspectorFindings", "findings");
}
Answer ListInspector2Coverage(World&, const Call& call) {
  return Filtered(call, "inspectorCoverage", "coveredResources");
}

// --- Inspector Classic

Answer DescribeClassicFindings(World&, const Call& call) {
  const auto arns = TextsOf(call.in, "findingArns");
  if (arns.empty() || arns.size() > 10)
    return Fail(400, "InvalidInputException", "findingArns must have 1 to 10 elements");
  json::array found;
  json::object failed;
  for (const std::string& arn : arns) {
    const auto* finding = FindRecord(call.regional->Set("inspectorClassicFindings"), "arn", arn);
    if (finding != nullptr) {
      found.push_back(*finding);
    } else {
      failed[arn] = json::object{{"failureCode", "ITEM_DOES_NOT_EXIST"}, {"retryable", false}};
    }
  }
  return FindingsAnswer({{"findings", std::move(found)}, {"failedItems", std::move(failed)}});
}

Answer ListClassicFindings(World&, const Call& call) {
  const auto runs = TextsOf(call.in, "assessmentRunArns");
  json::array arns;
  for (const json::object& finding : call.regional->Set("inspectorClassicFindings")) {
    const auto run = TextOf(ObjectOf(finding, "serviceAttributes"), "assessmentRunArn");
    if (runs.empty() || Contains(runs, run)) arns.emplace_back(TextOf(finding, "arn"));
  }
  return PagedFindings(call, "findingArns", arns,
                       {.token_in = "nextToken",
                        .token_out = "nextToken",
                        .size_in = "maxResults",
                        .default_size = 10,
                        .largest = 500,
                        .bad_token = "InvalidInputException",
                        .bad_size = "InvalidInputException"});
}

// --- GuardDuty

constexpr PageRule kGuardDutyPages{.token_in = "nextToken",
                                   .token_out = "nextToken",
                                   .size_in = "maxResults",
                                   .default_size = 50,
                                   .largest = 50,
                                   .bad_token = "BadRequestException",
                                   .bad_size = "BadRequestException"};

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
  return PagedFindings(call, "detectorIds", ids, rule);
}

std::optional<Failure> CheckDetector(const Call& call) {
  const auto id = TextOf(call.in, "DetectorId");
  if (FindRecord(call.regional->Set("detectors"), "detectorId", id) != nullptr) return std::nullopt;
  return BadRequest("the input detectorId is not owned by the current account.");
}

json::object* FindGuardDuty(const Call& call, const std::string& id) {
  return FindRecord(call.regional->Set("guardDutyFindings"), "id", id);
}

Answer GetGuardDutyFindings(World&, const Call& call) {
  if (auto problem = CheckDetector(call)) return *problem;
  const auto ids = TextsOf(call.in, "findingIds");
  if (ids.size() > 50) return BadRequest("the parameter findingIds has more than 50 elements.");
  json::array found;
  for (const std::string& id : ids) {
    const auto* finding = FindGuardDuty(call, id);
    if (finding != nullptr) found.push_back(*finding);
  }
  return FindingsAnswer({{"findings", std::move(found)}});
}

Answer ListGuardDutyFindings(World&, const Call& call) {
  if (auto problem = CheckDetector(call)) return *problem;
  const auto& criterion = ObjectOf(ObjectOf(call.in, "findingCriteria"), "criterion");
  if (!UnknownOperator(criterion).empty()) return BadRequest("an invalid or out-of-range value is specified.");
  json::array ids;
  for (const json::object& finding : call.regional->Set("guardDutyFindings")) {
    if (CriterionHolds(finding, criterion)) ids.emplace_back(TextOf(finding, "id"));
  }
  return PagedFindings(call, "findingIds", ids, kGuardDutyPages);
}

Answer ArchiveFindings(World&, const Call& call) {
  if (auto problem = CheckDetector(call)) return *problem;
  const auto ids = TextsOf(call.in, "findingIds");
  if (ids.size() > 50) return BadRequest("the parameter findingIds has more than 50 elements.");
  for (const std::string& id : ids) {
    auto* finding = FindGuardDuty(call, id);
    if (finding == nullptr) continue;
    json::object service = ObjectOf(*finding, "service");
    service["archived"] = true;
    (*finding)["service"] = std::move(service);
  }
  return json::object();
}

json::object SampleGuardDuty(World& world, const Call& call, const std::string& type) {
  const auto id = world.NextId("", 32);
  const auto detector = TextOf(call.in, "DetectorId");
  const auto now = FormatTime(call.now);
  json::object service{{"serviceName", "guardduty"},
                       {"detectorId", detector},
                       {"archived", false},
                       {"count", 1},
                       {"eventFirstSeen", now},
                       {"eventLastSeen", now},
                       {"additionalInfo", json::object{{"value", R"({"sample":true})"}, {"type", "default"}}}};
  return {{"schemaVersion", "2.0"},
          {"accountId", call.account->id},
          {"region", call.region},
          {"partition", world.partition},
          {"id", id},
          {"arn", world.Arn("guardduty", call.region, call.account->id, "detector/" + detector + "/finding/" + id)},
          {"type", type},
          {"title", "[SAMPLE] " + type},
          {"description", "A sample finding"},
          {"severity", 5},
          {"createdAt", now},
          {"updatedAt", now},
          {"resource",
           json::object{{"resourceType", "Instance"}, {"instanceDetails", json::object{{"instanceId", "i-99999999"}}}}},
          {"service", std::move(service)}};
}

Answer CreateGuardDutySamples(World& world, const Call& call) {
  if (auto problem = CheckDetector(call)) return *problem;
  auto types = TextsOf(call.in, "findingTypes");
  if (types.size() > 50) return BadRequest("the parameter findingTypes has more than 50 elements.");
  if (types.empty()) types.emplace_back("Recon:EC2/PortProbeUnprotectedPort");
  for (const std::string& type : types) {
    call.regional->Set("guardDutyFindings").push_back(SampleGuardDuty(world, call, type));
  }
  return json::object();
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
  return FindingsAnswer({{"findings", std::move(found)}});
}

Answer ListMacieFindings(World&, const Call& call) {
  const auto& criterion = ObjectOf(ObjectOf(call.in, "findingCriteria"), "criterion");
  const auto unknown = UnknownOperator(criterion);
  if (!unknown.empty()) return Fail(400, "ValidationException", "Unknown operator " + Printable(unknown, 40));
  json::array ids;
  for (const json::object& finding : call.regional->Set("macieFindings")) {
    if (CriterionHolds(finding, criterion)) ids.emplace_back(TextOf(finding, "id"));
  }
  return PagedFindings(call, "findingIds", ids,
                       {.token_in = "nextToken",
                        .token_out = "nextToken",
                        .size_in = "maxResults",
                        .default_size = 50,
                        .largest = 50,
                        .bad_token = "ValidationException",
                        .bad_size = "ValidationException"});
}

Answer CreateMacieSamples(World& world, const Call& call) {
  auto types = TextsOf(call.in, "findingTypes");
  if (types.empty()) types.emplace_back("SensitiveData:S3Object/Personal");
  for (const std::string& type : types) {
    const auto now = FormatTime(call.now);
    json::object bucket{{"arn", world.Arn("s3", "", "", "sample-bucket")}, {"name", "sample-bucket"}};
    call.regional->Set("macieFindings")
        .push_back({{"schemaVersion", "1.0"},
                    {"id", world.NextId("", 32)},
                    {"accountId", call.account->id},
                    {"partition", world.partition},
                    {"region", call.region},
                    {"type", type},
                    {"title", "[SAMPLE] " + type},
                    {"description", "A sample finding"},
                    {"severity", json::object{{"score", 3}, {"description", "High"}}},
                    {"category", type.starts_with("Policy") ? "POLICY" : "CLASSIFICATION"},
                    {"createdAt", now},
                    {"updatedAt", now},
                    {"sample", true},
                    {"count", 1},
                    {"resourcesAffected", json::object{{"s3Bucket", std::move(bucket)}}}});
  }
  return json::object();
}

constexpr Binding kInspector2[] = {{"ListFindings", ListInspector2Findings}, {"ListCoverage", ListInspector2Coverage}};
constexpr Binding kInspector[] = {{"DescribeFindings", DescribeClassicFindings}, {"ListFindings", ListClassicFindings}};
constexpr Binding kGuardDuty[] = {{"ListDetectors", ListDetectors},
                                  {"GetFindings", GetGuardDutyFindings},
                                  {"ListFindings", ListGuardDutyFindings},
                                  {"ArchiveFindings", ArchiveFindings},
                                  {"CreateSampleFindings", CreateGuardDutySamples}};
constexpr Binding kMacie2[] = {{"GetFindings", GetMacieFindings},
                               {"ListFindings", ListMacieFindings},
                               {"CreateSampleFindings", CreateMacieSamples}};

}  // namespace

Bindings Inspector2Bindings() {
  return kInspector2;
}
Bindings InspectorBindings() {
  return kInspector;
}
Bindings GuardDutyBindings() {
  return kGuardDuty;
}
Bindings Macie2Bindings() {
  return kMacie2;
}

}  // namespace sallyport::aws_sim
