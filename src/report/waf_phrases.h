// SPDX-License-Identifier: Apache-2.0
//
// The sentences of the map (edge/map.h, edge/candidates.h, edge/text.h, protection/protection.h) in Traditional
// Chinese.
#pragma once

#include <vector>

#include "report/phrasebook.h"

namespace sallyport::report {

const std::vector<Phrase>& WafPhrases();

}  // namespace sallyport::report
