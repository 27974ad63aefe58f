// SPDX-License-Identifier: Apache-2.0
#include "base/csv.h"

#include <array>

#include "base/bounds.h"
#include "base/text.h"

namespace sallyport {
namespace {

// A spreadsheet takes what begins so for a formula.
bool LooksLikeFormula(std::string_view text) {
  constexpr std::array<std::string_view, 8> kBeginnings = {"=",
                                                           "+",
                                                           "-",
                                                           "@",
                                                           "\xEF\xBC\x9D",   // full-width =
                                                           "\xEF\xBC\x8B",   // full-width +
                                                           "\xEF\xBC\x8D",   // full-width -
                                                           "\xEF\xBC\xA0"};  // full-width @
  // Spreadsheets ignore white space in front of a formula.
  const std::string_view trimmed = Trim(text);
  for (const std::string_view beginning : kBeginnings) {
    if (trimmed.starts_with(beginning)) return true;
  }
  return false;
}

}  // namespace

std::string CsvCell(std::string_view text) {
  const std::string guarded = (LooksLikeFormula(text) ? "'" : "") + std::string(text);
  std::string shown = Printable(guarded, bounds::kLedgerEventBytes);
  if (shown.find_first_of("\",") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char c : shown) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace sallyport
