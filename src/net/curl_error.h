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
  Duration took{0};         // since the call of Send
  Duration deadline{0};     // of the whole call
  std::string host{};       // whom we wanted to speak to
  std::string text{};       // what curl says about it; from outside in parts
};

Error ToError(const CurlFailure& failure);

}  // namespace sallyport
