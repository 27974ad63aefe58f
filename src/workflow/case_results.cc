// SPDX-License-Identifier: Apache-2.0
#include "workflow/case_results.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/swp_events_settings.h"

namespace sallyport {

ResultFacts GatherResults(const FollowUpContext& context, Sources& sources, const WorkflowSettings& settings) {
  ResultFacts facts;
  facts.forwarded = settings.rows.Get<SwpEventsSettings>().AreTaken();
  facts.until = sources.now;
  for (const auto& action : context.case_actions) {
    const auto scan = ScanSeenOf(KindOf(action.action), WhatOf(action.action), action.state, action.changed_at);
    if (scan) facts.scans.push_back(*scan);
  }
  if (sources.history != nullptr) {
    auto evidence = sources.history->EvidenceOf(context.case_number);
    if (evidence.ok()) {
      facts.evidence = *std::move(evidence);
    } else {
      facts.unread = evidence.error().message;
    }
  }
  if (sources.documents != nullptr && facts.forwarded) {
    const auto heard = sources.documents->FindDocument(kSwpHeardDocument);
    if (heard.ok() && heard->has_value()) facts.heard = (*heard)->at;
    if (!heard.ok()) facts.unread = heard.error().message;
  }
  return facts;
}

std::optional<TimePoint> ResultsAwaitedUntil(const ResultFacts& facts, const WorkflowSettings& settings) {
  if (!facts.forwarded) return std::nullopt;
  std::optional<TimePoint> ended;
  for (const ScanSeen& scan : facts.scans) {
    if (scan.finished_at && (!ended || *ended < *scan.finished_at)) ended = scan.finished_at;
  }
  if (!ended) return std::nullopt;
  return *ended + settings.rows.Get<SwpEventsSettings>().wait;
}

std::string MalwareHeadline(const Host& host, const ResultFacts& facts) {
  const SwpEvidence& evidence = facts.evidence;
  const std::int64_t found = evidence.Count(SwpEventKind::kMalware);
  if (found == 0 || !evidence.hosts.contains(host.Subject())) return "";
  const std::int64_t left = evidence.MalwareLeft();
  std::string text = "Malware found: " + TitleOf(host) + ": " + std::to_string(found);
  text += found == 1 ? " detection" : " detections";
  // They are counted for the whole case.
  if (evidence.hosts.size() > 1) text += " on " + CountText(evidence.hosts.size(), "host") + " of the case";
  return text + (left == 0 ? ", all handled by SWP" : ", " + std::to_string(left) + " not handled");
}

}  // namespace sallyport
