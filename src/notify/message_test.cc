// SPDX-License-Identifier: Apache-2.0
#include "notify/message.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "notify/clip.h"
#include "notify/test_message.h"

namespace sallyport {
namespace {

using testing_message::Full;

TEST(Outcome, HasItsWord) {
  EXPECT_EQ(ToString(Outcome::kWould), "would");
  EXPECT_EQ(ToString(Outcome::kHeld), "held");
  EXPECT_EQ(ToString(Outcome::kRequested), "requested");
  EXPECT_EQ(ToString(Outcome::kWaiting), "waiting");
  EXPECT_EQ(ToString(Outcome::kApplied), "applied");
  EXPECT_EQ(ToString(Outcome::kVerified), "verified");
  EXPECT_EQ(ToString(Outcome::kNotVerifiable), "not verifiable");
  EXPECT_EQ(ToString(Outcome::kRefused), "refused");
  EXPECT_EQ(ToString(Outcome::kSkipped), "skipped");
  EXPECT_EQ(ToString(Outcome::kFailed), "failed");
}

TEST(MessageStatus, HasItsWord) {
  EXPECT_EQ(ToString(MessageStatus::kOpen), "open");
  EXPECT_EQ(ToString(MessageStatus::kUpdated), "updated");
  EXPECT_EQ(ToString(MessageStatus::kFinished), "finished");
  EXPECT_EQ(ToString(MessageStatus::kFailed), "failed");
}

TEST(ContentSha256, DoesNotDependOnTheTimesOrOnCallingItAnUpdate) {
  Message later = Full();
  later.created_at += Duration{1};
  later.updated_at += Duration{60'000};
  later.status = MessageStatus::kUpdated;
  for (const ContentScope scope : {ContentScope::kAll, ContentScope::kGist}) {
    EXPECT_EQ(ContentSha256(Full(), scope), ContentSha256(later, scope));
    EXPECT_EQ(ContentSha256(Full(), scope).size(), 64U);
  }
}

TEST(ContentSha256, DependsOnEveryTextAndOnTheRest) {
  std::set<std::string> seen = {ContentSha256(Full(), ContentScope::kAll)};
  auto changes = testing_message::TextsFromOutside();
  changes.emplace_back([](Message& m, const std::string&) { m.case_id = 18; });
  changes.emplace_back([](Message& m, const std::string&) { m.severity = 8.5; });
  changes.emplace_back([](Message& m, const std::string&) { m.sample = true; });
  changes.emplace_back([](Message& m, const std::string&) { m.status = MessageStatus::kFinished; });
  changes.emplace_back([](Message& m, const std::string&) { m.status = MessageStatus::kFailed; });
  changes.emplace_back([](Message& m, const std::string&) { m.done[0].outcome = Outcome::kFailed; });
  changes.emplace_back([](Message& m, const std::string&) { m.owner.addresses.push_back({.name = "team-web"}); });
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Message message = Full();
    changes[i](message, "changed");
    EXPECT_TRUE(seen.insert(ContentSha256(message, ContentScope::kAll)).second) << i;
  }
}

// They would look the same once each bad byte is replaced.
TEST(ContentSha256, TellsBytesApartThatAreNoUtf8) {
  Message a = Full();
  Message b = Full();
  a.headline = "x\xFE";
  b.headline = "x\xFF";
  EXPECT_NE(ContentSha256(a, ContentScope::kAll), ContentSha256(b, ContentScope::kAll));
}

TEST(ContentSha256, ItsGistIsNotChangedByCountersButByTheBandOfTheSeverity) {
  Message counted = Full();
  counted.why_now[1] = "seen 58 times";
  counted.severity = 8.9;
  EXPECT_EQ(ContentSha256(Full(), ContentScope::kGist), ContentSha256(counted, ContentScope::kGist));
  EXPECT_NE(ContentSha256(Full(), ContentScope::kAll), ContentSha256(counted, ContentScope::kAll));
  counted.severity = 9;
  EXPECT_NE(ContentSha256(Full(), ContentScope::kGist), ContentSha256(counted, ContentScope::kGist));
  Message done = Full();
  done.done[0].outcome = Outcome::kRequested;
  EXPECT_NE(ContentSha256(Full(), ContentScope::kGist), ContentSha256(done, ContentScope::kGist));
}

TEST(ToneOf, FollowsWhatHappened) {
  const auto tone = [](std::vector<DoneLine> done, bool to_do, double severity, MessageStatus status) {
    Message message;
    message.done = std::move(done);
    if (to_do) message.to_do = {{"do it", ""}};
    message.severity = severity;
    message.status = status;
    return ToneOf(message);
  };
  const auto open = MessageStatus::kOpen;
  EXPECT_EQ(tone({{"a", Outcome::kVerified, ""}}, false, 9, open), Tone::kGood);
  EXPECT_EQ(tone({{"a", Outcome::kVerified, ""}, {"b", Outcome::kWaiting, ""}}, false, 9, open), Tone::kNeutral);
  EXPECT_EQ(tone({{"a", Outcome::kVerified, ""}, {"b", Outcome::kNotVerifiable, ""}}, false, 9, open), Tone::kWarning);
  EXPECT_EQ(tone({{"a", Outcome::kVerified, ""}, {"b", Outcome::kFailed, ""}}, false, 1, open), Tone::kBad);
  EXPECT_EQ(tone({{"b", Outcome::kRefused, ""}}, false, 1, open), Tone::kBad);
  EXPECT_EQ(tone({}, false, 9, open), Tone::kNeutral);
  EXPECT_EQ(tone({}, true, 7, open), Tone::kBad);
  EXPECT_EQ(tone({}, true, 6.9, open), Tone::kWarning);
  EXPECT_EQ(tone({}, true, 9, MessageStatus::kFinished), Tone::kGood);
  EXPECT_EQ(tone({}, false, 1, MessageStatus::kFailed), Tone::kBad);
}

TEST(SeverityNumber, HasAtMostOneDigitAfterThePoint) {
  EXPECT_EQ(SeverityNumber(8), "8");
  EXPECT_EQ(SeverityNumber(7.5), "7.5");
  EXPECT_EQ(SeverityNumber(8.96), "9");
  EXPECT_EQ(SeverityNumber(0), "0");
  EXPECT_EQ(SeverityNumber(-1), "unknown");
  EXPECT_EQ(SeverityNumber(std::nan("")), "unknown");
  EXPECT_EQ(SeverityNumber(std::numeric_limits<double>::infinity()), "unknown");
}

TEST(IsSafeLink, TakesHttpsAddressesAndNothingElse) {
  EXPECT_TRUE(IsSafeLink("https://console.aws.amazon.com/ec2/home?region=us-east-1#InstanceDetails:instanceId=i-0"));
  for (const char* bad :
       {"", "https://", "https:///path", "http://example.com/", "javascript:alert(1)", "//example.com",
        "https://example.com/a b", "https://example.com/\"", "https://example.com/<!channel>",
        "https://example.com|click", "https://user@evil.example/", "https://example.com/\xE2\x80\xAE",
        "https://example.com/\n", "https://example.com/)`", "https://example.com\\@evil.example"}) {
    EXPECT_FALSE(IsSafeLink(bad)) << bad;
  }
  const std::string start = "https://example.com/";
  EXPECT_TRUE(IsSafeLink(start + std::string(1'000 - start.size(), 'y')));
  EXPECT_FALSE(IsSafeLink(start + std::string(1'001 - start.size(), 'y')));
}

}  // namespace
}  // namespace sallyport
