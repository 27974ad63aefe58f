// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "base/json.h"

namespace sallyport {

// Equal texts, or equal but for the last digits of numbers: Boost.JSON 1.81 rounds a number of more than 15 digits to
// one of the nearest doubles, not always to the nearest, so that reading back what was written may move it again.
inline bool SameJson(const Json& a, const Json& b) {
  if (a.IsNumber() && b.IsNumber()) {
    const double x = a.DoubleOr(0);
    const double y = b.DoubleOr(0);
    return std::abs(x - y) <= 1e-13 * std::max(std::abs(x), std::abs(y)) + 1e-307;
  }
  if (a.IsObject() && b.IsObject()) {
    const auto left = a.Members();
    const auto right = b.Members();
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const auto& l, const auto& r) { return l.key == r.key && SameJson(l.value, r.value); });
  }
  if (a.IsArray() && b.IsArray()) {
    const auto left = a.Elements();
    const auto right = b.Elements();
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), SameJson);
  }
  return a.ToText() == b.ToText();
}

}  // namespace sallyport
