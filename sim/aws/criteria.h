// SPDX-License-Identifier: Apache-2.0
//
// The filters of findings: Inspector2's filterCriteria, and the criterion of GuardDuty and Macie.
#pragma once

#include "sim/aws/call.h"

namespace sallyport::aws_sim {

// The value at `a.b.c`; null when there is none. Lists are looked into at their first element.
const json::value* AtPath(const json::object& record, std::string_view path);

// {"severity": {"eq": ["HIGH"]}}: whether all hold. Operators: eq, neq (texts), gt, gte, lt, lte and GuardDuty's older
// words for them.
bool CriterionHolds(const json::object& record, const json::object& criterion);
// The first operator that is none of those; empty when all are known.
std::string UnknownOperator(const json::object& criterion);

// {"resourceId": [{"comparison": "EQUALS", "value": "i-1"}]}. Nothing but `problem` when a member is unknown.
bool FilterHolds(const json::object& finding, const json::object& criteria);
std::string UnknownFilterMember(const json::object& criteria);

}  // namespace sallyport::aws_sim
