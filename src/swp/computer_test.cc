// SPDX-License-Identifier: Apache-2.0
#include "swp/computer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/bounds.h"

namespace sallyport::swp {
namespace {

Json ComputerJson(std::string_view text) {
  Result<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error().message) << "\n" << text;
  return json.ok() ? *json : Json();
}

// A computer with ID 34 and these further members.
Computer Read(const std::string& members) {
  Result<Computer> computer = ReadComputer(ComputerJson(R"({"ID":34)" + (members.empty() ? "" : "," + members) + "}"));
  EXPECT_TRUE(computer.ok()) << members;
  return computer.ok() ? *computer : Computer{};
}

TEST(ReadComputer, ReadsTheSimpleFields) {
  const Computer computer = Read(R"("hostName":"ip-10-0-4-21.ec2.internal","displayName":"web-01",
      "platform":"Amazon Linux 2","policyID":12,"agentFingerPrint":"14:F3:B3","applianceFingerPrint":"AA:BB",
      "agentVersion":"20.0.1","lastAgentCommunication":1763999880000,"lastSendPolicySuccess":1763992810000)");
  EXPECT_EQ(computer.id, ComputerId{34});
  EXPECT_EQ(computer.host_name, "ip-10-0-4-21.ec2.internal");
  EXPECT_EQ(computer.display_name, "web-01");
  EXPECT_EQ(computer.platform, "Amazon Linux 2");
  EXPECT_EQ(computer.policy, PolicyId{12});
  EXPECT_EQ(computer.agent_fingerprint, "14:F3:B3");
  EXPECT_EQ(computer.appliance_fingerprint, "AA:BB");
  EXPECT_EQ(computer.agent_version, "20.0.1");
  EXPECT_EQ(computer.last_agent_communication, FromEpochMilliseconds(1763999880000));
  EXPECT_EQ(computer.last_send_policy_success, FromEpochMilliseconds(1763992810000));
}

TEST(ReadComputer, ReadsStatusAndTasks) {
  const Computer computer = Read(R"("computerStatus":{"agentStatus":"error","agentStatusMessages":["Offline","x"]},
                                    "tasks":{"agentTasks":["Scan for Recommendations in Progress"]})");
  EXPECT_TRUE(computer.has_status);
  EXPECT_EQ(computer.agent_status, (AgentStatusValue{AgentStatus::kError, "error"}));
  EXPECT_EQ(computer.status_messages, (std::vector<std::string>{"Offline", "x"}));
  EXPECT_EQ(computer.agent_tasks, (std::vector<std::string>{"Scan for Recommendations in Progress"}));
}

TEST(ReadComputer, KnowsEveryStatusWordAndKeepsTheTextOfOthers) {
  const std::pair<const char*, AgentStatus> cases[] = {
      {"active", AgentStatus::kActive},    {"warning", AgentStatus::kWarning},
      {"error", AgentStatus::kError},      {"inactive", AgentStatus::kInactive},
      {"Active", AgentStatus::kUnknown},   {"not-supported", AgentStatus::kNotSupported},
      {"isolated", AgentStatus::kUnknown},
  };
  for (const auto& [word, status] : cases) {
    const Computer computer = Read(R"("computerStatus":{"agentStatus":")" + std::string(word) + "\"}");
    EXPECT_EQ(computer.agent_status, (AgentStatusValue{status, word}));
    EXPECT_TRUE(computer.has_status) << word;
  }
}

TEST(ReadComputer, TakesAbsentNullZeroAndEmptyAlike) {
  const Computer absent = Read("");
  EXPECT_FALSE(absent.policy);
  EXPECT_FALSE(absent.last_agent_communication);
  EXPECT_FALSE(absent.has_status);
  EXPECT_FALSE(absent.tags);
  EXPECT_EQ(absent.instance_source, InstanceSource::kNone);
  EXPECT_TRUE(absent.modules.empty());
  EXPECT_EQ(Read(R"("hostName":null,"displayName":null,"platform":null,"policyID":null,"agentFingerPrint":null,
      "applianceFingerPrint":null,"agentVersion":null,"lastAgentCommunication":null,"lastSendPolicySuccess":null,
      "computerStatus":null,"tasks":null,"antiMalware":null,"intrusionPrevention":null,
      "ec2VirtualMachineSummary":null,"noConnectorVirtualMachineSummary":null)"),
            absent);
  EXPECT_EQ(Read(R"("hostName":"","platform":"","policyID":0,"agentFingerPrint":"","lastAgentCommunication":0,
      "lastSendPolicySuccess":0,"computerStatus":{},"tasks":{},"ec2VirtualMachineSummary":{},
      "noConnectorVirtualMachineSummary":{})"),
            absent);
  EXPECT_EQ(Read(R"("computerStatus":{"agentStatus":null,"agentStatusMessages":[]},"tasks":{"agentTasks":[]},
      "ec2VirtualMachineSummary":{"instanceID":null},"noConnectorVirtualMachineSummary":{"instanceID":null})"),
            absent);
  EXPECT_EQ(Read(R"("computerStatus":{"agentStatus":"","agentStatusMessages":null},"tasks":{"agentTasks":null},
      "ec2VirtualMachineSummary":{"instanceID":""},"noConnectorVirtualMachineSummary":{"instanceID":""})"),
            absent);
}

TEST(ReadComputer, FailsOnlyForItsId) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "ID: expected a whole number, found nothing"},
      {R"({"ID":null})", "ID: expected a whole number, found null"},
      {R"({"ID":"x"})", "ID: expected a whole number, found a string"},
      {R"({"ID":1.5})", "ID: expected a whole number, found a number"},
      {R"({"ID":0})", "ID: 0 is not an object id"},
      {R"({"ID":-1})", "ID: -1 is not an object id"},
      {R"({"ID":2147483648})", "ID: 2147483648 is not an object id"},
      {"[]", "ID: expected a whole number, found nothing"},
  };
  for (const auto& [text, message] : cases) {
    const auto computer = ReadComputer(ComputerJson(text));
    ASSERT_FALSE(computer.ok()) << text;
    EXPECT_EQ(computer.error().code, ErrorCode::kBadAnswer);
    EXPECT_EQ(computer.error().message, message);
  }
  EXPECT_EQ(ReadComputer(ComputerJson(R"({"ID":2147483647})"))->id, ComputerId{2147483647});
}

// "a.b", "7" -> "a":{"b":7}
std::string Nested(std::string_view path, std::string_view value) {
  std::string out;
  std::string end;
  while (true) {
    const std::size_t dot = path.find('.');
    out.append("\"").append(path.substr(0, dot)).append("\":");
    if (dot == std::string_view::npos) return out.append(value).append(end);
    path.remove_prefix(dot + 1);
    out += '{';
    end += '}';
  }
}

// What tells whose record it is and whether it has an agent: none of it may read as absent.
TEST(ReadComputer, RefusesAnIdentityThatIsNoText) {
  const std::pair<const char*, const char*> cases[] = {
      {"agentFingerPrint", "7"},
      {"agentFingerPrint", "[]"},
      {"applianceFingerPrint", "{}"},
      {"ec2VirtualMachineSummary", "[]"},
      {"ec2VirtualMachineSummary", "\"x\""},
      {"ec2VirtualMachineSummary.instanceID", "7"},
      {"noConnectorVirtualMachineSummary", "true"},
      {"noConnectorVirtualMachineSummary.instanceID", "{}"},
  };
  for (const auto& [field, value] : cases) {
    const auto computer = ReadComputer(ComputerJson(R"({"ID":34,)" + Nested(field, value) + "}"));
    ASSERT_FALSE(computer.ok()) << field;
    EXPECT_EQ(computer.error().code, ErrorCode::kBadAnswer);
    EXPECT_TRUE(computer.error().message.starts_with("computer 34: " + std::string(field) + ": expected "))
        << computer.error().message;
  }
  const auto computer = ReadComputer(ComputerJson(R"({"ID":34,"agentFingerPrint":7})"));
  EXPECT_EQ(computer.error().message, "computer 34: agentFingerPrint: expected a string, found 7");
  EXPECT_FALSE(
      ReadComputer(
          ComputerJson(R"({"ID":34,"ec2VirtualMachineSummary":{"instanceID":"i-0123456789abcdef0","accountID":7}})"))
          .ok());
}

// Every other field that decides something, with every type of JSON value: the record is read, and what the field does
// not say is noted and not taken for none.
TEST(ReadComputer, NotesWhatIsDamagedInEveryField) {
  struct Field {
    const char* path;
    const char* good;  // one value that can be read
  };
  const Field fields[] = {
      {"policyID", "7"},
      {"lastAgentCommunication", "1763999880000"},
      {"lastSendPolicySuccess", "1763999880000"},
      {"computerStatus", "{}"},
      {"computerStatus.agentStatus", "\"t\""},
      {"tasks", "{}"},
      {"tasks.agentTasks", "[\"t\"]"},
      {"antiMalware", "{}"},
      {"antiMalware.state", "\"t\""},
      {"antiMalware.moduleStatus", "{}"},
      {"antiMalware.moduleStatus.agentStatus", "\"t\""},
      {"antiMalware.ruleIDs", "[7]"},
      {"antiMalware.realTimeScanConfigurationID", "7"},
      {"antiMalware.scheduledScanConfigurationID", "7"},
      {"antiMalware.lastManualScan", "1763999880000"},
      {"antiMalware.lastScheduledScan", "1763999880000"},
      {"integrityMonitoring.ruleIDs", "[7,8]"},
      {"integrityMonitoring.lastIntegrityScan", "1763999880000"},
      {"integrityMonitoring.lastBaselineCreated", "1763999880000"},
  };
  const char* const values[] = {"true",   "-7",   "1.5", "1e300",     "18446744073709551615", "\"t t\"", "[]",
                                "[null]", "[{}]", "{}",  "{\"a\":1}", "9223372036854775807"};
  const auto noted = [](const Computer& computer) {
    std::vector<std::string> all = computer.damaged;
    for (const ModuleState& module : computer.modules) {
      for (const std::string& one : module.damaged) all.push_back(std::string(ApiName(module.module)) + "." + one);
    }
    return all;
  };
  for (const Field& field : fields) {
    EXPECT_TRUE(noted(Read(Nested(field.path, field.good))).empty()) << field.path;
    EXPECT_TRUE(noted(Read(Nested(field.path, "null"))).empty()) << field.path;
    for (const char* value : values) {
      const std::string json = Nested(field.path, value);
      const Computer computer = Read(json);
      EXPECT_EQ(computer.id, ComputerId{34}) << json;
      // A value of the field's own type says something, the words of a status for example.
      const auto type = [](const std::string& text) {
        return text.front() == '-' || (text.front() >= '0' && text.front() <= '9') ? '0' : text.front();
      };
      const bool own_type = type(value) == type(field.good) && type(value) != '0' &&
                            std::string_view(value) != "[null]" && std::string_view(value) != "[{}]";
      EXPECT_EQ(noted(computer).empty(), own_type) << json;
    }
  }
}

// What is for people only is shown or not.
TEST(ReadComputer, WhatDecidesNothingMayBeAnything) {
  for (const char* field : {"hostName", "displayName", "platform", "agentVersion", "computerStatus.agentStatusMessages",
                            "antiMalware.moduleStatus.agentStatusMessage", "ec2VirtualMachineSummary.availabilityZone",
                            "ec2VirtualMachineSummary.state", "ec2VirtualMachineSummary.metadata",
                            "noConnectorVirtualMachineSummary.region"}) {
    for (const char* value : {"true", "7", "\"t\"", "[]", "[null,1]", "{}"}) {
      EXPECT_TRUE(Read(Nested(field, value)).damaged.empty()) << field << value;
    }
  }
}

TEST(ReadComputer, AStatusOfTheWrongTypeIsNoStatus) {
  const Computer computer = Read(R"("computerStatus":{"agentStatus":1})");
  EXPECT_FALSE(computer.has_status);
  ASSERT_NE(computer.Damage("computerStatus"), nullptr);
  EXPECT_EQ(*computer.Damage("computerStatus"), "computerStatus.agentStatus: expected a string, found 1");
  EXPECT_EQ(computer.Damage("computer"), nullptr);
  EXPECT_EQ(computer.agent_status, AgentStatusValue{});
}

TEST(ReadComputer, ReadsEveryModuleByItsApiName) {
  for (const Module module : kAllModules) {
    const Computer computer = Read("\"" + std::string(ApiName(module)) +
                                   R"(":{"state":"on","moduleStatus":{"agentStatus":"active","agentStatusMessage":"On"},
                                      "ruleIDs":[108,2874]})");
    ASSERT_EQ(computer.modules.size(), 1U) << ApiName(module);
    const ModuleState* state = computer.Find(module);
    ASSERT_NE(state, nullptr) << ApiName(module);
    EXPECT_EQ(state->module, module);
    EXPECT_EQ(state->state, "on");
    EXPECT_EQ(state->status, (AgentStatusValue{AgentStatus::kActive, "active"}));
    EXPECT_EQ(state->message, "On");
    EXPECT_EQ(state->rules, (std::vector<RuleId>{{108}, {2874}}));
    EXPECT_EQ(ModuleFromApiName(ApiName(module)), module);
  }
  EXPECT_EQ(ModuleFromApiName("SAP"), std::nullopt);
  EXPECT_EQ(DisplayName(Module::kIntrusionPrevention), "Intrusion Prevention");
  EXPECT_EQ(Read(R"("firewall":{"state":"on"})").Find(Module::kAntiMalware), nullptr);
}

TEST(ReadComputer, KeepsUnknownWordsOfAModule) {
  const Computer computer =
      Read(R"("intrusionPrevention":{"state":"adaptive","moduleStatus":{"agentStatus":"updating"}})");
  EXPECT_EQ(computer.modules.front().state, "adaptive");
  EXPECT_EQ(computer.modules.front().status, (AgentStatusValue{AgentStatus::kUnknown, "updating"}));
}

TEST(ReadComputer, ReadsTheScanTimesOfAModule) {
  const std::string earlier = "1763990000000";
  const std::string later = "1763999999000";
  const TimePoint earlier_time = FromEpochMilliseconds(1763990000000);
  const TimePoint later_time = FromEpochMilliseconds(1763999999000);
  const auto anti_malware = [](const std::string& times) {
    return Read(R"("antiMalware":{"state":"on","realTimeScanConfigurationID":1,"scheduledScanConfigurationID":3)" +
                times + "}")
        .modules.front();
  };
  const ModuleState state = anti_malware(R"(,"lastManualScan":)" + later + R"(,"lastScheduledScan":)" + earlier);
  EXPECT_EQ(state.real_time_scan_configuration, 1);
  EXPECT_EQ(state.scheduled_scan_configuration, 3);
  EXPECT_EQ(state.last_scan, later_time);
  EXPECT_EQ(anti_malware(R"(,"lastManualScan":)" + earlier + R"(,"lastScheduledScan":)" + later).last_scan, later_time);
  EXPECT_EQ(anti_malware(R"(,"lastManualScan":)" + earlier).last_scan, earlier_time);
  EXPECT_EQ(anti_malware(R"(,"lastScheduledScan":")" + earlier + "\"").last_scan, earlier_time);
  EXPECT_EQ(anti_malware("").last_scan, std::nullopt);
  const ModuleState integrity = Read(R"("integrityMonitoring":{"lastIntegrityScan":)" + earlier +
                                     R"(,"lastBaselineCreated":)" + later + R"(,"lastManualScan":9})")
                                    .modules.front();
  EXPECT_EQ(integrity.last_scan, earlier_time);
  EXPECT_EQ(integrity.last_baseline, later_time);
  EXPECT_TRUE(integrity.damaged.empty());
}

// Seconds, microseconds and texts are no times in milliseconds, whatever time they may mean.
TEST(ReadComputer, ATimeInAnotherUnitIsDamage) {
  const char* const times[] = {"1763999880", "1763999880000000", "1763999880000000000", "-1763999880000",
                               "1",          "946684799999",     "253402300800000",     "\"1763999880\"",
                               "\"now\"",    "\"2026-01-01\""};
  for (const char* time : times) {
    const Computer computer = Read(Nested("lastSendPolicySuccess", time));
    EXPECT_FALSE(computer.last_send_policy_success) << time;
    EXPECT_NE(computer.Damage("lastSendPolicySuccess"), nullptr) << time;
  }
  EXPECT_EQ(*Read(Nested("lastSendPolicySuccess", "1763999880")).Damage("lastSendPolicySuccess"),
            "lastSendPolicySuccess: expected a time in milliseconds, found 1763999880, which is none of the years 2000 "
            "to 9999");
  for (const char* time : {"946684800000", "1763999880000", "\"1763999880000\"", "253402300799999"}) {
    EXPECT_TRUE(Read(Nested("lastSendPolicySuccess", time)).last_send_policy_success) << time;
  }
}

TEST(ReadComputer, ReadsTheInstanceFromTheConnectorsSummary) {
  const Computer computer = Read(R"("ec2VirtualMachineSummary":{"accountID":"111122223333",
      "instanceID":"i-0123456789abcdef0","availabilityZone":"us-east-1a","state":"POWER ON",
      "metadata":[{"name":"Owner","value":"team-web"},{"name":"Env"}]},
      "noConnectorVirtualMachineSummary":{"instanceID":"i-0fedcba9876543210","region":"eu-west-1"})");
  EXPECT_EQ(computer.instance_source, InstanceSource::kEc2VirtualMachineSummary);
  EXPECT_EQ(computer.instance_id, "i-0123456789abcdef0");
  EXPECT_EQ(computer.account_id, "111122223333");
  EXPECT_EQ(computer.region, "us-east-1");
  EXPECT_EQ(computer.power_state, "POWER ON");
  EXPECT_EQ(computer.tags, (std::vector<Tag>{{"Owner", "team-web"}, {"Env", ""}}));
}

TEST(ReadComputer, ReadsTheInstanceThatTheAgentReports) {
  for (const char* ec2 :
       {"", R"("ec2VirtualMachineSummary":{},)", R"("ec2VirtualMachineSummary":{"instanceID":""},)"}) {
    const Computer computer = Read(std::string(ec2) + R"("noConnectorVirtualMachineSummary":{
        "accountID":"444455556666","instanceID":"i-0fedcba9876543210","region":"eu-west-1"})");
    EXPECT_EQ(computer.instance_source, InstanceSource::kNoConnectorVirtualMachineSummary) << ec2;
    EXPECT_EQ(computer.instance_id, "i-0fedcba9876543210");
    EXPECT_EQ(computer.account_id, "444455556666");
    EXPECT_EQ(computer.region, "eu-west-1");
    EXPECT_FALSE(computer.tags);
  }
}

TEST(ReadComputer, TakesTheRegionFromTheZoneOnlyWhereThatIsSure) {
  const std::pair<const char*, const char*> cases[] = {{"us-east-1a", "us-east-1"},
                                                       {"us-gov-west-1b", "us-gov-west-1"},
                                                       {"cn-north-1a", "cn-north-1"},
                                                       {"us-isob-east-1a", "us-isob-east-1"},
                                                       {"us-east-1-bos-1a", ""},
                                                       {"us-east-1-wl1-bos-wlz-1", ""},
                                                       {"us-east-1", ""},
                                                       {"us-east-1A", ""},
                                                       {"a", ""},
                                                       {"", ""},
                                                       {"global", ""},
                                                       {"eu-south-9z", "eu-south-9"},
                                                       {"eu-south-0a", "eu-south-0"}};
  for (const auto& [zone, region] : cases) {
    EXPECT_EQ(Read(R"("ec2VirtualMachineSummary":{"instanceID":"i-0123456789abcdef0","availabilityZone":")" +
                   std::string(zone) + "\"}")
                  .region,
              region)
        << zone;
  }
}

TEST(ReadComputer, KnowsNoTagsFromUnknownTags) {
  const auto tags = [](const std::string& metadata) {
    return Read(R"("ec2VirtualMachineSummary":{"instanceID":"i-0123456789abcdef0")" + metadata + "}").tags;
  };
  EXPECT_EQ(tags(""), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":null)"), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":[])"), std::vector<Tag>{});
  EXPECT_EQ(tags(R"(,"metadata":[{"name":"a","value":"b"},7])"), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":[{"name":5,"value":"b"}])"), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":[{"value":"b"}])"), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":[{"name":"a","value":5}])"), std::nullopt);
  EXPECT_EQ(tags(R"(,"metadata":[{"name":"a","value":null}])"), (std::vector<Tag>{{"a", ""}}));
}

TEST(ReadComputer, BoundsTheTagsAtTheBoundAndOnePast) {
  const auto tags = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + std::string(R"({"name":"n","value":"v"})");
    return Read(R"("ec2VirtualMachineSummary":{"instanceID":"i-0123456789abcdef0","metadata":[)" + list + "]}").tags;
  };
  ASSERT_TRUE(tags(bounds::kTagsPerHost));
  EXPECT_EQ(tags(bounds::kTagsPerHost)->size(), bounds::kTagsPerHost);
  EXPECT_EQ(tags(bounds::kTagsPerHost + 1), std::nullopt);  // the one left out could be the exclusion tag
}

TEST(ReadComputers, ReadsTheListAndTheEmptyOne) {
  const auto computers = ReadComputers(ComputerJson(R"({"computers":[{"ID":34},{"ID":35}]})"));
  ASSERT_TRUE(computers.ok());
  ASSERT_EQ(computers->size(), 2U);
  EXPECT_EQ((*computers)[1].id, ComputerId{35});
  EXPECT_EQ(*ReadComputers(ComputerJson(R"({"computers":[]})")), std::vector<Computer>{});
}

TEST(ReadComputers, AnAnswerWithoutTheListIsNotAnEmptyList) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "expected an object with the list `computers`, found an object without it"},
      {R"({"computers":null})", "expected an object with the list `computers`, found an object without it"},
      {R"({"Computers":[]})", "expected an object with the list `computers`, found an object without it"},
      {"[]", "expected an object with the list `computers`, found an array"},
      {"null", "expected an object with the list `computers`, found null"},
  };
  for (const auto& [text, message] : cases) {
    const auto computers = ReadComputers(ComputerJson(text));
    ASSERT_FALSE(computers.ok()) << text;
    EXPECT_EQ(computers.error().code, ErrorCode::kBadAnswer);
    EXPECT_EQ(computers.error().message, message);
  }
}

TEST(ReadComputers, AListBesideAnErrorsMessageIsNoAnswer) {
  const auto computers = ReadComputers(ComputerJson(R"({"message":"database down","computers":[]})"));
  ASSERT_FALSE(computers.ok());
  EXPECT_EQ(computers.error().code, ErrorCode::kBadAnswer);
  EXPECT_TRUE(ReadComputers(ComputerJson(R"({"message":null,"computers":[]})")).ok());
}

TEST(ReadComputers, OneUnreadableElementFailsTheListAndNamesItsPlace) {
  const auto computers = ReadComputers(ComputerJson(R"({"computers":[{"ID":34},{"hostName":"x"}]})"));
  ASSERT_FALSE(computers.ok());
  EXPECT_EQ(computers.error().message, "computers[1].ID: expected a whole number, found nothing");
}

Result<Json> ComputerExample(const std::string& name) {
  std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return Json::Parse(text.str());
}

TEST(ComputerExamples, AreReadAsTheContractMeansThem) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  const auto protected_one = ReadComputer(*ComputerExample("computer-protected.json"));
  ASSERT_TRUE(protected_one.ok());
  EXPECT_EQ(protected_one->id, ComputerId{34});
  EXPECT_EQ(protected_one->agent_status.status, AgentStatus::kActive);
  EXPECT_EQ(protected_one->modules.size(), kAllModules.size());
  EXPECT_EQ(protected_one->Find(Module::kIntrusionPrevention)->rules.size(), 4U);
  const auto inventory = ReadComputer(*ComputerExample("computer-unprotected-inventory-only.json"));
  ASSERT_TRUE(inventory.ok());
  EXPECT_TRUE(inventory->agent_fingerprint.empty());
  EXPECT_EQ(inventory->instance_id, "i-0fedcba9876543210");
  EXPECT_EQ(inventory->region, "us-east-1");
  const auto offline = ReadComputer(*ComputerExample("computer-offline.json"));
  ASSERT_TRUE(offline.ok());
  EXPECT_EQ(offline->agent_status.status, AgentStatus::kError);
  EXPECT_EQ(offline->last_agent_communication, FromEpochMilliseconds(1763994600000));
  EXPECT_FALSE(ReadComputers(*ComputerExample("computers-list.json"))->empty());
  EXPECT_FALSE(ReadComputers(*ComputerExample("computers-expand-none.json"))->front().has_status);
  EXPECT_TRUE(ReadComputers(*ComputerExample("computers-empty.json"))->empty());
}

}  // namespace
}  // namespace sallyport::swp
