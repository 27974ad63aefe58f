// SPDX-License-Identifier: Apache-2.0
//
// Cuts all texts into regions by a set of patterns: two texts are in one region when the same patterns match both. Each
// region comes with a text that lies in it, so that a question about a set ("all objects of the bucket") becomes a few
// questions about one text each. Exact: a region is found if and only if it is not empty.
//
// The patterns run together as one automaton, whose states are visited breadth-first; every set of patterns that some
// reachable state accepts is a region.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/glob.h"
#include "policy/patterns.h"

namespace sallyport::policy {

struct Region {
  std::vector<bool> matches;  // one for each pattern
  std::string text;           // the shortest that lies in it
};

struct Regions {
  std::vector<Region> list;
  bool complete = true;  // false: limits::kRegionStates or limits::kRegions was reached, and regions may be missing
};

// Patterns whose stars and `?` in the first five parts of an ARN stop at colons (Part::in_head).
// With `only_first`, only the regions inside the first pattern.
Regions CutIntoRegions(const std::vector<std::vector<ResourcePattern::Part>>& patterns, bool only_first = false);
Regions CutIntoRegions(const std::vector<std::vector<GlobToken>>& patterns);

}  // namespace sallyport::policy
