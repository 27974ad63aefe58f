// SPDX-License-Identifier: Apache-2.0
//
// What an SWP tenant holds when a simulation starts: data only. Every record is the JSON text of one API object, in the
// API's own field names, with two additions:
//   - a date may be a duration (`"2d"`): so long before the simulation's start (`"-90d"`: after it);
//   - the member `sim` holds what the simulator must know and never shows (see swp_schema.cc, the *Sim tables).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::sim {

struct SwpEstate {
  std::vector<std::string> roles;     // {ID, name, allows: all|read, except: [rights]}
  std::vector<std::string> api_keys;  // `sim`: {key, header}
  std::vector<std::string> application_types;
  std::vector<std::string> intrusion_prevention_rules;  // `sim`: {needsConfiguration}
  std::vector<std::string> integrity_monitoring_rules;
  std::vector<std::string> log_inspection_rules;
  std::vector<std::string> firewall_rules;
  std::vector<std::string> policies;  // local values only; the rest is inherited
  std::vector<std::string> groups;
  std::vector<std::string> aws_connectors;
  std::vector<std::string> ip_lists;
  std::vector<std::string> computers;  // local values only; `sim`: {online, lastRecommendationScan, known, revealed}
  std::string default_settings;        // of policies: {"name": "value"}
  std::string system_settings;
};

// Reads an estate file (sim/estates/demo.yaml shows the form). Unknown keys are errors, with file and line.
Result<SwpEstate> ReadSwpEstate(std::string_view yaml, std::string_view file_name);
Result<SwpEstate> ReadSwpEstateFile(const std::string& path);

// The demonstration estate, compiled in.
SwpEstate DemoSwpEstate();

// The demonstration estate's policies and rules with `computers` made-up computers instead of its own; the same seed
// gives the same estate. Instance ids are `i-` and the computer's number as 17 hexadecimal digits.
SwpEstate GenerateSwpEstate(std::uint64_t seed, int computers);

}  // namespace sallyport::sim
