// SPDX-License-Identifier: Apache-2.0
//
// Records that an input can cause: what cannot be read is told, and does not become a record for every two bytes.
#include "event/unreadable_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "event/stream.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kRubbish = 5'000;

std::string RepeatedText(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

const std::string kReadable =
    R"({"version":"0","id":"e1","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333",)"
    R"("region":"us-east-1","detail":{"id":"f"}})";

std::size_t Readable(const std::vector<Arrival>& arrivals) {
  std::size_t count = 0;
  for (const Arrival& arrival : arrivals) count += arrival.event.ok() ? 1 : 0;
  return count;
}

// How many documents the unreadable arrivals tell of.
std::size_t Told(const std::vector<Arrival>& arrivals) {
  std::size_t count = 0;
  for (const Arrival& arrival : arrivals) {
    if (arrival.event.ok()) continue;
    const std::string& message = arrival.event.error().message;
    const bool is_many = message.find(" more documents cannot be read, from ") != std::string::npos;
    const std::size_t at = message.rfind(": ", message.find(" more documents"));
    count += is_many ? std::stoul(message.substr(at == std::string::npos ? 0 : at + 2)) : 1;
  }
  return count;
}

// Each way in which an input can hold many unreadable documents.
std::vector<Arrival> InArray(const std::string& document) {
  return ParseDocument("[" + RepeatedText(document + ",", kRubbish - 1) + document + "]", "f", {});
}
std::vector<Arrival> BehindEachOther(const std::string& document) {
  return ParseInput("{\n}" + RepeatedText(" " + document, kRubbish - 1), "f", {});
}
std::vector<Arrival> OnLines(const std::string& document) {
  EventStream stream("f", {});
  std::vector<Arrival> all;
  for (const std::string& piece : {kReadable + "\n", RepeatedText(document + "\n", kRubbish)}) {
    for (Arrival& arrival : stream.Feed(piece)) all.push_back(std::move(arrival));
  }
  for (Arrival& arrival : stream.Finish()) all.push_back(std::move(arrival));
  return all;
}
std::vector<Arrival> InOneMessage(const std::string& document) {
  std::string array = "[" + RepeatedText(document + ",", kRubbish - 1) + document + "]";
  return ParseDocument(R"({"Records":[{"eventSource":"aws:sqs","messageId":"m","body":")" + array + R"("}]})", "f", {});
}

TEST(UnreadableTally, RubbishIsToldAndTakesFewRecordsInEveryWrapping) {
  const auto most = bounds::kUnreadableEach + kRubbish / bounds::kUnreadableTogether + 2;
  for (const auto& [name, arrivals] :
       {std::pair("array", InArray("0")), std::pair("array of objects", InArray("{}")),
        std::pair("behind each other", BehindEachOther("{}")), std::pair("lines", OnLines("0")),
        std::pair("lines of empty objects", OnLines("{}")), std::pair("lines that are no JSON", OnLines("x")),
        std::pair("one SQS message", InOneMessage("0"))}) {
    EXPECT_LE(arrivals.size() - Readable(arrivals), most) << name;
    EXPECT_EQ(Told(arrivals), kRubbish) << name;
  }
}

TEST(UnreadableTally, AtTheBoundEachIsToldByItselfAndOnePastToo) {
  UnreadableTally tally;
  std::vector<Arrival> all;
  const Error bad{ErrorCode::kInvalidInput, "bad", ""};
  for (std::size_t i = 0; i <= bounds::kUnreadableEach; ++i) tally.Add({"o" + std::to_string(i), "", bad}, all);
  EXPECT_EQ(all.size(), bounds::kUnreadableEach);
  tally.Finish(all);
  ASSERT_EQ(all.size(), bounds::kUnreadableEach + 1);
  EXPECT_EQ(all.back().event.error().message, "bad");
  tally.Finish(all);
  EXPECT_EQ(all.size(), bounds::kUnreadableEach + 1);
}

TEST(UnreadableTally, ManyAreOneWithTheirNumberTheFirstAndTheLast) {
  UnreadableTally tally;
  std::vector<Arrival> all;
  for (std::size_t i = 1; i <= bounds::kUnreadableEach + bounds::kUnreadableTogether; ++i) {
    tally.Add({"line " + std::to_string(i), "", Error{ErrorCode::kInvalidInput, "bad " + std::to_string(i), ""}}, all);
  }
  ASSERT_EQ(all.size(), bounds::kUnreadableEach + 1);
  EXPECT_EQ(all.back().event.error().message,
            "1000 more documents cannot be read, from line 101 on; the last: bad 1100");
}

// Millions of lines are some hundred records, however many they are.
TEST(UnreadableTally, TheMoreThereAreTheMoreAreOne) {
  const Error bad{ErrorCode::kInvalidInput, "bad", ""};
  UnreadableTally tally;
  std::size_t records = 0;
  std::vector<Arrival> all;
  constexpr std::size_t kLines = 200'000;
  for (std::size_t i = 0; i < kLines; ++i) {
    tally.Add({"o", "", bad}, all);
    records += all.size();
    all.clear();
  }
  tally.Finish(all);
  EXPECT_LT(records + all.size(), 150U);
}

// What holds nothing is no fault, and is told of in the same way: for itself.
TEST(UnreadableTally, WhatHoldsNothingIsCountedForItself) {
  UnreadableTally tally;
  std::vector<Arrival> all;
  for (std::size_t i = 1; i <= bounds::kUnreadableEach + bounds::kUnreadableTogether; ++i) {
    const std::string origin = "line " + std::to_string(i);
    tally.Add({origin, "", Error{ErrorCode::kInvalidInput, "no event", ""}, "an empty list"}, all);
  }
  ASSERT_EQ(all.size(), bounds::kUnreadableEach + 1);
  EXPECT_EQ(all.back().nothing,
            "1000 more documents hold nothing to handle, from line 101 on; the last: an empty list");
  tally.Add({"line 1101", "", Error{ErrorCode::kInvalidInput, "bad", ""}}, all);
  EXPECT_EQ(all.size(), bounds::kUnreadableEach + 2) << "the first that cannot be read";
}

TEST(UnreadableTally, EverySqsMessageHasItsOwn) {
  UnreadableTally tally;
  std::vector<Arrival> all;
  for (int i = 0; i < 500; ++i) {
    for (int again = 0; again < 3; ++again) {
      tally.Add({"o", "m" + std::to_string(i), Error{ErrorCode::kInvalidInput, "bad", ""}}, all);
    }
  }
  tally.Finish(all);
  std::vector<bool> seen(500);
  for (const Arrival& arrival : all) seen.at(std::stoul(arrival.sqs_message_id.substr(1))) = true;
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 500);
}

TEST(UnreadableTally, WhatIsOverABoundIsNeverOneOfMany) {
  UnreadableTally tally;
  std::vector<Arrival> all;
  for (int i = 0; i < 300; ++i) tally.Add({"o", "", Error{ErrorCode::kTooLarge, "large", ""}}, all);
  EXPECT_EQ(all.size(), 300U);
}

}  // namespace
}  // namespace sallyport
