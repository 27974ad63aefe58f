// SPDX-License-Identifier: Apache-2.0
#include "intake/report.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kLine = 500;
constexpr std::size_t kMostHostsShown = 20;

std::string Shown(std::string_view text) {
  return Printable(text, kLine);
}

// "  label   text": the label stands on its first line only.
class Lines {
 public:
  explicit Lines(const Paint& paint) : paint_(paint) {}
  void Add(std::string_view label, std::string_view text) {
    std::string padded(label == last_ ? "" : label);
    last_ = label;
    padded.resize(8, ' ');
    text_ += "  " + paint_.Dim(padded) + std::string(text) + "\n";
  }
  std::string Take() { return std::move(text_); }

 private:
  const Paint& paint_;
  std::string last_;
  std::string text_;
};

std::string Painted(ProtectionState state, const Paint& paint) {
  switch (state) {
    case ProtectionState::kProtected:
      return paint.Green(ToString(state));
    case ProtectionState::kNotProtected:
      return paint.Red(ToString(state));
    case ProtectionState::kUndetermined:
      break;
  }
  return paint.Yellow(ToString(state));
}

std::string Painted(ActionState state, const Paint& paint) {
  switch (state) {
    case ActionState::kVerified:
    case ActionState::kSent:
      return paint.Green(ToString(state));
    case ActionState::kFailed:
    case ActionState::kIntended:
      return paint.Red(ToString(state));
    case ActionState::kPlanned:
    case ActionState::kRequested:
    case ActionState::kWaiting:
    case ActionState::kApplied:
    case ActionState::kHeld:
    case ActionState::kSkipped:
    case ActionState::kWould:
    case ActionState::kRefused:
    case ActionState::kNotVerifiable:
      break;
  }
  return paint.Yellow(ToString(state));
}

std::string Painted(EventState state, const Paint& paint) {
  switch (state) {
    case EventState::kUnreadable:
    case EventState::kFailed:
      return paint.Red(ToString(state));
    case EventState::kUndetermined:
    case EventState::kWaiting:
      return paint.Yellow(ToString(state));
    default:
      return paint.Green(ToString(state));
  }
}

std::string Heading(const EventReport& report, const Paint& paint) {
  std::string title = report.state == EventState::kOutOfScope ? "nothing to handle" : "unreadable event";
  if (!report.plans.empty()) {
    title = report.plans.front().plan.matter.title;
  } else if (report.event) {
    title = report.event->detail_type.empty() ? report.event->source : report.event->detail_type;
  }
  std::string heading = paint.Bold(Shown(title));
  if (!report.plans.empty() && report.plans.front().plan.matter.sample) heading += " " + paint.Yellow("[SAMPLE]");
  if (report.case_number) heading += paint.Dim("  case " + std::to_string(report.case_number->value));
  return heading + "\n";
}

std::string HostLine(const HostDecision& decision, const Paint& paint) {
  const std::string where = " in " + Shown(decision.host.account) + "/" + Shown(decision.host.region);
  return Shown(NameOf(decision.host)) + where + ": " + Painted(decision.protection.state, paint);
}

// A scan that is planned is shown as an action.
void AddScan(const ScanDecision& scan, Lines& lines) {
  if (scan.verdict == ScanVerdict::kPlanned || scan.verdict == ScanVerdict::kJoined) return;
  lines.Add("scans", std::string(swp::DisplayName(scan.kind)) + ": " + std::string(ToString(scan.verdict)) + ", " +
                         Shown(scan.why));
}

void AddOther(const OtherSubject& other, Lines& lines) {
  lines.Add("about",
            Shown(other.kind) + " " + Shown(other.name.empty() ? other.id : other.name + " (" + other.id + ")"));
  lines.Add("plan", Shown(other.undetermined_why.empty() ? other.summary : other.undetermined_why));
}

void AddHost(const HostDecision& decision, const Paint& paint, Lines& lines) {
  lines.Add("host", HostLine(decision, paint));
  for (const ProtectionNote& note : decision.protection.decisive) lines.Add("reason", Shown(note.text));
  for (const ProtectionNote& note : decision.protection.gaps) {
    // A module that is off is in the JSON; on every host several are off on purpose.
    if (note.reason != ProtectionReason::kModuleOff) lines.Add("note", Shown(note.text));
  }
  for (const ScanDecision& scan : decision.scans) AddScan(scan, lines);
  lines.Add("plan", Shown(decision.summary));
}

void AddOthers(const std::vector<OtherSubject>& others, Lines& lines) {
  for (std::size_t i = 0; i < others.size() && i < kMostHostsShown; ++i) AddOther(others[i], lines);
  if (others.size() <= kMostHostsShown) return;
  lines.Add("about", "and " + std::to_string(others.size() - kMostHostsShown) + " more (all in --json)");
}

std::string Indented(const std::string& text, std::string_view indent) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += std::string(indent) + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

// "requested", or what was kept from happening: "would request".
std::string HowFar(const Action& action, ActionState state, const Paint& paint) {
  if (state != ActionState::kWould) return Painted(state, paint);
  return paint.Yellow(std::string(ToString(state)) + " " + std::string(VerbOf(action)));
}

std::string ActionText(const Plan& plan, const PlannedAction& planned, const ActionOutcome& outcome,
                       const Paint& paint) {
  Lines lines(paint);
  lines.Add("action", HowFar(planned.action, outcome.state, paint) + ": " + Shown(Describe(planned.action)));
  for (const std::string& why : planned.why) {
    // What holds for the whole plan was said at its beginning.
    const bool said = std::find(plan.reasons.begin(), plan.reasons.end(), why) != plan.reasons.end();
    if (!said) lines.Add("", "  " + Shown(why));
  }
  lines.Add("", "  " + paint.Dim(Shown(outcome.reason)));
  std::string text = lines.Take();
  if (!outcome.would_do.empty()) text += Indented(outcome.would_do, "            | ");
  return text;
}

std::string Ending(const EventReport& report, const Paint& paint) {
  std::string calls = CountText(static_cast<std::uint64_t>(report.swp_calls), "SWP call");
  if (report.aws_calls > 0) calls += ", " + CountText(static_cast<std::uint64_t>(report.aws_calls), "AWS call");
  return "  " + paint.Dim("result  ") + Painted(report.state, paint) + ": " + Shown(report.reason) + "\n" + "  " +
         paint.Dim("took    " + calls + ", " + std::to_string(report.took.count()) + " ms") + "\n";
}

void WriteGates(JsonWriter& out, const std::vector<GateVerdict>& gates) {
  out.Key("gates").BeginArray();
  for (const GateVerdict& verdict : gates) {
    out.BeginObject().Member("gate", verdict.gate).Member("passed", verdict.passed);
    if (!verdict.passed) out.Member("reason", verdict.reason);
    out.EndObject();
  }
  out.EndArray();
}

void WriteOutcome(JsonWriter& out, const PlannedAction& planned, const ActionOutcome& outcome) {
  out.BeginObject().Member("action", Describe(planned.action)).Member("kind", KindOf(planned.action));
  out.Member("what", WhatOf(planned.action)).Member("subject", SubjectOf(planned.action));
  out.Member("state", ToString(outcome.state)).Member("reason", outcome.reason).Member("recorded", outcome.recorded);
  WriteGates(out, outcome.gates);
  if (!outcome.held_by.empty()) {
    out.Member(outcome.state == ActionState::kHeld ? "held_by" : "stopped_by", outcome.held_by);
  }
  if (!outcome.would_do.empty()) out.Member("would_do", outcome.would_do);
  out.EndObject();
}

// A check that led to nothing new is one line. What ended is the follow-up, and not its case.
std::string LookText(const EventReport& report, const Paint& paint) {
  const std::string who = "case " + std::to_string(report.case_number->value) + ", " + Shown(report.origin);
  const bool ended = report.state == EventState::kDone;
  const std::string how = !ended           ? Painted(report.state, paint)
                          : report.gave_up ? paint.Yellow("gave up")
                                           : paint.Green("answered");
  return paint.Dim(who + "  ") + how + ": " + Shown(report.reason) + "\n";
}

std::string JoinedText(const PlanReport::Joined& joined) {
  const std::string question = "follow-up " + std::to_string(joined.follow_up.value);
  if (joined.member == 0) return question + ", which has all the members that it can keep: this event needs a person";
  return question + " as member " + std::to_string(joined.member) + "; checked at " + TimeText(joined.due) +
         " if nothing else joins";
}

std::string PlanText(const PlanReport& told, const Paint& paint) {
  const Plan& plan = told.plan;
  Lines lines(paint);
  for (const std::string& reason : plan.reasons) lines.Add("why", Shown(reason));
  for (std::size_t i = 0; i < plan.hosts.size() && i < kMostHostsShown; ++i) AddHost(plan.hosts[i], paint, lines);
  if (plan.hosts.size() > kMostHostsShown) {
    lines.Add("host", "and " + std::to_string(plan.hosts.size() - kMostHostsShown) + " more (all in --json)");
  }
  AddOthers(plan.others, lines);
  if (told.joined) lines.Add("joined", JoinedText(*told.joined));
  if (told.answers) lines.Add("answers", "follow-up " + std::to_string(told.answers->value));
  std::string text = lines.Take();
  for (std::size_t i = 0; i < told.outcomes.size(); ++i) {
    text += ActionText(plan, plan.actions[i], told.outcomes[i], paint);
  }
  return text;
}

// Of several: which workflow decided about what.
std::string PlanHeading(const PlanReport& told, const Paint& paint) {
  return "  " + paint.Dim("plan    ") + Shown(told.plan.workflow) + ", " + Shown(told.plan.matter.title) +
         paint.Dim("  case " + std::to_string(told.case_number.value)) + "\n";
}

void WritePlan(JsonWriter& out, const PlanReport& told) {
  out.BeginObject();
  // A dry run leaves no case.
  if (told.case_number.value != 0) out.Member("case", told.case_number.value);
  const std::string json = PlanToJson(told.plan);
  out.Member("digest", PlanDigest(json)).Key("plan").Raw(json).Key("outcomes").BeginArray();
  for (std::size_t i = 0; i < told.outcomes.size(); ++i) WriteOutcome(out, told.plan.actions[i], told.outcomes[i]);
  out.EndArray();
  if (told.joined) {
    out.Key("joined").BeginObject().Member("follow_up", told.joined->follow_up.value);
    out.Member("member", told.joined->member).Member("due", FormatTime(told.joined->due)).EndObject();
  }
  if (told.answers) out.Member("answers", told.answers->value);
  out.EndObject();
}

}  // namespace

std::string ReportText(const EventReport& report, const Paint& paint) {
  if (!report.number && report.case_number) return LookText(report, paint);
  std::string text = Heading(report, paint);
  Lines lines(paint);
  lines.Add("from", Shown(report.origin));
  text += lines.Take();
  for (const PlanReport& told : report.plans) {
    if (report.plans.size() > 1) text += PlanHeading(told, paint);
    text += PlanText(told, paint);
  }
  return text + Ending(report, paint);
}

std::string ReportJson(const EventReport& report) {
  JsonWriter out;
  out.BeginObject();
  if (report.case_number) out.Member("case", report.case_number->value);
  if (report.number) out.Member("event", report.number->value);
  out.Member("origin", report.origin).Member("state", ToString(report.state)).Member("reason", report.reason);
  if (report.event) {
    out.Member("source", report.event->source).Member("detail_type", report.event->detail_type);
  }
  out.Key("plans").BeginArray();
  for (const PlanReport& told : report.plans) WritePlan(out, told);
  out.EndArray()
      .Member("swp_calls", report.swp_calls)
      .Member("aws_calls", report.aws_calls)
      .Member("took_ms", std::int64_t{report.took.count()});
  return out.EndObject().Take();
}

}  // namespace sallyport
