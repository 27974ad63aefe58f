// SPDX-License-Identifier: Apache-2.0
//
// What earlier findings said about hosts, out of the ledger.
#pragma once

#include "ledger/journal.h"
#include "workflow/host_history.h"

namespace sallyport {

// References outlive it.
class LedgerHistory final : public HostHistory {
 public:
  explicit LedgerHistory(Journal& journal) : journal_(journal) {}
  Result<std::string> WhyEvidence(const InstanceId& instance) override;

 private:
  Journal& journal_;
};

}  // namespace sallyport
