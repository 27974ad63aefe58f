// SPDX-License-Identifier: Apache-2.0
//
// The bands of a finding's severity, a number from 0 to 10. GuardDuty's (user guide, "Severity levels"); other services
// have the same or fewer.
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

enum class SeverityBand { kLow, kMedium, kHigh, kCritical };

// From 4, 7 and 9 on; a number that is none is low.
constexpr SeverityBand BandOf(double severity) {
  if (severity >= 9) return SeverityBand::kCritical;
  if (severity >= 7) return SeverityBand::kHigh;
  return severity >= 4 ? SeverityBand::kMedium : SeverityBand::kLow;
}

// "low", "medium", "high", "critical"
constexpr std::string_view ToString(SeverityBand band) {
  constexpr std::string_view kBandWords[] = {"low", "medium", "high", "critical"};
  return kBandWords[static_cast<int>(band)];
}

// As AWS writes them: "Low", "Medium", "High", "Critical"
constexpr std::string_view DisplayName(SeverityBand band) {
  constexpr std::string_view kBandNames[] = {"Low", "Medium", "High", "Critical"};
  return kBandNames[static_cast<int>(band)];
}

// "8.0 (High)", "10.0 (Critical)"; of what is no number from 0 to 10 "unknown".
std::string SeverityText(double severity);

}  // namespace sallyport
