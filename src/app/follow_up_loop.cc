// SPDX-License-Identifier: Apache-2.0
#include "app/follow_up_loop.h"

#include <algorithm>

namespace sallyport {
namespace {

// One by one, so that what each leads to is shown with it.
constexpr std::size_t kAtOnce = 1;
// Another process may make a follow-up that is due sooner than the one that is waited for.
constexpr Duration kLongestSleep = std::chrono::seconds(10);
// One that another process holds is due and cannot be claimed.
constexpr Duration kShortestSleep = std::chrono::milliseconds(50);

}  // namespace

Result<bool> RunFollowUps(Program& program, Duration wait, const std::function<void(const EventReport&)>& show) {
  const TimePoint end = program.clock().Now() + wait;
  while (true) {
    const auto reports = program.handler().RunDue(kAtOnce);
    for (const EventReport& report : reports) {
      show(report);
      // What could not be recorded would be asked again at once, for ever.
      if (report.ledger_failed) return Error{ErrorCode::kStorage, report.reason, ""};
    }
    program.messenger().RetryPending();
    auto next = program.ledger().NextDue();
    if (!next.ok()) return next.error();
    if (const auto retry = program.messenger().NextRetry(); retry && (!next->has_value() || *retry < **next))
      *next = retry;
    if (!next->has_value()) return false;
    const TimePoint now = program.clock().Now();
    if (now >= end || **next > end) return true;
    if (reports.empty()) program.clock().SleepFor(std::clamp(Duration(**next - now), kShortestSleep, kLongestSleep));
  }
}

}  // namespace sallyport
