// SPDX-License-Identifier: Apache-2.0
//
// The same question for a set of resources, like all objects of a bucket, with what a person wants to know of it: in
// which patterns access is granted, and what is cut out of them. Where only the decision is asked for, and of
// thousands, witnesses.h is the cheaper way; both come to the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/evaluate.h"
#include "policy/regions.h"

namespace sallyport::policy {

struct SetRegion {
  std::string example;  // the shortest resource of the region
  Decision decision = Decision::kUndecided;
};

struct SetAnswer {
  // Of the best region: allowed if some region is. kUndecided when nothing better was found and regions may be missing.
  Decision decision = Decision::kUndecided;
  std::vector<SetRegion> regions;
  bool complete = true;
  // For people: the patterns in which access is (or may be) granted, of the policies that narrow it down, and those
  // that are cut out of them.
  std::vector<std::string> granted;
  std::vector<std::string> except;
  bool all_named = true;  // false: there are more patterns than are looked at
};

// `pattern` is an ARN with wildcards, or `*`; the request's own resource is not used. `work` is what may be spent on
// cutting, and is not used up by one question alone (regions.h).
SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies, CutWork& work);
SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies);

}  // namespace sallyport::policy
