// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/update_ip_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/update_ip_set.h"
#include "base/fake_clock.h"
#include "edge/addresses.h"
#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// One IP set, as WAF has it.
struct FakeIpSet {
  std::string version = "IPV4";
  std::vector<std::string> addresses = {"192.0.2.0/24"};
  int conflicts = 0;
  bool loses_answers = false;
  bool is_unread = false;  // after an update
  bool loses_requests = false;
  int updates = 0;
};

class IpSetAccess final : public edge::Access {
 public:
  explicit IpSetAccess(FakeIpSet& set) : set_(set) {}
  Result<edge::Estate> ReadEstate(const edge::SurveyAsk&) override { return edge::Estate{}; }
  std::map<std::int32_t, edge::IpsRule> AddSwp(const edge::SurveyAsk&, TimePoint, edge::Estate&) override { return {}; }
  Result<edge::AclNow> ReadAcl(const edge::AclPlace&) override { return Error{}; }
  Result<edge::GroupNow> ReadGroup(const edge::AclPlace&, const edge::GroupName&) override { return edge::GroupNow{}; }
  Result<std::int64_t> CapacityOf(const edge::AclPlace&, const Json&) override { return std::int64_t{0}; }
  Result<edge::Sampled> ReadSampled(const edge::AclPlace&, const std::string&, TimePoint, TimePoint) override {
    return edge::Sampled{};
  }
  Result<std::vector<edge::TagsNow>> ReadTags(const std::string&, const std::string&,
                                              const std::vector<std::string>&) override {
    return std::vector<edge::TagsNow>{{"i-0123456789abcdef0", {{"sallyport:exclude", "true"}}}};
  }
  Result<edge::IpListNow> ReadIpList(const std::string&) override { return Error{}; }
  Status UpdateAcl(const edge::AclPlace&, const edge::AclNow&, const Json&) override { return Ok(); }
  Result<edge::IpSetNow> ReadIpSet(const edge::IpSetPlace& place) override {
    EXPECT_EQ(place.id, "0123");
    if (set_.is_unread && set_.updates > 0) return Error{ErrorCode::kUnavailable, "AWS is busy", ""};
    edge::IpSetNow now;
    now.name = place.name;
    now.id = place.id;
    now.version = set_.version;
    now.addresses = set_.addresses;
    now.lock_token = std::to_string(set_.updates);
    return now;
  }
  Status UpdateIpSet(const edge::IpSetPlace&, const edge::IpSetNow& set) override {
    EXPECT_EQ(set.lock_token, std::to_string(set_.updates));
    ++set_.updates;
    if (set_.conflicts-- > 0) {
      // Whoever was faster added one.
      set_.addresses.push_back("198.51.100." + std::to_string(set_.updates) + "/32");
      Error error{ErrorCode::kRefused, "somebody changed it", ""};
      ErrorOrigin origin;
      origin.code = "WAFOptimisticLockException";
      error.origin = std::make_shared<const ErrorOrigin>(origin);
      return error;
    }
    if (set_.loses_requests) return Error{ErrorCode::kOutcomeUnknown, "no answer", ""};
    set_.addresses = set.addresses;
    if (set_.loses_answers) return Error{ErrorCode::kOutcomeUnknown, "no answer", ""};
    return Ok();
  }

 private:
  FakeIpSet& set_;
};

class UpdateIpSetActor : public testing::Test {
 protected:
  UpdateIpSetActor() {
    table_ = {UpdateIpSetRow([this](const ActorSeams&) { return std::make_unique<IpSetAccess>(set); })};
    actors_.emplace(table_, ActorSeams{reads_, writes_, notifier_, clock_, log_, directory_});
    update.account = "111122223333";
    update.region = "us-east-1";
    update.scope = "REGIONAL";
    update.name = "blocked";
    update.id = "0123";
    update.arn = "arn:aws:wafv2:us-east-1:111122223333:regional/ipset/blocked/0123";
    update.version = "IPV4";
    update.list = "blocked";
    update.add = {"203.0.113.0/24"};
    update.remove = {"192.0.2.0/24"};
    update.hosts = {{"111122223333", "us-east-1", {"i-0123456789abcdef0"}, "web", std::nullopt}};
  }
  Actor& actor() {
    planned_.action = update;
    return actors_->For(planned_.action);
  }
  ActorTask Task(bool after_a_crash = false) {
    return {planned_, plan_, {}, after_a_crash ? std::optional(clock_.Now()) : std::nullopt, false};
  }
  Done Act() {
    Actor& one = actor();
    return one.Act(Task());
  }

  FakeIpSet set;
  UpdateIpSet update;

 private:
  PlannedAction planned_;
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

TEST_F(UpdateIpSetActor, AddsRemovesAndReadsBack) {
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kVerified) << done.reason;
  EXPECT_THAT(set.addresses, ElementsAre("203.0.113.0/24"));
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_EQ(set.updates, 1);  // the second found nothing to do
}

TEST_F(UpdateIpSetActor, WhatOthersAddedMeanwhileStays) {
  set.conflicts = 2;
  EXPECT_EQ(Act().state, ActionState::kVerified);
  EXPECT_THAT(set.addresses, ElementsAre("198.51.100.1/32", "198.51.100.2/32", "203.0.113.0/24"));
  EXPECT_EQ(set.updates, 3);
  set.addresses = {"192.0.2.0/24"};
  set.conflicts = 3;
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kFailed);
  EXPECT_THAT(done.reason, HasSubstr("changed by other clients all the time"));
}

TEST_F(UpdateIpSetActor, WhatDoesNotFitIsNotWritten) {
  set.version = "IPV6";
  EXPECT_THAT(Act().reason, HasSubstr("is of IPV6"));
  set.version = "IPV4";
  set.addresses.assign(edge::kMostAddresses, "");
  for (std::size_t i = 0; i < set.addresses.size(); ++i) {
    set.addresses[i] = "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + "/32";
  }
  EXPECT_THAT(Act().reason, HasSubstr("10001 blocks of 10000"));
  EXPECT_EQ(set.updates, 0);
}

TEST_F(UpdateIpSetActor, ALostAnswerIsFoundOut) {
  set.loses_answers = true;
  EXPECT_EQ(Act().state, ActionState::kVerified);
  ASSERT_TRUE(actor().FindOut(Task(true)));
  EXPECT_EQ(actor().FindOut(Task(true))->state, ActionState::kVerified);
}

TEST_F(UpdateIpSetActor, WhatWasWrittenAndNotReadBackIsLookedForAgain) {
  set.is_unread = true;
  const Done done = Act();
  EXPECT_EQ(done.state, ActionState::kIntended) << "a state without a question would wait for ever";
  EXPECT_THAT(done.reason, HasSubstr("written; it could not be read back yet: AWS is busy"));
  EXPECT_EQ(actor().FindOut(Task(true))->state, ActionState::kIntended);
  set.is_unread = false;
  EXPECT_EQ(actor().FindOut(Task(true))->state, ActionState::kVerified);
}

TEST_F(UpdateIpSetActor, WhatDidNotArriveMayStillArrive) {
  set.loses_requests = true;
  EXPECT_EQ(Act().state, ActionState::kIntended);
  EXPECT_EQ(set.updates, 1);
  EXPECT_FALSE(actor().FindOut(Task(true)));  // not yet: it is asked for again, or found later
}

TEST_F(UpdateIpSetActor, TagsThatARunDoesNotKeepAreRead) {
  Actor& one = actor();
  const auto now = one.WithHostsOfNow(Task());
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(TargetsOf(*now).hosts.at(0).host.tags->at(0).name, "sallyport:exclude");
  EXPECT_THAT(one.WouldDo(Task()), HasSubstr("UpdateIPSet arn:aws:wafv2"));
}

}  // namespace
}  // namespace sallyport
