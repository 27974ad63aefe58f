// SPDX-License-Identifier: Apache-2.0
#include "aws_client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "aws_api/cloudfront.h"
#include "aws_api/config_service.h"
#include "aws_api/ec2.h"
#include "aws_api/iam.h"
#include "aws_api/kms.h"
#include "aws_api/s3.h"
#include "aws_api/sns.h"
#include "aws_api/sqs.h"
#include "aws_api/sts.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"
#include "aws_client/test_support.h"

namespace sallyport::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kNoInstances = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>";
constexpr const char* kKey = R"({"KeyMetadata":{"KeyId":"k"}})";

class ClientTest : public testing::Test {
 protected:
  Aws At(Client& client) { return {client, {"111122223333", "eu-west-1"}}; }

  // `date` as a server writes it, `offset` from our clock.
  std::string HttpDate(Duration offset) {
    const std::string iso = FormatTime(std::chrono::floor<seconds>(bench_.clock.Now() + offset));
    return "Mon, 24 Nov 2025 " + iso.substr(11, 8) + " GMT";
  }

  ClientBench bench_;
};

const ec2::DescribeInstances kFiltered{.filters = {{"instance-id", {"i-1"}}}};

TEST_F(ClientTest, SendsASignedRequestToTheRegion) {
  Client client = bench_.Make();
  bench_.http.Answer(200, kNoInstances);
  ASSERT_TRUE(At(client).Call(kFiltered).ok());
  const HttpRequest sent = bench_.http.Requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://ec2.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.body, "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-id&Filter.1.Value.1=i-1");
  EXPECT_THAT(HeaderOf(sent, "Authorization"), StartsWith("AWS4-HMAC-SHA256 Credential=AKID1/"));
  EXPECT_THAT(HeaderOf(sent, "Authorization"), HasSubstr("/eu-west-1/ec2/aws4_request"));
  EXPECT_EQ(HeaderOf(sent, "X-Amz-Security-Token"), "token");
  EXPECT_EQ(sent.repeat, Repeat::kSafe);
  EXPECT_FALSE(sent.changes);
  EXPECT_EQ(sent.deadline, seconds{30});
  EXPECT_THAT(bench_.credentials.places, ElementsAre(Place{"111122223333", "eu-west-1"}));
}

// The kill switch is asked before each try of what changes something.
TEST_F(ClientTest, SaysOfARequestThatItChangesSomething) {
  Client client = bench_.Make();
  bench_.http.Answer(400, R"({"__type":"ThrottlingException"})");
  bench_.http.Answer(200, R"({"NextLockToken":"t"})");
  bench_.http.Answer(200, R"({"FailedEvaluations":[]})");
  ASSERT_TRUE(At(client).Call(wafv2::UpdateIPSet{"n", "REGIONAL", "i", "d", {"192.0.2.0/24"}, "t"}).ok());
  ASSERT_TRUE(At(client).Call(config_service::PutEvaluations{.result_token = "t"}).ok());
  const auto sent = bench_.http.Requests();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_TRUE(std::all_of(sent.begin(), sent.end(), [](const HttpRequest& request) { return request.changes; }));
  EXPECT_TRUE(wafv2::UpdateWebACL::kOp.changes);
}

// WAF may have taken it, or may take it still: whoever asked for the change looks.
TEST_F(ClientTest, DoesNotKnowWhatCameOfAChangeWhoseAnswerIsLost) {
  Client client = bench_.Make();
  bench_.http.Fail(ErrorCode::kOutcomeUnknown);
  bench_.http.Answer(500, R"({"__type":"WAFInternalErrorException"})");
  for (int i = 0; i < 2; ++i) {
    const auto updated = At(client).Call(wafv2::UpdateIPSet{"n", "REGIONAL", "i", "d", {"192.0.2.0/24"}, "t"});
    ASSERT_FALSE(updated.ok());
    EXPECT_EQ(updated.error().code, ErrorCode::kOutcomeUnknown);
  }
  EXPECT_FALSE(wafv2::UpdateWebACL::kOp.repeatable);
}

TEST_F(ClientTest, HashesTheBodyForS3AndNamesTheBucketInTheHost) {
  Client client = bench_.Make();
  bench_.http.Answer(200, R"({"Statement":[]})");
  const auto policy = At(client).Call(s3::GetBucketPolicy{.bucket = "logs", .expected_owner = "111122223333"});
  ASSERT_TRUE(policy.ok()) << policy.error().ToText();
  EXPECT_EQ(policy->policy, R"({"Statement":[]})");
  const HttpRequest sent = bench_.http.Requests().at(0);
  EXPECT_EQ(sent.url, "https://logs.s3.eu-west-1.amazonaws.com/?policy");
  EXPECT_EQ(HeaderOf(sent, "X-Amz-Content-Sha256"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HeaderOf(sent, "x-amz-expected-bucket-owner"), "111122223333");
}

TEST_F(ClientTest, RetriesWhatMayPassWithJitterUpToThreeAttempts) {
  Client client = bench_.Make();
  bench_.http.Answer(503, "<Response><Errors><Error><Code>Unavailable</Code></Error></Errors></Response>");
  bench_.http.Fail(ErrorCode::kOutcomeUnknown);
  bench_.http.Answer(200, kNoInstances);
  ASSERT_TRUE(At(client).Call(kFiltered).ok());
  EXPECT_THAT(bench_.clock.slept(), ElementsAre(Duration{500}, Duration{1000}));     // half of 1 s and of 2 s
  EXPECT_EQ(client.retry_tokens().Left(), RetryTokens::kAll - RetryTokens::kRetry);  // the second, 10, came back
  for (int i = 0; i < 4; ++i) bench_.http.Answer(500);
  const auto failed = At(client).Call(kFiltered);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(failed.error().message, HasSubstr("(HTTP 500), after 3 attempts"));
  EXPECT_EQ(bench_.http.Left(), 1U);
}

TEST_F(ClientTest, SendsNothingAfterItsLatestMoment) {
  ClientOptions options;
  options.until = bench_.clock.Monotonic() + seconds{5};
  const auto memory = std::make_shared<ClientMemory>();
  Client client = bench_.Make(options, memory);
  bench_.http.Answer(200, kKey);
  ASSERT_TRUE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(bench_.http.Requests().at(0).deadline, seconds{5}) << "its own would be 30 seconds";
  bench_.clock.Advance(seconds{6});
  EXPECT_EQ(At(client).Call(kms::DescribeKey{"k"}).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(bench_.http.Requests().size(), 1U);
  // Another client of the process goes on, with what this one learned.
  for (int i = 0; i < 3; ++i) bench_.http.Answer(500);
  Client other = bench_.Make({}, memory);
  EXPECT_FALSE(At(other).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(client.retry_tokens().Left(), other.retry_tokens().Left());
  EXPECT_LT(client.retry_tokens().Left(), RetryTokens::kAll);
}

TEST_F(ClientTest, StopsRetryingWhenTheTokensAreUsedUp) {
  Client client = bench_.Make();
  for (int i = 0; i < 200; ++i) bench_.http.Answer(500);
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(client.retry_tokens().Left(), 0);
  const std::size_t before = bench_.http.Requests().size();
  EXPECT_EQ(before, 150U);
  EXPECT_FALSE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(bench_.http.Requests().size(), before + 1);
}

TEST_F(ClientTest, WaitsAsLongAsTheServerAsksButNotMuchLonger) {
  Client client = bench_.Make();
  bench_.http.Answer(429, "{}", {{"Retry-After", "2"}});
  bench_.http.Answer(429, "{}", {{"x-amz-retry-after", "600000"}});
  bench_.http.Answer(200, kKey);
  ASSERT_TRUE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_THAT(bench_.clock.slept(), ElementsAre(Duration{2000}, Duration{6000}));  // 1 s of our own and 5 more
}

TEST_F(ClientTest, NeverRepeatsWhatMayHaveBeenDone) {
  Client client = bench_.Make();
  const sns::Publish publish{.topic_arn = "arn:aws:sns:eu-west-1:111122223333:t", .message = "m"};
  bench_.http.Answer(500);
  EXPECT_EQ(At(client).Call(publish).error().code, ErrorCode::kOutcomeUnknown);
  bench_.http.Fail(ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(At(client).Call(publish).error().code, ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(bench_.http.Requests().size(), 2U);
  EXPECT_EQ(bench_.http.Requests()[0].repeat, Repeat::kUnsafe);
  // What was refused, or never sent, was not done.
  bench_.http.Answer(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>");
  bench_.http.Fail(ErrorCode::kUnavailable);
  bench_.http.Answer(200, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
  EXPECT_TRUE(At(client).Call(publish).ok());
}

TEST_F(ClientTest, ARepeatableCallWithoutAnAnswerIsUnavailable) {
  Client client = bench_.Make();
  for (int i = 0; i < 3; ++i) bench_.http.Fail(ErrorCode::kOutcomeUnknown);
  const auto lost = At(client).Call(kFiltered);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(lost.error().message, HasSubstr(", after 3 attempts"));
}

TEST_F(ClientTest, CorrectsAWrongClockOnceAndKeepsTheCorrection) {
  Client client = bench_.Make();
  const auto skewed = [&](Duration off) {
    bench_.http.Answer(403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>",
                       {{"Date", HttpDate(off)}});
  };
  skewed(minutes{10});
  bench_.http.Answer(
      200,
      "<GetPolicyResponse><GetPolicyResult><Policy><Arn>a</Arn><DefaultVersionId>v1</DefaultVersionId></Policy>"
      "</GetPolicyResult></GetPolicyResponse>");
  ASSERT_TRUE(At(client).Call(iam::GetPolicy{"r"}).ok());
  const auto sent = bench_.http.Requests();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(HeaderOf(sent[1], "X-Amz-Date"), AmzDate(std::chrono::floor<seconds>(bench_.clock.Now() + minutes{10})));
  EXPECT_TRUE(bench_.clock.slept().empty());
  EXPECT_THAT(bench_.log_text, HasSubstr("this computer's clock is off"));
  // With the correction the server's time is ours; the same refusal is one for good.
  skewed(minutes{10});
  const auto refused = At(client).Call(iam::GetPolicy{"r"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(bench_.http.Requests().size(), 3U);
}

TEST_F(ClientTest, GivesUpWhenTheCorrectedClockIsRefusedToo) {
  Client client = bench_.Make();
  for (int i = 0; i < 3; ++i) {
    bench_.http.Answer(403, R"({"__type":"RequestTimeTooSkewed"})", {{"Date", HttpDate(minutes{10})}});
  }
  EXPECT_FALSE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(bench_.http.Requests().size(), 2U);
}

TEST_F(ClientTest, ReplacesAnExpiredTokenOnce) {
  Client client = bench_.Make();
  bench_.http.Answer(400, R"({"__type":"ExpiredTokenException"})");
  bench_.http.Answer(200, kKey);
  ASSERT_TRUE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_THAT(bench_.credentials.distrusted, ElementsAre("AKID1"));
  EXPECT_THAT(HeaderOf(bench_.http.Requests()[1], "Authorization"), HasSubstr("Credential=AKID2/"));
  for (int i = 0; i < 3; ++i) bench_.http.Answer(400, R"({"__type":"ExpiredTokenException"})");
  const auto failed = At(client).Call(kms::DescribeKey{"k"});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(bench_.http.Left(), 1U);
}

// EC2 has one word for both.
TEST_F(ClientTest, MendsTheClockAndThenTheTokenOfARequestThatExpired) {
  constexpr std::string_view kExpired =
      "<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>";
  Client client = bench_.Make();
  for (int i = 0; i < 3; ++i) bench_.http.Answer(400, std::string(kExpired), {{"Date", HttpDate(minutes{120})}});
  const auto failed = At(client).Call(kFiltered);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUnauthenticated);
  ASSERT_EQ(bench_.http.Requests().size(), 3U);
  EXPECT_THAT(HeaderOf(bench_.http.Requests()[1], "Authorization"), HasSubstr("Credential=AKID1/"));
  EXPECT_THAT(HeaderOf(bench_.http.Requests()[2], "Authorization"), HasSubstr("Credential=AKID2/"));
}

TEST_F(ClientTest, DoesNotRetryARevokedRole) {
  Client client = bench_.Make();
  bench_.http.Answer(
      403,
      "<Response><Errors><Error><Code>InvalidClientTokenId</Code><Message>The security token "
      "included in the request is invalid</Message></Error></Errors><RequestID>r-9</RequestID></Response>");
  const auto revoked = At(client).Call(kFiltered);
  ASSERT_FALSE(revoked.ok());
  EXPECT_EQ(revoked.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(revoked.error().origin->request_id, "r-9");
  EXPECT_EQ(revoked.error().origin->account, "111122223333");
}

TEST_F(ClientTest, NamesTheMissingPermission) {
  Client client = bench_.Make();
  bench_.http.Answer(403, "", {{"x-amz-request-id", "r-8"}});
  const auto denied = At(client).Call(s3::GetBucketEncryption{.bucket = "logs"});
  ASSERT_FALSE(denied.ok());
  EXPECT_EQ(denied.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(denied.error().advice, "allow `s3:GetEncryptionConfiguration` for the role that was used");
}

TEST_F(ClientTest, TellsARegionThatIsNotEnabled) {
  Client client = bench_.Make();
  bench_.http.Answer(403, "<ErrorResponse><Error><Code>RegionDisabledException</Code></Error></ErrorResponse>");
  const auto closed = At(client).In("me-central-1").Call(sts::GetCallerIdentity{});
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(closed.error().RemoteCode(), "RegionDisabledException");
  EXPECT_THAT(closed.error().advice, HasSubstr("enable the region me-central-1"));
}

TEST_F(ClientTest, ReportsAnErrorInsideASuccessAndRetriesIt) {
  Client client = bench_.Make();
  bench_.http.Answer(200, "<Error><Code>InternalError</Code><Message>try again</Message></Error>");
  bench_.http.Answer(
      200, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>");
  EXPECT_TRUE(At(client).Call(s3::GetPublicAccessBlock{.bucket = "logs"})->block.block_acls);
  bench_.http.Answer(200, "<Error><Code>AccessDenied</Code></Error>");
  EXPECT_EQ(At(client).Call(s3::GetPublicAccessBlock{.bucket = "logs"}).error().code, ErrorCode::kForbidden);
}

TEST_F(ClientTest, MakesAnErrorOfAnAnswerThatIsCutOff) {
  Client client = bench_.Make();
  bench_.http.Answer(200, "<DescribeInstancesResponse><reservationSet><item>", {{"x-amzn-RequestId", "r-7"}});
  const auto cut = At(client).Call(kFiltered);
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::kBadAnswer);
  EXPECT_THAT(cut.error().message, HasSubstr("ec2:DescribeInstances in eu-west-1 of account 111122223333: the answer "
                                             "cannot be read: not valid XML"));
  EXPECT_THAT(cut.error().message, HasSubstr("request id r-7"));
}

TEST_F(ClientTest, NoOtherSuccessIsAWholeAnswer) {
  Client client = bench_.Make();
  for (const int status : {202, 203, 205, 206, 226, 299}) {
    bench_.http.Answer(status, R"({"Statement":[]})");
    const auto part = At(client).Call(s3::GetBucketPolicy{.bucket = "logs", .expected_owner = "111122223333"});
    ASSERT_FALSE(part.ok()) << status;
    EXPECT_EQ(part.error().code, ErrorCode::kBadAnswer);
    EXPECT_THAT(part.error().message, HasSubstr("HTTP " + std::to_string(status) + ", which is not the whole answer"));
  }
}

TEST_F(ClientTest, MakesAnErrorOfAnEntityBomb) {
  Client client = bench_.Make();
  bench_.http.Answer(200,
                     "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><DescribeInstancesResponse>"
                     "<reservationSet>&b;</reservationSet></DescribeInstancesResponse>");
  const auto bomb = At(client).Call(kFiltered);
  ASSERT_FALSE(bomb.ok());
  EXPECT_EQ(bomb.error().code, ErrorCode::kBadAnswer);
  EXPECT_EQ(bomb.error().origin->service, "ec2");
}

TEST_F(ClientTest, FollowsABucketToItsRegionOnceAndRemembersIt) {
  Client client = bench_.Make();
  const auto elsewhere = [&](const std::string& region) {
    bench_.http.Answer(301, "<Error><Code>PermanentRedirect</Code></Error>", {{"x-amz-bucket-region", region}});
  };
  const s3::GetPublicAccessBlock ask{.bucket = "logs"};
  elsewhere("eu-central-1");
  bench_.http.Answer(200, "<PublicAccessBlockConfiguration/>");
  bench_.http.Answer(200, "<PublicAccessBlockConfiguration/>");
  ASSERT_TRUE(At(client).Call(ask).ok());
  ASSERT_TRUE(At(client).Call(ask).ok());
  auto sent = bench_.http.Requests();
  ASSERT_EQ(sent.size(), 3U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_THAT(sent[i].url, StartsWith("https://logs.s3.eu-central-1.amazonaws.com/"));
    EXPECT_THAT(HeaderOf(sent[i], "Authorization"), HasSubstr("/eu-central-1/s3/aws4_request"));
  }
  // Two that point at each other do not go on for ever.
  elsewhere("eu-north-1");
  elsewhere("eu-central-1");
  EXPECT_FALSE(At(client).Call(ask).ok());
  EXPECT_EQ(bench_.http.Requests().size(), 5U);
}

TEST_F(ClientTest, FollowsNoRedirectToWhatIsNoRegion) {
  Client client = bench_.Make();
  bench_.http.Answer(301, "", {{"x-amz-bucket-region", "evil.example/"}});
  EXPECT_FALSE(At(client).Call(s3::GetBucketEncryption{.bucket = "logs"}).ok());
  EXPECT_EQ(bench_.http.Requests().size(), 1U);
}

TEST_F(ClientTest, WaitsForItsPlaceInTheRateBucket) {
  Client client = bench_.Make();
  for (int i = 0; i < 12; ++i) {
    bench_.http.Answer(200, "<ListDistributionsByWebACLIdResponse/>");
  }
  const cloudfront::ListDistributionsByWebACLId ask{"null"};
  for (int i = 0; i < 4; ++i) (void)At(client).Call(ask);
  EXPECT_TRUE(bench_.clock.slept().empty());  // the burst of 5, with a little slack
  (void)At(client).Call(ask);
  ASSERT_EQ(bench_.clock.slept().size(), 1U);
  EXPECT_NEAR(static_cast<double>(bench_.clock.slept()[0].count()), 510, 15);  // 2 a second
  // Another account has its own.
  const Aws other{client, {"444455556666", "eu-west-1"}};
  (void)other.Call(ask);
  EXPECT_EQ(bench_.clock.slept().size(), 1U);
}

TEST_F(ClientTest, AThrottledCallEmptiesItsBucket) {
  Client client = bench_.Make({.attempts = 1});
  bench_.http.Answer(503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>");
  bench_.http.Answer(200, kNoInstances);
  const auto throttled = At(client).Call(kFiltered);
  ASSERT_FALSE(throttled.ok());
  EXPECT_EQ(throttled.error().code, ErrorCode::kRateLimited);
  ASSERT_TRUE(At(client).Call(kFiltered).ok());
  ASSERT_EQ(bench_.clock.slept().size(), 1U);
  EXPECT_NEAR(static_cast<double>(bench_.clock.slept()[0].count()), 51, 3);  // 20 a second
}

TEST_F(ClientTest, BeginsNothingAfterUntil) {
  Client client = bench_.Make();
  const auto until = bench_.clock.Monotonic();
  bench_.clock.Advance(Duration{1});
  const auto late = At(client).With({Duration{0}, until}).Call(kms::DescribeKey{"k"});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(late.error().message, HasSubstr("the deadline passed before the request was sent"));
  EXPECT_TRUE(bench_.http.Requests().empty());
  const auto soon = bench_.clock.Monotonic() + seconds{4};
  bench_.http.Answer(200, kKey);
  ASSERT_TRUE(At(client).With({Duration{0}, soon}).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(bench_.http.Requests()[0].deadline, seconds{4});
}

TEST_F(ClientTest, DoesNotBeginARetryThatCannotEndInTime) {
  Client client = bench_.Make();
  bench_.http.Answer(500);
  bench_.http.Answer(200, kKey);
  EXPECT_FALSE(At(client).With({Duration{400}, {}}).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_EQ(bench_.http.Left(), 1U);
}

TEST_F(ClientTest, SendsNothingWithoutCredentials) {
  Client client = bench_.Make();
  bench_.credentials.keys.clear();
  const auto none = At(client).Call(kms::DescribeKey{"k"});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(none.error().message,
            "kms:DescribeKey in eu-west-1 of account 111122223333: no AWS credentials: none in this test");
  EXPECT_TRUE(bench_.http.Requests().empty());
}

TEST_F(ClientTest, SendsWebIdentityUnsigned) {
  Client client = bench_.Make();
  bench_.http.Answer(400, "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>");
  bench_.http.Answer(403, "<ErrorResponse><Error><Code>IDPRejectedClaim</Code></Error></ErrorResponse>");
  EXPECT_FALSE(
      At(client).Call(sts::AssumeRoleWithWebIdentity{"arn:aws:iam::111122223333:role/r", "s", Secret("t")}).ok());
  ASSERT_EQ(bench_.http.Requests().size(), 2U);
  EXPECT_TRUE(bench_.http.Requests()[0].secret_headers.empty());
  EXPECT_TRUE(bench_.credentials.places.empty());
}

TEST_F(ClientTest, NeverLogsASecret) {
  Client client = bench_.Make();
  bench_.http.Answer(500);
  bench_.http.Answer(200, kKey);
  ASSERT_TRUE(At(client).Call(kms::DescribeKey{"k"}).ok());
  EXPECT_THAT(bench_.log_text, HasSubstr("trying an AWS call again"));
  EXPECT_THAT(bench_.log_text, Not(HasSubstr("secret")));
  EXPECT_THAT(bench_.log_text, Not(HasSubstr("token")));
}

}  // namespace
}  // namespace sallyport::aws
