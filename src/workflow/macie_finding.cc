// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_finding.h"

#include <algorithm>

#include "base/json_fields.h"
#include "base/text.h"
#include "reach/answer.h"
#include "workflow/guardduty_families.h"
#include "workflow/guardduty_hosts.h"

namespace sallyport {
namespace {

constexpr std::string_view kClassic = "Macie Alert";
constexpr std::size_t kMostCategories = 20;

const std::vector<MacieFamily>& Families() {
  static const std::vector<MacieFamily> families = {
      {"credentials", "SensitiveData:S3Object/Credentials",
       "the bucket holds keys or passwords; anyone on a host that can read it could use them"},
      {"sensitive-data", "SensitiveData:*",
       "the bucket holds sensitive data; it could be stolen through any host that can read it"},
      {"exposed", "Policy:IAMUser/S3BucketPublic",
       "the bucket is open to everyone; what hosts read from it and write to it is exposed"},
      {"shared", "Policy:IAMUser/S3BucketShared*",
       "the bucket is shared outside the organization; hosts may read data that outsiders wrote"},
      {"shared-edge", "Policy:IAMUser/S3BucketReplicatedExternally",
       "the bucket is replicated outside the organization; what hosts write to it leaves the organization"},
      {"unguarded", "Policy:IAMUser/S3B*",
       "a protection of the bucket was switched off; the hosts that can reach it are checked"},
      {"classic-alert", "Macie Alert*", "an alert of Macie Classic names the bucket"},
      {"unmapped", "*", "a finding type that this program does not know, about a bucket"},
  };
  return families;
}

// Macie's three bands on the scale of gates and settings.
double ReadMacieSeverity(const Json& severity, JsonFields& fields) {
  const std::string word = ToLowerAscii(fields.RequiredText(severity["description"]));
  if (word == "low") return 2;
  if (word == "medium") return 5;
  if (word == "high") return 8;
  if (!word.empty()) fields.Expected(severity["description"], "Low, Medium or High", "`" + Printable(word, 40) + "`");
  return 0;
}

std::optional<TimePoint> ReadMacieTime(const Json& place, JsonFields& fields, std::vector<std::string>& notes) {
  const std::string text = fields.Text(place);
  if (text.empty()) return std::nullopt;
  auto time = ParseTime(text);
  if (!time) notes.push_back(place.Path() + ": `" + Printable(text, 64) + "` is not a time; left out");
  return time;
}

void AddBucket(const std::string& name, const std::string& path, MacieFinding& finding) {
  if (name.empty() || finding.buckets.size() >= MacieFinding::kMostBuckets) return;
  if (reach::IsBucketName(name)) {
    finding.buckets.push_back(name);
  } else {
    finding.notes.push_back(path + ": `" + Printable(name, 80) + "` is not the name of a bucket; left out");
  }
}

void ReadBucket(const Json& detail, JsonFields& fields, MacieFinding& finding) {
  const Json bucket = fields.Object(detail["resourcesAffected"]["s3Bucket"]);
  AddBucket(fields.Text(bucket["name"]), bucket["name"].Path(), finding);
  finding.exposure = fields.Text(bucket["publicAccess"]["effectivePermission"]);
  if (finding.buckets.empty())
    finding.no_bucket_reason = "the finding names no bucket (resourcesAffected.s3Bucket.name)";
}

std::string Occurrences(std::int64_t count) {
  return CountText(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)), "occurrence");
}

// Categories are Macie's words; names of custom identifiers are people's, and stay out.
void ReadSensitiveData(const Json& result, JsonFields& fields, MacieFinding& finding) {
  for (const Json& item : fields.Array(result["sensitiveData"]).Elements()) {
    if (finding.what.size() >= kMostCategories) return;
    const std::string category = fields.Text(item["category"]);
    if (category.empty()) continue;
    finding.what.push_back(Printable(category, 60) + " (" + Occurrences(fields.Whole(item["totalCount"], 0)) + ")");
  }
  const std::int64_t custom = fields.Whole(result["customDataIdentifiers"]["totalCount"], 0);
  if (custom > 0) finding.what.push_back("custom data identifiers (" + Occurrences(custom) + ")");
}

// Who made the change: an instance's session has its id as its name, which says which host it was (edge case M18).
void ReadActor(const Json& actor, JsonFields& fields, MacieFinding& finding) {
  const Json identity = fields.Object(actor["userIdentity"]);
  const std::string type = fields.Text(identity["type"]);
  if (type.empty()) return;
  finding.actor = Printable(type, 40);
  const std::string arn = fields.Text(identity["assumedRole"]["arn"]);
  if (arn.empty()) return;
  finding.actor += " " + Printable(arn, 200);
  const std::string session = arn.substr(arn.rfind('/') + 1);
  if (const auto id = ParseInstanceId(session); id.ok()) finding.actor += ": EC2 instance " + id->value;
}

void ReadFinding(const Json& detail, const Event& event, JsonFields& fields, MacieFinding& finding) {
  finding.id = fields.RequiredText(detail["id"]);
  finding.type = fields.RequiredText(detail["type"]);
  finding.account = ReadAccount(detail["accountId"], event.account, fields);
  finding.region = ReadRegion(detail["region"], event.region, fields);
  finding.partition = fields.Text(detail["partition"]);
  finding.severity = ReadMacieSeverity(fields.Object(detail["severity"]), fields);
  finding.created_at = ReadMacieTime(detail["createdAt"], fields, finding.notes);
  finding.updated_at = ReadMacieTime(detail["updatedAt"], fields, finding.notes);
  finding.count = fields.Whole(detail["count"], 1);
  finding.archived = fields.Flag(detail["archived"]);
  finding.sample = fields.Flag(detail["sample"]) || fields.Text(detail["title"]).starts_with("[SAMPLE]");
  finding.kind = finding.type.starts_with("Policy:") ? "policy" : "sensitive data";
  ReadBucket(detail, fields, finding);
  ReadSensitiveData(fields.Object(detail["classificationDetails"])["result"], fields, finding);
  ReadActor(fields.Object(detail["policyDetails"])["actor"], fields, finding);
}

// The summary of a classic alert counts what it is about; its member `Bucket`, where it is there, by name.
void ReadClassic(const Json& detail, const Event& event, JsonFields& fields, MacieFinding& finding) {
  finding.id = fields.RequiredText(detail["alert-arn"]);
  finding.type = std::string(kClassic) + ": " + Printable(fields.RequiredText(detail["name"]), 120);
  finding.account = event.account;
  finding.region = event.region;
  finding.kind = "classic alert";
  finding.severity = static_cast<double>(std::clamp<std::int64_t>(fields.Whole(detail["risk-score"], 1), 0, 10));
  finding.created_at = event.time;
  finding.updated_at = event.time;
  const std::string actor = fields.Text(detail["actor"]);
  if (!actor.empty()) finding.actor = Printable(actor, 200);
  for (const auto& [name, number] : fields.Object(detail["summary"])["Bucket"].Members()) {
    AddBucket(std::string(name), "detail.summary.Bucket", finding);
  }
  if (finding.buckets.empty()) {
    finding.no_bucket_reason = "the alert of Macie Classic names no bucket in its summary: look at it in the console";
  }
}

// The members that only a Macie finding has together (Macie API, "Finding").
bool IsMacieFinding(const Json& json) {
  return json["type"].IsString() && json["category"].IsString() &&
         (json["resourcesAffected"].HasValue() || json["classificationDetails"].HasValue() ||
          json["policyDetails"].HasValue());
}

Event EventOfMacieFinding(const Json& finding, JsonFields& fields) {
  Event event;
  event.source = "aws.macie";
  event.detail_type = "Macie Finding";
  event.account = fields.Text(finding["accountId"]);
  event.region = fields.Text(finding["region"]);
  event.time = ParseTime(finding["updatedAt"].StringOr(""));
  event.detail = finding;
  return event;
}

}  // namespace

BareForm MacieBareForm() {
  return {"`type` with `category` and `resourcesAffected` (Macie finding)", IsMacieFinding, EventOfMacieFinding};
}

const std::vector<MacieFamily>& AllMacieFamilies() {
  return Families();
}

const MacieFamily& MacieFamilyOf(std::string_view finding_type) {
  for (const MacieFamily& family : Families()) {
    if (MatchesPattern(family.pattern, finding_type)) return family;
  }
  return Families().back();
}

Result<MacieFinding> ReadMacieFinding(const Event& event) {
  JsonFields fields;
  MacieFinding finding;
  if (event.detail_type == kClassic) {
    ReadClassic(event.detail, event, fields, finding);
  } else {
    ReadFinding(event.detail, event, fields, finding);
  }
  if (!fields.status().ok()) return fields.status().error();
  if (finding.account.empty()) finding.notes.emplace_back("neither the finding nor its envelope names an account");
  if (finding.partition.empty()) {
    finding.partition = finding.region.starts_with("cn-")       ? "aws-cn"
                        : finding.region.starts_with("us-gov-") ? "aws-us-gov"
                                                                : "aws";
  }
  return finding;
}

}  // namespace sallyport
