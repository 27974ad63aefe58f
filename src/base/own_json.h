// SPDX-License-Identifier: Apache-2.0
//
// JSON that we wrote ourselves and read again: plans, actions, questions. Each says in `format` how it is written, or
// is in format 1. Names of members are snake_case; older formats have camelCase, and are given today's names before
// anything of them is read or shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace sallyport {

// "foundIn" -> "found_in"; a name that is in snake_case stays as it is.
std::string SnakeCase(std::string_view name);

// The same document with every name of a member in snake_case. What stands in a member `content` is left as it is: it
// is another's document (a member of a question that collects).
Json WithSnakeCaseNames(const Json& json);

// `format`: the member of a plan or question in the ledger that says how it is written; 1 when it is not there.
// kInvalidInput when this release knows no format above `known`: nothing of it may be guessed. `what`: "a plan".
Status CheckFormat(const Json& format, std::int64_t known, std::string_view what);

// Such a document with today's names, when it is in a format that is known; those before `named` had others.
Result<Json> InTodaysNames(const Json& json, std::int64_t named, std::int64_t known, std::string_view what);

}  // namespace sallyport
