// SPDX-License-Identifier: Apache-2.0
//
// For tests: small made-up estates, as the text of estate_text.h. Every line that it knows comes up.
#pragma once

#include <cstdint>
#include <string>

namespace sallyport::edge {

std::string RandomEstateText(std::uint64_t seed);

}  // namespace sallyport::edge
