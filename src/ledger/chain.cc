// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"

#include <array>
#include <charconv>

#include "base/digest.h"

namespace sallyport {

Fields& Fields::Text(std::string_view text) {
  std::array<char, 20> digits{};  // the largest size has 20
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size());
  bytes_.append(digits.data(), end.ptr);
  bytes_ += ':';
  bytes_ += text;
  bytes_ += ',';
  return *this;
}

Fields& Fields::Int(std::int64_t number) {
  std::array<char, 20> digits{};  // the smallest number has 20
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return Text({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
}

Fields& Fields::Double(double number) {
  std::array<char, 32> digits{};  // the longest shortest form of a double has 24 characters
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return Text({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
}

Fields& Fields::Null() {
  bytes_ += "-,";
  return *this;
}

std::string Fields::Digest() const {
  return Sha256Hex(bytes_);
}

namespace {

// Lines of version 2 name the action, follow-up or delivery, each in a place of its own; a plan had its event's number,
// and the case is not in them: it was its first event.
Fields ContentOfVersion2(const ChainLine& line) {
  const auto subject_of = [&](std::string_view kind) {
    return line.kind == kind ? std::optional(line.subject) : std::nullopt;
  };
  Fields content;
  content.Text(line.kind)
      .IntOrNull(line.event)
      .IntOrNull(subject_of("action"))
      .IntOrNull(subject_of("follow-up"))
      .IntOrNull(subject_of("delivery"))
      .Text(line.state)
      .Text(line.reason_sha256)
      .Text(line.record);
  return content;
}

Fields ContentOf(const ChainLine& line) {
  if (line.format == 2) return ContentOfVersion2(line);
  Fields content;
  content.Int(line.format)
      .Text(line.kind)
      .Int(line.subject)
      .IntOrNull(line.event)
      .IntOrNull(line.case_number)
      .Text(line.state)
      .Text(line.reason_sha256)
      .Text(line.record);
  return content;
}

}  // namespace

std::string LineHash(std::string_view previous, const ChainLine& line) {
  Fields whole;
  whole.Text(previous).Int(line.number).Int(line.at).Text(ContentOf(line).Digest());
  return whole.Digest();
}

}  // namespace sallyport
