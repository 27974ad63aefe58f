// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_rows.h"

#include "tests/scenario.h"

namespace sallyport {
namespace {

// All approvals in one: every scan needs a yes.
constexpr const char* kAskAPerson = "  approval: {above_hosts: 10, actions: [request-scan], expires: 6h}\n";

// Types beside ALBs are one call each of the same kind.
constexpr const char* kWafWrites = "waf: {resource_types: [], change: true, watch: 3h}\n";
constexpr const char* kAllowWaf = "  allow: [notify-owner, update-web-acl]\n";

std::vector<std::string> Protected(TimePoint now) {
  return {ScenarioFindings(now).front()};
}

std::vector<std::string> Bucket(TimePoint now) {
  return {ScenarioEvent("personal-data-in-a-bucket", now)};
}

// What EventBridge Scheduler sends for a schedule that starts a run of the map.
std::vector<std::string> WafSchedule(TimePoint now) {
  return {
      R"({"version":"0","id":"fault-waf","source":"aws.scheduler","detail-type":"Scheduled Event","account":"111122223333",)"
      R"("region":"us-east-1","time":")" +
      FormatTime(now) +
      R"(","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly-waf"],"detail":"{}"})"};
}

FaultRow Look(std::string_view name, CommandWords armed) {
  FaultRow row;
  row.name = name;
  row.judge = FaultJudge::kLines;
  row.events = Protected;
  row.before = {{"handle", "--json", "@events"}, {"drive"}};
  row.armed = std::move(armed);
  return row;
}

FaultRow Work(std::string_view name, std::function<std::vector<std::string>(TimePoint)> events, CommandWords armed) {
  FaultRow row;
  row.name = name;
  row.events = std::move(events);
  row.armed = std::move(armed);
  row.after = {{"handle", "--json", "@events"}, {"drive"}};
  return row;
}

void AddWork(std::vector<FaultRow>& rows) {
  rows.push_back(Work("guardduty", ScenarioFindings, {"handle", "--json", "@events"}));
  rows.push_back(Work("guardduty, a dry run", ScenarioFindings, {"handle", "--json", "--dry-run", "@events"}));
  rows.push_back(Work("follow-ups of guardduty", ScenarioFindings, {"drive"}));
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(Work("followups run", Protected, {"followups", "run", "--json", "--wait", "3m"}));
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(Work("macie", Bucket, {"handle", "--json", "@events"}));
  rows.back().needs_aws = true;
  rows.push_back(Work("follow-ups of macie", Bucket, {"drive"}));
  rows.back().needs_aws = true;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(Work("waf", WafSchedule, {"handle", "--json", "@events"}));
  rows.back().needs_aws = true;
  rows.back().settings = kWafWrites;
  rows.back().gates = kAllowWaf;
  rows.push_back(Work("follow-ups of waf", WafSchedule, {"drive"}));
  rows.back().needs_aws = true;
  rows.back().settings = kWafWrites;
  rows.back().gates = kAllowWaf;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(Work("plans approve", Protected, {"plans", "approve", "@digest", "--by", "somebody", "--json"}));
  rows.back().gates = kAskAPerson;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {
      {"plans", "approve", "@digest", "--by", "somebody", "--json"}, {"handle", "--json", "@events"}, {"drive"}};
  rows.push_back(Work("plans reject", Protected, {"plans", "reject", "@digest", "--by", "somebody", "--why", "no"}));
  rows.back().gates = kAskAPerson;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {
      {"plans", "reject", "@digest", "--by", "somebody", "--why", "no"}, {"handle", "--json", "@events"}, {"drive"}};
  rows.push_back(Work("ledger replay", Protected, {"ledger", "replay", "1", "--json"}));
  rows.back().before = {{"handle", "--json", "@events"}, {"drive"}};
}

void AddChecks(std::vector<FaultRow>& rows) {
  FaultRow doctor;
  doctor.name = "doctor";
  doctor.judge = FaultJudge::kChecks;
  doctor.needs_aws = true;
  doctor.events = Protected;
  doctor.before = {{"handle", "--json", "@events"}};
  doctor.armed = {"doctor", "--json"};
  rows.push_back(doctor);
  doctor.name = "doctor, a key that may not read tasks";
  doctor.api_key = "SIM-KEY-NO-TASKS";
  doctor.before = {};
  doctor.code = 5;
  rows.push_back(doctor);
  doctor.name = "doctor, a key that nearly expires";
  doctor.api_key = "SIM-KEY-NEARLY-EXPIRED";
  doctor.code = 0;
  rows.push_back(doctor);
  doctor.name = "doctor, a key that has expired";
  doctor.api_key = "SIM-KEY-EXPIRED";
  doctor.code = 5;
  rows.push_back(doctor);
  doctor.name = "doctor --sweep";
  doctor.api_key = "SIM-KEY-FULL";
  doctor.armed = {"doctor", "--sweep", "--json"};
  doctor.code = 0;
  rows.push_back(doctor);
  FaultRow notify = Look("notify test", {"notify", "test", "--json"});
  rows.push_back(std::move(notify));
}

void AddWhoCan(std::vector<FaultRow>& rows) {
  FaultRow row;
  row.name = "who-can";
  row.judge = FaultJudge::kWhoCan;
  row.needs_aws = true;
  row.armed = {"who-can", "example-customers", "--json"};
  rows.push_back(row);
  row.name = "who-can, a role that is denied";
  row.armed = {"who-can", "example-customers", "--principal", "arn:aws:iam::111122223333:role/app/web", "--json"};
  rows.push_back(row);
}

void AddLooks(std::vector<FaultRow>& rows) {
  rows.push_back(Look("waf", {"waf", "--csv"}));
  rows.back().needs_aws = true;
  rows.back().events = WafSchedule;
  rows.back().settings = "waf: {resource_types: []}\n";
  rows.push_back(Look("ledger list", {"ledger", "list", "--json"}));
  rows.push_back(Look("ledger show", {"ledger", "show", "1", "--json"}));
  rows.push_back(Look("ledger verify", {"ledger", "verify", "--json"}));
  rows.push_back(Look("ledger heads", {"ledger", "heads", "--json"}));
  rows.push_back(Look("ledger export", {"ledger", "export"}));
  rows.push_back(Look("ledger trim", {"ledger", "trim", "--older-than", "1s"}));
  rows.push_back(Look("followups list", {"followups", "list", "--all", "--json"}));
  rows.push_back(Look("plans list", {"plans", "list", "--state", "any", "--json"}));
  rows.push_back(Look("plans show", {"plans", "show", "@digest", "--json"}));
  rows.back().gates = kAskAPerson;
  rows.back().before = {{"handle", "--json", "@events"}};
}

}  // namespace

std::vector<FaultRow> FaultRows() {
  std::vector<FaultRow> rows;
  AddWork(rows);
  AddChecks(rows);
  AddWhoCan(rows);
  AddLooks(rows);
  return rows;
}

std::vector<NotInTheMatrix> CommandsWithoutRow() {
  return {{"lambda", "handles events as `handle` does; what it reads itself is in tests/python/test_lambda.py"},
          {"demo", "brings its own simulators"},
          {"sim", "is a simulator"}};
}

}  // namespace sallyport
