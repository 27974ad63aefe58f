// SPDX-License-Identifier: Apache-2.0
#include "aws/service_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Service kEc2Service{"ec2", "EC2", "ec2", "ec2", "ec2", Protocol::kEc2};
constexpr Operation kDescribe{.service = kEc2Service, .name = "DescribeInstances"};
constexpr Operation kSend{.service = kEc2Service, .name = "SendMessage", .repeatable = false};

Call CallOf(const Operation& operation) {
  Call call;
  call.operation = &operation;
  call.place = {"111122223333", "eu-west-1"};
  return call;
}

ServiceError ErrorOf(int status, std::string code, std::string message = "") {
  ServiceError error;
  error.status = status;
  error.code = std::move(code);
  error.message = std::move(message);
  return error;
}

TEST(ReadServiceError, KnowsTheFormOfEveryProtocol) {
  struct Row {
    Protocol protocol;
    WireAnswer answer;
    const char* code;
    const char* message;
    const char* request_id;
  };
  const std::vector<Row> rows = {
      {Protocol::kEc2,
       {400,
        {},
        "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>no i-1</Message></Error></Errors>"
        "<RequestID>r1</RequestID></Response>"},
       "InvalidInstanceID.NotFound",
       "no i-1",
       "r1"},
      {Protocol::kQuery,
       {404,
        {},
        "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error>"
        "<RequestId>r2</RequestId></ErrorResponse>"},
       "NoSuchEntity",
       "m",
       "r2"},
      {Protocol::kRestXml,
       {404, {}, "<Error><Code>NoSuchBucket</Code><Message>m</Message><RequestId>r3</RequestId></Error>"},
       "NoSuchBucket",
       "m",
       "r3"},
      {Protocol::kRestXml,
       {412,
        {{"x-amz-request-id", "r4"}},
        "<ErrorResponse><Error><Code>PreconditionFailed</Code></Error></ErrorResponse>"},
       "PreconditionFailed",
       "",
       "r4"},
      {Protocol::kJson11,
       {400,
        {{"x-amzn-RequestId", "r5"}},
        R"({"__type":"com.amazonaws.x#ThrottlingException:http://y","Message":"m"})"},
       "ThrottlingException",
       "m",
       "r5"},
      {Protocol::kRestJson,
       {403, {{"X-Amzn-ErrorType", "AccessDeniedException:http://y"}}, R"({"message":"m"})"},
       "AccessDeniedException",
       "m",
       ""},
      {Protocol::kRestJson, {400, {}, R"({"code":"BadRequestException"})"}, "BadRequestException", "", ""},
      {Protocol::kRestXml, {404, {}, ""}, "NotFound", "", ""},  // a HEAD
      {Protocol::kRestXml, {403, {}, ""}, "AccessDenied", "", ""},
      {Protocol::kJson11, {502, {}, "<html>bad gateway</html>"}, "", "", ""},
      {Protocol::kEc2, {503, {}, "<Response><Errors><Err"}, "", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.answer.body);
    const auto error = ReadServiceError(row.protocol, row.answer);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, row.code);
    EXPECT_EQ(error->message, row.message);
    EXPECT_EQ(error->request_id, row.request_id);
    EXPECT_EQ(error->status, row.answer.status);
  }
}

TEST(ReadServiceError, SeesAnErrorInsideASuccess) {
  EXPECT_TRUE(ReadServiceError(Protocol::kRestXml,
                               {200, {}, "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>"}));
  EXPECT_TRUE(ReadServiceError(Protocol::kQuery, {200, {}, " <ErrorResponse xmlns=\"x\"><Error/></ErrorResponse>"}));
  EXPECT_TRUE(ReadServiceError(Protocol::kEc2, {200, {}, "<Response><Errors/></Response>"}));
  EXPECT_TRUE(ReadServiceError(Protocol::kJson10, {200, {}, R"({"__type":"x#InternalFailure"})"}));
  EXPECT_FALSE(ReadServiceError(Protocol::kRestXml, {200, {}, "<ErrorsAreFine/>"}));
  EXPECT_FALSE(ReadServiceError(Protocol::kJson10, {200, {}, "{}"}));
  EXPECT_FALSE(ReadServiceError(Protocol::kJson10, {200, {}, R"({"Item":{"__type":{"S":"a"}}})"}));
  EXPECT_FALSE(ReadServiceError(Protocol::kRestXml, {200, {}, "<?"}));
  EXPECT_FALSE(ReadServiceError(Protocol::kRestXml, {200, {}, ""}));
}

TEST(RemedyOf, IsWhatContractSection5Says) {
  EXPECT_EQ(RemedyOf(ErrorOf(400, "ValidationException"), false), Remedy::kNone);
  EXPECT_EQ(RemedyOf(ErrorOf(403, "AccessDenied"), false), Remedy::kNone);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "WAFOptimisticLockException"), false), Remedy::kNone);
  for (const int status : {500, 502, 503, 504})
    EXPECT_EQ(RemedyOf(ErrorOf(status, ""), false), Remedy::kWait) << status;
  EXPECT_EQ(RemedyOf(ErrorOf(501, ""), false), Remedy::kNone);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "IDPCommunicationError"), false), Remedy::kWait);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "RequestTimeout"), false), Remedy::kWait);
  for (const char* code : {"Throttling", "ThrottlingException", "ProvisionedThroughputExceededException", "SlowDown",
                           "TooManyRequestsException", "LimitExceededException"}) {
    EXPECT_EQ(RemedyOf(ErrorOf(400, code), false), Remedy::kSlowDown) << code;
  }
  EXPECT_EQ(RemedyOf(ErrorOf(503, "RequestLimitExceeded"), false), Remedy::kSlowDown);
  EXPECT_EQ(RemedyOf(ErrorOf(429, ""), false), Remedy::kSlowDown);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "ExpiredTokenException"), false), Remedy::kNewToken);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "ExpiredToken"), false), Remedy::kNewToken);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "RequestExpired"), false), Remedy::kNewToken);
}

TEST(RemedyOf, CorrectsTheClockOnlyWhenItMayBeTheClock) {
  EXPECT_EQ(RemedyOf(ErrorOf(403, "RequestTimeTooSkewed"), false), Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(400, "RequestExpired"), true), Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(403, "InvalidSignatureException", "Signature expired: 1 is now earlier"), false),
            Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(403, "SignatureDoesNotMatch", "Signature not yet current"), false), Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(403, "SignatureDoesNotMatch", "check your key"), false), Remedy::kNone);
  EXPECT_EQ(RemedyOf(ErrorOf(403, "SignatureDoesNotMatch", "check your key"), true), Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(401, "AuthFailure"), true), Remedy::kSetClock);
  EXPECT_EQ(RemedyOf(ErrorOf(401, "AuthFailure"), false), Remedy::kNone);
  EXPECT_EQ(RemedyOf(ErrorOf(404, "NoSuchEntity"), true), Remedy::kNone);
}

TEST(RemedyOf, FollowsABucketOnlyWhenItsRegionIsNamed) {
  ServiceError error = ErrorOf(301, "PermanentRedirect");
  EXPECT_EQ(RemedyOf(error, false), Remedy::kNone);
  error.region = "eu-central-1";
  EXPECT_EQ(RemedyOf(error, false), Remedy::kGoTo);
  error = ErrorOf(400, "AuthorizationHeaderMalformed");
  error.region = "eu-central-1";
  EXPECT_EQ(RemedyOf(error, false), Remedy::kGoTo);
  error = ErrorOf(403, "AccessDenied");  // names the region too, and is at home
  error.region = "eu-central-1";
  EXPECT_EQ(RemedyOf(error, false), Remedy::kNone);
}

TEST(ToError, TellsTheCallerWhatKindItIs) {
  struct Row {
    int status;
    const char* code;
    ErrorCode kind;
  };
  for (const Row& row : {
           Row{403, "UnauthorizedOperation", ErrorCode::kForbidden},
           Row{400, "AccessDeniedException", ErrorCode::kForbidden},
           Row{403, "RegionDisabledException", ErrorCode::kForbidden},
           Row{403, "InvalidClientTokenId", ErrorCode::kUnauthenticated},
           Row{400, "UnrecognizedClientException", ErrorCode::kUnauthenticated},
           Row{403, "SignatureDoesNotMatch", ErrorCode::kUnauthenticated},
           Row{400, "ExpiredTokenException", ErrorCode::kUnauthenticated},
           Row{400, "ThrottlingException", ErrorCode::kRateLimited},
           Row{404, "NoSuchEntity", ErrorCode::kNotFound},
           Row{400, "InvalidInstanceID.NotFound", ErrorCode::kNotFound},
           Row{400, "WAFNonexistentItemException", ErrorCode::kNotFound},
           Row{400, "NoAvailableConfigurationRecorderException", ErrorCode::kInvalidInput},
           Row{400, "ValidationException", ErrorCode::kInvalidInput},
           Row{412, "PreconditionFailed", ErrorCode::kInvalidInput},
           Row{500, "InternalFailure", ErrorCode::kUnavailable},
           Row{503, "", ErrorCode::kUnavailable},
           Row{200, "InternalError", ErrorCode::kUnavailable},
           Row{301, "PermanentRedirect", ErrorCode::kBadAnswer},
           Row{404, "", ErrorCode::kBadAnswer},  // whoever this was, it does not know the thing asked for
       }) {
    EXPECT_EQ(ToError(ErrorOf(row.status, row.code), CallOf(kDescribe)).code, row.kind) << row.code << row.status;
  }
  EXPECT_EQ(ToError(ErrorOf(500, ""), CallOf(kSend)).code, ErrorCode::kOutcomeUnknown);
}

TEST(ToError, SaysWhoWhatAndWhere) {
  ServiceError error = ErrorOf(400, "InvalidParameterValue", "bad\nfilter");
  error.request_id = "req-1";
  const Error out = ToError(error, CallOf(kDescribe));
  EXPECT_EQ(
      out.message,
      "ec2:DescribeInstances in eu-west-1 of account 111122223333: InvalidParameterValue (HTTP 400): bad\\x0afilter, "
      "request id req-1");
  ASSERT_NE(out.origin, nullptr);
  EXPECT_EQ(out.origin->service, "ec2");
  EXPECT_EQ(out.origin->operation, "DescribeInstances");
  EXPECT_EQ(out.origin->account, "111122223333");
  EXPECT_EQ(out.origin->region, "eu-west-1");
  EXPECT_EQ(out.origin->request_id, "req-1");
  EXPECT_EQ(out.RemoteCode(), "InvalidParameterValue");
  EXPECT_EQ(out.In("the host").RemoteCode(), "InvalidParameterValue");
}

TEST(ToError, NamesTheMissingAction) {
  const Error said = ToError(ErrorOf(403, "AccessDenied",
                                     "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: "
                                     "kms:Decrypt on resource: x because"),
                             CallOf(kDescribe));
  EXPECT_EQ(said.origin->missing_action, "kms:Decrypt");
  EXPECT_EQ(said.advice, "allow `kms:Decrypt` for the role that was used");
  const Error silent = ToError(ErrorOf(403, "UnauthorizedOperation", "You are not authorized"), CallOf(kDescribe));
  EXPECT_EQ(silent.origin->missing_action, "ec2:DescribeInstances");
  constexpr Operation kHead{.service = kEc2Service, .name = "HeadBucket", .action = "ListBucket"};
  EXPECT_EQ(ToError(ErrorOf(403, "AccessDenied"), CallOf(kHead)).origin->missing_action, "ec2:ListBucket");
}

TEST(ToError, KnowsARegionThatIsNotEnabled) {
  Call call = CallOf(kDescribe);
  call.place.region = "me-central-1";
  const Error closed = ToError(ErrorOf(403, "OptInRequired"), call);
  EXPECT_EQ(closed.advice, "enable the region me-central-1 in account 111122223333 or leave it out");
  EXPECT_EQ(closed.origin->missing_action, "");
  EXPECT_THAT(ToError(ErrorOf(401, "AuthFailure"), call).advice,
              HasSubstr("when the region me-central-1 is not enabled"));
  call.place.region = "eu-west-1";
  EXPECT_THAT(ToError(ErrorOf(401, "AuthFailure"), call).advice, Not(HasSubstr("enabled")));
}

}  // namespace
}  // namespace sallyport::aws
