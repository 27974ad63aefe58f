// SPDX-License-Identifier: Apache-2.0
//
// What libcurl reports, in our words. Pure, so that every row of the mapping is tested without a network.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

struct CurlFailure {
  int code = 0;             // a CURLcode other than CURLE_OK
  long verify_result = 0;   // CURLINFO_SSL_VERIFYRESULT: one of OpenSSL's X509_V_ERR_*
  bool maybe_sent = false;  // curl had begun to send the request
  // Of the whole call, and of name look-up, TCP, proxy and TLS. Which of the two ended a call is told by which is
  // shorter, not by a clock: curl's and ours differ by a millisecond.
  Duration deadline{0};
  Duration connect_timeout{0};
  std::string host{};  // whom we wanted to speak to
  std::string text{};  // what curl says about it; from outside in parts
};

Error ToError(const CurlFailure& failure);

}  // namespace sallyport
