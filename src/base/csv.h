// SPDX-License-Identifier: Apache-2.0
//
// Cells of comma-separated values that people open with a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

// One cell as RFC 4180 writes it: quotes where it needs them. Control characters are made visible (`\x0a`), a text of
// more than bounds::kLedgerEventBytes is cut, and a cell that a spreadsheet could take for a formula has a `'` in
// front: it begins, behind white space, with `=`, `+`, `-`, `@` or one of their full-width forms.
std::string CsvCell(std::string_view text);

}  // namespace sallyport
