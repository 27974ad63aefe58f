// SPDX-License-Identifier: Apache-2.0
#include "gates/window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::HasSubstr;

TimePoint At(const char* text) {
  return ParseTime(text).value();
}

// 2026-11-23 is a Monday.
TEST(MaintenanceWindow, IsOpenFromItsFirstMinuteUntilBeforeItsEnd) {
  const std::vector<MaintenanceWindow> windows = {ParseMaintenanceWindow("mon-fri 22:00-04:00").value(),
                                                  ParseMaintenanceWindow("sun 06:30-24:00").value()};
  const struct {
    const char* time;
    bool open;
  } cases[] = {
      {"2026-11-23T21:59:59.999Z", false}, {"2026-11-23T22:00:00Z", true},  {"2026-11-24T03:59:59.999Z", true},
      {"2026-11-24T04:00:00Z", false},     {"2026-11-28T03:00:00Z", true},  // it began on Friday
      {"2026-11-28T23:00:00Z", false},     {"2026-11-29T06:29:59Z", false}, {"2026-11-29T06:30:00Z", true},
      {"2026-11-29T23:59:59.999Z", true},  {"2026-11-30T00:00:00Z", false},
  };
  for (const auto& c : cases) EXPECT_EQ(IsOpen(windows, At(c.time)), c.open) << c.time;
}

TEST(MaintenanceWindow, WithoutOneItIsAlwaysOpen) {
  EXPECT_TRUE(IsOpen({}, At("2026-11-24T12:00:00Z")));
  EXPECT_FALSE(NextOpening({}, At("2026-11-24T12:00:00Z")));
}

TEST(MaintenanceWindow, TheNextOpeningIsTheSoonestOfAll) {
  const std::vector<MaintenanceWindow> windows = {ParseMaintenanceWindow("sat,sun 00:00-06:00").value(),
                                                  ParseMaintenanceWindow("Mon 12:00-13:00").value()};
  EXPECT_EQ(NextOpening(windows, At("2026-11-24T12:00:00Z")), At("2026-11-28T00:00:00Z"));
  EXPECT_EQ(NextOpening(windows, At("2026-11-28T00:00:00Z")), At("2026-11-29T00:00:00Z"));
  EXPECT_EQ(NextOpening(windows, At("2026-11-29T00:00:01Z")), At("2026-11-30T12:00:00Z"));
  // A whole week ahead.
  const std::vector one = {windows[1]};
  EXPECT_EQ(NextOpening(one, At("2026-11-23T12:00:00Z")), At("2026-11-30T12:00:00Z"));
}

TEST(MaintenanceWindow, DaysMayGoOverTheEndOfTheWeek) {
  const auto window = ParseMaintenanceWindow("fri-mon 01:00-02:00").value();
  EXPECT_EQ(window.days, (std::vector<bool>{true, false, false, false, true, true, true}));
}

TEST(MaintenanceWindow, AnythingElseIsRefused) {
  for (const char* text :
       {"", "mon", "mon 1:00-2:00", "mon 01:00-01:00", "mon 24:00-02:00", "mon 01:00-24:01", "xyz 01:00-02:00",
        "mon, 01:00-02:00", "mon- 01:00-02:00", "mon 01:60-02:00", "mon 01:00 02:00", "mon  01:00-02:00"}) {
    const auto window = ParseMaintenanceWindow(text);
    ASSERT_FALSE(window.ok()) << text;
    EXPECT_THAT(window.error().message, HasSubstr("is not a maintenance window"));
  }
}

}  // namespace
}  // namespace sallyport
