// SPDX-License-Identifier: Apache-2.0
//
// Heads of the chain that were kept elsewhere, and whether the ledger still has them. A chain cannot tell by itself
// that its end was cut off, that its newest records went with a deleted log, or that all of it was computed anew: who
// kept a line's number and hash can.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/audit.h"

namespace sallyport {

// Every so many lines one is told as a head, beside the first and the newest: a change that is found lies between two
// of them. More apart in a ledger so long that there would be over kMostHeads of them.
inline constexpr std::int64_t kLinesBetweenHeads = 1'000;
inline constexpr std::int64_t kMostHeads = 10'000;
// The first line, those in between, the newest. Empty: a ledger without lines.
Result<std::vector<ChainHead>> HeadsOf(Audit& audit);

// "line 17 hash 4ccc..."
std::string HeadText(const ChainHead& head);
// {"number":17,"at":"2026-...","hash":"4ccc..."}
std::string HeadJson(const ChainHead& head);

// The head that a line of text holds: the JSON of a head, a line of an export, or any text with HeadText somewhere in
// it, like a line of a log. Nothing: it holds none.
std::optional<ChainHead> HeadIn(std::string_view line);

// Takes heads one by one, in any order, and tells at the end how the ledger differs from them.
class HeadsComparison {
 public:
  // `from` names where the heads were kept: "`heads.jsonl`".
  HeadsComparison(Audit& audit, std::string from) : audit_(audit), from_(std::move(from)) {}

  Status Compare(const ChainHead& head);
  std::int64_t compared() const { return compared_; }
  // In sentences; empty: the ledger has every one of them.
  Result<std::vector<std::string>> Differences();

 private:
  std::string ChangedText() const;

  Audit& audit_;
  std::string from_;
  std::int64_t compared_ = 0;
  std::int64_t changed_ = 0;          // lines with another hash
  std::vector<std::int64_t> same_{};  // numbers of lines that are as they were; 8 bytes for each
  ChainHead first_changed_{};
  std::string its_hash_now_;
  std::int64_t highest_missing_ = 0;
};

}  // namespace sallyport
