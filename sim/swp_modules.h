// SPDX-License-Identifier: Apache-2.0
//
// Inheritance: what a module's values are on a computer or a policy, given the policy tree. Scalars come from the
// nearest place that sets them; rule lists accumulate down the tree. Internal to sim/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/swp_world.h"

namespace sallyport::sim {

// Effective values, `moduleStatus` included, as the API shows them.
json::object EffectiveModule(const World& world, const SimComputer& computer, std::string_view module);
json::object EffectiveModule(const World& world, const json::object& policy, std::string_view module);

// Local values only (`overrides=true`).
json::object LocalModule(const json::object& modules, std::string_view module);

// The effective value of a policy's own word, `autoRequiresUpdate`, on a computer.
std::string EffectivePolicyValue(const World& world, const SimComputer& computer, std::string_view name,
                                 std::string_view fallback);

// Adds rules to the local list of `module` in `holder` (a computer's modules or a policy), sorted, without doubles.
void AddRules(json::object& holder, std::string_view module, const std::vector<int>& rule_ids);
void SetRules(json::object& holder, std::string_view module, std::vector<int> rule_ids);

// The application types of intrusion prevention rules, sorted.
std::vector<int> ApplicationTypesOf(const World& world, const std::vector<int>& rule_ids);

}  // namespace sallyport::sim
