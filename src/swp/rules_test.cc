// SPDX-License-Identifier: Apache-2.0
#include "swp/rules.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sallyport::swp {
namespace {

Json RuleJson(std::string_view text) {
  Result<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? *json : Json();
}

TEST(RuleModule, HasItsNames) {
  EXPECT_EQ(PathName(RuleModule::kIntrusionPrevention), "intrusionprevention");
  EXPECT_EQ(RuleListKey(RuleModule::kIntrusionPrevention), "intrusionPreventionRules");
  EXPECT_EQ(DisplayName(RuleModule::kIntrusionPrevention), "Intrusion Prevention");
  EXPECT_EQ(PathName(RuleModule::kIntegrityMonitoring), "integritymonitoring");
  EXPECT_EQ(RuleListKey(RuleModule::kIntegrityMonitoring), "integrityMonitoringRules");
  EXPECT_EQ(DisplayName(RuleModule::kIntegrityMonitoring), "Integrity Monitoring");
  EXPECT_EQ(PathName(RuleModule::kLogInspection), "loginspection");
  EXPECT_EQ(RuleListKey(RuleModule::kLogInspection), "logInspectionRules");
  EXPECT_EQ(DisplayName(RuleModule::kLogInspection), "Log Inspection");
}

TEST(ReadRule, ReadsItsFields) {
  const auto rule = ReadRule(RuleJson(R"({"ID":6348,"identifier":"1099001","name":"lookup","type":"vulnerability",
      "recommendationsMode":"enabled","severity":"critical","detectOnly":true,
      "CVE":["CVE-2021-44228","CVE-2021-45046"],"applicationTypeID":81,"dependsOnRuleIDs":[108,109]})"));
  ASSERT_TRUE(rule.ok());
  EXPECT_EQ(*rule, (Rule{RuleId{6348},
                         "1099001",
                         "lookup",
                         "vulnerability",
                         "enabled",
                         "critical",
                         true,
                         {"CVE-2021-44228", "CVE-2021-45046"},
                         81,
                         {{108}, {109}}}));
}

TEST(ReadRule, TakesAbsentAndNullAlike) {
  const Rule bare{RuleId{1}, "", "", "", "", "", false, {}, std::nullopt, {}};
  EXPECT_EQ(*ReadRule(RuleJson(R"({"ID":1})")), bare);
  EXPECT_EQ(*ReadRule(RuleJson(R"({"ID":1,"identifier":null,"name":null,"type":null,"recommendationsMode":null,
      "severity":null,"detectOnly":null,"CVE":null,"applicationTypeID":null,"dependsOnRuleIDs":null})")),
            bare);
}

TEST(ReadRule, TakesASingleCve) {
  EXPECT_EQ(ReadRule(RuleJson(R"({"ID":1,"CVE":"CVE-2021-44228"})"))->cves,
            (std::vector<std::string>{"CVE-2021-44228"}));
}

TEST(ReadRule, InsistsOnItsId) {
  EXPECT_EQ(ReadRule(RuleJson(R"({"ID":0})")).error(), (Error{ErrorCode::kBadAnswer, "ID: 0 is not an object id", ""}));
}

TEST(ReadRules, EachModuleHasItsOwnList) {
  for (const RuleModule module : kRuleModules) {
    const std::string answer = "{\"" + std::string(RuleListKey(module)) + R"(":[{"ID":5}]})";
    for (const RuleModule asked : kRuleModules) EXPECT_EQ(ReadRules(RuleJson(answer), asked).ok(), asked == module);
  }
  EXPECT_EQ(ReadRules(RuleJson("{}"), RuleModule::kLogInspection).error().message,
            "expected an object with the list `logInspectionRules`, found an object without it");
}

TEST(ReadApplicationTypes, ReadsThem) {
  const auto types = ReadApplicationTypes(RuleJson(
      R"({"applicationTypes":[{"ID":81,"name":"Web Server Common","direction":"incoming","protocol":"tcp"},{"ID":82}]})"));
  ASSERT_TRUE(types.ok());
  EXPECT_EQ(*types, (std::vector<ApplicationType>{{81, "Web Server Common", "incoming", "tcp"}, {82, "", "", ""}}));
  EXPECT_EQ(ReadApplicationTypes(RuleJson("[]")).error().message,
            "expected an object with the list `applicationTypes`, found an array");
  EXPECT_EQ(ReadApplicationTypes(RuleJson(R"({"applicationTypes":[{"name":"x"}]})")).error().message,
            "applicationTypes[0].ID: expected a whole number, found nothing");
}

TEST(ReadAssignments, ReadsItsFields) {
  const auto assignments = ReadAssignments(RuleJson(R"({"assignedRuleIDs":[108,2874],"recommendationScanStatus":"valid",
      "lastRecommendationScanDate":1763996400000,"recommendedToAssignRuleIDs":[6745],
      "recommendedToUnassignRuleIDs":[3317]})"));
  ASSERT_TRUE(assignments.ok());
  EXPECT_EQ(*assignments,
            (Assignments{{{108}, {2874}}, "valid", FromEpochMilliseconds(1763996400000), {{6745}}, {{3317}}}));
}

TEST(ReadAssignments, TakesTheScanDateAsAQuotedNumberToo) {
  const auto read = [](const std::string& value) {
    return ReadAssignments(RuleJson(R"({"assignedRuleIDs":[],"lastRecommendationScanDate":)" + value + "}"));
  };
  EXPECT_EQ(read("\"1763996400000\"")->last_scan, FromEpochMilliseconds(1763996400000));
  for (const char* none : {"0", "null", "\"\""}) EXPECT_EQ(read(none)->last_scan, std::nullopt) << none;
  for (const char* damaged : {"\"yesterday\"", "-5", "[]", "true", "1763996400", "1763996400000000"}) {
    const auto assignments = read(damaged);
    ASSERT_FALSE(assignments.ok()) << damaged;
    EXPECT_TRUE(assignments.error().message.starts_with(
        "rule assignments: lastRecommendationScanDate: expected a time in milliseconds, found "))
        << assignments.error().message;
  }
}

TEST(ReadAssignments, RecommendationsMayBeMissingAndUnknownWordsAreKept) {
  EXPECT_EQ(*ReadAssignments(RuleJson(R"({"assignedRuleIDs":[]})")), Assignments{});
  EXPECT_EQ(
      ReadAssignments(RuleJson(R"({"assignedRuleIDs":[],"recommendationScanStatus":"in-progress"})"))->scan_status,
      "in-progress");
}

// A list of which one element cannot be read is not a shorter list: what is missing would be assigned again, or be
// taken for removed.
TEST(ReadAssignments, ADamagedOneIsAnError) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "expected rule assignments with the list `assignedRuleIDs`, found an array"},
      {"null", "expected rule assignments with the list `assignedRuleIDs`, found null"},
      {"{}", "expected rule assignments with the list `assignedRuleIDs`, found an object without it"},
      {R"({"assignedRuleIDs":null})",
       "expected rule assignments with the list `assignedRuleIDs`, found an object without it"},
      {R"({"assignedRuleIDs":[1,"x"]})",
       "rule assignments: assignedRuleIDs: expected an id in the list, found a string"},
      {R"({"assignedRuleIDs":[0]})", "rule assignments: assignedRuleIDs: expected an id in the list, found 0"},
      {R"({"assignedRuleIDs":[],"recommendedToAssignRuleIDs":7})",
       "rule assignments: recommendedToAssignRuleIDs: expected a list of ids, found 7"},
      {R"({"assignedRuleIDs":[],"recommendedToUnassignRuleIDs":[null]})",
       "rule assignments: recommendedToUnassignRuleIDs: expected an id in the list, found null"},
      {R"({"assignedRuleIDs":[],"recommendationScanStatus":["valid"]})",
       "rule assignments: recommendationScanStatus: expected a string, found an array"},
  };
  for (const auto& [text, message] : cases) {
    const auto assignments = ReadAssignments(RuleJson(text));
    ASSERT_FALSE(assignments.ok()) << text;
    EXPECT_EQ(assignments.error(), (Error{ErrorCode::kBadAnswer, message, ""})) << text;
  }
}

TEST(AssignmentsBody, ListsTheRules) {
  EXPECT_EQ(AssignmentsBody({{108}, {2874}}), R"({"ruleIDs":[108,2874]})");
  EXPECT_EQ(AssignmentsBody({}), R"({"ruleIDs":[]})");
}

TEST(ReadPolicy, ReadsItsFields) {
  const auto policy = ReadPolicy(RuleJson(R"({"ID":12,"parentID":1,"name":"Linux Web Server",
      "recommendationScanMode":"ongoing","autoRequiresUpdate":"on","intrusionPrevention":{"state":"prevent",
      "ruleIDs":[108]},"logInspection":{"state":"off"},
      "policySettings":{"platformSettingHeartbeatInterval":{"value":"10 Minutes"}}})"));
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(policy->id, PolicyId{12});
  EXPECT_EQ(policy->parent, PolicyId{1});
  EXPECT_EQ(policy->name, "Linux Web Server");
  EXPECT_EQ(policy->recommendation_scan_mode, "ongoing");
  EXPECT_TRUE(policy->sends_updates_itself);
  EXPECT_EQ(policy->module_states, (std::map<Module, std::string>{{Module::kIntrusionPrevention, "prevent"},
                                                                  {Module::kLogInspection, "off"}}));
  EXPECT_EQ(policy->rules.at(Module::kIntrusionPrevention), (std::vector<RuleId>{{108}}));
  EXPECT_TRUE(policy->rules.at(Module::kLogInspection).empty());
  EXPECT_EQ(policy->settings, (std::map<std::string, std::string>{{"platformSettingHeartbeatInterval", "10 Minutes"}}));
}

TEST(ReadPolicy, TakesAbsentNullAndZeroAlike) {
  const Policy bare = *ReadPolicy(RuleJson(R"({"ID":12})"));
  EXPECT_FALSE(bare.parent);
  EXPECT_FALSE(bare.sends_updates_itself);
  EXPECT_TRUE(bare.module_states.empty());
  EXPECT_EQ(*ReadPolicy(RuleJson(R"({"ID":12,"parentID":0,"name":null,"recommendationScanMode":null,
      "autoRequiresUpdate":null,"intrusionPrevention":null,"policySettings":null})")),
            bare);
  EXPECT_FALSE(ReadPolicy(RuleJson(R"({"ID":12,"autoRequiresUpdate":"off"})"))->sends_updates_itself);
}

// What a policy does by itself decides whether rules are assigned: none of it may read as "off".
TEST(ReadPolicy, ADamagedOneIsAnError) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("parentID":"x")", "policy 12: parentID: expected an id, found a string"},
      {R"("parentID":-1)", "policy 12: parentID: expected an id, found -1"},
      {R"("recommendationScanMode":[])", "policy 12: recommendationScanMode: expected a string, found an array"},
      {R"("autoRequiresUpdate":true)", "policy 12: autoRequiresUpdate: expected a string, found true or false"},
      {R"("intrusionPrevention":"prevent")", "policy 12: intrusionPrevention: expected an object, found a string"},
      {R"("intrusionPrevention":{"state":1})", "policy 12: intrusionPrevention.state: expected a string, found 1"},
      {R"("logInspection":{"ruleIDs":[9,{}]})",
       "policy 12: logInspection.ruleIDs: expected an id in the list, found an object"},
      {R"("policySettings":[])", "policy 12: policySettings: expected an object, found an array"},
      {R"("policySettings":{"logInspectionSettingAutoApplyRecommendationsEnabled":"Yes"})",
       "policy 12: policySettings.logInspectionSettingAutoApplyRecommendationsEnabled: expected an object, found a "
       "string"},
      {R"("policySettings":{"logInspectionSettingAutoApplyRecommendationsEnabled":{"value":true}})",
       "policy 12: policySettings.logInspectionSettingAutoApplyRecommendationsEnabled.value: expected a string, found "
       "true or false"},
  };
  for (const auto& [members, message] : cases) {
    const auto policy = ReadPolicy(RuleJson(R"({"ID":12,)" + std::string(members) + "}"));
    ASSERT_FALSE(policy.ok()) << members;
    EXPECT_EQ(policy.error(), (Error{ErrorCode::kBadAnswer, message, ""}));
  }
  // The other some 220 settings decide nothing.
  EXPECT_TRUE(ReadPolicy(RuleJson(R"({"ID":12,"name":1,"policySettings":{"a":{"value":1},"b":"c","d":null}})")).ok());
}

TEST(ReadRule, ADamagedOneIsAnError) {
  for (const char* members : {R"("type":1)", R"("recommendationsMode":true)", R"("detectOnly":"no")", R"("CVE":[7])",
                              R"("CVE":{})", R"("applicationTypeID":"x")", R"("dependsOnRuleIDs":[1,-2])"}) {
    const auto rule = ReadRule(RuleJson(R"({"ID":5,)" + std::string(members) + "}"));
    ASSERT_FALSE(rule.ok()) << members;
    EXPECT_EQ(rule.error().code, ErrorCode::kBadAnswer);
    EXPECT_TRUE(rule.error().message.starts_with("rule 5: ")) << rule.error().message;
  }
}

TEST(ReadPolicy, InsistsOnItsId) {
  EXPECT_EQ(ReadPolicy(RuleJson("{}")).error().message, "ID: expected a whole number, found nothing");
  EXPECT_EQ(ReadPolicies(RuleJson(R"({"policies":[{"ID":1}]})"))->size(), 1U);
  EXPECT_EQ(ReadPolicies(RuleJson("{}")).error().message,
            "expected an object with the list `policies`, found an object without it");
}

bool AppliesItself(const char* setting, const char* value, RuleModule module) {
  Policy policy;
  policy.settings = {{setting, value}};
  return policy.AppliesRecommendationsItself(module);
}

TEST(Policy, AppliesRecommendationsItselfWhenItsSettingSaysYesInAnyCase) {
  const std::pair<RuleModule, const char*> settings[] = {
      {RuleModule::kIntrusionPrevention, "intrusionPreventionSettingAutoApplyRecommendationsEnabled"},
      {RuleModule::kIntegrityMonitoring, "integrityMonitoringSettingAutoApplyRecommendationsEnabled"},
      {RuleModule::kLogInspection, "logInspectionSettingAutoApplyRecommendationsEnabled"}};
  for (const auto& [module, name] : settings) {
    for (const char* yes : {"Yes", "yes", "YES"}) {
      for (const RuleModule asked : kRuleModules) EXPECT_EQ(AppliesItself(name, yes, asked), asked == module) << name;
    }
    for (const char* no : {"No", "no", "", "yes please"}) {
      EXPECT_FALSE(AppliesItself(name, no, module)) << no;
    }
    EXPECT_FALSE(Policy{}.AppliesRecommendationsItself(module));
  }
}

TEST(ReadApiKey, ReadsItsFields) {
  const auto key =
      ReadApiKey(RuleJson(R"({"ID":11,"keyName":"responder","roleID":7,"active":false,"expiryDate":1772640000000})"));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(*key, (ApiKey{"responder", 7, false, FromEpochMilliseconds(1772640000000)}));
  for (const char* damaged : {R"({"active":"yes"})", R"({"roleID":[]})", R"({"expiryDate":1772640000})"}) {
    EXPECT_FALSE(ReadApiKey(RuleJson(damaged)).ok()) << damaged;
  }
  EXPECT_EQ(*ReadApiKey(RuleJson("{}")), (ApiKey{"", std::nullopt, true, std::nullopt}));
  EXPECT_EQ(ReadApiKey(RuleJson("7")).error().message, "expected an API key, found a number");
}

Json RuleExample(const std::string& name) {
  std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return RuleJson(text.str());
}

TEST(RuleExamples, AreReadAsTheContractMeansThem) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  EXPECT_EQ(ReadRule(RuleExample("ips-rule.json"))->cves.size(), 2U);
  EXPECT_EQ(ReadRule(RuleExample("ips-rule-smart.json"))->type, "smart");
  EXPECT_FALSE(ReadRules(RuleExample("ips-rules-search-response.json"), RuleModule::kIntrusionPrevention)->empty());
  EXPECT_TRUE(ReadRules(RuleExample("ips-rules-empty.json"), RuleModule::kIntrusionPrevention)->empty());
  EXPECT_GT(ReadApplicationTypes(RuleExample("application-types-list.json"))->size(), 1U);
  EXPECT_EQ(AssignmentsBody(ReadPolicy(RuleExample("policy.json"))->rules.at(Module::kLogInspection)),
            R"({"ruleIDs":[9]})");
}

TEST(RuleExamples, AssignmentsPoliciesAndKeysAreRead) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  const auto assignments = ReadAssignments(RuleExample("ips-assignments-response.json"));
  EXPECT_EQ(*assignments,
            (Assignments{
                {{108}, {2874}, {3317}, {6348}}, "valid", FromEpochMilliseconds(1763996400000), {{6745}}, {{3317}}}));
  const auto never = ReadAssignments(RuleExample("ips-assignments-no-scan-response.json"));
  EXPECT_EQ(never->scan_status, "none");
  EXPECT_EQ(never->last_scan, std::nullopt);
  EXPECT_TRUE(ReadAssignments(RuleExample("integrity-assignments-response.json"))->last_scan);
  EXPECT_TRUE(ReadAssignments(RuleExample("loginspection-assignments-response.json")).ok());
  const auto policy = ReadPolicy(RuleExample("policy.json"));
  EXPECT_TRUE(policy->AppliesRecommendationsItself(RuleModule::kIntrusionPrevention));
  EXPECT_FALSE(policy->AppliesRecommendationsItself(RuleModule::kLogInspection));
  EXPECT_FALSE(ReadPolicies(RuleExample("policies-list.json"))->empty());
  EXPECT_EQ(ReadApiKey(RuleExample("apikey-current.json"))->role, 7);
}

}  // namespace
}  // namespace sallyport::swp
