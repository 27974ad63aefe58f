// SPDX-License-Identifier: Apache-2.0
//
// Texts as Unicode code points: what `?` stands for, and what is compared without case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::policy {

// The code points of valid UTF-8; nothing for other bytes.
std::optional<std::u32string> ToCodePoints(std::string_view text);
void AppendUtf8(std::string& text, char32_t point);

// For comparing without case: simple case folding (Unicode 14), which is what ignoring case means in `StringEquals-
// IgnoreCase`. Text that is not UTF-8 has only its ASCII letters folded. For comparing only: what comes out is not
// always a lower-case text.
std::string FoldCase(std::string_view text);

}  // namespace sallyport::policy
