// SPDX-License-Identifier: Apache-2.0
//
// What earlier findings said about hosts, and what was done: the seam to what is kept of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "base/result.h"
#include "workflow/swp_evidence.h"

namespace sallyport {

class HostHistory {
 public:
  virtual ~HostHistory() = default;
  // Why what is installed on the host must stay as it is (Host::evidence): a finding calls it probably compromised
  // whose case is not settled. Empty: none does. Errors: those of the ledger, which cannot be read now.
  virtual Result<std::string> WhyEvidence(const InstanceId& instance) = 0;
  // What SWP reported about the hosts of a case, all of it that is kept. Errors: those of the ledger.
  virtual Result<SwpEvidence> EvidenceOf(std::int64_t) { return SwpEvidence(); }
  // Whether the action with that idempotency key was carried out: SWP took it. One whose outcome is not known was not.
  // Errors: those of the ledger.
  virtual Result<bool> WasCarriedOut(std::string_view) { return false; }
};

// The same for each of them; what cannot be read now is evidence until it can be. `history` may be nullptr: nothing is
// kept. Errors: the first that was met, when all are marked.
inline Status MarkEvidence(std::vector<Target>& targets, HostHistory* history) {
  Status marked = Ok();
  if (history == nullptr) return marked;
  for (Target& target : targets) {
    // What is no EC2 instance has no findings.
    if (target.host.instance.value.empty()) continue;
    auto why = history->WhyEvidence(target.host.instance);
    if (!why.ok() && marked.ok()) marked = why.error();
    target.host.evidence = why.ok() ? *std::move(why) : why.error().message;
  }
  return marked;
}

}  // namespace sallyport
