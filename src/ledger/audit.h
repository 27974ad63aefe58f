// SPDX-License-Identifier: Apache-2.0
//
// Audit: proving the ledger, reading its history page by page, and taking old content away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/numbers.h"

namespace sallyport {

struct HistoryLine {
  std::int64_t number = 0;
  TimePoint at;
  // "event", "plan", "action", "follow-up", "delivery", "case", "document", "retention".
  std::string kind;
  std::int64_t subject = 0;                 // the number of the record that changed, within its kind
  std::optional<EventNumber> event{};       // which it belongs to; of a case: that opened it. Nothing: of a document
  std::optional<CaseNumber> case_number{};  // the same; of an event its first case
  std::string state;  // a word of the kind's states; "removed" for "retention"; "stored", "dropped" for "document"
  std::string reason;
  std::string hash;  // of this line and, through it, of every line before

  std::optional<std::int64_t> SubjectIf(std::string_view of_kind) const {
    return kind == of_kind ? std::optional(subject) : std::nullopt;
  }
};

// A line of history that stands for all lines before it: who keeps its number and its hash elsewhere sees when they are
// not the same any more.
struct ChainHead {
  std::int64_t number = 0;
  TimePoint at;
  std::string hash;
};

// What `ledger verify` found out.
struct Verification {
  std::int64_t lines = 0;           // history lines whose hash was computed again
  std::int64_t removed = 0;         // of these, lines whose reason retention has removed: all but that text is proved
  std::string last_hash;            // of the newest line: keep it elsewhere, and a cut-off end shows as well
  std::int64_t compared = 0;        // heads that were kept elsewhere and were looked for in it
  std::vector<std::string> broken;  // what does not hold, in words; empty: the chain is whole
};

// How long a proof may take: half a minute goes by for a million lines, and reading is linear in them.
inline constexpr Duration kLongestVerify = std::chrono::hours(2);

// All calls may fail with kStorage. Thread-safe.
class Audit {
 public:
  virtual ~Audit() = default;

  // The history lines with a number over `after`, oldest first, at most `limit`: for an export page by page.
  virtual Result<std::vector<HistoryLine>> History(std::int64_t after, std::size_t limit) = 0;
  // The newest line; nothing: there is none yet.
  virtual Result<std::optional<ChainHead>> NewestHead() = 0;
  // Computes every hash again, and compares each record with the newest line about it. kTimeout: it took longer than
  // `within`, and what it had not come to is not known.
  virtual Result<Verification> VerifyWithin(Duration within) = 0;
  Result<Verification> Verify() { return VerifyWithin(kLongestVerify); }
  // Removes bodies, plans' and actions' and follow-ups' JSON, members and all reasons of cases whose newest line is
  // older than `before` and in which nothing is open. The history lines stay with their hashes. How many cases. Not one
  // transaction but one for each hundred cases.
  virtual Result<int> RemoveContent(TimePoint before) = 0;
};

}  // namespace sallyport
