// SPDX-License-Identifier: Apache-2.0
//
// The check that stands before each change of a state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "ledger/sqlite.h"
#include "ledger/states.h"

namespace sallyport {

// "action 7 is `verified` and cannot become `intended`". `is`: the word of the state that it has.
Error CannotMove(std::string_view what, std::int64_t number, std::string_view is, std::string_view to);
// A word in the file that is none of this program's.
Error UnknownState(const sqlite::Database& database, std::string_view what, std::int64_t number, std::string_view word);

template <class State>
Status CheckMove(const sqlite::Database& database, std::string_view what, std::int64_t number, std::string_view is,
                 std::optional<State> from, State to) {
  if (!from) return UnknownState(database, what, number, is);
  if (!MayMove(*from, to)) return CannotMove(what, number, is, ToString(to));
  return Ok();
}

}  // namespace sallyport
