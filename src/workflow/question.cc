// SPDX-License-Identifier: Apache-2.0
#include "workflow/question.h"

#include "swp/reading.h"

namespace sallyport {
namespace {

Result<TimePoint> TimeFrom(const Json& json) {
  const auto number = json.AsInt64();
  if (!number.ok()) return number.error();
  return FromEpochMilliseconds(*number);
}

Error UnknownInQuestion(const Json& json, std::string_view what) {
  return {ErrorCode::kInvalidInput, json.Path() + ": not a " + std::string(what) + " that this version knows", ""};
}

void Write(JsonWriter& out, const ScanFinished& ask) {
  out.Member("scan", swp::ApiName(ask.kind)).Member("computer", ask.computer.value);
  if (ask.task) out.Member("task", ask.task->value);
  out.Member("since", ToEpochMilliseconds(ask.since)).Key("host");
  WriteHost(out, ask.host);
}

void Write(JsonWriter& out, const RulesEffective& ask) {
  out.Member("module", swp::PathName(ask.module)).Member("computer", ask.computer.value);
  out.Member("scope", ask.scope.kind == swp::Scope::Kind::kComputer ? "computer" : "policy");
  out.Member("scopeId", ask.scope.id).Member("since", ToEpochMilliseconds(ask.since)).Key("rules").BeginArray();
  for (const RuleId rule : ask.rules) out.Int(rule.value);
  out.EndArray().Key("host");
  WriteHost(out, ask.host);
}

void Write(JsonWriter& out, const HostBack& ask) {
  out.Member("ownerWasTold", ask.owner_was_told).Key("scans").BeginArray();
  for (const WantedScan& scan : ask.scans) {
    out.BeginObject().Member("scan", swp::ApiName(scan.kind)).Member("applyResults", scan.apply_results);
    out.Member("why", scan.why).EndObject();
  }
  out.EndArray().Key("host");
  WriteHost(out, ask.host);
}

void Write(JsonWriter&, const CaseEnded&) {}

void WriteMatter(JsonWriter& out, const Matter& matter) {
  out.BeginObject().Member("subject", matter.subject).Member("title", matter.title).Member("account", matter.account);
  out.Member("region", matter.region).Key("severity").Double(matter.severity).Member("sample", matter.sample);
  out.Member("links", matter.links);
  if (matter.found_by != kGuardDuty) out.Member("foundBy", matter.found_by);
  out.EndObject();
}

Matter ReadMatter(const Json& json) {
  Matter matter{json["subject"].StringOr(""),
                json["title"].StringOr(""),
                json["account"].StringOr(""),
                json["region"].StringOr(""),
                json["severity"].DoubleOr(0.0),
                json["sample"].BoolOr(false),
                {},
                json["foundBy"].StringOr(kGuardDuty)};
  for (const Json& link : json["links"].Elements()) matter.links.push_back(link.StringOr(""));
  return matter;
}

Result<ScanFinished> ReadScanFinished(const Json& json) {
  ScanFinished ask;
  const auto kind = swp::ScanKindFromApiName(json["scan"].StringOr(""));
  if (!kind) return UnknownInQuestion(json["scan"], "scan");
  const auto computer = swp::InsistOnId<ComputerId>(json["computer"]);
  if (!computer.ok()) return computer.error();
  const auto since = TimeFrom(json["since"]);
  if (!since.ok()) return since.error();
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  return ScanFinished{*kind, *computer, swp::ReadId<ScheduledTaskId>(json["task"]), *since, *std::move(host)};
}

Result<RulesEffective> ReadRulesEffective(const Json& json) {
  RulesEffective ask;
  const auto module = swp::RuleModuleFromPathName(json["module"].StringOr(""));
  if (!module) return UnknownInQuestion(json["module"], "module with rules");
  ask.module = *module;
  const std::string scope = json["scope"].StringOr("");
  if (scope != "computer" && scope != "policy") return UnknownInQuestion(json["scope"], "scope");
  const auto scope_id = swp::InsistOnId<ComputerId>(json["scopeId"]);
  if (!scope_id.ok()) return scope_id.error();
  ask.scope = {scope == "computer" ? swp::Scope::Kind::kComputer : swp::Scope::Kind::kPolicy, scope_id->value};
  const auto computer = swp::InsistOnId<ComputerId>(json["computer"]);
  if (!computer.ok()) return computer.error();
  ask.computer = *computer;
  const auto since = TimeFrom(json["since"]);
  if (!since.ok()) return since.error();
  ask.since = *since;
  for (const Json& element : json["rules"].Elements()) {
    const auto rule = swp::InsistOnId<RuleId>(element);
    if (!rule.ok()) return rule.error();
    ask.rules.push_back(*rule);
  }
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  ask.host = *std::move(host);
  return ask;
}

Result<HostBack> ReadHostBack(const Json& json) {
  HostBack ask;
  ask.owner_was_told = json["ownerWasTold"].BoolOr(false);
  for (const Json& element : json["scans"].Elements()) {
    const auto kind = swp::ScanKindFromApiName(element["scan"].StringOr(""));
    if (!kind) return UnknownInQuestion(element["scan"], "scan");
    ask.scans.push_back({*kind, element["applyResults"].BoolOr(false), element["why"].StringOr("")});
  }
  auto host = HostFromJson(json["host"]);
  if (!host.ok()) return host.error();
  ask.host = *std::move(host);
  return ask;
}

template <class Ask>
Result<Question> WithMatter(Result<Ask> ask, const Json& json) {
  if (!ask.ok()) return ask.error();
  return Question{*std::move(ask), ReadMatter(json["matter"])};
}

std::string ComputerText(ComputerId computer) {
  return "computer " + std::to_string(computer.value);
}

}  // namespace

std::string_view NameOf(const Question& question) {
  return std::visit([](const auto& ask) { return std::decay_t<decltype(ask)>::kName; }, question.ask);
}

std::string SubjectOf(const Question& question) {
  if (const auto* scan = std::get_if<ScanFinished>(&question.ask)) return ComputerText(scan->computer);
  if (const auto* rules = std::get_if<RulesEffective>(&question.ask)) return ComputerText(rules->computer);
  if (const auto* host = std::get_if<HostBack>(&question.ask)) return host->host.Subject();
  return question.matter.subject;
}

std::string KeyOf(const Question& question, std::int64_t case_number) {
  const std::string name(NameOf(question));
  if (const auto* scan = std::get_if<ScanFinished>(&question.ask)) {
    return name + "/" + std::string(swp::ApiName(scan->kind)) + "/" + SubjectOf(question);
  }
  if (const auto* rules = std::get_if<RulesEffective>(&question.ask)) {
    std::string ids;
    for (const RuleId rule : rules->rules) ids += "," + std::to_string(rule.value);
    return name + "/" + std::string(swp::PathName(rules->module)) + "/" + SubjectOf(question) + ids;
  }
  if (std::holds_alternative<HostBack>(question.ask)) {
    return name + "/" + SubjectOf(question) + "/case " + std::to_string(case_number);
  }
  return name + "/case " + std::to_string(case_number);
}

std::string QuestionToJson(const Question& question) {
  JsonWriter out;
  out.BeginObject().Member("question", NameOf(question));
  std::visit([&](const auto& ask) { Write(out, ask); }, question.ask);
  out.Key("matter");
  WriteMatter(out, question.matter);
  return out.EndObject().Take();
}

Result<Question> QuestionFromJson(const Json& json) {
  const std::string name = json["question"].StringOr("");
  if (name == ScanFinished::kName) return WithMatter(ReadScanFinished(json), json);
  if (name == RulesEffective::kName) return WithMatter(ReadRulesEffective(json), json);
  if (name == HostBack::kName) return WithMatter(ReadHostBack(json), json);
  if (name == CaseEnded::kName) return WithMatter(Result<CaseEnded>(CaseEnded{}), json);
  return UnknownInQuestion(json["question"], "question");
}

}  // namespace sallyport
