// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/faults.h"

#include <random>

#include "sim/aws/members.h"

namespace sallyport::aws_sim {
namespace {

constexpr int kLongestDelay = 600'000;

struct KindName {
  FaultKind kind;
  std::string_view name;
};
constexpr KindName kKindNames[] = {{FaultKind::kThrottle, "throttle"},
                                   {FaultKind::kInternalError, "internal-error"},
                                   {FaultKind::kError, "error"},
                                   {FaultKind::kErrorIn200, "error-in-200"},
                                   {FaultKind::kHtmlError, "html-error"},
                                   {FaultKind::kCutBefore, "cut-before"},
                                   {FaultKind::kExpiredToken, "expired-token"},
                                   {FaultKind::kRegionClosed, "region-closed"},
                                   {FaultKind::kAccessDenied, "access-denied"},
                                   {FaultKind::kRedirect, "redirect"},
                                   {FaultKind::kEntityBomb, "entity-bomb"},
                                   {FaultKind::kDelay, "delay"},
                                   {FaultKind::kCutAfter, "cut-after"},
                                   {FaultKind::kRepeatToken, "repeat-token"},
                                   {FaultKind::kTruncatedBody, "truncated-body"},
                                   {FaultKind::kTruncatedDocument, "truncated-document"},
                                   {FaultKind::kEmptyBody, "empty-body"}};

bool Fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || WildcardMatch(pattern, text);
}

}  // namespace

struct FaultBook::Entry {
  Fault fault;
  std::mt19937_64 random;
  int seen = 0;
  int applied = 0;
};

FaultBook::FaultBook() = default;
FaultBook::~FaultBook() = default;

std::string_view ToString(FaultKind kind) {
  for (const KindName& entry : kKindNames) {
    if (entry.kind == kind) return entry.name;
  }
  return "";
}

std::optional<FaultKind> FaultKindFrom(std::string_view name) {
  for (const KindName& entry : kKindNames) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

Status FaultBook::Add(const Fault& fault) {
  const bool in_range = fault.skip >= 0 && fault.times >= -1 && fault.delay_ms >= 0 &&
                        fault.delay_ms <= kLongestDelay && fault.status >= 100 && fault.status <= 599 &&
                        fault.probability >= 0 && fault.probability <= 1;
  if (!in_range) return Error{ErrorCode::kInvalidInput, "fault: a number is out of range", ""};
  auto entry = std::make_unique<Entry>();
  entry->fault = fault;
  entry->random.seed(fault.seed);
  const std::lock_guard lock(mutex_);
  entries_.push_back(std::move(entry));
  return Ok();
}

void FaultBook::Clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

std::vector<Fault> FaultBook::Match(std::string_view account, std::string_view region, std::string_view service,
                                    std::string_view action) {
  std::vector<Fault> matched;
  const std::lock_guard lock(mutex_);
  for (const auto& entry : entries_) {
    const Fault& fault = entry->fault;
    if (!Fits(fault.account, account) || !Fits(fault.region, region)) continue;
    if (!Fits(fault.service, service) || !Fits(fault.action, action)) continue;
    if (entry->seen++ < fault.skip) continue;
    if (fault.times >= 0 && entry->applied >= fault.times) continue;
    if (std::uniform_real_distribution<double>(0, 1)(entry->random) >= fault.probability) continue;
    ++entry->applied;
    matched.push_back(fault);
  }
  return matched;
}

}  // namespace sallyport::aws_sim
