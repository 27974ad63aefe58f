// SPDX-License-Identifier: Apache-2.0
#include "protection/module.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace sallyport {
namespace {

using swp::AgentStatus;
using swp::Module;
using swp::ModuleState;
using WordSet = std::set<std::string>;
using Reasons = std::set<ProtectionReason>;

// Every word that some module may have as its state, one that none has, and none at all.
const char* const kStates[] = {"on", "off", "prevent", "detect", "real-time", "inherited", "ON", "adaptive", ""};
const char* const kModuleStatuses[] = {"active", "warning", "error", "inactive", "not-supported", "updating", ""};

swp::AgentStatusValue ModuleStatus(const std::string& word) {
  if (word == "active") return {AgentStatus::kActive, word};
  if (word == "warning") return {AgentStatus::kWarning, word};
  if (word == "error") return {AgentStatus::kError, word};
  if (word == "inactive") return {AgentStatus::kInactive, word};
  if (word == "not-supported") return {AgentStatus::kNotSupported, word};
  return {AgentStatus::kUnknown, word};
}

ModuleState Make(Module module, const std::string& state, const std::string& status, bool rules, int real_time) {
  ModuleState out;
  out.module = module;
  out.state = state;
  out.status = ModuleStatus(status);
  if (rules) out.rules = {RuleId{108}};
  out.real_time_scan_configuration = real_time;
  return out;
}

// An independent oracle: what contract 3.4 and 3.7 say, as tables of words; none of the code's branches.
struct ModuleOracle {
  ModuleProtection protection;
  Reasons reasons;
};
ModuleOracle Expect(Module module, const std::string& state, const std::string& status, bool rules, int real_time) {
  static const std::map<Module, WordSet> on_words = {{Module::kAntiMalware, {"on"}},
                                                     {Module::kWebReputation, {"on"}},
                                                     {Module::kActivityMonitoring, {"on"}},
                                                     {Module::kFirewall, {"on"}},
                                                     {Module::kIntrusionPrevention, {"prevent", "detect"}},
                                                     {Module::kIntegrityMonitoring, {"on", "real-time"}},
                                                     {Module::kLogInspection, {"on"}},
                                                     {Module::kApplicationControl, {"on"}}};
  static const std::set<Module> rule_driven = {Module::kFirewall, Module::kIntrusionPrevention,
                                               Module::kIntegrityMonitoring, Module::kLogInspection};
  if (state == "off") return {ModuleProtection::kOff, {ProtectionReason::kModuleOff}};
  const bool both_known = on_words.at(module).contains(state) &&
                          WordSet{"active", "warning", "error", "inactive", "not-supported"}.contains(status);
  if (!both_known) return {ModuleProtection::kUnknown, {ProtectionReason::kModuleUnknown}};
  if (status != "active") return {ModuleProtection::kFaulty, {ProtectionReason::kModuleNotActive}};
  Reasons weak;
  if (state == "detect") weak.insert(ProtectionReason::kDetectOnly);
  const bool scans_late = (module == Module::kIntegrityMonitoring && state != "real-time") ||
                          (module == Module::kAntiMalware && real_time == 0);
  if (scans_late) weak.insert(ProtectionReason::kNotRealTime);
  if (rule_driven.contains(module) && !rules) weak.insert(ProtectionReason::kNoRules);
  return {weak.empty() ? ModuleProtection::kProtects : ModuleProtection::kPartly, weak};
}

std::string DescribeModule(Module module, const std::string& state, const std::string& status, bool rules,
                           int real_time) {
  return std::string(swp::ApiName(module)) + " state `" + state + "` status `" + status + "` rules " +
         std::to_string(rules) + " real-time " + std::to_string(real_time);
}

// Calls `check` with every combination of module, state, status, rules and real-time configuration.
template <class Check>
void ForEveryModuleState(Check check) {
  for (const Module module : swp::kAllModules) {
    for (const std::string state : kStates) {
      for (const std::string status : kModuleStatuses) {
        for (const bool rules : {false, true}) {
          for (const int real_time : {0, 1}) {
            SCOPED_TRACE(DescribeModule(module, state, status, rules, real_time));
            check(module, state, status, rules, real_time);
          }
        }
      }
    }
  }
}

TEST(JudgeModule, AgreesWithTheOracleEverywhere) {
  int combinations = 0;
  ForEveryModuleState([&](Module module, const std::string& state, const std::string& status, bool rules, int config) {
    const ModuleVerdict verdict = JudgeModule(Make(module, state, status, rules, config));
    const ModuleOracle oracle = Expect(module, state, status, rules, config);
    Reasons reasons;
    for (const ProtectionNote& note : verdict.notes) reasons.insert(note.reason);
    EXPECT_EQ(verdict.protection, oracle.protection);
    EXPECT_EQ(reasons, oracle.reasons);
    EXPECT_EQ(verdict.notes.size(), oracle.reasons.size());
    ++combinations;
  });
  EXPECT_EQ(combinations, 8 * 9 * 7 * 2 * 2);
}

TEST(JudgeModule, SaysWhyExactlyWhenItDoesNotProtect) {
  ForEveryModuleState([](Module module, const std::string& state, const std::string& status, bool rules, int config) {
    const ModuleVerdict verdict = JudgeModule(Make(module, state, status, rules, config));
    EXPECT_EQ(verdict.protection == ModuleProtection::kProtects, verdict.notes.empty());
    for (const ProtectionNote& note : verdict.notes) {
      EXPECT_EQ(note.module, module);
      EXPECT_TRUE(note.text.starts_with(swp::DisplayName(module))) << note.text;
    }
  });
}

struct TextCase {
  Module module;
  std::string state;
  std::string status;
  std::string message;
  std::string text;
  std::string advice;
};

TEST(JudgeModule, SaysItInWords) {
  const TextCase cases[] = {
      {Module::kFirewall, "off", "inactive", "", "Firewall is off", ""},
      {Module::kAntiMalware, "", "active", "", "Anti-Malware has no state in SWP's answer", ""},
      {Module::kAntiMalware, "inherited", "active", "",
       "Anti-Malware has the state `inherited`, which this version does not know", ""},
      {Module::kLogInspection, "on", "", "", "Log Inspection is on, but SWP's answer holds no status for it", ""},
      {Module::kWebReputation, "on", "updating", "",
       "Web Reputation is on, but its status on the agent is `updating`, which this version does not know", ""},
      {Module::kAntiMalware, "on", "error", "Engine Offline",
       "Anti-Malware is on, but its status on the agent is `error` (SWP status: Engine Offline)",
       "check the module's license and engine on the agent"},
      {Module::kWebReputation, "on", "inactive", "", "Web Reputation is on, but its status on the agent is `inactive`",
       "check the module's license and engine on the agent"},
      {Module::kAntiMalware, "on", "active", "", "Anti-Malware is on, but has no real-time scan",
       "set a real-time scan configuration in the SWP policy"},
      {Module::kLogInspection, "on", "active", "", "Log Inspection is on, but no rule is assigned",
       "run a recommendation scan and assign the rules that it recommends"},
  };
  for (const TextCase& c : cases) {
    ModuleState state = Make(c.module, c.state, c.status, false, 0);
    state.message = c.message;
    const ModuleVerdict verdict = JudgeModule(state);
    ASSERT_EQ(verdict.notes.size(), 1U) << c.text;
    EXPECT_EQ(verdict.notes.front().text, c.text);
    EXPECT_EQ(verdict.notes.front().advice, c.advice);
  }
}

TEST(JudgeModule, TellsEveryWeaknessNotOnlyTheFirst) {
  const ModuleVerdict detect = JudgeModule(Make(Module::kIntrusionPrevention, "detect", "active", false, 0));
  ASSERT_EQ(detect.notes.size(), 2U);
  EXPECT_EQ(detect.notes[0].text, "Intrusion Prevention is in detect mode: it logs and does not block");
  EXPECT_EQ(detect.notes[0].advice, "switch the SWP policy to prevent once its events have been reviewed");
  EXPECT_EQ(detect.notes[1].text, "Intrusion Prevention is on, but no rule is assigned");
  const ModuleVerdict integrity = JudgeModule(Make(Module::kIntegrityMonitoring, "on", "active", true, 0));
  ASSERT_EQ(integrity.notes.size(), 1U);
  EXPECT_EQ(integrity.notes[0].text, "Integrity Monitoring is on, but not in real time");
}

TEST(JudgeModule, MakesWordsFromOutsidePrintableAndShort) {
  ModuleState state = Make(Module::kAntiMalware, "on\x1b[2J\n", "active", true, 1);
  EXPECT_EQ(JudgeModule(state).notes.front().text,
            "Anti-Malware has the state `on\\x1b[2J\\x0a`, which this version does not know");
  state = Make(Module::kAntiMalware, "on", "x\ny", true, 1);
  state.message = std::string(5000, 'm') + "\n";
  EXPECT_EQ(JudgeModule(state).notes.front().text,
            "Anti-Malware is on, but its status on the agent is `x\\x0ay` (SWP status: " + std::string(120, 'm') +
                "...), which this version does not know");
}

}  // namespace
}  // namespace sallyport
