// SPDX-License-Identifier: Apache-2.0
//
// What changes with time: scheduled tasks, scans, assignments, policies on their way.
#include <gmock/gmock.h>

#include "sim/swp_fixture_for_test.h"

namespace sallyport::sim {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kAssignments = "/computers/34/intrusionprevention/assignments";

using Scans = SwpManagerTest;

TEST_F(Scans, ARecommendationScanTakesItsTimeAndThenShowsWhatItFound) {
  const auto before = Get(kAssignments).body;
  EXPECT_EQ(before["recommendedToAssignRuleIDs"].ToText(), "[]");
  const auto task = Post("/scheduledtasks", RecommendationScan(34));
  EXPECT_EQ(task.status, 200);
  EXPECT_TRUE(task.body["runNow"].IsMissing());
  EXPECT_EQ(task.body["lastRunTime"].Int64Or(0), Now());
  EXPECT_EQ(task.body["scheduleDetails"]["timeZone"].StringOr(""), "UTC");

  Advance(seconds(29));
  EXPECT_EQ(Get("/computers/34?expand=tasks").body["tasks"]["agentTasks"].Elements().size(), 1U);
  EXPECT_EQ(Get(kAssignments).body["lastRecommendationScanDate"].Int64Or(1),
            before["lastRecommendationScanDate"].Int64Or(0));

  Advance(seconds(1));
  const auto after = Get(kAssignments).body;
  EXPECT_EQ(after["lastRecommendationScanDate"].Int64Or(0), Now());
  EXPECT_EQ(after["recommendationScanStatus"].StringOr(""), "valid");
  EXPECT_THAT(Ints(after["recommendedToAssignRuleIDs"]), ElementsAre(6745, 6801));
  EXPECT_THAT(Ints(after["recommendedToUnassignRuleIDs"]), ElementsAre(3317));
  EXPECT_EQ(Get("/computers/34?expand=tasks").body["tasks"].ToText(), "{}");
  EXPECT_THAT(Ints(Get("/computers/34/integritymonitoring/assignments").body["recommendedToAssignRuleIDs"]),
              ElementsAre(31));
  EXPECT_THAT(Ints(Get("/computers/34/loginspection/assignments").body["recommendedToAssignRuleIDs"]), ElementsAre(10));
}

TEST_F(Scans, ANeverScannedComputerHasNoDate) {
  const auto never = Get("/computers/40/intrusionprevention/assignments").body;
  EXPECT_EQ(never["recommendationScanStatus"].StringOr(""), "none");
  EXPECT_TRUE(never["lastRecommendationScanDate"].IsMissing());
}

TEST_F(Scans, IntegrityAndMalwareScansMoveTheirDates) {
  Post("/scheduledtasks", ScanNow("scan-for-integrity-changes", "scanForIntegrityChangesTaskParameters", 34));
  Post("/scheduledtasks", ScanNow("scan-for-malware", "scanForMalwareTaskParameters", 34));
  EXPECT_EQ(Get("/computers/34").body["tasks"]["agentTasks"].Elements().size(), 2U);
  Advance(seconds(30));
  const auto computer = Get("/computers/34").body;
  EXPECT_EQ(computer["integrityMonitoring"]["lastIntegrityScan"].Int64Or(0), Now());
  EXPECT_EQ(computer["antiMalware"]["lastScheduledScan"].Int64Or(0), Now());
  EXPECT_LT(computer["antiMalware"]["lastManualScan"].Int64Or(0), Now());
}

TEST_F(Scans, AreSkippedOfflineWithoutAgentAndWithTheModuleOff) {
  for (const int computer : {35, 36}) Post("/scheduledtasks", RecommendationScan(computer));
  Post("/scheduledtasks", ScanNow("scan-for-integrity-changes", "scanForIntegrityChangesTaskParameters", 45));
  const auto offline = Get("/computers/36").body.ToText();
  const auto legacy = Get("/computers/45").body["integrityMonitoring"].ToText();
  Advance(seconds(60));
  EXPECT_EQ(Get("/computers/36").body.ToText(), offline);
  EXPECT_EQ(Get("/computers/45").body["integrityMonitoring"].ToText(), legacy);
  const auto state = Json::Parse(manager_->StateText()).value()["computers"];
  for (const auto computer : {"35", "36"}) {
    EXPECT_EQ(state[computer]["scan-for-recommendations"].ToText(),
              R"({"requested":1,"skipped":1,"running":0,"finished":0})");
  }
  EXPECT_EQ(state["45"]["scan-for-integrity-changes"]["skipped"].Int64Or(0), 1);
}

TEST_F(Scans, RecommendationsAreAppliedWhereThePolicySaysSo) {
  Post("/scheduledtasks", RecommendationScan(48));
  Advance(seconds(30));
  const auto heard = Get("/computers/48/intrusionprevention/assignments").body;
  EXPECT_THAT(Ints(heard["assignedRuleIDs"]), Contains(6745));
  EXPECT_THAT(Ints(heard["recommendedToAssignRuleIDs"]), ElementsAre(6801));  // needs a person
}

TEST_F(Scans, AFilterByPolicyReachesItsSubpolicies) {
  const auto filter = [](const std::string& type) {
    return R"({"name":"p","type":"scan-for-recommendations","enabled":true,"runNow":true,"scheduleDetails":{"recurrenceType":"none"},)"
           R"("scanForRecommendationsTaskParameters":{"computerFilter":{"type":")" +
           type + R"(","policyID":12}}})";
  };
  Post("/scheduledtasks", filter("computers-using-policy"));
  const auto running = [&](const char* computer) {
    return Json::Parse(manager_->StateText())
        .value()["computers"][computer]["scan-for-recommendations"]["running"]
        .Int64Or(0);
  };
  EXPECT_EQ(running("34"), 1);
  EXPECT_EQ(running("48"), 0);
  Post("/scheduledtasks", filter("computers-using-policy-or-subpolicy"));
  EXPECT_EQ(running("48"), 1);
}

using Tasks = SwpManagerTest;

TEST_F(Tasks, ARunOnceTaskIsGoneAfterItsRun) {
  const auto path =
      "/scheduledtasks/" + std::to_string(Post("/scheduledtasks", RecommendationScan(34)).body["ID"].Int64Or(0));
  Advance(seconds(29));
  EXPECT_EQ(Get(path).status, 200);
  Advance(seconds(1));
  EXPECT_EQ(Get(path).status, 404);
  EXPECT_EQ(Ask("DELETE", path).status, 404);
}

TEST_F(Tasks, ARunOnceTaskStaysWhereAutoDeleteIsOff) {
  SwpManagerOptions options;
  options.auto_delete = false;
  Start(options);
  const auto path =
      "/scheduledtasks/" + std::to_string(Post("/scheduledtasks", RecommendationScan(34)).body["ID"].Int64Or(0));
  Advance(seconds(3600));
  EXPECT_EQ(Get(path).status, 200);
  const auto heard = Ask("DELETE", path);
  EXPECT_EQ(heard.status, 200);
  EXPECT_TRUE(heard.body.IsMissing());
  EXPECT_EQ(Get(path).status, 404);
}

TEST_F(Tasks, ATaskThatIsStoredRunsWhenTold) {
  const auto stored =
      Post("/scheduledtasks",
           R"({"name":"s","type":"scan-for-recommendations","enabled":true,"scheduleDetails":)"
           R"({"recurrenceType":"daily","dailyScheduleParameters":{"startTime":0,"frequencyType":"everyday"}},)"
           R"("scanForRecommendationsTaskParameters":{"computerFilter":{"type":"computer","computerID":34}}})");
  ASSERT_EQ(stored.status, 200);
  EXPECT_TRUE(stored.body["lastRunTime"].IsMissing());
  const auto path = "/scheduledtasks/" + std::to_string(stored.body["ID"].Int64Or(0));
  EXPECT_EQ(Post(path, R"({"runNow":true})").body["lastRunTime"].Int64Or(0), Now());
  Advance(seconds(30));
  EXPECT_EQ(Get(kAssignments).body["lastRecommendationScanDate"].Int64Or(0), Now());
  EXPECT_EQ(Get(path).status, 200);
}

TEST_F(Tasks, AOnceOnlyStartTimeInTheFutureIsKept) {
  const auto body =
      R"({"name":"later","type":"scan-for-recommendations","enabled":true,"scheduleDetails":{"recurrenceType":"none",)"
      R"("onceOnlyScheduleParameters":{"startTime":)" +
      std::to_string(Now() + 60'000) +
      R"(}},"scanForRecommendationsTaskParameters":{"computerFilter":{"type":"computer","computerID":34}}})";
  const auto task = Post("/scheduledtasks", body).body;
  EXPECT_EQ(task["nextRunTime"].Int64Or(0), Now() + 60'000);
  const auto due = Now() + 60'000;
  Advance(seconds(200));  // nobody asked in between: the scan ended at its own time
  EXPECT_EQ(Get(kAssignments).body["lastRecommendationScanDate"].Int64Or(0), due + 30'000);
  EXPECT_EQ(Get("/scheduledtasks/" + std::to_string(task["ID"].Int64Or(0))).body["lastRunTime"].Int64Or(0), due);
}

TEST_F(Tasks, AreFoundByName) {
  Post("/scheduledtasks", RecommendationScan(34));
  EXPECT_EQ(Post("/scheduledtasks/search",
                 R"({"searchCriteria":[{"fieldName":"name","stringValue":"t","stringWildcards":false}]})")
                .body["scheduledTasks"]
                .Elements()
                .size(),
            1U);
}

TEST_F(Tasks, AreRefusedWithAReason) {
  const std::pair<std::string, std::string> cases[] = {
      {"{}", "A scheduled task needs a name."},
      {R"({"name":"x"})", "A scheduled task needs a type."},
      {R"({"name":"x","type":"scan-everything"})", "Invalid value `scan-everything` for field `type`."},
      {R"({"name":"x","type":"send-policy"})", "A scheduled task needs a schedule."},
      {R"({"name":"x","type":"send-policy","scheduleDetails":{"recurrenceType":"once"}})",
       "Invalid value `once` for field `recurrenceType`."},
      {R"({"name":"x","type":"send-policy","scheduleDetails":{"recurrenceType":"none"}})",
       "A scheduled task of this type needs a computer filter."},
      {R"({"name":"x","enabled":"true"})", "Invalid value for field `enabled`."},
      {R"({"name":"x","run_now":true})", "Unknown field `run_now`."},
      {RecommendationScan(99), "The computer does not exist."}};
  for (const auto& [body, message] : cases) {
    const auto heard = Post("/scheduledtasks", body);
    EXPECT_EQ(heard.status, 400) << body;
    EXPECT_EQ(heard.body["message"].StringOr(""), message);
  }
  EXPECT_EQ(Get("/scheduledtasks").body.ToText(), R"({"scheduledTasks":[]})");
}

using Assignments = SwpManagerTest;

TEST_F(Assignments, AddingBringsDependenciesAndRepeatsHarmlessly) {
  const std::string path = "/computers/40/intrusionprevention/assignments?overrides=true";
  EXPECT_THAT(Ints(Post(path, R"({"ruleIDs":[6348]})").body["assignedRuleIDs"]), ElementsAre(108, 6348));
  const auto state = manager_->StateText();
  EXPECT_THAT(Ints(Post(path, R"({"ruleIDs":[6348]})").body["assignedRuleIDs"]), ElementsAre(108, 6348));
  EXPECT_EQ(manager_->StateText(), state);  // nothing changed, nothing is noted
}

TEST_F(Assignments, OnlyLocalOnesCanBeRemovedAndSet) {
  EXPECT_EQ(Post(kAssignments, R"({"ruleIDs":[7001]})").status, 200);
  EXPECT_THAT(Ints(Get(std::string(kAssignments) + "?overrides=true").body["assignedRuleIDs"]), ElementsAre(7001));
  const auto inherited = Ask("DELETE", std::string(kAssignments) + "/3317");
  EXPECT_EQ(inherited.status, 200);
  EXPECT_THAT(Ints(inherited.body["assignedRuleIDs"]), Contains(3317));
  EXPECT_THAT(Ints(Ask("DELETE", std::string(kAssignments) + "/7001").body["assignedRuleIDs"]), Not(Contains(7001)));
  EXPECT_THAT(Ints(Ask("PUT", kAssignments, R"({"ruleIDs":[6801]})").body["assignedRuleIDs"]),
              ElementsAre(108, 2874, 3317, 6348, 6801));
  EXPECT_THAT(
      Ints(Ask("PUT", std::string(kAssignments) + "?overrides=true", R"({"ruleIDs":[]})").body["assignedRuleIDs"]),
      IsEmpty());
}

TEST_F(Assignments, ARuleThatAnotherNeedsStays) {
  const std::string path = "/computers/40/intrusionprevention/assignments";
  Ask("PUT", path, R"({"ruleIDs":[6348]})");
  const auto heard = Ask("DELETE", path + "/108");
  EXPECT_EQ(heard.status, 403);
  EXPECT_EQ(heard.body["message"].StringOr(""), "The rule is required by another assigned rule.");
}

TEST_F(Assignments, OfAPolicyReachItsComputers) {
  Post("/policies/1/loginspection/assignments", R"({"ruleIDs":[12]})");
  EXPECT_THAT(Ints(Get("/computers/34").body["logInspection"]["ruleIDs"]), ElementsAre(9, 12));
  EXPECT_THAT(Ints(Get("/policies/14/loginspection/assignments").body["assignedRuleIDs"]), ElementsAre(9, 12));
}

TEST_F(Assignments, OfTheFirewallHaveNoRecommendations) {
  EXPECT_EQ(Post("/computers/34/firewall/assignments", R"({"ruleIDs":[1]})").body.ToText(),
            R"({"assignedRuleIDs":[1]})");
}

TEST_F(Assignments, AreRefusedWithAReason) {
  EXPECT_EQ(Post(kAssignments, R"({"ruleIDs":[1]})").body["message"].StringOr(""),
            "The intrusion prevention rule does not exist.");
  EXPECT_EQ(Post(kAssignments, R"({"ruleIDs":[1]})").status, 404);
  EXPECT_EQ(Post(kAssignments, R"({"rule_ids":[6745]})").body["message"].StringOr(""), "Unknown field `rule_ids`.");
  EXPECT_EQ(Post(kAssignments, "{}").body["message"].StringOr(""), "The field `ruleIDs` is missing.");
  EXPECT_EQ(Post("/computers/99/intrusionprevention/assignments", R"({"ruleIDs":[]})").status, 404);
  EXPECT_EQ(Ask("DELETE", std::string(kAssignments) + "/99").status, 404);
  EXPECT_EQ(Get("/computers/34/antimalware/assignments").status, 404);
}

TEST_F(Assignments, TheRulesBehindThemCanBeRead) {
  EXPECT_THAT(Ids(Get("/computers/34/intrusionprevention/rules").body["intrusionPreventionRules"]),
              ElementsAre(108, 2874, 3317, 6348));
  EXPECT_EQ(Get("/computers/34/intrusionprevention/rules/6349").body["detectOnly"].BoolOr(false), true);
}

using SendPolicy = SwpManagerTest;

TEST_F(SendPolicy, HappensByItselfWhereThePolicyIsOn) {
  Post(kAssignments, R"({"ruleIDs":[6745]})");
  const auto requested = Get("/computers/34").body;
  EXPECT_EQ(requested["lastSendPolicyRequest"].Int64Or(0), Now());
  EXPECT_LT(requested["lastSendPolicySuccess"].Int64Or(0), Now());
  Advance(seconds(10));
  EXPECT_EQ(Get("/computers/34").body["lastSendPolicySuccess"].Int64Or(0), Now());
}

TEST_F(SendPolicy, WaitsForATaskWhereItIsOff) {
  Post("/computers/40/intrusionprevention/assignments", R"({"ruleIDs":[6348]})");
  EXPECT_EQ(Get("/computers/40").body["lastSendPolicyRequest"].Int64Or(0), Now());
  Advance(seconds(600));
  EXPECT_LT(Get("/computers/40").body["lastSendPolicySuccess"].Int64Or(0), Now() - 600'000);
  Post("/scheduledtasks", ScanNow("send-policy", "sendPolicyTaskParameters", 40));
  Advance(seconds(10));
  EXPECT_EQ(Get("/computers/40").body["lastSendPolicySuccess"].Int64Or(0), Now());
}

TEST_F(SendPolicy, NeverReachesAnOfflineComputer) {
  const auto before = Get("/computers/36").body["lastSendPolicySuccess"].Int64Or(0);
  Post("/computers/36/intrusionprevention/assignments", R"({"ruleIDs":[6745]})");
  EXPECT_EQ(Get("/computers/36").body["lastSendPolicyRequest"].Int64Or(0), Now());
  Advance(seconds(3600));
  EXPECT_EQ(Get("/computers/36").body["lastSendPolicySuccess"].Int64Or(0), before);
}

using Heartbeats = SwpManagerTest;

TEST_F(Heartbeats, MoveOnlyOnlineAgents) {
  Get("/computers/34");
  Advance(seconds(600));
  EXPECT_EQ(Get("/computers/34").body["lastAgentCommunication"].Int64Or(0), Now());
  EXPECT_LT(Get("/computers/36").body["lastAgentCommunication"].Int64Or(0), Now() - 86'400'000);
}

}  // namespace
}  // namespace sallyport::sim
