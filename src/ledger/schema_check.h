// SPDX-License-Identifier: Apache-2.0
//
// Whether the tables, indexes and triggers of a file are those that this version makes, and nothing besides.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/sqlite.h"

namespace sallyport {

// What differs, each in a sentence: "trigger `x` was added". Every object counts, under any name; only the tables in
// which ANALYZE keeps its figures may be there or not, exactly as ANALYZE makes them. At most kNamedDifferences.
Result<std::vector<std::string>> SchemaDifferences(const sqlite::Database& database);
inline constexpr std::size_t kNamedDifferences = 20;

// A digest over the same; and the one of a ledger that this version made. (A test holds it to the migrations: they are
// too slow for every start.)
Result<std::string> SchemaDigest(const sqlite::Database& database);
inline constexpr std::string_view kSchemaDigest = "26859140fa826ba4dccb78f0bdf9116161481fd9585ce75699673e42dd7cd341";

// Refuses a file whose tables, indexes and triggers are others: a foreign trigger could keep from the ledger what is
// written into it.
Status CheckSchema(const sqlite::Database& database);

}  // namespace sallyport
