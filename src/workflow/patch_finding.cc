// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_finding.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/json_fields.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr double kHigh = 7;
constexpr double kMedium = 4;

int Rank(FindingStatus status) {
  switch (status) {
    case FindingStatus::kActive:
      return 0;
    case FindingStatus::kSuppressed:
      return 1;
    case FindingStatus::kClosed:
      break;
  }
  return 2;
}

bool DecidesSomething(std::string_view tag, const OwnerSettings& owners, const std::string& exclusion_tag) {
  if (tag == exclusion_tag || tag == "Name" || tag.starts_with("aws:") || tag == "eks:cluster-name") return true;
  return std::any_of(owners.owner_tags.begin(), owners.owner_tags.end(),
                     [&](const std::string& owner) { return EqualsIgnoreCase(owner, tag); });
}

std::string ShortNumber(double number) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.3g", number);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void WritePatchFinding(JsonWriter& out, const PatchFinding& finding) {
  out.BeginObject().Member("arn", finding.arn).Member("cves", finding.cves).Key("host");
  WriteHost(out, finding.host);
  out.Member("status", ToString(finding.status)).Member("updated", ToEpochMilliseconds(finding.updated));
  if (finding.first_observed) out.Member("first", ToEpochMilliseconds(*finding.first_observed));
  out.Key("severity").Double(finding.severity);
  if (finding.epss) out.Key("epss").Double(*finding.epss);
  if (finding.exploit_available) out.Member("exploit", true);
  if (!finding.fix_available.empty()) out.Member("fix", finding.fix_available);
  if (!finding.fixed_in.empty()) out.Member("fixed_in", finding.fixed_in);
  if (!finding.platform.empty()) out.Member("platform", finding.platform);
  if (finding.vanished) out.Member("vanished", true);
  out.EndObject();
}

Result<PatchFinding> PatchFindingFromJson(const Json& json) {
  JsonFields fields;
  PatchFinding finding;
  finding.arn = fields.RequiredText(json["arn"]);
  for (const Json& cve : fields.Array(json["cves"]).Elements()) finding.cves.push_back(fields.Text(cve));
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  finding.host = *std::move(host);
  const auto status = FindingStatusFromWord(fields.RequiredText(json["status"]));
  if (!status) fields.Expected(json["status"], "a status of a finding", "another word");
  if (status) finding.status = *status;
  const auto updated = json["updated"].AsInt64();
  if (!updated.ok()) return updated.error();
  finding.updated = FromEpochMilliseconds(*updated);
  if (json["first"].HasValue()) finding.first_observed = FromEpochMilliseconds(fields.Whole(json["first"], 0));
  finding.severity = json["severity"].DoubleOr(0);
  if (json["epss"].HasValue()) finding.epss = json["epss"].DoubleOr(0);
  finding.exploit_available = fields.Flag(json["exploit"]);
  finding.fix_available = fields.Text(json["fix"]);
  finding.fixed_in = fields.Text(json["fixed_in"]);
  finding.platform = fields.Text(json["platform"]);
  finding.vanished = fields.Flag(json["vanished"]);
  if (!fields.status().ok()) return fields.status().error();
  return finding;
}

PatchFinding PatchFindingOf(const InspectorFinding& finding, const Host& host, std::vector<std::string> cves,
                            const OwnerSettings& owners, const std::string& exclusion_tag) {
  PatchFinding made;
  made.arn = finding.arn;
  made.cves = std::move(cves);
  made.host = host;
  if (made.host.tags) {
    std::erase_if(*made.host.tags,
                  [&](const swp::Tag& tag) { return !DecidesSomething(tag.name, owners, exclusion_tag); });
  }
  made.status = finding.status;
  made.updated = finding.updated_at.value_or(TimePoint{});
  made.first_observed = finding.first_observed;
  made.severity = finding.severity;
  made.epss = finding.epss;
  made.exploit_available = finding.exploit_available;
  made.fix_available = finding.fix_available;
  made.fixed_in = finding.fixed_in;
  made.platform = finding.platform;
  return made;
}

std::string BelowThreshold(double severity, bool exploit_available, std::optional<double> epss,
                           const InspectorSettings& settings, std::string* lifted) {
  if (severity >= settings.min_severity) return "";
  const bool by_exploit = settings.exploit_lifts && exploit_available && kHigh >= settings.min_severity;
  const bool by_epss = epss && *epss >= settings.min_epss && kMedium >= settings.min_severity;
  if (by_exploit || by_epss) {
    if (lifted != nullptr)
      *lifted = by_exploit ? "an exploit is known, so it counts as high"
                           : "its EPSS score is " + ShortNumber(*epss) + ", so it counts as medium";
    return "";
  }
  return "its severity " + ShortNumber(severity) + " is below inspector.min_severity " +
         ShortNumber(settings.min_severity);
}

double LiftedSeverity(const InspectorFinding& finding, const InspectorSettings& settings) {
  double severity = finding.severity;
  if (settings.exploit_lifts && finding.exploit_available) severity = std::max(severity, kHigh);
  if (finding.epss && *finding.epss >= settings.min_epss) severity = std::max(severity, kMedium);
  return severity;
}

bool IsNewer(const PatchFinding& one, const PatchFinding& than) {
  if (one.updated != than.updated) return one.updated > than.updated;
  return Rank(one.status) > Rank(than.status);
}

}  // namespace sallyport
