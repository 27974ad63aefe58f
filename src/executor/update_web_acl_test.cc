// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/update_web_acl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/update_web_acl.h"
#include "base/fake_clock.h"
#include "edge/acl.h"
#include "edge/change.h"
#include "intake/world_for_test.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

// One ACL, as WAF has it.
struct FakeWaf {
  std::string rules = "[]";
  bool of_firewall_manager = false;
  std::string managed_by;
  std::int64_t capacity = 900;
  std::vector<Status> refusals;  // of the next updates
  bool loses_answers = false;
  bool is_unread = false;  // after an update
  int updates = 0;
  std::vector<edge::TagsNow> tags;
};

class FakeAccess final : public edge::Access {
 public:
  explicit FakeAccess(FakeWaf& waf) : waf_(waf) {}
  Result<edge::Estate> ReadEstate(const edge::SurveyAsk&) override { return edge::Estate{}; }
  std::map<std::int32_t, edge::IpsRule> AddSwp(const edge::SurveyAsk&, TimePoint, edge::Estate&) override { return {}; }
  Result<edge::AclNow> ReadAcl(const edge::AclPlace&) override {
    if (waf_.is_unread && waf_.updates > 0) return Error{ErrorCode::kUnavailable, "AWS is busy", ""};
    edge::AclNow now;
    now.web_acl = *Json::Parse(
        R"({"Name":"shop","Id":"1","DefaultAction":{"Allow":{}},"VisibilityConfig":{},"Rules":)" + waf_.rules + "}");
    now.scope = "REGIONAL";
    edge::TakeWebAcl(now.web_acl, now.facts);
    now.facts.of_firewall_manager = waf_.of_firewall_manager;
    now.facts.managed_by = waf_.managed_by;
    return now;
  }
  Result<edge::GroupNow> ReadGroup(const edge::AclPlace&, const edge::GroupName&) override { return edge::GroupNow{}; }
  Result<std::int64_t> CapacityOf(const edge::AclPlace&, const Json&) override { return waf_.capacity; }
  Result<edge::Sampled> ReadSampled(const edge::AclPlace&, const std::string&, TimePoint, TimePoint) override {
    return edge::Sampled{};
  }
  Result<std::vector<edge::TagsNow>> ReadTags(const std::string&, const std::string&,
                                              const std::vector<std::string>&) override {
    return waf_.tags;
  }
  Result<edge::IpSetNow> ReadIpSet(const edge::IpSetPlace&) override { return Error{}; }
  Result<edge::IpListNow> ReadIpList(const std::string&) override { return Error{}; }
  Status UpdateIpSet(const edge::IpSetPlace&, const edge::IpSetNow&) override { return Ok(); }
  Status UpdateAcl(const edge::AclPlace&, const edge::AclNow&, const Json& rules) override {
    ++waf_.updates;
    if (!waf_.refusals.empty()) {
      Status refusal = waf_.refusals.back();
      waf_.refusals.pop_back();
      return refusal;
    }
    waf_.rules = rules.ToText();
    if (waf_.loses_answers) return Error{ErrorCode::kOutcomeUnknown, "no answer", ""};
    return Ok();
  }

 private:
  FakeWaf& waf_;
};

Error Conflict() {
  Error error{ErrorCode::kRefused, "somebody changed it", ""};
  ErrorOrigin origin;
  origin.code = "WAFOptimisticLockException";
  error.origin = std::make_shared<const ErrorOrigin>(origin);
  return error;
}

class UpdateWebAclActor : public testing::Test {
 protected:
  UpdateWebAclActor() {
    table_ = {UpdateWebAclRow([this](const ActorSeams&) { return std::make_unique<FakeAccess>(waf); })};
    actors_.emplace(table_, ActorSeams{reads_, writes_, notifier_, clock_, log_, directory_});
    Want("add");
  }
  void Want(const std::string& change) {
    UpdateWebAcl update;
    update.change = change;
    update.account = "111122223333";
    update.region = "us-east-1";
    update.arn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1";
    update.acl = "shop";
    update.vendor = "AWS";
    update.group = "G";
    update.hosts = {{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}};
    update.watch_until = "2026-12-05T10:00:00Z";
    planned.action = update;
  }
  Actor& actor() { return actors_->For(planned.action); }
  ActorTask Task(bool after_a_crash = false) {
    return {planned, plan_, {}, after_a_crash ? std::optional(clock_.Now()) : std::nullopt, false};
  }
  Done Act() { return actor().Act(Task()); }

  FakeWaf waf;
  PlannedAction planned;

 private:
  ActionTable table_;
  FakeSwpReads reads_;
  FakeSwpWrites writes_;
  CallbackNotifier notifier_{[](const Message&) {}};
  FakeClock clock_;
  Logger log_{clock_, LogLevel::kOff, [](std::string_view) {}};
  OwnerDirectory directory_;
  std::optional<Actors> actors_;
  Plan plan_;
};

TEST_F(UpdateWebAclActor, AddsInCountReadsBackAndAsksWhatItCounts) {
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kVerified) << done.reason;
  EXPECT_THAT(waf.rules, HasSubstr(R"("OverrideAction":{"Count":{}})"));
  ASSERT_EQ(done.ask.size(), 1U);
  EXPECT_EQ(NameOf(done.ask[0]), "waf-group-counted");
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_EQ(waf.updates, 1);  // the second found it there
}

TEST_F(UpdateWebAclActor, PromotesAndRemovesWhatIsOurs) {
  Act();
  Want("promote");
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_THAT(waf.rules, HasSubstr(R"("OverrideAction":{"None":{}})"));
  Want("remove");
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_EQ(waf.rules, "[]");
  EXPECT_EQ(Act().state, ActionState::kFailed);
}

TEST_F(UpdateWebAclActor, ALockConflictIsTriedThreeTimes) {
  waf.refusals = {Conflict(), Conflict()};
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_EQ(waf.updates, 3);
  waf.rules = "[]";
  waf.refusals = {Conflict(), Conflict(), Conflict()};
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kFailed);
  EXPECT_THAT(done.reason, HasSubstr("changed by other clients all the time"));
}

TEST_F(UpdateWebAclActor, WhatIsOthersIsNotWritten) {
  waf.of_firewall_manager = true;
  EXPECT_THAT(Act().reason, HasSubstr("Firewall Manager"));
  waf.of_firewall_manager = false;
  waf.managed_by = "Terraform";
  EXPECT_THAT(Act().reason, HasSubstr("Terraform"));
  waf.managed_by.clear();
  waf.capacity = 5'001;
  EXPECT_THAT(Act().reason, HasSubstr("5001 WCU of 5000"));
  EXPECT_EQ(waf.updates, 0);
  waf.capacity = 5'000;
  EXPECT_EQ(Act().state, ActionState::kVerified);
}

TEST_F(UpdateWebAclActor, ALostAnswerIsFoundOut) {
  waf.loses_answers = true;
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kVerified) << done.reason;
  EXPECT_EQ(done.ask.size(), 1U);
  const auto found = actor().FindOut(Task(true));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, ActionState::kVerified);
}

TEST_F(UpdateWebAclActor, WhatWasWrittenAndNotReadBackIsLookedForAgain) {
  waf.is_unread = true;
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kIntended) << "a state without a question would wait for ever";
  EXPECT_THAT(done.reason, HasSubstr("it could not be read back yet: AWS is busy"));
  waf.is_unread = false;
  const auto found = actor().FindOut(Task(true));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, ActionState::kVerified);
  EXPECT_EQ(found->ask.size(), 1U) << "and is watched like one that was read back at once";
}

TEST_F(UpdateWebAclActor, WhatDidNotArriveMayStillArrive) {
  waf.refusals = {Error{ErrorCode::kOutcomeUnknown, "no answer", ""}};
  EXPECT_EQ(Act().state, ActionState::kIntended);
  EXPECT_EQ(waf.updates, 1);
  EXPECT_FALSE(actor().FindOut(Task(true)));  // not yet: it is asked for again, or found later
}

TEST_F(UpdateWebAclActor, TagsThatARunDoesNotKeepAreRead) {
  waf.tags = {{"i-0123456789abcdef0", {{"sallyport:exclude", "true"}}}};
  const auto now = actor().WithHostsOfNow(Task());
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(TargetsOf(*now).hosts.at(0).host.tags->at(0).name, "sallyport:exclude");
}

TEST_F(UpdateWebAclActor, WithoutAWayToAwsItFailsAndSaysSo) {
  const ActionTable bare = {UpdateWebAclRow()};
  FakeSwpReads reads;
  FakeSwpWrites writes;
  CallbackNotifier notifier{[](const Message&) {}};
  FakeClock clock;
  Logger log{clock, LogLevel::kOff, [](std::string_view) {}};
  OwnerDirectory directory;
  const Actors actors(bare, {reads, writes, notifier, clock, log, directory});
  const Done done = actors.For(planned.action).Act(Task());
  EXPECT_EQ(done.state, ActionState::kFailed);
  EXPECT_THAT(done.reason, HasSubstr("AWS cannot be asked here"));
  EXPECT_THAT(actor().WouldDo(Task()), HasSubstr("UpdateWebACL arn:aws:wafv2"));
}

}  // namespace
}  // namespace sallyport
