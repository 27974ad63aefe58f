// SPDX-License-Identifier: Apache-2.0
//
// The filters of findings: Inspector2's filterCriteria.
#pragma once

#include "sim/aws/call.h"

namespace sallyport::aws_sim {

// The value at `a.b.c`; null when there is none. Lists are looked into at their first element.
const json::value* AtPath(const json::object& record, std::string_view path);

// {"resourceId": [{"comparison": "EQUALS", "value": "i-1"}]}. Nothing but `problem` when a member is unknown.
bool FilterHolds(const json::object& finding, const json::object& criteria);
std::string UnknownFilterMember(const json::object& criteria);

}  // namespace sallyport::aws_sim
