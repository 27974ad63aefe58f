// SPDX-License-Identifier: Apache-2.0
//
// For one action on a set of resources: a few resources that stand for all of it, for thousands of principals. The
// patterns of a policy are looked up once, and principals whose patterns are the same share one cut into regions
// (regions.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/evaluate.h"

namespace sallyport::policy {

// Whether some ARN may match both; only by what both must start with, so that it may say yes too often.
bool MayOverlap(const ResourcePattern& pattern, std::string_view set);

class WitnessFinder {
 public:
  // `set` is an ARN pattern. Policies given to Find must outlive the finder.
  WitnessFinder(const ActionName& action, std::string_view set);

  struct Found {
    std::vector<Arn> examples;  // one resource for each region of the set
    bool complete = true;
  };
  // Stays where it is for as long as the finder lives.
  const Found& Find(const Context& context, const PolicySet& policies);

 private:
  using Parts = std::vector<ResourcePattern::Part>;
  struct OfPolicy {
    std::vector<std::uint32_t> patterns;
    std::vector<const ResourcePattern*> with_variables;
  };
  const OfPolicy& Of(const Policy& policy);
  std::uint32_t Number(Parts parts);
  void Collect(const std::vector<PolicyPtr>& policies, const Context& context, std::vector<std::uint32_t>& numbers);

  ActionName action_;
  std::string set_;
  std::unordered_map<const Policy*, OfPolicy> policies_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Parts> patterns_;  // the first is the set itself
  std::map<std::vector<std::uint32_t>, Found> found_;
};

}  // namespace sallyport::policy
