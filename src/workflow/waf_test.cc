// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "action/notify_owner.h"
#include "action/update_web_acl.h"
#include "base/fake_documents.h"
#include "edge/reads.h"
#include "workflow/fake_swp.h"
#include "workflow/waf_counted.h"

namespace sallyport {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const TimePoint kWafNow = *ParseTime("2026-11-28T10:00:00Z");
constexpr std::string_view kAclArn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1";

Event ScheduledEvent(const std::string& source, const std::string& resource, const std::string& detail = "{}") {
  Event event;
  event.source = source;
  event.detail_type = "Scheduled Event";
  event.account = "111122223333";
  event.resources = {resource};
  event.detail = *Json::Parse(detail);
  event.time = kWafNow;
  return event;
}

class FakeEdge final : public edge::Reads {
 public:
  Result<edge::Estate> ReadEstate(const edge::SurveyAsk& asked) override {
    ask = asked;
    return estate;
  }
  std::map<std::int32_t, edge::IpsRule> AddSwp(const edge::SurveyAsk& asked, TimePoint, edge::Estate& to) override {
    for (edge::Host& host : to.hosts) host.swp.classes = {{"php", {}, 3}};
    auto rules = asked.known_rules;
    rules[12] = {"1", "PHP rule", "Web Application PHP Based"};
    return rules;
  }
  Result<edge::AclNow> ReadAcl(const edge::AclPlace&) override { return acl; }
  Result<edge::GroupNow> ReadGroup(const edge::AclPlace&, const edge::GroupName&) override { return edge::GroupNow{}; }
  Result<std::int64_t> CapacityOf(const edge::AclPlace&, const Json&) override { return std::int64_t{1}; }
  Result<edge::Sampled> ReadSampled(const edge::AclPlace&, const std::string& metric, TimePoint, TimePoint) override {
    metrics.push_back(metric);
    return sampled;
  }
  Result<edge::IpSetNow> ReadIpSet(const edge::IpSetPlace&) override { return Error{}; }
  Result<edge::IpListNow> ReadIpList(const std::string&) override { return Error{}; }
  Result<std::vector<edge::TagsNow>> ReadTags(const std::string&, const std::string&,
                                              const std::vector<std::string>&) override {
    return std::vector<edge::TagsNow>{};
  }

  Result<edge::Estate> estate = edge::Estate{};
  Result<edge::AclNow> acl = Error{ErrorCode::kUnavailable, "not now", ""};
  Result<edge::Sampled> sampled = edge::Sampled{};
  edge::SurveyAsk ask;
  std::vector<std::string> metrics;
};

class ReachOfEdge final : public reach::Reads {
 public:
  explicit ReachOfEdge(edge::Reads& edge) : edge_(edge) {}
  Result<reach::Answer> WhoCan(const reach::Ask&) override { return Error{ErrorCode::kUnavailable, "", ""}; }
  edge::Reads* Edge() override { return &edge_; }

 private:
  edge::Reads& edge_;
};

// An ALB with an ACL that enforces or counts, one host behind it.
edge::Estate SmallEstate(edge::RuleMode mode) {
  edge::Estate estate;
  edge::WebAcl acl;
  acl.arn = kAclArn;
  acl.name = "shop";
  acl.scope = "REGIONAL";
  acl.account = "111122223333";
  acl.region = "us-east-1";
  acl.capacity = 700;
  acl.resources = {"arn:lb/web"};
  edge::AclRule rule;
  rule.mode = mode;
  acl.rules = {rule};
  estate.acls = {acl};
  edge::Balancer balancer;
  balancer.arn = "arn:lb/web";
  balancer.name = "web";
  balancer.account = "111122223333";
  balancer.region = "us-east-1";
  balancer.internet_facing = true;
  estate.balancers = {balancer};
  edge::TargetGroup group;
  group.name = "web";
  group.account = "111122223333";
  group.region = "us-east-1";
  group.balancers = {"arn:lb/web"};
  group.targets = {{"i-0123456789abcdef0", 80, "healthy", false}};
  estate.groups = {group};
  edge::Host host;
  host.account = "111122223333";
  host.region = "us-east-1";
  host.id = "i-0123456789abcdef0";
  host.name = "web-01";
  host.state = "running";
  host.tags = {{"Owner", "team-shop@example.com"}, {"Team", "shop"}};
  estate.hosts = {host};
  estate.offered = {{"111122223333", "us-east-1", "REGIONAL", "AWS", "AWSManagedRulesPHPRuleSet", 100, ""}};
  estate.offers = {{"111122223333", "us-east-1", "REGIONAL", ""}};
  return estate;
}

class WafWorkflow : public testing::Test {
 protected:
  Plan PlanFor(const Event& event) {
    const Workflow row = WafRow();
    Sources sources{swp, kWafNow, &reach, &documents};
    const auto matters = row.about(event, settings);
    EXPECT_TRUE(matters.ok());
    auto plan = row.make_plan(event, matters->front(), sources, settings);
    EXPECT_TRUE(plan.ok()) << plan.error().ToText();
    return *std::move(plan);
  }
  Plan RunNow() {
    return PlanFor(ScheduledEvent("aws.events", "arn:aws:events:us-east-1:111122223333:rule/nightly-waf"));
  }
  // The next run finds what this one stored.
  Plan RunAndStore() {
    Plan plan = RunNow();
    if (plan.new_run) documents.Put(plan.new_run->document, plan.new_run->pieces, kWafNow);
    return plan;
  }
  template <class T>
  static std::vector<T> ActionsOf(const Plan& plan) {
    std::vector<T> found;
    for (const PlannedAction& planned : plan.actions) {
      if (const T* action = planned.action.As<T>()) found.push_back(*action);
    }
    return found;
  }

  FakeSwpReads swp;
  FakeEdge edge;
  ReachOfEdge reach{edge};
  FakeDocuments documents;
  WorkflowSettings settings;
};

TEST_F(WafWorkflow, TakesSchedulesOfBothServicesAndNothingElse) {
  const Workflow row = WafRow();
  EXPECT_TRUE(row.takes(ScheduledEvent("aws.events", "rule/waf")));
  EXPECT_TRUE(row.takes(ScheduledEvent("aws.scheduler", "schedule/default/waf")));
  EXPECT_FALSE(row.takes(ScheduledEvent("aws.guardduty", "rule/waf")));
  Event other = ScheduledEvent("aws.events", "rule/waf");
  other.detail_type = "Something";
  EXPECT_FALSE(row.takes(other));
  other = ScheduledEvent("aws.events", "rule/waf");
  other.resources.clear();
  EXPECT_FALSE(row.takes(other));
}

TEST_F(WafWorkflow, OtherSchedulesAreOutOfScopeAndNothingIsRead) {
  edge.estate = Error{ErrorCode::kInternal, "must not be read", ""};
  const Plan plan = PlanFor(ScheduledEvent("aws.events", "rule/reconcile"));
  EXPECT_EQ(plan.decision, Decision::kOutOfScope);
  EXPECT_THAT(plan.reasons[0], HasSubstr("`reconcile` does not start a run"));
}

TEST_F(WafWorkflow, ARunIsStoredAndTheNextOneIsComparedWithIt) {
  edge.estate = SmallEstate(edge::RuleMode::kEnforce);
  const Plan first = RunAndStore();
  ASSERT_TRUE(first.new_run);
  EXPECT_EQ(first.new_run->document, "waf/map");
  EXPECT_THAT(first.reasons, Contains(HasSubstr("1 of 1 host that the internet reaches")));
  EXPECT_THAT(first.reasons, Contains(HasSubstr("the first run")));
  EXPECT_THAT(ActionsOf<NotifyOwner>(first), IsEmpty());
  edge.estate = SmallEstate(edge::RuleMode::kCount);
  const Plan second = RunAndStore();
  EXPECT_THAT(second.reasons, Contains(HasSubstr("web-01 (i-0123456789abcdef0): behind -> counts")));
  const auto told = ActionsOf<NotifyOwner>(second);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].owner, "team-shop@example.com");
  EXPECT_THAT(told[0].why_now, ElementsAre(HasSubstr("its web ACL only counts")));
  const Plan third = RunAndStore();
  EXPECT_THAT(ActionsOf<NotifyOwner>(third), IsEmpty());
  EXPECT_THAT(third.reasons, Contains(HasSubstr("no change since")));
}

// A region that was not read once makes none of its hosts new, and hides no loss.
TEST_F(WafWorkflow, OwnersAreToldOfALossAndNeverOfAGap) {
  edge::Estate blind;
  blind.places = {{"111122223333", "us-east-1"}};
  for (const auto part : {edge::Part::kInstances, edge::Part::kRegionalAcls, edge::Part::kTargetGroups}) {
    blind.gaps.push_back({part, "111122223333", "us-east-1", "timed out"});
  }
  const auto with_places = [](edge::RuleMode mode) {
    edge::Estate estate = SmallEstate(mode);
    estate.places = {{"111122223333", "us-east-1"}};
    return estate;
  };
  edge.estate = with_places(edge::RuleMode::kCount);
  EXPECT_EQ(ActionsOf<NotifyOwner>(RunAndStore()).size(), 1U);
  edge.estate = blind;
  const Plan gap = RunAndStore();
  EXPECT_THAT(ActionsOf<NotifyOwner>(gap), IsEmpty());
  EXPECT_THAT(gap.reasons, Contains(HasSubstr("no change in what was read since")));
  edge.estate = with_places(edge::RuleMode::kCount);
  const Plan again = RunAndStore();  // it was told of this before the gap
  EXPECT_THAT(ActionsOf<NotifyOwner>(again), IsEmpty());
  EXPECT_THAT(again.reasons, Contains(HasSubstr("no change since")));
  edge.estate = with_places(edge::RuleMode::kEnforce);
  EXPECT_THAT(ActionsOf<NotifyOwner>(RunAndStore()), IsEmpty());
  edge.estate = blind;
  RunAndStore();
  edge.estate = with_places(edge::RuleMode::kCount);
  const Plan lost = RunAndStore();
  EXPECT_EQ(ActionsOf<NotifyOwner>(lost).size(), 1U);
  EXPECT_THAT(lost.reasons, Contains(HasSubstr("web-01 (i-0123456789abcdef0): behind -> counts")));
}

TEST_F(WafWorkflow, RulesThatWereReadAreNotAskedForAgainForAWhile) {
  edge.estate = SmallEstate(edge::RuleMode::kEnforce);
  RunAndStore();
  EXPECT_THAT(edge.ask.known_rules, IsEmpty());
  RunNow();
  EXPECT_EQ(edge.ask.known_rules.at(12).name, "PHP rule");
  settings.rows.Edit<WafSettings>().keep_rules = Duration{0};
  RunNow();
  EXPECT_THAT(edge.ask.known_rules, IsEmpty());
}

TEST_F(WafWorkflow, WithoutAnEstateTheRunBeforeStays) {
  edge.estate = Error{ErrorCode::kUnauthenticated, "no credentials", "set them"};
  const Plan plan = RunNow();
  EXPECT_EQ(plan.decision, Decision::kUndetermined);
  EXPECT_FALSE(plan.new_run);
  EXPECT_THAT(plan.FirstUndetermined(), HasSubstr("no credentials"));
}

TEST_F(WafWorkflow, AGapIsUndeterminedAndNothingIsChanged) {
  edge::Estate estate = SmallEstate(edge::RuleMode::kEnforce);
  estate.gaps = {{edge::Part::kClassic, "111122223333", "us-east-1", "AccessDenied"}};
  edge.estate = estate;
  settings.rows.Edit<WafSettings>().change = true;
  const Plan plan = RunNow();
  EXPECT_TRUE(plan.HasUndetermined());
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(plan), IsEmpty());
  EXPECT_THAT(plan.reasons, Contains(HasSubstr("no web ACL is changed")));
}

// What could not be read of a host or of any web ACL makes the picture partial; whose one web ACL is, that one alone.
TEST_F(WafWorkflow, NothingIsChangedOnAPartialPicture) {
  settings.rows.Edit<WafSettings>().change = true;
  const edge::Estate whole = SmallEstate(edge::RuleMode::kEnforce);
  edge::Estate estate = whole;
  estate.hosts[0].swp.unread = true;
  estate.hosts[0].swp.why = "SWP answered 503";
  edge.estate = estate;
  const Plan host_unread = RunNow();
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(host_unread), IsEmpty());
  EXPECT_THAT(host_unread.FirstUndetermined(), HasSubstr("SWP answered 503"));
  estate = whole;
  estate.acls.push_back(estate.acls[0]);
  estate.acls.back().arn += "-other";
  estate.acls.back().resources.clear();
  estate.acls.back().unread_why = "it was deleted while the estate was read";
  edge.estate = estate;
  const Plan acl_unread = RunNow();
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(acl_unread), IsEmpty());
  EXPECT_THAT(acl_unread.FirstUndetermined(), HasSubstr("deleted while the estate was read"));
  estate = whole;
  estate.acls[0].tags_unread_why = "AccessDenied";
  edge.estate = estate;
  const Plan tags_unread = RunNow();
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(tags_unread), IsEmpty());
  EXPECT_THAT(tags_unread.FirstUndetermined(), HasSubstr("who made it: AccessDenied"));
}

TEST_F(WafWorkflow, AGroupThatIsMissingIsAddedWhenThatIsAskedFor) {
  edge.estate = SmallEstate(edge::RuleMode::kEnforce);
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(RunNow()), IsEmpty());
  settings.rows.Edit<WafSettings>().change = true;
  const Plan plan = RunNow();
  const auto updates = ActionsOf<UpdateWebAcl>(plan);
  ASSERT_EQ(updates.size(), 1U);
  EXPECT_EQ(updates[0].change + " " + updates[0].vendor + "/" + updates[0].group, "add AWS/AWSManagedRulesPHPRuleSet");
  ASSERT_EQ(updates[0].hosts.size(), 1U);
  EXPECT_EQ(updates[0].hosts[0].instance.value, "i-0123456789abcdef0");
  EXPECT_EQ(updates[0].hosts[0].tags->size(), 2U);
  EXPECT_EQ(updates[0].watch_until, "2026-12-05T10:00:00Z");
  EXPECT_EQ(plan.decision, Decision::kAct);
  edge::Estate of_code = SmallEstate(edge::RuleMode::kEnforce);
  of_code.acls[0].managed_by = "Terraform";
  edge.estate = of_code;
  EXPECT_THAT(ActionsOf<UpdateWebAcl>(RunNow()), IsEmpty());
}

// What is no gap of a whole listing is a part that was not read, too.
TEST_F(WafWorkflow, NothingIsChangedWhenAnythingWasNotRead) {
  settings.rows.Edit<WafSettings>().change = true;
  using Break = std::function<void(edge::Estate&)>;
  const std::vector<std::pair<Break, std::string>> breaks = {
      {[](edge::Estate& estate) { estate.acls.push_back({}), estate.acls[1].unread_why = "it was deleted"; },
       "deleted"},
      {[](edge::Estate& estate) { estate.acls[0].resources_unread_why = "APPSYNC: denied"; }, "APPSYNC"},
      {[](edge::Estate& estate) { estate.acls[0].rules[0].expiry_unread = true; }, "the version of a group"},
      {[](edge::Estate& estate) {
         estate.offers.push_back({"444455556666", "us-east-1", "REGIONAL", "denied"});
       },
       "which groups may be used"},
      {[](edge::Estate& estate) { estate.groups.push_back({}), estate.groups[1].unread_why = "denied"; }, "targets of"},
      {[](edge::Estate& estate) { estate.balancers[0].header_check = edge::HeaderCheck::kUnread; }, "listener rules"},
  };
  for (const auto& [spoil, words] : breaks) {
    edge::Estate estate = SmallEstate(edge::RuleMode::kEnforce);
    spoil(estate);
    edge.estate = estate;
    const Plan plan = RunNow();
    EXPECT_THAT(ActionsOf<UpdateWebAcl>(plan), IsEmpty()) << words;
    EXPECT_THAT(plan.reasons, Contains(testing::AllOf(HasSubstr("so no web ACL is changed"), HasSubstr(words))));
  }
}

TEST_F(WafWorkflow, TheCommandTakesAGroupOut) {
  edge.estate = SmallEstate(edge::RuleMode::kEnforce);
  RunAndStore();
  edge.estate = Error{ErrorCode::kInternal, "must not be read", ""};
  const auto event = [](const std::string& acl, const std::string& group) {
    return ScheduledEvent("aws.scheduler", "schedule/sallyport waf",
                          R"({"revert":")" + acl + R"(","group":")" + group + R"("})");
  };
  const auto updates = ActionsOf<UpdateWebAcl>(PlanFor(event(std::string(kAclArn), "AWS/X")));
  ASSERT_EQ(updates.size(), 1U);
  EXPECT_EQ(updates[0].change + " " + updates[0].account + " " + updates[0].region, "remove 111122223333 us-east-1");
  EXPECT_EQ(updates[0].hosts.size(), 1U);
  EXPECT_EQ(updates[0].unknown_hosts, "");
  EXPECT_EQ(PlanFor(event("arn:x", "AWS/X")).decision, Decision::kOutOfScope);
  EXPECT_EQ(PlanFor(event(std::string(kAclArn), "X")).decision, Decision::kOutOfScope);
}

TEST_F(WafWorkflow, TheHostsOfARevertAreUnknownWhereTheMapHasGaps) {
  const auto unknown = [&](const edge::Gap& gap) {
    edge.estate = SmallEstate(edge::RuleMode::kEnforce);
    edge.estate->gaps = {gap};
    RunAndStore();
    const auto updates = ActionsOf<UpdateWebAcl>(PlanFor(ScheduledEvent(
        "aws.scheduler", "schedule/sallyport waf", R"({"revert":")" + std::string(kAclArn) + R"(","group":"AWS/X"})")));
    return updates.size() == 1 ? updates[0].unknown_hosts : "no action";
  };
  EXPECT_THAT(unknown({edge::Part::kInstances, "111122223333", "us-east-1", "denied"}), HasSubstr("EC2 instances"));
  EXPECT_THAT(unknown({edge::Part::kRegion, "111122223333", "", "denied"}), HasSubstr("has gaps"));
  EXPECT_EQ(unknown({edge::Part::kInstances, "111122223333", "eu-west-1", "denied"}), "");
  EXPECT_EQ(unknown({edge::Part::kInstances, "444455556666", "us-east-1", "denied"}), "");
}

// --- the question

class WafCountedQuestionTest : public WafWorkflow {
 protected:
  Plan Answer(const std::string& until, int attempts = 1) {
    FollowUpContext context;
    const WafCounted ask{"111122223333", "us-east-1", std::string(kAclArn), "shop", "AWS", "G", until, {}, "none read"};
    context.question = {ask, {}};
    context.question.matter.service = "WAF";
    context.attempts = attempts;
    context.give_up_at = kWafNow + std::chrono::hours(24);
    Sources sources{swp, kWafNow, &reach, &documents};
    return WafCountedQuestion().Row().answer(context, sources, settings);
  }
  void Count(const std::string& action, bool sampled_on = true) {
    edge::AclNow now;
    now.facts.rules = {{"sallyport-G", 4, edge::AclRule::Kind::kManagedGroup, edge::AclRule::Place::kRules,
                        action == "count" ? edge::RuleMode::kCount : edge::RuleMode::kEnforce, "AWS", "G", "", 0}};
    now.facts.rules.back().sampled = sampled_on;
    edge.acl = now;
  }
};

TEST_F(WafCountedQuestionTest, IsAskedAgainUntilItsTimeHasCome) {
  EXPECT_EQ(Answer("").answer->kind, Answer::Kind::kNotYet);  // the ACL cannot be read
  Count("count");
  edge.sampled = edge::Sampled{7, {{"Rule", 7}}};
  const Plan early = Answer("2026-11-29T00:00:00Z");
  EXPECT_EQ(early.answer->kind, Answer::Kind::kNotYet);
  EXPECT_THAT(early.answer->reason, HasSubstr("7 requests"));
  EXPECT_THAT(early.actions, IsEmpty());
  EXPECT_THAT(edge.metrics, ElementsAre("sallyport-G"));
}

TEST_F(WafCountedQuestionTest, ThenPromotionIsPlannedAndWaitsForAPerson) {
  Count("count");
  edge.sampled = edge::Sampled{3, {{"Log4J", 3}}};
  const Plan plan = Answer("2026-11-28T09:00:00Z");
  EXPECT_EQ(plan.answer->kind, Answer::Kind::kVerified);
  ASSERT_EQ(plan.actions.size(), 1U);
  EXPECT_EQ(plan.actions[0].action.As<UpdateWebAcl>()->change, "promote");
  EXPECT_FALSE(plan.actions[0].needs_person.empty());
  EXPECT_THAT(plan.actions[0].why, ElementsAre(HasSubstr("Log4J 3")));
}

TEST_F(WafCountedQuestionTest, NothingIsProposedBlindly) {
  Count("count", false);
  EXPECT_EQ(Answer("2026-11-28T09:00:00Z").answer->kind, Answer::Kind::kNotVerifiable);
  Count("none");
  EXPECT_EQ(Answer("2026-11-28T09:00:00Z").answer->kind, Answer::Kind::kVerified);
  EXPECT_THAT(Answer("2026-11-28T09:00:00Z").actions, IsEmpty());
  edge.acl = edge::AclNow{};
  EXPECT_EQ(Answer("").answer->kind, Answer::Kind::kNotVerifiable);
  Count("count");
  edge.sampled = Error{ErrorCode::kForbidden, "AccessDenied", ""};
  EXPECT_EQ(Answer("2026-11-28T09:00:00Z").answer->kind, Answer::Kind::kNotYet);
}

}  // namespace
}  // namespace sallyport
