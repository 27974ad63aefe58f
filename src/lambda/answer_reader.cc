// SPDX-License-Identifier: Apache-2.0
#include "lambda/answer_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/bounds.h"
#include "base/text.h"

namespace sallyport::lambda {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;
constexpr int kInterimAnswers = 8;
constexpr std::size_t kChunkLineBytes = 1024;  // a size has at most 16 digits; extensions are rare and short

Error Cut() {
  return {ErrorCode::kOutcomeUnknown, "the connection ended before the answer did", ""};
}

Error Bad(std::string_view what) {
  return {ErrorCode::kBadAnswer, "the answer is not HTTP: " + std::string(what), ""};
}

Error HeaderTooLarge() {
  return {ErrorCode::kTooLarge, "the header of the answer is over " + std::to_string(bounds::kHeaderBytes) + " bytes",
          ""};
}

std::optional<std::size_t> Number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), end == std::string_view::npos ? end : end + 2));
  return line;
}

// `HTTP/1.1 200 OK`.
Result<int> ReadStatusLine(std::string_view line) {
  const bool known = line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ';
  const auto status = known ? Number(line.substr(9, 3), 10) : std::nullopt;
  if (!status || *status < 100 || *status > 599) return Bad("its first line is `" + Printable(line, 60) + "`");
  return static_cast<int>(*status);
}

Result<HttpResponse> ParseHead(std::string_view head) {
  HttpResponse response;
  const auto status = ReadStatusLine(TakeLine(head));
  if (!status.ok()) return status.error();
  response.status = *status;
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return Bad("`" + Printable(line, 60) + "` is no header");
    response.headers.push_back({std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))});
  }
  return response;
}

bool MayKeep(const HttpResponse& response, std::string_view head) {
  return head.starts_with("HTTP/1.1") && !EqualsIgnoreCase(response.Header("Connection"), "close");
}

}  // namespace

bool AnswerReader::More() {
  std::array<char, kPiece> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the reader
  const std::size_t count = read_some_(piece.data(), piece.size());
  began_ = began_ || count > 0;
  buffer_.append(piece.data(), count);
  return count > 0;
}

Result<std::string> AnswerReader::ReadHead() {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::size_t end = 0;
  while ((end = buffer_.find(kEnd)) == std::string::npos) {
    if (buffer_.size() > bounds::kHeaderBytes) return HeaderTooLarge();
    if (!More()) return Cut();
  }
  if (end + kEnd.size() > bounds::kHeaderBytes) return HeaderTooLarge();
  std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + kEnd.size());
  return head;
}

Result<Answer> AnswerReader::Read() {
  for (int i = 0; i <= kInterimAnswers; ++i) {
    const auto head = ReadHead();
    if (!head.ok()) return head.error();
    auto response = ParseHead(*head);
    if (!response.ok()) return response.error();
    if (response->status < 200) continue;
    Answer answer;
    answer.response = *std::move(response);
    answer.may_keep = MayKeep(answer.response, *head);
    if (Status body = ReadBody(answer); !body.ok()) return body.error();
    if (answer.body_too_large) answer.response.body.clear();
    answer.may_keep = answer.may_keep && !answer.body_too_large && buffer_.empty();
    return answer;
  }
  return Bad("more than " + std::to_string(kInterimAnswers) + " interim answers");
}

// RFC 9112, 6.3.
Status AnswerReader::ReadBody(Answer& answer) {
  const int status = answer.response.status;
  if (status == 204 || status == 304) return Ok();
  const std::string_view coding = answer.response.Header("Transfer-Encoding");
  const std::string_view length = answer.response.Header("Content-Length");
  if (!coding.empty()) {
    if (!EqualsIgnoreCase(coding, "chunked")) return Bad("transfer coding `" + Printable(coding, 60) + "`");
    return ReadChunks(answer);
  }
  if (length.empty()) return ReadToTheEnd(answer);
  const auto size = Number(length, 10);
  if (!size) return Bad("its length is `" + Printable(length, 60) + "`");
  return ReadSized(answer, *size);
}

bool AnswerReader::Take(Answer& answer, std::size_t size) {
  answer.body_too_large = size > max_body_ - answer.response.body.size();
  if (answer.body_too_large) return false;
  answer.response.body.append(buffer_, 0, size);
  buffer_.erase(0, size);
  return true;
}

Status AnswerReader::ReadSized(Answer& answer, std::size_t size) {
  answer.body_too_large = size > max_body_ - answer.response.body.size();
  if (answer.body_too_large) return Ok();
  answer.response.body.reserve(answer.response.body.size() + size);
  while (size > 0) {
    if (buffer_.empty() && !More()) return Cut();
    const std::size_t part = std::min(size, buffer_.size());
    (void)Take(answer, part);
    size -= part;
  }
  return Ok();
}

Result<std::string> AnswerReader::ReadLine() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (buffer_.size() > kChunkLineBytes) return Bad("a line between two chunks is too long");
    if (!More()) return Cut();
  }
  if (end > kChunkLineBytes) return Bad("a line between two chunks is too long");
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

Status AnswerReader::ReadChunks(Answer& answer) {
  while (true) {
    const auto line = ReadLine();
    if (!line.ok()) return line.error();
    const auto size = Number(Trim(std::string_view(*line).substr(0, line->find(';'))), 16);
    if (!size) return Bad("a chunk's size is `" + Printable(*line, 60) + "`");
    if (*size == 0) return ReadTrailers();
    if (Status data = ReadSized(answer, *size); !data.ok() || answer.body_too_large) return data;
    const auto end = ReadLine();
    if (!end.ok()) return end.error();
    if (!end->empty()) return Bad("a chunk is longer than its size");
  }
}

Status AnswerReader::ReadTrailers() {
  std::size_t bytes = 0;
  while (bytes <= bounds::kHeaderBytes) {
    const auto line = ReadLine();
    if (!line.ok()) return line.error();
    if (line->empty()) return Ok();
    bytes += line->size() + 2;
  }
  return HeaderTooLarge();
}

Status AnswerReader::ReadToTheEnd(Answer& answer) {
  answer.may_keep = false;
  do {
    if (!Take(answer, buffer_.size())) return Ok();
  } while (More());
  return Ok();
}

}  // namespace sallyport::lambda
