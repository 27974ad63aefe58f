// SPDX-License-Identifier: Apache-2.0
#include "base/own_json.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(SnakeCase, IsWhatOurNamesAre) {
  EXPECT_EQ(SnakeCase("foundIn"), "found_in");
  EXPECT_EQ(SnakeCase("needsPerson"), "needs_person");
  EXPECT_EQ(SnakeCase("afterMs"), "after_ms");
  EXPECT_EQ(SnakeCase("found_in"), "found_in");
  EXPECT_EQ(SnakeCase("subject"), "subject");
  EXPECT_EQ(SnakeCase("sha256"), "sha256");
  EXPECT_EQ(SnakeCase("Upper"), "upper");
  EXPECT_EQ(SnakeCase(""), "");
}

TEST(WithSnakeCaseNames, RenamesMembersAtEveryDepthAndNoValue) {
  const Json json =
      Json::Parse(
          R"({"giveUpAt":1,"list":[{"isIn":"antiMalware"},[{"a_b":null}]],"content":{"instanceId":[{"aB":1}]}})")
          .value();
  EXPECT_EQ(WithSnakeCaseNames(json).ToText(),
            R"({"give_up_at":1,"list":[{"is_in":"antiMalware"},[{"a_b":null}]],"content":{"instanceId":[{"aB":1}]}})");
  EXPECT_TRUE(WithSnakeCaseNames(Json()).IsMissing());
  EXPECT_EQ(WithSnakeCaseNames(Json::Parse("7").value()).ToText(), "7");
  const Json both = Json::Parse(R"({"found_in":1,"foundIn":2})").value();
  EXPECT_EQ(WithSnakeCaseNames(both)["found_in"].Int64Or(0), 1) << "of a damaged file: what has today's name counts";
}

TEST(InTodaysNames, LeavesWhatHasThemAndRefusesWhatIsNotKnown) {
  const auto read = [](const char* text) { return InTodaysNames(Json::Parse(text).value(), 3, 4, "a thing"); };
  EXPECT_EQ(read(R"({"aB":1})")->ToText(), R"({"a_b":1})");
  EXPECT_EQ(read(R"({"format":2,"aB":1})")->ToText(), R"({"format":2,"a_b":1})");
  EXPECT_EQ(read(R"({"format":3,"aB":1})")->ToText(), R"({"format":3,"aB":1})");
  const auto newer = read(R"({"format":5})");
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().message, "a thing in format 5; this release reads 1 to 4");
  EXPECT_FALSE(read(R"({"format":0})").ok());
  EXPECT_FALSE(read(R"({"format":"x"})").ok());
}

}  // namespace
}  // namespace sallyport
