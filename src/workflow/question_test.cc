// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/case_ended.h"
#include "workflow/host_back.h"
#include "workflow/question_kind.h"
#include "workflow/rules_effective.h"
#include "workflow/scan_finished.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

const Host kHost = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
const Matter kMatter = {"GuardDuty",    "f1",        "Trojan:EC2/DropPoint",
                        "111122223333", "us-east-1", 7.5,
                        false,          {},          {{"Finding", "https://example.com"}}};
const TimePoint kSince = FromEpochMilliseconds(1'764'000'000'123);

const std::vector<Question>& Questions() {
  static const std::vector<Question> questions = {
      {ScanFinished{swp::ScanKind::kIntegrity, ComputerId{34}, ScheduledTaskId{501}, kSince, kHost}, kMatter},
      {ScanFinished{swp::ScanKind::kIntegrity, ComputerId{34}, std::nullopt, kSince, kHost}, kMatter},
      {RulesEffective{swp::RuleModule::kIntegrityMonitoring,
                      swp::Scope::Of(PolicyId{12}),
                      ComputerId{34},
                      {RuleId{5}, RuleId{6}},
                      kSince,
                      kHost},
       kMatter},
      {HostBack{kHost, {{swp::ScanKind::kRecommendation, true, "why"}}, true}, kMatter},
      {CaseEnded{}, kMatter},
  };
  return questions;
}

TEST(Question, ComesBackFromItsJson) {
  for (const Question& question : Questions()) {
    const auto again = ProductTables().questions.Read(Json::Parse(QuestionToJson(question)).value());
    ASSERT_TRUE(again.ok()) << QuestionToJson(question);
    EXPECT_EQ(*again, question);
    const Json json = Json::Parse(QuestionToJson(question)).value();
    EXPECT_EQ(WithSnakeCaseNames(json).ToText(), json.ToText());
  }
}

TEST(Question, OfANewerVersionIsRefused) {
  for (const char* text :
       {R"({})", R"({"question":"weather"})", R"({"question":"scan-finished","scan":"x"})",
        R"({"question":"rules-effective","module":"x"})", R"({"question":"host-back","scans":[{}]})"}) {
    EXPECT_FALSE(ProductTables().questions.Read(Json::Parse(text).value()).ok()) << text;
  }
}

// Several findings about one computer ask for the end of one scan; the end of a case belongs to the case.
TEST(Question, TheKeySaysWhatIsShared) {
  const auto key = [](const Question& question, std::int64_t number) { return KeyOf(question, number); };
  EXPECT_EQ(key(Questions()[0], 1), key(Questions()[1], 2));
  EXPECT_NE(key(Questions()[0], 1),
            key({ScanFinished{swp::ScanKind::kMalware, ComputerId{34}, {}, kSince, kHost}, kMatter}, 1));
  EXPECT_NE(key(Questions()[0], 1),
            key({ScanFinished{swp::ScanKind::kIntegrity, ComputerId{35}, {}, kSince, kHost}, kMatter}, 1));
  EXPECT_NE(key(Questions()[3], 1), key(Questions()[3], 2));
  EXPECT_NE(key(Questions()[4], 1), key(Questions()[4], 2));
  Question other_rules = Questions()[2];
  RulesEffective fewer = *other_rules.ask.As<RulesEffective>();
  fewer.rules.pop_back();
  other_rules.ask = fewer;
  EXPECT_NE(key(Questions()[2], 1), key(other_rules, 1));
}

// Open questions of the ledger, as earlier releases wrote them.
TEST(Question, OfAnEarlierReleaseIsReadAndHasItsKey) {
  const struct {
    const char* text;
    const char* key;
  } cases[] = {
      {R"({"question":"scan-finished","scan":"scan-for-integrity-changes","computer":34,"task":501,"since":1764000000123,)"
       R"("host":{"account":"111122223333","region":"us-east-1","instance":"i-0123456789abcdef0","name":"web-01"},)"
       R"("matter":{"subject":"f1","title":"t","account":"111122223333","region":"us-east-1","severity":5,)"
       R"("sample":false,"links":[]}})",
       "scan-finished/scan-for-integrity-changes/computer 34"},
      {R"({"question":"rules-effective","module":"intrusionprevention","computer":34,"scope":"policy","scopeId":12,)"
       R"("since":1764000000123,"rules":[5,6],)"
       R"("host":{"account":"111122223333","region":"us-east-1","instance":"i-0123456789abcdef0","name":""},)"
       R"("matter":{"subject":"f1"}})",
       "rules-effective/intrusionprevention/computer 34,5,6"},
      {R"({"question":"host-back","ownerWasTold":true,)"
       R"("scans":[{"scan":"scan-for-integrity-changes","applyResults":false,"why":"w"}],)"
       R"("host":{"account":"111122223333","region":"us-east-1","instance":"i-0123456789abcdef0","name":""},)"
       R"("matter":{"subject":"f1","foundBy":"Macie"}})",
       "host-back/111122223333/us-east-1/i-0123456789abcdef0/case 7"},
      {R"({"question":"case-ended","matter":{"subject":"f1"}})", "case-ended/case 7"},
  };
  for (const auto& c : cases) {
    const auto question = ProductTables().questions.Read(Json::Parse(c.text).value());
    ASSERT_TRUE(question.ok()) << c.text << ": " << question.error().message;
    EXPECT_EQ(KeyOf(*question, 7), c.key);
    EXPECT_EQ(question->matter.service, std::string(c.key).starts_with("host-back") ? "Macie" : "GuardDuty");
  }
}

TEST(Question, InAFormatThatIsNotKnownIsRefusedWithASentence) {
  const auto read = [](const char* text) { return ProductTables().questions.Read(Json::Parse(text).value()); };
  EXPECT_TRUE(read(R"({"question":"case-ended","format":1})").ok());
  EXPECT_TRUE(read(R"({"question":"case-ended","format":2,"matter":{"found_by":"Macie"}})").ok());
  const auto nobodys = read(R"({"question":"case-ended","format":2,"matter":{"subject":"f1"}})");
  ASSERT_FALSE(nobodys.ok());
  EXPECT_EQ(nobodys.error().message, "matter.found_by: it must say whose event this is about");
  const auto newer = read(R"({"question":"case-ended","format":3})");
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().message, "a question in format 3; this release reads 1 to 2");
  EXPECT_FALSE(read(R"({"question":"case-ended","format":0})").ok());
  EXPECT_FALSE(read(R"({"question":"case-ended","format":"x"})").ok());
}

TEST(QuestionKinds, EveryKindHasItsSchedule) {
  const FollowUpSettings settings;
  const QuestionKinds kinds = ProductTables().questions;
  EXPECT_EQ(kinds.Find("scan-finished")->schedule(settings), settings.scan);
  EXPECT_EQ(kinds.Find("rules-effective")->schedule(settings), settings.rules);
  EXPECT_EQ(kinds.Find("host-back")->schedule(settings), settings.host);
  EXPECT_EQ(kinds.Find("case-ended")->schedule(settings), settings.outcome);
  EXPECT_EQ(ScheduleOf(Questions()[3], settings), settings.host);
}

TEST(QuestionKinds, OneKindForEachName) {
  QuestionKinds kinds = ProductTables().questions;
  EXPECT_EQ(kinds.Find("weather"), nullptr);
  ASSERT_NE(kinds.Find("case-ended"), nullptr);
  EXPECT_TRUE(kinds.Find("case-ended")->is_about_case);
  EXPECT_FALSE(kinds.Find("scan-finished")->is_about_case);
  EXPECT_DEATH(kinds.Add(CaseEndedQuestion().Row()), "one kind of question for each name");
}

}  // namespace
}  // namespace sallyport
