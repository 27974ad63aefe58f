// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace sallyport {

// A value that must not reach a log, message, plan, ledger or error. It has no conversion to text; the one place that
// needs the value (the request header) says so by name.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  const std::string& RevealForRequest() const { return value_; }
  bool empty() const { return value_.empty(); }
  // What may be shown.
  static constexpr const char* kShown = "***";

 private:
  std::string value_;
};

}  // namespace sallyport
