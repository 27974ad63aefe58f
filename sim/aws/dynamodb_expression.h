// SPDX-License-Identifier: Apache-2.0
//
// DynamoDB's condition and update expressions over items in wire form ({"pk": {"S": "a"}}).
//
// Known: = <> < <= > >=, BETWEEN, IN, AND, OR, NOT, parentheses, attribute_exists, attribute_not_exists, begins_with,
// contains, size; SET with + - and if_not_exists, REMOVE, ADD (numbers), dotted paths. Not known: list places, DELETE
// and sets.
#pragma once

#include <string_view>

#include "base/result.h"
#include "sim/aws/members.h"

namespace sallyport::aws_sim {

struct ExpressionContext {
  const json::object& item;    // empty: there is none
  const json::object& names;   // ExpressionAttributeNames
  const json::object& values;  // ExpressionAttributeValues
};

// kInvalidInput when the expression cannot be read or names what is not given.
Result<bool> ConditionHolds(std::string_view expression, const ExpressionContext& context);
// The item after the update.
Result<json::object> UpdatedItem(std::string_view expression, const ExpressionContext& context);
// Numbers by value, everything else as written.
bool SameAttribute(const json::value& a, const json::value& b);
bool AttributeLess(const json::value& a, const json::value& b);

}  // namespace sallyport::aws_sim
