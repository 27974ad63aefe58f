// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"

#include <array>
#include <charconv>

#include "base/digest.h"

namespace sallyport {

Fields& Fields::Text(std::string_view text) {
  bytes_ += std::to_string(text.size());
  bytes_ += ':';
  bytes_ += text;
  bytes_ += ',';
  return *this;
}

Fields& Fields::Int(std::int64_t number) {
  return Text(std::to_string(number));
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

std::string LineHash(std::string_view previous, const ChainLine& line) {
  Fields content;
  content.Text(line.kind)
      .Int(line.event)
      .IntOrNull(line.action)
      .IntOrNull(line.follow_up)
      .IntOrNull(line.delivery)
      .Text(line.state)
      .Text(line.reason_sha256)
      .Text(line.record);
  Fields whole;
  whole.Text(previous).Int(line.number).Int(line.at).Text(content.Digest());
  return whole.Digest();
}

}  // namespace sallyport
