// SPDX-License-Identifier: Apache-2.0
#include "app/ledger_head.h"

#include "ledger/heads.h"

namespace sallyport {
namespace {

constexpr Duration kBetweenHeads = std::chrono::seconds(10);

}  // namespace

void TellHead(Audit& audit) {
  const auto head = audit.NewestHead();
  if (!head.ok()) return Complain(head.error());
  if (head->has_value()) Complain("the ledger ends with " + HeadText(**head));
}

void HeadTeller::TellNowAndThen() {
  const auto now = clock_.Monotonic();
  if (now - told_at_ < kBetweenHeads) return;
  told_at_ = now;
  TellHead(audit_);
}

}  // namespace sallyport
