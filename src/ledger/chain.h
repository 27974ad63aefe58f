// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of the hash chain (docs/ledger-format.md). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

// A list of values as bytes, in such a form that no two lists have the same bytes: a text, a whole number in decimal
// and a fractional number in its shortest exact form are `LENGTH:BYTES,`; nothing is `-,`.
class Fields {
 public:
  Fields() { bytes_.reserve(kUsualSize); }

  Fields& Text(std::string_view text);
  Fields& Int(std::int64_t number);
  Fields& Double(double number);
  Fields& Null();
  Fields& IntOrNull(std::optional<std::int64_t> number) { return number ? Int(*number) : Null(); }

  const std::string& bytes() const { return bytes_; }
  // SHA-256 of the bytes, in hexadecimal.
  std::string Digest() const;

 private:
  static constexpr unsigned kUsualSize = 512;  // most rows of the ledger have fewer

  std::string bytes_;
};

// What the hash of a line of history covers. Digests are in hexadecimal, times in milliseconds since 1970.
struct ChainLine {
  std::int64_t number = 0;
  std::int64_t at = 0;
  std::int64_t format = 3;   // the version of the file in which the line was written: 2 (also for 1) or 3
  std::string kind;          // of the record that changed
  std::int64_t subject = 0;  // its number
  std::optional<std::int64_t> event;
  std::optional<std::int64_t> case_number;
  std::string state;
  std::string reason_sha256;  // of the reason, so that a line still proves itself after retention took its reason
  std::string record;         // digest of the row that the line recorded; empty for a line that recorded none
};

// What stands for "the hash of the line before" in the first line.
inline constexpr std::string_view kNoLineBefore = "0000000000000000000000000000000000000000000000000000000000000000";

// `previous`: the hash of the line before.
std::string LineHash(std::string_view previous, const ChainLine& line);

}  // namespace sallyport
