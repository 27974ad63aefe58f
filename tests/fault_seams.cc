// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_seams.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/check.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 5> kSeamNames = {"swp", "aws", "channel", "ledger", "file"};
constexpr std::array<std::string_view, 13> kWayNames = {"refused", "stranger",  "gone", "busy",     "broken",
                                                        "cut",     "cut-after", "half", "nonsense", "empty",
                                                        "stale",   "slow",      "late"};
// The tries of one request: no deadline of a request is longer.
constexpr Duration kTriesOfARequest = std::chrono::minutes(1);

template <class Names>
int PlaceOf(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  Check(found != names.end(), "a word of the fault matrix");
  return static_cast<int>(found - names.begin());
}

// The word before the first space; `text` keeps the rest.
std::string_view TakeWord(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::string BytesOf(const std::string& path) {
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

void SpoilFile(FaultWay way, const std::string& path, const std::string& whole) {
  std::filesystem::remove_all(path);
  if (way == FaultWay::kRefused) std::filesystem::create_directory(path);
  const auto write = [&](std::string_view text) { std::ofstream(path, std::ios::binary) << text; };
  if (way == FaultWay::kHalf) write(std::string_view(whole).substr(0, whole.size() / 2));
  if (way == FaultWay::kNonsense) write("\x01\x02{]:\xff\n");
  if (way == FaultWay::kEmpty) write("");
}

}  // namespace

std::string_view ToString(FaultSeam seam) {
  return kSeamNames.at(static_cast<std::size_t>(seam));
}

std::string_view ToString(FaultWay way) {
  return kWayNames.at(static_cast<std::size_t>(way));
}

std::string ToText(const Operation& operation) {
  return std::string(ToString(operation.seam)) + (operation.writes ? " write " : " read ") + operation.name;
}

Operation OperationFrom(std::string_view text) {
  Operation operation;
  operation.seam = static_cast<FaultSeam>(PlaceOf(kSeamNames, TakeWord(text)));
  operation.writes = TakeWord(text) == "write";
  operation.name = text;
  return operation;
}

std::vector<FaultWay> WaysOf(const Operation& operation) {
  using W = FaultWay;
  switch (operation.seam) {
    case FaultSeam::kLedger:
      if (operation.writes) return {W::kBroken, W::kCutAfter, W::kSlow};
      return {W::kBroken, W::kSlow};
    case FaultSeam::kFile:
      return {W::kRefused, W::kGone, W::kHalf, W::kNonsense, W::kEmpty};
    case FaultSeam::kSwp:
    case FaultSeam::kAws:
    case FaultSeam::kChannel:
      break;
  }
  if (operation.writes) {
    return {W::kRefused,  W::kStranger, W::kGone,     W::kBusy,  W::kBroken, W::kCut,
            W::kCutAfter, W::kHalf,     W::kNonsense, W::kEmpty, W::kSlow,   W::kLate};
  }
  return {W::kRefused, W::kStranger, W::kGone,  W::kBusy,  W::kBroken, W::kCut,
          W::kHalf,    W::kNonsense, W::kEmpty, W::kStale, W::kSlow};
}

std::string ToText(const Fault& fault) {
  return std::string(ToString(fault.way)) + (fault.lasts ? " for-good " : " once ") + std::to_string(fault.nth) + " " +
         ToText(fault.operation);
}

Fault FaultFrom(std::string_view text) {
  Fault fault;
  fault.way = static_cast<FaultWay>(PlaceOf(kWayNames, TakeWord(text)));
  fault.lasts = TakeWord(text) == "for-good";
  fault.nth = std::atoi(std::string(TakeWord(text)).c_str());
  fault.operation = OperationFrom(text);
  return fault;
}

FaultPlan::FaultPlan(const std::string& operations, const std::string& injected, std::optional<Fault> fault,
                     const Clock& clock)
    : operations_(operations, std::ios::app),
      injected_(injected, std::ios::app),
      fault_(std::move(fault)),
      clock_(clock) {}

void FaultPlan::SetArmed(bool armed) {
  const std::lock_guard lock(mutex_);
  armed_ = armed;
}

std::optional<FaultWay> FaultPlan::Meet(const Operation& operation, const std::string& request) {
  const std::lock_guard lock(mutex_);
  if (!armed_) return std::nullopt;
  operations_ << ToText(operation) << std::endl;
  if (!Hits(operation, request)) return std::nullopt;
  injected_ << ToText(operation) << std::endl;
  return fault_->way;
}

bool FaultPlan::Hits(const Operation& operation, const std::string& request) {
  if (!fault_ || !(fault_->operation == operation)) return false;
  const int nth = ++seen_[operation.name];
  if (nth < fault_->nth) return false;
  if (fault_->lasts) return true;
  if (nth == fault_->nth) {
    hit_request_ = request;
    hit_at_ = clock_.Now();
    return true;
  }
  return !request.empty() && request == hit_request_ && clock_.Now() - hit_at_ < kTriesOfARequest;
}

void FaultPlan::Remember(const std::string& request, const HttpResponse& answer) {
  const std::lock_guard lock(mutex_);
  answers_[request] = answer;
}

std::optional<HttpResponse> FaultPlan::LastAnswer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(request);
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

std::function<void()> MeetFile(const std::string& name, const std::string& path, FaultPlan& plan) {
  const auto way = plan.Meet({FaultSeam::kFile, false, name}, "");
  if (!way) return [] {};
  const bool was_there = std::filesystem::exists(path);
  const std::string whole = BytesOf(path);
  SpoilFile(*way, path, whole);
  return [=] {
    std::filesystem::remove_all(path);
    if (was_there) std::ofstream(path, std::ios::binary) << whole;
  };
}

}  // namespace sallyport
