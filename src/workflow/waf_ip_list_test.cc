// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf_ip_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/update_ip_set.h"

namespace sallyport {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const TimePoint kIpListNow = *ParseTime("2026-11-28T10:00:00Z");

edge::IpSetNow SetOf(const std::string& name, const std::string& version, std::vector<std::string> addresses) {
  edge::IpSetNow set;
  set.name = name;
  set.id = "0123";
  set.arn = "arn:aws:wafv2:us-east-1:111122223333:regional/ipset/" + name + "/0123";
  set.version = version;
  set.addresses = std::move(addresses);
  return set;
}

class WafIpList : public testing::Test {
 protected:
  WafIpList() {
    ask.list = "blocked";
    ask.scope = "REGIONAL";
    ask.v4 = "four";
    facts.list = edge::IpListNow{"blocked", {"198.51.100.7", "203.0.113.0/24"}};
    facts.v4 = SetOf("four", "IPV4", {"198.51.100.7/32", "192.0.2.0/24"});
    run.emplace();
    edge::RunAcl acl;
    acl.arn = "arn:acl/shop";
    acl.name = "shop";
    acl.scope = "REGIONAL";
    acl.account = "111122223333";
    acl.region = "us-east-1";
    acl.ip_sets = {SetOf("four", "IPV4", {}).arn};
    run->acls = {acl};
    edge::RunHost host;
    host.account = acl.account;
    host.region = acl.region;
    host.id = "i-0123456789abcdef0";
    edge::RunWay way;
    way.hops = {{"balancer", "arn:lb/web", acl.arn}};
    host.ways = {way};
    run->hosts = {host};
  }
  Plan Decide() {
    Plan plan;
    DecideIpList(ask, facts, run, run_unread, kIpListNow, plan);
    return plan;
  }
  static UpdateIpSet ActionOf(const Plan& plan) {
    EXPECT_EQ(plan.actions.size(), 1U);
    const auto* update = plan.actions.empty() ? nullptr : plan.actions[0].action.As<UpdateIpSet>();
    EXPECT_NE(update, nullptr);
    return update == nullptr ? UpdateIpSet{} : *update;
  }

  IpListAsk ask;
  IpListFacts facts;
  std::optional<edge::Run> run;
  std::string run_unread;
};

TEST_F(WafIpList, PlansWhatIsMissingAndWhatIsTooMuch) {
  const Plan plan = Decide();
  EXPECT_EQ(plan.decision, Decision::kAct);
  const UpdateIpSet update = ActionOf(plan);
  EXPECT_THAT(update.add, ElementsAre("203.0.113.0/24"));
  EXPECT_THAT(update.remove, ElementsAre("192.0.2.0/24"));
  EXPECT_EQ(update.account + " " + update.region, "111122223333 us-east-1");
  EXPECT_THAT(update.used_by, ElementsAre("shop"));
  ASSERT_EQ(update.hosts.size(), 1U);
  EXPECT_EQ(update.unknown_hosts, "");
  EXPECT_THAT(plan.reasons, Contains("+ 203.0.113.0/24"));
  EXPECT_THAT(plan.reasons, Contains("- 192.0.2.0/24"));
  EXPECT_EQ(update.Describe(),
            "IP set four (111122223333, us-east-1) as SWP's IP list blocked: 1 block added, 1 block removed; used by "
            "web ACL shop");
}

TEST_F(WafIpList, TheSameAddressesAreNoAction) {
  facts.v4 = SetOf("four", "IPV4", {"203.0.113.0/24", "198.51.100.7/32"});
  const Plan plan = Decide();
  EXPECT_EQ(plan.decision, Decision::kNothing);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.reasons, Contains("IP set four has the 2 blocks of the list already"));
}

TEST_F(WafIpList, BothVersionsHaveTheirSets) {
  ask.v6 = "six";
  facts.list->items.emplace_back("2001:db8::7");
  facts.v6 = SetOf("six", "IPV6", {});
  const Plan plan = Decide();
  ASSERT_EQ(plan.actions.size(), 2U);
  EXPECT_THAT(plan.actions[1].action.As<UpdateIpSet>()->add, ElementsAre("2001:db8::7/128"));
  facts.v6.reset();
  EXPECT_THAT(Decide().reasons, Contains("no set for the 1 blocks of IPv6 (--v6)"));
}

TEST_F(WafIpList, AnEmptyListEmptiesNothingWithoutAPerson) {
  facts.list->items = {"2001:db8::7"};
  const Plan plan = Decide();
  EXPECT_THAT(ActionOf(plan).remove, ElementsAre("198.51.100.7/32", "192.0.2.0/24"));
  EXPECT_THAT(plan.actions[0].needs_person, HasSubstr("nothing would be left"));
}

TEST_F(WafIpList, WhatIsUnreadChangesNothing) {
  const auto undetermined = [this](const std::string& why) {
    const Plan plan = Decide();
    EXPECT_EQ(plan.decision, Decision::kUndetermined);
    EXPECT_THAT(plan.actions, IsEmpty());
    ASSERT_FALSE(plan.others.empty()) << why;
    EXPECT_THAT(plan.others[0].undetermined_why, HasSubstr(why));
  };
  facts.v6 = Error{ErrorCode::kNotFound, "there is no IP set `six`", ""};
  ask.v6 = "six";
  undetermined("no IP set `six`");
  facts.v6 = SetOf("six", "IPV4", {});
  undetermined("it is of IPV4, not of IPV6");
  facts.v6.reset();
  facts.list->items = {"example.com"};
  undetermined("item 1 of the list, `example.com`");
  facts.list = Error{ErrorCode::kNotFound, "SWP has no IP list `blocked`", ""};
  undetermined("SWP has no IP list");
}

// Gates look at every host behind a web ACL that uses the set, or may.
TEST_F(WafIpList, HostsAreKnownOrSaidNotToBe) {
  run->acls[0].ip_sets.clear();
  EXPECT_THAT(ActionOf(Decide()).hosts, IsEmpty());
  EXPECT_EQ(ActionOf(Decide()).unknown_hosts, "");
  run->acls[0].has_own_groups = true;
  EXPECT_EQ(ActionOf(Decide()).hosts.size(), 1U);
  run->acls[0].unread_why = "AccessDenied";
  EXPECT_THAT(ActionOf(Decide()).unknown_hosts, HasSubstr("shop was not read"));
  run->acls[0].unread_why.clear();
  run->gaps = {{edge::Part::kTargetGroups, "111122223333", "us-east-1", "denied"}};
  EXPECT_THAT(ActionOf(Decide()).unknown_hosts, HasSubstr("has gaps"));
  run.reset();
  EXPECT_THAT(ActionOf(Decide()).unknown_hosts, HasSubstr("no map yet"));
  run_unread = "damaged";
  EXPECT_EQ(ActionOf(Decide()).unknown_hosts, "damaged");
}

TEST(WafIpListAsk, WantsAListAndASet) {
  const auto read = [](const std::string& text) { return ReadIpListAsk(*Json::Parse(text)); };
  const auto whole = read(R"({"ip_list":"blocked","scope":"REGIONAL","v4":"four"})");
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->v4 + whole->v6 + whole->account, "four");
  EXPECT_FALSE(read(R"({"ip_list":"blocked","scope":"REGIONAL"})").ok());
  EXPECT_FALSE(read(R"({"ip_list":7,"scope":"REGIONAL","v4":"four"})").ok());
}

}  // namespace
}  // namespace sallyport
