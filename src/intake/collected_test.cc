// SPDX-License-Identifier: Apache-2.0
//
// Questions that collect, with the row and the kind of question of the examples (tests/example/example_collect.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/bounds.h"
#include "intake/report.h"
#include "intake/world_for_test.h"
#include "ledger/forwarding_ledger_for_test.h"
#include "ledger/render.h"
#include "ledger/view.h"
#include "tests/example/example_collect.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOther = "i-0a1b2c3d4e5f60718";
constexpr const char* kUnknown = "i-0fedcba9876543210";

// Two hosts with an agent, in enforce mode, and the rows of the example.
struct CollectingWorld : World {
  CollectingWorld() {
    options.gates.mode = Mode::kEnforce;
    tables.workflows.push_back(AdvisoryWorkflow().Row());
    tables.questions.Add(AdvisoryQuestion().Row());
    for (const auto& [instance, id] : {std::pair(kInstance, 34), std::pair(kOther, 40)}) {
      const swp::Computer computer = ProtectedComputer(instance, id);
      reads.computers.emplace(instance, std::vector{computer});
      reads.by_id.emplace(id, computer);
    }
    for (const swp::RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments{});
  }

  std::string Advisory(const std::string& id, const std::string& instance, int rule, Duration age = Duration{0}) const {
    return R"({"version":"0","id":")" + id + R"(","detail-type":"Advisory","source":"example.scanner",)" +
           R"("account":"111122223333","region":"us-east-1","time":")" + FormatTime(clock.Now() - age) +
           R"(","detail":{"id":")" + id + R"(","instance":")" + instance + R"(","rule":)" + std::to_string(rule) + "}}";
  }

  EventReport Join(const std::string& id, const std::string& instance = kInstance, int rule = 6348) {
    return Handle(Advisory(id, instance, rule));
  }

  // As SWP shows it once the agents have what was assigned.
  void ShowAssigned(const std::vector<RuleId>& rules) {
    swp::Assignments assigned;
    assigned.assigned = rules;
    reads.assignments.insert_or_assign(swp::RuleModule::kIntrusionPrevention, assigned);
    for (auto& [id, computer] : reads.by_id) computer->last_send_policy_success = writes.now + hours(1);
  }

  FollowUpRecord Open() { return ledger->FindOpenFollowUp("advisory-rules/example").value().value(); }
  CaseRecord CaseOf(const EventReport& report) { return ledger->GetCase(*report.case_number).value(); }

  std::vector<FollowUpRecord> Claim() {
    const TimePoint next = ledger->NextDue().value().value();
    if (next > clock.Now()) clock.Advance(next - clock.Now());
    return With([](Handler& handler) { return handler.ClaimDue(10).value(); });
  }
  EventReport AskOne(const FollowUpRecord& record) {
    return With([&](Handler& handler) { return handler.Ask(record); });
  }
  // When it is due; whatever is due before is asked too.
  EventReport Ask() {
    for (int round = 0; round < 50; ++round) {
      std::optional<EventReport> answer;
      for (const FollowUpRecord& record : Claim()) {
        EventReport report = AskOne(record);
        if (record.follow_up.question == AdvisoryRules::kName) answer = std::move(report);
      }
      if (answer) return *std::move(answer);
    }
    ADD_FAILURE() << "the question is never due";
    return {};
  }
};

std::vector<std::string> ActionsOf(const EventReport& report) {
  std::vector<std::string> lines;
  for (const PlanReport& told : report.plans) {
    for (std::size_t i = 0; i < told.outcomes.size(); ++i) {
      lines.push_back(std::string(KindOf(told.plan.actions[i].action)) + " " +
                      std::string(ToString(told.outcomes[i].state)));
    }
  }
  return lines;
}

TEST(Collected, EventsJoinOneQuestionAndOnePlanAnswersThemAll) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1", kInstance, 6348);
  EXPECT_EQ(first.state, EventState::kJoined);
  EXPECT_EQ(first.reason, "answered together with other events: advisory-rules, tenant example");
  ASSERT_TRUE(first.plans.at(0).joined.has_value());
  EXPECT_EQ(first.plans[0].joined->member, 1);
  EXPECT_EQ(first.plans[0].joined->due, world.clock.Now() + seconds(90));
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kInProgress);
  world.clock.Advance(seconds(60));
  const EventReport second = world.Join("ADV-2", kInstance, 3317);
  const EventReport third = world.Join("ADV-1", kOther, 6348);
  EXPECT_EQ(third.plans.at(0).joined->member, 3);
  EXPECT_EQ(third.plans[0].joined->follow_up, first.plans[0].joined->follow_up);
  const EventReport unknown = world.Join("ADV-1", kUnknown, 6348);
  EXPECT_EQ(world.Open().members, 4);
  EXPECT_EQ(world.Open().follow_up.due, world.clock.Now() + seconds(90)) << "a pause of its members";
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  EXPECT_THAT(world.ledger->ListCases({}).value(), SizeIs(4));

  const EventReport answer = world.Ask();
  EXPECT_THAT(ActionsOf(answer), ElementsAre("assign-rules applied", "assign-rules applied", "notify-owner sent"));
  ASSERT_THAT(world.writes.assigned, SizeIs(2)) << "one write for each computer";
  EXPECT_THAT(world.writes.assigned[0].second, ElementsAre(RuleId{3317}, RuleId{6348}));
  EXPECT_THAT(world.messages, SizeIs(1)) << "told once";
  EXPECT_EQ(answer.state, EventState::kWaiting);
  EXPECT_EQ(world.CaseOf(answer).subject, "advisories of tenant example") << "a case of its own";
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kInProgress) << "its rules are not seen in effect yet";
  EXPECT_EQ(world.CaseOf(unknown).outcome, "joined") << "nothing was to be done about it";
  EXPECT_EQ(world.ledger->FindOpenFollowUp("advisory-rules/example").value(), std::nullopt);

  world.ShowAssigned({RuleId{3317}, RuleId{6348}});
  world.RunFollowUps();
  for (const EventReport* report : {&first, &second, &third, &answer}) {
    EXPECT_EQ(world.CaseOf(*report).state, CaseState::kClosed);
    EXPECT_EQ(world.CaseOf(*report).outcome, "verified");
  }
  EXPECT_THAT(world.ledger->Verify().value().broken, IsEmpty());
}

TEST(Collected, AnEventIsFoundFromItsPlanAndBack) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1", kInstance, 6348);
  world.Join("ADV-1", kOther, 6348);
  const EventReport answer = world.Ask();
  const Case joined = world.ledger->Show(*first.number).value();
  ASSERT_THAT(joined.plans, SizeIs(2)) << "its own, and the answer";
  EXPECT_EQ(joined.plans[1].event, *answer.number);
  EXPECT_EQ(joined.plans[1].question, first.plans[0].joined->follow_up);
  EXPECT_EQ(joined.plans[1].last_member, 2);
  ASSERT_THAT(joined.actions, SizeIs(1)) << "what was done for it";
  EXPECT_EQ(joined.actions[0].action.subject, "computer 34");
  ASSERT_THAT(joined.members, SizeIs(1));
  EXPECT_EQ(joined.members[0].event, *first.number);
  ASSERT_THAT(joined.follow_ups, SizeIs(1));
  EXPECT_EQ(joined.follow_ups[0].plan, joined.plans[1].number);

  const Case answered = world.ledger->Show(*answer.case_number).value();
  EXPECT_THAT(answered.members, SizeIs(2));
  EXPECT_THAT(answered.actions, SizeIs(3));
  const std::string text = RenderText(ViewOf(answered), false);
  EXPECT_THAT(text, HasSubstr("answers follow-up 1"));
  EXPECT_THAT(text, HasSubstr("member 1  of follow-up 1  event 1  case 1"));
  const std::string json = RenderJson(ViewOf(joined));
  EXPECT_THAT(json, HasSubstr(R"("answered_by":)" + std::to_string(joined.plans[1].number.value)));
}

TEST(Collected, ReportsSayWhatJoined) {
  CollectingWorld world;
  const EventReport report = world.Join("ADV-1");
  EXPECT_THAT(ReportText(report, Paint(false)),
              HasSubstr("follow-up 1 as member 1; checked at 2025-11-24 16:01:30 UTC"));
  EXPECT_THAT(ReportJson(report), HasSubstr(R"("joined":{"follow_up":1,"member":1,"due":"2025-11-24T16:01:30Z"})"));
  EXPECT_THAT(ReportJson(world.Ask()), HasSubstr(R"("answers":1)"));
}

TEST(Collected, IsAskedSoLongAfterTheFirstMemberAtTheLatest) {
  CollectingWorld world;
  const TimePoint first = world.clock.Now();
  for (int i = 0; i < 9; ++i) {
    world.Join("ADV-" + std::to_string(i));
    world.clock.Advance(seconds(80));
  }
  EXPECT_EQ(world.Open().members, 9);
  EXPECT_EQ(world.Open().follow_up.due, first + minutes(10));
}

TEST(Collected, ThreadsThatOpenItAtOnceMakeOneQuestion) {
  CollectingWorld world;
  constexpr int kThreads = 12;
  std::vector<EventReport> reports(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] { reports[static_cast<std::size_t>(i)] = world.Join("ADV-" + std::to_string(i)); });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<int> numbers;
  for (const EventReport& report : reports) {
    EXPECT_EQ(report.state, EventState::kJoined) << report.reason;
    EXPECT_EQ(report.plans.at(0).joined->follow_up.value, 1);
    numbers.push_back(report.plans[0].joined->member);
  }
  std::sort(numbers.begin(), numbers.end());
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  EXPECT_THAT(world.ledger->ListFollowUps(std::nullopt, 10).value(), SizeIs(1));
  EXPECT_EQ(world.Open().members, kThreads);
}

TEST(Collected, MembersThatComeWhileItIsAnsweredOpenItsSuccessor) {
  CollectingWorld world;
  world.Join("ADV-1", kInstance, 6348);
  const FollowUpRecord claimed = world.Claim().at(0);
  const EventReport late = world.Join("ADV-2", kOther, 3317);
  EXPECT_EQ(late.plans.at(0).joined->member, 2);
  world.AskOne(claimed);
  ASSERT_THAT(world.writes.assigned, SizeIs(1)) << "the late one is not among them";
  const FollowUpRecord ended = world.ledger->GetFollowUp(claimed.number).value();
  EXPECT_EQ(ended.state, FollowUpState::kDone);
  EXPECT_EQ(ended.answered, 1);
  const FollowUpRecord next = world.Open();
  EXPECT_EQ(ended.successor, next.number);
  EXPECT_EQ(next.members, 1);
  EXPECT_EQ(next.follow_up.due, world.clock.Now() + seconds(90)) << "its window goes on";
  EXPECT_EQ(world.CaseOf(late).state, CaseState::kInProgress);
  world.clock.Advance(seconds(30));
  EXPECT_EQ(world.Join("ADV-3", kOther, 6745).plans.at(0).joined->follow_up, next.number);
  world.Ask();
  ASSERT_THAT(world.writes.assigned, SizeIs(2));
  EXPECT_THAT(world.writes.assigned[1].second, ElementsAre(RuleId{3317}, RuleId{6745}));
}

// From the end of a question on nothing is recorded: as if the process had been killed there.
class LedgerThatStops final : public ForwardingLedger {
 public:
  explicit LedgerThatStops(Ledger& inner) : ForwardingLedger(std::unique_ptr<Ledger>(&inner)) {}
  LedgerThatStops(const LedgerThatStops&) = delete;
  LedgerThatStops& operator=(const LedgerThatStops&) = delete;
  ~LedgerThatStops() override { static_cast<void>(inner_.release()); }
  Result<Committed> Commit(const Batch& batch) override {
    for (const Item& item : batch.items) stopped_ = stopped_ || std::holds_alternative<EndMembers>(item);
    if (stopped_) return Error{ErrorCode::kStorage, "stopped", ""};
    return inner_->Commit(batch);
  }

 private:
  bool stopped_ = false;
};

TEST(Collected, AnAnswerThatWasLeftInTheMiddleIsBroughtToItsEndAndNotMadeAgain) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1", kInstance, 6348);
  EventNumber answer;
  {
    LedgerThatStops stopped(*world.ledger);
    world.in_front = &stopped;
    const EventReport report = world.Ask();
    EXPECT_TRUE(report.ledger_failed);
    EXPECT_THAT(ActionsOf(report), ElementsAre("assign-rules applied", "notify-owner sent"));
    answer = *report.number;
    world.in_front = nullptr;
  }
  EXPECT_EQ(world.ledger->GetEvent(answer).value().state, EventState::kPlanned);
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kInProgress);
  const EventReport late = world.Join("ADV-2", kInstance, 3317);
  EXPECT_EQ(world.Open().members, 2);
  world.ShowAssigned({RuleId{6348}});
  const EventReport again = world.Ask();
  EXPECT_FALSE(again.number.has_value()) << "no second event";
  EXPECT_EQ(again.reason, "1 advisories of tenant example");
  EXPECT_EQ(world.ledger->GetEvent(answer).value().state, EventState::kWaiting);
  EXPECT_EQ(world.ledger->GetFollowUp(FollowUpNumber{1}).value().state, FollowUpState::kDone);
  EXPECT_EQ(world.ledger->GetFollowUp(FollowUpNumber{1}).value().answered, 1);
  EXPECT_EQ(world.Open().members, 1) << "the late one";
  EXPECT_THAT(world.writes.assigned, SizeIs(1)) << "it was found in SWP";
  world.Ask();
  EXPECT_THAT(world.writes.assigned, SizeIs(2));
  world.ShowAssigned({RuleId{6348}, RuleId{3317}});
  world.RunFollowUps();
  EXPECT_EQ(world.CaseOf(first).outcome, "verified");
  EXPECT_EQ(world.CaseOf(late).outcome, "verified");
}

TEST(Collected, WhoLostItsClaimDoesNothing) {
  CollectingWorld world;
  world.Join("ADV-1", kInstance, 6348);
  const FollowUpRecord lost = world.Claim().at(0);
  world.clock.Advance(minutes(6));
  const FollowUpRecord claimed = world.Claim().at(0);
  ASSERT_EQ(claimed.number, lost.number);
  const EventReport report = world.AskOne(lost);
  EXPECT_THAT(report.reason, HasSubstr("another process runs this follow-up now"));
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  world.AskOne(claimed);
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_THAT(world.messages, SizeIs(1));
}

TEST(Collected, WhatFailedIsTriedAgainForTheSameMembers) {
  CollectingWorld world;
  world.writes.assign_failures = {Error{ErrorCode::kUnavailable, "SWP is away", ""}};
  const EventReport first = world.Join("ADV-1", kInstance, 6348);
  const EventReport failed = world.Ask();
  EXPECT_EQ(failed.state, EventState::kFailed);
  EXPECT_EQ(world.Open().members, 1) << "it is asked again";
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kInProgress);
  const EventReport late = world.Join("ADV-2", kInstance, 3317);
  const TimePoint due = world.Open().follow_up.due;
  EXPECT_EQ(late.plans.at(0).joined->member, 2);
  EXPECT_EQ(world.Open().follow_up.due, due) << "who asks says when, once it was asked";
  const EventReport again = world.Ask();
  EXPECT_THAT(ActionsOf(again), ElementsAre("assign-rules applied", "notify-owner skipped"));
  EXPECT_EQ(world.Open().members, 1) << "the late one, in the successor";
  EXPECT_THAT(world.messages, SizeIs(1)) << "told once";
  world.ShowAssigned({RuleId{3317}, RuleId{6348}});
  world.RunFollowUps();
  EXPECT_EQ(world.CaseOf(first).outcome, "verified");
  EXPECT_EQ(world.CaseOf(late).outcome, "verified");
}

TEST(Collected, NothingIsAnsweredAsLongAsSwpIsAway) {
  CollectingWorld world;
  world.reads.computers.insert_or_assign(kInstance, Error{ErrorCode::kUnavailable, "SWP is away", ""});
  const EventReport first = world.Join("ADV-1");
  const EventReport look = world.Ask();
  EXPECT_EQ(look.state, EventState::kWaiting);
  EXPECT_EQ(world.Open().members, 1);
  world.RunFollowUps(200);
  EXPECT_EQ(world.ledger->FindOpenFollowUp("advisory-rules/example").value(), std::nullopt);
  EXPECT_EQ(world.ledger->GetFollowUp(FollowUpNumber{1}).value().state, FollowUpState::kGivenUp);
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kNeedsPerson) << "nothing was decided about it";
}

TEST(Collected, AHostThatCouldNotBeReadNeedsAPersonInItsOwnCaseAlone) {
  CollectingWorld world;
  const EventReport good = world.Join("ADV-1", kInstance, 6348);
  const EventReport bad = world.Join("ADV-1", kOther, 6348);
  world.reads.computers.insert_or_assign(kOther, Error{ErrorCode::kUnavailable, "SWP is away", ""});
  EXPECT_EQ(world.Ask().state, EventState::kUndetermined);
  world.ShowAssigned({RuleId{6348}});
  world.RunFollowUps();
  EXPECT_EQ(world.CaseOf(good).outcome, "verified");
  EXPECT_EQ(world.CaseOf(bad).state, CaseState::kNeedsPerson);
}

TEST(Collected, OneAnswerIsAboutABoundedNumberOfMembersAndTheRestFollows) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1");
  const FollowUpRecord open = world.Open();
  const MemberRecord member = world.ledger->MembersOf(open.number, 0, 1).value().at(0);
  Batch batch;
  for (int i = 0; i < 100; ++i) {
    batch.items.emplace_back(NewMember{open.follow_up, *first.number, *first.case_number, member.json});
  }
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(world.ledger->Commit(batch).ok());
  EXPECT_EQ(world.Open().members, 501);
  const EventReport joined = world.Join("ADV-2");
  EXPECT_EQ(joined.plans.at(0).joined->due, world.clock.Now()) << "it is full";
  world.Ask();
  EXPECT_EQ(world.ledger->GetFollowUp(open.number).value().answered, 500);
  EXPECT_EQ(world.Open().members, 2);
  EXPECT_THAT(world.writes.assigned, SizeIs(1));
}

TEST(Collected, MembersThatAreNotKeptAreSaidAndNeedAPerson) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1");
  const FollowUpRecord open = world.Open();
  const MemberRecord member = world.ledger->MembersOf(open.number, 0, 1).value().at(0);
  Batch batch;
  for (std::size_t i = 0; i < bounds::kCommitItems; ++i) {
    batch.items.emplace_back(NewMember{open.follow_up, *first.number, *first.case_number, member.json});
  }
  for (std::size_t i = 0; i < bounds::kQuestionMembers / bounds::kCommitItems; ++i) {
    ASSERT_TRUE(world.ledger->Commit(batch).ok());
  }
  const EventReport trimmed = world.Join("ADV-2");
  EXPECT_EQ(trimmed.plans.at(0).joined->member, 0);
  EXPECT_THAT(ReportText(trimmed, Paint(false)), HasSubstr("this event needs a person"));
  EXPECT_EQ(world.CaseOf(trimmed).state, CaseState::kNeedsPerson);
  const EventReport answer = world.Ask();
  EXPECT_THAT(answer.plans.at(0).plan.reasons,
              Contains(HasSubstr("2 of the 10002 events that were collected are not decided about")));
}

TEST(Collected, AnAnswerThatNeedsAnApprovalIsApprovedWithAllItsMembers) {
  CollectingWorld world;
  world.options.gates.approve_actions = {"assign-rules"};
  const EventReport first = world.Join("ADV-1", kInstance, 6348);
  const EventReport second = world.Join("ADV-2", kInstance, 3317);
  const EventReport answer = world.Ask();
  EXPECT_EQ(answer.state, EventState::kWaiting);
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kNeedsPerson);
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  const std::string digest = world.ledger->PlansOf(*answer.number).value().at(0).digest;
  const auto approved = world.With([&](Handler& handler) { return handler.Approve(digest, "somebody"); });
  ASSERT_TRUE(approved.ok()) << approved.error().ToText();
  ASSERT_THAT(world.writes.assigned, SizeIs(1));
  EXPECT_THAT(world.writes.assigned[0].second, ElementsAre(RuleId{3317}, RuleId{6348}));
  world.ShowAssigned({RuleId{3317}, RuleId{6348}});
  world.RunFollowUps();
  EXPECT_EQ(world.CaseOf(first).outcome, "verified");
  EXPECT_EQ(world.CaseOf(second).outcome, "verified");
}

// --- What is of another release ------------------------------------------------------------------------------------

TEST(Collected, AQuestionOfANewerReleaseIsNotJoinedAndNotGuessed) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1");
  // As a newer release would have opened it.
  FollowUpRecord record = world.Claim().at(0);
  EndMembers end{record.number, FollowUpState::kDone, "", 1, {}, {}};
  ASSERT_TRUE(world.ledger->Commit({{}, {end}}).ok());
  NewFollowUp newer = record.follow_up;
  newer.format = 3;
  newer.due = world.clock.Now();
  newer.give_up_at = world.clock.Now() + hours(1);
  const MemberRecord member = world.ledger->MembersOf(record.number, 0, 1).value().at(0);
  ASSERT_TRUE(world.ledger->Commit({{}, {NewMember{newer, *first.number, *first.case_number, member.json}}}).ok());

  const EventReport refused = world.Join("ADV-2");
  EXPECT_EQ(refused.state, EventState::kFailed);
  EXPECT_THAT(refused.reason, HasSubstr("follow-up 2 has format 3, and this program reads formats from 1 to 2"));
  EXPECT_EQ(world.Open().members, 1);
  const EventReport asked = world.Ask();
  EXPECT_EQ(asked.state, EventState::kWaiting) << "a newer program may come";
  EXPECT_THAT(asked.reason, HasSubstr("format 3"));
  world.RunFollowUps(200);
  EXPECT_EQ(world.ledger->GetFollowUp(FollowUpNumber{2}).value().state, FollowUpState::kGivenUp);
  EXPECT_THAT(world.writes.assigned, IsEmpty());
  EXPECT_EQ(world.CaseOf(first).state, CaseState::kNeedsPerson);
}

TEST(Collected, AMemberOfANewerReleaseIsRefusedWithASentence) {
  CollectingWorld world;
  const EventReport first = world.Join("ADV-1");
  const FollowUpRecord open = world.Open();
  const std::string newer = R"({"format":2,"subject":"s","content":{}})";
  ASSERT_TRUE(world.ledger->Commit({{}, {NewMember{open.follow_up, *first.number, *first.case_number, newer}}}).ok());
  const EventReport asked = world.Ask();
  EXPECT_EQ(asked.state, EventState::kWaiting);
  EXPECT_THAT(asked.reason, HasSubstr("member 2 of follow-up 1: a member of a question in format 2; this release"));
  EXPECT_EQ(world.Open().members, 2);
}

// --- What does not join --------------------------------------------------------------------------------------------

TEST(Collected, AnOldFindingIsNotActedOnThroughOthers) {
  CollectingWorld world;
  const EventReport old = world.Handle(world.Advisory("ADV-1", kInstance, 6348, hours(48)));
  EXPECT_EQ(old.state, EventState::kDone);
  EXPECT_THAT(old.reason, HasSubstr("not collected: event-age: the finding is 2d old"));
  EXPECT_EQ(world.ledger->FindOpenFollowUp("advisory-rules/example").value(), std::nullopt);
  world.options.force = true;
  EXPECT_EQ(world.Handle(world.Advisory("ADV-1", kInstance, 6348, hours(48))).state, EventState::kJoined);
}

TEST(Collected, ADryRunJoinsNothing) {
  CollectingWorld world;
  world.options.dry_run = true;
  const EventReport report = world.Join("ADV-1");
  EXPECT_EQ(report.state, EventState::kDone);
  EXPECT_THAT(report.reason, HasSubstr("a dry run joins nothing"));
  EXPECT_EQ(world.ledger->NextDue().value(), std::nullopt);
}

TEST(Collected, ARowThatCollectsBeyondTheBoundsIsTold) {
  CollectingWorld world;
  Workflow& row = world.tables.workflows.back();
  row.make_plan = [inner = row.make_plan](const Event& event, const Matter& matter, Sources& sources,
                                          const WorkflowSettings& settings) {
    auto plan = inner(event, matter, sources, settings);
    plan->collect->times.at_most = hours(1);
    return plan;
  };
  const EventReport report = world.Join("ADV-1");
  EXPECT_EQ(report.state, EventState::kFailed);
  EXPECT_THAT(report.reason, HasSubstr("workflow advisories cannot collect this"));
}

TEST(Collected, SamplesAreCollectedByThemselvesAndNeverActedOn) {
  CollectingWorld world;
  Workflow& row = world.tables.workflows.back();
  row.make_plan = [inner = row.make_plan](const Event& event, const Matter& matter, Sources& sources,
                                          const WorkflowSettings& settings) {
    auto plan = inner(event, matter, sources, settings);
    plan->matter.sample = true;
    return plan;
  };
  world.Join("ADV-1");
  EXPECT_EQ(world.ledger->FindOpenFollowUp("advisory-rules/example").value(), std::nullopt);
  const EventReport answer = world.Ask();
  EXPECT_THAT(ActionsOf(answer), Contains("assign-rules would"));
  EXPECT_THAT(world.writes.assigned, IsEmpty());
}

}  // namespace
}  // namespace sallyport
