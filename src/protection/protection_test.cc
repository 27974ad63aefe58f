// SPDX-License-Identifier: Apache-2.0
#include "protection/protection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <sstream>

#include "protection/module.h"

namespace sallyport {
namespace {

using namespace std::chrono_literals;
using swp::AgentStatus;
using swp::Computer;
using swp::Module;
using swp::ModuleState;

const TimePoint kNow = FromEpochMilliseconds(1764000000000);  // 2025-11-24T16:00:00Z
const WantedInstance kWanted = {InstanceId{"i-0123456789abcdef0"}, "111122223333"};

swp::AgentStatusValue AgentStatus(const std::string& word) {
  if (word == "active") return {AgentStatus::kActive, word};
  if (word == "warning") return {AgentStatus::kWarning, word};
  if (word == "error") return {AgentStatus::kError, word};
  if (word == "inactive") return {AgentStatus::kInactive, word};
  if (word == "not-supported") return {AgentStatus::kNotSupported, word};
  return {AgentStatus::kUnknown, word};
}

ModuleState MakeModule(Module module, const std::string& state, const std::string& status = "active",
                       std::vector<RuleId> rules = {}, int real_time = 0) {
  ModuleState out;
  out.module = module;
  out.state = state;
  out.status = AgentStatus(status);
  out.rules = std::move(rules);
  out.real_time_scan_configuration = real_time;
  return out;
}

ModuleState Preventing() {
  return MakeModule(Module::kIntrusionPrevention, "prevent", "active", {{108}});
}

// With every other module off: an answer that says something about all of them.
std::vector<ModuleState> OthersOff(std::vector<ModuleState> modules) {
  for (const Module module : swp::kAllModules) {
    const bool is_there =
        std::any_of(modules.begin(), modules.end(), [&](const auto& m) { return m.module == module; });
    if (!is_there) modules.push_back(MakeModule(module, "off", "inactive"));
  }
  return modules;
}

void SetStatus(Computer& computer, const std::string& word) {
  computer.agent_status = AgentStatus(word);
  computer.has_status = !word.empty();
}

// A host that is protected and has no gap; the cases change it.
Computer Protected(std::int32_t id = 34) {
  Computer computer;
  computer.id = ComputerId{id};
  computer.instance_id = kWanted.instance.value;
  computer.account_id = kWanted.account;
  computer.policy = PolicyId{12};
  computer.agent_fingerprint = "14:F3:B3";
  computer.last_agent_communication = kNow - 2min;
  SetStatus(computer, "active");
  computer.modules = {Preventing()};
  return computer;
}

Protection Judge(std::vector<Computer> records, const ProtectionCriteria& criteria = {}) {
  return JudgeProtection(kWanted, std::move(records), criteria, kNow);
}

std::string Words(const std::vector<ProtectionNote>& notes) {
  std::string words;
  for (const ProtectionNote& note : notes) {
    words += (words.empty() ? "" : " | ") + std::string(ToString(note.reason)) + ": " + note.text;
  }
  return words;
}

// ---- the named cases -----------------------------------------------------------------------------------------------

struct Case {
  std::string name;
  std::function<void(Computer&)> change;
  ProtectionState state;
  std::string decisive;
  std::string gaps;
  std::vector<Module> required = {};
};

constexpr auto kYes = ProtectionState::kProtected;
constexpr auto kNo = ProtectionState::kNotProtected;
constexpr auto kUnclear = ProtectionState::kUndetermined;

void NoAgent(Computer& c) {
  c.agent_fingerprint = "";
  c.last_agent_communication = std::nullopt;
  SetStatus(c, "inactive");
  c.status_messages = {"Unmanaged (Unknown)"};
  c.modules = OthersOff({});
}

std::vector<Case> AgentCases() {
  const std::string no_agent = "not-activated: no activated agent; SWP lists this host only through its AWS connector";
  return {
      {"all is well", [](Computer&) {}, kYes, "", ""},
      {"inventory only", NoAgent, kNo, no_agent + "; SWP status: Unmanaged (Unknown)", ""},
      {"inventory only, with module words that say on",
       [](Computer& c) {
         NoAgent(c), c.status_messages = {};
         c.modules = {MakeModule(Module::kIntrusionPrevention, "prevent", "inactive", {{108}})};
       },
       kNo, no_agent, ""},
      {"inventory only, with a module that is active", [](Computer& c) { NoAgent(c), c.modules = {Preventing()}; },
       kUnclear, "status-missing: SWP computer 34 contradicts itself: no agent fingerprint, yet an agent at work", ""},
      {"no fingerprint and no status in the answer",
       [](Computer& c) { NoAgent(c), SetStatus(c, ""), c.status_messages = {}; }, kUnclear,
       "status-missing: SWP's answer for computer 34 holds neither an agent's fingerprint nor a status", ""},
      {"no fingerprint and an unknown status",
       [](Computer& c) { NoAgent(c), SetStatus(c, "isolated"), c.modules = {}; }, kUnclear,
       "status-unknown: SWP reports the agent status `isolated`, which this version does not know", ""},
      {"warning without a fingerprint", [](Computer& c) { NoAgent(c), SetStatus(c, "warning"), c.modules = {}; },
       kUnclear, "status-missing: SWP computer 34 contradicts itself: no agent fingerprint, yet an agent at work", ""},
      {"error without a fingerprint", [](Computer& c) { NoAgent(c), SetStatus(c, "error"), c.modules = {}; }, kUnclear,
       "status-missing: SWP computer 34 contradicts itself: no agent fingerprint, yet an agent at work", ""},
      {"active without a fingerprint", [](Computer& c) { c.agent_fingerprint = ""; }, kUnclear,
       "status-missing: SWP computer 34 contradicts itself: no agent fingerprint, yet an agent at work", ""},
      {"an appliance in place of an agent", [](Computer& c) { NoAgent(c), c.appliance_fingerprint = "AA:BB"; },
       kUnclear, "status-missing: SWP computer 34 contradicts itself: no agent fingerprint, yet an appliance", ""},
      {"a fingerprint, but no status in the answer", [](Computer& c) { SetStatus(c, ""); }, kUnclear,
       "status-missing: SWP's answer for computer 34 holds no agent status", ""},
      {"offline: error, and silent for longer than the threshold",
       [](Computer& c) {
         SetStatus(c, "error");
         c.last_agent_communication = kNow - 50min - 1ms;
         c.status_messages = {"Offline"};
       },
       kNo, "offline: agent offline, last contact 2025-11-24 15:09:59 UTC; SWP status: Offline", ""},
      {"offline: warning, and silent for longer than the threshold",
       [](Computer& c) { SetStatus(c, "warning"), c.last_agent_communication = kNow - 51min; }, kNo,
       "offline: agent offline, last contact 2025-11-24 15:09:00 UTC", ""},
      {"error at exactly the threshold is an error, not offline",
       [](Computer& c) { SetStatus(c, "error"), c.last_agent_communication = kNow - 50min; }, kNo,
       "agent-error: agent in error", ""},
      {"error, heard from just now",
       [](Computer& c) {
         SetStatus(c, "error"), c.status_messages = {"Multiple Errors", "Anti-Malware Engine Offline"};
       },
       kNo, "agent-error: agent in error; SWP status: Multiple Errors; Anti-Malware Engine Offline", ""},
      {"error, never heard from", [](Computer& c) { SetStatus(c, "error"), c.last_agent_communication = std::nullopt; },
       kNo, "agent-error: agent in error", ""},
      {"warning, in touch", [](Computer& c) { SetStatus(c, "warning"), c.status_messages = {"Upgrade Recommended"}; },
       kYes, "", "agent-warning: agent reports a warning; SWP status: Upgrade Recommended"},
      {"warning at exactly the threshold",
       [](Computer& c) { SetStatus(c, "warning"), c.last_agent_communication = kNow - 50min; }, kYes, "",
       "agent-warning: agent reports a warning"},
      {"deactivated", [](Computer& c) { SetStatus(c, "inactive"), c.status_messages = {"Activation Required"}; }, kNo,
       "agent-deactivated: agent installed but not active; SWP status: Activation Required", ""},
      {"not supported", [](Computer& c) { SetStatus(c, "not-supported"); }, kNo,
       "agent-not-supported: agent not supported on this platform", ""},
      {"a status word that is newer than we are", [](Computer& c) { SetStatus(c, "isolated"); }, kUnclear,
       "status-unknown: SWP reports the agent status `isolated`, which this version does not know", ""},
      {"a hostile status word", [](Computer& c) { SetStatus(c, "a`\x1b[31m\nb"); }, kUnclear,
       "status-unknown: SWP reports the agent status `a`\\x1b[31m\\x0ab`, which this version does not know", ""},
      {"active, yet silent for longer than the threshold",
       [](Computer& c) { c.last_agent_communication = kNow - 50min - 1ms; }, kYes, "",
       "silent-since: SWP reports the agent as active, but its last contact was 2025-11-24 15:09:59 UTC"},
      {"active at exactly the threshold", [](Computer& c) { c.last_agent_communication = kNow - 50min; }, kYes, "", ""},
      {"active, last communication absent", [](Computer& c) { c.last_agent_communication = std::nullopt; }, kYes, "",
       ""},
      {"heard from in the future (clock skew)", [](Computer& c) { c.last_agent_communication = kNow + 24h; }, kYes, "",
       ""},
      {"no policy", [](Computer& c) { c.policy = std::nullopt; }, kYes, "", "no-policy: no SWP policy is assigned"},
      {"busy",
       [](Computer& c) {
         c.agent_tasks = {"Scan for Integrity\n", "Sending Policy"};
       },
       kYes, "", "busy: agent busy: Scan for Integrity\\x0a"},
      {"a record that names no account is not a mismatch", [](Computer& c) { c.account_id = ""; }, kYes, "", ""},
      {"of another account", [](Computer& c) { c.account_id = "444455556666"; }, kUnclear,
       "account-mismatch: SWP computer 34 has this instance id, but in AWS account `444455556666` and not in "
       "111122223333",
       ""},
      {"of another instance", [](Computer& c) { c.instance_id = "i-0fedcba9876543210"; }, kUnclear,
       "instance-mismatch: SWP computer 34 was found, but it names instance `i-0fedcba9876543210`", ""},
      {"of no instance", [](Computer& c) { c.instance_id = ""; }, kUnclear,
       "instance-mismatch: SWP computer 34 was found, but it names no instance", ""},
      {"of an instance that differs in case", [](Computer& c) { c.instance_id = "i-0123456789ABCDEF0"; }, kUnclear,
       "instance-mismatch: SWP computer 34 was found, but it names instance `i-0123456789ABCDEF0`", ""},
  };
}

std::vector<Case> ModuleCases() {
  const std::string none = "no-module-protects: agent active, but no module fully protects the host";
  const std::string unread = "module-unknown: the state of the protection modules could not be read";
  const std::string detect = "detect-only: Intrusion Prevention is in detect mode: it logs and does not block";
  const std::string no_rules = "no-rules: Intrusion Prevention is on, but no rule is assigned";
  const auto only = [](const ModuleState& module) {
    return [module](Computer& c) { c.modules = OthersOff({module}); };
  };
  const auto ips = [](const std::string& state, std::vector<RuleId> rules) {
    return MakeModule(Module::kIntrusionPrevention, state, "active", std::move(rules));
  };
  const ModuleState anti_malware = MakeModule(Module::kAntiMalware, "on", "active", {}, 1);
  return {
      {"detect only", only(ips("detect", {{108}})), kNo, none, detect},
      {"prevent without rules", only(ips("prevent", {})), kNo, none, no_rules},
      {"detect without rules", only(ips("detect", {})), kNo, none, detect + " | " + no_rules},
      {"everything off", only(MakeModule(Module::kFirewall, "off", "inactive")), kNo, none,
       "module-off: Firewall is off"},
      {"anti-malware without a real-time scan", only(MakeModule(Module::kAntiMalware, "on")), kNo, none,
       "not-real-time: Anti-Malware is on, but has no real-time scan"},
      {"anti-malware in real time", only(anti_malware), kYes, "", ""},
      {"integrity monitoring not in real time", only(MakeModule(Module::kIntegrityMonitoring, "on", "active", {{15}})),
       kNo, none, "not-real-time: Integrity Monitoring is on, but not in real time"},
      {"engine offline", only(MakeModule(Module::kAntiMalware, "on", "error", {}, 1)), kNo, none,
       "module-not-active: Anti-Malware is on, but its status on the agent is `error`"},
      {"modules that are off, and others of which the answer says nothing",
       [](Computer& c) {
         c.modules = OthersOff({});
         std::erase_if(c.modules, [](const ModuleState& m) {
           return m.module == Module::kAntiMalware || m.module == Module::kLogInspection;
         });
       },
       kUnclear,
       "module-unknown: no module in SWP's answer fully protects the host, and the answer says nothing about "
       "Anti-Malware, Log Inspection",
       ""},
      {"an older manager's answer: no Activity Monitoring",
       [](Computer& c) {
         c.modules = OthersOff({});
         std::erase_if(c.modules, [](const ModuleState& m) { return m.module == Module::kActivityMonitoring; });
       },
       kNo, none, ""},
      {"required and off, whatever else is missing",
       [](Computer& c) { c.modules = {MakeModule(Module::kFirewall, "off", "inactive")}; },
       kNo,
       "required-module: Firewall is required and does not fully protect | module-off: Firewall is off",
       "",
       {Module::kFirewall}},
      {"no module in the answer", [](Computer& c) { c.modules.clear(); }, kUnclear, unread, ""},
      {"an unknown state", only(ips("adaptive", {{108}})), kUnclear, unread,
       "module-unknown: Intrusion Prevention has the state `adaptive`, which this version does not know"},
      {"one protects, another is unknown",
       [=](Computer& c) {
         c.modules = {anti_malware, ips("adaptive", {})};
       },
       kYes, "", "module-unknown: Intrusion Prevention has the state `adaptive`, which this version does not know"},
      {"required and protecting", [](Computer&) {}, kYes, "", "", {Module::kIntrusionPrevention}},
      {"required and detect only",
       only(ips("detect", {{108}})),
       kNo,
       "required-module: Intrusion Prevention is required and does not fully protect | " + detect,
       "",
       {Module::kIntrusionPrevention}},
      {"required and not in the answer",
       [=](Computer& c) { c.modules = {anti_malware}; },
       kUnclear,
       "required-module: Intrusion Prevention is required and its state is undetermined",
       "",
       {Module::kIntrusionPrevention}},
      {"required and unknown",
       only(ips("adaptive", {})),
       kUnclear,
       "required-module: Intrusion Prevention is required and its state is undetermined | "
       "module-unknown: Intrusion Prevention has the state `adaptive`, which this version does not know",
       "",
       {Module::kIntrusionPrevention}},
      {"two required: one off, one unknown",
       [=](Computer& c) {
         c.modules = {MakeModule(Module::kFirewall, "off"), ips("adaptive", {})};
       },
       kNo,
       "required-module: Intrusion Prevention is required and its state is undetermined | "
       "module-unknown: Intrusion Prevention has the state `adaptive`, which this version does not know | "
       "required-module: Firewall is required and does not fully protect | module-off: Firewall is off",
       "",
       {Module::kIntrusionPrevention, Module::kFirewall}},
      {"what is not required stays a gap",
       [=](Computer& c) {
         c.modules = {Preventing(), MakeModule(Module::kFirewall, "off")};
       },
       kYes,
       "",
       "module-off: Firewall is off",
       {Module::kIntrusionPrevention}},
  };
}

// Without what OthersOff adds: the modules that are off and that the case does not speak of.
std::vector<ProtectionNote> WithoutFillers(std::vector<ProtectionNote> notes, const std::string& wanted) {
  std::erase_if(notes, [&](const ProtectionNote& note) {
    return note.reason == ProtectionReason::kModuleOff && wanted.find(note.text) == std::string::npos;
  });
  return notes;
}

void Check(const Case& c) {
  SCOPED_TRACE(c.name);
  Computer computer = Protected();
  c.change(computer);
  ProtectionCriteria criteria;
  criteria.required_modules = c.required;
  const Protection protection = Judge({computer}, criteria);
  EXPECT_EQ(ToString(protection.state), ToString(c.state));
  EXPECT_EQ(Words(protection.decisive), c.decisive);
  EXPECT_EQ(Words(WithoutFillers(protection.gaps, c.gaps)), c.gaps);
  const bool mismatch = c.decisive.find("-mismatch: ") != std::string::npos;
  EXPECT_EQ(protection.computer.has_value(), !mismatch);
  EXPECT_TRUE(protection.other_records.empty());
}

TEST(JudgeProtection, TheAgentCaseByCase) {
  for (const Case& c : AgentCases()) Check(c);
}

TEST(JudgeProtection, TheModulesCaseByCase) {
  for (const Case& c : ModuleCases()) Check(c);
}

TEST(JudgeProtection, EveryDecisiveAgentReasonComesWithAdvice) {
  for (const Case& c : AgentCases()) {
    Computer computer = Protected();
    c.change(computer);
    for (const ProtectionNote& note : Judge({computer}).decisive) EXPECT_NE(note.advice, "") << c.name;
  }
  EXPECT_NE(Judge({}).decisive.front().advice, "");
}

TEST(JudgeProtection, NotInTheManagerIsNotProtected) {
  const Protection protection = Judge({});
  EXPECT_EQ(protection.state, kNo);
  EXPECT_EQ(
      Words(protection.decisive),
      "not-in-manager: SWP has no record of this host: no agent has reported it. Possible causes: no AWS connector "
      "for account 111122223333, or a connector that has not synchronized yet");
  EXPECT_FALSE(protection.computer);
  EXPECT_FALSE(protection.CanScan());
}

TEST(JudgeProtection, AFailedReadIsNeverNotProtected) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const Error error{static_cast<ErrorCode>(code), "the call failed", "do this"};
    const Protection protection = JudgeProtection(kWanted, error, {}, kNow);
    EXPECT_EQ(protection.state, kUnclear) << ToString(error.code);
    EXPECT_EQ(Words(protection.decisive), "read-failed: SWP could not be read: the call failed");
    EXPECT_EQ(protection.decisive.front().advice, "do this");
    EXPECT_FALSE(protection.CanScan());
  }
}

TEST(JudgeProtection, AnUncheckedAccountIsNoMismatch) {
  Computer computer = Protected();
  computer.account_id = "444455556666";
  EXPECT_EQ(JudgeProtection({kWanted.instance, ""}, std::vector{computer}, {}, kNow).state, kYes);
}

TEST(JudgeProtection, TheOfflineThresholdIsASetting) {
  Computer computer = Protected();
  SetStatus(computer, "error");
  computer.last_agent_communication = kNow - 2min;
  EXPECT_EQ(Judge({computer}, {{}, 2min}).decisive.front().reason, ProtectionReason::kAgentError);
  EXPECT_EQ(Judge({computer}, {{}, 2min - 1ms}).decisive.front().reason, ProtectionReason::kOffline);
}

TEST(JudgeProtection, SurvivesTheEndOfTime) {
  Computer computer = Protected();
  SetStatus(computer, "error");
  for (const std::int64_t at : {std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}) {
    computer.last_agent_communication = FromEpochMilliseconds(at);
    EXPECT_EQ(Judge({computer}).state, kNo);
  }
}

// ---- several records -----------------------------------------------------------------------------------------------

TEST(JudgeProtection, PrefersTheRecordWithAnAgent) {
  Computer inventory = Protected(99);
  NoAgent(inventory);
  inventory.last_agent_communication = kNow;
  const Protection protection = Judge({inventory, Protected(34)});
  EXPECT_EQ(protection.computer->id, ComputerId{34});
  EXPECT_EQ(protection.state, kYes);
  EXPECT_EQ(protection.other_records, (std::vector<ComputerId>{{99}}));
  EXPECT_EQ(Words(protection.gaps),
            "duplicate-records: SWP holds 2 records of this host: computer 34 was judged, not 99");
}

TEST(JudgeProtection, ThenTheOneHeardFromLastThenTheNewest) {
  Computer older = Protected(50);
  older.last_agent_communication = kNow - 3min;
  Computer never = Protected(60);
  never.last_agent_communication = std::nullopt;
  const Protection protection = Judge({never, older, Protected(34), Protected(35)});
  EXPECT_EQ(protection.computer->id, ComputerId{35});
  EXPECT_EQ(protection.other_records, (std::vector<ComputerId>{{34}, {50}, {60}}));
  EXPECT_EQ(Words(protection.gaps),
            "duplicate-records: SWP holds 4 records of this host: computer 35 was judged, not 34, 50, 60");
}

TEST(JudgeProtection, DuplicatesAreToldWhenTheHostIsNotProtectedToo) {
  Computer offline = Protected(34);
  SetStatus(offline, "inactive");
  Computer inventory = Protected(35);
  NoAgent(inventory);
  const Protection protection = Judge({inventory, offline});
  EXPECT_EQ(protection.state, kNo);
  EXPECT_EQ(protection.computer->id, ComputerId{34});
  EXPECT_EQ(protection.other_records, (std::vector<ComputerId>{{35}}));
}

TEST(JudgeProtection, AMismatchBesideAMatchIsAGap) {
  Computer foreign = Protected(99);
  foreign.account_id = "444455556666";
  const Protection protection = Judge({foreign, Protected(34)});
  EXPECT_EQ(protection.state, kYes);
  EXPECT_EQ(protection.computer->id, ComputerId{34});
  EXPECT_TRUE(protection.other_records.empty());
  EXPECT_EQ(Words(protection.gaps),
            "account-mismatch: SWP computer 99 has this instance id, but in AWS account `444455556666` and not in "
            "111122223333");
}

TEST(JudgeProtection, TheOrderOfRecordsNeverMatters) {
  std::vector<Computer> records = {Protected(34), Protected(35), Protected(36),
                                   Protected(37), Protected(38), Protected(39)};
  NoAgent(records[1]);
  records[2].last_agent_communication = kNow - 9min;
  records[3].account_id = "444455556666";
  records[4].instance_id = "i-0fedcba9876543210";
  SetStatus(records[5], "error");
  records[5].last_agent_communication = kNow - 1min;
  std::vector<Computer> mismatches = {records[3], records[4]};
  const Protection wanted = Judge(records);
  const Protection wanted_mismatch = Judge(mismatches);
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same shuffles every time
  for (int i = 0; i < 200; ++i) {
    std::shuffle(records.begin(), records.end(), random);
    std::reverse(mismatches.begin(), mismatches.end());
    EXPECT_EQ(Judge(records), wanted);
    EXPECT_EQ(Judge(mismatches), wanted_mismatch);
  }
}

TEST(JudgeProtection, TheOrderOfModulesNeverMatters) {
  Computer computer = Protected();
  computer.modules.clear();
  for (const Module module : swp::kAllModules) computer.modules.push_back(MakeModule(module, "on"));
  const ProtectionCriteria required{{Module::kAntiMalware, Module::kFirewall}, 50min};
  Protection any = Judge({computer});
  Protection all = Judge({computer}, required);
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same shuffles every time
  for (int i = 0; i < 50; ++i) {
    std::shuffle(computer.modules.begin(), computer.modules.end(), random);
    any.computer = all.computer = computer;
    EXPECT_EQ(Judge({computer}), any);
    EXPECT_EQ(Judge({computer}, required), all);
  }
}

// ---- the whole table -----------------------------------------------------------------------------------------------

const char* const kAgentStatuses[] = {"active", "warning", "error", "inactive", "not-supported", "isolated", ""};

// What the modules of a computer amount to, as words for the oracle.
struct ModuleSet {
  std::string amounts_to;  // "protects", "nothing", "unknown"
  std::vector<ModuleState> modules;
};
std::vector<ModuleSet> ModuleSets() {
  return {{"protects", {Preventing()}},
          {"protects", {MakeModule(Module::kFirewall, "novel"), Preventing()}},
          {"nothing", OthersOff({MakeModule(Module::kIntrusionPrevention, "off", "inactive")})},
          {"nothing", OthersOff({MakeModule(Module::kIntrusionPrevention, "detect", "active", {{108}})})},
          {"nothing", OthersOff({MakeModule(Module::kIntrusionPrevention, "prevent", "error", {{108}})})},
          {"unknown", {MakeModule(Module::kIntrusionPrevention, "prevent", "novel", {{108}})}},
          {"unknown", {MakeModule(Module::kIntrusionPrevention, "novel")}},
          {"unknown", {}}};
}

struct Row {
  std::string status;
  bool fingerprint;
  bool appliance;
  std::optional<Duration> silent_for;
  ModuleSet modules;
  bool ips_required;
};

struct Expected {
  ProtectionState state;
  ProtectionReason first;  // decisive reason; not looked at when protected
};

// The contract as a list of rules by priority: the first that applies decides.
Expected Oracle(const Row& row) {
  using R = ProtectionReason;
  const auto is = [&](const std::set<std::string>& words) { return words.contains(row.status); };
  const bool quiet = row.silent_for.value_or(0ms) > 50min;
  const bool module_works = std::any_of(row.modules.modules.begin(), row.modules.modules.end(),
                                        [](const auto& module) { return module.status.text == "active"; });
  const R module_reason = row.ips_required                      ? R::kRequiredModule
                          : row.modules.amounts_to == "unknown" ? R::kModuleUnknown
                                                                : R::kNoModuleOn;
  const std::vector<std::pair<bool, Expected>> rules = {
      {!row.fingerprint && is({""}), {kUnclear, R::kStatusMissing}},
      {!row.fingerprint && (is({"active", "warning", "error"}) || row.appliance || module_works),
       {kUnclear, R::kStatusMissing}},
      {!row.fingerprint && is({"isolated"}), {kUnclear, R::kStatusUnknown}},
      {!row.fingerprint, {kNo, R::kNotActivated}},
      {is({""}), {kUnclear, R::kStatusMissing}},
      {!is({"active", "warning", "error", "inactive", "not-supported"}), {kUnclear, R::kStatusUnknown}},
      {quiet && is({"warning", "error"}), {kNo, R::kOffline}},
      {is({"error"}), {kNo, R::kAgentError}},
      {is({"inactive"}), {kNo, R::kAgentDeactivated}},
      {is({"not-supported"}), {kNo, R::kAgentNotSupported}},
      {row.modules.amounts_to == "protects", {kYes, {}}},
      {row.modules.amounts_to == "unknown", {kUnclear, module_reason}},
      {true, {kNo, module_reason}},
  };
  return std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.first; })->second;
}

Computer Build(const Row& row) {
  Computer computer = Protected();
  SetStatus(computer, row.status);
  if (!row.fingerprint) computer.agent_fingerprint = "";
  if (row.appliance) computer.appliance_fingerprint = "AA:BB";
  computer.last_agent_communication = std::nullopt;
  if (row.silent_for) computer.last_agent_communication = kNow - *row.silent_for;
  computer.modules = row.modules.modules;
  return computer;
}

std::vector<Row> AllRows() {
  std::vector<Row> rows;
  for (const std::string status : kAgentStatuses) {
    for (const bool fingerprint : {false, true}) {
      for (const bool appliance : {false, true}) {
        for (const std::optional<Duration> silent :
             {std::optional<Duration>{}, {1min}, {50min}, {50min + 1ms}, {24h * 365}}) {
          for (const ModuleSet& modules : ModuleSets()) {
            for (const bool required : {false, true}) {
              rows.push_back({status, fingerprint, appliance, silent, modules, required});
            }
          }
        }
      }
    }
  }
  return rows;
}

std::string Describe(const Row& row) {
  return "status `" + row.status + "` fingerprint " + std::to_string(row.fingerprint) + " appliance " +
         std::to_string(row.appliance) + " silent for " +
         (row.silent_for ? FormatDuration(*row.silent_for) : std::string("ever")) + ", modules " +
         row.modules.amounts_to + ", required " + std::to_string(row.ips_required);
}

// What holds whatever the answer is.
void CheckInvariants(const Protection& protection) {
  EXPECT_EQ(protection.state == kYes, protection.decisive.empty());
  for (const ProtectionNote& note : protection.decisive) EXPECT_NE(note.text, "");
  if (protection.CanScan()) {
    ASSERT_TRUE(protection.computer);
    EXPECT_NE(protection.computer->agent_fingerprint, "");
    const std::string word = protection.computer->agent_status.text;
    EXPECT_TRUE(word == "active" || word == "warning") << word;
  }
}

TEST(JudgeProtection, AgreesWithTheOracleOnEveryRow) {
  const std::vector<Row> rows = AllRows();
  EXPECT_EQ(rows.size(), 7U * 2 * 2 * 5 * 8 * 2);
  for (const Row& row : rows) {
    SCOPED_TRACE(Describe(row));
    ProtectionCriteria criteria;
    if (row.ips_required) criteria.required_modules = {Module::kIntrusionPrevention};
    const Protection protection = Judge({Build(row)}, criteria);
    const Expected expected = Oracle(row);
    ASSERT_EQ(ToString(protection.state), ToString(expected.state));
    if (expected.state != kYes) {
      EXPECT_EQ(ToString(protection.decisive.front().reason), ToString(expected.first));
    }
    CheckInvariants(protection);
    const bool in_touch = row.fingerprint && (row.status == "active" ||
                                              (row.status == "warning" && row.silent_for.value_or(0ms) <= 50min));
    EXPECT_EQ(protection.CanScan(), in_touch);
  }
}

TEST(JudgeProtection, AnUnknownWordOfAnAgentOrItsAbsenceIsNeverNotProtected) {
  for (const Row& row : AllRows()) {
    if (!row.fingerprint || (row.status != "isolated" && !row.status.empty())) continue;
    EXPECT_EQ(Judge({Build(row)}).state, kUnclear) << Describe(row);
  }
}

// Every module, state, status, rules and real-time configuration, alone and beside a module that protects.
TEST(JudgeProtection, FollowsTheVerdictOnEveryModuleState) {
  int rows = 0;
  for (const Module module : swp::kAllModules) {
    for (const char* state : {"on", "off", "prevent", "detect", "real-time", "inherited", "adaptive", ""}) {
      for (const std::string status : kAgentStatuses) {
        for (const bool rules : {false, true}) {
          for (const int real_time : {0, 1}) {
            SCOPED_TRACE(std::string(swp::ApiName(module)) + " `" + state + "` `" + status + "`");
            Computer computer = Protected();
            computer.modules = OthersOff(
                {MakeModule(module, state, status, std::vector<RuleId>(rules ? 1 : 0, RuleId{1}), real_time)});
            const ModuleProtection verdict = JudgeModule(computer.modules.front()).protection;
            const ProtectionState wanted = verdict == ModuleProtection::kProtects  ? kYes
                                           : verdict == ModuleProtection::kUnknown ? kUnclear
                                                                                   : kNo;
            const Protection any = Judge({computer});
            const Protection required = Judge({computer}, {{module}, 50min});
            EXPECT_EQ(any.state, wanted);
            EXPECT_EQ(required.state, wanted);
            EXPECT_EQ(any.modules.at(module), verdict);
            EXPECT_EQ(any.modules.size(), swp::kAllModules.size());
            CheckInvariants(any);
            CheckInvariants(required);
            const Module other =
                module == Module::kIntrusionPrevention ? Module::kAntiMalware : Module::kIntrusionPrevention;
            std::erase_if(computer.modules, [&](const ModuleState& m) { return m.module == other; });
            computer.modules.push_back(other == Module::kAntiMalware ? MakeModule(other, "on", "active", {}, 1)
                                                                     : Preventing());
            EXPECT_EQ(Judge({computer}).state, kYes);
            EXPECT_EQ(Judge({computer}, {{other}, 50min}).state, kYes);
            EXPECT_EQ(Judge({computer}, {{other, module}, 50min}).state, wanted);
            ++rows;
          }
        }
      }
    }
  }
  EXPECT_EQ(rows, 8 * 8 * 7 * 2 * 2);
}

// ---- damage --------------------------------------------------------------------------------------------------------

// One member of a whole record at a time, in every damaged form: no such answer says "not protected" that would not say
// it without that member's fact, and none of them says more than before.
struct DamagedRecord {
  const char* member;   // of the record, the last step of it in an object
  const char* instead;  // JSON
  // "protected": the member decides nothing here; "undetermined"; "refused": the answer as a whole is damaged.
  const char* outcome;
};

std::string WholeRecord(const std::string& member, const std::string& instead, const std::string& agent_status) {
  std::string text =
      R"({"ID":34,"policyID":12,"agentFingerPrint":"14:F3","applianceFingerPrint":null,)"
      R"("lastAgentCommunication":1763999880000,"lastSendPolicySuccess":1763992810000,)"
      R"("computerStatus":{"agentStatus":")" +
      agent_status +
      R"(","agentStatusMessages":["x"]},"tasks":{"agentTasks":[]},)"
      R"("ec2VirtualMachineSummary":{"instanceID":"i-0123456789abcdef0","accountID":"111122223333","metadata":[]},)"
      R"("antiMalware":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("webReputation":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("activityMonitoring":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("firewall":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("integrityMonitoring":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("logInspection":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("applicationControl":{"state":"off","moduleStatus":{"agentStatus":"inactive"}},)"
      R"("intrusionPrevention":{"state":"prevent","ruleIDs":[108],"moduleStatus":{"agentStatus":"active"}}})";
  const std::string whole = "\"" + member + "\":";
  // The last one of that name: `state` and the like are meant of Intrusion Prevention.
  const std::size_t at = text.rfind(whole);
  if (at == std::string::npos) return "";
  std::size_t end = at + whole.size();
  int depth = 0;
  for (bool in_text = false; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '"') in_text = !in_text;
    if (!in_text && depth == 0 && (c == ',' || c == '}')) break;
    if (!in_text && (c == '{' || c == '[')) ++depth;
    if (!in_text && (c == '}' || c == ']')) --depth;
  }
  return text.replace(at, end - at, whole + instead);
}

TEST(JudgeProtection, ADamagedMemberIsNeverOffOrAbsent) {
  const DamagedRecord cases[] = {
      {"agentFingerPrint", "7", "refused"},
      {"agentFingerPrint", "[]", "refused"},
      {"agentFingerPrint", "{}", "refused"},
      {"applianceFingerPrint", "true", "refused"},
      {"instanceID", "7", "refused"},
      {"instanceID", "[\"i-0123456789abcdef0\"]", "refused"},
      {"accountID", "111122223333", "refused"},
      {"accountID", "{}", "refused"},
      {"ec2VirtualMachineSummary", "[]", "refused"},
      {"ec2VirtualMachineSummary", "\"i-0123456789abcdef0\"", "refused"},
      {"noConnectorVirtualMachineSummary", "7", ""},
      {"ID", "\"x\"", "refused"},
      {"ID", "-34", "refused"},
      {"ID", "34.5", "refused"},
      {"computerStatus", "\"active\"", "undetermined"},
      {"computerStatus", "[]", "undetermined"},
      {"computerStatus", "null", "undetermined"},
      {"computerStatus", "{}", "undetermined"},
      {"intrusionPrevention", "\"prevent\"", "undetermined"},
      {"intrusionPrevention", "[]", "undetermined"},
      {"intrusionPrevention", "7", "undetermined"},
      {"intrusionPrevention", "null", "undetermined"},
      {"ruleIDs", "\"108\"", "undetermined"},
      {"ruleIDs", "[\"x\"]", "undetermined"},
      {"ruleIDs", "[108,null]", "undetermined"},
      {"ruleIDs", "[108,-1]", "undetermined"},
      {"ruleIDs", "[108,2147483648]", "undetermined"},
      {"ruleIDs", "{}", "undetermined"},
      {"moduleStatus", "\"active\"", "undetermined"},
      {"moduleStatus", "[]", "undetermined"},
      {"moduleStatus", "{}", "undetermined"},
      {"moduleStatus", "{\"agentStatus\":1}", "undetermined"},
      {"moduleStatus", "{\"agentStatus\":[\"active\"]}", "undetermined"},
      {"policyID", "\"none\"", "protected"},
      {"policyID", "-12", "protected"},
      {"lastAgentCommunication", "\"2026-01-01T00:00:00Z\"", "protected"},
      {"lastAgentCommunication", "1763999880", "protected"},
      {"lastAgentCommunication", "1763999880000000", "protected"},
      {"tasks", "7", "protected"},
      {"lastSendPolicySuccess", "{}", "protected"},
  };
  for (const DamagedRecord& one : cases) {
    const std::string text = WholeRecord(one.member, one.instead, "active");
    if (text.empty()) continue;
    SCOPED_TRACE(text);
    const auto json = Json::Parse(text);
    ASSERT_TRUE(json.ok()) << json.error().message;
    const auto computer = swp::ReadComputer(*json);
    EXPECT_EQ(computer.ok(), std::string_view(one.outcome) != "refused");
    const Result<std::vector<Computer>> answer =
        computer.ok() ? Result<std::vector<Computer>>(std::vector{*computer}) : computer.error();
    const Protection protection = JudgeProtection(kWanted, answer, {}, kNow);
    EXPECT_EQ(ToString(protection.state), ToString(std::string_view(one.outcome) == "protected" ? kYes : kUnclear));
    CheckInvariants(protection);
    // No text says what was not seen.
    const std::string words = Words(protection.decisive) + Words(protection.gaps);
    EXPECT_EQ(words.find("no policy"), std::string::npos) << words;
    EXPECT_EQ(words.find("no rule is assigned"), std::string::npos) << words;
    EXPECT_EQ(words.find("Intrusion Prevention is off"), std::string::npos) << words;
  }
}

// An agent that warns may be offline for long: when it was heard last is then what decides.
TEST(JudgeProtection, AWarningWithADateThatCannotBeReadIsUndetermined) {
  for (const char* date : {"\"2026-01-01T00:00:00Z\"", "1763999880", "1763999880000000", "1763999880000000000", "-1",
                           "true", "[1763999880000]", "1.5", "253402300800000"}) {
    const auto computer = swp::ReadComputer(*Json::Parse(WholeRecord("lastAgentCommunication", date, "warning")));
    ASSERT_TRUE(computer.ok()) << date;
    EXPECT_EQ(Judge({*computer}).state, kUnclear) << date;
    // Of two such records nobody can say which is the live one.
    Computer other = Protected(99);
    EXPECT_EQ(Judge({*computer, other}).state, kUnclear) << date;
    NoAgent(other);
    EXPECT_EQ(Judge({*computer, other}).state, kUnclear) << date;
  }
  const auto known =
      swp::ReadComputer(*Json::Parse(WholeRecord("lastAgentCommunication", "\"1763999880000\"", "warning")));
  EXPECT_EQ(Judge({*known}).state, kYes);
}

TEST(JudgeProtection, TheLiveRecordIsFoundBesideAnyNumberOfStaleOnes) {
  for (const int stale : {1, 19, 20, 21, 250, 999}) {
    std::vector<Computer> records;
    for (int i = 0; i < stale; ++i) {
      records.push_back(Protected(1000 + i));
      NoAgent(records.back());
    }
    records.push_back(Protected(34));
    const Protection protection = Judge(records);
    EXPECT_EQ(protection.state, kYes) << stale;
    EXPECT_EQ(protection.computer->id, ComputerId{34});
    EXPECT_EQ(protection.other_records.size(), static_cast<std::size_t>(stale));
    EXPECT_LT(Words(protection.gaps).size(), 400U);
  }
}

// ---- words ---------------------------------------------------------------------------------------------------------

TEST(ProtectionWords, EveryReasonHasItsOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(ProtectionReason::kSilentSince); ++i) {
    words.insert(ToString(static_cast<ProtectionReason>(i)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(ProtectionReason::kSilentSince) + 1);
}

TEST(ProtectionWords, OfStatesAndModules) {
  EXPECT_EQ(ToString(kYes), "protected");
  EXPECT_EQ(ToString(kNo), "not protected");
  EXPECT_EQ(ToString(kUnclear), "undetermined");
  EXPECT_EQ(ToString(ModuleProtection::kProtects), "protects");
  EXPECT_EQ(ToString(ModuleProtection::kPartly), "partly");
  EXPECT_EQ(ToString(ModuleProtection::kOff), "off");
  EXPECT_EQ(ToString(ModuleProtection::kFaulty), "faulty");
  EXPECT_EQ(ToString(ModuleProtection::kUnknown), "unknown");
}

// ---- the contract's examples ---------------------------------------------------------------------------------------

Protection JudgeExample(const std::string& name, const std::string& instance) {
  std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  const auto computer = swp::ReadComputer(*Json::Parse(text.str()));
  return JudgeProtection({InstanceId{instance}, "111122223333"}, std::vector{*computer}, {}, kNow);
}

TEST(ProtectionExamples, AreJudgedAsTheirNamesSay) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  const Protection good = JudgeExample("computer-protected.json", "i-0123456789abcdef0");
  EXPECT_EQ(good.state, kYes) << Words(good.decisive);
  EXPECT_TRUE(good.CanScan());
  const Protection inventory = JudgeExample("computer-unprotected-inventory-only.json", "i-0fedcba9876543210");
  EXPECT_EQ(inventory.state, kNo);
  EXPECT_EQ(inventory.decisive.front().reason, ProtectionReason::kNotActivated);
  const Protection offline = JudgeExample("computer-offline.json", "i-00aa11bb22cc33dd4");
  EXPECT_EQ(offline.state, kNo);
  EXPECT_EQ(Words(offline.decisive),
            "offline: agent offline, last contact 2025-11-24 14:30:00 UTC; SWP status: Offline");
  EXPECT_FALSE(offline.CanScan());
}

}  // namespace
}  // namespace sallyport
