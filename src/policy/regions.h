// SPDX-License-Identifier: Apache-2.0
//
// Cuts all texts into regions by groups of patterns: two texts are in one region when the same groups match both; a
// group matches when one of its patterns does. Each region comes with a text that lies in it, so that a question about
// a set ("all objects of the bucket") becomes a few questions about one text each. Exact as long as it is complete: a
// region is found if and only if it is not empty.
//
// The patterns run together as one automaton, whose states are visited breadth-first; every set of groups that some
// reachable state accepts is a region. A group that matches whatever follows needs no place of its other patterns any
// more, which keeps the states few where a statement lists many patterns with stars. Where they are many all the same,
// the work is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "policy/glob.h"
#include "policy/limits.h"
#include "policy/patterns.h"

namespace sallyport::policy {

// What may still be spent, in places of patterns looked at. One is shared by all that belongs to one answer.
struct CutWork {
  std::uint64_t left = limits::kCutWork;
};

struct Region {
  std::vector<bool> matches;  // one for each group
  std::string text;           // one of the shortest that lie in it
};

struct Regions {
  std::vector<Region> list;
  bool complete = true;  // false: a bound was reached, and regions may be missing
};

// Patterns whose stars and `?` in the first five parts of an ARN stop at colons (Part::in_head).
using PatternGroup = std::vector<std::vector<ResourcePattern::Part>>;

struct CutOptions {
  bool only_first = false;                                        // only the regions inside the first group
  std::size_t longest = std::numeric_limits<std::size_t>::max();  // bytes of a text
};

Regions CutIntoRegions(const std::vector<PatternGroup>& groups, const CutOptions& options, CutWork& work);

}  // namespace sallyport::policy
