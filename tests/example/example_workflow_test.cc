// SPDX-License-Identifier: Apache-2.0
#include "tests/example/example_workflow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "action/kinds_for_test.h"
#include "config/load.h"
#include "event/parse.h"
#include "workflow/fake_swp.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string ExampleFile(const std::string& name) {
  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/tests/example/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Tables WithExample() {
  Tables tables = ProductTables();
  tables.workflows.push_back(AbuseWorkflow().Row());
  return tables;
}

// One host is protected, the other is known to SWP and has no agent.
std::vector<Plan> PlansOf(const std::string& text, const WorkflowSettings& settings) {
  FakeSwpReads swp;
  swp.computers.emplace("i-0123456789abcdef0", std::vector{ProtectedComputer("i-0123456789abcdef0")});
  swp.computers.emplace("i-0fedcba9876543210", std::vector{InventoryOnly("i-0fedcba9876543210")});
  Sources sources{swp, FromEpochMilliseconds(1'764'000'000'000)};
  const Tables tables = WithExample();
  const Event event = ParseDocument(text, "test", tables.Forms()).at(0).event.value();
  std::vector<Plan> plans;
  const auto to_make = PlansToMake(event, tables, settings);
  for (const PlanToMake& one : to_make.value()) {
    plans.push_back(one.workflow->make_plan(event, one.matter, sources, settings).value());
  }
  return plans;
}

std::string TextOfPlan(const Plan& plan) {
  std::string text =
      std::string(ToString(plan.decision)) + ": " + plan.matter.title + ", case " + plan.matter.subject + "\n";
  for (const std::string& reason : plan.reasons) text += "  why   " + reason + "\n";
  for (const HostDecision& host : plan.hosts) text += "  host  " + NameOf(host.host) + ": " + host.summary + "\n";
  for (const PlannedAction& planned : plan.actions) text += "  do    " + Describe(planned.action) + "\n";
  return text;
}

TEST(ExampleWorkflow, MakesThePlansThatAreWanted) {
  WorkflowSettings settings;
  settings.rows.Edit<AbuseSettings>().watch = true;
  std::string text;
  for (const Plan& plan : PlansOf(ExampleFile("abuse-report.json"), settings)) text += TextOfPlan(plan);
  EXPECT_EQ(text, ExampleFile("abuse-report.txt"));
}

TEST(ExampleWorkflow, EachReportedHostIsACaseOfItsOwn) {
  const auto plans = PlansOf(ExampleFile("abuse-report.json"), {});
  ASSERT_THAT(plans, SizeIs(2));
  EXPECT_NE(plans[0].matter.subject, plans[1].matter.subject);
  EXPECT_THAT(plans[0].actions, SizeIs(2)) << "without abuse.watch nothing is put on the watch list";
  EXPECT_EQ(plans[0].workflow, "abuse");
  EXPECT_EQ(plans[0].matter.service, "AWS Health");
}

TEST(ExampleWorkflow, AReportWithoutAnInstanceIsOutOfScopeAndReadsNothing) {
  const auto plans = PlansOf(R"({"detail-type":"AWS Health Abuse Event","source":"aws.health","detail":{)"
                             R"("eventArn":"arn","eventTypeCode":"AWS_ABUSE_SPAM_REPORT",)"
                             R"("affectedEntities":[{"entityValue":"arn:aws:s3:::example"}]}})",
                             {});
  ASSERT_THAT(plans, SizeIs(1));
  EXPECT_EQ(plans[0].decision, Decision::kOutOfScope);
}

TEST(ExampleWorkflow, AMalformedReportNamesThePath) {
  Event event;
  event.source = "aws.health";
  event.detail_type = "AWS Health Abuse Event";
  event.detail = Json::Parse(R"({"eventArn":7})").value();
  const auto plans = PlansToMake(event, WithExample(), {});
  ASSERT_FALSE(plans.ok());
  EXPECT_THAT(plans.error().message, HasSubstr("eventArn: expected a string"));
}

TEST(ExampleWorkflow, ItsSettingIsKnownToItsProgramAndToNoOther) {
  const Vocabulary with{KindsForTest(), WithExample().Keys()};
  const auto settings = LoadSettings("abuse: {watch: true}", "s.yaml", {}, with);
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_TRUE(settings->rows.Get<AbuseSettings>().watch);
  const auto refused = LoadSettings("abuse: {watch: yes}", "s.yaml", {}, with);
  EXPECT_EQ(refused.error().message, "s.yaml:1: abuse.watch: `yes` is not one of them; allowed: `true` or `false`");
  const auto product = LoadSettings("abuse: {watch: true}", "s.yaml", {}, {KindsForTest(), ProductTables().Keys()});
  EXPECT_THAT(product.error().message, HasSubstr("unknown key `abuse`"));
}

}  // namespace
}  // namespace sallyport
