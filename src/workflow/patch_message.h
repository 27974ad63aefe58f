// SPDX-License-Identifier: Apache-2.0
//
// What the owners of hosts are told of one answer: one message for each team, whatever number of CVEs and hosts. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "action/host.h"
#include "workflow/inspector_settings.h"
#include "workflow/owner.h"
#include "workflow/patch_coverage.h"
#include "workflow/plan.h"

namespace sallyport {

struct TeamCve {
  std::string cve;
  CoverageState state = CoverageState::kUndetermined;
  std::string why;
  bool planned = false;               // rules for it are assigned by this answer
  std::vector<std::int64_t> cases{};  // of the members that it is about
  bool is_as_before = false;          // the last look found the same
};

// A host with the CVEs that its owner is told about.
struct TeamHost {
  Host host;
  Owner owner;
  double severity = 0;
  bool exploit = false;
  std::string fixed_in;
  std::string evidence;  // why its rules stay as they are; empty: they need not
  std::vector<TeamCve> cves;
};

struct TeamContext {
  const InspectorSettings& settings;
  const OwnerSettings& owners;
  std::int64_t window;  // the first event of it: what makes the message another one than the last
  TimePoint now;
};

// By owner. Adds a message for each to the plan. It concerns the cases of those CVEs for which this answer plans
// nothing.
void AddTeamMessages(const std::map<std::string, std::vector<TeamHost>>& teams, const TeamContext& context, Plan& plan);

}  // namespace sallyport
