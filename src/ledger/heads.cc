// SPDX-License-Identifier: Apache-2.0
#include "ledger/heads.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kHashDigits = 64;
// Of each hash in a sentence.
constexpr std::size_t kShownHash = 12;
constexpr std::string_view kLineWord = "line ";
constexpr std::string_view kHashWord = " hash ";

bool IsHash(std::string_view text) {
  return text.size() == kHashDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<ChainHead> HeadOf(std::int64_t number, std::string_view hash) {
  if (number < 1 || !IsHash(hash)) return std::nullopt;
  return ChainHead{number, {}, std::string(hash)};
}

// A line of JSON with a number and a hash; the rest of it does not matter.
std::optional<ChainHead> HeadInJson(std::string_view line) {
  const auto json = Json::Parse(line);
  if (!json.ok() || !(*json)["hash"].IsString() || !(*json)["number"].IsNumber()) return std::nullopt;
  return HeadOf((*json)["number"].Int64Or(0), (*json)["hash"].StringOr(""));
}

// "line 17 hash 4ccc..." at `at`.
std::optional<ChainHead> HeadAt(std::string_view text, std::size_t at) {
  const char* begin = text.data() + at + kLineWord.size();
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(begin, text.data() + text.size(), number);
  if (failed != std::errc{}) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!rest.starts_with(kHashWord)) return std::nullopt;
  return HeadOf(number, rest.substr(kHashWord.size(), kHashDigits));
}

Result<std::optional<ChainHead>> HeadNumbered(Audit& audit, std::int64_t number) {
  const auto lines = audit.History(number - 1, 1);
  if (!lines.ok()) return lines.error();
  if (lines->empty() || lines->front().number != number) return std::optional<ChainHead>();
  return std::optional(ChainHead{number, lines->front().at, lines->front().hash});
}

std::string LinesText(std::int64_t first, std::int64_t last) {
  return first == last ? "line " + std::to_string(first) + " is"
                       : "lines " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

}  // namespace

Result<std::vector<ChainHead>> HeadsOf(Audit& audit) {
  std::vector<ChainHead> heads;
  const auto newest = audit.NewestHead();
  if (!newest.ok()) return newest.error();
  if (!newest->has_value()) return heads;
  std::int64_t step = kLinesBetweenHeads;
  while ((*newest)->number / step > kMostHeads) step *= 10;
  std::set<std::int64_t> numbers = {1};
  for (std::int64_t number = step; number < (*newest)->number; number += step) numbers.insert(number);
  for (const std::int64_t number : numbers) {
    if (number == (*newest)->number) continue;
    auto head = HeadNumbered(audit, number);
    if (!head.ok()) return head.error();
    // A line that is missing is told by Verify.
    if (head->has_value()) heads.push_back(**std::move(head));
  }
  heads.push_back(**newest);
  return heads;
}

std::string HeadText(const ChainHead& head) {
  return std::string(kLineWord) + std::to_string(head.number) + std::string(kHashWord) + head.hash;
}

std::string HeadJson(const ChainHead& head) {
  JsonWriter out;
  out.BeginObject().Member("number", head.number).Member("at", FormatTime(head.at)).Member("hash", head.hash);
  out.EndObject();
  return out.Take();
}

std::optional<ChainHead> HeadIn(std::string_view line) {
  line = Trim(line);
  if (line.starts_with('{')) {
    if (auto head = HeadInJson(line)) return head;
  }
  for (std::size_t at = line.find(kLineWord); at != std::string_view::npos; at = line.find(kLineWord, at + 1)) {
    if (auto head = HeadAt(line, at)) return head;
  }
  return std::nullopt;
}

Status HeadsComparison::Compare(const ChainHead& head) {
  ++compared_;
  const auto now = HeadNumbered(audit_, head.number);
  if (!now.ok()) return now.error();
  if (!now->has_value()) {
    highest_missing_ = std::max(highest_missing_, head.number);
  } else if ((*now)->hash == head.hash) {
    same_.push_back(head.number);
  } else {
    ++changed_;
    if (changed_ == 1 || head.number < first_changed_.number) {
      first_changed_ = head;
      its_hash_now_ = (*now)->hash;
    }
  }
  return Ok();
}

std::string HeadsComparison::ChangedText() const {
  std::int64_t before = 0;
  for (const std::int64_t number : same_) {
    if (number < first_changed_.number) before = std::max(before, number);
  }
  std::string text = "line " + std::to_string(first_changed_.number) + " is not the one that " + from_ +
                     " holds (its hash is " + its_hash_now_.substr(0, kShownHash) + "..., there " +
                     first_changed_.hash.substr(0, kShownHash) + "...): ";
  text += before == 0 ? "it is another ledger, or all of it was written again"
                      : "what was written after line " + std::to_string(before) + ", which is the same, was changed";
  if (changed_ > 1) text += "; " + std::to_string(changed_ - 1) + " more of its lines differ";
  return text;
}

Result<std::vector<std::string>> HeadsComparison::Differences() {
  std::vector<std::string> differences;
  if (changed_ > 0) differences.push_back(ChangedText());
  if (highest_missing_ == 0) return differences;
  const auto newest = audit_.NewestHead();
  if (!newest.ok()) return newest.error();
  const std::int64_t last = newest->has_value() ? (*newest)->number : 0;
  const std::string ends = last == 0 ? "the ledger is empty" : "the ledger ends with line " + std::to_string(last);
  if (highest_missing_ > last) {
    differences.push_back(LinesText(last + 1, highest_missing_) + " missing: " + ends + ", and " + from_ +
                          " holds line " + std::to_string(highest_missing_) +
                          " (its `-wal` file was deleted, or this is an older copy, or the end was cut off)");
  } else {
    differences.push_back("line " + std::to_string(highest_missing_) + " is missing, and " + from_ + " holds it");
  }
  return differences;
}

}  // namespace sallyport
