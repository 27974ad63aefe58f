// SPDX-License-Identifier: Apache-2.0
#include "policy/settled_decider.h"

#include <algorithm>

#include "policy/explain.h"

namespace sallyport::policy {

Decision SettledDecider::Decide(const RequestView& request, const PolicySet& policies, std::uint64_t salt) {
  const Signed fast = DecideSigned(request, policies);
  if (fast.decision != Decision::kConditional) return fast.decision;
  const auto settle = [&] {
    SettleWork alone;
    SettleWork& work = remembers_ ? work_ : alone;
    if (work.assignments == 0) return Decision::kConditional;
    work.assignments -= std::min(work.assignments, kPreparation);
    return SettleConditional(request, policies, kAssignmentsEach, work).decision;
  };
  if (fast.signature == 0 || !remembers_) return settle();
  const auto [found, fresh] = settled_.emplace(fast.signature ^ salt * 0x9E3779B97F4A7C15ULL, Decision::kConditional);
  if (fresh) found->second = settle();
  return found->second;
}

}  // namespace sallyport::policy
