// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <thread>

namespace sallyport {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads exactly `digits` digits from the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool TakeCharacter(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

struct ClockFace {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// `hh:mm:ss`
std::optional<ClockFace> TakeClock(std::string_view& text) {
  const auto hour = TakeNumber(text, 2);
  if (!hour || !TakeCharacter(text, ':')) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || !TakeCharacter(text, ':')) return std::nullopt;
  const auto second = TakeNumber(text, 2);
  if (!second) return std::nullopt;
  return ClockFace{*hour, *minute, *second};
}

std::optional<TimePoint> MakeTime(int year, int month, int day, ClockFace clock) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // A leap second is written as second 60.
  const bool in_range = date.ok() && clock.hour <= 23 && clock.minute <= 59 && clock.second <= 60;
  if (!in_range) return std::nullopt;
  return TimePoint(std::chrono::sys_days{date} + hours{clock.hour} + minutes{clock.minute} + seconds{clock.second});
}

// The fraction after the point: milliseconds, further digits are dropped.
Duration TakeFraction(std::string_view& text) {
  int milliseconds = 0;
  int place = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    milliseconds += (text.front() - '0') * place;
    place /= 10;
    text.remove_prefix(1);
  }
  return Duration{milliseconds};
}

// `Z`, or `+hh:mm` / `+hhmm`.
std::optional<Duration> TakeOffset(std::string_view& text) {
  if (TakeCharacter(text, 'Z') || TakeCharacter(text, 'z')) return Duration{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!west && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = TakeNumber(text, 2);
  TakeCharacter(text, ':');
  const auto minute = TakeNumber(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const Duration offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

}  // namespace

TimePoint FromEpochMilliseconds(std::int64_t milliseconds) {
  return TimePoint(Duration{milliseconds});
}

std::int64_t ToEpochMilliseconds(TimePoint time) {
  return time.time_since_epoch().count();
}

std::string FormatTime(TimePoint time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<Duration> clock{time - day};
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  std::string out(text.data(), static_cast<std::size_t>(length));
  if (const auto fraction = static_cast<int>(clock.subseconds().count()); fraction != 0) {
    std::snprintf(text.data(), text.size(), ".%03d", fraction);
    out += text.data();
  }
  return out + "Z";
}

std::optional<TimePoint> ParseTime(std::string_view text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !TakeCharacter(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !TakeCharacter(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || !(TakeCharacter(text, 'T') || TakeCharacter(text, ' '))) return std::nullopt;
  const auto clock = TakeClock(text);
  if (!clock) return std::nullopt;
  const Duration fraction = TakeCharacter(text, '.') ? TakeFraction(text) : Duration{0};
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const auto time = MakeTime(*year, *month, *day, *clock);
  if (!time) return std::nullopt;
  return *time + fraction - *offset;
}

std::optional<TimePoint> ParseHttpDate(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
  text.remove_prefix(5);
  const auto day = TakeNumber(text, 2);
  if (!day || !TakeCharacter(text, ' ')) return std::nullopt;
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (text.starts_with(kMonths[i])) month = static_cast<int>(i) + 1;
  }
  if (month == 0) return std::nullopt;
  text.remove_prefix(3);
  if (!TakeCharacter(text, ' ')) return std::nullopt;
  const auto year = TakeNumber(text, 4);
  if (!year || !TakeCharacter(text, ' ')) return std::nullopt;
  const auto clock = TakeClock(text);
  if (!clock) return std::nullopt;
  return MakeTime(*year, month, *day, *clock);
}

std::optional<Duration> ParseDuration(std::string_view text) {
  constexpr std::int64_t kLongest = std::int64_t{10} * 366 * 24 * 3600 * 1000;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::int64_t factor = 0;
  if (unit == "ms") factor = 1;
  if (unit == "s") factor = 1000;
  if (unit == "m") factor = 60'000;
  if (unit == "h") factor = 3'600'000;
  if (unit == "d") factor = 86'400'000;
  if (factor == 0 || number > kLongest / factor) return std::nullopt;
  return Duration{number * factor};
}

std::string FormatDuration(Duration duration) {
  struct Unit {
    std::int64_t factor;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}}};
  const std::int64_t count = duration.count();
  for (const Unit& unit : kUnits) {
    if (count != 0 && count % unit.factor == 0) return std::to_string(count / unit.factor) + unit.name;
  }
  return count == 0 ? "0s" : std::to_string(count) + "ms";
}

std::string TimeText(TimePoint time) {
  std::string text = FormatTime(std::chrono::floor<std::chrono::seconds>(time));
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (text.ends_with('Z')) text.pop_back();
  return text + " UTC";
}

std::string TimeText(TimePoint time, TimePoint now) {
  const std::string text = TimeText(time);
  const std::size_t date = text.find(' ') + 1;
  return text.substr(0, date) == TimeText(now).substr(0, date) ? text.substr(date) : text;
}

std::string SpanText(Duration duration) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{86'400, "d"}, {3'600, "h"}, {60, "m"}, {1, "s"}}};
  const std::int64_t all = std::max<std::int64_t>(duration.count(), 0) / 1000;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (all < kUnits[i].seconds) continue;
    std::string text = std::to_string(all / kUnits[i].seconds) + kUnits[i].name;
    const std::int64_t rest = i + 1 < kUnits.size() ? all % kUnits[i].seconds / kUnits[i + 1].seconds : 0;
    if (rest > 0) text += " " + std::to_string(rest) + kUnits[i + 1].name;
    return text;
  }
  return "0s";
}

std::string UntilText(TimePoint time, TimePoint now) {
  // Rounded up to the second: what is to come in 0s has come.
  const Duration wait = std::chrono::ceil<std::chrono::seconds>(time - now);
  return wait <= Duration{0} ? "now" : "in " + SpanText(wait) + " (" + TimeText(time, now) + ")";
}

std::string AgoText(TimePoint time, TimePoint now) {
  return time > now ? TimeText(time, now) : SpanText(now - time) + " ago (" + TimeText(time, now) + ")";
}

TimePoint SystemClock::Now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::Monotonic() const {
  return std::chrono::steady_clock::now();
}

void SystemClock::SleepFor(Duration duration) {
  std::this_thread::sleep_for(duration);
}

}  // namespace sallyport
