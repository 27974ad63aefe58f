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

CaseRecord CaseOf(std::int64_t number, CaseState state) {
  CaseRecord record;
  record.number = record.event = CaseNumber{number};
  record.service = "aws.guardduty";
  record.account = "111122223333";
  record.region = "us-east-1";
  record.subject = "f" + std::to_string(number);
  record.title = "CryptoCurrency:EC2/BitcoinTool.B!DNS";
  record.severity = 7.5;
  record.state = state;
  record.opened_at = record.changed_at = kStart + Duration{250};
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
  shown.record = CaseOf(7, CaseState::kClosed);
  shown.record.outcome = "verified";
  shown.record.reason = "all asked for";
  shown.record.closed_at = kStart + std::chrono::hours(1);
  shown.record.hosts = {"111122223333/us-east-1/i-0123456789abcdef0"};
  shown.record.all_hosts = 1;
  shown.record.owners = {"team-web@example.com", "team-shop@example.com"};
  PlanRecord plan;
  plan.event = plan.case_number = EventNumber{7};
  plan.number = PlanNumber{7};
  plan.workflow = "guardduty";
  plan.json = R"({"workflow":"guardduty"})";
  plan.digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  plan.state = PlanState::kExecuted;
  plan.all_actions = 1;
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

TEST(CaseOverview, FitsAHundredColumns) {
  CaseRecord record = CaseOf(1'234'567, CaseState::kNeedsPerson);
  record.severity = 8.25;
  record.title = std::string(100, 't');
  record.hosts = {"111122223333/us-east-1/i-0123456789abcdef0", "111122223333/us-east-1/i-0fedcba9876543210"};
  record.all_hosts = 12;
  record.owners = {"team-shop@example.com"};
  record.all_owners = 1;
  const std::string table = RenderTable(CaseOverview({record}, record.opened_at + std::chrono::hours(50)), false);
  EXPECT_THAT(table, HasSubstr("needs-person"));
  EXPECT_THAT(table, HasSubstr("8.3"));
  EXPECT_THAT(table, HasSubstr("2d"));
  EXPECT_THAT(table, HasSubstr("i-0123456789abcdef0 +11"));
  for (std::size_t begin = 0; begin < table.size(); begin = table.find('\n', begin) + 1) {
    EXPECT_LE(table.find('\n', begin) - begin, 100U) << table;
  }
  EXPECT_EQ(RenderTable(CaseOverview({}, record.opened_at), false), "No cases found\n");
}

TEST(RenderTable, NoCasesAreSaid) {
  EXPECT_EQ(RenderTable(CaseTable({}), false), "No cases found\n");
}

TEST(RenderTable, ColumnsAreAligned) {
  CaseRecord first = CaseOf(9, CaseState::kClosed);
  first.outcome = "verified";
  first.title = "short";
  CaseRecord second = CaseOf(10, CaseState::kNeedsPerson);
  second.title = "l\xC3\xA4nger";
  second.account.clear();
  second.region.clear();
  second.severity = 0;
  second.reason = "no workflow wants it";
  EXPECT_EQ(
      RenderTable(CaseTable({first, second}), false),
      "NUMBER  OPENED                STATE         OUTCOME   SEVERITY  ACCOUNT/REGION          TITLE   SUBJECT  "
      "REASON\n"
      "     9  2025-11-24T16:00:00Z  closed        verified  7.5       111122223333/us-east-1  short   f9       -\n"
      "    10  2025-11-24T16:00:00Z  needs-person  -         -         -                       l\xC3\xA4nger  f10   "
      "   no workflow wants it\n");
}

TEST(RenderTable, ALongCellIsCutAtItsWidthAndNotBefore) {
  CaseRecord record = CaseOf(1, CaseState::kOpen);
  record.subject = std::string(36, 'x');
  EXPECT_THAT(RenderTable(CaseTable({record}), false), HasSubstr("  " + std::string(36, 'x') + "  "));
  record.subject += 'x';
  EXPECT_THAT(RenderTable(CaseTable({record}), false), HasSubstr("  " + std::string(33, 'x') + "...  "));
  record.subject.clear();
  for (int i = 0; i < 1000; ++i) record.subject += "\xF0\x9F\x98\x80";
  const std::string list = RenderTable(CaseTable({record}), false);
  EXPECT_TRUE(IsUtf8(list));
  EXPECT_LT(list.size(), 600U);
}

TEST(RenderTable, ColorsAreThereOnlyWhenAskedForAndDoNotMoveColumns) {
  const ViewTable table = CaseTable({CaseOf(1, CaseState::kNeedsPerson), CaseOf(2, CaseState::kClosed)});
  const std::string plain = RenderTable(table, false);
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  std::string colored = RenderTable(table, true);
  EXPECT_THAT(colored, HasSubstr("\x1b[31mneeds-person\x1b[0m"));
  EXPECT_THAT(colored, HasSubstr("\x1b[32mclosed\x1b[0m"));
  for (const std::string_view escape : {"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"}) {
    for (std::size_t at = 0; (at = colored.find(escape)) != std::string::npos;) colored.erase(at, escape.size());
  }
  EXPECT_EQ(colored, plain);
}

TEST(RenderText, ACaseHasItsEventPlanActionsAndTimeline) {
  EXPECT_EQ(RenderText(ViewOf(SomeCase()), false),
            "case 7  closed: verified\n"
            "  opened    2025-11-24T16:00:00.250Z\n"
            "  closed    2025-11-24T17:00:00Z\n"
            "  severity  7.5\n"
            "  title     CryptoCurrency:EC2/BitcoinTool.B!DNS\n"
            "  service   aws.guardduty\n"
            "  account   111122223333\n"
            "  region    us-east-1\n"
            "  subject   f7\n"
            "  hosts     111122223333/us-east-1/i-0123456789abcdef0\n"
            "  owners    team-web@example.com, team-shop@example.com\n"
            "  reason    all asked for\n"
            "\n"
            "event\n"
            "  event 7  2025-11-24T16:00:00.250Z  GuardDuty Finding\n"
            "    closed: all asked for\n"
            "    origin file finding.json, line 1\n"
            "\n"
            "plans\n"
            "  plan 7  of event 7  guardduty  actions 1  digest 0123456789ab\n"
            "    closed\n"
            "\n"
            "actions\n"
            "  action 31  of plan 7  request-scan  scan-for-recommendations  computer 34\n"
            "    requested: accepted\n"
            "\n"
            "history\n"
            "  2025-11-24T16:00:00Z      event 7    received\n"
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
  plan.all_actions = 0;
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

TEST(RenderText, ACaseHasUpdatesFollowUpsAndMessages) {
  const std::string text = RenderText(ViewOf(LongCase()), false);
  EXPECT_EQ(text.substr(text.find("\nupdates\n")),
            "\nupdates\n"
            "  event 9  2025-11-24T16:00:00.250Z  GuardDuty Finding\n"
            "    waiting: severity rose\n"
            "    origin file finding.json, line 1\n"
            "\n"
            "plans\n"
            "  plan 7  of event 7  guardduty  actions 1  digest 0123456789ab\n"
            "    closed\n"
            "  plan 8  of event 9  guardduty  actions 0  digest 0123456789ab\n"
            "    awaiting-approval: over 50 hosts\n"
            "    to be approved until 2025-11-25T16:00:00Z\n"
            "\n"
            "actions\n"
            "  action 31  of plan 7  request-scan  scan-for-recommendations  computer 34\n"
            "    requested: accepted\n"
            "\n"
            "follow-ups\n"
            "  follow-up 3  case 7  scan-finished  computer 34  for action 31\n"
            "    open: still running\n"
            "    due 2025-11-24T16:05:00Z, until 2025-11-25T16:05:00Z, checks so far: 2\n"
            "  follow-up 4  case 7  scan-finished  computer 34  for actions 31, 32\n"
            "    given-up: still running\n"
            "\n"
            "messages\n"
            "  delivery 5  owner/i-0123456789abcdef0  slack:security\n"
            "    failed: HTTP 404\n"
            "\n"
            "history\n"
            "  2025-11-24T16:00:00Z  event 7      received\n"
            "  2025-11-24T16:00:00Z  plan 7       planned\n"
            "  2025-11-24T16:00:00Z  follow-up 3  open\n"
            "  2025-11-24T16:00:00Z  delivery 5   failed: HTTP 404\n"
            "  2025-11-24T16:00:00Z  event 9      received\n"
            "  2025-11-24T16:00:00Z  plan 8       awaiting-approval\n"
            "  2025-11-24T16:00:00Z  retention 7  removed: old\n");
}

TEST(RenderText, AQuestionThatCollectsSaysWhatIsNotKept) {
  FollowUpRecord record;
  record.number = FollowUpNumber{3};
  record.state = FollowUpState::kDone;
  record.members = 10'000;
  record.trimmed = 5;
  record.answered = 9'000;
  record.successor = FollowUpNumber{4};
  EXPECT_THAT(
      RenderText(ViewOf(record), false),
      HasSubstr("members: 10000, members that are not kept: 5, last member answered: 9000, later members are in "
                "follow-up 4"));
}

TEST(RenderText, ACaseWithoutPlanSaysSo) {
  Case shown;
  shown.record = CaseOf(7, CaseState::kClosed);
  shown.event = RecordOf(7, EventState::kUnreadable);
  shown.event.event = {};
  EXPECT_THAT(RenderText(ViewOf(shown), false), HasSubstr("\nno plan\n"));
  EXPECT_THAT(RenderJson(ViewOf(shown)), HasSubstr(R"("plans":[])"));
}

// Every text that may come from outside, in one case.
Case HostileCase(const std::string& text) {
  Case shown = SomeCase();
  shown.event.event = {text, text, text, text, text, text, text, text, text, {}, text};
  shown.updates = {shown.event};
  CaseRecord& record = shown.record;
  record.service = record.account = record.region = record.subject = record.title = record.outcome = record.reason =
      text;
  record.hosts = record.owners = {text, text};
  PlanRecord& plan = shown.plans[0];
  shown.event.reason = plan.workflow = plan.digest = plan.json = plan.reason = text;
  FollowUpRecord follow_up;
  follow_up.follow_up.key = follow_up.follow_up.question = follow_up.follow_up.subject = text;
  follow_up.follow_up.json = follow_up.reason = text;
  shown.follow_ups = {follow_up};
  DeliveryRecord delivery;
  delivery.message = delivery.channel = delivery.sha256 = delivery.handle = delivery.reason = text;
  shown.deliveries = {delivery};
  shown.actions[0].action = {text, text, text, text, 1, text, text};
  shown.actions[0].held_by = text;
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
    const std::string outputs[] = {RenderTable(CaseTable({shown.record}), false), RenderText(ViewOf(shown), false),
                                   RenderJson(ViewOf(shown.record)), RenderJson(ViewOf(shown))};
    for (const std::string& output : outputs) EXPECT_THAT(output, Not(HasSubstr(text)));
    EXPECT_EQ(std::count(outputs[0].begin(), outputs[0].end(), '\n'), 2);
    EXPECT_EQ(std::count(outputs[2].begin(), outputs[2].end(), '\n'), 0);
    EXPECT_EQ(std::count(outputs[3].begin(), outputs[3].end(), '\n'), 0);
    const auto read = Json::Parse(outputs[3]);
    ASSERT_TRUE(read.ok()) << outputs[3];
    EXPECT_EQ((*read)["event"]["subject"].StringOr(""), text) << "JSON keeps the text";
    EXPECT_EQ((*read)["plans"].Elements().at(0)["plan"].StringOr(""), text);
  }
}

TEST(Render, CharactersNextToTheEscapedOnesAreKept) {
  CaseRecord record = CaseOf(1, CaseState::kOpen);
  record.title = "\xC2\xA0\xE2\x80\x8A\xE2\x80\x90\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA~";
  EXPECT_THAT(RenderJson(ViewOf(record)), HasSubstr(record.title));
}

TEST(RenderJson, ACaseOfAListIsAnObject) {
  CaseRecord record = CaseOf(2, CaseState::kClosed);
  record.outcome = "would";
  record.hosts = {"a/b/c"};
  const Json read = Json::Parse(RenderJson(ViewOf(record))).value();
  EXPECT_EQ(read["number"].Int64Or(0), 2);
  EXPECT_EQ(read["opened_at"].StringOr(""), "2025-11-24T16:00:00.250Z");
  EXPECT_TRUE(read["closed_at"].IsMissing());
  EXPECT_EQ(read["state"].StringOr(""), "closed");
  EXPECT_EQ(read["outcome"].StringOr(""), "would");
  EXPECT_EQ(read["severity"].DoubleOr(0), 7.5);
  EXPECT_EQ(read["hosts"].ToText(), R"(["a/b/c"])");
}

TEST(RenderJson, ACaseHasAllOfItsParts) {
  const Json read = Json::Parse(RenderJson(ViewOf(LongCase()))).value();
  EXPECT_EQ(read["case"]["state"].StringOr(""), "closed");
  EXPECT_EQ(read["event"]["number"].Int64Or(0), 7);
  EXPECT_EQ(read["updates"].Elements().at(0)["case"].Int64Or(0), 7);
  const Json plan = read["plans"].Elements().at(1);
  EXPECT_EQ(plan["event"].Int64Or(0), 9);
  EXPECT_EQ(plan["expires_at"].StringOr(""), "2025-11-25T16:00:00Z");
  EXPECT_EQ(plan["plan"]["workflow"].StringOr(""), "guardduty");
  const Json action = read["actions"].Elements().at(0);
  EXPECT_EQ(action["number"].Int64Or(0), 31);
  EXPECT_EQ(action["severity"].DoubleOr(0), 7.5);
  EXPECT_EQ(action["state"].StringOr(""), "requested");
  EXPECT_EQ(action["action"]["computer"].Int64Or(0), 34);
  EXPECT_TRUE(action["held_by"].IsMissing());
  const Json follow_up = read["follow_ups"].Elements().at(1);
  EXPECT_EQ(follow_up["state"].StringOr(""), "given-up");
  EXPECT_EQ(follow_up["waiting"].ToText(), "[31,32]");
  EXPECT_EQ(follow_up["follow_up"]["task"].Int64Or(0), 12);
  const Json delivery = read["deliveries"].Elements().at(0);
  EXPECT_EQ(delivery["channel"].StringOr(""), "slack:security");
  EXPECT_EQ(delivery["reason"].StringOr(""), "HTTP 404");
  const auto history = read["history"].Elements();
  EXPECT_EQ(history.at(2)["kind"].StringOr(""), "follow-up");
  EXPECT_EQ(history.at(2)["subject"].Int64Or(0), 3);
  EXPECT_EQ(history.at(3)["reason"].StringOr(""), "HTTP 404");
}

// Every member of what programs read is in one style, whatever the view.
void ExpectSnakeCase(const ViewRecord& record) {
  for (const ViewField& field : record) {
    EXPECT_EQ(field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos)
        << field.name;
  }
}

TEST(View, MembersAreSnakeCase) {
  for (const View& view : {ViewOf(LongCase()), ViewOf(Verification{})}) {
    for (const ViewSection& section : view) {
      EXPECT_EQ(section.name.find('-'), std::string_view::npos);
      for (const ViewRecord& record : section.records) ExpectSnakeCase(record);
    }
  }
}

// What a release of an older format wrote is shown with the names of today.
TEST(RenderJson, StoredJsonIsShownInOneStyle) {
  PlanRecord plan;
  plan.format = 2;
  plan.json = R"({"foundBy":"Macie","hosts":[{"foundIn":"detail","protection":{"modules":{"antiMalware":"on"}}}]})";
  const Json read = Json::Parse(RenderJson(ViewOf(plan))).value();
  EXPECT_EQ(read["plan"].ToText(),
            R"({"found_by":"Macie","hosts":[{"found_in":"detail","protection":{"modules":{"anti_malware":"on"}}}]})");
}

TEST(RenderVerification, SaysInBothWhatIsBroken) {
  Verification verified;
  verified.lines = 12;
  verified.removed = 3;
  verified.last_hash = "abc";
  EXPECT_EQ(RenderText(ViewOf(verified), false),
            "whole: hash chain intact; no changed, missing or added record found\n"
            "  lines     12\n"
            "  trimmed   3\n"
            "  last hash abc\n");
  verified.broken = {"line 4", "action 7"};
  EXPECT_EQ(RenderText(ViewOf(verified), true),
            "\x1b[31mbroken\x1b[0m: records were changed, or are missing or too many\n"
            "  broken    line 4\n"
            "            action 7\n"
            "  lines     12\n"
            "  trimmed   3\n"
            "  last hash abc\n");
  const Json read = Json::Parse(RenderJson(ViewOf(verified))).value();
  EXPECT_FALSE(read["whole"].BoolOr(true));
  EXPECT_EQ(read["broken"].ToText(), R"(["line 4","action 7"])");
  EXPECT_EQ(read["lines"].Int64Or(0), 12);
  EXPECT_EQ(read["removed"].Int64Or(0), 3);
  EXPECT_EQ(read["last_hash"].StringOr(""), "abc");
}

TEST(RenderPlan, ByItselfBeginsWithItsDigest) {
  PlanRecord plan;
  plan.number = PlanNumber{5};
  plan.case_number = CaseNumber{7};
  plan.workflow = "guardduty";
  plan.digest = std::string(64, 'a');
  plan.state = PlanState::kAwaitingApproval;
  plan.expires_at = kStart;
  plan.reason = "12 hosts";
  const View view = {{"", "", Form::kHeader, {HeadOf(plan)}},
                     {"planned",
                      "actions",
                      Form::kList,
                      {{{"does", std::string("a scan"), Place::kTitle},
                        {"targets", std::vector<std::string>(52, "host"), Place::kEach, "hosts"},
                        {"undo", std::string("none"), Place::kField, "undo"}}}}};
  const std::string text = RenderText(view, false);
  EXPECT_TRUE(
      text.starts_with("case 7  guardduty  plan aaaaaaaaaaaa  awaiting-approval: 12 hosts\n"
                       "  until     2025-11-24T16:00:00Z\n\nactions\n  a scan\n    hosts     host\n"))
      << text;
  EXPECT_TRUE(text.ends_with("              and 2 more (all in --json)\n    undo      none\n")) << text;
  const Json read = Json::Parse(RenderJson(view)).value();
  EXPECT_EQ(read["number"].Int64Or(0), 5);
  EXPECT_EQ(read["digest"].StringOr(""), plan.digest);
  EXPECT_EQ(read["planned"].Elements().at(0)["targets"].Elements().size(), 52U);
}

TEST(RenderCheck, AlignsWhatWasLookedAt) {
  const ViewRecord check = {{"check", std::string("ledger"), Place::kTitle},
                            {"health", std::string("warning"), Place::kState},
                            {"found", std::string("version 2"), Place::kReason},
                            {"advice", std::string("handle an event"), Place::kDetail}};
  EXPECT_EQ(RenderCheck(check, {9, 16}, false),
            "warning  ledger          version 2\n" + std::string(25, ' ') + "handle an event\n");
  EXPECT_EQ(RenderJson(check),
            R"({"check":"ledger","health":"warning","found":"version 2","advice":"handle an event"})");
}

}  // namespace
}  // namespace sallyport
