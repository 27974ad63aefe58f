// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(ParseTime, ReadsTheFormsAwsWrites) {
  const TimePoint want = FromEpochMilliseconds(1'714'645'860'250);
  for (const char* text : {"2024-05-02T10:31:00.250Z", "2024-05-02T10:31:00.250999Z", "2024-05-02T12:31:00.25+02:00",
                           "2024-05-02T04:31:00.250-0600", "2024-05-02 10:31:00.25Z"}) {
    ASSERT_TRUE(ParseTime(text).has_value()) << text;
    EXPECT_EQ(*ParseTime(text), want) << text;
  }
}

TEST(ParseTime, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2024-05-02", "2024-13-02T10:31:00Z", "2024-02-30T10:31:00Z", "2024-05-02T24:31:00Z",
                           "2024-05-02T10:31:00", "2024-05-02T10:31:00Zx", "yesterday"}) {
    EXPECT_FALSE(ParseTime(text).has_value()) << text;
  }
}

TEST(FormatTime, RoundTripsThroughParseTime) {
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{1'764'000'000'000}, std::int64_t{1'764'000'000'007}}) {
    const TimePoint time = FromEpochMilliseconds(ms);
    EXPECT_EQ(ParseTime(FormatTime(time)), time);
  }
  EXPECT_EQ(FormatTime(FromEpochMilliseconds(1'764'000'000'000)), "2025-11-24T16:00:00Z");
}

TEST(ParseHttpDate, ReadsTheExampleOfRfc9110) {
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), FromEpochMilliseconds(784'111'777'000));
  EXPECT_FALSE(ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT").has_value());
  EXPECT_FALSE(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 UTC").has_value());
}

TEST(ParseDuration, ReadsUnitsAndRefusesTheRest) {
  EXPECT_EQ(ParseDuration("6h"), Duration(hours(6)));
  EXPECT_EQ(ParseDuration("15m"), Duration(minutes(15)));
  EXPECT_EQ(ParseDuration("500ms"), Duration(500));
  for (const char* text : {"", "6", "h", "-1h", "6 h", "6w", "99999999999999d", "1.5h"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

TEST(FormatDuration, UsesTheLargestExactUnit) {
  EXPECT_EQ(FormatDuration(hours(6)), "6h");
  EXPECT_EQ(FormatDuration(minutes(90)), "90m");
  EXPECT_EQ(FormatDuration(Duration(1500)), "1500ms");
  EXPECT_EQ(FormatDuration(Duration(0)), "0s");
}

}  // namespace
}  // namespace sallyport
