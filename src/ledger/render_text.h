// SPDX-License-Identifier: Apache-2.0
//
// What the tables and the timelines of the ledger share: widths in characters, colors of states.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport {

inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kDimmed = "\x1b[2m";

std::size_t CountCharacters(std::string_view text);
// The first `count` characters.
std::string_view FirstCharacters(std::string_view text, std::size_t count);
// What is missing from `cell` to `width` characters, as spaces.
std::string Padding(std::string_view cell, std::size_t width);
std::string Padded(const std::string& cell, std::size_t width);

// The ANSI escape of a state's color; empty: none.
std::string_view ColorOf(std::string_view state);
std::string Colored(std::string_view text, std::string_view escape, bool color);

}  // namespace sallyport
