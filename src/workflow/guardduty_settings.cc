// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_settings.h"

namespace sallyport {

std::vector<OwnKey> GuardDutyKeys() {
  return OwnKeys<GuardDutySettings>("guardduty")
      .Number("min_severity.recommendation", &GuardDutySettings::min_severity_recommendation, 0, 10,
              "from which finding severity a recommendation scan is asked for")
      .Number("min_severity.integrity", &GuardDutySettings::min_severity_integrity, 0, 10,
              "from which finding severity an integrity scan is asked for")
      .Number("min_severity.malware", &GuardDutySettings::min_severity_malware, 0, 10,
              "from which finding severity a malware scan is asked for; it costs the host CPU")
      .Take();
}

}  // namespace sallyport
