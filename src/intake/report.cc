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
    case ActionState::kHeld:
    case ActionState::kRequested:
    case ActionState::kWaiting:
    case ActionState::kApplied:
    case ActionState::kRefused:
    case ActionState::kSkipped:
    case ActionState::kWould:
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
  std::string title = "unreadable event";
  if (report.plan) {
    title = report.plan->title;
  } else if (report.event) {
    title = report.event->detail_type.empty() ? report.event->source : report.event->detail_type;
  }
  std::string heading = paint.Bold(Shown(title));
  if (report.plan && report.plan->sample) heading += " " + paint.Yellow("SAMPLE");
  if (report.case_number) heading += paint.Dim("  case " + std::to_string(report.case_number->value));
  return heading + "\n";
}

std::string HostLine(const HostDecision& decision, const Paint& paint) {
  std::string line = decision.host.instance.value;
  if (!decision.host.name.empty()) line += " (" + Shown(decision.host.name) + ")";
  line += " in " + Shown(decision.host.account) + "/" + Shown(decision.host.region);
  return line + ": " + Painted(decision.protection.state, paint);
}

// A scan that is planned is shown as an action.
void AddScan(const ScanDecision& scan, Lines& lines) {
  if (scan.verdict == ScanVerdict::kPlanned || scan.verdict == ScanVerdict::kJoined) return;
  lines.Add("scans", std::string(swp::DisplayName(scan.kind)) + ": " + std::string(ToString(scan.verdict)) + ", " +
                         Shown(scan.why));
}

void AddHost(const HostDecision& decision, const Paint& paint, Lines& lines) {
  lines.Add("host", HostLine(decision, paint));
  for (const ProtectionNote& note : decision.protection.decisive) lines.Add("because", Shown(note.text));
  for (const ProtectionNote& note : decision.protection.gaps) {
    // A module that is off is in the JSON; on every host several are off on purpose.
    if (note.reason != ProtectionReason::kModuleOff) lines.Add("gap", Shown(note.text));
  }
  for (const ScanDecision& scan : decision.scans) AddScan(scan, lines);
  lines.Add("decided", Shown(decision.summary));
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

std::string ActionText(const Plan& plan, const PlannedAction& planned, const ActionOutcome& outcome,
                       const Paint& paint) {
  Lines lines(paint);
  lines.Add("action", Painted(outcome.state, paint) + ": " + Shown(Describe(planned.action)));
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
  const std::string calls = std::to_string(report.swp_calls) + (report.swp_calls == 1 ? " SWP call" : " SWP calls");
  return "  " + paint.Dim("end     ") + Painted(report.state, paint) + ": " + Shown(report.reason) + "\n" + "  " +
         paint.Dim("cost    " + calls + ", " + std::to_string(report.took.count()) + " ms") + "\n";
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
  if (!outcome.would_do.empty()) out.Member("wouldDo", outcome.would_do);
  out.EndObject();
}

// A look that led to nothing new is one line.
std::string LookText(const EventReport& report, const Paint& paint) {
  return paint.Dim("case " + std::to_string(report.case_number->value) + "  ") + Painted(report.state, paint) + ": " +
         Shown(report.reason) + "\n";
}

}  // namespace

std::string ReportText(const EventReport& report, const Paint& paint) {
  if (!report.number && report.case_number) return LookText(report, paint);
  std::string text = Heading(report, paint);
  Lines lines(paint);
  lines.Add("from", Shown(report.origin));
  if (report.plan) {
    for (const std::string& reason : report.plan->reasons) lines.Add("why", Shown(reason));
    for (std::size_t i = 0; i < report.plan->hosts.size() && i < kMostHostsShown; ++i) {
      AddHost(report.plan->hosts[i], paint, lines);
    }
    if (report.plan->hosts.size() > kMostHostsShown) {
      lines.Add("host", "and " + std::to_string(report.plan->hosts.size() - kMostHostsShown) + " more (all in --json)");
    }
  }
  text += lines.Take();
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    text += ActionText(*report.plan, report.plan->actions[i], report.outcomes[i], paint);
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
    out.Member("source", report.event->source).Member("detailType", report.event->detail_type);
  }
  if (report.plan) {
    out.Member("planDigest", PlanDigest(*report.plan)).Key("plan").Raw(PlanToJson(*report.plan));
  }
  out.Key("outcomes").BeginArray();
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    WriteOutcome(out, report.plan->actions[i], report.outcomes[i]);
  }
  out.EndArray().Member("swpCalls", report.swp_calls).Member("tookMs", std::int64_t{report.took.count()});
  return out.EndObject().Take();
}

}  // namespace sallyport
