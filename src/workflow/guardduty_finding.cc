// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_finding.h"

#include <algorithm>
#include <utility>

#include "base/json_fields.h"
#include "base/text.h"
#include "workflow/guardduty_forms.h"
#include "workflow/guardduty_hosts.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownTimeBytes = 64;
constexpr double kHighestSeverity = 10;
// The instance that GuardDuty puts into generated sample findings (user guide, "Sample findings").
constexpr std::string_view kSampleInstance = "i-99999999";

double ReadGuardDutySeverity(const Json& place, JsonFields& fields) {
  const Result<double> severity = place.AsDouble();
  if (!severity.ok()) {
    fields.Fail(severity.error());
    return 0;
  }
  if (*severity < 0 || *severity > kHighestSeverity) {
    fields.Expected(place, "a number from 0 to 10", place.ToText());
  }
  return *severity;
}

// A time is worth having and not worth losing a finding for.
std::optional<TimePoint> ReadGuardDutyTime(const Json& place, JsonFields& fields, std::vector<std::string>& notes) {
  const std::string text = fields.Text(place);
  if (text.empty()) return std::nullopt;
  auto time = ParseTime(text);
  if (!time) notes.push_back(place.Path() + ": `" + Printable(text, kShownTimeBytes) + "` is not a time; left out");
  return time;
}

// Some samples say `"False"`.
bool ReadFlag(const Json& place, JsonFields& fields) {
  const std::string text = place.StringOr("");
  if (EqualsIgnoreCase(text, "true")) return true;
  if (EqualsIgnoreCase(text, "false")) return false;
  return fields.Flag(place);
}

ResourceRole ReadRole(const Json& place, JsonFields& fields) {
  const std::string role = fields.Text(place);
  if (role == "TARGET") return ResourceRole::kTarget;
  if (role == "ACTOR") return ResourceRole::kActor;
  return ResourceRole::kUnknown;
}

std::string PartitionOf(const std::string& arn, const std::string& region) {
  if (arn.starts_with("arn:")) {
    if (std::string partition = arn.substr(4, arn.find(':', 4) - 4); !partition.empty()) return partition;
  }
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

// Both `true` and `"True"` are in real samples.
bool SaysSample(const Json& info) {
  const Json sample = info["sample"];
  return sample.BoolOr(false) || EqualsIgnoreCase(sample.StringOr(""), "true");
}

// additionalInfo is free form, so nothing in it is an error. Since 2022 it is `{"value": "<JSON in a string>",
// "type"}`.
bool IsSample(const Json& detail, const std::string& title, std::vector<std::string>& notes) {
  const Json info = detail["service"]["additionalInfo"];
  const Json value = info["value"];
  if (SaysSample(info) || SaysSample(value) || title.starts_with("[SAMPLE]")) return true;
  if (detail["resource"]["instanceDetails"]["instanceId"].StringOr("") == kSampleInstance) return true;
  const std::string text = value.StringOr("");
  if (text.empty()) return false;
  const Result<Json> inner = Json::Parse(text);
  if (!inner.ok()) notes.push_back(value.Path() + ": not JSON, so it does not say whether this is a sample finding");
  return inner.ok() && SaysSample(*inner);
}

void ReadDescription(const Event& event, JsonFields& fields, GuardDutyFinding& finding) {
  const Json& detail = event.detail;
  finding.type = fields.RequiredText(detail["type"]);
  finding.severity = ReadGuardDutySeverity(detail["severity"], fields);
  finding.id = fields.RequiredText(detail["id"]);
  finding.arn = fields.Text(detail["arn"]);
  finding.title = fields.Text(detail["title"]);
  finding.description = fields.Text(detail["description"]);
  finding.account = ReadAccount(detail["accountId"], event.account, fields);
  finding.region = ReadRegion(detail["region"], event.region, fields);
  finding.partition = fields.Text(detail["partition"]);
  if (finding.partition.empty()) finding.partition = PartitionOf(finding.arn, finding.region);
  finding.created_at = ReadGuardDutyTime(detail["createdAt"], fields, finding.notes);
  finding.updated_at = ReadGuardDutyTime(detail["updatedAt"], fields, finding.notes);
  if (finding.account.empty()) finding.notes.push_back("neither the finding nor its envelope names an account");
  if (!finding.account.empty() && !ParseAccountId(finding.account).ok()) {
    finding.notes.push_back("the account id `" + finding.account + "` does not have twelve digits");
  }
  if (finding.region.empty()) finding.notes.push_back("neither the finding nor its envelope names a region");
}

void ReadService(const Json& service, JsonFields& fields, GuardDutyFinding& finding) {
  finding.first_seen = ReadGuardDutyTime(service["eventFirstSeen"], fields, finding.notes);
  finding.last_seen = ReadGuardDutyTime(service["eventLastSeen"], fields, finding.notes);
  finding.count = fields.Whole(service["count"], 1);
  finding.archived = ReadFlag(service["archived"], fields);
  finding.role = ReadRole(service["resourceRole"], fields);
}

// The members that only a GuardDuty finding has together (GuardDuty API, "Finding"); some tools leave `resource` out.
bool IsFinding(const Json& json) {
  const bool is_about =
      json["resource"].HasValue() || json["arn"].StringOr("").find(":guardduty:") != std::string::npos;
  return json["type"].HasValue() && is_about && json["service"].HasValue();
}

Event EventOfFinding(const Json& finding, JsonFields& fields) {
  Event event;
  event.source = kGuardDutySource;
  event.detail_type = kGuardDutyDetailType;
  event.account = fields.Text(finding["accountId"]);
  event.region = fields.Text(finding["region"]);
  event.time = ParseTime(finding["updatedAt"].StringOr(""));
  event.detail = finding;
  return event;
}

}  // namespace

BareForm GuardDutyBareForm() {
  return {"`type` with `resource` and `service` (GuardDuty finding)", IsFinding, EventOfFinding};
}

Result<GuardDutyFinding> ReadGuardDutyFinding(const Event& as_it_came) {
  auto detail = WithEventNames(as_it_came.detail);
  if (!detail.ok()) return detail.error();
  Event event = as_it_came;
  event.detail = *std::move(detail);
  JsonFields fields;
  GuardDutyFinding finding;
  ReadDescription(event, fields, finding);
  ReadService(fields.Object(event.detail["service"]), fields, finding);
  finding.sample = IsSample(event.detail, finding.title, finding.notes);
  ReadResources(event.detail, fields, finding);
  if (!fields.status().ok()) return fields.status().error();
  // An attack sequence names its instances elsewhere.
  finding.sample =
      finding.sample || std::any_of(finding.hosts.begin(), finding.hosts.end(),
                                    [](const AffectedHost& host) { return host.instance.value == kSampleInstance; });
  return finding;
}

}  // namespace sallyport
