// SPDX-License-Identifier: Apache-2.0
#include "edge/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounds.h"
#include "base/fake_documents.h"
#include "base/json.h"
#include "edge/text.h"

namespace sallyport::edge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using StoredRun = Run;  // a test has a Run of its own

constexpr std::string_view kShop = "arn:acl/shop";

RunHost HostWith(const std::string& id, HostState state) {
  RunHost host;
  host.account = "111122223333";
  host.region = "us-east-1";
  host.id = id;
  host.name = "web";
  host.state = state;
  host.runs = "running";
  host.swp.classes.emplace();
  host.swp.classes->push_back({"apache", {{"1 - rule", "Web Server Apache"}}, 7});
  host.ways.push_back(
      {"open", "the internet reaches ALB web itself", {{"balancer", "arn:lb/web", ""}}, "web", "healthy", ""});
  return host;
}

StoredRun Made() {
  StoredRun run;
  run.at = *ParseTime("2026-11-28T10:00:00Z");
  run.rules_at = run.at;
  run.gaps = {{Part::kTargetGroups, "111122223333", "eu-west-1", "AccessDenied"}};
  run.notes = {"a note"};
  run.breaks = {{"origin", "S3 bucket: no host"}};
  run.hosts = {HostWith("i-a", HostState::kNot), HostWith("i-b", HostState::kBehind)};
  RunAcl acl;
  acl.arn = kShop;
  acl.name = "shop";
  acl.strength = "enforced";
  acl.owner = "anybody";
  acl.logs = true;
  acl.groups = {"AWS/A: enforce"};
  run.acls = {acl};
  run.things = {{"ALB", "arn:lb/web", "web", "111122223333", "us-east-1", "", "directly"}};
  RunCandidate candidate;
  candidate.acl = kShop;
  candidate.thing_name = "shop";
  candidate.group = {"AWS", "B"};
  candidate.hosts = {"i-b"};
  candidate.capacity_before = 700;
  candidate.capacity_after = 900;
  run.candidates = {candidate};
  run.rules[12] = {"1008839", "Apache Struts", "Web Application Common"};
  run.calls["wafv2 GetWebACL"] = 3;
  run.changes = {"gone: x"};
  run.places = {{"111122223333", "us-east-1"}, {"111122223333", "eu-west-1"}};
  run.last_hosts = {{"111122223333", "eu-west-1", "i-far", "far", HostState::kBehind}};
  run.last_acls = {acl};
  run.before = run.at;
  return run;
}

TEST(EdgeRun, IsReadBackAsItWas) {
  const StoredRun run = Made();
  const auto again = RunFromPieces(PiecesOf(run));
  ASSERT_TRUE(again.ok()) << again.error().ToText();
  EXPECT_EQ(again->hosts, run.hosts);
  EXPECT_EQ(again->acls, run.acls);
  EXPECT_EQ(again->things, run.things);
  EXPECT_EQ(again->candidates, run.candidates);
  EXPECT_EQ(again->gaps, run.gaps);
  EXPECT_EQ(again->places, run.places);
  EXPECT_EQ(again->last_hosts, run.last_hosts);
  EXPECT_EQ(again->last_acls, run.last_acls);
  EXPECT_EQ(again->breaks, run.breaks);
  EXPECT_EQ(again->notes, run.notes);
  EXPECT_EQ(again->changes, run.changes);
  EXPECT_EQ(again->calls, run.calls);
  EXPECT_EQ(again->rules.at(12).name, "Apache Struts");
  EXPECT_EQ(again->at, run.at);
  EXPECT_EQ(again->before, run.before);
}

TEST(EdgeRun, IsStoredInPiecesBelowTheirBound) {
  StoredRun run = Made();
  run.hosts.clear();
  for (int i = 0; i < 5'000; ++i) run.hosts.push_back(HostWith("i-" + std::to_string(i), HostState::kNot));
  run.hosts[7].ways[0].entry = std::string(200'000, 'x');
  const auto pieces = PiecesOf(run);
  EXPECT_LT(pieces.size(), 200U);
  for (const std::string& piece : pieces) EXPECT_LT(piece.size(), bounds::kDocumentPieceBytes);
  const auto again = RunFromPieces(pieces);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->hosts, run.hosts);
}

TEST(EdgeRun, WhatIsNoRunIsRefused) {
  EXPECT_FALSE(RunFromPieces({}).ok());
  EXPECT_FALSE(RunFromPieces({"{}"}).ok());
  EXPECT_FALSE(RunFromPieces({"not json"}).ok());
  auto pieces = PiecesOf(Made());
  pieces[0].replace(pieces[0].find("\"format\":1"), 10, "\"format\":9");
  const auto newer = RunFromPieces(pieces);
  ASSERT_FALSE(newer.ok());
  EXPECT_THAT(newer.error().message, HasSubstr("does not know"));
  pieces = PiecesOf(Made());
  pieces[1].replace(pieces[1].find("\"not\""), 5, "\"odd\"");
  EXPECT_FALSE(RunFromPieces(pieces).ok());
}

TEST(EdgeRun, OtherWorkflowsFindAHostAndTheHeader) {
  FakeDocuments documents;
  EXPECT_FALSE(FindRunHost(documents, "111122223333", "us-east-1", "i-a")->has_value());
  EXPECT_FALSE(FindRunHeader(documents)->has_value());
  documents.Put(std::string(kRunDocument), PiecesOf(Made()));
  const auto host = FindRunHost(documents, "111122223333", "us-east-1", "i-b");
  ASSERT_TRUE(host.ok() && host->has_value());
  EXPECT_EQ((*host)->state, HostState::kBehind);
  EXPECT_FALSE(FindRunHost(documents, "444455556666", "us-east-1", "i-b")->has_value());
  const auto header = FindRunHeader(documents);
  ASSERT_TRUE(header.ok() && header->has_value());
  EXPECT_EQ((*header)->hosts, 2U);
  EXPECT_EQ((*header)->states.at(HostState::kNot), 1U);
  EXPECT_EQ((*header)->gaps.size(), 1U);
}

// What is compared: a run as it was made, without what it remembers.
StoredRun Plain() {
  StoredRun run = Made();
  run.gaps.clear();
  run.last_hosts.clear();
  run.last_acls.clear();
  for (RunAcl& acl : run.acls) acl.account = "111122223333", acl.region = "us-east-1";
  return run;
}

TEST(EdgeRun, TheDifferenceNamesWhatGotWorseAndWhatIsGone) {
  StoredRun before = Plain();
  StoredRun now = Plain();
  now.hosts[1].state = HostState::kPartly;
  now.hosts.push_back(HostWith("i-new", HostState::kNot));
  before.hosts.push_back(HostWith("i-gone", HostState::kNot));
  now.acls[0].groups = {"AWS/A: count", "AWS/C: enforce"};
  now.acls[0].strength = "counted";
  now.acls[0].logs = false;
  const RunDifference difference = DifferenceOf(before, now);
  EXPECT_THAT(difference.lost, ElementsAre("web (i-b): behind -> partly"));
  EXPECT_THAT(difference.exposed, ElementsAre("web (i-new): not"));
  EXPECT_THAT(difference.found, IsEmpty());
  EXPECT_THAT(difference.gone, ElementsAre("web (i-gone)"));
  EXPECT_THAT(difference.acls, ElementsAre("web ACL shop: AWS/A: count is new", "web ACL shop: AWS/A: enforce changed",
                                           "web ACL shop: AWS/C: enforce is new", "web ACL shop: enforced -> counted",
                                           "web ACL shop: logging is off now"));
  EXPECT_TRUE(DifferenceOf(before, before).empty());
}

// A run in which the instances and web ACLs of the region were not read.
StoredRun Blind() {
  StoredRun run = Plain();
  run.hosts.clear();
  run.acls.clear();
  run.gaps = {{Part::kInstances, "111122223333", "us-east-1", "denied"},
              {Part::kRegionalAcls, "111122223333", "us-east-1", "denied"}};
  return run;
}

TEST(EdgeRun, WhatOneOfTheRunsCouldNotReadIsNoDifference) {
  const StoredRun before = Plain();
  EXPECT_TRUE(DifferenceOf(before, Blind()).empty());
  StoredRun unsure = Plain();
  unsure.hosts[1].state = HostState::kUndetermined;
  unsure.acls[0].unread_why = "deleted";
  unsure.acls[0].groups.clear();
  EXPECT_TRUE(DifferenceOf(before, unsure).empty());
  // Seen for the first time: neither new nor a loss.
  const RunDifference seen = DifferenceOf(Blind(), before);
  EXPECT_THAT(seen.found, ElementsAre("web (i-a): not"));
  EXPECT_TRUE(seen.exposed.empty() && seen.acls.empty() && seen.lost.empty());
  EXPECT_THAT(DifferenceLines(seen, 10),
              ElementsAre("without an enforcing web ACL, undetermined before: web (i-a): not"));
}

TEST(EdgeRun, WhatARunCouldNotTellIsComparedWithWhatWasSaidLast) {
  const StoredRun before = Plain();
  StoredRun unsure = Plain();
  unsure.hosts[1].state = HostState::kUndetermined;
  unsure.acls[0].unread_why = "deleted";
  unsure.acls[0].groups.clear();
  for (StoredRun between : {Blind(), unsure}) {
    Remember(before, between);
    StoredRun once_more = between;
    once_more.last_hosts.clear();
    once_more.last_acls.clear();
    Remember(between, once_more);
    EXPECT_EQ(once_more.last_hosts, between.last_hosts);
    EXPECT_EQ(once_more.last_acls, before.acls);
    EXPECT_TRUE(DifferenceOf(once_more, before).empty());
    StoredRun worse = Plain();
    worse.hosts[1].state = HostState::kNot;
    worse.acls[0].groups.clear();
    const RunDifference difference = DifferenceOf(once_more, worse);
    EXPECT_THAT(difference.lost, ElementsAre("web (i-b): behind -> not"));
    EXPECT_THAT(difference.acls, ElementsAre("web ACL shop: AWS/A: enforce is gone"));
    EXPECT_TRUE(difference.exposed.empty() && difference.found.empty());
    Remember(once_more, worse);
    EXPECT_TRUE(worse.last_hosts.empty() && worse.last_acls.empty());
    // What is gone by then was there.
    StoredRun without = Plain();
    without.hosts.clear();
    without.acls.clear();
    EXPECT_THAT(DifferenceOf(once_more, without).gone, ElementsAre("web (i-a)", "web (i-b)"));
    EXPECT_THAT(DifferenceOf(once_more, without).acls, ElementsAre("web ACL shop is gone"));
  }
}

TEST(EdgeRun, WhatIsNotLookedAtAnyMoreIsNotGoneAndWhatIsLookedAtNewlyIsNotNew) {
  const StoredRun before = Plain();
  StoredRun narrow = Plain();
  narrow.hosts.clear();
  narrow.acls.clear();
  narrow.places = {{"111122223333", "eu-west-1"}};
  const RunDifference left = DifferenceOf(before, narrow);
  EXPECT_TRUE(left.gone.empty() && left.acls.empty());
  EXPECT_THAT(left.places, ElementsAre("111122223333 us-east-1 (2 hosts)"));
  Remember(before, narrow);
  EXPECT_TRUE(narrow.last_hosts.empty() && narrow.last_acls.empty());
  const RunDifference wider = DifferenceOf(narrow, before);
  EXPECT_THAT(wider.found, ElementsAre("web (i-a): not"));
  EXPECT_TRUE(wider.exposed.empty() && wider.acls.empty());
}

TEST(EdgeText, SaysItAsTextJsonAndCsv) {
  StoredRun run = Made();
  run.hosts[0].name = "=cmd|' /C calc'!A0";
  run.hosts[0].owner = "a\"b,c\r\nd";
  EXPECT_THAT(Headline(run),
              HasSubstr("1 of 2 hosts that the internet reaches are behind a web ACL that enforces; 1 not. 0 not "
                        "reached. 1 part of the estate not read"));
  run.hosts[0].state = HostState::kUndetermined;
  EXPECT_THAT(Headline(run),
              HasSubstr("1 of 1 host that the internet reaches are behind a web ACL that enforces; 1 undet"));
  run.hosts[0].state = HostState::kNot;
  const std::string text = RunText(run, {});
  EXPECT_THAT(text, HasSubstr("ALB web > target group web"));
  EXPECT_THAT(text, HasSubstr("the internet reaches ALB web itself"));
  EXPECT_THAT(text, HasSubstr("700 -> 900 of 5000 WCU"));
  EXPECT_THAT(text, HasSubstr("target groups, 111122223333 eu-west-1: AccessDenied"));
  EXPECT_THAT(RunText(run, {"behind", "", 50}), Not(HasSubstr("i-a")));
  EXPECT_THAT(RunText(run, {"", "I-A", 50}), HasSubstr("i-a"));
  EXPECT_THAT(RunText(run, {"", "", 1}), HasSubstr("and 1 more host"));
  const std::string csv = RunCsv(run);
  EXPECT_THAT(csv, HasSubstr("'=cmd|' /C calc'!A0"));
  EXPECT_THAT(csv, HasSubstr("\"a\"\"b,c\\x0d\\x0ad\""));
  const auto json = Json::Parse(RunJson(run), bounds::kDocumentBytes);
  ASSERT_TRUE(json.ok()) << json.error().ToText();
  EXPECT_EQ((*json)["hosts"].Elements().size(), 2U);
  EXPECT_EQ((*json)["acls"].Elements().size(), 1U);
  EXPECT_EQ((*json)["header"]["states"]["not"].Int64Or(0), 1);
}

}  // namespace
}  // namespace sallyport::edge
