// SPDX-License-Identifier: Apache-2.0
#include "net/curl_error.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include "base/text.h"
#include "net/curl_library.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownErrorBytes = 300;

std::string Quoted(std::string_view text) {
  return "`" + Printable(text, kShownErrorBytes) + "`";
}

std::string Reason(const CurlFailure& failure) {
  // For these two curl's text may repeat the proxy's URL, password included.
  const bool may_hold_password = failure.code == CURLE_COULDNT_RESOLVE_PROXY || failure.code == CURLE_URL_MALFORMAT;
  const bool use_text = !failure.text.empty() && !may_hold_password;
  return Printable(use_text ? failure.text : CurlErrorText(failure.code), kShownErrorBytes);
}

Error Untrusted(const CurlFailure& failure) {
  const std::string certificate = "the certificate of " + Quoted(failure.host);
  switch (failure.verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {ErrorCode::kUntrusted, certificate + " has expired",
              "renew the certificate, or set this computer's clock"};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {ErrorCode::kUntrusted, certificate + " is not valid yet", "set this computer's clock"};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return {ErrorCode::kUntrusted,
              certificate + " is self-signed or from an issuer that is not trusted here: " + Reason(failure),
              "if it is from your own CA, name the CA's file in the setting `swp.ca_file`"};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:  // curl's start value: the chain was good, and the name is what it looks at next
      return {ErrorCode::kUntrusted, certificate + " is for another host name: " + Reason(failure),
              "check the address, or renew the certificate with this name in it"};
    default:
      return {ErrorCode::kUntrusted, certificate + " cannot be trusted: " + Reason(failure), "renew the certificate"};
  }
}

Error AfterSending(const CurlFailure& failure) {
  if (failure.code == CURLE_OPERATION_TIMEDOUT) {
    return {ErrorCode::kOutcomeUnknown,
            "no whole answer from " + Quoted(failure.host) + " within " + FormatDuration(failure.deadline), ""};
  }
  if (failure.code == CURLE_ABORTED_BY_CALLBACK) {  // ours, see CurlClient: it would have been sent twice
    return {ErrorCode::kOutcomeUnknown, Quoted(failure.host) + " closed the connection without an answer", ""};
  }
  return {ErrorCode::kOutcomeUnknown, "no whole answer from " + Quoted(failure.host) + ": " + Reason(failure), ""};
}

Error TimedOutBeforeSending(const CurlFailure& failure) {
  if (failure.deadline <= failure.connect_timeout) {
    return {ErrorCode::kTimeout,
            "no connection to " + Quoted(failure.host) + " within " + FormatDuration(failure.deadline) +
                ", nothing was sent",
            ""};
  }
  return {ErrorCode::kUnavailable, "no connection to " + Quoted(failure.host) + " in time: " + Reason(failure),
          "check the address, the proxy and the firewall"};
}

Error BeforeSending(const CurlFailure& failure) {
  switch (failure.code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {ErrorCode::kInvalidInput, "the URL for " + Quoted(failure.host) + " cannot be used: " + Reason(failure),
              ""};
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorCode::kInvalidInput, "the file of trusted CAs cannot be used: " + Reason(failure),
              "check the setting `swp.ca_file`: it names a readable file in PEM form"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return Untrusted(failure);
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOutBeforeSending(failure);
    default:
      return {ErrorCode::kUnavailable, "no connection to " + Quoted(failure.host) + ": " + Reason(failure), ""};
  }
}

}  // namespace

Error ToError(const CurlFailure& failure) {
  return failure.maybe_sent ? AfterSending(failure) : BeforeSending(failure);
}

}  // namespace sallyport
