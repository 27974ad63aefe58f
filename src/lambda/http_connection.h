// SPDX-License-Identifier: Apache-2.0
//
// Plain HTTP/1.1 to one address over one kept connection: all that the Lambda runtime API needs. libcurl stays out of
// it because loading and starting it takes longer than everything else up to the first poll (docs/decisions/0012).
//
// No time limit anywhere: the next event may be hours away, and the sandbox may be frozen in any call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lambda/answer_reader.h"
#include "net/http.h"

namespace sallyport::lambda {

class HttpConnection {
 public:
  // `address` is `host:port` or `host` (port 80), `[v6]:port` included. Connects with the first request.
  HttpConnection(std::string address, std::size_t max_body) : address_(std::move(address)), max_body_(max_body) {}
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Sends it again, once and over a new connection, when the connection ends before a byte of an answer: that is how a
  // connection looks that died while the sandbox was frozen. `target` and `headers` must be fit for the wire.
  //
  // kUnavailable: no connection; kOutcomeUnknown: no whole answer; kBadAnswer and kTooLarge: see AnswerReader.
  Result<Answer> Exchange(std::string_view method, std::string_view target, const std::vector<HttpHeader>& headers,
                          std::string_view body);

 private:
  Status Connect();
  void Close();
  Result<Answer> TryOnce(std::string_view bytes, bool& began);

  const std::string address_;
  const std::size_t max_body_;
  int socket_ = -1;
};

}  // namespace sallyport::lambda
