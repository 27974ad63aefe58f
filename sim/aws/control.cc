// SPDX-License-Identifier: Apache-2.0
//
// The control plane under /_sim/: faults, time, rates, latency, the log and what calls have left behind. Not signed,
// never limited or logged.
#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "sim/aws/simulator_impl.h"

namespace sallyport::aws_sim {
namespace {

json::array ShowOperations() {
  json::array shown;
  for (const ServiceSpec* service : Services()) {
    for (const OperationSpec& operation : service->operations) {
      shown.push_back(json::object{{"service", service->id}, {"action", operation.name}});
    }
  }
  return shown;
}

sim::ServedAnswer Plain(int status, const json::value& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body), sim::Delivery::kWhole};
}

sim::ServedAnswer Refusal(int status, std::string_view message) {
  return Plain(status, json::object{{"message", message}});
}

Status CheckNames(const json::object& body, std::initializer_list<std::string_view> known) {
  for (const auto& member : body) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      return Error{ErrorCode::kInvalidInput, "unknown member `" + Printable(member.key(), 40) + "`", ""};
    }
  }
  return Ok();
}

Result<Fault> ReadFault(const json::object& body) {
  const auto checked = CheckNames(body, {"kind", "account", "region", "service", "action", "skip", "times",
                                         "probability", "seed", "delay_ms", "status", "code", "message"});
  if (!checked.ok()) return checked.error();
  const auto kind = FaultKindFrom(TextOf(body, "kind"));
  if (!kind) {
    return Error{ErrorCode::kInvalidInput, "fault: unknown kind `" + Printable(TextOf(body, "kind"), 40) + "`", ""};
  }
  Fault fault;
  fault.kind = *kind;
  fault.account = TextOf(body, "account");
  fault.region = TextOf(body, "region");
  fault.service = TextOf(body, "service");
  fault.action = TextOf(body, "action");
  fault.skip = static_cast<int>(NumberOf(body, "skip", 0));
  fault.times = static_cast<int>(NumberOf(body, "times", 1));
  fault.seed = static_cast<std::uint64_t>(NumberOf(body, "seed", 1));
  fault.delay_ms = static_cast<int>(NumberOf(body, "delay_ms", 0));
  fault.status = static_cast<int>(NumberOf(body, "status", fault.kind == FaultKind::kHtmlError ? 502 : 500));
  fault.code = TextOf(body, "code");
  fault.message = TextOf(body, "message");
  const json::value* chance = body.if_contains("probability");
  if (chance != nullptr && chance->is_number()) fault.probability = chance->to_number<double>();
  return fault;
}

Result<std::vector<RateLimit>> ReadLimits(const json::object& body) {
  std::vector<RateLimit> limits;
  for (const json::value& value : ArrayOf(body, "limits")) {
    const auto* record = value.if_object();
    if (record == nullptr || !Has(*record, "perSecond") || !Has(*record, "burst") ||
        !record->at("perSecond").is_number() || !record->at("burst").is_number()) {
      return Error{ErrorCode::kInvalidInput, "limits: `perSecond` and `burst` must be numbers", ""};
    }
    limits.push_back({TextOf(*record, "account", "*"), TextOf(*record, "region", "*"), TextOf(*record, "service", "*"),
                      TextOf(*record, "action", "*"), record->at("perSecond").to_number<double>(),
                      record->at("burst").to_number<double>()});
  }
  return limits;
}

json::array ListOf(const Records& records) {
  json::array list;
  for (const json::object& record : records) list.push_back(record);
  return list;
}

}  // namespace

sim::ServedAnswer SimulatorImpl::ControlFaults(const std::string& method, const json::object& body) {
  if (method == "DELETE") {
    faults_.Clear();
    return Plain(200, json::object());
  }
  const auto fault = ReadFault(body);
  if (!fault) return Refusal(400, fault.error().message);
  const auto added = faults_.Add(*fault);
  return added.ok() ? Plain(200, json::object()) : Refusal(400, added.error().message);
}

// Changes of the world in mid-run: {"revokeRole": arn} makes a role and its sessions useless, {"revokeKey": id} a key,
// {"closeRegion": {"account", "region"}} a region; {"inspectorFindings": {"account", "region", "set": [...], "drop":
// [ARN]}} makes findings of Inspector new, another, or gone.
sim::ServedAnswer SimulatorImpl::ControlWorld(const json::object& body) {
  const auto checked = CheckNames(body, {"revokeRole", "revokeKey", "closeRegion", "inspectorFindings"});
  if (!checked.ok()) return Refusal(400, checked.error().message);
  const std::lock_guard lock(mutex_);
  const auto arn = TextOf(body, "revokeRole");
  if (!arn.empty()) {
    const auto parts = SplitArn(arn);
    Account* account = world_.FindAccount(parts.account);
    json::object* role = account == nullptr ? nullptr : FindRecord(account->Set("roles"), "Arn", arn);
    if (role == nullptr) return Refusal(404, "no such role");
    (*role)["AssumeRolePolicyDocument"] = R"({"Version":"2012-10-17","Statement":[]})";
    const auto session = world_.Arn("sts", "", parts.account, "assumed-role/" + TextOf(*role, "RoleName") + "/");
    for (auto& [id, key] : world_.keys) {
      if (key.who.arn.starts_with(session)) key.who.allow.clear();
    }
  }
  const auto id = TextOf(body, "revokeKey");
  if (!id.empty() && world_.keys.erase(id) == 0) return Refusal(404, "no such key");
  if (const auto& change = ObjectOf(body, "inspectorFindings"); !change.empty()) {
    Account* owner = world_.FindAccount(TextOf(change, "account"));
    if (owner == nullptr) return Refusal(404, "no such account");
    auto& findings = owner->regions[TextOf(change, "region")].Set("inspectorFindings");
    std::set<std::string> others;
    for (const auto& gone : TextsOf(change, "drop")) others.insert(gone);
    const json::value* set = change.if_contains("set");
    if (set != nullptr && !set->is_array()) return Refusal(400, "`set` must be a list");
    if (set != nullptr) {
      for (const json::value& finding : set->get_array()) {
        if (!finding.is_object()) return Refusal(400, "a finding must be an object");
        others.insert(TextOf(finding.get_object(), "findingArn"));
      }
    }
    std::erase_if(findings, [&](const json::object& known) { return others.contains(TextOf(known, "findingArn")); });
    if (set != nullptr) {
      for (const json::value& finding : set->get_array()) findings.push_back(finding.get_object());
    }
    return Plain(200, json::object());
  }
  const auto& close = ObjectOf(body, "closeRegion");
  if (close.empty()) return Plain(200, json::object());
  Account* account = world_.FindAccount(TextOf(close, "account"));
  if (account == nullptr) return Refusal(404, "no such account");
  account->closed_regions.push_back(TextOf(close, "region"));
  return Plain(200, json::object());
}

// {"token": {"account", "region", "rule"}} has AWS Config call that rule: a new result token for it; `rule` is made
// when it is not there. {"revoke": token}: it ends. {"fail": {"resource", "times"}}: FailedEvaluations. {"forget":
// true}: no evaluation was ever put.
sim::ServedAnswer SimulatorImpl::ControlConfig(const json::object& body) {
  const auto checked = CheckNames(body, {"token", "revoke", "fail", "forget"});
  if (!checked.ok()) return Refusal(400, checked.error().message);
  const std::lock_guard lock(mutex_);
  if (FlagOf(body, "forget")) world_.evaluations.clear();
  const auto& fail = ObjectOf(body, "fail");
  if (!fail.empty()) world_.evaluation_faults.push_back({TextOf(fail, "resource"), NumberOf(fail, "times", 1)});
  const auto revoked = TextOf(body, "revoke");
  for (auto& [id, account] : world_.accounts) {
    for (auto& [region, regional] : account.regions) {
      std::erase_if(regional.Set("configRules"), [&](const json::object& rule) {
        return !revoked.empty() && TextOf(rule, "resultToken") == revoked;
      });
    }
  }
  const auto& wanted = ObjectOf(body, "token");
  if (wanted.empty()) return Plain(200, json::object());
  Account* account = world_.FindAccount(TextOf(wanted, "account"));
  const auto region = TextOf(wanted, "region");
  if (account == nullptr || !account->regions.contains(region)) return Refusal(404, "no such account or region");
  const auto token = "sim-result-token-" + std::to_string(++config_tokens_) + "-" + TextOf(wanted, "rule");
  account->regions[region].Set("configRules").push_back({{"Name", TextOf(wanted, "rule")}, {"resultToken", token}});
  return Plain(200, json::object{{"token", token}});
}

json::value SimulatorImpl::ShowLog() {
  json::array shown;
  const std::lock_guard lock(mutex_);
  for (const LoggedCall& call : log_) {
    shown.push_back(json::object{{"time", call.time},
                                 {"account", call.account},
                                 {"region", call.region},
                                 {"service", call.service},
                                 {"action", call.action},
                                 {"status", call.status},
                                 {"code", call.code}});
  }
  return shown;
}

json::object SimulatorImpl::ShowStats() {
  const std::lock_guard lock(mutex_);
  return {{"calls", counters_.calls},
          {"throttled", counters_.throttled},
          {"refused", counters_.refused},
          {"most_running", counters_.most_running}};
}

json::object SimulatorImpl::ShowState() {
  const std::lock_guard lock(mutex_);
  json::object queues;
  for (const auto& [url, messages] : world_.messages) {
    json::array bodies;
    for (const QueuedMessage& message : messages)
      bodies.push_back(json::object{{"id", message.id}, {"body", message.body}});
    queues[url] = std::move(bodies);
  }
  return {{"published", ListOf(world_.published)},
          {"evaluations", ListOf(world_.evaluations)},
          {"queues", std::move(queues)},
          {"keys", world_.keys.size()}};
}

sim::ServedAnswer SimulatorImpl::Control(const sim::ServedRequest& request) {
  json::error_code failed;
  const json::value parsed = request.body.empty() ? json::object() : json::parse(request.body, failed);
  if (failed || !parsed.is_object()) return Refusal(400, "the body is not a JSON object");
  const json::object& body = parsed.get_object();
  const auto what = request.method + " " + request.path.substr(std::string_view("/_sim/").size());
  if (what == "POST faults" || what == "DELETE faults") return ControlFaults(request.method, body);
  if (what == "POST world") return ControlWorld(body);
  if (what == "POST config") return ControlConfig(body);
  if (what == "GET requests") return Plain(200, ShowLog());
  if (what == "GET operations") return Plain(200, ShowOperations());
  if (what == "GET stats") return Plain(200, ShowStats());
  if (what == "GET state") return Plain(200, ShowState());
  if (what == "POST limits") {
    auto limits = ReadLimits(body);
    if (!limits) return Refusal(400, limits.error().message);
    buckets_.SetLimits(std::move(limits).value());
  } else if (what == "POST settings") {
    const auto checked = CheckNames(body, {"latency_ms", "page_limit"});
    if (!checked.ok()) return Refusal(400, checked.error().message);
    latency_ms_ = std::clamp<std::int64_t>(NumberOf(body, "latency_ms", latency_ms_), 0, 600'000);
    page_limit_ = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, NumberOf(body, "page_limit", static_cast<std::int64_t>(page_limit_.load()))));
  } else if (what == "POST advance") {
    options_.clock->Advance(std::chrono::seconds(NumberOf(body, "seconds", 0)));
  } else if (what == "DELETE requests") {
    const std::lock_guard lock(mutex_);
    log_.clear();
    counters_ = {0, 0, 0, counters_.running, 0};
  } else {
    return Refusal(404, "no such control");
  }
  return Plain(200, json::object());
}

}  // namespace sallyport::aws_sim
