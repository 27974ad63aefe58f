// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workflow/own_key.h"

namespace sallyport {

// From which severity (GuardDuty's 1.0 to 10.0) a family's scan is asked for.
struct GuardDutySettings {
  double min_severity_recommendation = 0;
  double min_severity_integrity = 0;
  // A full malware scan costs the host CPU: not for low findings (below 4.0) by default.
  double min_severity_malware = 4;
  bool operator==(const GuardDutySettings&) const = default;
};

// Of section `guardduty`.
std::vector<OwnKey> GuardDutyKeys();

}  // namespace sallyport
