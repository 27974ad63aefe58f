// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector_finding.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "base/bounds.h"
#include "base/ids.h"
#include "base/severity.h"
#include "base/text.h"
#include "workflow/guardduty_hosts.h"
#include "workflow/inspector_hub.h"
#include "workflow/whose_host.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostPackages = 5;
constexpr std::size_t kMostAdvisories = 20;
constexpr std::size_t kMostNotes = 10;
constexpr std::size_t kShownVersion = 80;
constexpr std::size_t kShownId = 60;
constexpr std::size_t kFewestCveDigits = 4;
constexpr std::size_t kMostCveDigits = 19;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// How long the CVE id at the front of `text` is; 0: there is none, or it goes on where it should end.
std::size_t LengthOfCve(std::string_view text) {
  constexpr std::string_view kPrefix = "cve-";
  constexpr std::size_t kYear = 4;
  if (text.size() < kPrefix.size() || !EqualsIgnoreCase(text.substr(0, kPrefix.size()), kPrefix)) return 0;
  std::size_t at = kPrefix.size();
  for (std::size_t i = 0; i < kYear; ++i, ++at) {
    if (at >= text.size() || !IsDigit(text[at])) return 0;
  }
  if (at >= text.size() || text[at] != '-') return 0;
  const std::size_t first = ++at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  const std::size_t digits = at - first;
  if (digits < kFewestCveDigits || digits > kMostCveDigits) return 0;
  const bool goes_on = at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  return goes_on ? 0 : at;
}

std::string UpperAscii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

void AddOnce(std::string text, std::vector<std::string>& list) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void AddNote(std::string note, InspectorFinding& finding) {
  if (finding.notes.size() < kMostNotes) finding.notes.push_back(std::move(note));
}

std::optional<TimePoint> FromSeconds(double seconds) {
  // The years 1970 to 9999.
  constexpr double kEndOfTime = 253402300799.0;
  if (!std::isfinite(seconds) || seconds <= 0 || seconds > kEndOfTime) return std::nullopt;
  return FromEpochMilliseconds(static_cast<std::int64_t>(std::llround(seconds * 1000)));
}

// `Wed Sep 04 16:59:44.356 UTC 2024`: read as the ISO form of the same.
std::optional<TimePoint> FromJavaDate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::vector<std::string_view> words;
  while (!text.empty() && words.size() < 7) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (words.size() != 6 || words[4] != "UTC") return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[1]);
  if (month == kMonths.end()) return std::nullopt;
  std::string number = std::to_string(month - kMonths.begin() + 1);
  if (number.size() == 1) number.insert(0, "0");
  std::string day(words[2]);
  if (day.size() == 1) day.insert(0, "0");
  return ParseTime(std::string(words[5]) + "-" + number + "-" + day + "T" + std::string(words[3]) + "Z");
}

// Inspector's word decides the band; its score where within it.
double SeverityOf(std::string_view word, double score, InspectorFinding& finding) {
  struct Band {
    std::string_view word;
    double value;
    double from;
    double to;
  };
  constexpr std::array<Band, 5> kBands = {{{"CRITICAL", 9.5, 9, 10},
                                           {"HIGH", 8, 7, 8.9},
                                           {"MEDIUM", 5, 4, 6.9},
                                           {"LOW", 2, 1, 3.9},
                                           {"INFORMATIONAL", 0.5, 0, 0.9}}};
  for (const Band& band : kBands) {
    if (EqualsIgnoreCase(band.word, word)) return score >= band.from && score <= band.to ? score : band.value;
  }
  // UNTRIAGED, or newer than this program: how bad it is is not known, so it counts as medium.
  AddNote("its severity is `" + Printable(word, kShownId) + "`: counted as medium", finding);
  return score > 0 ? score : 5;
}

void ReadPackages(const Json& packages, JsonFields& fields, InspectorFinding& finding) {
  std::size_t named = 0;
  for (const Json& package : fields.Array(packages).Elements()) {
    const std::string version = fields.Text(package["fixedInVersion"]);
    // Inspector's word for a version that does not exist.
    if (version.empty() || version == "NotAvailable") continue;
    if (++named > kMostPackages) continue;
    finding.fixed_in += (finding.fixed_in.empty() ? "" : ", ") + Printable(fields.Text(package["name"]), kShownId) +
                        " " + Printable(version, kShownVersion);
  }
  if (named > kMostPackages) finding.fixed_in += " and " + std::to_string(named - kMostPackages) + " more";
}

void ReadPackageVulnerability(const Json& details, JsonFields& fields, InspectorFinding& finding) {
  AddVulnerabilityId(fields.Text(details["vulnerabilityId"]), finding);
  for (const Json& related : fields.Array(details["relatedVulnerabilities"]).Elements()) {
    AddVulnerabilityId(fields.Text(related), finding);
  }
  ReadPackages(details["vulnerablePackages"], fields, finding);
}

void ReadExposure(const Json& details, JsonFields& fields, InspectorFinding& finding) {
  if (!details.IsObject()) return;
  const Json ports = details["openPortRange"];
  finding.exposure = Printable(fields.Text(details["protocol"]), kShownId) + " " +
                     std::to_string(fields.Whole(ports["begin"], 0)) + "-" +
                     std::to_string(fields.Whole(ports["end"], 0)) + " is reachable";
  const auto steps = fields.Array(details["networkPath"]["steps"]).Elements();
  if (!steps.empty()) finding.exposure += " through " + Printable(fields.Text(steps.front()["componentId"]), kShownId);
}

// A value that is no text is damage: its tag may be the one that says to leave the host alone. So may be one of too
// many.
void ReadTagMap(const Json& tags, JsonFields& fields, Host& host) {
  if (!tags.IsObject()) return;
  const auto members = tags.Members();
  host.tags_unreadable = members.size() > bounds::kTagsPerHost;
  if (host.tags_unreadable) return;
  host.tags.emplace();
  for (const auto& [name, value] : members) host.tags->push_back({name, fields.Text(value)});
}

// What a resource that is no EC2 instance is, for people.
std::string OutOfReach(std::string_view type) {
  if (type == "AWS_ECR_CONTAINER_IMAGE" || type == "AWS_ECR_REPOSITORY" || type == "AwsEcrContainerImage")
    return "a container image in ECR: an agent protects hosts; rebuild the image";
  if (type == "AWS_LAMBDA_FUNCTION" || type == "AwsLambdaFunction") return "a Lambda function: no agent runs there";
  if (type == "CODE_REPOSITORY") return "a code repository, not a host";
  return "a resource of type `" + Printable(type, kShownId) + "`, not an EC2 instance";
}

void ReadResource(const Json& resource, JsonFields& fields, InspectorFinding& finding) {
  const std::string type = fields.RequiredText(resource["type"]);
  const std::string id = fields.RequiredText(resource["id"]);
  if (type != "AWS_EC2_INSTANCE") {
    if (finding.no_host_reason.empty()) finding.no_host_reason = "the finding is about " + OutOfReach(type);
    return;
  }
  AddInstance(id, resource["id"], ReadRegion(resource["region"], finding.region, fields), resource["tags"], fields,
              finding);
  const Json instance = resource["details"]["awsEc2Instance"];
  finding.platform = Printable(fields.Text(instance["platform"]), kShownId);
}

Event EventOfInspector(const Json& finding, JsonFields& fields) {
  Event event;
  event.source = kInspectorSource;
  event.detail = finding;
  event.detail_type = kInspectorDetailType;
  event.account = fields.Text(finding["awsAccountId"]);
  event.time = ReadInspectorTime(finding["updatedAt"]);
  return event;
}

bool IsInspectorFinding(const Json& json) {
  return json["findingArn"].HasValue() && json["resources"].HasValue();
}

// "arn:aws:inspector2:eu-central-1:111122223333:finding/..." -> "eu-central-1".
std::string RegionOfArn(const std::string& arn) {
  std::size_t begin = 0;
  for (int part = 0; part < 3; ++part) {
    begin = arn.find(':', begin);
    if (begin == std::string::npos) return "";
    ++begin;
  }
  const std::string region = arn.substr(begin, arn.find(':', begin) - begin);
  return ParseRegion(region).ok() ? region : "";
}

Result<std::vector<InspectorFinding>> ReadListedFindings(const Event& event) {
  JsonFields fields;
  std::vector<InspectorFinding> findings;
  const auto elements = fields.Array(event.detail["findings"]).Elements();
  if (elements.size() > kMostFindings) {
    return Error{ErrorCode::kTooLarge,
                 "a list of " + CountText(elements.size(), "finding") + ", more than " + std::to_string(kMostFindings) +
                     " in one event",
                 "give the list to `sallyport inspect FILE`, or each finding on a line"};
  }
  for (const Json& element : elements) {
    findings.push_back(ReadInspectorFinding(element, event.account, event.region, fields));
  }
  if (!fields.status().ok()) return fields.status().error();
  return findings;
}

}  // namespace

std::string_view ToString(FindingStatus status) {
  switch (status) {
    case FindingStatus::kActive:
      return "ACTIVE";
    case FindingStatus::kClosed:
      return "CLOSED";
    case FindingStatus::kSuppressed:
      break;
  }
  return "SUPPRESSED";
}

std::optional<FindingStatus> FindingStatusFromWord(std::string_view word) {
  for (const auto status : {FindingStatus::kActive, FindingStatus::kClosed, FindingStatus::kSuppressed}) {
    if (EqualsIgnoreCase(ToString(status), word)) return status;
  }
  return std::nullopt;
}

std::optional<std::string> CveId(std::string_view text) {
  text = Trim(text);
  const std::size_t length = LengthOfCve(text);
  if (length == 0 || length != text.size()) return std::nullopt;
  return UpperAscii(text);
}

std::vector<std::string> CvesInText(std::string_view text) {
  std::vector<std::string> cves;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inside_a_word = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
    if (inside_a_word) continue;
    if (const std::size_t length = LengthOfCve(text.substr(at)); length > 0) {
      AddOnce(UpperAscii(text.substr(at, length)), cves);
    }
  }
  return cves;
}

std::optional<TimePoint> ReadInspectorTime(const Json& place) {
  if (place.IsNumber()) return FromSeconds(place.DoubleOr(0));
  const std::string text = place.StringOr("");
  if (text.empty()) return std::nullopt;
  if (const auto time = ParseTime(text)) return time;
  if (const auto time = FromJavaDate(text)) return time;
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return FromSeconds(seconds);
}

void AddVulnerabilityId(const std::string& id, InspectorFinding& finding) {
  if (id.empty()) return;
  if (auto cve = CveId(id)) {
    if (finding.cves.size() < InspectorFinding::kMostCves) {
      AddOnce(*std::move(cve), finding.cves);
    } else {
      AddNote("it names more than " + std::to_string(InspectorFinding::kMostCves) + " CVEs: the others are left out",
              finding);
    }
    return;
  }
  if (EqualsIgnoreCase(id.substr(0, 4), "CVE-")) {
    AddNote("`" + Printable(id, kShownId) + "` is not a CVE id: left out", finding);
  } else if (finding.advisories.size() < kMostAdvisories) {
    AddOnce(Printable(id, kShownId), finding.advisories);
  }
}

void AddInstance(const std::string& id, const Json& place, std::string region, const Json& tags, JsonFields& fields,
                 InspectorFinding& finding) {
  const auto instance = ParseInstanceId(id.substr(id.rfind('/') + 1));
  if (!instance.ok()) return fields.Fail(instance.error().In(place.Path()));
  if (!finding.account.empty() && finding.doubt.empty()) finding.doubt = HostArnDoubt(id, finding.account).value_or("");
  if (finding.hosts.size() >= InspectorFinding::kMostHosts) {
    return AddNote(
        "it names more than " + std::to_string(InspectorFinding::kMostHosts) + " instances: the others are left out",
        finding);
  }
  Host host{finding.account, std::move(region), *instance, "", std::nullopt};
  ReadTagMap(fields.Object(tags), fields, host);
  if (host.tags) {
    for (const swp::Tag& tag : *host.tags) {
      if (tag.name == "Name") host.name = tag.value;
    }
  }
  finding.hosts.push_back(std::move(host));
}

void FinishFinding(std::string_view severity, double score, InspectorFinding& finding) {
  finding.severity = SeverityOf(severity, score, finding);
  if (finding.cves.empty() && finding.type == "PACKAGE_VULNERABILITY") {
    finding.cves = CvesInText(finding.title);
    finding.cves_from_title = !finding.cves.empty();
    if (finding.cves_from_title) AddNote("no id of it is a CVE: taken from its title", finding);
  }
  if (!finding.updated_at) AddNote("it does not say when it was updated", finding);
  if (!finding.hosts.empty()) finding.no_host_reason.clear();
  if (finding.hosts.empty() && finding.no_host_reason.empty()) finding.no_host_reason = "the finding names no resource";
}

InspectorFinding ReadInspectorFinding(const Json& json, const std::string& account, const std::string& region,
                                      JsonFields& fields) {
  InspectorFinding finding;
  finding.arn = fields.RequiredText(json["findingArn"]);
  finding.type = fields.RequiredText(json["type"]);
  finding.account = ReadAccount(json["awsAccountId"], account, fields);
  // The API does not name the region; the ARN does.
  finding.region = region.empty() ? RegionOfArn(finding.arn) : region;
  finding.title = Printable(fields.Text(json["title"]), 200);
  const std::string status = fields.RequiredText(json["status"]);
  if (const auto known = FindingStatusFromWord(status)) {
    finding.status = *known;
  } else if (!status.empty()) {
    fields.Expected(json["status"], "ACTIVE, CLOSED or SUPPRESSED", "`" + Printable(status, kShownId) + "`");
  }
  finding.epss = json["epss"]["score"].IsNumber() ? std::optional(json["epss"]["score"].DoubleOr(0)) : std::nullopt;
  finding.exploit_available = fields.Text(json["exploitAvailable"]) == "YES";
  finding.fix_available = Printable(fields.Text(json["fixAvailable"]), 20);
  finding.updated_at = ReadInspectorTime(json["updatedAt"]);
  finding.first_observed = ReadInspectorTime(json["firstObservedAt"]);
  ReadPackageVulnerability(fields.Object(json["packageVulnerabilityDetails"]), fields, finding);
  ReadExposure(fields.Object(json["networkReachabilityDetails"]), fields, finding);
  for (const Json& resource : fields.Array(json["resources"]).Elements()) ReadResource(resource, fields, finding);
  FinishFinding(fields.Text(json["severity"]), json["inspectorScore"].DoubleOr(0), finding);
  return finding;
}

Result<std::vector<InspectorFinding>> ReadInspectorFindings(const Event& event) {
  if (event.source == kSecurityHubSource) return ReadHubFindings(event);
  if (event.detail_type == kInspectorListDetailType) return ReadListedFindings(event);
  JsonFields fields;
  InspectorFinding finding = ReadInspectorFinding(event.detail, event.account, event.region, fields);
  if (!fields.status().ok()) return fields.status().error();
  // EventBridge's own time is not later than the change that it tells of by more than moments.
  if (!finding.updated_at) finding.updated_at = event.time;
  return std::vector{std::move(finding)};
}

BareForm InspectorBareForm() {
  return {"`findingArn` with `resources` (Inspector finding)", IsInspectorFinding, EventOfInspector};
}

}  // namespace sallyport
