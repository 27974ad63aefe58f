// SPDX-License-Identifier: Apache-2.0
#include "intake/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/request_scan.h"
#include "base/json.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::Not;

EventReport Sample() {
  EventReport report;
  report.origin = "finding.json";
  report.number = EventNumber{17};
  report.case_number = EventNumber{17};
  report.state = EventState::kDone;
  report.reason = "1 scan planned";
  report.event = Event{};
  report.event->source = "aws.guardduty";
  report.event->detail_type = "GuardDuty Finding";
  Plan plan;
  plan.workflow = "guardduty";
  plan.matter.title = "Trojan:EC2/DropPoint";
  plan.reasons = {"family trojan"};
  HostDecision host;
  host.host = {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web\x1b[31m\n01", std::nullopt};
  host.protection.state = ProtectionState::kProtected;
  host.protection.gaps = {{ProtectionReason::kDetectOnly, std::nullopt, "is in detect mode", ""},
                          {ProtectionReason::kModuleOff, std::nullopt, "Firewall is off", ""}};
  host.scans = {{swp::ScanKind::kMalware, ScanVerdict::kNotApplicable, "Anti-Malware is off"}};
  host.summary = "1 scan planned";
  plan.hosts = {host};
  PlannedAction planned;
  planned.action = RequestScan{swp::ScanKind::kIntegrity, ComputerId{34}, host.host, false, std::nullopt};
  planned.why = {"because"};
  plan.actions = {planned};
  ActionOutcome outcome;
  outcome.state = ActionState::kWould;
  outcome.reason = "a dry run calls nothing";
  outcome.would_do = "POST https://swp.example.com/api/scheduledtasks {}";
  outcome.gates = {{"kill-switch", true, ""}, {"mode", false, "observe mode"}};
  report.plans = {{plan, CaseNumber{17}, {outcome}}};
  report.swp_calls = 3;
  return report;
}

TEST(ReportText, SaysEverythingAReaderNeeds) {
  const std::string text = ReportText(Sample(), Paint(false));
  for (const char* part :
       {"Trojan:EC2/DropPoint", "case 17", "finding.json", "family trojan", "protected", "is in detect mode",
        "malware scan: not-applicable, Anti-Malware is off", "integrity scan on ", "would",
        "| POST https://swp.example.com", "3 SWP calls", "closed: 1 scan planned"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("Firewall is off")));
}

TEST(ReportText, ColorsOnlyWhenAskedAndNeverPassesEscapesOn) {
  EXPECT_THAT(ReportText(Sample(), Paint(false)), Not(HasSubstr("\x1b")));
  const std::string colored = ReportText(Sample(), Paint(true));
  EXPECT_THAT(colored, HasSubstr("\x1b[32mprotected\x1b[0m"));
  EXPECT_THAT(colored, Not(HasSubstr("web\x1b[31m")));
}

TEST(ReportJson, IsOneLineOfValidJson) {
  const std::string line = ReportJson(Sample());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = Json::Parse(line);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["case"].Int64Or(0), 17);
  EXPECT_EQ((*json)["swp_calls"].Int64Or(0), 3);
  ASSERT_EQ((*json)["plans"].Elements().size(), 1U);
  const Json told = (*json)["plans"].Elements().at(0);
  EXPECT_EQ(told["case"].Int64Or(0), 17);
  EXPECT_EQ(told["plan"]["decision"].StringOr(""), "nothing");
  const Json outcome = told["outcomes"].Elements().at(0);
  EXPECT_EQ(outcome["state"].StringOr(""), "would");
  EXPECT_EQ(outcome["gates"].Elements().at(1)["reason"].StringOr(""), "observe mode");
}

TEST(ReportText, OfSeveralPlansSaysWhichWorkflowDecidedAboutWhat) {
  EventReport report = Sample();
  EXPECT_THAT(ReportText(report, Paint(false)), Not(HasSubstr("  plan    " + report.plans.front().plan.workflow)));
  report.plans.push_back(report.plans.front());
  report.plans.back().plan.workflow = "second";
  report.plans.back().case_number = CaseNumber{18};
  EXPECT_THAT(ReportText(report, Paint(false)), HasSubstr("  plan    second, Trojan:EC2/DropPoint  case 18"));
}

TEST(ReportText, AnUnreadableEventHasItsReason) {
  EventReport report;
  report.origin = "x.json";
  report.state = EventState::kUnreadable;
  report.reason = "x.json: not valid JSON";
  const std::string text = ReportText(report, Paint(false));
  EXPECT_THAT(text, HasSubstr("unreadable event"));
  EXPECT_THAT(text, HasSubstr("unreadable: x.json: not valid JSON"));
}

}  // namespace
}  // namespace sallyport
