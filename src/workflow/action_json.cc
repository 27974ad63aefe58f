// SPDX-License-Identifier: Apache-2.0
//
// Actions as JSON and back: the ledger keeps them so, and another process may carry them out.
#include "swp/reading.h"
#include "workflow/action.h"

namespace sallyport {
namespace {

Error UnknownInAction(const Json& json, std::string_view what) {
  return {ErrorCode::kInvalidInput, json.Path() + ": not a " + std::string(what) + " that this version knows", ""};
}

std::vector<std::string> Texts(const Json& json) {
  std::vector<std::string> texts;
  for (const Json& element : json.Elements()) texts.push_back(element.StringOr(""));
  return texts;
}

void Write(JsonWriter& out, const RequestScan& scan) {
  out.Member("scan", swp::ApiName(scan.kind)).Member("computer", scan.computer.value);
  if (scan.kind == swp::ScanKind::kRecommendation) out.Member("applyResults", scan.apply_results);
  if (scan.joins) {
    out.Member("joinsTask", scan.joins->task.value).Member("joinsSince", ToEpochMilliseconds(scan.joins->since));
  }
}

void Write(JsonWriter& out, const AssignRules& assign) {
  out.Member("module", swp::PathName(assign.module)).Member("computer", assign.computer.value);
  out.Member("scope", assign.scope.kind == swp::Scope::Kind::kComputer ? "computer" : "policy");
  out.Member("scopeId", assign.scope.id).Key("rules").BeginArray();
  for (const RuleToAssign& rule : assign.rules) {
    out.BeginObject().Member("id", rule.id.value).Member("identifier", rule.identifier).Member("name", rule.name);
    out.EndObject();
  }
  out.EndArray();
}

void Write(JsonWriter& out, const DeleteTask& task) {
  out.Member("task", task.task.value).Member("computer", task.computer.value);
}

void Write(JsonWriter& out, const NotifyOwner& message) {
  out.Member("owner", message.owner).Member("ownerSource", message.owner_source).Member("reason", message.reason);
  out.Member("headline", message.headline).Member("status", ToString(message.status));
  out.Member("protectionState", message.protection_state).Member("whyNow", message.why_now);
  out.Member("protection", message.protection).Key("done").BeginArray();
  for (const DoneNote& note : message.done) {
    out.BeginObject().Member("word", note.word).Member("what", note.what).Member("reason", note.reason).EndObject();
  }
  out.EndArray().Member("toDo", message.to_do).Member("links", message.links);
}

Result<Action> ReadScan(const Json& json, Host host) {
  RequestScan scan;
  const auto kind = swp::ScanKindFromApiName(json["scan"].StringOr(""));
  if (!kind) return UnknownInAction(json["scan"], "scan");
  scan.kind = *kind;
  const auto computer = swp::InsistOnId<ComputerId>(json["computer"]);
  if (!computer.ok()) return computer.error();
  scan.computer = *computer;
  scan.host = std::move(host);
  scan.apply_results = json["applyResults"].BoolOr(false);
  if (json["joinsTask"].HasValue()) {
    const auto task = swp::InsistOnId<ScheduledTaskId>(json["joinsTask"]);
    if (!task.ok()) return task.error();
    const auto since = json["joinsSince"].AsInt64();
    if (!since.ok()) return since.error();
    scan.joins = RequestScan::Running{*task, FromEpochMilliseconds(*since)};
  }
  return Action(std::move(scan));
}

Result<std::vector<RuleToAssign>> ReadRulesToAssign(const Json& json) {
  std::vector<RuleToAssign> rules;
  for (const Json& element : json.Elements()) {
    const auto id = swp::InsistOnId<RuleId>(element["id"]);
    if (!id.ok()) return id.error();
    rules.push_back({*id, element["identifier"].StringOr(""), element["name"].StringOr("")});
  }
  return rules;
}

Result<Action> ReadAssign(const Json& json, Host host) {
  AssignRules assign;
  const auto module = swp::RuleModuleFromPathName(json["module"].StringOr(""));
  if (!module) return UnknownInAction(json["module"], "module with rules");
  const std::string scope = json["scope"].StringOr("");
  if (scope != "computer" && scope != "policy") return UnknownInAction(json["scope"], "scope");
  const auto scope_id = swp::InsistOnId<ComputerId>(json["scopeId"]);
  if (!scope_id.ok()) return scope_id.error();
  const auto computer = swp::InsistOnId<ComputerId>(json["computer"]);
  if (!computer.ok()) return computer.error();
  auto rules = ReadRulesToAssign(json["rules"]);
  if (!rules.ok()) return rules.error();
  assign.module = *module;
  assign.scope = {scope == "computer" ? swp::Scope::Kind::kComputer : swp::Scope::Kind::kPolicy, scope_id->value};
  assign.computer = *computer;
  assign.host = std::move(host);
  assign.rules = *std::move(rules);
  return Action(std::move(assign));
}

Result<Action> ReadDelete(const Json& json, Host host) {
  const auto task = swp::InsistOnId<ScheduledTaskId>(json["task"]);
  if (!task.ok()) return task.error();
  const auto computer = swp::InsistOnId<ComputerId>(json["computer"]);
  if (!computer.ok()) return computer.error();
  return Action(DeleteTask{*task, *computer, std::move(host)});
}

Result<Action> ReadMessage(const Json& json, Host host) {
  NotifyOwner message;
  const std::string status = json["status"].StringOr("");
  for (const MatterStatus known : {MatterStatus::kOpen, MatterStatus::kResolved, MatterStatus::kFailed}) {
    if (ToString(known) == status) message.status = known;
  }
  if (ToString(message.status) != status) return UnknownInAction(json["status"], "status");
  message.host = std::move(host);
  message.owner = json["owner"].StringOr("");
  message.owner_source = json["ownerSource"].StringOr("");
  message.reason = json["reason"].StringOr("");
  message.headline = json["headline"].StringOr("");
  message.protection_state = json["protectionState"].StringOr("");
  message.why_now = Texts(json["whyNow"]);
  message.protection = Texts(json["protection"]);
  for (const Json& note : json["done"].Elements()) {
    message.done.push_back({note["word"].StringOr(""), note["what"].StringOr(""), note["reason"].StringOr("")});
  }
  message.to_do = Texts(json["toDo"]);
  message.links = Texts(json["links"]);
  return Action(std::move(message));
}

}  // namespace

void WriteHost(JsonWriter& out, const Host& host) {
  out.BeginObject().Member("account", host.account).Member("region", host.region);
  out.Member("instance", host.instance.value).Member("name", host.name).Key("tags");
  if (!host.tags) {
    out.Null();
  } else {
    out.BeginArray();
    for (const swp::Tag& tag : *host.tags) {
      out.BeginObject().Member("name", tag.name).Member("value", tag.value).EndObject();
    }
    out.EndArray();
  }
  out.EndObject();
}

Result<Host> HostFromJson(const Json& json) {
  Host host;
  const auto instance = json["instance"].AsString();
  if (!instance.ok()) return instance.error();
  host.account = json["account"].StringOr("");
  host.region = json["region"].StringOr("");
  host.instance = InstanceId{*instance};
  host.name = json["name"].StringOr("");
  // Tags that are not a list stay unknown, which the exclusion gate refuses.
  if (json["tags"].IsArray()) {
    host.tags.emplace();
    for (const Json& tag : json["tags"].Elements()) {
      host.tags->push_back({tag["name"].StringOr(""), tag["value"].StringOr("")});
    }
  }
  return host;
}

std::string ActionToJson(const Action& action) {
  JsonWriter out;
  out.BeginObject().Member("kind", KindOf(action)).Key("host");
  WriteHost(out, HostOf(action));
  std::visit([&](const auto& a) { Write(out, a); }, action);
  return out.EndObject().Take();
}

Result<Action> ActionFromJson(const Json& json) {
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  const std::string kind = json["kind"].StringOr("");
  if (kind == RequestScan::kKind) return ReadScan(json, *std::move(host));
  if (kind == AssignRules::kKind) return ReadAssign(json, *std::move(host));
  if (kind == DeleteTask::kKind) return ReadDelete(json, *std::move(host));
  if (kind == NotifyOwner::kKind) return ReadMessage(json, *std::move(host));
  return UnknownInAction(json["kind"], "kind of action");
}

}  // namespace sallyport
