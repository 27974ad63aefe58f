// SPDX-License-Identifier: Apache-2.0
//
// Which rules findings still need: those that are open, and those that were closed less than the grace period ago. What
// was assigned as a virtual patch and is needed no more is proposed for removal (edge cases I5, I17). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "workflow/patch_ledger.h"

namespace sallyport {

class RuleNeeds {
 public:
  // The ledger outlives it.
  RuleNeeds(const PatchLedger& ledger, TimePoint now, Duration grace);

  // Whether a finding needs it on one of these instances, itself or by another rule that depends on it; nothing: which
  // hosts the place has is not known, so that a finding about any host counts. A rule that the catalog does not have is
  // needed: nothing is known of it.
  bool IsNeeded(RuleId rule, const std::optional<std::set<std::string>>& instances) const;

  // The rules of a change that nothing on these instances needs and that were not proposed before this window: what
  // depends on another rule stands before it.
  std::vector<RuleId> NeedlessOf(const PatchPlaced& change, std::int64_t window,
                                 const std::optional<std::set<std::string>>& instances) const;

 private:
  const RuleCatalog& catalog_;
  std::map<std::int32_t, std::set<std::string>> instances_;  // by rule: those whose findings need it
};

// Rules of the catalog that stand on a host and that no finding needs anywhere: those of the lowest severity first, at
// most so many. Which could go when there are too many.
std::vector<const PatchRule*> LeastNeeded(const std::vector<RuleId>& there, const RuleNeeds& needs,
                                          const RuleCatalog& catalog, std::size_t most);

}  // namespace sallyport
