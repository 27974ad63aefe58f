// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_forms.h"

#include <string>
#include <string_view>

#include "base/json.h"
#include "workflow/macie_finding.h"
#include "workflow/security_hub.h"

namespace sallyport {
namespace {

constexpr std::string_view kMacieProduct = "product/aws/macie";
constexpr double kMacieHighFrom = 70;  // of Security Hub's 0 to 100
constexpr double kMacieMediumFrom = 40;

// "Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal": Macie writes `-` for the slash in its type.
std::string MacieTypeOf(const Json& finding) {
  for (const Json& type : finding["Types"].Elements()) {
    std::string text = type.StringOr("");
    text.erase(0, text.rfind('/') + 1);
    const bool is_macies = text.starts_with("SensitiveData:") || text.starts_with("Policy:");
    const std::size_t dash = text.find('-');
    if (!is_macies || dash == std::string::npos) continue;
    text[dash] = '/';
    return text;
  }
  return "";
}

bool IsMacieHubFinding(const Json& json) {
  return json["ProductArn"].StringOr("").find(kMacieProduct) != std::string::npos && !MacieTypeOf(json).empty();
}

std::string BucketInHub(const Json& finding) {
  for (const Json& resource : finding["Resources"].Elements()) {
    const std::string id = resource["Id"].StringOr("");
    if (resource["Type"].StringOr("") == "AwsS3Bucket") return id.substr(id.rfind(':') + 1);
  }
  return "";
}

// Macie has three bands.
std::string_view MacieWordOf(const Json& severity) {
  const std::string label = severity["Label"].StringOr("");
  if (label == "LOW" || label == "INFORMATIONAL") return "Low";
  if (label == "MEDIUM") return "Medium";
  if (label == "HIGH" || label == "CRITICAL") return "High";
  if (!severity["Normalized"].IsNumber()) return "";
  const double normalized = severity["Normalized"].DoubleOr(0);
  return normalized >= kMacieHighFrom ? "High" : normalized >= kMacieMediumFrom ? "Medium" : "Low";
}

std::string DetailOfMacieInHub(const Json& finding) {
  const std::string type = MacieTypeOf(finding);
  const std::string id = finding["Id"].StringOr("");
  JsonWriter out;
  out.BeginObject().Member("id", id.substr(id.rfind('/') + 1)).Member("type", type);
  out.Member("category", type.starts_with("Policy:") ? "POLICY" : "CLASSIFICATION");
  out.Member("accountId", finding["AwsAccountId"].StringOr("")).Member("region", finding["Region"].StringOr(""));
  out.Member("title", finding["Title"].StringOr("")).Member("description", finding["Description"].StringOr(""));
  out.Member("createdAt", finding["CreatedAt"].StringOr("")).Member("updatedAt", finding["UpdatedAt"].StringOr(""));
  out.Member("archived", finding["RecordState"].StringOr("") == "ARCHIVED");
  out.Member("sample", finding["Sample"].BoolOr(false));
  out.Key("severity").BeginObject().Member("description", MacieWordOf(finding["Severity"])).EndObject();
  out.Key("resourcesAffected").BeginObject().Key("s3Bucket").BeginObject();
  out.Member("name", BucketInHub(finding)).EndObject().EndObject().EndObject();
  return out.Take();
}

Event EventOfMacieInHub(const Json& finding, JsonFields& fields) {
  const auto detail = Json::Parse(DetailOfMacieInHub(finding));
  if (detail.ok()) return MacieBareForm().read(*detail, fields);
  fields.Fail(detail.error());
  return {};
}

}  // namespace

BareForm MacieHubForm() {
  return {.members = "`ProductArn` of Macie with `Types` (Security Hub)",
          .is = IsMacieHubFinding,
          .read = EventOfMacieInHub,
          .carried = FindingsOfHub,
          .left = HubEventWith};
}

}  // namespace sallyport
