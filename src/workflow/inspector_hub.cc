// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector_hub.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "workflow/guardduty_hosts.h"
#include "workflow/security_hub.h"

namespace sallyport {
namespace {

constexpr std::string_view kProductArn = ":product/aws/inspector";
constexpr std::size_t kShownFix = 200;

bool IsOfInspector(const Json& finding) {
  return finding["ProductArn"].StringOr("").ends_with(kProductArn) ||
         finding["ProductFields"]["aws/securityhub/ProductName"].StringOr("") == "Inspector";
}

double NumberOr(const Json& place, double fallback) {
  if (place.IsNumber()) return place.DoubleOr(fallback);
  const std::string text = place.StringOr("");
  double number = fallback;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty() ? number : fallback;
}

FindingStatus HubStatus(const Json& finding) {
  const std::string of_inspector = finding["ProductFields"]["aws/inspector/FindingStatus"].StringOr("");
  if (const auto status = FindingStatusFromWord(of_inspector); status && *status != FindingStatus::kActive)
    return *status;
  // Security Hub archives what its product no longer reports; a person may have suppressed it there.
  if (finding["RecordState"].StringOr("") == "ARCHIVED") return FindingStatus::kClosed;
  return finding["Workflow"]["Status"].StringOr("") == "SUPPRESSED" ? FindingStatus::kSuppressed
                                                                    : FindingStatus::kActive;
}

void ReadVulnerability(const Json& vulnerability, JsonFields& fields, InspectorFinding& finding) {
  AddVulnerabilityId(fields.Text(vulnerability["Id"]), finding);
  for (const Json& related : fields.Array(vulnerability["RelatedVulnerabilities"]).Elements()) {
    AddVulnerabilityId(fields.Text(related), finding);
  }
  if (fields.Text(vulnerability["ExploitAvailable"]) == "YES") finding.exploit_available = true;
  if (finding.fix_available.empty()) finding.fix_available = Printable(fields.Text(vulnerability["FixAvailable"]), 20);
  if (!finding.epss && vulnerability["EpssScore"].HasValue()) finding.epss = NumberOr(vulnerability["EpssScore"], 0);
  for (const Json& package : fields.Array(vulnerability["VulnerablePackages"]).Elements()) {
    const std::string fixed = fields.Text(package["FixedInVersion"]);
    if (fixed.empty() || fixed == "NotAvailable" || finding.fixed_in.size() > kShownFix) continue;
    finding.fixed_in += (finding.fixed_in.empty() ? "" : ", ") + Printable(fields.Text(package["Name"]), 60) + " " +
                        Printable(fixed, 80);
  }
}

void ReadHubResource(const Json& resource, JsonFields& fields, InspectorFinding& finding) {
  const std::string type = fields.Text(resource["Type"]);
  if (type != "AwsEc2Instance") {
    if (finding.no_host_reason.empty())
      finding.no_host_reason = "the finding is about a resource of type `" + Printable(type, 60) +
                               "`, not an EC2 instance: no agent protects it";
    return;
  }
  AddInstance(fields.RequiredText(resource["Id"]), resource["Id"],
              ReadRegion(resource["Region"], finding.region, fields), resource["Tags"], fields, finding);
}

InspectorFinding ReadHubFinding(const Json& json, const Event& event, JsonFields& fields) {
  InspectorFinding finding;
  finding.through = "Security Hub";
  finding.arn = fields.RequiredText(json["Id"]);
  finding.account = ReadAccount(json["AwsAccountId"], event.account, fields);
  finding.region = ReadRegion(json["Region"], event.region, fields);
  finding.title = Printable(fields.Text(json["Title"]), 200);
  finding.status = HubStatus(json);
  finding.updated_at = ParseTime(fields.Text(json["UpdatedAt"]));
  finding.first_observed = ParseTime(fields.Text(json["FirstObservedAt"]));
  const auto vulnerabilities = fields.Array(json["Vulnerabilities"]).Elements();
  bool is_network = false;
  for (const Json& type : fields.Array(json["Types"]).Elements()) {
    is_network = is_network || fields.Text(type).find("Network Reachability") != std::string::npos;
  }
  finding.type = !vulnerabilities.empty() ? "PACKAGE_VULNERABILITY"
                 : is_network             ? "NETWORK_REACHABILITY"
                                          : "PACKAGE_VULNERABILITY";
  for (const Json& vulnerability : vulnerabilities) ReadVulnerability(vulnerability, fields, finding);
  for (const Json& resource : fields.Array(json["Resources"]).Elements()) ReadHubResource(resource, fields, finding);
  FinishFinding(fields.Text(json["Severity"]["Label"]),
                NumberOr(json["ProductFields"]["aws/inspector/inspectorScore"], 0), finding);
  return finding;
}

Event EventOfInspectorInHub(const Json& finding, JsonFields& fields) {
  Event event;
  event.source = kSecurityHubSource;
  event.detail_type = kSecurityHubDetailType;
  event.account = fields.Text(finding["AwsAccountId"]);
  event.region = fields.Text(finding["Region"]);
  event.time = ParseTime(finding["UpdatedAt"].StringOr(""));
  const auto detail = Json::Parse("{\"findings\":[" + finding.ToText() + "]}");
  if (detail.ok()) {
    event.detail = *detail;
  } else {
    fields.Fail(detail.error());
  }
  return event;
}

}  // namespace

BareForm InspectorHubForm() {
  return {.members = "`ProductArn` of Inspector (Security Hub)",
          .is = IsOfInspector,
          .read = EventOfInspectorInHub,
          .carried = FindingsOfHub,
          .left = HubEventWith};
}

bool CarriesInspector(const Event& event) {
  const auto findings = event.detail["findings"].Elements();
  return std::any_of(findings.begin(), findings.end(), [](const Json& finding) { return IsOfInspector(finding); });
}

Result<std::vector<InspectorFinding>> ReadHubFindings(const Event& event) {
  JsonFields fields;
  std::vector<InspectorFinding> findings;
  for (const Json& element : fields.Array(event.detail["findings"]).Elements()) {
    if (!IsOfInspector(element)) continue;
    if (findings.size() == kMostFindings) {
      return Error{ErrorCode::kTooLarge, "more than " + std::to_string(kMostFindings) + " findings in one event", ""};
    }
    findings.push_back(ReadHubFinding(element, event, fields));
  }
  if (!fields.status().ok()) return fields.status().error();
  return findings;
}

}  // namespace sallyport
