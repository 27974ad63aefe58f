// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/action.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

const Host kTaggedHost = {"111122223333",
                          "us-east-1",
                          {"i-0123456789abcdef0"},
                          "web \"01\"",
                          std::vector<swp::Tag>{{"Owner", "team"}, {"\xff", ""}}};

Action Again(const Action& action) {
  return ActionFromJson(Json::Parse(ActionToJson(action)).value()).value();
}

TEST(ActionJson, EveryActionComesBackAsItWas) {
  Host untagged = kTaggedHost;
  untagged.tags = std::nullopt;
  Host bare = kTaggedHost;
  bare.tags.emplace();
  NotifyOwner message{kTaggedHost,    "team",
                      "tag `Owner`",  "outcome",
                      "headline",     MatterStatus::kResolved,
                      "protected",    {"why"},
                      {"protection"}, {{"verified", "a scan", "it ended"}},
                      {"do"},         {"https://example.com"}};
  message.host.tags->pop_back();  // bytes that are no text do not survive JSON
  const std::vector<Action> actions = {
      RequestScan{swp::ScanKind::kMalware, ComputerId{34}, untagged, false, std::nullopt},
      RequestScan{swp::ScanKind::kRecommendation, ComputerId{34}, bare, true,
                  RequestScan::Running{ScheduledTaskId{7}, FromEpochMilliseconds(1'764'000'000'123)}},
      AssignRules{swp::RuleModule::kLogInspection,
                  swp::Scope::Of(PolicyId{12}),
                  ComputerId{34},
                  bare,
                  {{RuleId{5}, "1001", "name"}, {RuleId{6}, "", ""}}},
      DeleteTask{ScheduledTaskId{501}, ComputerId{34}, bare},
      message,
  };
  for (const Action& action : actions) EXPECT_EQ(Again(action), action) << ActionToJson(action);
}

TEST(ActionJson, WhatIsNoActionIsRefusedWithItsPath) {
  const std::string host = R"("host":{"account":"1","region":"r","instance":"i-1","name":"n","tags":null})";
  const std::pair<std::string, std::string> cases[] = {
      {"{}", "host.instance"},
      {"{" + host + "}", "kind: not a kind of action"},
      {R"({"kind":"reboot",)" + host + "}", "kind: not a kind of action"},
      {R"({"kind":"request-scan","scan":"x",)" + host + "}", "scan: not a scan"},
      {R"({"kind":"request-scan","scan":"scan-for-malware","computer":0,)" + host + "}", "computer"},
      {R"({"kind":"request-scan","scan":"scan-for-malware","computer":1,"joinsTask":2,)" + host + "}", "joinsSince"},
      {R"({"kind":"assign-rules","module":"firewall",)" + host + "}", "module: not a module"},
      {R"({"kind":"assign-rules","module":"loginspection","scope":"group",)" + host + "}", "scope: not a scope"},
      {R"({"kind":"assign-rules","module":"loginspection","scope":"policy","scopeId":3000000000,)" + host + "}",
       "scopeId"},
      {R"({"kind":"delete-task","task":"x",)" + host + "}", "task"},
      {R"({"kind":"notify-owner","status":"maybe",)" + host + "}", "status: not a status"},
  };
  for (const auto& [text, path] : cases) {
    const auto action = ActionFromJson(Json::Parse(text).value());
    ASSERT_FALSE(action.ok()) << text;
    EXPECT_THAT(action.error().message, HasSubstr(path)) << text;
  }
}

// Tags that cannot be read are unknown, which the exclusion gate refuses; never "none".
TEST(ActionJson, TagsThatAreNoListAreUnknown) {
  const auto host = HostFromJson(Json::Parse(R"({"instance":"i-1","tags":"none"})").value());
  EXPECT_EQ(host->tags, std::nullopt);
}

}  // namespace
}  // namespace sallyport
