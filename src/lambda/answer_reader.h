// SPDX-License-Identifier: Apache-2.0
//
// Reads one HTTP/1.1 answer (RFC 9112) from bytes that come in pieces. No I/O of its own: tests and the fuzzer feed it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace sallyport::lambda {

struct Answer {
  HttpResponse response;
  bool body_too_large = false;  // the body went over the bound and was not read on; `response.body` is empty
  bool may_keep = false;        // the connection can carry another request
};

class AnswerReader {
 public:
  // Puts at most `size` bytes at `into`; how many. 0: the other side closed, or the connection broke.
  using ReadSome = std::function<std::size_t(char* into, std::size_t size)>;

  AnswerReader(ReadSome read_some, std::size_t max_body) : read_some_(std::move(read_some)), max_body_(max_body) {}

  // Interim answers (1xx) are skipped. kOutcomeUnknown: the bytes ended too early; kBadAnswer: not HTTP/1.x; kTooLarge:
  // a header over bounds::kHeaderBytes.
  Result<Answer> Read();
  // At least one byte came.
  bool Began() const { return began_; }

 private:
  bool More();
  Result<std::string> ReadHead();
  Status ReadBody(Answer& answer);
  Status ReadSized(Answer& answer, std::size_t size);
  Status ReadChunks(Answer& answer);
  Status ReadTrailers();
  Status ReadToTheEnd(Answer& answer);
  Result<std::string> ReadLine();
  // False when the body is over the bound now.
  bool Take(Answer& answer, std::size_t size);

  ReadSome read_some_;
  std::size_t max_body_;
  std::string buffer_;
  bool began_ = false;
};

}  // namespace sallyport::lambda
