// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_faults.h"

#include <gmock/gmock.h>

namespace sallyport::sim {
namespace {

using ::testing::HasSubstr;

std::size_t Hits(SwpFaultBook& book, int calls, std::string_view method = "GET",
                 std::string_view path = "/computers/34") {
  std::size_t hits = 0;
  for (int i = 0; i < calls; ++i) hits += book.Match(method, path).size();
  return hits;
}

TEST(SwpFaultBook, HitsTheNextCallOnlyByDefault) {
  SwpFaultBook book;
  ASSERT_TRUE(book.Add({}).ok());
  EXPECT_EQ(book.Match("GET", "/x").size(), 1U);
  EXPECT_EQ(book.Match("GET", "/x").size(), 0U);
}

TEST(SwpFaultBook, HitsTheNthCallOfAMethodAndPath) {
  SwpFaultBook book;
  SwpFault fault;
  fault.method = "GET";
  fault.path_pattern = "^/computers/[0-9]+$";
  fault.skip = 2;
  ASSERT_TRUE(book.Add(fault).ok());
  EXPECT_EQ(Hits(book, 5, "POST"), 0U);
  EXPECT_EQ(Hits(book, 5, "GET", "/computers/34/x"), 0U);
  EXPECT_EQ(Hits(book, 2), 0U);
  EXPECT_EQ(Hits(book, 1), 1U);
  EXPECT_EQ(Hits(book, 5), 0U);
}

TEST(SwpFaultBook, HitsSoManyCallsOrAll) {
  SwpFaultBook book;
  SwpFault fault;
  fault.times = 3;
  ASSERT_TRUE(book.Add(fault).ok());
  EXPECT_EQ(Hits(book, 10), 3U);
  fault.times = -1;
  ASSERT_TRUE(book.Add(fault).ok());
  EXPECT_EQ(Hits(book, 10), 10U);
  book.Clear();
  EXPECT_EQ(Hits(book, 10), 0U);
}

TEST(SwpFaultBook, ChanceRepeatsWithTheSameSeed) {
  const auto run = [] {
    SwpFaultBook book;
    SwpFault fault;
    fault.times = -1;
    fault.probability = 0.3;
    fault.seed = 7;
    EXPECT_TRUE(book.Add(fault).ok());
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += book.Match("GET", "/").empty() ? '.' : 'x';
    return pattern;
  };
  const auto first = run();
  EXPECT_EQ(first, run());
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 60, 25);
}

TEST(SwpFaultBook, SaysWhatIsWrongWithAFault) {
  SwpFaultBook book;
  SwpFault fault;
  fault.path_pattern = "(";
  EXPECT_THAT(book.Add(fault).error().message, HasSubstr("`(` is not a regular expression"));
  fault = {};
  fault.delay_ms = 600'001;
  EXPECT_THAT(book.Add(fault).error().message, HasSubstr("out of range"));
  fault.delay_ms = 600'000;
  EXPECT_TRUE(book.Add(fault).ok());
}

TEST(SpoilBody, ChangesWhatItsKindSays) {
  const std::string list = R"({"computers":[{"ID":1,"agentFingerPrint":"AA","computerStatus":{"agentStatus":"active"},)"
                           R"("antiMalware":{"moduleStatus":{"agentStatus":"active"},"lastScheduledScan":5}}]})";
  EXPECT_EQ(SpoilBody(SwpFaultKind::kMissingModuleStatus, list).find("moduleStatus"), std::string::npos);
  EXPECT_THAT(SpoilBody(SwpFaultKind::kUnknownEnum, list), HasSubstr(R"("agentStatus":"word-from-the-future")"));
  EXPECT_THAT(SpoilBody(SwpFaultKind::kDateAsString, list), HasSubstr(R"("lastScheduledScan":"5")"));
  EXPECT_THAT(SpoilBody(SwpFaultKind::kDuplicateInstance, list), HasSubstr(R"({"ID":1000001,)"));
  EXPECT_EQ(SpoilBody(SwpFaultKind::kMalformedJson, "{\"a\":1}"), "{\"a\"");
  EXPECT_EQ(SpoilBody(SwpFaultKind::kDelay, "not json"), "not json");
}

TEST(SwpFaultKinds, HaveNamesThatReadBack) {
  for (int kind = 0; kind <= static_cast<int>(SwpFaultKind::kDuplicateInstance); ++kind) {
    const auto name = ToString(static_cast<SwpFaultKind>(kind));
    EXPECT_EQ(SwpFaultKindFrom(name), static_cast<SwpFaultKind>(kind)) << name;
  }
  EXPECT_EQ(SwpFaultKindFrom("other"), std::nullopt);
}

}  // namespace
}  // namespace sallyport::sim
