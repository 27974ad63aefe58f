// SPDX-License-Identifier: Apache-2.0
//
// The part of Config's query language that the simulator answers: SELECT a, b.c WHERE x = 'v' AND y LIKE 'w%' AND
// z IN ('1', '2'). Anything else is an invalid expression.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/aws/members.h"

namespace sallyport::aws_sim {

struct ConfigTest {
  std::string field;
  bool like = false;
  std::vector<std::string> values;  // one of them
};

struct ConfigQuery {
  std::vector<std::string> columns;
  std::vector<ConfigTest> tests;
};

Result<ConfigQuery> ReadConfigQuery(std::string_view text);
bool QueryFits(const ConfigQuery& query, const json::object& item);
json::object QueryColumns(const ConfigQuery& query, const json::object& item);

}  // namespace sallyport::aws_sim
