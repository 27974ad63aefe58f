// SPDX-License-Identifier: Apache-2.0
//
// Any bytes from the Lambda runtime API -> an answer within its bounds, or an error. The first byte chooses the size of
// the pieces in which the rest comes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bounds.h"
#include "base/check.h"
#include "base/text.h"
#include "lambda/answer_reader.h"

namespace sallyport {
namespace {

constexpr std::size_t kMaxBody = 1000;

void ReadInPieces(std::string_view bytes, std::size_t piece) {
  lambda::AnswerReader reader(
      [&](char* into, std::size_t size) {
        const std::size_t count = std::min({piece, size, bytes.size()});
        std::memcpy(into, bytes.data(), count);
        bytes.remove_prefix(count);
        return count;
      },
      kMaxBody);
  const auto answer = reader.Read();
  if (!answer.ok()) {
    const std::string& message = answer.error().message;
    Check(!message.empty() && message.size() < 4096, "an error says something, and not too much");
    Check(Printable(message, message.size()) == message, "an error can be shown as it is");
    return;
  }
  Check(answer->response.status >= 200 && answer->response.status <= 599, "a final answer has a final status");
  Check(answer->response.body.size() <= kMaxBody, "a body is within its bound");
  Check(!answer->body_too_large || (answer->response.body.empty() && !answer->may_keep), "nothing is left half read");
  Check(!answer->may_keep || reader.Began(), "what can be kept was there");
}

}  // namespace
}  // namespace sallyport

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  sallyport::ReadInPieces(bytes, std::size_t{data[0]} + 1);
  return 0;
}
