// SPDX-License-Identifier: Apache-2.0
#include "workflow/inspector_sweep.h"

#include <algorithm>

#include "base/json_fields.h"
#include "base/text.h"
#include "workflow/inspector.h"
#include "workflow/inspector_settings.h"
#include "workflow/patch_question.h"

namespace sallyport {
namespace {

constexpr std::size_t kUnreadShown = 50;

Result<SweepReport> ReadSweep(const Event& event) {
  JsonFields fields;
  SweepReport report;
  const auto vanished = fields.Array(event.detail["vanished"]).Elements();
  if (vanished.size() > kMostVanished) {
    return Error{ErrorCode::kTooLarge, "detail.vanished: more than " + std::to_string(kMostVanished), ""};
  }
  for (const Json& key : vanished) report.vanished.push_back(fields.Text(key));
  for (const Json& place : fields.Array(event.detail["unread"]).Elements()) report.unread.push_back(fields.Text(place));
  report.findings = static_cast<std::size_t>(std::max<std::int64_t>(fields.Whole(event.detail["findings"], 0), 0));
  const auto at = event.detail["at"].AsInt64();
  if (!at.ok()) return at.error();
  report.at = FromEpochMilliseconds(*at);
  if (!fields.status().ok()) return fields.status().error();
  return report;
}

std::vector<Matter> AboutSweep(const SweepReport& report, const WorkflowSettings&) {
  Matter matter;
  matter.service = kInspectorService;
  matter.subject = "sweeps";
  matter.title = "sweep of all findings";
  matter.time = report.at;
  return {matter};
}

NoSweepFacts GatherNoSweep(const SweepReport&, const Matter&, Sources&, const WorkflowSettings&) {
  return {};
}

void JoinSweep(const SweepReport& report, const NoSweepFacts&, const WorkflowSettings& settings, Plan& plan) {
  const auto& own = settings.rows.Get<InspectorSettings>();
  plan.reasons.push_back("a sweep up to " + FormatTime(report.at) + " met " + CountText(report.findings, "finding") +
                         "; " + std::to_string(report.vanished.size()) + " are gone");
  for (std::size_t i = 0; i < report.unread.size() && i < kUnreadShown; ++i) {
    plan.reasons.push_back("could not be read, so nothing of it counts as gone: " + report.unread[i]);
  }
  plan.collect =
      Collect{{PatchFindings{std::string(kTenant)}, MatterOfPatches(kTenant)},
              SweepMember("sweep", {report.vanished}),
              {own.window, std::max(own.window, own.window_at_most), static_cast<std::size_t>(own.window_members)}};
}

}  // namespace

std::string SweepDetail(const SweepReport& report) {
  JsonWriter out;
  out.BeginObject().Member("at", ToEpochMilliseconds(report.at));
  out.Member("findings", static_cast<std::int64_t>(report.findings));
  out.Member("vanished", report.vanished).Member("unread", report.unread);
  return out.EndObject().Take();
}

std::vector<std::string> Vanished(const PatchLedger& ledger, const std::set<std::string>& whole_places,
                                  const std::set<std::string>& met) {
  std::vector<std::string> gone;
  for (const auto& [key, entry] : ledger.entries) {
    const Host& host = entry.finding.host;
    if (entry.closed_at || met.contains(key)) continue;
    if (whole_places.contains(host.account + "/" + host.region)) gone.push_back(key);
  }
  return gone;
}

WorkflowOf<SweepReport, NoSweepFacts> InspectorSweepWorkflow() {
  return {.name = "inspector-sweep",
          .service = kInspectorService,
          .source = kSweepSource,
          .detail_types = {kSweepDetailType},
          .read = ReadSweep,
          .about = AboutSweep,
          .decline = nullptr,
          .gather = GatherNoSweep,
          .plan = JoinSweep};
}

}  // namespace sallyport
