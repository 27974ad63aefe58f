// SPDX-License-Identifier: Apache-2.0
//
// Walking over the rows of a statement.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

// `read` makes a Result<T> of the current row.
template <class T, class Read>
Result<std::vector<T>> ReadRows(sqlite::Statement& statement, Read read) {
  std::vector<T> rows;
  while (true) {
    const Result<bool> row = statement.Step();
    if (!row) return row.error();
    if (!*row) return rows;
    Result<T> one = read(statement);
    if (!one) return one.error();
    rows.push_back(std::move(*one));
  }
}

// The first row; nothing: there is none.
template <class T, class Read>
Result<std::optional<T>> ReadRow(sqlite::Statement& statement, Read read) {
  const Result<bool> row = statement.Step();
  if (!row) return row.error();
  if (!*row) return std::optional<T>();
  Result<T> one = read(statement);
  if (!one) return one.error();
  return std::optional<T>(std::move(*one));
}

inline Result<std::int64_t> FirstColumn(const sqlite::Statement& row) {
  return row.Int(0);
}

}  // namespace sallyport
