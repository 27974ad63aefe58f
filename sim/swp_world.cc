// SPDX-License-Identifier: Apache-2.0
//
// How the state moves with time: scans, policies on their way, due tasks, heartbeats.
#include "sim/swp_world.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "sim/swp_modules.h"
#include "sim/swp_tasks.h"

namespace sallyport::sim {
namespace {

std::string_view TaskText(JobKind kind) {
  switch (kind) {
    case JobKind::kRecommendations:
      return "Recommendation Scan In Progress";
    case JobKind::kIntegrity:
      return "Integrity Scan In Progress";
    case JobKind::kMalware:
      return "Malware Scan In Progress";
    case JobKind::kSendPolicy:
      return "Sending Policy";
  }
  return "";
}

bool ModuleIsOn(const World& world, const SimComputer& computer, std::string_view module) {
  return TextOr(EffectiveModule(world, computer, module), "state", "off") != "off";
}

bool CanRun(const World& world, const SimComputer& computer, JobKind kind) {
  if (!computer.online || !computer.HasAgent()) return false;
  if (kind == JobKind::kIntegrity) return ModuleIsOn(world, computer, "integrityMonitoring");
  if (kind != JobKind::kMalware) return true;
  return ModuleIsOn(world, computer, "antiMalware") &&
         IntOr(EffectiveModule(world, computer, "antiMalware"), "scheduledScanConfigurationID", 0) != 0;
}

}  // namespace

Reply Fail(int status, std::string_view message) {
  return {status, json::object{{"message", message}}};
}

std::string_view TaskType(JobKind kind) {
  switch (kind) {
    case JobKind::kRecommendations:
      return "scan-for-recommendations";
    case JobKind::kIntegrity:
      return "scan-for-integrity-changes";
    case JobKind::kMalware:
      return "scan-for-malware";
    case JobKind::kSendPolicy:
      return "send-policy";
  }
  return "";
}

bool SimRole::Allows(std::string_view right) const {
  if (right.empty()) return true;
  if (std::find(except.begin(), except.end(), right) != except.end()) return false;
  return everything || right.starts_with("canView") || right.starts_with("all");
}

void World::Settle(std::int64_t now) {
  // Due tasks first: they may start jobs that have ended by now as well.
  StartDueTasks(*this, now);
  std::vector<Job> ended;
  std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(ended), [&](const Job& job) { return job.end <= now; });
  std::sort(ended.begin(), ended.end(), [](const Job& a, const Job& b) { return a.end < b.end; });
  jobs.erase(std::remove_if(jobs.begin(), jobs.end(), [&](const Job& job) { return job.end <= now; }), jobs.end());
  for (const Job& job : ended) FinishJob(job);
  for (const Job& job : ended) ShowAgentTasks(job.computer);
  std::erase_if(tasks, [&](const auto& task) { return task.second.delete_after && *task.second.delete_after <= now; });
  Heartbeats(now);
}

bool World::StartJob(JobKind kind, int computer_id, std::int64_t now) {
  auto& counts = scan_counts[{computer_id, kind}];
  ++counts.requested;
  const auto computer = computers.find(computer_id);
  if (computer == computers.end() || !CanRun(*this, computer->second, kind)) {
    ++counts.skipped;
    return false;
  }
  if (kind == JobKind::kSendPolicy) computer->second.record["lastSendPolicyRequest"] = now;
  const auto duration = kind == JobKind::kSendPolicy ? options.send_policy_delay : options.scan_duration;
  jobs.push_back({kind, computer_id, now, now + duration.count()});
  ShowAgentTasks(computer_id);
  return true;
}

void World::ShowAgentTasks(int computer_id) {
  const auto computer = computers.find(computer_id);
  if (computer == computers.end()) return;
  json::array texts;
  for (const Job& job : jobs) {
    if (job.computer == computer_id) texts.emplace_back(TaskText(job.kind));
  }
  json::object shown;
  if (!texts.empty()) shown["agentTasks"] = std::move(texts);
  computer->second.record["tasks"] = std::move(shown);
}

void World::FinishJob(const Job& job) {
  const auto found = computers.find(job.computer);
  if (found == computers.end()) return;  // deleted meanwhile
  SimComputer& computer = found->second;
  ++scan_counts[{job.computer, job.kind}].finished;
  computer.record["lastAgentCommunication"] = job.end;
  PublishScan(job);
  const auto set_date = [&](std::string_view module, std::string_view field) {
    auto& entry = computer.modules[module];
    if (!entry.is_object()) entry = json::object();
    entry.get_object()[field] = job.end;
  };
  switch (job.kind) {
    case JobKind::kRecommendations:
      return FinishRecommendationScan(computer, job);
    case JobKind::kIntegrity:
      return set_date("integrityMonitoring", "lastIntegrityScan");
    case JobKind::kMalware:
      return set_date("antiMalware", "lastScheduledScan");
    case JobKind::kSendPolicy:
      computer.record["lastSendPolicySuccess"] = job.end;
      return;
  }
}

void World::FinishRecommendationScan(SimComputer& computer, const Job& job) {
  computer.last_recommendation_scan = job.end;
  computer.recommendation_status = "valid";
  for (const auto& [module, change] : computer.revealed) computer.known[module] = change;
  AutoApply(computer);
}

void World::AutoApply(SimComputer& computer) {
  for (const auto& [module, change] : computer.known) {
    const auto setting = module + "SettingAutoApplyRecommendationsEnabled";
    if (!EqualsIgnoreCase(EffectiveSetting(computer, setting), "yes")) continue;
    const auto& rules = collections.at(ToLowerAscii(module) + "rules").items;
    std::vector<int> applicable;
    for (const int id : change.assign) {
      const auto rule = rules.find(id);
      const auto* sim = rule == rules.end() ? nullptr : rule->second.if_contains("sim");
      const bool needs_a_person = sim != nullptr && sim->get_object().contains("needsConfiguration");
      if (rule != rules.end() && !needs_a_person) applicable.push_back(id);
    }
    AddRules(computer.modules, module, applicable);
  }
}

void World::ConfigurationChanged(int computer_id, std::int64_t now) {
  const auto found = computers.find(computer_id);
  if (found == computers.end() || !found->second.HasAgent()) return;
  found->second.record["lastSendPolicyRequest"] = now;
  if (EffectivePolicyValue(*this, found->second, "autoRequiresUpdate", "on") != "on") return;
  if (StartJob(JobKind::kSendPolicy, computer_id, now)) return;
}

void World::PolicyChanged(int policy, std::int64_t now) {
  for (const int computer : ComputersOfPolicies(PolicyAndDescendants(policy))) ConfigurationChanged(computer, now);
}

std::string World::EffectiveSetting(const SimComputer& computer, std::string_view name) const {
  const auto value_in = [&](const json::object& settings) -> const json::value* {
    const json::value* entry = settings.if_contains(name);
    return entry == nullptr ? nullptr : entry->get_object().if_contains("value");
  };
  if (const auto* own = value_in(computer.settings)) return std::string(own->get_string());
  for (const json::object* policy : PolicyChain(IntOr(computer.record, "policyID", 0))) {
    const json::value* settings = policy->if_contains("policySettings");
    if (settings == nullptr) continue;
    if (const auto* set = value_in(settings->get_object())) return std::string(set->get_string());
  }
  const auto* fallback = value_in(default_settings);
  return fallback == nullptr ? "" : std::string(fallback->get_string());
}

std::vector<const json::object*> World::PolicyChain(int policy) const {
  std::vector<const json::object*> chain;
  std::set<int> seen;
  while (seen.insert(policy).second) {
    const auto found = policies.find(policy);
    if (found == policies.end()) break;
    chain.push_back(&found->second);
    policy = IntOr(found->second, "parentID", 0);
  }
  return chain;
}

std::vector<int> World::PolicyAndDescendants(int policy) const {
  std::vector<int> family = {policy};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const auto& [id, record] : policies) {
      const bool is_child = IntOr(record, "parentID", 0) == family[i];
      if (is_child && std::find(family.begin(), family.end(), id) == family.end()) family.push_back(id);
    }
  }
  return family;
}

std::vector<int> World::ComputersOfPolicies(const std::vector<int>& wanted) const {
  std::vector<int> ids;
  for (const auto& [id, computer] : computers) {
    const int policy = IntOr(computer.record, "policyID", 0);
    if (std::find(wanted.begin(), wanted.end(), policy) != wanted.end()) ids.push_back(id);
  }
  return ids;
}

// Online agents speak every heartbeat. One pass over all computers at most that often.
void World::Heartbeats(std::int64_t now) {
  if (now < next_heartbeat_) return;
  if (next_heartbeat_ != 0) {
    for (auto& [id, computer] : computers) {
      if (computer.online && computer.HasAgent()) computer.record["lastAgentCommunication"] = now;
    }
  }
  next_heartbeat_ = now + options.heartbeat.count();
}

int IntOr(const json::object& object, std::string_view key, int fallback) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->get_int64()) : fallback;
}

std::string TextOr(const json::object& object, std::string_view key, std::string_view fallback) {
  const json::value* value = object.if_contains(key);
  return std::string(value != nullptr && value->is_string() ? std::string_view(value->get_string()) : fallback);
}

std::vector<int> IntsOf(const json::object& object, std::string_view key) {
  std::vector<int> numbers;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return numbers;
  for (const json::value& element : value->get_array()) {
    if (element.is_int64()) numbers.push_back(static_cast<int>(element.get_int64()));
  }
  return numbers;
}

json::array ToArray(const std::vector<int>& numbers) {
  return json::array(numbers.begin(), numbers.end());
}

}  // namespace sallyport::sim
