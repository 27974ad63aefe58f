// SPDX-License-Identifier: Apache-2.0
#include "executor/ledger_history.h"

namespace sallyport {

Result<std::string> LedgerHistory::WhyEvidence(const InstanceId& instance) {
  const auto found = journal_.FindCompromised(instance.value);
  if (!found.ok()) return found.error().In("whether a finding calls it compromised could not be read");
  if (!found->has_value()) return std::string();
  const std::string number = std::to_string((*found)->value);
  return "probably compromised by a finding of case " + number +
         ", its rules stay as evidence until that is settled (sallyport cases close " + number + ")";
}

}  // namespace sallyport
