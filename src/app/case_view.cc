// SPDX-License-Identifier: Apache-2.0
#include "app/case_view.h"

#include "intake/results.h"
#include "intake/told_case.h"
#include "workflow/swp_evidence.h"

namespace sallyport {
namespace {

ViewRecord RecordOf(const ResultFacts& facts, std::vector<std::string> words) {
  const SwpEvidence& evidence = facts.evidence;
  return {{"says", std::move(words), Place::kEach, "says"},
          {"forwarded", facts.forwarded},
          {"events", evidence.CountAll()},
          {"detections", evidence.Count(SwpEventKind::kMalware)},
          {"detections_not_handled", evidence.MalwareLeft()},
          {"integrity_changes", evidence.Count(SwpEventKind::kIntegrity)},
          {"blocked", std::vector<std::string>(evidence.blocked.begin(), evidence.blocked.end())},
          {"seen", std::vector<std::string>(evidence.lines.begin(), evidence.lines.end()), Place::kEach, "seen"},
          {"newest", evidence.newest ? ViewValue(*evidence.newest) : ViewValue()}};
}

}  // namespace

ShownCase ViewWithResults(const Case& shown, Ledger& ledger, const ProgramTables& tables, bool forwarded,
                          TimePoint now) {
  const ResultFacts facts = ResultsOf(shown, ledger, forwarded, now);
  ShownCase made{ViewOf(shown), facts.unread};
  if (std::vector<std::string> words = WordsOf(facts); !words.empty()) {
    made.view.insert(made.view.begin() + 1, {"results", "results", Form::kOne, {RecordOf(facts, std::move(words))}});
  }
  const ActionKinds kinds = KindsOf(tables.actions);
  const NoticeSettings notices;
  const std::vector<std::string> why =
      WhyNeedsPerson({shown, kinds, tables.workflows.questions, notices, Duration{0}, now, facts});
  if (!why.empty()) {
    made.view.insert(made.view.begin() + 1,
                     {"needs_person", "needs a person", Form::kOne, {{{"why", why, Place::kEach, "why"}}}});
  }
  return made;
}

}  // namespace sallyport
