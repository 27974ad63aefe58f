// SPDX-License-Identifier: Apache-2.0
#include "event/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string EventText(const std::string& id) {
  return R"({"version":"0","id":")" + id +
         R"(","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333",)"
         R"("region":"us-east-1","detail":{"id":"f"}})";
}

TEST(EventStream, HandsOutEachLineAsSoonAsItIsWhole) {
  EventStream stream("stdin", {});
  const std::string first = EventText("one") + "\n";
  EXPECT_THAT(stream.Feed(first.substr(0, 20)), IsEmpty());
  const auto arrivals = stream.Feed(first.substr(20));
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_EQ(arrivals[0].event->id, "one");
  EXPECT_EQ(arrivals[0].origin, "stdin, line 1");
  EXPECT_THAT(stream.Feed("\n" + EventText("two")), IsEmpty());
  const auto last = stream.Finish();
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].origin, "stdin, line 3");
}

TEST(EventStream, ABadLineDoesNotHideTheNext) {
  EventStream stream("stdin", {});
  const auto arrivals = stream.Feed(EventText("one") + "\n{bad\n" + EventText("three") + "\n");
  ASSERT_THAT(arrivals, SizeIs(3));
  EXPECT_FALSE(arrivals[1].event.ok());
  EXPECT_THAT(arrivals[1].event.error().message, HasSubstr("stdin, line 2"));
  EXPECT_EQ(arrivals[2].event->id, "three");
  EXPECT_THAT(stream.Finish(), IsEmpty());
}

TEST(EventStream, HoldsADocumentOverSeveralLinesUntilItsEnd) {
  EventStream stream("finding.json", {});
  std::string text = EventText("one");
  text.replace(text.find(','), 1, ",\n  ");
  EXPECT_THAT(stream.Feed(text), IsEmpty());
  const auto arrivals = stream.Finish();
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_EQ(arrivals[0].event->id, "one");
  EXPECT_EQ(arrivals[0].origin, "finding.json");
}

TEST(EventStream, AnEmptyInputIsOneError) {
  EventStream stream("stdin", {});
  stream.Feed("\n \n");
  const auto arrivals = stream.Finish();
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_FALSE(arrivals[0].event.ok());
}

TEST(EventStream, ALineOverTheBoundIsRefusedOnceAndItsRestPassedOver) {
  EventStream stream("stdin", {});
  ASSERT_THAT(stream.Feed(EventText("one") + "\n"), SizeIs(1));
  EXPECT_THAT(stream.Feed(std::string(bounds::kEventBytes, 'x')), IsEmpty());
  const auto refused = stream.Feed("x");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].event.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(stream.Feed(std::string(1000, 'y')), IsEmpty());
  const auto next = stream.Feed("y\n" + EventText("three") + "\n");
  ASSERT_THAT(next, SizeIs(1));
  EXPECT_EQ(next[0].event->id, "three");
  EXPECT_EQ(next[0].origin, "stdin, line 3");
}

TEST(EventStream, TooMuchThatIsNotOnePerLineEndsTheInput) {
  EventStream stream("big.json", {});
  EXPECT_THAT(stream.Feed(std::string(bounds::kInputFileBytes, ' ')), IsEmpty());
  const auto arrivals = stream.Feed(" ");
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_THAT(arrivals[0].event.error().message, HasSubstr("big.json: over the bound"));
  EXPECT_TRUE(stream.Finished());
  EXPECT_THAT(stream.Finish(), IsEmpty());
}

}  // namespace
}  // namespace sallyport
