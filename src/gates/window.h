// SPDX-License-Identifier: Apache-2.0
//
// Maintenance windows: times of the week at which changes may be made. Pure. Written `sat,sun 00:00-06:00` or
// `mon-fri 22:00-04:00`, in UTC; a window that ends before it begins goes on into the next day.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

struct MaintenanceWindow {
  std::string text;        // as it was written
  std::vector<bool> days;  // seven, Monday first: the days on which it begins
  int from_minute = 0;     // of the day
  int minutes = 0;         // how long it is: 1 to 1440
  bool operator==(const MaintenanceWindow&) const = default;
};

// kInvalidInput when it is not one.
Result<MaintenanceWindow> ParseMaintenanceWindow(std::string_view text);

// Without any window it is always open.
bool IsOpen(const std::vector<MaintenanceWindow>& windows, TimePoint now);
// When the next one opens; nothing when there is none.
std::optional<TimePoint> NextOpening(const std::vector<MaintenanceWindow>& windows, TimePoint now);

}  // namespace sallyport
