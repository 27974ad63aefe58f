// SPDX-License-Identifier: Apache-2.0
#include "workflow/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"
#include "event/event_json.h"
#include "event/parse.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// A row that takes every event of a source and has so many Matters in each.
Workflow RowWith(const std::string& name, std::size_t matters) {
  Workflow row;
  row.name = name;
  row.takes_what = "`made.up`";
  row.takes = [](const Event& event) { return event.source == "made.up"; };
  row.about = [matters](const Event&, const WorkflowSettings&) {
    std::vector<Matter> about(matters);
    for (std::size_t i = 0; i < matters; ++i) about[i].subject = "subject " + std::to_string(i);
    return about;
  };
  row.make_plan = [](const Event&, const Matter& matter, Sources&, const WorkflowSettings&) -> Result<Plan> {
    Plan plan;
    plan.matter = matter;
    return plan;
  };
  return row;
}

Event MadeUp() {
  Event event;
  event.source = "made.up";
  return event;
}

TEST(Tables, OfTheProductAreInOrder) {
  EXPECT_TRUE(CheckTables(ProductTables()).ok());
}

TEST(Tables, NoTwoRowsHaveOneName) {
  Tables tables;
  tables.workflows = {RowWith("one", 1), RowWith("two", 1)};
  EXPECT_TRUE(CheckTables(tables).ok());
  tables.workflows.push_back(RowWith("one", 1));
  EXPECT_THAT(CheckTables(tables).error().message, HasSubstr("`one`"));
  tables.workflows = {RowWith("follow-up", 1)};
  EXPECT_FALSE(CheckTables(tables).ok());
}

TEST(Tables, ARowIsWhole) {
  const std::function<void(Workflow&)> losses[] = {
      [](Workflow& row) { row.name.clear(); }, [](Workflow& row) { row.takes = nullptr; },
      [](Workflow& row) { row.about = nullptr; }, [](Workflow& row) { row.make_plan = nullptr; }};
  for (const auto& lose : losses) {
    Tables tables;
    tables.workflows = {RowWith("one", 1)};
    lose(tables.workflows[0]);
    EXPECT_FALSE(CheckTables(tables).ok());
  }
}

TEST(PlansToMake, IsOneForEachRowThatTakesTheEventAndEachOfItsMatters) {
  Tables tables;
  tables.workflows = {RowWith("one", 2), RowWith("two", 1)};
  const auto plans = PlansToMake(MadeUp(), tables, {});
  ASSERT_TRUE(plans.ok());
  ASSERT_THAT(*plans, SizeIs(3));
  EXPECT_EQ((*plans)[1].workflow->name, "one");
  EXPECT_EQ((*plans)[1].matter.subject, "subject 1");
  EXPECT_EQ((*plans)[2].workflow->name, "two");
  Event other;
  other.source = "somebody.else";
  EXPECT_THAT(*PlansToMake(other, tables, {}), SizeIs(0));
}

TEST(PlansToMake, IsBoundedAtTheBoundAndOnePast) {
  Tables tables;
  tables.workflows = {RowWith("one", bounds::kPlansPerEvent)};
  EXPECT_THAT(*PlansToMake(MadeUp(), tables, {}), SizeIs(bounds::kPlansPerEvent));
  tables.workflows.push_back(RowWith("two", 1));
  const auto over = PlansToMake(MadeUp(), tables, {});
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  tables.workflows = {RowWith("none", 0)};
  EXPECT_FALSE(PlansToMake(MadeUp(), tables, {}).ok()) << "a row that says nothing of its event is a bug";
}

TEST(PlansToMake, APlanOfTheLedgerIsFoundAgainByWorkflowAndSubject) {
  Tables tables;
  tables.workflows = {RowWith("one", 2), RowWith("two", 1)};
  const auto plans = PlansToMake(MadeUp(), tables, {});
  const auto found = [&](std::string_view workflow, const std::string& subject) {
    Matter matter;
    matter.subject = subject;
    return FindPlanToMake(*plans, workflow, matter);
  };
  EXPECT_EQ(found("one", "subject 1"), &(*plans)[1]);
  EXPECT_EQ(found("one", "of an earlier release"), nullptr) << "which of two it was is not guessed";
  EXPECT_EQ(found("two", "of an earlier release"), &(*plans)[2]);
  EXPECT_EQ(found("three", "subject 0"), nullptr);
}

TEST(ConfigRuleForm, AnInvocationIsAnEventWithoutItsToken) {
  const auto arrivals =
      ParseDocument(R"({"invokingEvent":"{}","resultToken":"SECRET-token","accountId":"111122223333"})", "test",
                    ProductTables().Forms());
  const auto& event = arrivals.at(0).event;
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_EQ(event->source, "aws.config");
  EXPECT_EQ(event->detail_type, "AWS Config Rule Invocation");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->detail.ToText(), R"({"invokingEvent":"{}","accountId":"111122223333"})");
  EXPECT_EQ(event->answer_token.RevealForRequest(), "SECRET-token");
  EXPECT_THAT(EventToJson(*event), Not(HasSubstr("SECRET")));
}

TEST(ConfigRuleForm, ARedeliveryHasANewTokenAndIsTheSameEvent) {
  const auto digest = [](const std::string& token) {
    const std::string text = R"({"invokingEvent":"{}","resultToken":")" + token + R"("})";
    return ContentSha256(ParseDocument(text, "test", ProductTables().Forms()).at(0).event.value());
  };
  EXPECT_EQ(digest("one"), digest("two"));
}

// However it comes, and whatever its envelope says, the token is in no text of the event.
TEST(ConfigRuleForm, TheTokenIsTakenOutOfEveryEnvelope) {
  const std::string detail = R"({"invokingEvent":"{}","resultToken":"SECRET-token","accountId":"111122223333"})";
  const std::string whole = R"({"version":"0","id":"e1","detail-type":"AWS Config Rule Invocation",)"
                            R"("source":"aws.config","account":"111122223333","region":"us-east-1",)"
                            R"("time":"2025-11-24T16:00:00Z","resources":[],"detail":)" +
                            detail + "}";
  const std::string partial = R"({"source":"my.forwarder","detail-type":"Forwarded","detail":)" + detail + "}";
  const std::string also_a_finding =
      R"({"type":"t","resource":{},"service":{},"invokingEvent":"{}","resultToken":"SECRET-token"})";
  const auto in_sns = [](const std::string& message) {
    JsonWriter out;
    out.BeginObject().Member("Type", "Notification").Member("TopicArn", "arn:aws:sns:us-east-1:111122223333:t");
    return out.Member("Message", message).EndObject().Take();
  };
  const auto in_sqs = [](const std::string& body) {
    JsonWriter out;
    out.BeginObject().Key("Records").BeginArray().BeginObject().Member("eventSource", "aws:sqs");
    return out.Member("messageId", "m1").Member("body", body).EndObject().EndArray().EndObject().Take();
  };
  for (const std::string& text : {detail, whole, partial, also_a_finding, in_sns(detail), in_sns(whole),
                                  in_sns(partial), in_sqs(whole), in_sqs(in_sns(whole))}) {
    const auto arrivals = ParseDocument(text, "test", ProductTables().Forms());
    ASSERT_THAT(arrivals, SizeIs(1));
    ASSERT_TRUE(arrivals[0].event.ok()) << arrivals[0].event.error().message;
    const Event& event = *arrivals[0].event;
    EXPECT_EQ(event.answer_token.RevealForRequest(), "SECRET-token") << text;
    EXPECT_THAT(EventToJson(event), Not(HasSubstr("SECRET"))) << text;
    EXPECT_TRUE(event.detail["resultToken"].IsMissing()) << text;
    EXPECT_TRUE(event.detail["invokingEvent"].HasValue()) << text;
    std::string redelivered = text;
    redelivered.replace(redelivered.find("SECRET-token"), 12, "SECRET-other");
    EXPECT_EQ(ContentSha256(*ParseDocument(redelivered, "test", ProductTables().Forms())[0].event),
              ContentSha256(event));
  }
}

TEST(ConfigRuleForm, ATokenThatIsNoTextIsTakenOutToo) {
  const auto event = ParseDocument(R"({"version":"0","id":"e1","detail-type":"d","source":"aws.config","account":)"
                                   R"("111122223333","region":"us-east-1","time":"2025-11-24T16:00:00Z",)"
                                   R"("detail":{"invokingEvent":"{}","resultToken":["SECRET"]}})",
                                   "", ProductTables().Forms())
                         .at(0)
                         .event;
  ASSERT_TRUE(event.ok()) << event.error().ToText();
  EXPECT_TRUE(event->detail["resultToken"].IsMissing());
  EXPECT_TRUE(event->answer_token.empty());
}

// The rule fails, visibly, and says what is wrong (ReadConfigInvocation); an event that nobody can read would not.
TEST(ConfigRuleForm, MembersOfAnotherTypeAreLeftToTheWorkflow) {
  for (const std::string text : {R"({"invokingEvent":{}})", R"({"invokingEvent":"{}","accountId":5})",
                                 R"({"invokingEvent":"{}","resultToken":5})"}) {
    const auto event = ParseDocument(text, "", ProductTables().Forms()).at(0).event;
    ASSERT_TRUE(event.ok()) << text << ": " << event.error().ToText();
    EXPECT_EQ(event->source, "aws.config");
    EXPECT_TRUE(event->detail["invokingEvent"].HasValue());
    EXPECT_TRUE(event->detail["resultToken"].IsMissing());
  }
}

}  // namespace
}  // namespace sallyport
