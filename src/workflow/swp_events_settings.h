// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.h"
#include "workflow/own_key.h"

namespace sallyport {

struct SwpEventsSettings {
  // ARNs of the SNS topics whose messages are believed. None: SWP's events are not taken.
  std::vector<std::string> topics;
  // The number of the SWP tenant whose events are taken; empty: it is not looked at.
  std::string tenant;
  // Events that name no topic are believed too: whoever hands them over is trusted.
  bool without_topic = false;
  // So long after the end of a malware or integrity scan its case stays open for what SWP reports of it.
  Duration wait = std::chrono::minutes(15);
  // Events from so long before a case was opened belong to it, when they arrive after that.
  Duration before = std::chrono::minutes(15);
  // Notifications that come through Lambda need a signature of SNS that holds.
  bool check_signatures = true;
  // Malware that SWP did not remove, on a host without an open case, opens one.
  bool open_cases = false;
  bool operator==(const SwpEventsSettings&) const = default;

  bool AreTaken() const { return !topics.empty() || without_topic; }
};

// Of section `swp_events`.
std::vector<OwnKey> SwpEventsKeys();

}  // namespace sallyport
