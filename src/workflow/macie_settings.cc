// SPDX-License-Identifier: Apache-2.0
#include "workflow/macie_settings.h"

namespace sallyport {

std::vector<OwnKey> MacieKeys() {
  using std::chrono::hours;
  using std::chrono::minutes;
  return OwnKeys<MacieSettings>("macie")
      .Number("min_severity", &MacieSettings::min_severity, 1, 10,
              "from which severity hosts are scanned: low findings are 2, medium 5, high 8; a classic alert has its "
              "risk score")
      .Whole("max_hosts", &MacieSettings::max_hosts, 1, 1'000,
             "so many hosts are looked up and scanned because of one finding; the others are listed")
      .Whole("wave", &MacieSettings::wave, 1, 1'000,
             "number of hosts scanned at the same time, those that share a policy one after the other")
      .Time("stagger", &MacieSettings::stagger, Duration{0}, hours(24), "how long after each other the waves begin")
      .Time("window", &MacieSettings::window, minutes(1), hours(24 * 30),
            "findings of one type about one bucket within this time are one case: acted on and told once, unless the "
            "severity rises")
      .Take();
}

}  // namespace sallyport
