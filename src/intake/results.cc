// SPDX-License-Identifier: Apache-2.0
#include "intake/results.h"

#include "executor/ledger_history.h"

namespace sallyport {

ResultFacts ResultsOf(const Case& shown, Ledger& ledger, bool forwarded, TimePoint now) {
  ResultFacts facts;
  facts.forwarded = forwarded;
  facts.until = shown.record.closed_at.value_or(now);
  for (const ActionRecord& action : shown.actions) {
    const auto scan = ScanSeenOf(action.action.kind, action.action.what, ToString(action.state), action.changed_at);
    if (scan) facts.scans.push_back(*scan);
  }
  LedgerHistory history(ledger);
  auto evidence = history.EvidenceOf(shown.record.number.value);
  if (evidence.ok()) {
    facts.evidence = *std::move(evidence);
  } else {
    facts.unread = evidence.error().message;
  }
  const auto heard = ledger.FindDocument(kSwpHeardDocument);
  if (heard.ok() && heard->has_value()) facts.heard = (*heard)->at;
  if (!heard.ok()) facts.unread = heard.error().message;
  return facts;
}

}  // namespace sallyport
