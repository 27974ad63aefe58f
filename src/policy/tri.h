// SPDX-License-Identifier: Apache-2.0
//
// True, false or unknown, with Kleene's strong logic: false AND unknown is false, true OR unknown is true.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sallyport::policy {

enum class Tri : std::uint8_t { kFalse = 0, kUnknown = 1, kTrue = 2 };

constexpr Tri ToTri(bool value) {
  return value ? Tri::kTrue : Tri::kFalse;
}
constexpr Tri And(Tri a, Tri b) {
  return std::min(a, b);
}
constexpr Tri Or(Tri a, Tri b) {
  return std::max(a, b);
}
constexpr Tri Not(Tri a) {
  return a == Tri::kTrue ? Tri::kFalse : a == Tri::kFalse ? Tri::kTrue : Tri::kUnknown;
}
constexpr std::string_view ToString(Tri value) {
  return value == Tri::kTrue ? "true" : value == Tri::kFalse ? "false" : "unknown";
}

}  // namespace sallyport::policy
