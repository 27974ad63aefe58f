// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_search.h"

#include <gmock/gmock.h>

#include <tuple>

namespace sallyport::sim {
namespace {

using ::testing::HasSubstr;

const boost::json::object& Rule() {
  static const boost::json::object rule = boost::json::parse(R"({"ID":6348,"name":"A_rule","applicationTypeID":81,
    "severity":"critical","alertEnabled":false,"lastUpdated":1000,"CVSSScore":"10.00",
    "CVE":["CVE-2021-44228","CVE-2021-45046"]})")
                                              .get_object();
  return rule;
}

// True or false, or the complaint.
std::string Try(const std::string& criterion) {
  const auto filter = boost::json::parse(R"({"searchCriteria":[)" + criterion + "]}").get_object();
  const auto compiled = Search::Compile(filter, IntrusionPreventionRuleFields());
  if (const auto* problem = std::get_if<std::string>(&compiled)) return *problem;
  return std::get<Search>(compiled).Matches(Rule()) ? "yes" : "no";
}

TEST(Like, HasSqlsTwoWildcards) {
  const std::tuple<std::string, std::string, bool> cases[] = {
      {"", "", true},        {"%", "", true},        {"_", "", false},
      {"a%c", "abbc", true}, {"a%c", "abbd", false}, {"%b%", "abc", true},
      {"a_c", "abc", true},  {"a_c", "ac", false},   {"a%b%c", "aXbYbc", true},
      {"%%", "x", true},     {"abc", "ab", false},   {"A", "a", false},
      {"%ab", "aab", true},  {"ab%", "ab", true}};
  for (const auto& [pattern, text, matches] : cases) {
    EXPECT_EQ(LikeMatches(pattern, text), matches) << pattern << " / " << text;
  }
}

TEST(Search, TestsEachTypeInItsOwnWay) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"fieldName":"name","stringValue":"A_rule"})", "yes"},
      {R"({"fieldName":"name","stringValue":"A%"})", "yes"},
      {R"({"fieldName":"name","stringValue":"A%","stringWildcards":false})", "no"},
      {R"({"fieldName":"name","stringTest":"not-equal","stringValue":"B"})", "yes"},
      {R"({"fieldName":"name","stringValue":"a_rule"})", "no"},
      {R"({"fieldName":"applicationTypeID","numericValue":81})", "yes"},
      {R"({"fieldName":"applicationTypeID","numericTest":"less-than","numericValue":81})", "no"},
      {R"({"fieldName":"applicationTypeID","numericTest":"less-than-or-equal","numericValue":81})", "yes"},
      {R"({"fieldName":"applicationTypeID","numericTest":"greater-than","numericValue":80})", "yes"},
      {R"({"fieldName":"applicationTypeID","numericTest":"greater-than-or-equal","numericValue":82})", "no"},
      {R"({"fieldName":"applicationTypeID","numericTest":"not-equal","numericValue":81})", "no"},
      {R"({"idTest":"greater-than","idValue":6347})", "yes"},
      {R"({"idTest":"greater-than","idValue":6348})", "no"},
      {R"({"fieldName":"severity","choiceTest":"equal","choiceValue":"critical"})", "yes"},
      {R"({"fieldName":"severity","choiceTest":"not-equal","choiceValue":"critical"})", "no"},
      {R"({"fieldName":"alertEnabled","booleanTest":false})", "yes"},
      {R"({"fieldName":"alertEnabled","booleanTest":true})", "no"},
      {R"({"fieldName":"CVSSScore","numericTest":"greater-than","numericValue":9.5})", "yes"},
      {R"({"fieldName":"CVSSScore","stringValue":"10.00"})", "yes"}};
  for (const auto& [criterion, result] : cases) EXPECT_EQ(Try(criterion), result) << criterion;
}

TEST(Search, DateRangesAreOpenAndInclusiveUnlessTold) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("firstDateValue":1000)", "yes"},
      {R"("firstDateValue":1001)", "no"},
      {R"("firstDateValue":1000,"firstDateInclusive":false)", "no"},
      {R"("lastDateValue":1000)", "yes"},
      {R"("lastDateValue":999)", "no"},
      {R"("lastDateValue":1000,"lastDateInclusive":false)", "no"},
      {R"("firstDateValue":999,"lastDateValue":1001,"firstDateInclusive":false,"lastDateInclusive":false)", "yes"}};
  for (const auto& [range, result] : cases) {
    EXPECT_EQ(Try(R"({"fieldName":"lastUpdated",)" + range + "}"), result) << range;
  }
}

TEST(Search, AnAbsentFieldPassesOnlyTheNullTest) {
  EXPECT_EQ(Try(R"({"fieldName":"contextID","nullTest":true})"), "yes");
  EXPECT_EQ(Try(R"({"fieldName":"contextID","nullTest":false})"), "no");
  EXPECT_EQ(Try(R"({"fieldName":"name","nullTest":true})"), "no");
  EXPECT_EQ(Try(R"({"fieldName":"contextID","numericValue":0})"), "no");
  EXPECT_EQ(Try(R"({"fieldName":"contextID","numericTest":"not-equal","numericValue":5})"), "no");
}

TEST(Search, CvesAreOneTextSoThatPlainEqualityMissesAndWildcardsFindTooMuch) {
  EXPECT_EQ(Try(R"({"fieldName":"CVE","stringValue":"CVE-2021-44228"})"), "no");
  EXPECT_EQ(Try(R"({"fieldName":"CVE","stringValue":"%CVE-2021-44228%"})"), "yes");
  EXPECT_EQ(Try(R"({"fieldName":"CVE","stringValue":"%CVE-2021-4422%"})"), "yes");
}

TEST(Search, SaysWhatIsWrong) {
  EXPECT_THAT(Try(R"({"fieldName":"nam","stringValue":"x"})"), HasSubstr("Unknown search field `nam`"));
  EXPECT_THAT(Try(R"({"fieldName":"detectOnly","booleanTest":true})"), HasSubstr("`detectOnly` cannot be searched"));
  EXPECT_THAT(Try(R"({"fieldName":"severity","stringValue":"low"})"), HasSubstr("with a string test"));
  EXPECT_THAT(Try(R"({"fieldName":"name"})"), HasSubstr("exactly one test"));
  EXPECT_THAT(Try(R"({"fieldName":"name","stringValue":"x","nullTest":true})"), HasSubstr("exactly one test"));
  EXPECT_THAT(Try(R"({"stringValue":"x"})"), HasSubstr("needs a field name"));
  EXPECT_THAT(Try(R"({"fieldName":"name","stringTest":"less-than","stringValue":"x"})"), HasSubstr("`stringTest`"));
  EXPECT_THAT(Try(R"({"idTest":"equal"})"), HasSubstr("needs a value"));
}

}  // namespace
}  // namespace sallyport::sim
