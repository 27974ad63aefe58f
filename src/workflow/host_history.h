// SPDX-License-Identifier: Apache-2.0
//
// What earlier findings said about hosts: the seam to what is kept of them.
#pragma once

#include <string>
#include <vector>

#include "action/host.h"
#include "base/time.h"

namespace sallyport {

class HostHistory {
 public:
  virtual ~HostHistory() = default;
  // Why what is installed on the host must stay as it is (Host::evidence): a finding that was handled at `since` or
  // later calls it probably compromised, or whether one does cannot be read. Empty: none does.
  virtual std::string WhyEvidence(const InstanceId& instance, TimePoint since) = 0;
};

// The same for each of them. `history` may be nullptr: nothing is kept.
inline void MarkEvidence(std::vector<Target>& targets, HostHistory* history, TimePoint since) {
  if (history == nullptr) return;
  for (Target& target : targets) {
    // What is no EC2 instance has no findings.
    if (target.host.instance.value.empty()) continue;
    target.host.evidence = history->WhyEvidence(target.host.instance, since);
  }
}

}  // namespace sallyport
