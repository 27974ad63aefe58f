// SPDX-License-Identifier: Apache-2.0
//
// What earlier findings said about hosts and what was done, out of the ledger.
#pragma once

#include "ledger/journal.h"
#include "workflow/host_history.h"

namespace sallyport {

// References outlive it.
class LedgerHistory final : public HostHistory {
 public:
  explicit LedgerHistory(Journal& journal) : journal_(journal) {}
  Result<std::string> WhyEvidence(const InstanceId& instance) override;
  // Behind so many plans comes one with all that is known of its case, and behind the newest such one so many are read:
  // plans that were made at the same time as it may be among them.
  static constexpr std::size_t kPlansBetweenWholes = 50;
  Result<SwpEvidence> EvidenceOf(std::int64_t case_number) override;
  Result<bool> WasCarriedOut(std::string_view key) override;
  // Of what was read last: how many plans are newer than the newest whole.
  std::size_t PlansSinceWhole() const { return since_whole_; }

 private:
  Journal& journal_;
  std::size_t since_whole_ = 0;
};

}  // namespace sallyport
