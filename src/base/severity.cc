// SPDX-License-Identifier: Apache-2.0
#include "base/severity.h"

#include <cmath>

namespace sallyport {

std::string SeverityText(double severity) {
  // A NaN fails both comparisons.
  if (!(severity >= 0 && severity <= 10)) return "unknown";
  const auto tenths = static_cast<int>(std::lround(severity * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " (" +
         std::string(DisplayName(BandOf(severity))) + ")";
}

}  // namespace sallyport
