// SPDX-License-Identifier: Apache-2.0
#include "app/case_view.h"

#include "intake/results.h"
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

ShownCase ViewWithResults(const Case& shown, Ledger& ledger, bool forwarded, TimePoint now) {
  const ResultFacts facts = ResultsOf(shown, ledger, forwarded, now);
  ShownCase made{ViewOf(shown), facts.unread};
  std::vector<std::string> words = WordsOf(facts);
  if (words.empty()) return made;
  made.view.insert(made.view.begin() + 1, {"results", "results", Form::kOne, {RecordOf(facts, std::move(words))}});
  return made;
}

}  // namespace sallyport
