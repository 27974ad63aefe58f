// SPDX-License-Identifier: Apache-2.0
#include "net/curl_error.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

namespace sallyport {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

CurlFailure Failure(int code, bool maybe_sent) {
  return {.code = code,
          .maybe_sent = maybe_sent,
          .deadline = seconds{30},
          .connect_timeout = seconds{5},
          .host = "h:1",
          .text = "why"};
}

TEST(ToError, SaysWhetherTheRequestMayHaveBeenSent) {
  struct Case {
    int code;
    bool maybe_sent;
    ErrorCode want;
    std::string message;
  };
  const Case cases[] = {
      {CURLE_COULDNT_RESOLVE_HOST, false, ErrorCode::kUnavailable, "no connection to `h:1`: why"},
      {CURLE_COULDNT_CONNECT, false, ErrorCode::kUnavailable, "no connection to `h:1`: why"},
      {CURLE_SSL_CONNECT_ERROR, false, ErrorCode::kUnavailable, "no connection to `h:1`: why"},
      {CURLE_RECV_ERROR, false, ErrorCode::kUnavailable, "no connection to `h:1`: why"},
      {CURLE_COULDNT_CONNECT, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_SEND_ERROR, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_RECV_ERROR, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_GOT_NOTHING, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_PARTIAL_FILE, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_PEER_FAILED_VERIFICATION, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1`: why"},
      {CURLE_OPERATION_TIMEDOUT, true, ErrorCode::kOutcomeUnknown, "no whole answer from `h:1` within 30s"},
      {CURLE_ABORTED_BY_CALLBACK, true, ErrorCode::kOutcomeUnknown, "`h:1` closed the connection without an answer"},
      {CURLE_OPERATION_TIMEDOUT, false, ErrorCode::kUnavailable, "no connection to `h:1` in time: why"},
      {CURLE_UNSUPPORTED_PROTOCOL, false, ErrorCode::kInvalidInput, "the URL for `h:1` cannot be used: why"},
      {CURLE_SSL_CACERT_BADFILE, false, ErrorCode::kInvalidInput, "the file of trusted CAs cannot be used: why"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::to_string(c.code) + " " + std::to_string(c.maybe_sent));
    const Error error = ToError(Failure(c.code, c.maybe_sent));
    EXPECT_EQ(error.code, c.want);
    EXPECT_EQ(error.message, c.message);
  }
}

TEST(ToError, IsATimeoutOnlyWhenTheWholeDeadlinePassed) {
  CurlFailure failure = Failure(CURLE_OPERATION_TIMEDOUT, false);
  failure.connect_timeout = failure.deadline - Duration{1};
  EXPECT_EQ(ToError(failure).code, ErrorCode::kUnavailable);
  failure.connect_timeout = failure.deadline;
  EXPECT_EQ(ToError(failure).code, ErrorCode::kTimeout);
  EXPECT_EQ(ToError(failure).message, "no connection to `h:1` within 30s, nothing was sent");
}

TEST(ToError, SaysWhatIsWrongWithACertificateAndWhatToDo) {
  struct Case {
    long verify_result;
    std::string message;
    std::string advice;
  };
  const std::string certificate = "the certificate of `h:1` ";
  const std::string unknown = certificate + "is self-signed or from an issuer that is not trusted here: why";
  const std::string name = certificate + "is for another host name: why";
  const Case cases[] = {
      {X509_V_ERR_CERT_HAS_EXPIRED, certificate + "has expired", "renew the certificate, or set this computer's clock"},
      {X509_V_ERR_CERT_NOT_YET_VALID, certificate + "is not valid yet", "set this computer's clock"},
      {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, unknown, "`swp.ca_file`"},
      {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, unknown, "`swp.ca_file`"},
      {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, unknown, "`swp.ca_file`"},
      {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, unknown, "`swp.ca_file`"},
      {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, unknown, "`swp.ca_file`"},
      {X509_V_ERR_UNSPECIFIED, name, "check the address"},
      {X509_V_OK, name, "check the address"},
      {X509_V_ERR_HOSTNAME_MISMATCH, name, "check the address"},
      {X509_V_ERR_IP_ADDRESS_MISMATCH, name, "check the address"},
      {X509_V_ERR_CERT_REVOKED, certificate + "cannot be trusted: why", "renew the certificate"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.verify_result);
    CurlFailure failure = Failure(CURLE_PEER_FAILED_VERIFICATION, false);
    failure.verify_result = c.verify_result;
    const Error error = ToError(failure);
    EXPECT_EQ(error.code, ErrorCode::kUntrusted);
    EXPECT_EQ(error.message, c.message);
    EXPECT_THAT(error.advice, HasSubstr(c.advice));
  }
}

TEST(ToError, DoesNotRepeatTextThatMayHoldAProxyPassword) {
  for (const int code : {CURLE_COULDNT_RESOLVE_PROXY, CURLE_URL_MALFORMAT}) {
    CurlFailure failure = Failure(code, false);
    failure.text = "Unsupported proxy syntax in 'http://user:hunter2@'";
    EXPECT_THAT(ToError(failure).ToText(), Not(HasSubstr("hunter2")));
    EXPECT_THAT(ToError(failure).message, HasSubstr(curl_easy_strerror(static_cast<CURLcode>(code))));
  }
}

TEST(ToError, FallsBackToCurlsNameForTheErrorAndMakesHostileTextPrintable) {
  CurlFailure failure = Failure(CURLE_GOT_NOTHING, true);
  failure.text = "";
  EXPECT_THAT(ToError(failure).message, HasSubstr(curl_easy_strerror(CURLE_GOT_NOTHING)));
  failure.text = "a\x1b[2J";
  EXPECT_THAT(ToError(failure).message, HasSubstr("a\\x1b[2J"));
}

}  // namespace
}  // namespace sallyport
