// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "action/kinds_for_test.h"
#include "event/parse.h"
#include "reach/reads.h"
#include "workflow/fake_swp.h"
#include "workflow/host_back.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using swp::ScanKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using PlanDecision = sallyport::Decision;

const TimePoint kMacieNow = FromEpochMilliseconds(1'764'000'000'000);

std::string MacieInstanceNumber(int number) {
  std::string digits = std::to_string(number);
  return "i-" + std::string(17 - digits.size(), '0') + digits;
}

reach::HostAnswer HostOf(const std::string& instance, policy::Decision decision = policy::Decision::kAllowed) {
  reach::HostAnswer host;
  host.account = "111122223333";
  host.region = "us-east-1";
  host.instance = {instance};
  host.state = "running";
  host.tags = {{"Name", "web-01"}, {"Owner", "team-web@example.com"}};
  host.how = "instance profile `web-profile`";
  host.decision = decision;
  return host;
}

reach::PrincipalAnswer PrincipalOf(const std::string& role, std::vector<reach::HostAnswer> hosts,
                                   policy::Decision decision = policy::Decision::kAllowed) {
  reach::PrincipalAnswer principal;
  principal.arn = "arn:aws:iam::111122223333:role/" + role;
  principal.account = "111122223333";
  principal.role = role;
  reach::ActionAnswer action;
  action.action = "s3:GetObject";
  action.decision = decision;
  action.without_key = decision;
  action.statements = {"inline policy `read`: #1"};
  principal.actions = {action};
  principal.hosts = std::move(hosts);
  return principal;
}

class FakeReach final : public reach::Reads {
 public:
  Result<reach::Answer> answer = reach::Answer{};
  std::vector<reach::Ask> asked;

  Result<reach::Answer> WhoCan(const reach::Ask& ask) override {
    asked.push_back(ask);
    return answer;
  }
};

MacieFinding MacieFindingOf(const std::string& type = "SensitiveData:S3Object/Personal") {
  MacieFinding finding;
  finding.id = "2aa22222bb22";
  finding.type = type;
  finding.account = "111122223333";
  finding.region = "us-east-1";
  finding.partition = "aws";
  finding.severity = 8;
  finding.buckets = {"example-customers"};
  finding.what = {"PERSONAL_INFORMATION (4 places)"};
  finding.updated_at = kMacieNow;
  return finding;
}

struct MacieWorld {
  FakeSwpReads swp;
  FakeReach reach;
  WorkflowSettings settings;

  MacieWorld() {
    reach::Answer answer;
    answer.bucket = "example-customers";
    reach.answer = answer;
  }

  void Reaches(std::vector<reach::PrincipalAnswer> principals) { reach.answer->principals = std::move(principals); }

  Plan PlanOf(const MacieFinding& finding) {
    Sources sources{swp, kMacieNow, &reach};
    return MacieWorkflow().Decide(finding, MatterOf(finding, settings.rows.Get<MacieSettings>()), sources, settings);
  }
};

std::vector<ScanKind> MacieScansOf(const Plan& plan) {
  std::vector<ScanKind> kinds;
  for (const PlannedAction& planned : plan.actions) {
    if (const auto* scan = planned.action.As<RequestScan>()) kinds.push_back(scan->kind);
  }
  return kinds;
}

TEST(PlanMacie, ScansAProtectedHostThatCanReachTheBucket) {
  MacieWorld world;
  world.Reaches({PrincipalOf("web", {HostOf("i-0123456789abcdef0")})});
  world.swp.everywhere = ProtectedComputer("i-0123456789abcdef0");
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kAct);
  EXPECT_THAT(MacieScansOf(plan), ElementsAre(ScanKind::kRecommendation, ScanKind::kIntegrity));
  EXPECT_TRUE(plan.actions[0].action.As<RequestScan>()->apply_results);
  EXPECT_THAT(plan.actions[0].why[0],
              HasSubstr("role `web` is allowed s3:GetObject on `example-customers` (inline policy"));
  EXPECT_EQ(plan.matter.title, "SensitiveData:S3Object/Personal about bucket `example-customers`");
  ASSERT_EQ(world.reach.asked.size(), 1U);
  EXPECT_EQ(world.reach.asked[0].account, "111122223333");
}

TEST(PlanMacie, TellsTheOwnerOfAnUnprotectedHostWithTheBucketAsTheReason) {
  MacieWorld world;
  world.Reaches({PrincipalOf("web", {HostOf("i-0123456789abcdef0")})});
  world.swp.computers.emplace("i-0123456789abcdef0", std::vector<swp::Computer>{InventoryOnly("i-0123456789abcdef0")});
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kNotify);
  ASSERT_EQ(plan.actions.size(), 1U);
  const auto& message = *plan.actions[0].action.As<NotifyOwner>();
  EXPECT_EQ(message.owner, "team-web@example.com");
  EXPECT_THAT(message.headline, HasSubstr("can reach bucket `example-customers`"));
  EXPECT_THAT(message.why_now, Contains("Macie found: PERSONAL_INFORMATION (4 places)"));
  ASSERT_EQ(plan.follow_ups.size(), 1U);
  EXPECT_TRUE(plan.follow_ups[0].question.ask.Is<HostBack>());
  EXPECT_EQ(plan.follow_ups[0].question.matter.service, "Macie");
}

TEST(PlanMacie, DefersAStoppedHostAndTellsNobody) {
  MacieWorld world;
  reach::HostAnswer host = HostOf("i-0123456789abcdef0");
  host.state = "stopped";
  world.Reaches({PrincipalOf("web", {host})});
  world.swp.computers.emplace("i-0123456789abcdef0", std::vector<swp::Computer>{InventoryOnly("i-0123456789abcdef0")});
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.follow_ups, SizeIs(1));
  EXPECT_THAT(plan.hosts[0].summary, HasSubstr("no scan until it runs again"));
}

TEST(PlanMacie, AFailedLookupIsNotUnprotected) {
  MacieWorld world;
  world.Reaches({PrincipalOf("web", {HostOf("i-0123456789abcdef0")})});
  world.swp.computers.emplace("i-0123456789abcdef0", Error{ErrorCode::kTimeout, "no answer", ""});
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kUndetermined);
  EXPECT_THAT(plan.actions, IsEmpty());
}

TEST(PlanMacie, SaysWhenAwsCouldNotBeAsked) {
  MacieWorld world;
  world.reach.answer = Error{ErrorCode::kUnauthenticated, "no credentials", "set them"};
  Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kUndetermined);
  EXPECT_EQ(plan.reasons.front(),
            "could not determine which EC2 hosts can reach `example-customers`: no credentials (set them); no scan "
            "requested");
  Sources without{world.swp, kMacieNow};
  plan = MacieWorkflow().Decide(MacieFindingOf(), MatterOf(MacieFindingOf(), {}), without, world.settings);
  EXPECT_EQ(plan.decision, PlanDecision::kUndetermined);
}

TEST(PlanMacie, APartialAnswerIsCalledOneAndIsNoAllClear) {
  MacieWorld world;
  world.reach.answer->gaps = {"the roles of account 111122223333 could not be read: access denied"};
  const Plan nobody = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(nobody.decision, PlanDecision::kUndetermined);
  EXPECT_THAT(nobody.reasons.front(), HasSubstr("access denied"));
  world.Reaches({PrincipalOf("web", {HostOf("i-0123456789abcdef0")})});
  world.swp.everywhere = ProtectedComputer("i-0123456789abcdef0");
  const Plan some = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(some.decision, PlanDecision::kAct);
  EXPECT_THAT(some.reasons, Contains(HasSubstr("incomplete: 1 item")));
}

TEST(PlanMacie, NobodyIsAQuietResult) {
  MacieWorld world;
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kNothing);
  EXPECT_THAT(plan.reasons, Contains("0 EC2 hosts can reach the bucket"));
}

TEST(PlanMacie, HostsThatMayReachItAreLookedAtAndThoseThatCannotAreNot) {
  MacieWorld world;
  world.Reaches({PrincipalOf("web",
                             {HostOf("i-0123456789abcdef0", policy::Decision::kConditional),
                              HostOf("i-0123456789abcdef1", policy::Decision::kImplicitlyDenied),
                              HostOf("i-0123456789abcdef2", policy::Decision::kUndecided)},
                             policy::Decision::kConditional)});
  world.swp.everywhere = ProtectedComputer("i-0123456789abcdef0");
  const Plan plan = world.PlanOf(MacieFindingOf());
  ASSERT_EQ(plan.hosts.size(), 1U);
  EXPECT_EQ(plan.hosts[0].host.instance.value, "i-0123456789abcdef0");
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("i-0123456789abcdef2: undetermined whether it can reach the bucket")));
  // Of many principals the conditions are not named; that there are some is said all the same.
  EXPECT_THAT(plan.actions[0].why, Contains(HasSubstr("on `example-customers` if conditions hold")));
}

TEST(PlanMacie, ListsConsumersThatAreNoHosts) {
  MacieWorld world;
  auto principal = PrincipalOf("job", {});
  principal.consumers = {"Lambda functions"};
  principal.other_uses = {"ECS task of `service:cart` on FARGATE, 111122223333/us-east-1"};
  auto indirect = PrincipalOf("hop", {HostOf("i-0123456789abcdef0")});
  indirect.assumes = principal.arn;
  world.Reaches({principal, indirect});
  world.reach.answer->outsiders = {{"account 444455556666", "may delegate", "bucket policy `Stage`"}};
  const Plan plan = world.PlanOf(MacieFindingOf());
  EXPECT_EQ(plan.decision, PlanDecision::kNothing);
  EXPECT_THAT(plan.hosts, IsEmpty());
  EXPECT_THAT(plan.reasons, Contains("role `job` (account 111122223333) is also used by Lambda functions"));
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("is also used by ECS task")));
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("no EC2 instance uses it")));
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("indirect: role `hop`")));
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("other access to `example-customers`: account 444455556666")));
}

TEST(PlanMacie, SaysThatARoleMayNotUseTheKey) {
  MacieWorld world;
  auto principal = PrincipalOf("web", {HostOf("i-0123456789abcdef0", policy::Decision::kImplicitlyDenied)});
  principal.actions[0].decision = policy::Decision::kImplicitlyDenied;
  world.Reaches({principal});
  EXPECT_THAT(world.PlanOf(MacieFindingOf()).reasons, Contains(HasSubstr("denied the KMS key")));
}

// Many hosts.

MacieWorld Crowd(int hosts, int policies = 1) {
  MacieWorld world;
  std::vector<reach::HostAnswer> all;
  for (int i = 0; i < hosts; ++i) {
    all.push_back(HostOf(MacieInstanceNumber(i)));
    swp::Computer computer = ProtectedComputer(MacieInstanceNumber(i), 100 + i);
    computer.policy = PolicyId{1 + i % policies};
    world.swp.computers.emplace(MacieInstanceNumber(i), std::vector<swp::Computer>{computer});
  }
  world.Reaches({PrincipalOf("web", std::move(all))});
  return world;
}

TEST(PlanMacie, LooksAtSoManyHostsAndListsTheOthers) {
  MacieWorld world = Crowd(52);
  const Plan at_default = world.PlanOf(MacieFindingOf());
  EXPECT_THAT(at_default.hosts, SizeIs(50));
  EXPECT_THAT(at_default.reasons, Contains(HasSubstr("2 hosts beyond macie.max_hosts not checked: i-")));
  world.settings.rows.Edit<MacieSettings>().max_hosts = 52;
  EXPECT_THAT(world.PlanOf(MacieFindingOf()).hosts, SizeIs(52));
}

TEST(PlanMacie, AllScansOfOneFindingAreOneReach) {
  const Plan plan = Crowd(12).PlanOf(MacieFindingOf());
  for (const PlannedAction& planned : plan.actions) EXPECT_EQ(HostsTouched(planned), 12);
}

TEST(PlanMacie, ScansInWavesThatGoFromPolicyToPolicy) {
  MacieWorld world = Crowd(6, 2);
  world.settings.rows.Edit<MacieSettings>().wave = 2;
  world.settings.rows.Edit<MacieSettings>().stagger = std::chrono::minutes(10);
  const Plan plan = world.PlanOf(MacieFindingOf());
  ASSERT_THAT(plan.actions, SizeIs(12));
  std::vector<std::int64_t> waits;
  for (std::size_t i = 0; i < plan.actions.size(); i += 2) {
    EXPECT_EQ(plan.actions[i].after, plan.actions[i + 1].after);  // both scans of a host
    waits.push_back(std::chrono::duration_cast<std::chrono::minutes>(plan.actions[i].after).count());
  }
  EXPECT_THAT(waits, ElementsAre(0, 0, 10, 10, 20, 20));
  for (std::size_t i = 0; i < plan.hosts.size(); i += 2) {
    EXPECT_NE(plan.hosts[i].protection.computer->policy, plan.hosts[i + 1].protection.computer->policy);
  }
}

// The same matter.

std::vector<std::string> KeysOf(const Plan& plan) {
  std::vector<std::string> keys;
  for (const PlannedAction& planned : plan.actions) keys.push_back(planned.key);
  return keys;
}

TEST(PlanMacie, FindingsOfOneWindowAreOneDecision) {
  MacieWorld world = Crowd(1);
  const MacieFinding first = MacieFindingOf();
  MacieFinding second = first;
  second.id = "3bb33333cc33";
  second.updated_at = kMacieNow + std::chrono::hours(1);
  EXPECT_EQ(KeysOf(world.PlanOf(first)), KeysOf(world.PlanOf(second)));
  second.updated_at = kMacieNow + std::chrono::hours(24);
  EXPECT_NE(KeysOf(world.PlanOf(first)), KeysOf(world.PlanOf(second)));
  second = first;
  second.severity = 5;
  EXPECT_NE(KeysOf(world.PlanOf(first)), KeysOf(world.PlanOf(second)));
  second = first;
  second.type = "SensitiveData:S3Object/Financial";
  EXPECT_NE(KeysOf(world.PlanOf(first)), KeysOf(world.PlanOf(second)));
}

std::string SubjectOf(const std::string& type, const std::string& id, const std::string& time) {
  MacieFinding finding = MacieFindingOf(type);
  finding.id = id;
  finding.updated_at = ParseTime(time);
  return MatterOf(finding, {}).subject;
}

TEST(MacieMatter, JoinsFindingsAboutDataAndKeepsPolicyFindingsApart) {
  const std::string data = "SensitiveData:S3Object/Personal";
  EXPECT_EQ(SubjectOf(data, "1", "2025-11-24T00:00:00Z"), SubjectOf(data, "2", "2025-11-24T23:59:59Z"));
  EXPECT_NE(SubjectOf(data, "1", "2025-11-24T00:00:00Z"), SubjectOf(data, "1", "2025-11-25T00:00:00Z"));
  EXPECT_EQ(SubjectOf("Policy:IAMUser/S3BucketPublic", "1", "2025-11-24T00:00:00Z"), "1");
}

// Findings that end early read nothing.

TEST(PlanMacie, EndsWithoutReadingWhereThereIsNothingToDo) {
  struct Case {
    std::function<void(MacieFinding&)> change;
    PlanDecision decision;
    const char* reason;
  };
  const Case cases[] = {
      {[](MacieFinding& finding) { finding.archived = true; }, PlanDecision::kNothing, "archived in Macie"},
      {[](MacieFinding& finding) {
         finding.buckets.clear();
         finding.no_bucket_reason = "the finding names no bucket";
       },
       PlanDecision::kOutOfScope, "names no bucket"},
      {[](MacieFinding& finding) { finding.severity = 0.5; }, PlanDecision::kNothing, "below macie.min_severity"},
  };
  for (const Case& c : cases) {
    MacieWorld world;
    MacieFinding finding = MacieFindingOf();
    c.change(finding);
    const Plan plan = world.PlanOf(finding);
    EXPECT_EQ(plan.decision, c.decision) << c.reason;
    EXPECT_THAT(plan.reasons.front(), HasSubstr(c.reason));
    EXPECT_THAT(world.reach.asked, IsEmpty());
  }
}

TEST(PlanMacie, ASampleIsPlannedInFullAndMarked) {
  MacieWorld world = Crowd(1);
  MacieFinding finding = MacieFindingOf();
  finding.sample = true;
  const Plan plan = world.PlanOf(finding);
  EXPECT_TRUE(plan.matter.sample);
  EXPECT_THAT(MacieScansOf(plan), SizeIs(2));
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("sample finding: ")));
}

Result<Plan> PlanOfEvent(const Event& event, Sources& sources, const WorkflowSettings& settings) {
  const Workflow row = MacieWorkflow().Row();
  const auto matters = row.about(event, settings);
  if (!matters.ok()) return matters.error();
  return row.make_plan(event, matters->at(0), sources, settings);
}

TEST(MacieWorkflow, LeavesNotificationsAboutMacieItself) {
  MacieWorld world;
  Sources sources{world.swp, kMacieNow, &world.reach};
  Event event;
  event.source = "aws.macie";
  event.detail_type = "Macie Job Status";
  const auto plan = PlanOfEvent(event, sources, world.settings);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->decision, PlanDecision::kOutOfScope);
}

// Edge case M20: nothing of what is in the objects leaves the event.
TEST(MacieWorkflow, CopiesNoObjectKeyAndNoSample) {
  const auto arrivals = ParseDocument(
      R"({"detail-type":"Macie Finding","source":"aws.macie","account":"111122223333","region":"us-east-1","detail":{)"
      R"("id":"2aa2","accountId":"111122223333","region":"us-east-1","type":"SensitiveData:S3Object/Personal",)"
      R"("title":"SECRET-title","description":"SECRET-text","severity":{"description":"High"},)"
      R"("updatedAt":"2025-11-24T16:00:00Z","resourcesAffected":{"s3Bucket":{"name":"example-customers",)"
      R"("tags":[{"key":"SECRET-tag"}]},"s3Object":{"key":"SECRET-key","path":"SECRET-path"}},)"
      R"("classificationDetails":{"result":{"customDataIdentifiers":{"totalCount":1,"detections":[{"name":"SECRET-own"}]},)"
      R"("sensitiveData":[{"category":"PERSONAL_INFORMATION","totalCount":1,"detections":[{"type":"SECRET-type",)"
      R"("occurrences":{"cells":[{"cellReference":"SECRET-cell"}]}}]}]}}}})",
      "test.json", {});
  MacieWorld world;
  world.Reaches({PrincipalOf("web", {HostOf("i-0123456789abcdef0"), HostOf("i-0123456789abcdef1")})});
  world.swp.computers.emplace("i-0123456789abcdef0", std::vector<swp::Computer>{InventoryOnly("i-0123456789abcdef0")});
  world.swp.computers.emplace("i-0123456789abcdef1",
                              std::vector<swp::Computer>{ProtectedComputer("i-0123456789abcdef1")});
  Sources sources{world.swp, kMacieNow, &world.reach};
  const auto plan = PlanOfEvent(*arrivals.front().event, sources, world.settings);
  ASSERT_TRUE(plan.ok()) << plan.error().ToText();
  EXPECT_THAT(plan->actions, SizeIs(3));
  EXPECT_THAT(PlanToJson(*plan), Not(HasSubstr("SECRET")));
}

TEST(PlanMacie, SurvivesTheLedger) {
  const Plan plan = Crowd(12).PlanOf(MacieFindingOf());
  const auto again = PlanFromJson(Json::Parse(PlanToJson(plan)).value(), KindsForTest(), ProductTables().questions);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->matter.service, "Macie");
  EXPECT_EQ(again->actions, plan.actions);  // the waits too
}

}  // namespace
}  // namespace sallyport
