// SPDX-License-Identifier: Apache-2.0
#include "swp/reading.h"

namespace sallyport::swp {

std::optional<TimePoint> ReadTime(const Json& json) {
  const std::int64_t milliseconds = json.Int64Or(0);
  if (milliseconds <= 0) return std::nullopt;
  return FromEpochMilliseconds(milliseconds);
}

}  // namespace sallyport::swp
