// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
#include "workflow/fake_swp.h"
#include "workflow/host_back.h"

namespace sallyport {
namespace {

using swp::Module;
using swp::ScanKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGuardDutyInstance = "i-0123456789abcdef0";
const TimePoint kGuardDutyNow = FromEpochMilliseconds(1'764'000'000'000);

AffectedHost HostNamed(const std::string& instance) {
  AffectedHost host;
  host.instance = {instance};
  host.account = "111122223333";
  host.region = "us-east-1";
  host.tags = std::vector<Tag>{};
  host.state = "running";
  host.found_in = "detail.resource.instanceDetails.instanceId";
  return host;
}

GuardDutyFinding FindingOf(const std::string& type, double severity = 5, ResourceRole role = ResourceRole::kTarget) {
  GuardDutyFinding finding;
  finding.id = "1ab0f7b2c1d34e5f60718293a4b5c6d7";
  finding.type = type;
  finding.account = "111122223333";
  finding.region = "us-east-1";
  finding.partition = "aws";
  finding.severity = severity;
  finding.updated_at = kGuardDutyNow;
  finding.role = role;
  finding.resource_type = "Instance";
  finding.hosts = {HostNamed(kGuardDutyInstance)};
  return finding;
}

struct World {
  FakeSwpReads swp;
  WorkflowSettings settings;

  Plan PlanOf(const GuardDutyFinding& finding) {
    Sources sources{swp, kGuardDutyNow};
    return GuardDutyWorkflow().Decide(finding, MatterOf(finding), sources, settings);
  }
};

World ProtectedWorld() {
  World world;
  world.swp.everywhere = ProtectedComputer(kGuardDutyInstance);
  return world;
}

// The scans that are requested; those that are joined are not.
std::vector<ScanKind> ScansOf(const Plan& plan) {
  std::vector<ScanKind> kinds;
  for (const PlannedAction& planned : plan.actions) {
    const auto* scan = planned.action.As<RequestScan>();
    if (scan != nullptr && !scan->joins) kinds.push_back(scan->kind);
  }
  return kinds;
}

TEST(PlanGuardDuty, AsksForTheScansOfTheFamily) {
  constexpr auto kR = ScanKind::kRecommendation;
  constexpr auto kI = ScanKind::kIntegrity;
  constexpr auto kM = ScanKind::kMalware;
  struct Case {
    const char* type;
    double severity;
    ResourceRole role;
    std::vector<ScanKind> want;
  };
  const Case cases[] = {
      {"Recon:EC2/PortProbeUnprotectedPort", 2, ResourceRole::kTarget, {kR}},
      {"Recon:EC2/Portscan", 5, ResourceRole::kActor, {kM, kI, kR}},
      {"Behavior:EC2/NetworkPortUnusual", 5, ResourceRole::kTarget, {kR}},
      {"UnauthorizedAccess:EC2/SSHBruteForce", 2, ResourceRole::kTarget, {kR, kI}},
      {"UnauthorizedAccess:EC2/RDPBruteForce", 8, ResourceRole::kActor, {kM, kI, kR}},
      {"UnauthorizedAccess:EC2/MaliciousIPCaller.Custom", 5, ResourceRole::kTarget, {kR, kI, kM}},
      {"UnauthorizedAccess:EC2/TorIPCaller", 5, ResourceRole::kUnknown, {kR, kI, kM}},
      {"UnauthorizedAccess:EC2/TorClient", 8, ResourceRole::kTarget, {kM, kI, kR}},
      {"CryptoCurrency:EC2/BitcoinTool.B!DNS", 8, ResourceRole::kTarget, {kM, kI, kR}},
      {"Backdoor:EC2/C&CActivity.B!DNS", 8, ResourceRole::kUnknown, {kM, kI, kR}},
      {"Trojan:EC2/DGADomainRequest.B", 8, ResourceRole::kTarget, {kM, kI, kR}},
      {"Execution:EC2/MaliciousFile", 8, ResourceRole::kTarget, {kM, kI, kR}},
      {"AttackSequence:EC2/CompromisedInstanceGroup", 9, ResourceRole::kUnknown, {kM, kI, kR}},
      {"SomethingNew:EC2/NeverSeen", 5, ResourceRole::kTarget, {kR, kI}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.type);
    const Plan plan = ProtectedWorld().PlanOf(FindingOf(c.type, c.severity, c.role));
    EXPECT_EQ(ScansOf(plan), c.want);
    EXPECT_EQ(plan.decision, Decision::kAct);
  }
}

TEST(PlanGuardDuty, AsksForAMalwareScanOnlyFromTheConfiguredSeverityUp) {
  const auto malware_at = [](double severity) {
    const auto scans = ScansOf(ProtectedWorld().PlanOf(FindingOf("UnauthorizedAccess:EC2/TorIPCaller", severity)));
    return std::find(scans.begin(), scans.end(), ScanKind::kMalware) != scans.end();
  };
  EXPECT_FALSE(malware_at(3.9));
  EXPECT_TRUE(malware_at(4.0));
}

TEST(PlanGuardDuty, AppliesRecommendationsOnAnAttackedHostAndNotOnACompromisedOne) {
  const auto apply = [](const GuardDutyFinding& finding) {
    for (const PlannedAction& planned : ProtectedWorld().PlanOf(finding).actions) {
      const auto& scan = *planned.action.As<RequestScan>();
      if (scan.kind == ScanKind::kRecommendation) return scan.apply_results;
    }
    ADD_FAILURE() << "no recommendation scan";
    return false;
  };
  EXPECT_TRUE(apply(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce")));
  EXPECT_FALSE(apply(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce", 8, ResourceRole::kActor)));
  EXPECT_FALSE(apply(FindingOf("CryptoCurrency:EC2/BitcoinTool.B!DNS", 8)));
}

// G21: a scan that could tell nothing is a result, not a request.
TEST(PlanGuardDuty, SaysWhyAScanIsNotApplicable) {
  struct Case {
    const char* name;
    std::function<void(swp::Computer&)> change;
    ScanKind kind;
    const char* why;
  };
  const Case cases[] = {
      {"integrity off", [](auto& c) { ModuleOf(c, Module::kIntegrityMonitoring).state = "off"; }, ScanKind::kIntegrity,
       "Integrity Monitoring is off"},
      {"no integrity rules", [](auto& c) { ModuleOf(c, Module::kIntegrityMonitoring).rules.clear(); },
       ScanKind::kIntegrity, "no Integrity Monitoring rule is assigned"},
      {"no scheduled scan", [](auto& c) { ModuleOf(c, Module::kAntiMalware).scheduled_scan_configuration = 0; },
       ScanKind::kMalware, "no scheduled scan configuration"},
      {"module not licensed", [](auto& c) { c.modules.erase(c.modules.begin()); }, ScanKind::kMalware,
       "holds no Anti-Malware module"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    World world = ProtectedWorld();
    c.change(*world.swp.everywhere);
    const Plan plan = world.PlanOf(FindingOf("Trojan:EC2/DropPoint", 8));
    const auto& scans = plan.hosts.at(0).scans;
    const auto scan = std::find_if(scans.begin(), scans.end(), [&](const auto& s) { return s.kind == c.kind; });
    ASSERT_NE(scan, scans.end());
    EXPECT_EQ(scan->verdict, ScanVerdict::kNotApplicable);
    EXPECT_THAT(scan->why, HasSubstr(c.why));
    EXPECT_THAT(ScansOf(plan), testing::Not(testing::Contains(c.kind)));
  }
}

swp::ScheduledTask TaskFor(ScanKind kind, std::optional<TimePoint> last_run) {
  return {ScheduledTaskId{501},
          swp::TaskName({kind, ComputerId{34}, "0123456789abcdef"}),
          std::string(ApiName(kind)),
          true,
          last_run,
          ComputerId{34}};
}

// G16: two findings share one running scan.
TEST(PlanGuardDuty, JoinsAScanThatIsAlreadyRequested) {
  World world = ProtectedWorld();
  world.swp.tasks = std::vector{TaskFor(ScanKind::kIntegrity, std::nullopt)};
  const Plan plan = world.PlanOf(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_THAT(ScansOf(plan), ElementsAre(ScanKind::kRecommendation));
  EXPECT_EQ(plan.hosts.at(0).scans.at(1).verdict, ScanVerdict::kJoined);
  EXPECT_THAT(plan.hosts.at(0).scans.at(1).why, HasSubstr("task 501"));
  // It waits for that task's scan, and writes nothing.
  const Action& joined = plan.actions.at(1).action;
  EXPECT_EQ(joined.As<RequestScan>()->joins, (RequestScan::Running{ScheduledTaskId{501}, kGuardDutyNow}));
  EXPECT_FALSE(Writes(joined));
}

// G8, G13: a host that cannot be scanned now is asked about again, with the scans that it then gets.
TEST(PlanGuardDuty, AHostThatCannotBeScannedIsAskedAboutAgain) {
  World world;
  world.swp.computers.emplace(kGuardDutyInstance, std::vector{InventoryOnly(kGuardDutyInstance)});
  const Plan plan = world.PlanOf(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce"));
  ASSERT_THAT(plan.follow_ups, testing::SizeIs(1));
  const auto& back = *plan.follow_ups[0].question.ask.As<HostBack>();
  EXPECT_TRUE(back.owner_was_told);
  ASSERT_THAT(back.scans, testing::SizeIs(2));
  EXPECT_EQ(back.scans[0].kind, ScanKind::kRecommendation);
  EXPECT_TRUE(back.scans[0].apply_results);
  EXPECT_FALSE(back.scans[1].apply_results);
}

TEST(PlanGuardDuty, ATaskThatWasLeftBehindBlocksNothing) {
  const auto scans_with_task_run = [](Duration ago) {
    World world = ProtectedWorld();
    world.swp.tasks = std::vector{TaskFor(ScanKind::kIntegrity, kGuardDutyNow - ago)};
    return ScansOf(world.PlanOf(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce"))).size();
  };
  EXPECT_EQ(scans_with_task_run(std::chrono::hours(6)), 1U);
  EXPECT_EQ(scans_with_task_run(std::chrono::hours(6) + Duration(1)), 2U);
}

// Unknown is not unprotected: nothing is requested, and nobody is told that the host is unprotected.
TEST(PlanGuardDuty, AFailedReadEndsUndetermined) {
  World world;
  world.swp.computers.emplace(kGuardDutyInstance, Error{ErrorCode::kUnavailable, "SWP could not be reached", ""});
  const Plan plan = world.PlanOf(FindingOf("Trojan:EC2/DropPoint", 8));
  EXPECT_EQ(plan.decision, Decision::kUndetermined);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.hosts.at(0).protection.decisive.at(0).text, HasSubstr("SWP could not be reached"));
}

TEST(PlanGuardDuty, AFailedLookForRunningScansEndsUndetermined) {
  World world = ProtectedWorld();
  world.swp.tasks = Error{ErrorCode::kForbidden, "no right to view tasks", "add it"};
  const Plan plan = world.PlanOf(FindingOf("Trojan:EC2/DropPoint", 8));
  EXPECT_EQ(plan.decision, Decision::kUndetermined);
  EXPECT_THAT(plan.actions, IsEmpty());
  // What SWP says of its protection stays.
  EXPECT_EQ(plan.hosts.at(0).protection.state, ProtectionState::kProtected);
  EXPECT_THAT(plan.hosts.at(0).protection.decisive, IsEmpty());
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("i-0123456789abcdef0: could not check which scans were already"));
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("no right to view tasks (add it)"));
}

// A scan changes nothing on the host: one that is in touch is scanned whatever its modules say.
TEST(PlanGuardDuty, AHostInContactWhoseModulesAreUnreadableIsScannedAndStaysUndetermined) {
  World world = ProtectedWorld();
  world.settings.protection.required_modules = {Module::kAntiMalware};
  ModuleOf(*world.swp.everywhere, Module::kAntiMalware).status = {swp::AgentStatus::kUnknown, "humming"};
  const Plan plan = world.PlanOf(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_EQ(plan.hosts.at(0).protection.state, ProtectionState::kUndetermined);
  EXPECT_THAT(ScansOf(plan), ElementsAre(ScanKind::kRecommendation, ScanKind::kIntegrity));
  EXPECT_EQ(plan.actions.size(), 2U) << "nobody is told that it is not protected";
  EXPECT_EQ(plan.hosts.at(0).summary, "protection undetermined; 2 scans planned");
  EXPECT_TRUE(plan.HasUndetermined());
}

TEST(PlanGuardDuty, TheOwnerOfAHostThatIsScannedAndNotProtectedIsToldToo) {
  World world = ProtectedWorld();
  world.settings.protection.required_modules = {Module::kAntiMalware};
  ModuleOf(*world.swp.everywhere, Module::kAntiMalware).state = "off";
  const Plan plan = world.PlanOf(FindingOf("UnauthorizedAccess:EC2/SSHBruteForce"));
  EXPECT_EQ(plan.hosts.at(0).protection.state, ProtectionState::kNotProtected);
  EXPECT_THAT(ScansOf(plan), ElementsAre(ScanKind::kRecommendation, ScanKind::kIntegrity));
  ASSERT_EQ(plan.actions.size(), 3U);
  const auto& message = *plan.actions[2].action.As<NotifyOwner>();
  EXPECT_EQ(message.reason, "required-module");
  EXPECT_EQ(message.protection_state, "not protected");
  EXPECT_THAT(message.to_do, testing::Contains("Then investigate the finding"));
  EXPECT_THAT(plan.actions[2].why, ElementsAre("SWP does not protect this host (required-module)"));
  EXPECT_EQ(plan.hosts.at(0).summary, "not protected; message to its owner planned; 2 scans planned");
  EXPECT_THAT(plan.follow_ups, IsEmpty()) << "it need not come back: it is there";
  EXPECT_EQ(plan.says, Plan::Says::kNotProtected);
  EXPECT_EQ(plan.decision, Decision::kAct);
}

TEST(PlanGuardDuty, WhatACaseIsToldFollowsFromItsWorstHost) {
  const auto says = [](const std::string& type, bool is_protected) {
    World world = is_protected ? ProtectedWorld() : World();
    return world.PlanOf(FindingOf(type, 8)).says;
  };
  EXPECT_EQ(says("UnauthorizedAccess:EC2/SSHBruteForce", true), Plan::Says::kActive);
  EXPECT_EQ(says("UnauthorizedAccess:EC2/SSHBruteForce", false), Plan::Says::kNotProtected);
  EXPECT_EQ(says("Trojan:EC2/DropPoint", true), Plan::Says::kCompromised);
  EXPECT_EQ(says("Trojan:EC2/DropPoint", false), Plan::Says::kCompromised);
}

// G11, G12, G13.
TEST(PlanGuardDuty, TellsTheOwnerOfAHostThatIsNotProtected) {
  World world;
  world.swp.computers.emplace(kGuardDutyInstance, std::vector{InventoryOnly(kGuardDutyInstance)});
  const Plan plan = world.PlanOf(FindingOf("Backdoor:EC2/C&CActivity.B!DNS", 8));
  EXPECT_EQ(plan.decision, Decision::kNotify);
  ASSERT_EQ(plan.actions.size(), 1U);
  const auto& message = *plan.actions[0].action.As<NotifyOwner>();
  EXPECT_EQ(message.reason, "not-activated");
  EXPECT_EQ(message.owner, "team-shop@example.com");
  EXPECT_THAT(world.swp.asked, ElementsAre("computers i-0123456789abcdef0"));
}

TEST(PlanGuardDuty, TellsTheOwnerOfAnInstanceThatSwpDoesNotKnow) {
  World world;
  const Plan plan = world.PlanOf(FindingOf("Backdoor:EC2/C&CActivity.B!DNS", 8));
  EXPECT_EQ(plan.actions.at(0).action.As<NotifyOwner>()->reason, "not-in-manager");
}

// G8.
TEST(PlanGuardDuty, DoesNothingAboutATerminatedInstanceAndWaitsForAStoppedOne) {
  for (const auto& [state, words] : {std::pair{"terminated", "nothing left to scan"},
                                     {"shutting-down", "nothing left to scan"},
                                     {"stopped", "no scan until it runs again"},
                                     {"stopping", "no scan until it runs again"}}) {
    SCOPED_TRACE(state);
    World world;
    GuardDutyFinding finding = FindingOf("Trojan:EC2/DropPoint", 8);
    finding.hosts[0].state = state;
    const Plan plan = world.PlanOf(finding);
    EXPECT_EQ(plan.decision, Decision::kNothing);
    EXPECT_THAT(plan.actions, IsEmpty());
    EXPECT_THAT(plan.hosts.at(0).summary, HasSubstr(words));
  }
}

// G2.
TEST(PlanGuardDuty, AsksNobodyAboutAnArchivedFinding) {
  World world = ProtectedWorld();
  GuardDutyFinding finding = FindingOf("Trojan:EC2/DropPoint", 8);
  finding.archived = true;
  const Plan plan = world.PlanOf(finding);
  EXPECT_EQ(plan.decision, Decision::kNothing);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.reasons, ElementsAre(HasSubstr("archived")));
  EXPECT_THAT(world.swp.asked, IsEmpty());
}

TEST(PlanGuardDuty, AFindingWithoutAHostIsOutOfScopeWithItsReason) {
  World world;
  GuardDutyFinding finding = FindingOf("UnauthorizedAccess:S3/TorIPCaller", 8);
  finding.hosts.clear();
  finding.no_host_reason = "the finding is about an S3 bucket";
  finding.notes = {"detail.createdAt: a time without a zone"};
  const Plan plan = world.PlanOf(finding);
  EXPECT_EQ(plan.decision, Decision::kOutOfScope);
  EXPECT_THAT(plan.reasons,
              ElementsAre("the finding is about an S3 bucket", "detail.createdAt: a time without a zone"));
  EXPECT_THAT(world.swp.asked, IsEmpty());
}

// G6: all hosts of the finding, each by its own state.
TEST(PlanGuardDuty, ActsOnEveryHostOfAFinding) {
  World world;
  world.swp.computers.emplace("i-0123456789abcdef0", std::vector{ProtectedComputer("i-0123456789abcdef0", 34)});
  world.swp.computers.emplace("i-0a1b2c3d4e5f60718", std::vector{ProtectedComputer("i-0a1b2c3d4e5f60718", 41)});
  world.swp.computers.emplace("i-0eeee3333ffff4444", Error{ErrorCode::kTimeout, "no answer", ""});
  GuardDutyFinding finding = FindingOf("AttackSequence:EC2/CompromisedInstanceGroup", 9);
  finding.hosts = {HostNamed("i-0123456789abcdef0"), HostNamed("i-0a1b2c3d4e5f60718"), HostNamed("i-0fedcba9876543210"),
                   HostNamed("i-0eeee3333ffff4444")};
  const Plan plan = world.PlanOf(finding);
  EXPECT_EQ(plan.hosts.size(), 4U);
  EXPECT_EQ(ScansOf(plan).size(), 6U);
  EXPECT_EQ(plan.actions.size(), 7U);  // and one message
  EXPECT_EQ(plan.decision, Decision::kAct);
  EXPECT_TRUE(plan.HasUndetermined());
}

TEST(PlanGuardDuty, TheKeyFollowsTheDecisionAndNotTheDelivery) {
  const auto key_of = [](const GuardDutyFinding& finding) {
    return ProtectedWorld().PlanOf(finding).actions.at(0).key;
  };
  const GuardDutyFinding finding = FindingOf("UnauthorizedAccess:EC2/SSHBruteForce");
  const std::string key = key_of(finding);
  EXPECT_EQ(key.size(), 64U);
  GuardDutyFinding again = finding;
  again.count = 57;
  EXPECT_EQ(key_of(again), key);
  GuardDutyFinding updated = finding;
  updated.updated_at = kGuardDutyNow + std::chrono::hours(7);
  EXPECT_NE(key_of(updated), key);
  GuardDutyFinding worse = finding;
  worse.severity = 8;
  EXPECT_NE(key_of(worse), key);
  GuardDutyFinding other = finding;
  other.account = other.hosts[0].account = "444455556666";
  EXPECT_NE(key_of(other), key);
}

TEST(PlanGuardDuty, CostsOneSearchForTheHostAndOneForItsTasks) {
  World world = ProtectedWorld();
  world.PlanOf(FindingOf("Trojan:EC2/DropPoint", 8));
  EXPECT_THAT(world.swp.asked, ElementsAre("computers i-0123456789abcdef0", "tasks 34"));
}

TEST(PlanGuardDuty, PlansASampleInFullAndSaysThatItIsOne) {
  GuardDutyFinding finding = FindingOf("Trojan:EC2/DropPoint", 8);
  finding.sample = true;
  const Plan plan = ProtectedWorld().PlanOf(finding);
  EXPECT_TRUE(plan.matter.sample);
  EXPECT_EQ(ScansOf(plan).size(), 3U);
  EXPECT_THAT(plan.reasons, testing::Contains(HasSubstr("sample finding")));
}

TEST(PlanGuardDuty, SwpsTagsWinOverTheFindingsSnapshot) {
  GuardDutyFinding finding = FindingOf("Trojan:EC2/DropPoint", 8);
  finding.hosts[0].tags = std::vector<Tag>{{"Owner", "old-team@example.com"}};
  World world = ProtectedWorld();
  EXPECT_EQ(world.PlanOf(finding).hosts.at(0).host.tags->at(1).value, "team-web@example.com");
  // SWP's come first, for owners; an exclusion that only the finding has counts too.
  finding.hosts[0].tags->push_back({"sallyport:exclude", "true"});
  const auto both = world.PlanOf(finding).hosts.at(0).host.tags.value();
  EXPECT_EQ(std::count(both.begin(), both.end(), swp::Tag{"sallyport:exclude", "true"}), 1);
  finding.hosts[0].tags->pop_back();
  world.swp.everywhere->tags.reset();
  EXPECT_EQ(world.PlanOf(finding).hosts.at(0).host.tags->at(0).value, "old-team@example.com");
  world.swp.everywhere->tags_unreadable = true;
  EXPECT_FALSE(world.PlanOf(finding).hosts.at(0).host.tags.has_value());
  world.swp.everywhere->tags_unreadable = false;
  finding.hosts[0].tags.reset();
  EXPECT_FALSE(world.PlanOf(finding).hosts.at(0).host.tags.has_value());
}

TEST(GuardDutyWorkflow, OtherNotificationsOfGuardDutyAreOutOfScope) {
  Event event;
  event.source = "aws.guardduty";
  event.detail_type = "GuardDuty Runtime Protection Unhealthy";
  FakeSwpReads swp;
  Sources sources{swp, kGuardDutyNow};
  event.id = "e1";
  const Workflow row = GuardDutyWorkflow().Row();
  const auto matters = row.about(event, {});
  ASSERT_TRUE(matters.ok());
  EXPECT_EQ(matters->at(0).service, "GuardDuty");
  EXPECT_EQ(matters->at(0).subject, "e1");
  const auto plan = row.make_plan(event, matters->at(0), sources, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->decision, Decision::kOutOfScope);
  EXPECT_THAT(plan->reasons, ElementsAre(HasSubstr("not a finding")));
}

}  // namespace
}  // namespace sallyport
