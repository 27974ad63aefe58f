// SPDX-License-Identifier: Apache-2.0
//
// For tests: the map once more, slowly and from its definition. It tries every value of what is unread, walks every
// path from the internet and asks the words of edge/map.h of what it met. It shares no code with the map but the data.
#pragma once

#include <string>
#include <vector>

#include "edge/estate.h"

namespace sallyport::edge {

// The state of each host, as a word.
std::vector<std::string> ReferenceStates(const Estate& estate);

// "add ACL VENDOR/GROUP HOST" and the like, sorted: one line for each host of each candidate.
std::vector<std::string> ReferenceCandidates(const Estate& estate);

}  // namespace sallyport::edge
