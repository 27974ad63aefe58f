// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "action/host.h"
#include "base/result.h"
#include "edge/reads.h"

namespace sallyport {

// Gives hosts the EC2 tags that they have now: what was held may have waited for days, and a run keeps no tags. One
// that is gone keeps what was known.
Status TakeTagsOfNow(edge::Reads& reads, std::vector<Host>& hosts);

// Whether the tags of all of them are known.
bool HaveTags(const std::vector<Host>& hosts);

}  // namespace sallyport
