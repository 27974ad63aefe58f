// SPDX-License-Identifier: Apache-2.0
//
// Reads of a whole estate at a time: all rules, all computers with what decides about one module, all policies. For
// what is decided about hundreds of hosts at once, where one question for each of them would be too many. Pure data,
// readers, and the seam.
// Source: Workload Security API 50.0.827, schemas `intrusionPreventionRule`, `computer`, `policy`.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"
#include "swp/rules.h"

namespace sallyport::swp {

// A rule as the catalog needs it.
struct CatalogRule {
  Rule rule;
  std::string description;
  std::optional<TimePoint> last_updated;
  bool operator==(const CatalogRule&) const = default;
};
Result<CatalogRule> ReadCatalogRule(const Json& json);

// A computer with what decides about intrusion prevention; no other module is read.
struct EstateComputer {
  Computer computer;
  std::vector<std::int32_t> application_types;  // of the rules that are assigned
  std::optional<TimePoint> last_send_policy_request;
  bool operator==(const EstateComputer&) const = default;
};
Result<EstateComputer> ReadEstateComputer(const Json& json);

// What is set at the computer itself (`overrides=true`).
struct OwnValues {
  ComputerId computer;
  std::string state;  // of intrusion prevention; empty: inherited
  std::vector<RuleId> rules;
  std::map<std::string, std::string> settings;  // by their API names
  bool operator==(const OwnValues&) const = default;
};
Result<OwnValues> ReadOwnValues(const Json& json);

// The mode of the network engine, which inspects packets (policy and computer setting). In tap mode nothing is blocked.
inline constexpr std::string_view kEngineModeSetting = "firewallSettingNetworkEngineMode";

// All lists are whole, or an error: kTooLarge over `most`, kBadAnswer when a page does not advance.
class EstateReads {
 public:
  virtual ~EstateReads() = default;
  // Intrusion prevention rules that were updated since then (that moment included); nothing: all. One call for each
  // 1,000.
  virtual Result<std::vector<CatalogRule>> RulesSince(std::optional<TimePoint> since, std::size_t most) = 0;
  virtual Result<std::vector<ApplicationType>> AllApplicationTypes(std::size_t most) = 0;
  // One call for each 1,000. `policy`: those alone that have exactly this policy.
  virtual Result<std::vector<EstateComputer>> AllComputers(std::optional<PolicyId> policy, std::size_t most) = 0;
  // Every record of that EC2 instance, as Reads::FindComputers finds them. One call for a host with an agent, two
  // otherwise.
  virtual Result<std::vector<EstateComputer>> RecordsOfInstance(const InstanceId& instance) = 0;
  virtual Result<std::vector<OwnValues>> AllOwnValues(std::size_t most) = 0;
  virtual Result<OwnValues> GetOwnValues(ComputerId computer) = 0;
  // A policy is some 20 kB long.
  virtual Result<std::vector<Policy>> AllPolicies(std::size_t most) = 0;
  // The intrusion prevention rules that are assigned there, as they are there: with what is overridden at this place or
  // above it.
  virtual Result<std::vector<Rule>> RulesAt(Scope scope) = 0;
};

}  // namespace sallyport::swp
