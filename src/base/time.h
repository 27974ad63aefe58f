// SPDX-License-Identifier: Apache-2.0
//
// Time: one type for instants (milliseconds UTC, as SWP and AWS use them), and the Clock seam. Nothing else in the
// program asks the operating system for the time or sleeps.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Duration>;

TimePoint FromEpochMilliseconds(std::int64_t milliseconds);
std::int64_t ToEpochMilliseconds(TimePoint time);

// `2026-11-24T03:09:13.250Z`; the fraction is left out when it is zero.
std::string FormatTime(TimePoint time);

// ISO 8601 / RFC 3339 as AWS writes it: with or without a fraction, `Z` or an offset. Nothing when it is not one.
std::optional<TimePoint> ParseTime(std::string_view text);

// An HTTP `Date` header in its preferred form (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<TimePoint> ParseHttpDate(std::string_view text);

// `90s`, `15m`, `6h`, `2d`, `500ms`. Nothing when it is not one, is negative, or is over 10 years.
std::optional<Duration> ParseDuration(std::string_view text);
// The shortest exact form of the same: 21600000 ms is `6h`.
std::string FormatDuration(Duration duration);

// For people, to the second: `2026-11-28 00:35:51 UTC`.
std::string TimeText(TimePoint time);
// The same without the date when it is that of `now`: `00:35:51 UTC`.
std::string TimeText(TimePoint time, TimePoint now);
// At most two units, rounded down: `13m 35s`, `2d 3h`, `1d 6h`, `0s`. A negative one counts as zero.
std::string SpanText(Duration duration);
// `in 3m (00:35:51 UTC)`; of what is over: `now`.
std::string UntilText(TimePoint time, TimePoint now);
// `3m ago (00:30:33 UTC)`; of what is to come only its time.
std::string AgoText(TimePoint time, TimePoint now);

// What time it is, and waiting. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint Now() const = 0;
  // Does not jump with the wall clock; only differences mean something.
  virtual std::chrono::steady_clock::time_point Monotonic() const = 0;
  virtual void SleepFor(Duration duration) = 0;
};

// What a clock would show if nobody had set it since this was made. The clock outlives it.
class SteadyTime {
 public:
  explicit SteadyTime(const Clock& clock) : clock_(clock), began_(clock.Now()), steady_(clock.Monotonic()) {}
  TimePoint Now() const { return began_ + std::chrono::duration_cast<Duration>(clock_.Monotonic() - steady_); }

 private:
  const Clock& clock_;
  TimePoint began_;
  std::chrono::steady_clock::time_point steady_;
};

class SystemClock final : public Clock {
 public:
  TimePoint Now() const override;
  std::chrono::steady_clock::time_point Monotonic() const override;
  void SleepFor(Duration duration) override;
};

}  // namespace sallyport
