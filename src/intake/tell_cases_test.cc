// SPDX-License-Identifier: Apache-2.0
//
// When people are told about cases: each thing once, at the time at which it is so, and in the ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "action/notify_owner.h"
#include "intake/case_notices.h"
#include "intake/operator.h"
#include "intake/world_for_test.h"
#include "ledger/forwarding_ledger_for_test.h"

namespace sallyport {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* kCoins = "CryptoCurrency:EC2/BitcoinTool.B!DNS";
constexpr const char* kProbe = "Recon:EC2/PortProbeUnprotectedPort";

// A protected host, and people who hear of openings from medium on.
struct ToldWorld : World {
  ToldWorld() {
    notices.anyone_hears = true;
    notices.opened_from = 4;
    options.gates.mode = Mode::kEnforce;
    reads.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
    reads.by_id.emplace(34, ProtectedComputer(kInstance));
    for (const swp::RuleModule module : swp::kRuleModules) reads.assignments.emplace(module, swp::Assignments{});
  }

  void EndScans() {
    for (const auto kind : {swp::ScanKind::kRecommendation, swp::ScanKind::kIntegrity, swp::ScanKind::kMalware}) {
      swp::ScanProgress ended;
      ended.finished = true;
      ended.finished_at = clock.Now();
      ended.scan_status = "valid";
      if (kind == swp::ScanKind::kRecommendation) ended.assignments.emplace();
      reads.progress.insert_or_assign(kind, ended);
    }
    RunUntil(std::chrono::hours(1));
  }

  // Asks what becomes due within that time.
  void RunUntil(Duration within) {
    const TimePoint end = clock.Now() + within;
    for (int round = 0; round < 100; ++round) {
      const auto next = ledger->NextDue().value();
      if (!next || *next > end) break;
      if (*next > clock.Now()) clock.Advance(*next - clock.Now());
      With([](Handler& handler) { return handler.RunDue(10).value(); });
    }
    if (clock.Now() < end) clock.Advance(end - clock.Now());
  }

  std::vector<std::string> Kinds() const {
    std::vector<std::string> kinds;
    for (const Message& message : messages) kinds.emplace_back(ToString(message.kind));
    return kinds;
  }

  CaseRecord TheCase() { return ledger->GetCase(CaseNumber{1}).value(); }
};

std::string UpdateOf(const std::string& type, const std::string& at) {
  std::string text = Finding(type);
  const std::string time = "16:00:00.000Z";
  return text.replace(text.find(time), time.size(), at);
}

TEST(TellCases, AnOpeningIsToldOnceAndTheEndInTheSameMessage) {
  ToldWorld world;
  world.Handle(Finding(kProbe));
  ASSERT_THAT(world.Kinds(), ElementsAre("opened"));
  const Message opened = world.messages[0];
  EXPECT_THAT(opened.headline, StartsWith("web-01 (i-0123456789abcdef0) protected, GuardDuty Medium: Recon:EC2/"));
  EXPECT_EQ(opened.status, MessageStatus::kOpen);
  EXPECT_EQ(opened.case_state, "in-progress");
  ASSERT_FALSE(opened.done.empty());
  EXPECT_EQ(opened.done[0].outcome, Outcome::kRequested) << "and not more than that is known";
  world.Handle(UpdateOf(kProbe, "16:20:00.000Z"));
  EXPECT_THAT(world.messages, SizeIs(1)) << "an update opens nothing";
  world.EndScans();
  ASSERT_THAT(world.Kinds(), ElementsAre("opened", "update"));
  EXPECT_EQ(world.messages[1].key, opened.key);
  EXPECT_EQ(world.TheCase().outcome, "verified") << "a message is no outcome of the case";
}

TEST(TellCases, NobodyIsToldWhoDoesNotHear) {
  ToldWorld world;
  world.notices.opened_from = 7;
  world.Handle(Finding(kProbe));
  EXPECT_THAT(world.messages, IsEmpty());
  ToldWorld silent;
  silent.notices.anyone_hears = false;
  silent.Handle(Finding(kProbe));
  EXPECT_THAT(silent.messages, IsEmpty());
}

TEST(TellCases, AnUnprotectedHostIsToldByItsOwnMessageAlone) {
  ToldWorld world;
  world.reads.computers.clear();
  world.reads.computers.emplace(kInstance, std::vector<swp::Computer>{});
  world.Handle(Finding(kProbe));
  EXPECT_THAT(world.Kinds(), ElementsAre("needs-person"));
}

TEST(TellCases, AnApprovalIsToldWithItsCommandAgainBeforeItExpiresAndWhenItHas) {
  ToldWorld world;
  world.options.gates.approve_actions = {"request-scan"};
  world.Handle(Finding(kProbe));
  ASSERT_THAT(world.Kinds(), ElementsAre("needs-approval"));
  const auto plan = world.ledger->ListPlans(PlanState::kAwaitingApproval, 1).value().at(0);
  const Message asked = world.messages[0];
  ASSERT_FALSE(asked.to_do.empty());
  EXPECT_EQ(asked.to_do.back().command, "sallyport plans approve " + plan.digest.substr(0, 12));
  EXPECT_THAT(asked.headline, AllOf(HasSubstr("needs approval"), HasSubstr(FormatTime(*plan.expires_at))));
  EXPECT_EQ(asked.case_state, "needs-person");
  EXPECT_EQ(asked.done.at(0).outcome, Outcome::kHeld);
  world.RunUntil(std::chrono::hours(22));
  EXPECT_THAT(world.messages, SizeIs(1));
  world.RunUntil(std::chrono::minutes(90));
  EXPECT_THAT(world.Kinds(), ElementsAre("needs-approval", "reminder"));
  world.RunUntil(std::chrono::hours(1));
  EXPECT_THAT(world.Kinds(), ElementsAre("needs-approval", "reminder", "needs-person"));
  EXPECT_THAT(world.messages.back().headline, HasSubstr("approval expired"));
  EXPECT_EQ(world.messages.back().to_do.back().command, "sallyport cases retry 1 --yes");
  EXPECT_THAT(world.writes.requested, IsEmpty());
}

TEST(TellCases, APlanThatWasRejectedClosesItsCaseInFrontOfPeople) {
  ToldWorld world;
  world.options.gates.approve_actions = {"request-scan"};
  world.Handle(Finding(kProbe));
  const auto plan = world.ledger->ListPlans(PlanState::kAwaitingApproval, 1).value().at(0);
  ASSERT_TRUE(world.With([&](Handler& handler) { return handler.Reject(plan.digest, "ana@admin", "not now"); }).ok());
  ASSERT_THAT(world.Kinds(), ElementsAre("needs-approval", "closed"));
  EXPECT_THAT(world.messages.back().why_now, ::testing::Contains(HasSubstr("rejected by ana@admin: not now")));
}

TEST(TellCases, ACompromisedHostIsRemindedOfUntilSomebodyAcknowledgesOrCloses) {
  ToldWorld world;
  world.Handle(Finding(kCoins));
  world.EndScans();
  ASSERT_THAT(world.Kinds(), ElementsAre("opened", "update"));
  EXPECT_EQ(world.TheCase().state, CaseState::kNeedsPerson);
  world.RunUntil(std::chrono::hours(25));
  ASSERT_THAT(world.Kinds(), ElementsAre("opened", "update", "reminder"));
  EXPECT_THAT(world.messages.back().why_now, ::testing::Contains(HasSubstr("probably compromised")));
  const TimePoint now = world.clock.Now();
  ASSERT_TRUE(AcknowledgeCase(*world.ledger, CaseNumber{1}, "ana", now + std::chrono::hours(240), now, "").ok());
  world.RunUntil(std::chrono::hours(239));
  EXPECT_THAT(world.messages, SizeIs(3)) << "acknowledged";
  world.RunUntil(std::chrono::hours(2));
  EXPECT_THAT(world.messages, SizeIs(4));
  ASSERT_TRUE(CloseCase(*world.ledger, CaseNumber{1}, "ana", "rebuilt").ok());
  EXPECT_EQ(world.TheCase().state, CaseState::kClosed) << "a reminder is no reason to stay open";
  world.With([](Handler& handler) { return handler.Recover(); });
  EXPECT_EQ(world.Kinds().back(), "closed");
  EXPECT_THAT(world.messages.back().why_now, ::testing::Contains(HasSubstr("closed by ana: rebuilt")));
  world.RunUntil(std::chrono::hours(24 * 60));
  EXPECT_THAT(world.messages, SizeIs(5));
  EXPECT_FALSE(world.ledger->NextDue().value().has_value());
}

TEST(TellCases, RemindersHaveAnEnd) {
  ToldWorld world;
  world.notices.opened_from = 10;
  world.Handle(Finding(kCoins));
  world.EndScans();
  world.messages.clear();
  world.RunUntil(std::chrono::hours(24 * 90));
  EXPECT_LE(world.messages.size(), 8U);
  EXPECT_GE(world.messages.size(), 4U);
  EXPECT_FALSE(world.ledger->NextDue().value().has_value());
  ToldWorld never;
  never.notices.reminder.first = Duration{0};
  never.Handle(Finding(kCoins));
  never.EndScans();
  EXPECT_FALSE(never.ledger->NextDue().value().has_value());
}

TEST(TellCases, AHostWhoseStateIsNotKnownNeedsAPerson) {
  ToldWorld world;
  world.reads.computers.clear();
  world.reads.computers.emplace(kInstance, Error{ErrorCode::kUnavailable, "the manager is away", ""});
  world.Handle(Finding(kProbe));
  ASSERT_THAT(world.Kinds(), ElementsAre("needs-person"));
  EXPECT_THAT(world.messages[0].headline, HasSubstr("protection undetermined"));
  EXPECT_THAT(world.messages[0].headline, Not(HasSubstr("not protected")));
}

TEST(TellCases, AMessageThatAGateStopsIsInTheLedgerAndNoOutcomeOfTheCase) {
  ToldWorld world;
  world.options.gates.allowed_actions.erase("notify-owner");
  world.Handle(Finding(kProbe));
  EXPECT_THAT(world.messages, IsEmpty());
  EXPECT_THAT(world.StatesOf(1), ::testing::Contains("notify-owner refused"));
  EXPECT_EQ(world.TheCase().state, CaseState::kInProgress);
  world.EndScans();
  EXPECT_EQ(world.TheCase().state, CaseState::kClosed);
}

TEST(TellCases, FourAtOnceTellItOnce) {
  ToldWorld world;
  world.notices.anyone_hears = false;
  world.Handle(Finding(kProbe));
  world.notices.anyone_hears = true;
  std::mutex mutex;
  world.notifier = CallbackNotifier([&](const Message& message) {
    const std::lock_guard lock(mutex);
    world.messages.push_back(message);
  });
  std::vector<std::thread> processes;
  processes.reserve(4);
  for (int i = 0; i < 4; ++i) {
    processes.emplace_back([&] { world.With([](Handler& handler) { return handler.Recover(); }); });
  }
  for (std::thread& one : processes) one.join();
  EXPECT_THAT(world.Kinds(), ElementsAre("opened"));
  EXPECT_THAT(world.ledger->Verify().value().broken, IsEmpty());
}

TEST(TellCases, AnOwnerGetsNoCommands) {
  ToldWorld world;
  world.options.gates.approve_actions = {"request-scan"};
  world.Handle(Finding(kProbe));
  ASSERT_THAT(world.messages, SizeIs(1));
  const Message for_owner = ForOwner(world.messages[0]);
  for (const ToDoLine& line : for_owner.to_do) EXPECT_EQ(line.command, "");
  for (const DoneLine& line : for_owner.done) EXPECT_EQ(line.reason, "");
}

// Which cases were read, and how.
class WatchedCases final : public ForwardingLedger {
 public:
  using ForwardingLedger::ForwardingLedger;
  Result<Case> Show(EventNumber number) override {
    ++with_history;
    return ForwardingLedger::Show(number);
  }
  Result<Case> ShowWithoutHistory(EventNumber number) override {
    ++without_history;
    return ForwardingLedger::ShowWithoutHistory(number);
  }
  int with_history = 0;
  int without_history = 0;
};

TEST(TellCases, AQuestionWithoutAnAnswerYetReadsNoCase) {
  ToldWorld world;
  Ledger& ledger = *world.ledger;
  WatchedCases watched(std::move(world.ledger));
  world.in_front = &watched;
  world.Handle(Finding(kProbe));
  EXPECT_EQ(watched.with_history, 0) << "a case may have a long one";
  EXPECT_EQ(watched.without_history, 1);
  // Every scan still runs.
  for (const auto kind : {swp::ScanKind::kRecommendation, swp::ScanKind::kIntegrity, swp::ScanKind::kMalware}) {
    world.reads.progress.insert_or_assign(kind, swp::ScanProgress{});
  }
  world.clock.Advance(*ledger.NextDue().value() - world.clock.Now());
  const auto asked = world.With([](Handler& handler) { return handler.RunDue(10).value(); });
  ASSERT_THAT(asked, Not(IsEmpty()));
  for (const EventReport& report : asked) EXPECT_EQ(report.state, EventState::kWaiting) << report.reason;
  EXPECT_EQ(watched.without_history, 1);
}

}  // namespace
}  // namespace sallyport
