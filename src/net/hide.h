// SPDX-License-Identifier: Apache-2.0
//
// Takes our own secrets out of text that comes from outside, before anybody reads it: an answer may repeat the key that
// was sent with the request, and texts of answers go into errors, plans, messages and the ledger.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "net/http.h"

namespace sallyport {

class Hider {
 public:
  // Shorter ones are not looked for: they would be found in any text.
  static constexpr std::size_t kShortest = 8;

  Hider() = default;
  // What the request carries: the values of its secret headers, and a secret path with its parts.
  explicit Hider(const HttpRequest& request);
  void Add(const Secret& secret);

  // `text` with `***` in place of every secret, however it is written: in any case of letters; escaped as in JSON,
  // URLs, HTML, mail or a C string, one way or several times over; as base64 or hexadecimal digits; apart, with the
  // same one to three marks (neither letters nor digits) between its letters or groups of letters; or cut off: its
  // first half, the first third at the end of a text in JSON, or a shorter beginning at the end of all. Linear.
  void Hide(std::string& text) const;
  // Header values and body.
  void Hide(HttpResponse& response) const;

 private:
  void AddWords(std::string_view value);
  void AddForms(std::string_view word);
  void AddNeedle(std::string needle);
  // Behind the secret that starts at `start`; `start` when none does.
  std::size_t EndOfSecret(std::string_view text, std::size_t start, std::uint64_t candidates) const;

  std::vector<std::string> needles_;
  // By byte: which needles, as they are or escaped, may start with it: bit i for needle i, the last bit for all from
  // there on. Each answer has many texts to look through.
  std::array<std::uint64_t, 256> may_start_{};
};

}  // namespace sallyport
