// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_events_settings.h"

namespace sallyport {

std::vector<OwnKey> SwpEventsKeys() {
  using std::chrono::hours;
  return OwnKeys<SwpEventsSettings>("swp_events")
      .List("topics", &SwpEventsSettings::topics, 20,
            "ARNs of the SNS topics to which SWP forwards its events; messages of other topics change nothing "
            "(docs/swp-events.md)")
      .Text("tenant", &SwpEventsSettings::tenant, 20,
            "number of the SWP tenant (`TenantID`) whose events are taken; empty: of any tenant whose computers fit")
      .Flag("without_topic", &SwpEventsSettings::without_topic,
            "whether events that name no SNS topic are taken (a file on the command line, raw delivery to SQS)")
      .Time("wait", &SwpEventsSettings::wait, Duration{0}, hours(24),
            "how long after the end of a malware or integrity scan its case waits for what SWP reports of it")
      .Time(
          "before", &SwpEventsSettings::before, Duration{0}, hours(24),
          "events from so long before a case was opened belong to it when they arrive later: findings are minutes old")
      .Flag("check_signatures", &SwpEventsSettings::check_signatures,
            "whether SNS notifications that come through Lambda need a signature of SNS that holds; its certificate is "
            "fetched from sns.REGION.amazonaws.com")
      .Flag("open_cases", &SwpEventsSettings::open_cases,
            "whether malware that SWP did not remove opens a case for a host that has none")
      .Take();
}

}  // namespace sallyport
