// SPDX-License-Identifier: Apache-2.0
//
// Does a JSON object have only the fields a table allows, with the right types and choices? Internal to sim/.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "sim/swp_schema.h"

namespace sallyport::sim {

// Empty when all is well, else what is wrong with which field. Null is allowed everywhere.
std::string CheckFields(const boost::json::object& object, Fields fields);

// Reads dates that are written as durations ("2d" = two days before `start`), in place. Empty when all is well.
std::string ResolveDates(boost::json::object& object, Fields fields, std::int64_t start);

}  // namespace sallyport::sim
