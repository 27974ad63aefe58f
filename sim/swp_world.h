// SPDX-License-Identifier: Apache-2.0
//
// The state of a simulated SWP manager, without HTTP. Internal to sim/: it shows Boost.JSON types, because the records
// are kept in the form in which the API gives them out. Times are milliseconds since the epoch, as in the API. Not
// thread-safe: the manager holds a lock around every call.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/swp_estate.h"
#include "sim/swp_schema.h"

namespace sallyport::sim {

namespace json = boost::json;

struct Reply {
  int status = 200;
  std::optional<json::value> body;  // nothing: an answer without a body
};
Reply Fail(int status, std::string_view message);

// Rules of one kind, application types, groups, ...: things that are only listed, searched and read.
struct Collection {
  std::string_view list_key;  // "ipLists"
  std::string_view label;     // "IP list", for messages
  Fields fields;
  std::map<int, json::object> items;
};

struct RuleChange {
  std::vector<int> assign;
  std::vector<int> unassign;
};

struct SimComputer {
  json::object record;    // simple fields, status, tasks, summaries; always up to date
  json::object modules;   // module name -> values set on this computer, scan dates and status overrides
  json::object settings;  // name -> {"value"}, local
  bool online = false;
  std::optional<std::int64_t> last_recommendation_scan;
  std::string recommendation_status = "none";
  std::map<std::string, RuleChange, std::less<>> known;     // what the last scan found, by module
  std::map<std::string, RuleChange, std::less<>> revealed;  // what the next scan will find

  bool HasAgent() const { return record.contains("agentFingerPrint"); }
};

struct SimTask {
  json::object record;
  bool pending_start = false;                // a once-only start time that is still to come
  std::optional<std::int64_t> delete_after;  // run-once, and done at that time
};

struct SimRole {
  std::string name;
  bool everything = false;
  std::vector<std::string> except;

  bool Allows(std::string_view right) const;
};

struct SimApiKey {
  json::object record;
  std::string key;
  std::string header;  // both, Authorization, api-secret-key
  const SimRole* role = nullptr;
};

enum class JobKind { kRecommendations, kIntegrity, kMalware, kSendPolicy };
std::string_view TaskType(JobKind kind);

// Something an agent does for a while.
struct Job {
  JobKind kind = JobKind::kRecommendations;
  int computer = 0;
  std::int64_t start = 0;
  std::int64_t end = 0;
};

struct ScanCount {
  int requested = 0;
  int skipped = 0;
  int finished = 0;
};
struct AssignmentChange {
  std::int64_t time = 0;
  std::string scope;  // "computers" or "policies"
  int id = 0;
  std::string module;
  std::string operation;  // add, set, remove
  std::vector<int> rule_ids;
};

struct WorldOptions {
  Duration scan_duration{30'000};
  Duration send_policy_delay{10'000};
  Duration heartbeat{600'000};
  bool auto_delete = true;
};

inline constexpr std::size_t kMostPublished = 20'000;

class World {
 public:
  static Result<World> Build(const SwpEstate& estate, const WorldOptions& options, std::int64_t start);

  // Brings everything to `now`: scans that ended, policies that arrived, tasks that are due, heartbeats.
  void Settle(std::int64_t now);

  // Starts `kind` on a computer at `now`. False when it was skipped: offline, or the module is off.
  bool StartJob(JobKind kind, int computer, std::int64_t now);
  // Notes that the configuration of a computer changed, and sends it when autoRequiresUpdate is on.
  void ConfigurationChanged(int computer, std::int64_t now);
  void PolicyChanged(int policy, std::int64_t now);
  // The effective value of a setting of a computer.
  std::string EffectiveSetting(const SimComputer& computer, std::string_view name) const;

  // `policy` and its ancestors, nearest first. Ends at a policy that does not exist and before a circle.
  std::vector<const json::object*> PolicyChain(int policy) const;
  std::vector<int> PolicyAndDescendants(int policy) const;
  std::vector<int> ComputersOfPolicies(const std::vector<int>& policies) const;

  WorldOptions options;
  std::int64_t start = 0;
  std::map<std::string, Collection, std::less<>> collections;  // by path: "iplists"
  std::map<int, json::object> policies;
  std::map<int, SimComputer> computers;
  std::map<int, SimTask> tasks;
  int next_task_id = 501;
  json::object default_settings;  // name -> {"value"}
  json::object system_settings;
  std::map<int, SimRole> roles;
  std::vector<SimApiKey> api_keys;
  std::vector<Job> jobs;
  std::map<std::pair<int, JobKind>, ScanCount> scan_counts;
  std::vector<AssignmentChange> assignment_changes;
  // What is overridden of a rule at one place: scope, id, module, rule -> the members that differ.
  std::map<std::tuple<std::string, int, std::string, int>, json::object> rule_overrides;
  // What scans of a computer will find: members of the events, by kind of scan. Each scan finds it anew.
  std::map<std::pair<int, JobKind>, std::vector<json::object>> to_find;
  // What was published to the SNS topic and not fetched yet: events in SWP's form, at most kMostPublished.
  std::vector<json::object> published;

 private:
  void FinishJob(const Job& job);
  void FinishRecommendationScan(SimComputer& computer, const Job& job);
  void AutoApply(SimComputer& computer);
  void PublishScan(const Job& job);
  void PublishEvent(std::string_view type, int computer, std::int64_t at, const json::object& members);
  void ShowAgentTasks(int computer);
  void Heartbeats(std::int64_t now);

  std::int64_t next_heartbeat_ = 0;
  std::int64_t next_event_ = 1;
};

// --- small helpers over records ---
int IntOr(const json::object& object, std::string_view key, int fallback);
std::string TextOr(const json::object& object, std::string_view key, std::string_view fallback);
std::vector<int> IntsOf(const json::object& object, std::string_view key);
json::array ToArray(const std::vector<int>& numbers);
// The ids of a map in the order in which an unsorted list is given out: never ascending when there are two or more.
template <class Map>
std::vector<int> UnsortedIds(const Map& map) {
  std::vector<int> descending;
  for (auto item = map.rbegin(); item != map.rend(); ++item) descending.push_back(item->first);
  std::vector<int> ids;
  for (std::size_t i = 0; i < descending.size(); i += 2) ids.push_back(descending[i]);
  for (std::size_t i = 1; i < descending.size(); i += 2) ids.push_back(descending[i]);
  return ids;
}

}  // namespace sallyport::sim
