// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_archive.h"

#include "base/bounds.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "workflow/guardduty_finding.h"

namespace sallyport {
namespace {

constexpr std::string_view kArchiveName = "guardduty-archive";
constexpr std::string_view kCloudTrail = "AWS API Call via CloudTrail";
constexpr std::string_view kArchiveCall = "ArchiveFindings";

Result<ArchivedFindings> ReadArchive(const Event& event) {
  JsonFields fields;
  ArchivedFindings archived;
  archived.account = event.account;
  archived.region = event.region;
  archived.at = event.time;
  archived.by = fields.Text(event.detail["userIdentity"]["arn"]);
  archived.refused = fields.Text(event.detail["errorCode"]);
  const Json ids = fields.Array(event.detail["requestParameters"]["findingIds"]);
  for (const Json& id : ids.Elements()) {
    if (archived.ids.size() >= bounds::kMattersPerEvent) break;
    archived.ids.push_back(fields.RequiredText(id));
  }
  if (archived.ids.empty()) fields.Expected(ids, "at least one finding", "none");
  if (!fields.status().ok()) return fields.status().error();
  return archived;
}

std::vector<Matter> AboutArchive(const ArchivedFindings& archived, const WorkflowSettings&) {
  std::vector<Matter> matters;
  for (const std::string& id : archived.ids) {
    Matter matter;
    matter.service = "GuardDuty";
    matter.subject = id;
    matter.title = "finding archived";
    matter.account = archived.account;
    matter.region = archived.region;
    matter.time = archived.at;
    matters.push_back(std::move(matter));
  }
  return matters;
}

std::optional<Declined> DeclineArchive(const ArchivedFindings& archived, const Matter&, const WorkflowSettings&) {
  if (!archived.refused.empty()) {
    return Declined{Decision::kNothing,
                    {"GuardDuty refused to archive the finding: " + Printable(archived.refused, 100)}};
  }
  const std::string by = archived.by.empty() ? "an unnamed user" : Printable(archived.by, 200);
  return Declined{
      Decision::kNothing, {"the finding was archived in GuardDuty by " + by + ": recorded, no action"}, true};
}

ArchiveFacts GatherArchive(const ArchivedFindings&, const Matter&, Sources&, const WorkflowSettings&) {
  return {};
}

void DecideArchive(const ArchivedFindings&, const ArchiveFacts&, const WorkflowSettings&, Plan&) {}

}  // namespace

bool IsArchiveRecord(const Event& event) {
  return event.source == kGuardDutySource && event.detail_type == kCloudTrail &&
         event.detail["eventName"].StringOr("") == kArchiveCall;
}

WorkflowOf<ArchivedFindings, ArchiveFacts> GuardDutyArchiveWorkflow() {
  return {.name = kArchiveName,
          .service = "GuardDuty",
          .source = kGuardDutySource,
          .detail_types = {kCloudTrail},
          .read = ReadArchive,
          .about = AboutArchive,
          .decline = DeclineArchive,
          .gather = GatherArchive,
          .plan = DecideArchive,
          .takes = IsArchiveRecord};
}

}  // namespace sallyport
