// SPDX-License-Identifier: Apache-2.0
#include "notify/dispatcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "base/fake_clock.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using std::chrono::minutes;
using testing_message::Full;

// Answers as it is told, and remembers what it was asked.
class FakeChannel final : public Channel {
 public:
  explicit FakeChannel(std::vector<std::string>& log, ContentScope scope) : log_(log), scope_(scope) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier,
                  std::optional<TimePoint> stop_at) override {
    stops.push_back(stop_at);
    log_.push_back(message.headline + (earlier ? " over " + *earlier : "") + (message.may_repeat ? " again" : ""));
    return next;
  }
  ContentScope scope() const override { return scope_; }
  Attempt next = {Delivered{"h1"}};
  std::vector<std::optional<TimePoint>> stops;

 private:
  std::vector<std::string>& log_;
  ContentScope scope_;
};

class MemoryBook final : public DeliveryBook {
 public:
  Result<std::optional<EarlierDelivery>> Find(const Message&, const std::string& channel) override {
    if (find_fails) return Error{ErrorCode::kStorage, "the disk is full", ""};
    const auto it = records.find(channel);
    return it == records.end() ? std::nullopt : std::optional(it->second.back().record);
  }
  Result<bool> Begin(const Message& message, const std::string& channel, const DeliveryOutcome& outcome) override {
    if (overtaken_by) {
      records[channel].push_back({*std::exchange(overtaken_by, std::nullopt), "being sent", std::nullopt});
      return false;
    }
    if (Status recorded = Record(message, channel, outcome); !recorded.ok()) return recorded.error();
    return true;
  }
  Status Record(const Message&, const std::string& channel, const DeliveryOutcome& outcome) override {
    if (record_fails_at-- == 0) return Error{ErrorCode::kStorage, "the disk is full", ""};
    records[channel].push_back(outcome);
    return Ok();
  }
  std::map<std::string, std::vector<DeliveryOutcome>> records;
  bool find_fails = false;
  std::optional<EarlierDelivery> overtaken_by;  // somebody else is faster, once
  int record_fails_at = -1;
};

class DispatcherTest : public ::testing::Test {
 protected:
  void Add(const std::string& name, ChannelFilter filter = {}, ContentScope scope = ContentScope::kAll) {
    auto channel = std::make_unique<FakeChannel>(log_, scope);
    channels_[name] = channel.get();
    entries_.push_back({name, std::move(filter), std::move(channel)});
  }
  Dispatcher& Made() {
    if (!dispatcher_) dispatcher_.emplace(std::move(entries_), clock_);
    return *dispatcher_;
  }

  FakeClock clock_;
  std::vector<std::string> log_;
  std::map<std::string, FakeChannel*> channels_;
  std::vector<Dispatcher::Entry> entries_;
  std::optional<Dispatcher> dispatcher_;
  MemoryBook book_;
};

TEST_F(DispatcherTest, DeliversOnceAndUpdatesWhatChanged) {
  Add("slack");
  Message message = Full();
  message.headline = "one";
  auto results = Made().Deliver(message, book_);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].channel, "slack");
  EXPECT_EQ(results[0].step, DeliveryStep::kSend);
  EXPECT_EQ(results[0].outcome.record.progress, DeliveryProgress::kDelivered);
  EXPECT_EQ(Made().Deliver(message, book_)[0].step, DeliveryStep::kSkip);
  message.headline = "two";
  EXPECT_EQ(Made().Deliver(message, book_)[0].step, DeliveryStep::kUpdate);
  EXPECT_EQ(log_, (std::vector<std::string>{"one", "two over h1"}));
}

TEST_F(DispatcherTest, SendsNothingWhileItMayNotAndKeepsTheMessageForLater) {
  Add("slack");
  Status may = Error{ErrorCode::kRefused, "kill-switch: kill switch is on (file `stop` exists)", ""};
  Dispatcher dispatcher(std::move(entries_), clock_, [&] { return may; });
  const auto stopped = dispatcher.Deliver(Full(), book_);
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped[0].outcome.record.progress, DeliveryProgress::kPending);
  EXPECT_EQ(stopped[0].outcome.reason, "not sent: kill-switch: kill switch is on (file `stop` exists)");
  EXPECT_TRUE(log_.empty());
  may = Ok();
  EXPECT_EQ(dispatcher.Deliver(Full(), book_)[0].outcome.record.progress, DeliveryProgress::kDelivered);
  EXPECT_EQ(log_.size(), 1U);
}

TEST_F(DispatcherTest, RecordsThatTheOutcomeIsUnknownBeforeItSends) {
  Add("slack");
  Made().Deliver(Full(), book_);
  ASSERT_EQ(book_.records["slack"].size(), 2U);
  EXPECT_EQ(book_.records["slack"][0].record.progress, DeliveryProgress::kUnknown);
  EXPECT_EQ(book_.records["slack"][0].retry_at, clock_.Now());
  EXPECT_EQ(book_.records["slack"][0].record.sha256, ContentSha256(Full(), ContentScope::kAll));
  EXPECT_EQ(book_.records["slack"][1].record.progress, DeliveryProgress::kDelivered);
}

TEST_F(DispatcherTest, SaysThatItMayRepeatOnlyWhenAnOutcomeIsUnknown) {
  Add("hook");
  Message message = Full();
  message.headline = "one";
  const auto answer_with = [&](ErrorCode code) { channels_["hook"]->next = {Error{code, "no", ""}, std::nullopt}; };
  answer_with(ErrorCode::kUnavailable);
  Made().Deliver(message, book_);  // surely not there
  answer_with(ErrorCode::kOutcomeUnknown);
  Made().Deliver(message, book_);  // may be there
  answer_with(ErrorCode::kUnavailable);
  Made().Deliver(message, book_);  // what was left open stays open
  EXPECT_EQ(book_.records["hook"].back().record.progress, DeliveryProgress::kUnknown);
  EXPECT_EQ(book_.records["hook"].back().reason, "no; the channel may have it; next attempt in 15m");
  channels_["hook"]->next = {Delivered{""}};
  Made().Deliver(message, book_);
  message.headline = "two";
  Made().Deliver(message, book_);
  EXPECT_EQ(log_, (std::vector<std::string>{"one", "one", "one again", "one again", "two"}));
}

TEST_F(DispatcherTest, WhatWasBeingSentWhenTheProgramEndedMayRepeat) {
  Add("hook");
  const Message message = Full();
  book_.records["hook"] = {
      {{DeliveryProgress::kUnknown, ContentSha256(message, ContentScope::kAll), "", 0}, "being sent", clock_.Now()}};
  Made().Deliver(message, book_);
  EXPECT_EQ(log_, (std::vector<std::string>{message.headline + " again"}));
  EXPECT_EQ(book_.records["hook"].back().record.progress, DeliveryProgress::kDelivered);
}

TEST_F(DispatcherTest, WhatAnotherOneIsSendingIsNotSent) {
  Add("hook");
  const Message message = Full();
  const std::string same = ContentSha256(message, ContentScope::kAll);
  book_.overtaken_by = {DeliveryProgress::kUnknown, same, "", 0};
  const auto results = Made().Deliver(message, book_);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].step, DeliveryStep::kSkip);
  EXPECT_EQ(results[0].outcome.reason, "another one is sending it");
  EXPECT_TRUE(log_.empty());
}

TEST_F(DispatcherTest, NewsAreToldBehindWhatAnotherOneIsSending) {
  Add("hook");
  book_.overtaken_by = {DeliveryProgress::kUnknown, "of another content", "", 0};
  Made().Deliver(Full(), book_);
  EXPECT_EQ(log_, (std::vector<std::string>{Full().headline}));
  EXPECT_EQ(book_.records["hook"].back().record.progress, DeliveryProgress::kDelivered);
}

TEST_F(DispatcherTest, AMessageThatIsChangedInItsPlaceIsNoRepetition) {
  Add("bot");
  const Message message = Full();
  book_.records["bot"] = {
      {{DeliveryProgress::kUnknown, ContentSha256(message, ContentScope::kAll), "h1", 0}, "being sent", clock_.Now()}};
  Made().Deliver(message, book_);
  EXPECT_EQ(log_, (std::vector<std::string>{message.headline + " over h1"}));
}

TEST_F(DispatcherTest, TellsChannelsUntilWhenTheyMaySend) {
  Add("slack");
  const TimePoint stop_at = clock_.Now() + minutes(1);
  Made().Deliver(Full(), book_, stop_at);
  EXPECT_EQ(channels_["slack"]->stops, std::vector{std::optional(stop_at)});
}

TEST_F(DispatcherTest, ADeadChannelDoesNotKeepOthersFromTheirs) {
  Add("dead");
  Add("alive");
  channels_["dead"]->next = {Error{ErrorCode::kUnavailable, "no connection", ""}, Duration(minutes(3))};
  const auto results = Made().Deliver(Full(), book_);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].outcome.record.progress, DeliveryProgress::kPending);
  EXPECT_EQ(results[0].outcome.reason, "no connection; next attempt in 3m");
  EXPECT_EQ(results[0].outcome.retry_at, clock_.Now() + minutes(3));
  EXPECT_EQ(results[1].outcome.record.progress, DeliveryProgress::kDelivered);
}

TEST_F(DispatcherTest, CountsTriesOfOneContentOnly) {
  Add("slack");
  channels_["slack"]->next = {Error{ErrorCode::kUnavailable, "no connection", ""}, std::nullopt};
  Message message = Full();
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(Made().Deliver(message, book_)[0].outcome.record.attempts, i);
  message.headline = "other";
  EXPECT_EQ(Made().Deliver(message, book_)[0].outcome.record.attempts, 1);
}

TEST_F(DispatcherTest, SendsNothingThatItCannotRecord) {
  Add("slack");
  book_.record_fails_at = 0;
  auto results = Made().Deliver(Full(), book_);
  EXPECT_EQ(results[0].outcome.reason, "not sent: the disk is full");
  EXPECT_EQ(results[0].outcome.record.progress, DeliveryProgress::kPending);
  book_.find_fails = true;
  results = Made().Deliver(Full(), book_);
  EXPECT_EQ(results[0].outcome.reason, "not sent: the disk is full");
  EXPECT_TRUE(log_.empty());
}

TEST_F(DispatcherTest, SaysWhenADeliveryCouldNotBeRecorded) {
  Add("slack");
  book_.record_fails_at = 1;
  EXPECT_EQ(Made().Deliver(Full(), book_)[0].outcome.reason, "not recorded: the disk is full");
  EXPECT_EQ(log_.size(), 1U);
}

TEST_F(DispatcherTest, CountersAreNoNewsWhereTheyWouldBeOneMoreMessage) {
  Add("webhook-of-a-chat", {}, ContentScope::kGist);
  Message message = Full();
  Made().Deliver(message, book_);
  message.why_now[1] = "seen 58 times";
  EXPECT_EQ(Made().Deliver(message, book_)[0].step, DeliveryStep::kSkip);
}

TEST_F(DispatcherTest, AsksOnlyTheChannelsThatWantIt) {
  Add("all");
  Add("high", {.min_severity = 8.5});
  Add("other-account", {.accounts = {"444455556666"}});
  EXPECT_EQ(Made().Deliver(Full(), book_).size(), 1U);
  EXPECT_EQ(Made().Names(), (std::vector<std::string>{"all", "high", "other-account"}));
  Message sample = Full();
  sample.sample = true;
  EXPECT_EQ(Made().Deliver(sample, book_).size(), 3U);
}

TEST_F(DispatcherTest, DeliversOnOneChannelForARetry) {
  Add("high", {.min_severity = 10});
  const auto result = Made().DeliverOn("high", Full(), book_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->outcome.record.progress, DeliveryProgress::kDelivered);
  const auto missing = Made().DeliverOn("gone", Full(), book_);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "there is no channel `gone` in `notify.channels`");
}

TEST(Wants, LooksAtSeverityAccountAndOwner) {
  Message message = Full();
  EXPECT_TRUE(Wants({.min_severity = 8}, message));
  EXPECT_FALSE(Wants({.min_severity = 8.1}, message));
  EXPECT_TRUE(Wants({.accounts = {"111122223333"}}, message));
  EXPECT_FALSE(Wants({.accounts = {"444455556666"}}, message));
  EXPECT_TRUE(Wants({.owners = {"team-web"}}, message));
  EXPECT_FALSE(Wants({.owners = {"team-db"}}, message));
  message.owner.addresses = {{.name = "Team-DB"}};
  EXPECT_TRUE(Wants({.owners = {"team-db"}}, message));
}

}  // namespace
}  // namespace sallyport
