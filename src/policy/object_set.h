// SPDX-License-Identifier: Apache-2.0
//
// The same question for a set of resources, like all objects of a bucket. The resource patterns of the statements that
// can matter cut the set into regions (regions.h); inside one region every resource gets the same answer, so one of
// each is asked for.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/evaluate.h"
#include "policy/regions.h"

namespace sallyport::policy {

struct SetRegion {
  std::string example;  // the shortest resource of the region
  Decision decision = Decision::kUndecided;
  std::vector<std::string> allows;  // the patterns of Allow statements that it lies in
  std::vector<std::string> denies;  // of Deny statements
};

struct SetAnswer {
  // Of the best region: allowed if some region is. kUndecided when nothing better was found and regions may be missing.
  Decision decision = Decision::kUndecided;
  std::vector<SetRegion> regions;
  bool complete = true;
  // For people: the patterns in which access is (or may be) granted, and those that are cut out of them.
  std::vector<std::string> granted;
  std::vector<std::string> except;
};

// The one that gives more access; "could not decide" lies between a denial and a conditional answer.
Decision Better(Decision a, Decision b);

// Cutting is most of the work, and principals with the same patterns have the same regions. Keep one for many
// questions; beyond kMost different cuts it keeps no more.
class RegionCache {
 public:
  static constexpr std::size_t kMost = 2'000;
  std::unordered_map<std::string, Regions> cuts{};
};

// `pattern` is an ARN with wildcards, or `*`; the request's own resource is not used. `cache` may be null.
SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies,
                       RegionCache* cache = nullptr);

}  // namespace sallyport::policy
