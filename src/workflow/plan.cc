// SPDX-License-Identifier: Apache-2.0
#include "workflow/plan.h"

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "workflow/plan_subjects.h"
#include "workflow/question_kind.h"

namespace sallyport {
namespace {

// More hosts than any plan has; a number of the ledger that is larger is none.
constexpr std::int64_t kMostTogether = 1'000'000;

void WriteNotes(JsonWriter& out, std::string_view key, const std::vector<ProtectionNote>& notes) {
  out.Key(key).BeginArray();
  for (const ProtectionNote& note : notes) {
    out.BeginObject().Member("reason", ToString(note.reason));
    if (note.module) out.Member("module", swp::ApiName(*note.module));
    out.Member("text", note.text);
    if (!note.advice.empty()) out.Member("advice", note.advice);
    out.EndObject();
  }
  out.EndArray();
}

void WriteProtection(JsonWriter& out, const Protection& protection) {
  out.Key("protection").BeginObject().Member("state", ToString(protection.state));
  if (protection.computer) out.Member("computer", protection.computer->id.value);
  WriteNotes(out, "decisive", protection.decisive);
  WriteNotes(out, "gaps", protection.gaps);
  out.Key("modules").BeginObject();
  for (const auto& [module, state] : protection.modules) out.Member(SnakeCase(swp::ApiName(module)), ToString(state));
  out.EndObject().EndObject();
}

void WriteHostDecision(JsonWriter& out, const HostDecision& decision) {
  out.BeginObject().Member("account", decision.host.account).Member("region", decision.host.region);
  out.Member("instance", decision.host.instance.value).Member("name", decision.host.name);
  out.Member("found_in", decision.found_in).Member("summary", decision.summary);
  if (!decision.owner.empty()) out.Member("owner", decision.owner);
  if (!decision.undetermined_why.empty()) out.Member("undetermined", decision.undetermined_why);
  WriteProtection(out, decision.protection);
  out.Key("scans").BeginArray();
  for (const ScanDecision& scan : decision.scans) {
    out.BeginObject().Member("scan", swp::ApiName(scan.kind)).Member("verdict", ToString(scan.verdict));
    out.Member("why", scan.why).EndObject();
  }
  out.EndArray().EndObject();
}

void WriteOthers(JsonWriter& out, const std::vector<OtherSubject>& others) {
  out.Key("others").BeginArray();
  for (const OtherSubject& other : others) {
    out.BeginObject().Member("kind", other.kind).Member("id", other.id).Member("name", other.name);
    out.Member("account", other.account).Member("region", other.region).Member("found_in", other.found_in);
    out.Member("summary", other.summary);
    if (!other.undetermined_why.empty()) out.Member("undetermined", other.undetermined_why);
    out.EndObject();
  }
  out.EndArray();
}

void WriteAction(JsonWriter& out, const PlannedAction& planned) {
  out.BeginObject().Key("action").Raw(ActionToJson(planned.action)).Member("key", planned.key);
  out.Member("why", planned.why).Key("hosts");
  const auto hosts = HostsTouched(planned);
  hosts ? out.Int(*hosts) : out.Null();
  out.Member("undo", UndoOf(planned.action));
  if (!planned.needs_person.empty()) out.Member("needs_person", planned.needs_person);
  if (planned.after > Duration{0}) out.Member("after_ms", static_cast<std::int64_t>(planned.after.count()));
  if (!planned.cases.empty()) {
    out.Key("cases").BeginArray();
    for (const std::int64_t number : planned.cases) out.Int(number);
    out.EndArray();
  }
  out.EndObject();
}

void WriteAnswer(JsonWriter& out, const Answer& answer) {
  out.Key("answer").BeginObject().Member("kind", ToString(answer.kind)).Member("reason", answer.reason);
  out.Member("gave_up", answer.gave_up);
  if (answer.last_member) out.Member("last_member", *answer.last_member);
  out.EndObject();
}

Result<PlannedAction> ReadPlannedAction(const Json& json, const ActionKinds& kinds) {
  auto action = kinds.Read(json["action"]);
  if (!action.ok()) return action.error();
  PlannedAction planned;
  planned.action = *std::move(action);
  planned.key = json["key"].StringOr("");
  planned.needs_person = json["needs_person"].StringOr("");
  for (const Json& why : json["why"].Elements()) planned.why.push_back(why.StringOr(""));
  planned.after = Duration{json["after_ms"].Int64Or(0)};
  for (const Json& number : json["cases"].Elements()) planned.cases.push_back(number.Int64Or(0));
  const auto hosts = static_cast<int>(std::min<std::int64_t>(json["hosts"].Int64Or(0), kMostTogether));
  const Targets targets = TargetsOf(planned.action);
  if (!targets.Known() || hosts > static_cast<int>(targets.hosts.size())) planned.together = hosts;
  return planned;
}

}  // namespace

std::optional<int> HostsTouched(const PlannedAction& planned) {
  const Targets targets = TargetsOf(planned.action);
  if (!targets.Known()) return std::nullopt;
  return std::max(static_cast<int>(targets.hosts.size()), planned.together);
}

bool IsStillApproved(const PlannedAction& approved, const PlannedAction& now) {
  if (!approved.action.content().SameDecision(now.action.content())) return false;
  const auto before = HostsTouched(approved);
  const auto after = HostsTouched(now);
  if (!after) return false;
  // A plan of before there were targets says how many alone.
  const std::int64_t hosts = before.value_or(approved.together);
  return std::int64_t{10} * *after <= 11 * hosts;
}

std::string_view ToString(Decision decision) {
  switch (decision) {
    case Decision::kAct:
      return "act";
    case Decision::kNotify:
      return "notify";
    case Decision::kNothing:
      return "nothing";
    case Decision::kOutOfScope:
      return "out-of-scope";
    case Decision::kUndetermined:
      break;
  }
  return "undetermined";
}

std::string_view ToString(ScanVerdict verdict) {
  switch (verdict) {
    case ScanVerdict::kPlanned:
      return "planned";
    case ScanVerdict::kJoined:
      return "joined";
    case ScanVerdict::kNotApplicable:
      return "not-applicable";
    case ScanVerdict::kBelowThreshold:
      return "below-threshold";
    case ScanVerdict::kNotPossible:
      break;
  }
  return "not-possible";
}

std::string_view ToString(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::kNotYet:
      return "not-yet";
    case Answer::Kind::kVerified:
      return "verified";
    case Answer::Kind::kNotVerifiable:
      return "not-verifiable";
    case Answer::Kind::kFailed:
      break;
  }
  return "failed";
}

std::string Plan::FirstUndetermined() const {
  for (const HostDecision& host : hosts) {
    if (!host.undetermined_why.empty()) return host.host.instance.value + ": " + host.undetermined_why;
    if (host.protection.state != ProtectionState::kUndetermined) continue;
    const auto& decisive = host.protection.decisive;
    return host.host.instance.value + ": " + (decisive.empty() ? "protection undetermined" : decisive.back().text);
  }
  for (const OtherSubject& other : others) {
    if (!other.undetermined_why.empty()) return other.kind + " " + other.id + ": " + other.undetermined_why;
  }
  return "";
}

std::string IdempotencyKey(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) joined += std::to_string(part.size()) + ":" + part + ";";
  return Sha256Hex(joined);
}

std::string TokenOf(std::string_view key) {
  return std::string(key.substr(0, 16));
}

std::string PlanToJson(const Plan& plan) {
  JsonWriter out;
  const Matter& matter = plan.matter;
  out.BeginObject().Member("workflow", plan.workflow).Member("decision", ToString(plan.decision));
  out.Member("format", kPlanFormat);
  out.Member("subject", matter.subject).Member("title", matter.title).Member("account", matter.account);
  out.Member("region", matter.region).Key("severity").Double(matter.severity).Member("sample", matter.sample);
  out.Member("found_by", matter.service);
  if (matter.time) out.Member("event_time", FormatTime(*matter.time));
  out.Member("reasons", plan.reasons);
  out.Key("hosts").BeginArray();
  for (const HostDecision& host : plan.hosts) WriteHostDecision(out, host);
  out.EndArray();
  if (!plan.others.empty()) WriteOthers(out, plan.others);
  if (plan.run) {
    out.Key("run").BeginObject().Member("document", plan.run->document).Member("version", plan.run->version);
    out.EndObject();
  }
  out.Key("actions").BeginArray();
  for (const PlannedAction& action : plan.actions) WriteAction(out, action);
  out.EndArray();
  WriteLinks(out, matter.links);
  out.Key("follow_ups").BeginArray();
  for (const WantedFollowUp& wanted : plan.follow_ups) out.Raw(QuestionToJson(wanted.question));
  out.EndArray();
  if (plan.evidence) {
    out.Key("evidence");
    WriteEvidence(out, *plan.evidence);
  }
  if (plan.answer) WriteAnswer(out, *plan.answer);
  if (plan.collect) {
    out.Key("collect");
    WriteCollect(out, *plan.collect);
  }
  return out.EndObject().Take();
}

std::string PlanDigest(const Plan& plan) {
  return PlanDigest(PlanToJson(plan));
}
std::string PlanDigest(std::string_view json) {
  return Sha256Hex(json);
}

Result<Plan> PlanFromJson(const Json& stored, const ActionKinds& actions, const QuestionKinds& questions) {
  const auto named = InTodaysNames(stored, kNamedPlanFormat, kPlanFormat, "a plan");
  if (!named.ok()) return named.error();
  const Json& json = *named;
  Plan plan;
  plan.workflow = json["workflow"].StringOr("");
  auto matter = MatterFromJson(json, stored["format"].Int64Or(1));
  if (!matter.ok()) return matter.error();
  plan.matter = *std::move(matter);
  // What is not said to be no sample is treated as one: a sample is never acted on.
  plan.matter.sample = json["sample"].BoolOr(true);
  plan.matter.time = ParseTime(json["event_time"].StringOr(""));
  if (json["run"].HasValue()) {
    plan.run = RunName{json["run"]["document"].StringOr(""), json["run"]["version"].Int64Or(0)};
  }
  for (const Json& reason : json["reasons"].Elements()) plan.reasons.push_back(reason.StringOr(""));
  JsonFields fields;
  ReadDecided(json, fields, plan);
  if (!fields.status().ok()) return fields.status().error();
  for (const Json& element : json["actions"].Elements()) {
    auto planned = ReadPlannedAction(element, actions);
    if (!planned.ok()) return planned.error();
    plan.actions.push_back(*std::move(planned));
  }
  for (const Json& element : json["follow_ups"].Elements()) {
    auto question = questions.Read(element);
    if (!question.ok()) return question.error();
    plan.follow_ups.push_back({*std::move(question)});
  }
  if (json["evidence"].HasValue()) {
    auto evidence = EvidenceFromJson(json["evidence"]);
    if (!evidence.ok()) return evidence.error();
    plan.evidence = *std::move(evidence);
  }
  if (json["collect"].HasValue()) {
    auto collect = CollectFromJson(json["collect"], questions);
    if (!collect.ok()) return collect.error();
    plan.collect = *std::move(collect);
  }
  return plan;
}

}  // namespace sallyport
