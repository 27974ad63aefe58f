// SPDX-License-Identifier: Apache-2.0
#include "gates/window.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kMinutesOfDay = 24 * 60;
constexpr int kDaysOfWeek = 7;

std::optional<int> DayOf(std::string_view text) {
  const auto* found = std::find(kDays.begin(), kDays.end(), ToLowerAscii(text));
  if (found == kDays.end()) return std::nullopt;
  return static_cast<int>(found - kDays.begin());
}

// `mon`, `mon-fri`, `fri-mon` (over the end of the week).
bool AddDays(std::string_view text, std::vector<bool>& days_of_week) {
  const std::size_t dash = text.find('-');
  const auto first = DayOf(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : DayOf(text.substr(dash + 1));
  if (!first || !last) return false;
  for (int day = *first;; day = (day + 1) % kDaysOfWeek) {
    days_of_week[static_cast<std::size_t>(day)] = true;
    if (day == *last) return true;
  }
}

std::optional<int> TwoDigits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// `06:00`; `24:00` is the end of the day.
std::optional<int> MinuteOf(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = TwoDigits(text.substr(0, 2));
  const auto minute = TwoDigits(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > kMinutesOfDay) return std::nullopt;
  return *hour * 60 + *minute;
}

// The weekday, Monday = 0. 1970-01-01 was a Thursday.
int WeekdayOf(std::chrono::sys_days day) {
  const auto number = day.time_since_epoch().count() + 3;
  return static_cast<int>((number % kDaysOfWeek + kDaysOfWeek) % kDaysOfWeek);
}

bool BeginsOn(const MaintenanceWindow& window, std::chrono::sys_days day) {
  return window.days[static_cast<std::size_t>(WeekdayOf(day))];
}

}  // namespace

Result<MaintenanceWindow> ParseMaintenanceWindow(std::string_view text) {
  const Error no{ErrorCode::kInvalidInput, "`" + Printable(text, 60) + "` is not a maintenance window",
                 "write it like `sat,sun 00:00-06:00` or `mon-fri 22:00-04:00` (UTC)"};
  MaintenanceWindow window{std::string(text), std::vector<bool>(kDaysOfWeek), 0, 0};
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return no;
  for (std::string_view rest = text.substr(0, space);;) {
    const std::size_t comma = rest.find(',');
    if (!AddDays(rest.substr(0, comma), window.days)) return no;
    if (comma == std::string_view::npos) break;
    rest = rest.substr(comma + 1);
  }
  const std::string_view times = text.substr(space + 1);
  if (times.size() != 11 || times[5] != '-') return no;
  const auto from = MinuteOf(times.substr(0, 5));
  const auto to = MinuteOf(times.substr(6));
  if (!from || !to || *from == kMinutesOfDay || *from == *to) return no;
  window.from_minute = *from;
  window.minutes = *to > *from ? *to - *from : *to + kMinutesOfDay - *from;
  return window;
}

bool IsOpen(const std::vector<MaintenanceWindow>& windows, TimePoint now) {
  if (windows.empty()) return true;
  const auto today = floor<days>(now);
  for (const MaintenanceWindow& window : windows) {
    for (const auto day : {today, today - days(1)}) {  // one that began yesterday may still be open
      const TimePoint from = day + minutes(window.from_minute);
      if (BeginsOn(window, day) && now >= from && now < from + minutes(window.minutes)) return true;
    }
  }
  return false;
}

std::optional<TimePoint> NextOpening(const std::vector<MaintenanceWindow>& windows, TimePoint now) {
  std::optional<TimePoint> next;
  const auto today = floor<days>(now);
  for (const MaintenanceWindow& window : windows) {
    for (int ahead = 0; ahead <= kDaysOfWeek; ++ahead) {
      const auto day = today + days(ahead);
      const TimePoint from = day + minutes(window.from_minute);
      if (!BeginsOn(window, day) || from <= now) continue;
      if (!next || from < *next) next = from;
      break;
    }
  }
  return next;
}

}  // namespace sallyport
