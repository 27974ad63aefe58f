// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/kinds_for_test.h"
#include "base/own_json.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

const Host kTaggedHost = {"111122223333",
                          "us-east-1",
                          {"i-0123456789abcdef0"},
                          "web \"01\"",
                          std::vector<swp::Tag>{{"Owner", "team"}, {"\xff", ""}}};

Action Again(const Action& action) {
  return KindsForTest().Read(Json::Parse(ActionToJson(action)).value()).value();
}

TEST(ActionJson, EveryActionComesBackAsItWas) {
  Host untagged = kTaggedHost;
  untagged.tags = std::nullopt;
  Host bare = kTaggedHost;
  bare.tags.emplace();
  NotifyOwner message{kTaggedHost,    "team",
                      "tag `Owner`",  "outcome",
                      "headline",     MatterStatus::kFinished,
                      "protected",    {"why"},
                      {"protection"}, {{"verified", "a scan", "it ended"}},
                      {"do"},         {{"Finding", "https://example.com"}}};
  message.host.tags->pop_back();  // bytes that are no text do not survive JSON
  const std::vector<Action> actions = {
      RequestScan{swp::ScanKind::kMalware, ComputerId{34}, untagged, false, std::nullopt},
      RequestScan{swp::ScanKind::kRecommendation, ComputerId{34}, bare, true,
                  RequestScan::Running{ScheduledTaskId{7}, FromEpochMilliseconds(1'764'000'000'123)}},
      AssignRules{swp::RuleModule::kLogInspection,
                  swp::Scope::Of(PolicyId{12}),
                  ComputerId{34},
                  bare,
                  {{RuleId{5}, "1001", "name"}, {RuleId{6}, "", ""}},
                  {{{ComputerId{34}, {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}},
                    {ComputerId{35}, {"", "", {}, "db", std::nullopt}}},
                   ""}},
      AssignRules{swp::RuleModule::kLogInspection, swp::Scope::Of(PolicyId{12}), ComputerId{34}, bare, {}, {{}, "why"}},
      AssignRules{swp::RuleModule::kLogInspection, swp::Scope::Of(ComputerId{34}), ComputerId{34}, bare, {}},
      DeleteTask{ScheduledTaskId{501}, ComputerId{34}, bare},
      PatchInChildPolicy{
          PolicyId{12},
          ChildPolicyName(PolicyId{12}, "Linux"),
          {{RuleId{5}, "1001", "name"}},
          {"CVE-2024-10001"},
          {{ComputerId{34}, {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}}},
          {{{ComputerId{35}, {"", "", {}, "db", std::nullopt}}}, ""}},
      PatchInChildPolicy{
          PolicyId{12}, "one of ours", {}, {}, {}, Targets::Unknown("why"), {ComputerId{34}}, {RuleId{5}}},
      AssignPatches{AssignRules{swp::RuleModule::kIntrusionPrevention,
                                swp::Scope::Of(ComputerId{34}),
                                ComputerId{34},
                                bare,
                                {{RuleId{5}, "1001", "name"}}},
                    {"CVE-2024-10001"},
                    {{ComputerId{34}, {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}}},
                    {ComputerId{34}},
                    {RuleId{5}}},
      PreventPatches{AssignRules{swp::RuleModule::kIntrusionPrevention,
                                 swp::Scope::Of(ComputerId{34}),
                                 ComputerId{34},
                                 bare,
                                 {{RuleId{5}, "1001", "name"}}},
                     {"CVE-2024-10001"},
                     {{ComputerId{34}, {"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}}},
                     {ComputerId{34}}},
      message,
  };
  for (const Action& action : actions) EXPECT_EQ(Again(action), action) << ActionToJson(action);
}

TEST(PatchInChildPolicy, TouchesWhoIsMovedAndWhoIsThereEachOnce) {
  const Target moved = {ComputerId{34}, kTaggedHost};
  const Target there = {ComputerId{35}, kTaggedHost};
  PatchInChildPolicy patches{PolicyId{12}, "one of ours", {}, {}, {moved, there}, {{there}, ""}};
  EXPECT_EQ(TargetsOf(patches).hosts.size(), 2U);
  patches.members = Targets::Unknown("why");
  EXPECT_FALSE(TargetsOf(patches).Known()) << "a gate refuses what is not known";
}

// Of ledgers that earlier releases wrote: format 1 has camelCase, and addresses without a word of what they lead to.
TEST(ActionJson, OfFormat1IsReadAndWrittenInTodaysNames) {
  const std::string host =
      R"("host":{"account":"111122223333","region":"us-east-1","instance":"i-1","name":"n","tags":null})";
  const auto read = [&](const std::string& members) {
    const auto action = KindsForTest().Read(Json::Parse("{" + members + "," + host + "}").value());
    EXPECT_TRUE(action.ok()) << action.error().ToText();
    return action.value_or(Action());
  };
  const Action scan =
      read(R"("kind":"request-scan","scan":"scan-for-recommendations","computer":34,"applyResults":true,"joinsTask":7,)"
           R"("joinsSince":1764000000123)");
  EXPECT_TRUE(scan.As<RequestScan>()->apply_results);
  EXPECT_EQ(scan.As<RequestScan>()->joins->task, ScheduledTaskId{7});
  const Action message = read(
      R"("kind":"notify-owner","owner":"team","ownerSource":"tag `Owner`","reason":"outcome","headline":"h",)"
      R"("status":"open","protectionState":"protected","whyNow":["now"],"toDo":["do"],"links":["https://example.com"])");
  const auto* told = message.As<NotifyOwner>();
  EXPECT_EQ(told->owner_source + told->protection_state + told->why_now.at(0) + told->to_do.at(0),
            "tag `Owner`protectednowdo");
  EXPECT_EQ(told->links, (std::vector<Link>{{"Open", "https://example.com"}}));
  const Action rules =
      read(R"("kind":"assign-rules","module":"loginspection","computer":34,"scope":"policy","scopeId":12,"rules":[],)"
           R"("targetsUnknown":"away")");
  EXPECT_EQ(rules.As<AssignRules>()->policy_targets.unknown, "away");
  for (const Action& action : {scan, message, rules}) {
    EXPECT_THAT(ActionToJson(action), HasSubstr(R"("format":2)"));
    EXPECT_EQ(WithSnakeCaseNames(Json::Parse(ActionToJson(action)).value()).ToText(), ActionToJson(action));
    EXPECT_EQ(Again(action), action);
  }
}

TEST(ActionJson, InAFormatThatIsNotKnownIsRefusedWithASentence) {
  const auto action = KindsForTest().Read(Json::Parse(R"({"kind":"delete-task","format":3})").value());
  ASSERT_FALSE(action.ok());
  EXPECT_EQ(action.error().message, "an action in format 3; this release reads 1 to 2");
}

TEST(ActionJson, WhatIsNoActionIsRefusedWithItsPath) {
  const std::string host = R"("host":{"account":"1","region":"r","instance":"i-1","name":"n","tags":null})";
  const std::pair<std::string, std::string> cases[] = {
      {"{}", "kind: not a kind of action"},
      {R"({"kind":"delete-task"})", "host.instance"},
      {"{" + host + "}", "kind: not a kind of action"},
      {R"({"kind":"reboot",)" + host + "}", "kind: not a kind of action"},
      {R"({"kind":"request-scan","scan":"x",)" + host + "}", "scan: not a scan"},
      {R"({"kind":"request-scan","scan":"scan-for-malware","computer":0,)" + host + "}", "computer"},
      {R"({"kind":"request-scan","scan":"scan-for-malware","computer":1,"joinsTask":2,)" + host + "}", "joins_since"},
      {R"({"kind":"assign-rules","module":"firewall",)" + host + "}", "module: not a module"},
      {R"({"kind":"assign-rules","module":"loginspection","scope":"group",)" + host + "}", "scope: not a scope"},
      {R"({"kind":"assign-rules","module":"loginspection","scope":"policy","scopeId":3000000000,)" + host + "}",
       "scope_id"},
      {R"({"kind":"delete-task","task":"x",)" + host + "}", "task"},
      {R"({"kind":"notify-owner","status":"maybe",)" + host + "}", "status: not a status"},
  };
  for (const auto& [text, path] : cases) {
    const auto action = KindsForTest().Read(Json::Parse(text).value());
    ASSERT_FALSE(action.ok()) << text;
    EXPECT_THAT(action.error().message, HasSubstr(path)) << text;
  }
}

// Plans of the ledger that were made before actions had targets.
TEST(ActionJson, AChangeOfAPolicyWithoutTargetsTouchesHostsThatAreNotKnown) {
  const auto action = KindsForTest().Read(
      Json::Parse(R"({"kind":"assign-rules","host":{"account":"1","region":"r","instance":"i-1","name":"n","tags":[]},)"
                  R"("module":"intrusionprevention","computer":34,"scope":"policy","scopeId":12,)"
                  R"("rules":[{"id":6745,"identifier":"1099006","name":"a rule"}]})")
          .value());
  ASSERT_TRUE(action.ok()) << action.error().ToText();
  EXPECT_EQ(Describe(*action), "1 Intrusion Prevention rule (1099006) for SWP policy 12 (n (i-1) and other hosts)");
  EXPECT_FALSE(TargetsOf(*action).Known());
  EXPECT_THAT(TargetsOf(*action).unknown, HasSubstr("was not read"));
}

// The tags of a policy's hosts are read anew before anything is done, and would make a plan as large as the estate.
TEST(ActionJson, TheTagsOfAPolicysHostsAreNotKept) {
  AssignRules assign;
  assign.scope = swp::Scope::Of(PolicyId{12});
  assign.computer = ComputerId{34};
  assign.host = kTaggedHost;
  assign.host.tags.emplace();
  assign.policy_targets = Targets::One(ComputerId{35}, kTaggedHost);
  const Targets again = TargetsOf(Again(assign));
  ASSERT_TRUE(again.Known());
  EXPECT_EQ(again.hosts.at(0).computer, ComputerId{35});
  EXPECT_EQ(again.hosts.at(0).host.tags, std::nullopt);
}

// Tags that cannot be read are unknown, which the exclusion gate refuses; never "none".
TEST(ActionJson, TagsThatAreNoListAreUnknown) {
  const auto host = HostFromJson(Json::Parse(R"({"instance":"i-1","tags":"none"})").value());
  EXPECT_EQ(host->tags, std::nullopt);
}

}  // namespace
}  // namespace sallyport
