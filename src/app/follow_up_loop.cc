// SPDX-License-Identifier: Apache-2.0
#include "app/follow_up_loop.h"

#include <algorithm>

#include "base/ordered_pool.h"

namespace sallyport {
namespace {

// Another process may make a follow-up that is due sooner than the one that is waited for.
constexpr Duration kLongestSleep = std::chrono::seconds(10);
// One that another process holds is due and cannot be claimed.
constexpr Duration kShortestSleep = std::chrono::milliseconds(50);

}  // namespace

Result<bool> RunFollowUps(Program& program, Duration wait, int workers,
                          const std::function<void(const EventReport&)>& show) {
  const TimePoint end = program.clock().Now() + wait;
  while (true) {
    // As many as can be asked at once: one that is claimed and waits could be asked by another process.
    const auto claimed = program.handler().ClaimDue(static_cast<std::size_t>(std::max(workers, 1)));
    if (!claimed.ok()) return claimed.error();
    const std::vector<FollowUpRecord>& due = *claimed;
    std::optional<Error> failed;
    {
      OrderedPool<EventReport> pool(std::min(workers, static_cast<int>(due.size())), {due.size(), due.size()},
                                    [&](const EventReport& report) {
                                      show(report);
                                      // What could not be recorded would be asked again at once, for ever.
                                      if (report.ledger_failed && !failed)
                                        failed = Error{ErrorCode::kStorage, report.reason, ""};
                                    });
      for (const FollowUpRecord& record : due) {
        const std::string key = std::to_string(record.follow_up.case_number.value);
        pool.Submit(key, [&program, &record] { return program.handler().Ask(record); });
      }
    }
    if (failed) return *failed;
    program.messenger().RetryPending();
    for (const EventReport& report : program.handler().CatchUp()) show(report);
    auto next = program.ledger().NextDue();
    if (!next.ok()) return next.error();
    const TimePoint now = program.clock().Now();
    if (auto retry = program.messenger().NextRetry()) {
      // One that is due still, right after all that were due were tried, may not be sent now (the kill switch).
      if (*retry <= now) *retry = now + kLongestSleep;
      if (!next->has_value() || *retry < **next) *next = *retry;
    }
    if (program.handler().IsBehind()) *next = std::min(next->value_or(TimePoint::max()), now + kLongestSleep);
    if (!next->has_value()) return false;
    if (now >= end || **next > end) return true;
    if (due.empty()) program.clock().SleepFor(std::clamp(Duration(**next - now), kShortestSleep, kLongestSleep));
  }
}

}  // namespace sallyport
