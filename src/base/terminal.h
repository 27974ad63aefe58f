// SPDX-License-Identifier: Apache-2.0
//
// Colors for people at a terminal, nothing for pipes.
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string Bold(std::string_view text) const { return With("1", text); }
  std::string Dim(std::string_view text) const { return With("2", text); }
  std::string Red(std::string_view text) const { return With("31", text); }
  std::string Green(std::string_view text) const { return With("32", text); }
  std::string Yellow(std::string_view text) const { return With("33", text); }
  std::string Cyan(std::string_view text) const { return With("36", text); }

 private:
  std::string With(std::string_view code, std::string_view text) const {
    if (!on_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  bool on_;
};

}  // namespace sallyport
