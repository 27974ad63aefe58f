// SPDX-License-Identifier: Apache-2.0
//
// One API call, taken apart, and the functions that answer it. Internal to sim/. Every function is called with the
// world settled to `call.now`.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/swp_world.h"

namespace sallyport::sim {

struct Call {
  std::string method;
  std::string collection;                     // the first path segment
  std::vector<int> ids;                       // the numbers in the path, in order
  std::string name;                           // the setting's name in the path
  std::string module;                         // "intrusionPrevention"
  std::set<std::string, std::less<>> expand;  // never empty; holds `all` by default
  bool overrides = false;
  json::object body;
  std::int64_t now = 0;
  const SimApiKey* key = nullptr;
};

using Answerer = std::function<Reply(World&, const Call&)>;

// A list body from the records that `filter` finds. `record_of(id)` gives what is searched, `show(id)` what is shown.
Reply SearchReply(const json::object& filter, Fields fields, std::string_view list_key,
                  const std::vector<int>& unsorted, const std::function<const json::object&(int)>& record_of,
                  const std::function<json::object(int)>& show);

// swp_computers.cc
Reply ListComputers(World& world, const Call& call);
Reply SearchComputers(World& world, const Call& call);
Reply GetComputer(World& world, const Call& call);
Reply CreateComputer(World& world, const Call& call);
Reply ModifyComputer(World& world, const Call& call);
Reply DeleteComputer(World& world, const Call& call);
Reply DeleteComputers(World& world, const Call& call);
// swp_policies.cc
Reply ListPolicies(World& world, const Call& call);
Reply SearchPolicies(World& world, const Call& call);
Reply GetPolicy(World& world, const Call& call);
Reply CreatePolicy(World& world, const Call& call);
Reply ModifyPolicy(World& world, const Call& call);
Reply DeletePolicy(World& world, const Call& call);
Reply GetDefaultPolicy(World& world, const Call& call);
// swp_settings.cc: of computers, policies, the default policy and the system
Reply GetSetting(World& world, const Call& call);
Reply ModifySetting(World& world, const Call& call);
Reply ResetSetting(World& world, const Call& call);
Reply GetSystemSettings(World& world, const Call& call);
// swp_tasks.cc
Reply ListTasks(World& world, const Call& call);
Reply SearchTasks(World& world, const Call& call);
Reply GetTask(World& world, const Call& call);
Reply CreateTask(World& world, const Call& call);
Reply ModifyTask(World& world, const Call& call);
Reply DeleteTask(World& world, const Call& call);
// swp_assignments.cc: of computers and policies
Reply GetAssignments(World& world, const Call& call);
Reply AddAssignments(World& world, const Call& call);
Reply SetAssignments(World& world, const Call& call);
Reply RemoveAssignment(World& world, const Call& call);
Reply ListAssignedRules(World& world, const Call& call);
Reply GetAssignedRule(World& world, const Call& call);
Reply OverrideAssignedRule(World& world, const Call& call);
Reply ResetAssignedRule(World& world, const Call& call);
// swp_collections.cc: everything that is only a list of records
Reply ListCollection(World& world, const Call& call);
Reply SearchCollection(World& world, const Call& call);
Reply GetFromCollection(World& world, const Call& call);
Reply CreateInCollection(World& world, const Call& call);
Reply ModifyInCollection(World& world, const Call& call);
Reply DeleteFromCollection(World& world, const Call& call);
Reply GetCurrentApiKey(World& world, const Call& call);
Reply GetAwsConnectorSettings(World& world, const Call& call);

}  // namespace sallyport::sim
