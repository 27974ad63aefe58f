// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_tasks.h"

#include <algorithm>

#include "sim/swp_call.h"
#include "sim/swp_check.h"

namespace sallyport::sim {
namespace {

struct TaskKind {
  std::string_view type;
  std::string_view parameters;
  std::optional<JobKind> job;
  bool has_filter = true;
};
constexpr TaskKind kTaskKinds[] = {
    {"scan-for-recommendations", "scanForRecommendationsTaskParameters", JobKind::kRecommendations},
    {"scan-for-integrity-changes", "scanForIntegrityChangesTaskParameters", JobKind::kIntegrity},
    {"scan-for-malware", "scanForMalwareTaskParameters", JobKind::kMalware},
    {"send-policy", "sendPolicyTaskParameters", JobKind::kSendPolicy},
    {"scan-for-open-ports", "scanForOpenPortsTaskParameters", std::nullopt},
    {"check-for-security-updates", "checkForSecurityUpdatesTaskParameters", std::nullopt},
    {"update-suspicious-objects-list", "updateSuspiciousObjectsListTaskParameters", std::nullopt},
    {"synchronize-cloud-account", "synchronizeCloudAccountTaskParameters", std::nullopt, false},
    {"check-for-software-updates", "", std::nullopt, false}};

const TaskKind* TaskKindOf(const json::object& task) {
  const auto type = TextOr(task, "type", "");
  const auto* found =
      std::find_if(std::begin(kTaskKinds), std::end(kTaskKinds), [&](const TaskKind& k) { return k.type == type; });
  return found == std::end(kTaskKinds) ? nullptr : found;
}

const json::object* ObjectIn(const json::object* holder, std::string_view key) {
  const json::value* value = holder == nullptr ? nullptr : holder->if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::object* FilterOf(const json::object& task, const TaskKind& kind) {
  return ObjectIn(ObjectIn(&task, kind.parameters), "computerFilter");
}

bool Flag(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<int> GroupAndBelow(const World& world, int group) {
  std::vector<int> family = {group};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const auto& [id, record] : world.collections.at("computergroups").items) {
      const bool is_child = IntOr(record, "parentGroupID", 0) == family[i];
      if (is_child && std::find(family.begin(), family.end(), id) == family.end()) family.push_back(id);
    }
  }
  return family;
}

std::vector<int> ComputersOfGroups(const World& world, const std::vector<int>& groups) {
  std::vector<int> ids;
  for (const auto& [id, computer] : world.computers) {
    const int group = IntOr(computer.record, "groupID", 0);
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) ids.push_back(id);
  }
  return ids;
}

std::vector<int> FilteredComputers(const World& world, const json::object& filter) {
  const auto type = TextOr(filter, "type", "");
  const int policy = IntOr(filter, "policyID", 0);
  const int group = IntOr(filter, "computerGroupID", 0);
  if (type == "computer") return {IntOr(filter, "computerID", 0)};
  if (type == "computers-in-group") return ComputersOfGroups(world, {group});
  if (type == "computers-in-group-or-subgroup") return ComputersOfGroups(world, GroupAndBelow(world, group));
  if (type == "computers-using-policy") return world.ComputersOfPolicies({policy});
  if (type == "computers-using-policy-or-subpolicy")
    return world.ComputersOfPolicies(world.PolicyAndDescendants(policy));
  std::vector<int> all;
  if (type == "all-computers") {
    for (const auto& [id, computer] : world.computers) all.push_back(id);
  }
  return all;
}

std::string CheckFilter(const World& world, const json::object& filter) {
  const auto type = TextOr(filter, "type", "");
  if (type.empty()) return "The computer filter needs a type.";
  if (type == "computer" && !world.computers.contains(IntOr(filter, "computerID", 0)))
    return "The computer does not exist.";
  if (type.starts_with("computers-using") && !world.policies.contains(IntOr(filter, "policyID", 0))) {
    return "The policy does not exist.";
  }
  const auto& groups = world.collections.at("computergroups").items;
  const bool by_group = type.starts_with("computers-in-group");
  return by_group && !groups.contains(IntOr(filter, "computerGroupID", 0)) ? "The computer group does not exist." : "";
}

std::string CheckTask(const World& world, const json::object& task) {
  if (TextOr(task, "name", "").empty()) return "A scheduled task needs a name.";
  const TaskKind* kind = TaskKindOf(task);
  if (kind == nullptr) return "A scheduled task needs a type.";
  const json::object* details = ObjectIn(&task, "scheduleDetails");
  if (details == nullptr || TextOr(*details, "recurrenceType", "").empty()) return "A scheduled task needs a schedule.";
  if (!kind->has_filter) return "";
  const json::object* filter = FilterOf(task, *kind);
  return filter == nullptr ? "A scheduled task of this type needs a computer filter." : CheckFilter(world, *filter);
}

bool RunsOnce(const json::object& task) {
  const json::object* details = ObjectIn(&task, "scheduleDetails");
  return details != nullptr && TextOr(*details, "recurrenceType", "") == "none" &&
         IntOr(*details, "recurrenceCount", 0) == 1;
}

void Run(World& world, SimTask& task, std::int64_t now) {
  task.record["lastRunTime"] = now;
  const TaskKind* kind = TaskKindOf(task.record);
  const json::object* filter = kind == nullptr ? nullptr : FilterOf(task.record, *kind);
  bool started = false;
  if (filter != nullptr && kind->job) {
    for (const int computer : FilteredComputers(world, *filter))
      started = world.StartJob(*kind->job, computer, now) || started;
  }
  // A task that found nothing to do is over at once, but not before its own creation was answered.
  const auto lasts = started ? world.options.scan_duration.count() : 1;
  if (world.options.auto_delete && RunsOnce(task.record)) task.delete_after = now + lasts;
}

// The start time of a once-only schedule in the future, as `nextRunTime`.
void Plan(SimTask& task, std::int64_t now) {
  task.pending_start = false;
  task.record.erase("nextRunTime");
  const json::object* once = ObjectIn(ObjectIn(&task.record, "scheduleDetails"), "onceOnlyScheduleParameters");
  const json::value* time = once == nullptr ? nullptr : once->if_contains("startTime");
  if (time == nullptr || !time->is_int64() || time->get_int64() <= now || !Flag(task.record, "enabled")) return;
  task.record["nextRunTime"] = *time;
  task.pending_start = true;
}

Reply NoSuchTask() {
  return Fail(404, "The scheduled task does not exist.");
}

bool MayRun(const Call& call) {
  return !Flag(call.body, "runNow") || call.key->role->Allows("canExecuteScheduledTasks");
}

}  // namespace

void StartDueTasks(World& world, std::int64_t now) {
  for (auto& [id, task] : world.tasks) {
    if (!task.pending_start) continue;
    const std::int64_t due = task.record.at("nextRunTime").get_int64();
    if (due > now) continue;
    task.pending_start = false;
    task.record.erase("nextRunTime");
    Run(world, task, due);
  }
}

Reply ListTasks(World& world, const Call&) {
  json::array all;
  for (const int id : UnsortedIds(world.tasks)) all.emplace_back(world.tasks.at(id).record);
  return {200, json::object{{"scheduledTasks", std::move(all)}}};
}

Reply SearchTasks(World& world, const Call& call) {
  const auto record = [&](int id) -> const json::object& { return world.tasks.at(id).record; };
  return SearchReply(call.body, ScheduledTaskFields(), "scheduledTasks", UnsortedIds(world.tasks), record, record);
}

Reply GetTask(World& world, const Call& call) {
  const auto found = world.tasks.find(call.ids.at(0));
  return found == world.tasks.end() ? NoSuchTask() : Reply{200, found->second.record};
}

Reply CreateTask(World& world, const Call& call) {
  auto problem = CheckFields(call.body, ScheduledTaskFields());
  if (problem.empty()) problem = CheckTask(world, call.body);
  if (!problem.empty()) return Fail(400, problem);
  if (!MayRun(call)) return Fail(403, "Not authorized to execute scheduled tasks.");
  const int id = world.next_task_id++;
  SimTask& task = world.tasks[id];
  task.record = call.body;
  for (const auto key : {"runNow", "lastRunTime", "nextRunTime", "ID"}) task.record.erase(key);
  if (!task.record.contains("enabled")) task.record["enabled"] = false;
  json::object& details = task.record["scheduleDetails"].get_object();
  if (!details.contains("timeZone")) details["timeZone"] = "UTC";
  task.record["ID"] = id;
  Plan(task, call.now);
  if (Flag(call.body, "runNow")) Run(world, task, call.now);
  return {200, task.record};
}

Reply ModifyTask(World& world, const Call& call) {
  const auto found = world.tasks.find(call.ids.at(0));
  if (found == world.tasks.end()) return NoSuchTask();
  auto problem = CheckFields(call.body, ScheduledTaskFields());
  if (!problem.empty()) return Fail(400, problem);
  if (!MayRun(call)) return Fail(403, "Not authorized to execute scheduled tasks.");
  json::object changed = found->second.record;
  for (const auto& member : call.body) {
    if (member.key() != "runNow" && member.key() != "ID" && member.key() != "lastRunTime")
      changed[member.key()] = member.value();
  }
  problem = CheckTask(world, changed);
  if (!problem.empty()) return Fail(400, problem);
  SimTask& task = found->second;
  task.record = std::move(changed);
  if (call.body.contains("scheduleDetails") || call.body.contains("enabled")) Plan(task, call.now);
  if (Flag(call.body, "runNow")) Run(world, task, call.now);
  return {200, task.record};
}

Reply DeleteTask(World& world, const Call& call) {
  return world.tasks.erase(call.ids.at(0)) == 0 ? NoSuchTask() : Reply{};
}

}  // namespace sallyport::sim
