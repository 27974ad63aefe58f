// SPDX-License-Identifier: Apache-2.0
#include "workflow/follow_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "action/kinds_for_test.h"
#include "workflow/case_ended.h"
#include "workflow/fake_swp.h"
#include "workflow/host_back.h"
#include "workflow/rules_effective.h"
#include "workflow/scan_finished.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using swp::RuleModule;
using swp::ScanKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kFollowUpNow = FromEpochMilliseconds(1'764'000'000'000);
const TimePoint kSince = kFollowUpNow - std::chrono::minutes(10);
constexpr const char* kInstance = "i-0123456789abcdef0";
const Host kHost = {"111122223333", "us-east-1", {kInstance}, "web-01", std::vector<swp::Tag>{{"Owner", "team-web"}}};
const Matter kMatter = {
    "GuardDuty", "f1", "UnauthorizedAccess:EC2/SSHBruteForce", "111122223333", "us-east-1", 5, false, {}, {}};

const QuestionKinds& Questions() {
  static const QuestionKinds kinds = ProductTables().questions;
  return kinds;
}

FollowUpContext ContextOf(Question question) {
  FollowUpContext context;
  context.question = std::move(question);
  context.attempts = 2;
  context.give_up_at = kFollowUpNow + std::chrono::hours(1);
  context.case_number = 7;
  return context;
}

RequestScan ScanAction(bool apply) {
  return {ScanKind::kRecommendation, ComputerId{34}, kHost, apply, std::nullopt};
}

Plan AnswerTo(const FollowUpContext& context, FakeSwpReads& swp, TimePoint now = kFollowUpNow,
              HostHistory* history = nullptr) {
  Event event;
  event.source = kFollowUpSource;
  event.detail_type = kFollowUpDetailType;
  event.detail = Json::Parse(FollowUpDetail(context)).value();
  Sources sources{swp, now};
  sources.history = history;
  return MakeFollowUpPlan(event, KindsForTest(), Questions(), sources, {}).value();
}

// --- Has the scan ended?

FollowUpContext ScanContext(ScanKind kind = ScanKind::kIntegrity) {
  return ContextOf({ScanFinished{kind, ComputerId{34}, ScheduledTaskId{501}, kSince, kHost}, kMatter});
}

swp::ScanProgress Ended(TimePoint at) {
  swp::ScanProgress progress;
  progress.finished = true;
  progress.finished_at = at;
  progress.scan_status = "valid";
  return progress;
}

TEST(ScanFinishedQuestion, AnEndIsVerifiedAndOurTaskIsRemoved) {
  FakeSwpReads swp;
  swp.progress.emplace(ScanKind::kIntegrity, Ended(kFollowUpNow));
  const Plan plan = AnswerTo(ScanContext(), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.answer->reason,
              HasSubstr("integrity scan on web-01 (i-0123456789abcdef0) finished at 2025-11-24 16:00:00 UTC"));
  ASSERT_THAT(plan.actions, SizeIs(1));
  EXPECT_EQ(plan.actions[0].action.As<DeleteTask>()->task, ScheduledTaskId{501});
}

TEST(ScanFinishedQuestion, WithoutAnEndItIsAskedAgainUntilItsTimeIsOver) {
  FakeSwpReads swp;
  swp::ScanProgress running;
  running.computer = ProtectedComputer(kInstance);
  running.computer->agent_tasks = {"Integrity scan in progress"};
  swp.progress.emplace(ScanKind::kIntegrity, running);
  const Plan early = AnswerTo(ScanContext(), swp);
  EXPECT_EQ(early.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(early.answer->reason, HasSubstr("agent busy"));
  const Plan late = AnswerTo(ScanContext(), swp, kFollowUpNow + std::chrono::hours(1));
  EXPECT_EQ(late.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_TRUE(late.answer->gave_up);
  EXPECT_THAT(late.answer->reason, HasSubstr("gave up after 2 checks"));
}

// X3: a failed read is no end, and no failure of the scan.
TEST(ScanFinishedQuestion, AFailedReadIsNoAnswer) {
  FakeSwpReads swp;
  swp.progress.emplace(ScanKind::kIntegrity, Error{ErrorCode::kUnavailable, "SWP is away", ""});
  const Plan plan = AnswerTo(ScanContext(), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(plan.answer->reason, HasSubstr("SWP is away"));
  EXPECT_THAT(plan.actions, IsEmpty());
}

TEST(ScanFinishedQuestion, AComputerThatIsGoneIsAnAnswerAndIsLookedUpByItsInstance) {
  FakeSwpReads swp;
  swp.progress.emplace(ScanKind::kIntegrity, Error{ErrorCode::kNotFound, "there is no computer 34", ""});
  const Plan gone = AnswerTo(ScanContext(), swp);
  EXPECT_EQ(gone.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(gone.answer->reason, HasSubstr("computer 34 no longer exists in SWP, and SWP has no other record"));
  swp::Computer anew = ProtectedComputer(kInstance);
  anew.id = ComputerId{57};
  swp.computers.emplace(kInstance, std::vector{anew});
  const Plan found = AnswerTo(ScanContext(), swp);
  EXPECT_EQ(found.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(found.answer->reason, HasSubstr("as computer 57 now: its agent was activated again"));
}

// G17: it ended, and SWP does not call its result valid.
TEST(ScanFinishedQuestion, AnEndThatIsNotValidIsNotAnEnd) {
  FakeSwpReads swp;
  swp::ScanProgress bad;
  bad.finished_at = kFollowUpNow;
  bad.scan_status = "unknown";
  bad.computer = ProtectedComputer(kInstance);
  swp.progress.emplace(ScanKind::kRecommendation, bad);
  const Plan plan = AnswerTo(ScanContext(ScanKind::kRecommendation), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(plan.answer->reason, HasSubstr("`unknown`"));
}

// A manager with one recommendation for Intrusion Prevention.
FakeSwpReads Recommending() {
  FakeSwpReads swp;
  swp::ScanProgress ended = Ended(kFollowUpNow);
  ended.assignments.emplace();
  ended.assignments->recommended_to_assign = {RuleId{6745}};
  swp.progress.emplace(ScanKind::kRecommendation, ended);
  swp.by_id.emplace(34, ProtectedComputer(kInstance));
  swp.assignments.emplace(RuleModule::kIntegrityMonitoring, swp::Assignments{});
  swp.assignments.emplace(RuleModule::kLogInspection, swp::Assignments{});
  swp::Rule rule;
  rule.id = RuleId{6745};
  rule.recommendations_mode = "enabled";
  swp.rules.emplace(6745, rule);
  swp::Policy policy;
  policy.id = PolicyId{12};
  swp.policies.emplace(12, policy);
  return swp;
}

TEST(ScanFinishedQuestion, WhatItRecommendsIsApplied) {
  FakeSwpReads swp = Recommending();
  FollowUpContext context = ScanContext(ScanKind::kRecommendation);
  context.waiting = {ScanAction(true)};
  const Plan plan = AnswerTo(context, swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  ASSERT_THAT(plan.actions, SizeIs(2));
  EXPECT_EQ(plan.actions[0].action.As<AssignRules>()->rules.at(0).id, RuleId{6745});
  // The tags are those that SWP knows now, and behind them those of the question: an exclusion may be in either.
  const auto tags = HostOf(plan.actions[0].action)->tags.value();
  const auto now = ProtectedComputer(kInstance).tags.value();
  ASSERT_GT(tags.size(), now.size());
  EXPECT_TRUE(std::equal(now.begin(), now.end(), tags.begin()));
  // The Intrusion Prevention recommendations came with the question; no list of computers, no count of the policy.
  EXPECT_THAT(swp.asked, ElementsAre("scan-for-recommendations 34", "computer 34", "integritymonitoring 34",
                                     "loginspection 34", "rule 6745", "policy 12"));
}

// X3: a read that failed does not drop what the scan recommends.
TEST(ScanFinishedQuestion, WhatCouldNotBeReadIsAskedForAgain) {
  const Error away{ErrorCode::kUnavailable, "SWP is away", ""};
  const std::function<void(FakeSwpReads&)> losses[] = {
      [&](FakeSwpReads& swp) { swp.by_id.insert_or_assign(34, away); },
      [&](FakeSwpReads& swp) { swp.assignments.insert_or_assign(RuleModule::kLogInspection, away); },
      [&](FakeSwpReads& swp) { swp.rules.insert_or_assign(6745, away); },
      [&](FakeSwpReads& swp) { swp.policies.insert_or_assign(12, away); },
  };
  for (const auto& lose : losses) {
    FakeSwpReads swp = Recommending();
    lose(swp);
    FollowUpContext context = ScanContext(ScanKind::kRecommendation);
    context.waiting = {ScanAction(true)};
    const Plan plan = AnswerTo(context, swp);
    EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
    EXPECT_THAT(plan.answer->reason, HasSubstr("not all recommendations could be read: SWP is away"));
    EXPECT_THAT(plan.actions, IsEmpty());
    const Plan late = AnswerTo(context, swp, kFollowUpNow + std::chrono::hours(1));
    EXPECT_EQ(late.answer->kind, Answer::Kind::kNotVerifiable);
    EXPECT_THAT(late.answer->reason, HasSubstr("not all recommendations could be read: SWP is away"));
  }
}

// Whether the policy applies recommendations itself is not known when nobody can say which policy it is.
TEST(ScanFinishedQuestion, ADamagedPolicyIdIsNotNoPolicy) {
  FakeSwpReads swp = Recommending();
  swp.by_id.at(34)->policy = std::nullopt;
  swp.by_id.at(34)->damaged = {"policyID: expected an id, found a string"};
  FollowUpContext context = ScanContext(ScanKind::kRecommendation);
  context.waiting = {ScanAction(true)};
  const Plan plan = AnswerTo(context, swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(plan.answer->reason, HasSubstr("policyID"));
  EXPECT_THAT(plan.actions, IsEmpty());
}

TEST(ScanFinishedQuestion, ARuleThatDoesNotExistIsNotWaitedFor) {
  FakeSwpReads swp = Recommending();
  swp.rules.clear();
  FollowUpContext context = ScanContext(ScanKind::kRecommendation);
  context.waiting = {ScanAction(true)};
  EXPECT_EQ(AnswerTo(context, swp).answer->kind, Answer::Kind::kNotVerifiable);
}

// G7: one finding that calls the host compromised is enough to keep the evidence.
TEST(ScanFinishedQuestion, OneWhoWantsEvidenceKeepsTheRulesAsTheyAre) {
  FakeSwpReads swp = Recommending();
  FollowUpContext context = ScanContext(ScanKind::kRecommendation);
  context.waiting = {ScanAction(true), ScanAction(false)};
  const Plan plan = AnswerTo(context, swp);
  ASSERT_THAT(plan.actions, SizeIs(1));
  EXPECT_TRUE(plan.actions[0].action.Is<DeleteTask>());
  EXPECT_THAT(plan.answer->reason, HasSubstr("not assigned: "));
}

// Whether the host is evidence is asked again while there is time, and never taken for a "no".
TEST(ScanFinishedQuestion, ALedgerThatCannotBeReadIsAskedAgain) {
  class Unreadable final : public HostHistory {
   public:
    Result<std::string> WhyEvidence(const InstanceId&) override {
      return Error{ErrorCode::kStorage, "the disk is gone", ""};
    }
  };
  Unreadable history;
  FakeSwpReads swp = Recommending();
  FollowUpContext context = ScanContext(ScanKind::kRecommendation);
  context.waiting = {ScanAction(true)};
  const Plan early = AnswerTo(context, swp, kFollowUpNow, &history);
  EXPECT_EQ(early.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(early.answer->reason, HasSubstr("the disk is gone"));
  EXPECT_THAT(early.actions, IsEmpty());
  const Plan late = AnswerTo(context, swp, context.give_up_at, &history);
  EXPECT_EQ(late.answer->kind, Answer::Kind::kNotVerifiable);
  EXPECT_THAT(late.answer->reason, HasSubstr("not assigned: the disk is gone"));
  ASSERT_THAT(late.actions, SizeIs(1));
  EXPECT_TRUE(late.actions[0].action.Is<DeleteTask>());
}

// Every way in which SWP's record is not that of what was decided about.
const std::vector<std::function<void(swp::Computer&)>>& RecordChanges() {
  static const std::vector<std::function<void(swp::Computer&)>> changes = {
      [](swp::Computer& c) { c.instance_id = "i-0fedcba9876543210"; },
      [](swp::Computer& c) { c.instance_id = ""; },
      [](swp::Computer& c) { c.account_id = "444455556666"; },
      [](swp::Computer& c) { c.agent_fingerprint = "AA:BB"; },
      [](swp::Computer& c) { c.agent_fingerprint = ""; },
  };
  return changes;
}

Host ActivatedHost() {
  Host host = kHost;
  host.activation = ProtectedComputer(kInstance).agent_fingerprint;
  return host;
}

// What ended on another host, or under another activation, proves nothing about this one, and nothing is applied to it.
TEST(ScanFinishedQuestion, AnEndOnAnotherHostIsNoProof) {
  for (const auto& change : RecordChanges()) {
    for (const ScanKind kind : {ScanKind::kRecommendation, ScanKind::kIntegrity, ScanKind::kMalware}) {
      FakeSwpReads swp = Recommending();
      change(*swp.by_id.at(34));
      if (kind != ScanKind::kRecommendation) {
        swp::ScanProgress ended = Ended(kFollowUpNow);
        ended.computer = *swp.by_id.at(34);
        swp.progress.emplace(kind, ended);
      }
      FollowUpContext context =
          ContextOf({ScanFinished{kind, ComputerId{34}, ScheduledTaskId{501}, kSince, ActivatedHost()}, kMatter});
      context.waiting = {ScanAction(true)};
      const Plan plan = AnswerTo(context, swp);
      EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotVerifiable) << swp::ApiName(kind);
      for (const PlannedAction& planned : plan.actions) EXPECT_TRUE(planned.action.Is<DeleteTask>());
    }
  }
}

// --- Are the rules in effect?

FollowUpContext RulesContext() {
  return ContextOf({RulesEffective{RuleModule::kIntrusionPrevention,
                                   swp::Scope::Of(ComputerId{34}),
                                   ComputerId{34},
                                   {RuleId{6745}},
                                   kSince,
                                   kHost},
                    kMatter});
}

FakeSwpReads InEffect() {
  FakeSwpReads swp;
  swp::Computer computer = ProtectedComputer(kInstance);
  computer.last_send_policy_success = kFollowUpNow;
  swp.by_id.emplace(34, computer);
  swp::Assignments assignments;
  assignments.assigned = {RuleId{1}, RuleId{6745}};
  swp.assignments.emplace(RuleModule::kIntrusionPrevention, assignments);
  return swp;
}

TEST(RulesEffectiveQuestion, IsVerifiedWhenEverythingHolds) {
  FakeSwpReads swp = InEffect();
  const Plan plan = AnswerTo(RulesContext(), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.answer->reason, HasSubstr("in effect on "));
  EXPECT_THAT(plan.actions, IsEmpty());
}

// Every part of the proof, taken away.
TEST(RulesEffectiveQuestion, IsNotVerifiedWhenAnyPartOfTheProofIsMissing) {
  struct Case {
    Answer::Kind want;
    const char* why;
    std::function<void(FakeSwpReads&)> change;
  };
  const auto computer = [](FakeSwpReads& swp) -> swp::Computer& { return *swp.by_id.at(34); };
  const auto module = [&](FakeSwpReads& swp) -> swp::ModuleState& {
    return ModuleOf(computer(swp), swp::Module::kIntrusionPrevention);
  };
  const Case cases[] = {
      {Answer::Kind::kNotVerifiable, "an operator or a SWP policy removed it",
       [](FakeSwpReads& swp) { swp.assignments.at(RuleModule::kIntrusionPrevention)->assigned = {RuleId{1}}; }},
      {Answer::Kind::kNotVerifiable, "is off", [&](FakeSwpReads& swp) { module(swp).state = "off"; }},
      {Answer::Kind::kNotVerifiable, "not preventing", [&](FakeSwpReads& swp) { module(swp).state = "detect"; }},
      {Answer::Kind::kNotYet, "agent not active (error)",
       [&](FakeSwpReads& swp) {
         computer(swp).agent_status = {swp::AgentStatus::kError, "error"};
       }},
      {Answer::Kind::kNotYet, "is not active on the agent",
       [&](FakeSwpReads& swp) {
         module(swp).status = {swp::AgentStatus::kWarning, "warning"};
       }},
      {Answer::Kind::kNotYet, "holds no Intrusion Prevention module",
       [&](FakeSwpReads& swp) { computer(swp).modules.clear(); }},
      {Answer::Kind::kNotYet, "has received no policy update",
       [&](FakeSwpReads& swp) { computer(swp).last_send_policy_success = kSince; }},
      {Answer::Kind::kNotYet, "has received no policy update",
       [&](FakeSwpReads& swp) { computer(swp).last_send_policy_success = std::nullopt; }},
      {Answer::Kind::kNotVerifiable, "no longer exists in SWP", [](FakeSwpReads& swp) { swp.by_id.clear(); }},
      {Answer::Kind::kNotYet, "SWP could not be read",
       [](FakeSwpReads& swp) {
         swp.by_id.insert_or_assign(34, Error{ErrorCode::kUnavailable, "SWP is away", ""});
       }},
      {Answer::Kind::kNotYet, "SWP could not be read", [](FakeSwpReads& swp) { swp.assignments.clear(); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    FakeSwpReads swp = InEffect();
    c.change(swp);
    const Plan plan = AnswerTo(RulesContext(), swp);
    EXPECT_EQ(plan.answer->kind, c.want);
    EXPECT_THAT(plan.answer->reason, HasSubstr(c.why));
  }
}

TEST(RulesEffectiveQuestion, RulesOnAnotherHostAreNoProof) {
  for (const auto& change : RecordChanges()) {
    FakeSwpReads swp = InEffect();
    change(*swp.by_id.at(34));
    FollowUpContext context = ContextOf({RulesEffective{RuleModule::kIntrusionPrevention,
                                                        swp::Scope::Of(ComputerId{34}),
                                                        ComputerId{34},
                                                        {RuleId{6745}},
                                                        kSince,
                                                        ActivatedHost()},
                                         kMatter});
    EXPECT_EQ(AnswerTo(context, swp).answer->kind, Answer::Kind::kNotVerifiable);
  }
}

// A part of the proof that cannot be read is neither there nor missing.
TEST(RulesEffectiveQuestion, ADamagedPartOfTheProofIsAskedForAgain) {
  for (const char* member : {"ruleIDs: x", "state: x", "moduleStatus.agentStatus: x", "expected an object, found 7"}) {
    FakeSwpReads swp = InEffect();
    ModuleOf(*swp.by_id.at(34), swp::Module::kIntrusionPrevention).damaged = {member};
    ModuleOf(*swp.by_id.at(34), swp::Module::kIntrusionPrevention).state = "off";
    EXPECT_EQ(AnswerTo(RulesContext(), swp).answer->kind, Answer::Kind::kNotYet) << member;
  }
  FakeSwpReads swp = InEffect();
  swp.by_id.at(34)->damaged = {"lastSendPolicySuccess: x"};
  swp.by_id.at(34)->last_send_policy_success = std::nullopt;
  const Plan plan = AnswerTo(RulesContext(), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(plan.answer->reason, HasSubstr("cannot be read"));
}

// --- Is the host back?

FollowUpContext BackContext(bool told) {
  return ContextOf({HostBack{kHost, {{ScanKind::kRecommendation, true, "family brute-force"}}, told}, kMatter});
}

TEST(HostBackQuestion, AHostThatIsReachableAgainGetsItsScans) {
  FakeSwpReads swp;
  swp.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  const Plan plan = AnswerTo(BackContext(true), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  ASSERT_THAT(plan.actions, SizeIs(2));
  EXPECT_TRUE(plan.actions[0].action.As<RequestScan>()->apply_results);
  EXPECT_EQ(plan.actions[1].action.As<NotifyOwner>()->status, MatterStatus::kUpdated);
  EXPECT_THAT(AnswerTo(BackContext(false), swp).actions, SizeIs(1));  // who was not told hears nothing
}

// What the case is told: the host is protected by now. An agent that is in touch protects nothing by that alone.
TEST(HostBackQuestion, OnlyTheProtectionOfTheHostEndsWhatANotProtectedHostBegan) {
  const auto says = [](bool was_told, bool is_protected) {
    FakeSwpReads swp;
    swp::Computer computer = ProtectedComputer(kInstance);
    if (!is_protected) {
      for (const swp::Module module : swp::kAllModules) {
        if (computer.Find(module) != nullptr) ModuleOf(computer, module).state = "off";
      }
    }
    swp.computers.emplace(kInstance, std::vector{computer});
    const Plan plan = AnswerTo(BackContext(was_told), swp);
    const auto* message = plan.actions.back().action.As<NotifyOwner>();
    EXPECT_EQ(message != nullptr, was_told);
    if (message != nullptr) {
      EXPECT_EQ(message->protection_state == "protected", is_protected);
    }
    return plan.says;
  };
  EXPECT_EQ(says(true, true), Plan::Says::kProtectedNow);
  EXPECT_EQ(says(true, false), Plan::Says::kNothing);
  EXPECT_EQ(says(false, true), Plan::Says::kNothing);
}

TEST(HostBackQuestion, AHostThatIsNotIsAskedAboutAgain) {
  FakeSwpReads swp;
  EXPECT_EQ(AnswerTo(BackContext(true), swp).answer->kind, Answer::Kind::kNotYet);
  swp.computers.emplace(kInstance, Error{ErrorCode::kUnavailable, "SWP is away", ""});
  const Plan unknown = AnswerTo(BackContext(true), swp);
  EXPECT_EQ(unknown.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(unknown.actions, IsEmpty());
}

TEST(HostBackQuestion, WithoutAViewOfRunningScansNothingIsRequested) {
  FakeSwpReads swp;
  swp.computers.emplace(kInstance, std::vector{ProtectedComputer(kInstance)});
  swp.tasks = Error{ErrorCode::kUnavailable, "SWP is away", ""};
  const Plan plan = AnswerTo(BackContext(true), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(plan.actions, IsEmpty());
}

// --- Has the case ended?

FollowUpContext CaseContext(const std::string& state, bool ended = true) {
  FollowUpContext context = ContextOf({CaseEnded{}, kMatter});
  context.case_actions = {{ScanAction(true), state, "a reason", ended}};
  return context;
}

TEST(CaseEndedQuestion, WaitsForEveryAction) {
  FakeSwpReads swp;
  const Plan plan = AnswerTo(CaseContext("waiting", false), swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(swp.asked, IsEmpty());
}

TEST(CaseEndedQuestion, TellsTheOwnerTheOutcomeInItsWords) {
  const struct {
    const char* state;
    MatterStatus status;
    const char* headline;
  } cases[] = {{"verified", MatterStatus::kFinished, "Scans finished: "},
               {"not-verifiable", MatterStatus::kNotVerified, "1 of 1 step could not be confirmed"},
               {"failed", MatterStatus::kFailed, "1 of 1 step failed"},
               {"intended", MatterStatus::kUnknown, "1 of 1 step may have been carried out"},
               {"refused", MatterStatus::kUpdated, "No action taken: "}};
  FakeSwpReads swp;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.state);
    const Plan plan = AnswerTo(CaseContext(c.state), swp);
    ASSERT_THAT(plan.actions, SizeIs(1));
    const auto& message = *plan.actions[0].action.As<NotifyOwner>();
    EXPECT_EQ(message.status, c.status);
    EXPECT_THAT(message.headline, HasSubstr(c.headline));
    EXPECT_EQ(message.owner, "team-web");
    ASSERT_THAT(message.done, SizeIs(1));
    EXPECT_EQ(message.done[0].word, c.state);
    EXPECT_THAT(message.done[0].what, HasSubstr("recommendation scan"));
    EXPECT_EQ(message.done[0].reason, "a reason");
  }
}

TEST(CaseEndedQuestion, OfWhatWasTriedAgainTheLastTryCounts) {
  FakeSwpReads swp;
  FollowUpContext context = CaseContext("failed");
  context.case_actions.push_back({ScanAction(true), "verified", "", true});
  const auto resolved = AnswerTo(context, swp);
  EXPECT_EQ(resolved.actions.at(0).action.As<NotifyOwner>()->status, MatterStatus::kFinished);
  std::swap(context.case_actions[0], context.case_actions[1]);
  const auto failed = AnswerTo(context, swp);
  EXPECT_EQ(failed.actions.at(0).action.As<NotifyOwner>()->status, MatterStatus::kFailed);
}

TEST(CaseEndedQuestion, ACaseOfMessagesAloneSaysNothingMore) {
  FakeSwpReads swp;
  FollowUpContext context = ContextOf({CaseEnded{}, kMatter});
  NotifyOwner message;
  message.host = kHost;
  context.case_actions = {{message, "sent", "", true}};
  const Plan plan = AnswerTo(context, swp);
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(plan.actions, IsEmpty());
}

TEST(FollowUpEvent, ADetailOfANewerVersionIsRefused) {
  FakeSwpReads swp;
  Sources sources{swp, kFollowUpNow};
  for (const char* detail : {"{}", R"({"asked":{"question":"weather"}})", R"({"asked":{"question":"case-ended"}})",
                             R"({"asked":{"question":"case-ended"},"giveUpAt":1,"waiting":[{}]})",
                             R"({"asked":{"question":"case-ended"},"giveUpAt":1,"caseActions":[{}]})"}) {
    Event event;
    event.detail = Json::Parse(detail).value();
    EXPECT_FALSE(MakeFollowUpPlan(event, KindsForTest(), Questions(), sources, {}).ok()) << detail;
  }
}

}  // namespace
}  // namespace sallyport
