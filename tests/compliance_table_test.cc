// SPDX-License-Identifier: Apache-2.0
//
// The truth table of the rules of AWS Config: agent x module x policy x task x instance x rule, each with its verdict
// and annotation, held against reviewed text in tests/compliance/truth-table.txt. test_config.py hands every row to the
// whole program as an invocation.
//
// After a wanted change: UPDATE_PLANS=1 build/dev/tests/compliance_table_test, then read the difference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/json.h"
#include "base/test_files.h"
#include "compliance/rules.h"

namespace sallyport::compliance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using swp::AgentStatus;
using swp::Module;

const TimePoint kTableNow = FromEpochMilliseconds(1'764'000'000'000);
constexpr const char* kTable = "/tests/compliance/truth-table.txt";
constexpr int kFirstComputer = 1000;

// One row without its verdict, in the words of the table.
struct Row {
  std::string rule;  // "has-policy; policy=12; descendants=true"
  std::string agent = "active";
  std::string ips = "prevent";
  std::string policy = "right";
  std::string tasks = "idle";
  std::string sent = "received";
  std::string scan = "clean";
  std::string instance = "running";

  std::string Words() const {
    std::string words;
    for (const std::string* word : {&rule, &agent, &ips, &policy, &tasks, &sent, &scan, &instance}) {
      words += (words.empty() ? "" : " | ") + *word;
    }
    return words;
  }
};

const std::vector<std::string> kAgents = {"absent",    "none",       "active",   "warning",
                                          "error-now", "error-late", "inactive", "unsupported"};
const std::vector<std::string> kIps = {"prevent", "detect", "off", "no-rules", "error", "warning"};
const std::vector<std::string> kPolicies = {"right", "below", "other", "none"};
const std::vector<std::string> kTasks = {"idle", "busy"};
const std::vector<std::string> kSent = {"received", "pending-now", "pending-late", "never"};
const std::vector<std::string> kScans = {"clean", "missing", "old", "none"};
const std::vector<std::string> kInstances = {"stopped", "terminated", "new", "excluded", "exempt", "exempt-over"};
constexpr const char* kIpsRule = "module-on; modules=intrusion-prevention";

std::vector<Row> AllRows() {
  std::vector<Row> rows;
  for (const auto& agent : kAgents) {
    for (const auto& ips : kIps) {
      for (const auto& tasks : kTasks) {
        for (const char* rule : {"protected", kIpsRule, "clear"}) {
          rows.push_back({.rule = rule, .agent = agent, .ips = ips, .tasks = tasks});
        }
      }
    }
    for (const auto& policy : kPolicies) {
      for (const char* rule : {"has-policy; policy=12", "has-policy; policy=linux WEB server",
                               "has-policy; policy=base policy > linux web server; descendants=true"}) {
        rows.push_back({.rule = rule, .agent = agent, .policy = policy});
      }
      for (const auto& sent : kSent) {
        if (policy == "right" || (policy == "none" && sent == "received"))
          rows.push_back({.rule = "policy-received", .agent = agent, .policy = policy, .sent = sent});
      }
    }
    for (const auto& tasks : kTasks) {
      rows.push_back({.rule = "in-touch", .agent = agent, .tasks = tasks});
      rows.push_back({.rule = "in-touch; maxHours=72", .agent = agent, .tasks = tasks});
    }
    for (const auto& scan : kScans) {
      rows.push_back({.rule = "recommendations-applied", .agent = agent, .scan = scan});
      rows.push_back({.rule = "recommendations-applied; maxDays=30", .agent = agent, .ips = "off", .scan = scan});
    }
  }
  for (const auto& instance : kInstances) {
    for (const RuleKind kind : AllRuleKinds()) {
      std::string rule(NameOf(kind));
      if (kind == RuleKind::kModuleOn) rule = kIpsRule;
      if (kind == RuleKind::kHasPolicy) rule += "; policy=13";
      rows.push_back({.rule = rule, .agent = "none", .instance = instance});
    }
    rows.push_back({.rule = "protected; stopped=evaluate", .instance = instance});
    rows.push_back({.rule = "protected; launchGraceMinutes=0", .agent = "none", .instance = instance});
  }
  for (const char* rule :
       {"ds-IsInstanceProtectedByAntiMalware", "ds-IsInstanceProtectedBy; dsControl=intrusion_prevention",
        "ds-DoesInstanceHavePolicy; dsPolicy=Linux Web Server", "ds-IsInstanceClear",
        "module-on; modules=anti-malware,web-reputation,firewall,log-inspection",
        "module-on; modules=integrity-monitoring,application-control,activity-monitoring",
        "clear; benign=offline;upgrade recommended"}) {
    for (const auto& agent : kAgents) rows.push_back({.rule = rule, .agent = agent});
  }
  return rows;
}

RuleParameters ParametersOf(const std::string& words) {
  JsonWriter out;
  out.BeginObject();
  std::istringstream parts(words);
  std::string part;
  bool first = true;
  std::string name;
  std::string value;
  std::vector<std::pair<std::string, std::string>> pairs;
  while (std::getline(parts, part, ';')) {
    const std::size_t equals = part.find('=');
    if (first) {
      pairs.emplace_back("rule", part);
    } else if (equals == std::string::npos) {
      pairs.back().second += ";" + part;  // a list of texts
    } else {
      pairs.emplace_back(part.substr(part.find_first_not_of(' '), equals - part.find_first_not_of(' ')),
                         part.substr(equals + 1));
    }
    first = false;
  }
  for (const auto& [key, text] : pairs) out.Member(key, text);
  const auto json = Json::Parse(out.EndObject().Take());
  const auto read = ReadParameters(*json, "");
  EXPECT_TRUE(read.ok()) << words << ": " << (read.ok() ? "" : read.error().message);
  return read.ok() ? *read : RuleParameters{};
}

swp::ModuleState On(Module module, std::string state, std::vector<RuleId> rules = {}) {
  swp::ModuleState made;
  made.module = module;
  made.status = state == "off" ? swp::AgentStatusValue{AgentStatus::kInactive, "inactive"}
                               : swp::AgentStatusValue{AgentStatus::kActive, "active"};
  made.state = std::move(state);
  made.rules = std::move(rules);
  return made;
}

swp::ModuleState Ips(const std::string& word) {
  if (word == "off") return On(Module::kIntrusionPrevention, "off", {RuleId{108}});
  swp::ModuleState made = On(Module::kIntrusionPrevention, word == "detect" ? "detect" : "prevent", {RuleId{108}});
  if (word == "no-rules") made.rules.clear();
  if (word == "error") {
    made.status = {AgentStatus::kError, "error"};
    made.message = "Intrusion Prevention Engine Offline";
  }
  if (word == "warning") {
    made.status = {AgentStatus::kWarning, "warning"};
    made.message = "Update in progress";
  }
  return made;
}

void SetAgent(const std::string& word, swp::Computer& computer) {
  const auto status = [&](AgentStatus value, const char* text, const char* message) {
    computer.agent_status = {value, text};
    computer.status_messages = {message};
  };
  computer.has_status = true;
  computer.agent_fingerprint = "14:F3:B3:76";
  computer.last_agent_communication = kTableNow - minutes(2);
  if (word == "active") status(AgentStatus::kActive, "active", "Managed (Online)");
  if (word == "warning") status(AgentStatus::kWarning, "warning", "Upgrade Recommended");
  if (word == "inactive") status(AgentStatus::kInactive, "inactive", "Deactivated");
  if (word == "unsupported") status(AgentStatus::kNotSupported, "not-supported", "Unsupported");
  if (word.starts_with("error")) status(AgentStatus::kError, "error", "Offline");
  if (word == "error-now") computer.last_agent_communication = kTableNow - minutes(5);
  if (word == "error-late") computer.last_agent_communication = kTableNow - hours(48);
  if (word != "none") return;
  status(AgentStatus::kInactive, "inactive", "Unmanaged (Unknown)");
  computer.agent_fingerprint.clear();
  computer.last_agent_communication.reset();
}

swp::FleetComputer ComputerOf(const Row& row, int number, const std::string& instance) {
  swp::FleetComputer fleet;
  swp::Computer& computer = fleet.computer;
  computer.id = {kFirstComputer + number};
  computer.instance_source = swp::InstanceSource::kEc2VirtualMachineSummary;
  computer.instance_id = instance;
  computer.account_id = "111122223333";
  computer.tags.emplace();
  SetAgent(row.agent, computer);
  if (row.agent == "none") return fleet;
  if (row.policy != "none") computer.policy = PolicyId{row.policy == "right" ? 12 : row.policy == "below" ? 14 : 13};
  if (row.tasks == "busy") computer.agent_tasks = {"Performing Security Update"};
  const bool has_policy = row.policy != "none";
  const auto by_policy = [&](const char* state) { return has_policy ? state : "off"; };
  computer.modules = {On(Module::kAntiMalware, by_policy("on")),
                      On(Module::kWebReputation, by_policy("on")),
                      On(Module::kActivityMonitoring, "off"),
                      On(Module::kFirewall, "off"),
                      Ips(row.ips),
                      On(Module::kIntegrityMonitoring, by_policy("real-time"), {RuleId{15}}),
                      On(Module::kLogInspection, by_policy("on"), {RuleId{9}}),
                      On(Module::kApplicationControl, "off")};
  if (has_policy) computer.modules[0].real_time_scan_configuration = 1;
  const TimePoint long_ago = kTableNow - hours(24 * 3);
  if (row.sent != "never") computer.last_send_policy_success = row.sent == "received" ? kTableNow - hours(1) : long_ago;
  if (row.sent == "received") fleet.policy_requested = kTableNow - hours(2);
  if (row.sent == "pending-now") fleet.policy_requested = kTableNow - minutes(10);
  if (row.sent == "pending-late") fleet.policy_requested = kTableNow - hours(5);
  return fleet;
}

swp::Policy PolicyNamed(int id, const char* name, int parent) {
  swp::Policy policy;
  policy.id = {id};
  policy.name = name;
  if (parent != 0) policy.parent = PolicyId{parent};
  return policy;
}

swp::Assignments ScanOf(const Row& row, swp::RuleModule module) {
  swp::Assignments made;
  made.scan_status = row.scan == "none" ? "none" : "valid";
  if (row.scan != "none") made.last_scan = kTableNow - (row.scan == "old" ? hours(24 * 20) : hours(1));
  if (row.scan == "missing" && module == swp::RuleModule::kIntrusionPrevention)
    made.recommended_to_assign = {RuleId{6745}};
  return made;
}

HostFacts FactsOf(const Row& row, int number, const std::string& instance) {
  HostFacts facts;
  facts.computers = std::vector<swp::FleetComputer>{};
  if (row.agent != "absent") facts.computers->push_back(ComputerOf(row, number, instance));
  facts.policies.emplace(PolicyId{1}, PolicyNamed(1, "Base Policy", 0));
  facts.policies.emplace(PolicyId{12}, PolicyNamed(12, "Linux Web Server", 1));
  facts.policies.emplace(PolicyId{13}, PolicyNamed(13, "Linux Batch", 1));
  facts.policies.emplace(PolicyId{14}, PolicyNamed(14, "Linux Web Server Auto Apply", 12));
  for (const swp::RuleModule module : swp::kRuleModules) facts.assignments.emplace(module, ScanOf(row, module));
  facts.run = RunAnswer{
      RunAnswer::Says::kUndetermined,
      "there is no run of the workflow " + std::string(row.rule == "behind-web-acl" ? "waf" : "inspector") + " yet",
      std::nullopt};
  return facts;
}

Resource ResourceOf(const Row& row, const std::string& instance) {
  Resource resource;
  resource.instance = {instance};
  resource.account = "111122223333";
  resource.state = row.instance == "stopped" || row.instance == "terminated" ? row.instance : "running";
  resource.launched = kTableNow - (row.instance == "new" ? minutes(5) : minutes(60 * 24 * 30));
  resource.tags.emplace();
  if (row.instance == "excluded") resource.tags->push_back({"sallyport:exclude", "true"});
  if (row.instance == "exempt") resource.tags->push_back({"sallyport:exempt", "TICKET-7 until 2099-12-31"});
  if (row.instance == "exempt-over") resource.tags->push_back({"sallyport:exempt", "TICKET-7 until 2020-12-31"});
  return resource;
}

std::string InstanceIdOf(int number) {
  char text[32];
  std::snprintf(text, sizeof text, "i-%017x", static_cast<unsigned>(number));
  return text;
}

// Times differ from run to run where the table goes through the whole program.
std::string WithoutTimes(const std::string& text) {
  static const std::regex time(R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC))");
  return std::regex_replace(text, time, "TIME");
}

Verdict VerdictOf(const Row& row, int number) {
  const std::string instance = InstanceIdOf(number);
  const Context context{{}, {"sallyport:exclude", ""}, kTableNow};
  return Judge(ParametersOf(row.rule), ResourceOf(row, instance), FactsOf(row, number, instance), context);
}

std::string Table() {
  std::string text =
      "# rule | agent | intrusion prevention | policy | tasks | sent | scan | instance -> verdict | annotation\n"
      "# What the words mean is in tests/compliance_table_test.cc; the row's number is that of its computer less "
      "1000.\n";
  int number = 0;
  for (const Row& row : AllRows()) {
    const Verdict verdict = VerdictOf(row, ++number);
    text += row.Words() + " -> " + std::string(ToString(verdict.compliance)) + " | " +
            WithoutTimes(verdict.annotation) + "\n";
  }
  return text;
}

TEST(TruthTable, IsAsItWasReviewed) {
  const std::string path = std::string(SALLYPORT_SOURCE_DIR) + kTable;
  const std::string now = Table();
  if (std::getenv("UPDATE_PLANS") != nullptr) std::ofstream(path) << now;
  std::istringstream is(now);
  std::istringstream wanted(ReadFile(path));
  std::string is_line;
  std::string wanted_line;
  int line = 0;
  while (std::getline(wanted, wanted_line)) {
    ++line;
    ASSERT_TRUE(std::getline(is, is_line)) << "line " << line << " is missing: " << wanted_line;
    EXPECT_EQ(is_line, wanted_line) << "line " << line;
  }
  EXPECT_FALSE(std::getline(is, is_line)) << "a new line: " << is_line;
}

TEST(TruthTable, HasFiveHundredRowsAndEveryVerdict) {
  std::map<Compliance, int> counts;
  int number = 0;
  for (const Row& row : AllRows()) {
    const Verdict verdict = VerdictOf(row, ++number);
    ++counts[verdict.compliance];
    EXPECT_LE(verdict.annotation.size(), kAnnotationCharacters) << row.Words();
    EXPECT_FALSE(verdict.annotation.empty()) << row.Words();
    // What is wrong says what to do next.
    if (verdict.compliance == Compliance::kNonCompliant) {
      EXPECT_THAT(verdict.annotation, testing::HasSubstr("Next: ")) << row.Words();
    }
  }
  EXPECT_GE(number, 500);
  for (const Compliance compliance : {Compliance::kCompliant, Compliance::kNonCompliant, Compliance::kNotApplicable}) {
    EXPECT_GE(counts[compliance], 10) << ToString(compliance);
  }
  EXPECT_GE(counts[Compliance::kUndetermined], 4);
}

// Edge case C19.
TEST(TruthTable, AHeartbeatThatIsLateFlipsNoVerdict) {
  int number = 0;
  for (const Row& row : AllRows()) {
    ++number;
    if (row.agent != "active") continue;
    Row late = row;
    late.agent = "error-now";
    const bool modules_work = row.ips != "error" && row.ips != "warning";
    if (modules_work) {
      EXPECT_EQ(VerdictOf(row, number).compliance, VerdictOf(late, number).compliance) << row.Words();
    }
  }
}

}  // namespace
}  // namespace sallyport::compliance
