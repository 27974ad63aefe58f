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

const TimePoint kReadAt = FromEpochMilliseconds(1'764'000'000'000);  // 2025-11-24T16:00:00Z

TEST(TimeText, HasNoFractionAndNoDateOfToday) {
  EXPECT_EQ(TimeText(kReadAt + Duration(999)), "2025-11-24 16:00:00 UTC");
  EXPECT_EQ(TimeText(kReadAt + hours(7), kReadAt), "23:00:00 UTC");
  EXPECT_EQ(TimeText(kReadAt + hours(8), kReadAt), "2025-11-25 00:00:00 UTC");
}

TEST(SpanText, HasAtMostTwoUnits) {
  struct Case {
    Duration span;
    const char* text;
  };
  const Case cases[] = {{Duration(-5), "0s"},
                        {Duration(999), "0s"},
                        {std::chrono::seconds(59), "59s"},
                        {minutes(1), "1m"},
                        {std::chrono::seconds(815), "13m 35s"},
                        {hours(1) + std::chrono::seconds(5), "1h"},
                        {hours(30), "1d 6h"},
                        {hours(48), "2d"}};
  for (const Case& one : cases) EXPECT_EQ(SpanText(one.span), one.text);
}

TEST(UntilAndAgo, SayTheSpanFirstAndWhatIsOverIsNotToCome) {
  EXPECT_EQ(UntilText(kReadAt + minutes(3), kReadAt), "in 3m (16:03:00 UTC)");
  EXPECT_EQ(UntilText(kReadAt + Duration(1), kReadAt), "in 1s (16:00:00 UTC)");
  EXPECT_EQ(UntilText(kReadAt, kReadAt), "now");
  EXPECT_EQ(UntilText(kReadAt - hours(1), kReadAt), "now");
  EXPECT_EQ(AgoText(kReadAt - minutes(3), kReadAt), "3m ago (15:57:00 UTC)");
  EXPECT_EQ(AgoText(kReadAt + minutes(3), kReadAt), "16:03:00 UTC") << "a clock that went back";
}

}  // namespace
}  // namespace sallyport
