// SPDX-License-Identifier: Apache-2.0
//
// The control plane under /_sim/: faults, the request log, time and state. Never part of SWP, never rate limited.
#include "base/text.h"
#include "sim/swp_check.h"
#include "sim/swp_events.h"
#include "sim/swp_manager_impl.h"

namespace sallyport::sim {
namespace {

constexpr Field kFault[] = {{"kind"},
                            {"method"},
                            {"path"},
                            {"skip", FieldKind::kInt},
                            {"times", FieldKind::kInt},
                            {"probability", FieldKind::kNumber},
                            {"seed", FieldKind::kInt},
                            {"delay_ms", FieldKind::kInt},
                            {"status", FieldKind::kInt}};

ServedAnswer Plain(int status, const json::value& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body), Delivery::kWhole};
}

ServedAnswer Refusal(int status, std::string_view message) {
  return Plain(status, json::object{{"message", message}});
}

Result<SwpFault> ReadFault(const json::object& body) {
  const auto problem = CheckFields(body, kFault);
  if (!problem.empty()) return Error{ErrorCode::kInvalidInput, problem, ""};
  const auto kind = SwpFaultKindFrom(TextOr(body, "kind", ""));
  if (!kind)
    return Error{ErrorCode::kInvalidInput, "fault: unknown kind `" + Printable(TextOr(body, "kind", ""), 40) + "`", ""};
  SwpFault fault;
  fault.kind = *kind;
  fault.method = TextOr(body, "method", "");
  fault.path_pattern = TextOr(body, "path", "");
  fault.skip = IntOr(body, "skip", fault.skip);
  fault.times = IntOr(body, "times", fault.times);
  fault.seed = static_cast<std::uint64_t>(IntOr(body, "seed", 1));
  fault.delay_ms = IntOr(body, "delay_ms", 0);
  fault.status = IntOr(body, "status", fault.kind == SwpFaultKind::kHtmlError ? 502 : fault.status);
  if (const json::value* chance = body.if_contains("probability")) fault.probability = chance->to_number<double>();
  return fault;
}

json::object ScansOf(const World& world) {
  json::object computers;
  for (const auto& [where, count] : world.scan_counts) {
    int running = 0;
    for (const Job& job : world.jobs) running += job.computer == where.first && job.kind == where.second ? 1 : 0;
    json::value& entry = computers[std::to_string(where.first)];
    if (!entry.is_object()) entry = json::object();
    entry.get_object()[TaskType(where.second)] = json::object{
        {"requested", count.requested}, {"skipped", count.skipped}, {"running", running}, {"finished", count.finished}};
  }
  return computers;
}

json::array ChangesOf(const World& world) {
  json::array changes;
  for (const AssignmentChange& change : world.assignment_changes) {
    changes.emplace_back(json::object{{"time", change.time},
                                      {"scope", change.scope},
                                      {"id", change.id},
                                      {"module", change.module},
                                      {"operation", change.operation},
                                      {"ruleIDs", ToArray(change.rule_ids)}});
  }
  return changes;
}

// {"rules": [{"ID": n, members that differ}], "removed": [n]}. What is wrong; empty: done.
std::string UpdateRules(World& world, const json::object& body, std::int64_t now) {
  auto& items = world.collections.at("intrusionpreventionrules").items;
  for (const auto& member : body) {
    if (member.key() != "rules" && member.key() != "removed")
      return "unknown member `" + std::string(member.key()) + "`";
  }
  for (const int id : IntsOf(body, "removed")) items.erase(id);
  const json::value* rules = body.if_contains("rules");
  if (rules == nullptr) return "";
  if (!rules->is_array()) return "`rules` must be a list";
  for (const json::value& rule : rules->get_array()) {
    const json::object* changes = rule.if_object();
    const int id = changes == nullptr ? 0 : IntOr(*changes, "ID", 0);
    if (id <= 0) return "a rule needs its `ID`";
    json::object& kept = items[id];
    if (kept.empty() && !items.empty()) {
      kept = items.begin()->second;
      for (const auto key : {"CVE", "dependsOnRuleIDs", "sim", "description"}) kept.erase(key);
    }
    for (const auto& member : *changes) kept[member.key()] = member.value();
    kept["lastUpdated"] = now;
  }
  return "";
}

}  // namespace

std::string SwpManager::Impl::StateText() {
  const std::lock_guard lock(world_mutex_);
  const auto now = ToEpochMilliseconds(clock_.Now());
  world_.Settle(now);
  return json::serialize(json::object{{"now", now},
                                      {"computers", ScansOf(world_)},
                                      {"assignments", ChangesOf(world_)},
                                      {"scheduledTasks", world_.tasks.size()}});
}

std::string SwpManager::Impl::RequestsText() {
  const std::lock_guard lock(log_mutex_);
  json::array all;
  for (const SwpRequestRecord& record : log_) {
    all.emplace_back(json::object{{"time", ToEpochMilliseconds(record.time)},
                                  {"method", record.method},
                                  {"target", record.target},
                                  {"status", record.status},
                                  {"key", record.key_name}});
  }
  return json::serialize(json::object{{"requests", std::move(all)}});
}

ServedAnswer SwpManager::Impl::HandleControl(const ServedRequest& request) {
  const auto what = request.method + " " + request.path;
  json::error_code failed;
  const json::value body = request.body.empty() ? json::value(json::object()) : json::parse(request.body, failed);
  if (failed || !body.is_object()) return Refusal(400, "not a JSON object");
  ServedAnswer answer = Plain(200, json::object());
  if (what == "POST /_sim/faults") {
    const auto fault = ReadFault(body.get_object());
    if (!fault) return Refusal(400, fault.error().message);
    const auto added = faults_.Add(*fault);
    if (!added) return Refusal(400, added.error().message);
  } else if (what == "DELETE /_sim/faults") {
    faults_.Clear();
  } else if (what == "GET /_sim/requests") {
    answer.body = RequestsText();
  } else if (what == "DELETE /_sim/requests") {
    const std::lock_guard lock(log_mutex_);
    log_.clear();
  } else if (what == "POST /_sim/advance") {
    const int seconds = IntOr(body.get_object(), "seconds", -1);
    if (seconds < 0) return Refusal(400, "`seconds` must be a whole number, 0 or more");
    clock_.Advance(std::chrono::seconds(seconds));
  } else if (what == "POST /_sim/rules") {
    // A rule update of the vendor: intrusion prevention rules that are new or another from now on, and some that go.
    const std::lock_guard lock(world_mutex_);
    const auto problem = UpdateRules(world_, body.get_object(), ToEpochMilliseconds(clock_.Now()));
    if (!problem.empty()) return Refusal(400, problem);
  } else if (what == "POST /_sim/findings") {
    const std::lock_guard lock(world_mutex_);
    const auto problem = HideFindings(world_, body.get_object());
    if (!problem.empty()) return Refusal(400, problem);
  } else if (what == "POST /_sim/published") {
    const std::lock_guard lock(world_mutex_);
    const auto now = ToEpochMilliseconds(clock_.Now());
    world_.Settle(now);
    const std::string topic = TextOr(body.get_object(), "topic", "arn:aws:sns:us-east-1:111122223333:swp");
    answer = Plain(200, TakePublished(world_, topic, now));
  } else if (what == "GET /_sim/state") {
    answer.body = StateText();
  } else {
    return Refusal(404, "no such control: `" + Printable(what, 100) + "`");
  }
  return answer;
}

}  // namespace sallyport::sim
