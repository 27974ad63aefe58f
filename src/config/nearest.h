// SPDX-License-Identifier: Apache-2.0
//
// "Did you mean": the known word that a mistyped one is nearest to.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sallyport {

// How many letters must be put in, taken out, changed or swapped with their neighbor to make `b` from `a`. ASCII case
// and the difference of `-` and `_` count as nothing. Takes time by the product of the lengths.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, when it is near enough to be meant: a third of its letters may differ, three at
// most.
std::optional<std::string_view> Nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sallyport
