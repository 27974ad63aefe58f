// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "sim/aws/services.h"

namespace sallyport::aws_sim {

// Null when the region does not have it.
const json::object* FindGroup(const Call& call, const std::string& vendor, const std::string& name);

// What WAFv2 checks when rules are saved: names and priorities unique, every rule with a statement and the right kind
// of action, groups known and subscribed, capacity within 5,000. `capacity` is their sum.
// Nothing: the version is empty or not among the group's expired ones.
std::optional<Failure> CheckNotExpired(const json::object& group, const std::string& version);

std::optional<Failure> CheckRules(const Call& call, const json::array& rules, std::int64_t& capacity);

}  // namespace sallyport::aws_sim
