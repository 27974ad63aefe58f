// SPDX-License-Identifier: Apache-2.0
#include "tests/fault_rows.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "tests/fault_config.h"
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

std::vector<std::string> WafSchedule(TimePoint now) {
  return {ScheduledEvent("nightly-waf", R"("{}")", now)};
}

std::string Changed(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// Findings that are answered together: a host that a rule can cover, one without an agent, a CVE without a rule.
std::vector<std::string> Vulnerable(TimePoint now) {
  const std::string first = ScenarioEvent("vulnerable-package", now);
  std::string second = Changed(Changed(first, "i-0123456789abcdef0", "i-0fedcba9876543210"), "d001", "d002");
  std::string third = Changed(Changed(first, "CVE-2022-22965", "CVE-2020-10001"), "d001", "d003");
  return {first, std::move(second), std::move(third)};
}

// The first of them, as `aws inspector2 list-findings` prints it.
std::vector<std::string> ListOfFindings(TimePoint now) {
  const auto event = Json::Parse(Vulnerable(now).front());
  Check(event.ok(), "an event of the demonstration");
  return {R"({"findings":[)" + (*event)["detail"].ToText() + "]}"};
}

// A finding of Inspector as Security Hub carries it.
std::vector<std::string> FromHub(TimePoint now) {
  const std::string event =
      R"({"version":"0","id":"9b4a1f6e-0000-4000-8000-00000000bbbb","detail-type":"Security Hub Findings - Imported",)"
      R"("source":"aws.securityhub","account":"111122223333","time":"@NOW@","region":"us-east-1","resources":[],)"
      R"("detail":{"findings":[{"SchemaVersion":"2018-10-08",)"
      R"("Id":"arn:aws:inspector2:us-east-1:111122223333:finding/00000000000000000000000000000016",)"
      R"("ProductArn":"arn:aws:securityhub:us-east-1::product/aws/inspector","ProductName":"Inspector",)"
      R"("AwsAccountId":"111122223333","Region":"us-east-1","CreatedAt":"@NOW@","UpdatedAt":"@NOW@",)"
      R"("FirstObservedAt":"@NOW@","Severity":{"Label":"CRITICAL"},"Title":"CVE-2022-22965 - spring-beans",)"
      R"("Types":["Software and Configuration Checks/Vulnerabilities/CVE"],"RecordState":"ACTIVE",)"
      R"("Workflow":{"Status":"NEW"},"ProductFields":{"aws/inspector/FindingStatus":"ACTIVE",)"
      R"("aws/inspector/inspectorScore":"9.8"},"Vulnerabilities":[{"Id":"CVE-2022-22965","RelatedVulnerabilities":[],)"
      R"("VulnerablePackages":[{"Name":"spring-beans","Version":"5.3.17","FixedInVersion":"5.3.18"}]}],)"
      R"("Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",)"
      R"("Region":"us-east-1","Tags":{"Name":"web-01"}}]}]}})";
  return {Changed(event, "@NOW@", FormatTime(now))};
}

// Somebody archived a finding in GuardDuty, as CloudTrail tells it.
std::vector<std::string> Archived(TimePoint now) {
  return {R"({"version":"0","id":"e1","source":"aws.guardduty","detail-type":"AWS API Call via CloudTrail",)"
          R"("account":"111122223333","region":"us-east-1","resources":[],"time":")" +
          FormatTime(now) +
          R"(","detail":{"eventSource":"guardduty.amazonaws.com","eventName":"ArchiveFindings",)"
          R"("userIdentity":{"arn":"arn:aws:iam::111122223333:user/ana"},)"
          R"("requestParameters":{"detectorId":"d","findingIds":["1ab0f7b2c1d34e5f60718293a4b5c6d7"]}}})"};
}

// A finding, and what SWP reports about its host afterwards. Faults take time: the report is from the end of what may
// be.
std::vector<std::string> WithReports(TimePoint now) {
  std::vector<std::string> events = Protected(now);
  const std::string later = FormatTime(now + std::chrono::minutes(9));
  const std::string report = R"([{"UniqueID":"u1","EventType":"AntiMalwareEvent","LogDate":")" + later +
                             R"(","HostID":34,"HostInstanceID":"i-0123456789abcdef0","TenantID":1,)"
                             R"("MalwareName":"Eicar","ScanResultString":"Passed"}])";
  events.push_back(R"({"Type":"Notification","TopicArn":"arn:aws:sns:us-east-1:111122223333:swp","Message":)" +
                   JsonString(report) + "}");
  return events;
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

FaultRow WorkRow(std::string_view name, std::function<std::vector<std::string>(TimePoint)> events, CommandWords armed) {
  FaultRow row;
  row.name = name;
  row.events = std::move(events);
  row.armed = std::move(armed);
  row.after = {{"handle", "--json", "@events"}, {"drive"}};
  return row;
}

void AddWork(std::vector<FaultRow>& rows) {
  rows.push_back(WorkRow("guardduty", ScenarioFindings, {"handle", "--json", "@events"}));
  rows.push_back(WorkRow("guardduty-archive", Archived, {"handle", "--json", "@events"}));
  rows.push_back(WorkRow("swp-events", WithReports, {"handle", "--json", "@events"}));
  rows.back().settings = "swp_events: {topics: [\"arn:aws:sns:us-east-1:111122223333:swp\"], wait: 0s}\n";
  rows.push_back(WorkRow("guardduty, a dry run", ScenarioFindings, {"handle", "--json", "--dry-run", "@events"}));
  rows.push_back(WorkRow("follow-ups of guardduty", ScenarioFindings, {"drive"}));
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(WorkRow("followups run", Protected, {"followups", "run", "--json", "--wait", "3m"}));
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(WorkRow("macie", Bucket, {"handle", "--json", "@events"}));
  rows.back().needs_aws = true;
  rows.push_back(WorkRow("follow-ups of macie", Bucket, {"drive"}));
  rows.back().needs_aws = true;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(WorkRow("waf, a schedule", WafSchedule, {"handle", "--json", "@events"}));
  rows.back().needs_aws = true;
  rows.back().settings = kWafWrites;
  rows.back().gates = kAllowWaf;
  rows.push_back(WorkRow("follow-ups of waf", WafSchedule, {"drive"}));
  rows.back().needs_aws = true;
  rows.back().settings = kWafWrites;
  rows.back().gates = std::string(kAllowWaf) + "  approval: {expires: 1h}\n";
  // What is counted is watched for three hours first.
  rows.back().before = {{"handle", "--json", "@events"}, {"wait", "3h"}};
  rows.push_back(WorkRow("plans approve", Protected, {"plans", "approve", "@digest", "--json"}));
  rows.back().needs_aws = true;  // who decides, AWS is asked too
  rows.back().gates = kAskAPerson;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {{"plans", "approve", "@digest", "--json"}, {"handle", "--json", "@events"}, {"drive"}};
  rows.push_back(WorkRow("plans reject", Protected, {"plans", "reject", "@digest", "--why", "no"}));
  rows.back().needs_aws = true;  // who decides, AWS is asked too
  rows.back().gates = kAskAPerson;
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {{"plans", "reject", "@digest", "--why", "no"}, {"handle", "--json", "@events"}, {"drive"}};
  rows.push_back(WorkRow("cases close", Protected, {"cases", "close", "1", "--reason", "a test host", "--json"}));
  rows.back().needs_aws = true;  // who decides, AWS is asked too
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {{"cases", "close", "1", "--reason", "a test host", "--json"}, {"drive"}};
  rows.push_back(WorkRow("cases ack", Protected, {"cases", "ack", "1", "--json"}));
  rows.back().needs_aws = true;  // who decides, AWS is asked too
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.back().after = {{"cases", "ack", "1", "--json"}, {"drive"}};
  rows.push_back(WorkRow("cases retry", Protected, {"cases", "retry", "1", "--yes", "--json"}));
  rows.back().before = {{"handle", "--json", "@events"}, {"drive"}};
  rows.push_back(WorkRow("ledger replay", Protected, {"ledger", "replay", "1", "--json"}));
  rows.back().before = {{"handle", "--json", "@events"}, {"drive"}};
}

// Inspector's findings join; what they lead to is decided when they are answered together.
void AddPatches(std::vector<FaultRow>& rows) {
  const std::string settings = "inspector: {recommendation_scans: 1}\n";
  const auto add = [&](FaultRow row) {
    row.settings = settings;
    rows.push_back(std::move(row));
  };
  add(WorkRow("inspector", Vulnerable, {"handle", "--json", "@events"}));
  add(WorkRow("follow-ups of inspector", Vulnerable, {"drive"}));
  rows.back().before = {{"handle", "--json", "@events"}};
  add(WorkRow("inspector-hub", FromHub, {"handle", "--json", "@events"}));
  add(WorkRow("inspect", ListOfFindings, {"inspect", "--json", "@events"}));
  rows.back().after = {{"inspect", "--json", "@events"}, {"drive"}};
  add(WorkRow("inspect --sweep", Vulnerable, {"inspect", "--sweep", "--json"}));
  rows.back().needs_aws = true;
  rows.back().before = {{"handle", "--json", "@events"}, {"drive"}};
  rows.back().after = {{"inspect", "--sweep", "--json"}, {"drive"}};
  const auto look = [&](std::string_view name, CommandWords armed) {
    add(Look(name, std::move(armed)));
    rows.back().events = Vulnerable;
  };
  look("coverage", {"coverage", "--csv"});
  rows.back().needs_aws = true;
  look("coverage --known", {"coverage", "--known", "--csv"});
  look("patches list", {"patches", "list"});
  look("patches show", {"patches", "show", "CVE-2022-22965"});
  look("patches export", {"patches", "export", "--csv"});
  // Days at risk go on while a disk is slow.
  rows.back().moves = R"(,\d+\.\d{3}(?=,|$))";
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
  doctor.name = "doctor --clean-up";
  doctor.api_key = "SIM-KEY-FULL";
  doctor.armed = {"doctor", "--clean-up", "--json"};
  // Scans that nobody asked about until their tasks were left behind.
  doctor.before = {{"handle", "--json", "@events"}, {"wait", "7h"}};
  doctor.tasks_stay = true;
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
  const CommandWords fill = {"waf", "ip-list", "guardduty-blocked", "--v4", "blocked", "--json"};
  rows.push_back(WorkRow("waf ip-list", WafSchedule, fill));
  rows.back().after = {fill, {"drive"}};
  rows.back().needs_aws = true;
  rows.back().settings = "waf: {resource_types: []}\n";
  rows.back().gates = "  allow: [notify-owner, update-ip-set]\n";
  rows.back().before = {{"handle", "--json", "@events"}};
  rows.push_back(Look("waf", {"waf", "--csv"}));
  rows.back().needs_aws = true;
  rows.back().events = WafSchedule;
  rows.back().settings = "waf: {resource_types: []}\n";
  rows.push_back(Look("cases list", {"cases", "list", "--json"}));
  rows.push_back(Look("cases show", {"cases", "show", "1", "--json"}));
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
  AddPatches(rows);
  AddChecks(rows);
  AddWhoCan(rows);
  AddLooks(rows);
  AddConfigRows(rows);
  return rows;
}

std::vector<NotInTheMatrix> CommandsWithoutRow() {
  return {{"lambda", "handles events as `handle` does; what it reads itself is in tests/python/test_lambda.py"},
          {"demo", "brings its own simulators"},
          {"sim", "is a simulator"}};
}

std::vector<NotInTheMatrix> PartsWithoutRow() {
  return {};
}

}  // namespace sallyport
