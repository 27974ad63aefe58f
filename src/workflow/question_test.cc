// SPDX-License-Identifier: Apache-2.0
#include "workflow/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::HasSubstr;

const Host kAskedHost = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
const Matter kAskedMatter = {"f1",  "Trojan:EC2/DropPoint", "111122223333", "us-east-1", 7.5,
                             false, {"https://example.com"}};
const TimePoint kAskedSince = FromEpochMilliseconds(1'764'000'000'123);

const std::vector<Question>& Questions() {
  static const std::vector<Question> questions = {
      {ScanFinished{swp::ScanKind::kIntegrity, ComputerId{34}, ScheduledTaskId{501}, kAskedSince, kAskedHost},
       kAskedMatter},
      {ScanFinished{swp::ScanKind::kIntegrity, ComputerId{34}, std::nullopt, kAskedSince, kAskedHost}, kAskedMatter},
      {RulesEffective{swp::RuleModule::kIntegrityMonitoring,
                      swp::Scope::Of(PolicyId{12}),
                      ComputerId{34},
                      {RuleId{5}, RuleId{6}},
                      kAskedSince,
                      kAskedHost},
       kAskedMatter},
      {HostBack{kAskedHost, {{swp::ScanKind::kRecommendation, true, "why"}}, true}, kAskedMatter},
      {CaseEnded{}, kAskedMatter},
  };
  return questions;
}

TEST(Question, ComesBackFromItsJson) {
  for (const Question& question : Questions()) {
    const auto again = QuestionFromJson(Json::Parse(QuestionToJson(question)).value());
    ASSERT_TRUE(again.ok()) << QuestionToJson(question);
    EXPECT_EQ(*again, question);
  }
}

TEST(Question, OfANewerVersionIsRefused) {
  for (const char* text :
       {R"({})", R"({"question":"weather"})", R"({"question":"scan-finished","scan":"x"})",
        R"({"question":"rules-effective","module":"x"})", R"({"question":"host-back","scans":[{}]})"}) {
    EXPECT_FALSE(QuestionFromJson(Json::Parse(text).value()).ok()) << text;
  }
}

// Several findings about one computer ask for the end of one scan; the end of a case belongs to the case.
TEST(Question, TheKeySaysWhatIsShared) {
  const auto key = [](const Question& question, std::int64_t number) { return KeyOf(question, number); };
  EXPECT_EQ(key(Questions()[0], 1), key(Questions()[1], 2));
  EXPECT_NE(key(Questions()[0], 1),
            key({ScanFinished{swp::ScanKind::kMalware, ComputerId{34}, {}, kAskedSince, kAskedHost}, kAskedMatter}, 1));
  EXPECT_NE(
      key(Questions()[0], 1),
      key({ScanFinished{swp::ScanKind::kIntegrity, ComputerId{35}, {}, kAskedSince, kAskedHost}, kAskedMatter}, 1));
  EXPECT_NE(key(Questions()[3], 1), key(Questions()[3], 2));
  EXPECT_NE(key(Questions()[4], 1), key(Questions()[4], 2));
  Question other_rules = Questions()[2];
  std::get<RulesEffective>(other_rules.ask).rules.pop_back();
  EXPECT_NE(key(Questions()[2], 1), key(other_rules, 1));
}

}  // namespace
}  // namespace sallyport
