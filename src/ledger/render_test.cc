// SPDX-License-Identifier: Apache-2.0
#include "ledger/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// 2025-11-24T16:00:00Z
const TimePoint kStart = FromEpochMilliseconds(1'764'000'000'000);

EventRecord RecordOf(std::int64_t number, EventState state) {
  EventRecord record;
  record.number = EventNumber{number};
  record.received_at = kStart + Duration{250};
  record.event = EventAbout("f" + std::to_string(number));
  record.state = state;
  return record;
}

HistoryLine LineOf(const std::string& kind, TimePoint at, const std::string& state, const std::string& reason) {
  HistoryLine line;
  line.at = at;
  line.subject = 7;
  line.event = EventNumber{7};
  line.case_number = CaseNumber{7};
  line.kind = kind;
  line.state = state;
  line.reason = reason;
  return line;
}

Case SomeCase() {
  Case shown;
  shown.event = RecordOf(7, EventState::kDone);
  shown.event.reason = "all asked for";
  shown.record.number = shown.record.event = shown.event.number;
  PlanRecord plan;
  plan.event = plan.case_number = EventNumber{7};
  plan.number = PlanNumber{7};
  plan.workflow = "guardduty";
  plan.json = R"({"workflow":"guardduty"})";
  plan.digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  plan.state = PlanState::kExecuted;
  shown.plans = {plan};
  ActionRecord action;
  action.number = ActionNumber{31};
  action.event = EventNumber{7};
  action.plan = PlanNumber{7};
  action.action = ScanOf("computer 34");
  action.state = ActionState::kRequested;
  action.reason = "accepted";
  action.changed_at = kStart + Duration{500};
  shown.actions = {action};
  shown.history = {LineOf("event", kStart, "received", ""), LineOf("action", kStart + Duration{250}, "planned", ""),
                   LineOf("action", kStart + Duration{500}, "requested", "accepted")};
  shown.history[1].subject = shown.history[2].subject = 31;
  return shown;
}

TEST(RenderList, NoEventsAreSaid) {
  EXPECT_EQ(RenderList({}, false), "no events\n");
  EXPECT_EQ(RenderListJson({}), "");
}

TEST(RenderList, ColumnsAreAligned) {
  EventRecord first = RecordOf(9, EventState::kDone);
  first.event.title = "short";
  EventRecord second = RecordOf(10, EventState::kOutOfScope);
  second.event.title = "l\xC3\xA4nger";
  second.event.account.clear();
  second.event.region.clear();
  second.reason = "no workflow wants it";
  EXPECT_EQ(RenderList({first, second}, false),
            "NUMBER  RECEIVED              STATE         ACCOUNT/REGION          TITLE   SUBJECT  REASON\n"
            "     9  2025-11-24T16:00:00Z  done          111122223333/us-east-1  short   f9       -\n"
            "    10  2025-11-24T16:00:00Z  out-of-scope  -                       l\xC3\xA4nger  f10      no workflow "
            "wants it\n");
}

TEST(RenderList, ALongCellIsCutAtItsWidthAndNotBefore) {
  EventRecord record = RecordOf(1, EventState::kDone);
  record.event.subject = std::string(36, 'x');
  EXPECT_THAT(RenderList({record}, false), HasSubstr("  " + std::string(36, 'x') + "  "));
  record.event.subject += 'x';
  EXPECT_THAT(RenderList({record}, false), HasSubstr("  " + std::string(33, 'x') + "...  "));
  record.event.subject.clear();
  for (int i = 0; i < 1000; ++i) record.event.subject += "\xF0\x9F\x98\x80";
  const std::string list = RenderList({record}, false);
  EXPECT_TRUE(IsUtf8(list));
  EXPECT_LT(list.size(), 600U);
}

TEST(RenderList, ColoursAreThereOnlyWhenAskedForAndDoNotMoveColumns) {
  std::vector<EventRecord> records = {RecordOf(1, EventState::kFailed), RecordOf(2, EventState::kDone)};
  const std::string plain = RenderList(records, false);
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  std::string colored = RenderList(records, true);
  EXPECT_THAT(colored, HasSubstr("\x1b[31mfailed\x1b[0m"));
  EXPECT_THAT(colored, HasSubstr("\x1b[32mdone\x1b[0m"));
  for (const std::string_view escape : {"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"}) {
    for (std::size_t at = 0; (at = colored.find(escape)) != std::string::npos;) colored.erase(at, escape.size());
  }
  EXPECT_EQ(colored, plain);
}

TEST(RenderCase, HasTheEventThePlanTheActionsAndTheTimeline) {
  EXPECT_EQ(RenderCase(SomeCase(), false),
            "case 7  done: all asked for\n"
            "  received  2025-11-24T16:00:00.250Z\n"
            "  title     CryptoCurrency:EC2/BitcoinTool.B!DNS\n"
            "  source    aws.guardduty\n"
            "  type      GuardDuty Finding\n"
            "  account   111122223333\n"
            "  region    us-east-1\n"
            "  subject   f7\n"
            "  origin    file finding.json, line 1\n"
            "  sha256    " +
                Sha256Hex("f7") +
                "\n"
                "\n"
                "plan 7  guardduty, 1 action, digest 0123456789ab  executed\n"
                "  action 31  request-scan scan-for-recommendations  computer 34\n"
                "    requested: accepted\n"
                "\n"
                "history\n"
                "  2025-11-24T16:00:00Z      event      received\n"
                "  2025-11-24T16:00:00.250Z  action 31  planned\n"
                "  2025-11-24T16:00:00.500Z  action 31  requested: accepted\n");
}

// With an update, two plans, a follow-up, two messages and lines of all of them.
Case LongCase() {
  Case shown = SomeCase();
  EventRecord update = RecordOf(9, EventState::kWaiting);
  update.case_number = EventNumber{7};
  update.reason = "severity rose";
  shown.updates = {update};
  PlanRecord plan = shown.plans[0];
  plan.event = EventNumber{9};
  plan.number = PlanNumber{8};
  plan.state = PlanState::kAwaitingApproval;
  plan.reason = "over 50 hosts";
  plan.expires_at = kStart + std::chrono::hours(24);
  shown.plans.push_back(plan);
  FollowUpRecord open;
  open.number = FollowUpNumber{3};
  open.follow_up = FollowUpOf(EventNumber{7}, kStart + std::chrono::minutes(5));
  open.follow_up.waiting = {ActionNumber{31}};
  open.attempts = 2;
  open.reason = "still running";
  FollowUpRecord given_up = open;
  given_up.number = FollowUpNumber{4};
  given_up.state = FollowUpState::kGivenUp;
  given_up.follow_up.waiting = {ActionNumber{31}, ActionNumber{32}};
  shown.follow_ups = {open, given_up};
  DeliveryRecord delivery;
  delivery.number = 5;
  delivery.message = "owner/i-0123456789abcdef0";
  delivery.channel = "slack:security";
  delivery.state = DeliveryState::kFailed;
  delivery.reason = "HTTP 404";
  shown.deliveries = {delivery};
  shown.history = {LineOf("event", kStart, "received", ""),      LineOf("plan", kStart, "planned", ""),
                   LineOf("follow-up", kStart, "open", ""),      LineOf("delivery", kStart, "failed", "HTTP 404"),
                   LineOf("event", kStart, "received", ""),      LineOf("plan", kStart, "awaiting-approval", ""),
                   LineOf("retention", kStart, "removed", "old")};
  shown.history[2].subject = 3;
  shown.history[3].subject = 5;
  shown.history[4].event = shown.history[5].event = EventNumber{9};
  shown.history[4].subject = 9;
  shown.history[5].subject = 8;
  return shown;
}

TEST(RenderCase, HasUpdatesFollowUpsAndMessages) {
  const std::string text = RenderCase(LongCase(), false);
  EXPECT_EQ(text.substr(text.find("\nupdates\n")),
            "\nupdates\n"
            "  event 9  2025-11-24T16:00:00.250Z  GuardDuty Finding\n"
            "    waiting: severity rose\n"
            "\n"
            "plan 7  guardduty, 1 action, digest 0123456789ab  executed\n"
            "  action 31  request-scan scan-for-recommendations  computer 34\n"
            "    requested: accepted\n"
            "\n"
            "plan 8 of event 9  guardduty, 0 actions, digest 0123456789ab  awaiting-approval: over 50 hosts\n"
            "  to be approved until 2025-11-25T16:00:00Z\n"
            "\n"
            "follow-ups\n"
            "  follow-up 3  scan-finished  computer 34  for action 31\n"
            "    open: still running\n"
            "    due 2025-11-24T16:05:00Z, asked 2 times, until 2025-11-25T16:05:00Z\n"
            "  follow-up 4  scan-finished  computer 34  for actions 31, 32\n"
            "    given-up: still running\n"
            "\n"
            "messages\n"
            "  delivery 5  owner/i-0123456789abcdef0  slack:security\n"
            "    failed: HTTP 404\n"
            "\n"
            "history\n"
            "  2025-11-24T16:00:00Z  event        received\n"
            "  2025-11-24T16:00:00Z  plan 7       planned\n"
            "  2025-11-24T16:00:00Z  follow-up 3  open\n"
            "  2025-11-24T16:00:00Z  delivery 5   failed: HTTP 404\n"
            "  2025-11-24T16:00:00Z  event 9      received\n"
            "  2025-11-24T16:00:00Z  plan 8       awaiting-approval\n"
            "  2025-11-24T16:00:00Z  retention    removed: old\n");
}

TEST(RenderCaseJson, HasUpdatesPlansFollowUpsAndMessages) {
  const Json read = Json::Parse(RenderCaseJson(LongCase())).value();
  EXPECT_EQ(read["updates"].Elements().at(0)["case"].Int64Or(0), 7);
  EXPECT_EQ(read["plan"]["event"].Int64Or(0), 9) << "the newest one";
  EXPECT_EQ(read["plan"]["expires_at"].StringOr(""), "2025-11-25T16:00:00Z");
  EXPECT_EQ(read["earlier_plans"].Elements().at(0)["state"].StringOr(""), "executed");
  const Json follow_up = read["follow_ups"].Elements().at(1);
  EXPECT_EQ(follow_up["state"].StringOr(""), "given-up");
  EXPECT_EQ(follow_up["waiting"].ToText(), "[31,32]");
  EXPECT_EQ(follow_up["follow_up"]["task"].Int64Or(0), 12);
  const Json delivery = read["deliveries"].Elements().at(0);
  EXPECT_EQ(delivery["channel"].StringOr(""), "slack:security");
  EXPECT_EQ(delivery["reason"].StringOr(""), "HTTP 404");
  EXPECT_EQ(read["history"].Elements().at(3)["delivery"].Int64Or(0), 5);
  EXPECT_EQ(read["history"].Elements().at(2)["follow_up"].Int64Or(0), 3);
}

TEST(RenderCase, AnEventWithoutPlanSaysSo) {
  Case shown;
  shown.event = RecordOf(7, EventState::kUnreadable);
  shown.event.event = {};
  const std::string text = RenderCase(shown, false);
  EXPECT_THAT(text, HasSubstr("\nno plan\n"));
  EXPECT_THAT(text, Not(HasSubstr("subject")));
  EXPECT_THAT(RenderCaseJson(shown), HasSubstr(R"("plan":null)"));
}

// Every text that may come from outside, in one case.
Case HostileCase(const std::string& text) {
  Case shown = SomeCase();
  shown.event.event = {text, text, text, text, text, text, text, text, text, {}, text};
  shown.updates = {shown.event};
  PlanRecord& plan = shown.plans[0];
  shown.event.reason = plan.workflow = plan.digest = plan.json = plan.reason = text;
  FollowUpRecord follow_up;
  follow_up.follow_up.key = follow_up.follow_up.question = follow_up.follow_up.subject = text;
  follow_up.follow_up.json = follow_up.reason = text;
  shown.follow_ups = {follow_up};
  DeliveryRecord delivery;
  delivery.message = delivery.channel = delivery.sha256 = delivery.handle = delivery.reason = text;
  shown.deliveries = {delivery};
  shown.actions[0].action = {text, text, text, text, 1, text};
  shown.actions[0].reason = text;
  shown.history.push_back(shown.history[0]);
  for (HistoryLine& line : shown.history) line.kind = line.state = line.reason = line.hash = text;
  return shown;
}

TEST(Render, NothingFromOutsideCanSteerATerminal) {
  const std::string texts[] = {"\x1b[2J",      "a\nb\r",       "\xC2\x9B[J",   "\xE2\x80\xAEgpj", "\x7F",
                               "\xE2\x80\x8B", "\xE2\x81\xA6", "\xEF\xBB\xBF", "\xE2\x80\xA8"};
  for (const std::string& text : texts) {
    const Case shown = HostileCase(text);
    const std::string outputs[] = {RenderList({shown.event}, false), RenderCase(shown, false),
                                   RenderListJson({shown.event}), RenderCaseJson(shown)};
    for (const std::string& output : outputs) EXPECT_THAT(output, Not(HasSubstr(text)));
    EXPECT_EQ(std::count(outputs[0].begin(), outputs[0].end(), '\n'), 2);
    EXPECT_EQ(std::count(outputs[2].begin(), outputs[2].end(), '\n'), 1);
    EXPECT_EQ(std::count(outputs[3].begin(), outputs[3].end(), '\n'), 1);
    const auto read = Json::Parse(outputs[3]);
    ASSERT_TRUE(read.ok()) << outputs[3];
    EXPECT_EQ((*read)["event"]["subject"].StringOr(""), text) << "JSON keeps the text";
    EXPECT_EQ((*read)["plan"]["plan"].StringOr(""), text);
  }
}

TEST(Render, CharactersNextToTheEscapedOnesAreKept) {
  EventRecord record = RecordOf(1, EventState::kDone);
  record.event.title = "\xC2\xA0\xE2\x80\x8A\xE2\x80\x90\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA~";
  EXPECT_THAT(RenderListJson({record}), HasSubstr(record.event.title));
}

TEST(RenderListJson, HasOneObjectPerLine) {
  const std::string lines = RenderListJson({RecordOf(2, EventState::kPlanned), RecordOf(1, EventState::kDone)});
  const std::size_t end = lines.find('\n');
  const auto first = Json::Parse(lines.substr(0, end));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ((*first)["number"].Int64Or(0), 2);
  EXPECT_EQ((*first)["received_at"].StringOr(""), "2025-11-24T16:00:00.250Z");
  EXPECT_EQ((*first)["state"].StringOr(""), "planned");
  EXPECT_EQ((*first)["account"].StringOr(""), "111122223333");
  EXPECT_EQ((*first)["title"].StringOr(""), "CryptoCurrency:EC2/BitcoinTool.B!DNS");
  EXPECT_EQ((*first)["sha256"].StringOr(""), Sha256Hex("f2"));
  EXPECT_TRUE(Json::Parse(lines.substr(end + 1)).ok());
}

TEST(RenderCaseJson, HasThePlanAndTheActionsAsJson) {
  const auto read = Json::Parse(RenderCaseJson(SomeCase()));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ((*read)["event"]["number"].Int64Or(0), 7);
  EXPECT_EQ((*read)["plan"]["digest"].StringOr(""), SomeCase().plans[0].digest);
  EXPECT_EQ((*read)["plan"]["plan"]["workflow"].StringOr(""), "guardduty");
  const Json action = (*read)["actions"].Elements().at(0);
  EXPECT_EQ(action["number"].Int64Or(0), 31);
  EXPECT_EQ(action["severity"].DoubleOr(0), 7.5);
  EXPECT_EQ(action["state"].StringOr(""), "requested");
  EXPECT_EQ(action["action"]["computer"].Int64Or(0), 34);
  const auto history = (*read)["history"].Elements();
  ASSERT_EQ(history.size(), 3U);
  EXPECT_TRUE(history[0]["action"].IsMissing());
  EXPECT_EQ(history[1]["action"].Int64Or(0), 31);
  EXPECT_EQ(history[2]["reason"].StringOr(""), "accepted");
}

}  // namespace
}  // namespace sallyport
