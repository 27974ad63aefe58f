// SPDX-License-Identifier: Apache-2.0
#include "workflow/plan.h"

#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
#include "base/json.h"
#include "workflow/host_back.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

TEST(IdempotencyKey, KeepsItsPartsApart) {
  EXPECT_EQ(IdempotencyKey({"a", "b"}).size(), 64U);
  EXPECT_EQ(IdempotencyKey({"a", "b"}), IdempotencyKey({"a", "b"}));
  EXPECT_NE(IdempotencyKey({"ab", "c"}), IdempotencyKey({"a", "bc"}));
  EXPECT_NE(IdempotencyKey({"a", ""}), IdempotencyKey({"", "a"}));
  EXPECT_NE(IdempotencyKey({"1:a;", "b"}), IdempotencyKey({"1:a", ";b"}));
}

TEST(PlanDigest, ChangesWithEveryPartOfADecision) {
  Plan plan;
  plan.workflow = "guardduty";
  const std::string digest = PlanDigest(plan);
  Plan other = plan;
  other.reasons.emplace_back("because");
  EXPECT_NE(PlanDigest(other), digest);
  other = plan;
  other.hosts.emplace_back();
  EXPECT_NE(PlanDigest(other), digest);
  other = plan;
  other.matter.sample = true;
  EXPECT_NE(PlanDigest(other), digest);
  EXPECT_EQ(PlanDigest(plan), digest);
}

TEST(PlanToJson, HoldsTheWholePlanAndIsValidJsonForHostileNames) {
  Plan plan;
  plan.workflow = "guardduty";
  plan.decision = Decision::kAct;
  plan.matter.time = FromEpochMilliseconds(1'764'000'000'000);
  HostDecision host;
  host.host = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "evil\"\n\xff", std::nullopt};
  host.protection.state = ProtectionState::kProtected;
  host.protection.modules[swp::Module::kAntiMalware] = ModuleProtection::kProtects;
  host.protection.gaps.push_back({ProtectionReason::kDetectOnly, swp::Module::kIntrusionPrevention, "text", "advice"});
  host.scans.push_back({swp::ScanKind::kMalware, ScanVerdict::kNotApplicable, "why"});
  plan.hosts.push_back(host);
  PlannedAction planned;
  planned.action = RequestScan{swp::ScanKind::kRecommendation, ComputerId{34}, host.host, true, std::nullopt};
  plan.actions.push_back(planned);

  const auto json = Json::Parse(PlanToJson(plan));
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ((*json)["decision"].StringOr(""), "act");
  EXPECT_EQ((*json)["event_time"].StringOr(""), "2025-11-24T16:00:00Z");
  const Json shown = (*json)["hosts"].Elements().at(0);
  EXPECT_EQ(shown["protection"]["modules"]["anti_malware"].StringOr(""), "protects");
  EXPECT_EQ(shown["protection"]["gaps"].Elements().at(0)["module"].StringOr(""), "intrusionPrevention");
  EXPECT_EQ(shown["scans"].Elements().at(0)["verdict"].StringOr(""), "not-applicable");
  EXPECT_EQ((*json)["actions"].Elements().at(0)["action"]["scan"].StringOr(""), "scan-for-recommendations");
}

const Host kPlanHost = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::vector<swp::Tag>{}};

PlannedAction ToPolicy(int hosts, const std::vector<std::int32_t>& rules = {6745, 6746}) {
  AssignRules assign;
  assign.scope = swp::Scope::Of(PolicyId{12});
  assign.computer = ComputerId{34};
  assign.host = kPlanHost;
  for (const std::int32_t id : rules) assign.rules.push_back({RuleId{id}, "", ""});
  assign.policy_targets = {};
  for (int i = 0; i < hosts; ++i) assign.policy_targets.hosts.push_back({ComputerId{34 + i}, kPlanHost});
  PlannedAction planned;
  planned.action = assign;
  planned.key = "key of " + std::to_string(hosts);
  return planned;
}

// An Auto Scaling group that grows a little does not outdate a yes.
TEST(IsStillApproved, ForHostsThatAreNoMoreThanATenthMore) {
  EXPECT_TRUE(IsStillApproved(ToPolicy(40), ToPolicy(40)));
  EXPECT_TRUE(IsStillApproved(ToPolicy(40), ToPolicy(44)));
  EXPECT_FALSE(IsStillApproved(ToPolicy(40), ToPolicy(45)));
  EXPECT_TRUE(IsStillApproved(ToPolicy(40), ToPolicy(1)));
  EXPECT_FALSE(IsStillApproved(ToPolicy(9), ToPolicy(10)));
  EXPECT_TRUE(IsStillApproved(ToPolicy(10), ToPolicy(11)));
}

TEST(IsStillApproved, OnlyForTheSameRulesAtTheSamePlace) {
  EXPECT_TRUE(IsStillApproved(ToPolicy(20, {6745, 6746}), ToPolicy(20, {6746, 6745})));
  EXPECT_FALSE(IsStillApproved(ToPolicy(20), ToPolicy(20, {6745})));
  EXPECT_FALSE(IsStillApproved(ToPolicy(20), ToPolicy(20, {6745, 6746, 6747})));
  PlannedAction elsewhere = ToPolicy(20);
  AssignRules assign = *elsewhere.action.As<AssignRules>();
  assign.scope = swp::Scope::Of(PolicyId{13});
  elsewhere.action = assign;
  EXPECT_FALSE(IsStillApproved(ToPolicy(20), elsewhere));
  PlannedAction scan;
  scan.action = RequestScan{swp::ScanKind::kMalware, ComputerId{34}, kPlanHost, false, std::nullopt};
  EXPECT_FALSE(IsStillApproved(ToPolicy(20), scan));
  EXPECT_TRUE(IsStillApproved(scan, scan));
}

TEST(IsStillApproved, NeverForHostsThatAreNotKnown) {
  PlannedAction unknown = ToPolicy(20);
  AssignRules assign = *unknown.action.As<AssignRules>();
  assign.policy_targets = Targets::Unknown("away");
  unknown.action = assign;
  EXPECT_EQ(HostsTouched(unknown), std::nullopt);
  EXPECT_FALSE(IsStillApproved(ToPolicy(20), unknown));
}

// How many hosts the actions of one decision touch together counts as well.
TEST(IsStillApproved, LooksAtHostsOfActionsThatAreOneDecision) {
  PlannedAction scan;
  scan.action = RequestScan{swp::ScanKind::kMalware, ComputerId{34}, kPlanHost, false, std::nullopt};
  scan.together = 20;
  PlannedAction more = scan;
  more.together = 22;
  EXPECT_TRUE(IsStillApproved(scan, more));
  more.together = 23;
  EXPECT_FALSE(IsStillApproved(scan, more));
}

// A plan of the ledger as an earlier version wrote it: it is read, shows how many hosts it counted, and which they are
// is not known until it is read anew.
TEST(PlanFromJson, ReadsAPlanOfBeforeActionsHadTargets) {
  const auto plan = PlanFromJson(
      Json::Parse(R"({"workflow":"follow-up","decision":"act","subject":"f1","title":"t","account":"111122223333",)"
                  R"("region":"us-east-1","severity":5E0,"sample":false,"eventTime":"2025-11-24T16:00:00Z",)"
                  R"("reasons":["r"],"hosts":[],"actions":[{"action":{"kind":"assign-rules","host":{"account":)"
                  R"("111122223333","region":"us-east-1","instance":"i-0123456789abcdef0","name":"web-01","tags":[]},)"
                  R"("module":"intrusionprevention","computer":34,"scope":"policy","scopeId":12,"rules":[{"id":6745,)"
                  R"("identifier":"","name":""},{"id":6746,"identifier":"","name":""}]},"key":"k","why":["w"],)"
                  R"("hosts":20,"undo":"u"},{"action":{"kind":"request-scan","host":{"account":"111122223333",)"
                  R"("region":"us-east-1","instance":"i-0123456789abcdef0","name":"web-01","tags":null},"scan":)"
                  R"("scan-for-malware","computer":34},"key":"k2","why":[],"hosts":12,"undo":"u","afterMs":1800000}],)"
                  R"("links":[],"followUps":[]})")
          .value(),
      KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(plan.ok()) << plan.error().ToText();
  ASSERT_EQ(plan->actions.size(), 2U);
  EXPECT_EQ(HostsTouched(plan->actions[0]), std::nullopt);
  EXPECT_TRUE(IsStillApproved(plan->actions[0], ToPolicy(22)));
  EXPECT_FALSE(IsStillApproved(plan->actions[0], ToPolicy(23)));
  EXPECT_EQ(HostsTouched(plan->actions[1]), 12);
  EXPECT_EQ(plan->actions[1].after, std::chrono::minutes(30));
}

TEST(PlanFromJson, KeepsHowManyHostsItCounts) {
  Plan plan;
  plan.matter.service = "GuardDuty";
  plan.actions = {ToPolicy(15)};
  const auto again = PlanFromJson(Json::Parse(PlanToJson(plan)).value(), KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(again.ok()) << again.error().ToText();
  EXPECT_EQ(HostsTouched(again->actions.at(0)), 15);
  EXPECT_EQ(again->actions.at(0).together, 0);
}

TEST(PlanFromJson, OfAFormatThatIsNotKnownIsRefusedWithASentence) {
  const auto read = [](const char* text) {
    return PlanFromJson(Json::Parse(text).value(), KindsForTest(), ProductTables().questions);
  };
  EXPECT_TRUE(read(R"({"workflow":"w","format":2,"decision":"act","foundBy":"Macie"})").ok());
  EXPECT_TRUE(read(R"({"workflow":"w","format":3,"decision":"act","found_by":"Macie"})").ok());
  const auto newer = read(R"({"workflow":"w","format":4})");
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().message, "a plan in format 4; this release reads 1 to 3");
  EXPECT_FALSE(newer.error().advice.empty());
}

// A plan of an earlier release names no service but GuardDuty's absence, and is in format 1 without a word.
TEST(PlanFromJson, ReadsTheMatterOfAnEarlierRelease) {
  const auto plan = PlanFromJson(
      Json::Parse(
          R"({"workflow":"guardduty","decision":"notify","subject":"f1","title":"t","account":"111122223333",)"
          R"("region":"us-east-1","severity":5,"sample":false,"eventTime":"2025-11-24T16:00:00Z","links":["l"]})")
          .value(),
      KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->matter, (Matter{"GuardDuty",
                                  "f1",
                                  "t",
                                  "111122223333",
                                  "us-east-1",
                                  5,
                                  false,
                                  FromEpochMilliseconds(1'764'000'000'000),
                                  {{"Open", "l"}}}));
}

// Only what migrated files hold may leave it out.
TEST(PlanFromJson, ThatNamesNoServiceIsRefusedInEveryLaterFormat) {
  for (const char* text : {R"({"workflow":"w","format":2})", R"({"workflow":"w","format":3})",
                           R"({"workflow":"w","format":3,"found_by":""})", R"({"workflow":"w","foundBy":""})"}) {
    const auto plan = PlanFromJson(Json::Parse(text).value(), KindsForTest(), ProductTables().questions);
    ASSERT_FALSE(plan.ok()) << text;
    EXPECT_EQ(plan.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(plan.error().message, "found_by: it must say whose event this is about");
  }
}

// A plan that a release of format 2 wrote, with all that is named otherwise today.
TEST(PlanFromJson, ReadsTheNamesOfFormat2) {
  const auto plan = PlanFromJson(
      Json::Parse(R"({"workflow":"w","decision":"act","format":2,"subject":"f1","title":"t","account":"","region":"",)"
                  R"("severity":5,"sample":false,"foundBy":"Macie","eventTime":"2025-11-24T16:00:00Z","reasons":[],)"
                  R"("hosts":[],"actions":[{"action":{"kind":"request-scan","host":{"account":"111122223333",)"
                  R"("region":"us-east-1","instance":"i-0123456789abcdef0","name":"","tags":null},)"
                  R"("scan":"scan-for-recommendations","computer":34,"applyResults":true},"key":"k","why":["w"],)"
                  R"("hosts":1,"undo":"u","needsPerson":"opposite","afterMs":1800000}],"links":["l"],)"
                  R"("followUps":[{"question":"host-back","ownerWasTold":true,"scans":[],"host":{"account":"1",)"
                  R"("region":"r","instance":"i-1","name":""},"matter":{"subject":"f1","foundBy":"Macie"}}]})")
          .value(),
      KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(plan.ok()) << plan.error().ToText();
  EXPECT_EQ(plan->matter.service, "Macie");
  EXPECT_EQ(plan->matter.time, FromEpochMilliseconds(1'764'000'000'000));
  ASSERT_EQ(plan->actions.size(), 1U);
  EXPECT_EQ(plan->actions[0].needs_person, "opposite");
  EXPECT_EQ(plan->actions[0].after, std::chrono::minutes(30));
  EXPECT_TRUE(plan->actions[0].action.As<RequestScan>()->apply_results);
  ASSERT_EQ(plan->follow_ups.size(), 1U);
  EXPECT_TRUE(plan->follow_ups[0].question.ask.As<HostBack>()->owner_was_told);
  const Json again = Json::Parse(PlanToJson(*plan)).value();
  EXPECT_EQ(again["format"].Int64Or(0), 3);
  EXPECT_EQ(WithSnakeCaseNames(again).ToText(), again.ToText());
}

TEST(PlanToJson, HoldsSubjectsThatAreNoHostsAndTheRunThatItNames) {
  Plan plan;
  plan.matter.service = "WAF";
  plan.others = {{"bucket", "example-site", "", "111122223333", "us-east-1", "detail.bucket", "nothing to do", ""}};
  plan.run = RunName{"waf-map", 7};
  const Json json = Json::Parse(PlanToJson(plan)).value();
  EXPECT_EQ(json["format"].Int64Or(0), 3);
  EXPECT_EQ(json["others"].Elements().at(0)["kind"].StringOr(""), "bucket");
  EXPECT_EQ(json["others"].Elements().at(0)["summary"].StringOr(""), "nothing to do");
  EXPECT_EQ(PlanFromJson(json, KindsForTest(), ProductTables().questions)->run, plan.run);
  EXPECT_FALSE(plan.HasUndetermined());
  plan.others[0].undetermined_why = "access denied";
  EXPECT_EQ(plan.FirstUndetermined(), "bucket example-site: access denied");
}

// A plan with something in each of its members.
Plan WholePlan() {
  Plan plan;
  plan.workflow = "guardduty";
  plan.decision = Decision::kUndetermined;
  plan.matter = {"GuardDuty",       "f1", "t",   "111122223333",
                 "us-east-1",       5.5,  false, FromEpochMilliseconds(1'764'000'000'000),
                 {{"Finding", "l"}}};
  plan.reasons = {"r"};
  HostDecision host;
  host.host = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web-01", std::nullopt};
  host.found_in = "detail";
  host.summary = "1 scan planned";
  host.owner = "team-web@example.com";
  host.protection.state = ProtectionState::kNotProtected;
  host.protection.decisive = {{ProtectionReason::kSilentSince, std::nullopt, "text", "advice"}};
  host.protection.gaps = {{ProtectionReason::kDetectOnly, swp::Module::kIntrusionPrevention, "text", ""}};
  host.protection.modules[swp::Module::kAntiMalware] = ModuleProtection::kUnknown;
  host.protection.computer.emplace().id = ComputerId{34};
  host.scans = {{swp::ScanKind::kMalware, ScanVerdict::kNotPossible, "why"}};
  plan.hosts = {host};
  plan.others = {{"bucket", "example-site", "n", "111122223333", "us-east-1", "detail.bucket", "summary", "denied"}};
  plan.run = RunName{"map", 7};
  plan.actions = {ToPolicy(3)};
  plan.answer = Answer{Answer::Kind::kFailed, "because", true, 12};
  return plan;
}

TEST(PlanFromJson, ReadsAllThatIsWritten) {
  const std::string written = PlanToJson(WholePlan());
  const auto again = PlanFromJson(Json::Parse(written).value(), KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(again.ok()) << again.error().ToText();
  EXPECT_EQ(PlanToJson(*again), written);
  EXPECT_EQ(again->decision, Decision::kUndetermined);
  EXPECT_EQ(again->others, WholePlan().others);
  EXPECT_EQ(again->answer, WholePlan().answer);
  EXPECT_EQ(again->FirstUndetermined(), WholePlan().FirstUndetermined());
}

TEST(PlanFromJson, KnowsEveryWordThatIsWritten) {
  const auto again = [](const Plan& plan) {
    return PlanFromJson(Json::Parse(PlanToJson(plan)).value(), KindsForTest(), ProductTables().questions);
  };
  for (int reason = 0; reason <= static_cast<int>(ProtectionReason::kSilentSince); ++reason) {
    Plan plan = WholePlan();
    plan.hosts[0].protection.gaps[0].reason = static_cast<ProtectionReason>(reason);
    EXPECT_EQ(again(plan)->hosts.at(0).protection.gaps, plan.hosts[0].protection.gaps);
  }
  for (const Decision decision : {Decision::kAct, Decision::kNotify, Decision::kNothing, Decision::kOutOfScope}) {
    Plan plan = WholePlan();
    plan.decision = decision;
    EXPECT_EQ(again(plan)->decision, decision);
  }
}

TEST(PlanFromJson, RefusesAWordThatItDoesNotKnow) {
  const auto refusal = [](const std::string& word, const std::string& other) {
    std::string text = PlanToJson(WholePlan());
    text.replace(text.find(word), word.size(), other);
    const auto plan = PlanFromJson(Json::Parse(text).value(), KindsForTest(), ProductTables().questions);
    return plan.ok() ? "read" : plan.error().message;
  };
  EXPECT_EQ(refusal(R"("decision":"undetermined")", R"("decision":"maybe")"),
            "decision: expected a decision that this release knows, found `maybe`");
  EXPECT_EQ(refusal(R"("state":"not protected")", R"("state":"half protected")"),
            "hosts[0].protection.state: expected a protection state that this release knows, found `half protected`");
  EXPECT_EQ(refusal(R"("kind":"failed")", R"("kind":7)"),
            "answer.kind: expected a sort of answer that this release knows, found a number");
  EXPECT_EQ(refusal(R"("decision":"undetermined",)", ""),
            "decision: expected a decision that this release knows, found nothing");
}

}  // namespace
}  // namespace sallyport
