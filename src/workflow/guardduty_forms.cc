// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_forms.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/guardduty_finding.h"
#include "workflow/security_hub.h"

namespace sallyport {
namespace {

constexpr std::string_view kProduct = "product/aws/guardduty";
constexpr std::string_view kService = "aws/guardduty/service/";
constexpr std::string_view kInstanceType = "AwsEc2Instance";

std::string LowerFirst(std::string name) {
  if (!name.empty() && name.front() >= 'A' && name.front() <= 'Z') {
    name.front() = static_cast<char>(name.front() - 'A' + 'a');
  }
  return name;
}

// As deep as the parser lets a document be.
void WriteWithEventNames(const Json& value, JsonWriter& out) {
  if (value.IsObject()) {
    out.BeginObject();
    for (const Json::Member& member : value.Members()) {
      out.Key(LowerFirst(member.key));
      WriteWithEventNames(member.value, out);
    }
    out.EndObject();
  } else if (value.IsArray()) {
    out.BeginArray();
    for (const Json& element : value.Elements()) WriteWithEventNames(element, out);
    out.EndArray();
  } else {
    out.Raw(value.ToText());
  }
}

bool HasCapitals(const Json& finding) {
  return finding["Type"].IsString() && !finding["type"].HasValue() && finding["Service"].IsObject();
}

bool IsApiFinding(const Json& json) {
  return HasCapitals(json) && (json["Resource"].HasValue() || json["Arn"].HasValue());
}

Event EventOfApiFinding(const Json& finding, JsonFields& fields) {
  const auto detail = WithEventNames(finding);
  if (!detail.ok()) {
    fields.Fail(detail.error());
    return {};
  }
  return GuardDutyBareForm().read(*detail, fields);
}

// ---------------------------------------------------------------------------------------------- Security Hub

// "TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS": Security Hub's types have slashes of their own, so
// GuardDuty writes `-` for the one in its type, which stands behind the kind of resource.
std::string TypeOf(const Json& finding) {
  for (const Json& type : finding["Types"].Elements()) {
    std::string text = type.StringOr("");
    text.erase(0, text.rfind('/') + 1);
    const std::size_t colon = text.find(':');
    const std::size_t dash = colon == std::string::npos ? colon : text.find('-', colon);
    if (dash == std::string::npos) continue;
    text[dash] = '/';
    return text;
  }
  return "";
}

// One without a type of GuardDuty's stays Security Hub's.
bool IsHubFinding(const Json& json) {
  return json["ProductArn"].StringOr("").find(kProduct) != std::string::npos && !TypeOf(json).empty();
}

std::string_view ResourceOfType(std::string_view type) {
  const std::size_t colon = type.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view rest = type.substr(colon + 1);
  return rest.substr(0, rest.find('/'));
}

std::vector<Json> InstancesOf(const Json& finding) {
  std::vector<Json> instances;
  for (const Json& resource : finding["Resources"].Elements()) {
    if (resource["Type"].StringOr("") == kInstanceType) instances.push_back(resource);
  }
  return instances;
}

// Findings about access keys and buckets list the instance of whoever called: the type says what it is about.
bool IsAboutInstance(std::string_view type, const std::vector<Json>& instances) {
  const std::string_view resource = ResourceOfType(type);
  return !instances.empty() && (resource == "EC2" || resource == "Runtime");
}

std::string OtherResource(const Json& finding) {
  const auto resources = finding["Resources"].Elements();
  const std::string type = resources.empty() ? "" : resources.front()["Type"].StringOr("");
  if (type == "AwsIamAccessKey") return "AccessKey";
  if (type == "AwsS3Bucket") return "S3Bucket";
  // An instance beside a type that is not about instances.
  return type.empty() || type == kInstanceType ? "AccessKey" : type;
}

// What is no object of texts is passed on as it is, so that the reader of the finding refuses it: a tag that cannot be
// read may be the one that says to leave the host alone.
void WriteTags(const Json& tags, JsonWriter& out) {
  if (!tags.HasValue()) return;
  out.Key("tags");
  if (!tags.IsObject()) return static_cast<void>(out.BeginArray().Raw(tags.ToText()).EndArray());
  out.BeginArray();
  for (const Json::Member& tag : tags.Members()) {
    out.BeginObject().Member("key", tag.key).Key("value").Raw(tag.value.ToText()).EndObject();
  }
  out.EndArray();
}

// The id is an ARN, or the instance's id alone.
std::string InstanceIdOf(const Json& instance) {
  const std::string id = instance["Id"].StringOr("");
  return id.substr(id.find_last_of("/:") + 1);
}

void WriteResource(const Json& finding, std::string_view type, JsonWriter& out) {
  const std::vector<Json> instances = InstancesOf(finding);
  const bool is_about = IsAboutInstance(type, instances);
  out.Key("resource").BeginObject();
  out.Member("resourceType", is_about ? std::string("Instance") : OtherResource(finding));
  if (!instances.empty()) {
    const Json& instance = instances.front();
    out.Key("instanceDetails").BeginObject().Member("instanceId", InstanceIdOf(instance));
    out.Member("arn", instance["Id"].StringOr(""));
    WriteTags(instance["Tags"], out);
    out.EndObject();
  }
  out.EndObject();
}

// All instances but the first, as an attack sequence names its hosts.
void WriteFurtherInstances(const Json& finding, std::string_view type, JsonWriter& out) {
  const std::vector<Json> instances = InstancesOf(finding);
  if (instances.size() < 2 || !IsAboutInstance(type, instances)) return;
  out.Key("detection").BeginObject().Key("sequence").BeginObject().Key("resources").BeginArray();
  for (std::size_t i = 1; i < instances.size(); ++i) {
    out.BeginObject().Member("resourceType", "EC2_INSTANCE").Member("uid", instances[i]["Id"].StringOr(""));
    WriteTags(instances[i]["Tags"], out);
    out.EndObject();
  }
  out.EndArray().EndObject().EndObject();
}

// A member whose text Security Hub carries among its product fields.
void WriteText(const Json& fields, std::string_view name, JsonWriter& out) {
  const std::string text = fields[std::string(kService) + std::string(name)].StringOr("");
  if (!text.empty()) out.Member(name, text);
}

void WriteService(const Json& finding, std::string_view type, JsonWriter& out) {
  const Json fields = finding["ProductFields"];
  const bool archived = finding["RecordState"].StringOr("") == "ARCHIVED" ||
                        fields[std::string(kService) + "archived"].StringOr("") == "true";
  out.Key("service").BeginObject().Member("archived", archived);
  for (const std::string_view name : {"eventFirstSeen", "eventLastSeen", "resourceRole"}) WriteText(fields, name, out);
  const auto count = fields[std::string(kService) + "count"].WholeNumber();
  if (count) out.Member("count", *count);
  const bool sample =
      finding["Sample"].BoolOr(false) || fields[std::string(kService) + "additionalInfo/sample"].StringOr("") == "true";
  out.Key("additionalInfo").BeginObject().Member("sample", sample);
  WriteText(fields, "additionalInfo/value", out);
  out.EndObject();
  WriteFurtherInstances(finding, type, out);
  out.EndObject();
}

// GuardDuty's own number, 0 to 10; else Security Hub's, 0 to 100.
void WriteSeverity(const Json& severity, JsonWriter& out) {
  out.Key("severity");
  if (severity["Product"].IsNumber()) return static_cast<void>(out.Raw(severity["Product"].ToText()));
  if (severity["Normalized"].IsNumber()) return static_cast<void>(out.Double(severity["Normalized"].DoubleOr(0) / 10));
  out.Null();
}

std::string DetailOfHubFinding(const Json& finding) {
  const std::string type = TypeOf(finding);
  const std::string arn = finding["Id"].StringOr("");
  JsonWriter out;
  out.BeginObject().Member("schemaVersion", "2.0").Member("accountId", finding["AwsAccountId"].StringOr(""));
  out.Member("region", finding["Region"].StringOr("")).Member("id", arn.substr(arn.rfind('/') + 1)).Member("arn", arn);
  out.Member("type", type).Member("title", finding["Title"].StringOr(""));
  out.Member("description", finding["Description"].StringOr(""));
  out.Member("createdAt", finding["CreatedAt"].StringOr("")).Member("updatedAt", finding["UpdatedAt"].StringOr(""));
  WriteSeverity(finding["Severity"], out);
  WriteResource(finding, type, out);
  WriteService(finding, type, out);
  out.EndObject();
  return out.Take();
}

Event EventOfHubFinding(const Json& finding, JsonFields& fields) {
  const auto detail = Json::Parse(DetailOfHubFinding(finding));
  if (!detail.ok()) {
    fields.Fail(detail.error());
    return {};
  }
  return GuardDutyBareForm().read(*detail, fields);
}

}  // namespace

BareForm GuardDutyApiForm() {
  return {"`Type` with `Resource` and `Service` (aws guardduty get-findings)", IsApiFinding, EventOfApiFinding};
}

BareForm GuardDutyHubForm() {
  return {.members = "`ProductArn` of GuardDuty with `Types` (Security Hub)",
          .is = IsHubFinding,
          .read = EventOfHubFinding,
          .carried = FindingsOfHub,
          .left = HubEventWith};
}

Result<Json> WithEventNames(const Json& detail) {
  if (!HasCapitals(detail)) return detail;
  JsonWriter out;
  WriteWithEventNames(detail, out);
  return Json::Parse(out.text());
}

}  // namespace sallyport
