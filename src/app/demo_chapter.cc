// SPDX-License-Identifier: Apache-2.0
#include "app/demo_chapter.h"

#include <algorithm>

#include "app/console.h"
#include "app/demo_events.h"
#include "app/follow_up_loop.h"
#include "base/bounds.h"
#include "base/check.h"
#include "base/text.h"
#include "event/parse.h"
#include "ledger/render_text.h"
#include "notify/render_text.h"

namespace sallyport {
namespace {

constexpr std::size_t kHeadingWidth = 46;
constexpr std::size_t kLineOfStep = 140;

std::string ReplaceEach(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string TextOfStep(const DemoStep& step, TimePoint made_at) {
  std::string text;
  for (const DemoEvent& event : DemoEvents()) {
    if (event.name == step.event) text = event.json;
  }
  Check(!text.empty(), "an event of the demo");
  for (const auto& [what, with] : step.changes) text = ReplaceEach(std::move(text), what, with);
  return ReplaceEach(std::move(text), "@NOW@", FormatTime(made_at));
}

std::string CaseText(CaseState state, std::string_view outcome) {
  return std::string(ToString(state)) + (outcome.empty() ? "" : " (" + std::string(outcome) + ")");
}

}  // namespace

DemoChapter::DemoChapter(DemoWorld& world, std::string_view title, const Settings& settings, bool verbose)
    : world_(world), began_(world.clock().Now()), verbose_(verbose) {
  Print(Paint(WantsColor()).Bold(std::string(title)) + "\n");
  auto program = Program::Make(settings, ProductProgram(), world.MakeOptions());
  if (program.ok()) {
    program_ = *std::move(program);
  } else {
    Complain(program.error());
    as_meant_ = false;
  }
}

void DemoChapter::Say(std::string_view heading, const std::string& text, const std::string& detail) {
  const Paint paint(WantsColor());
  const std::string line = Printable(text, kLineOfStep);
  Print("  " + paint.Cyan(Padded(std::string(heading), kHeadingWidth)) + (line.empty() ? "" : " " + line) + "\n");
  if (verbose_ && !detail.empty()) Print(detail + "\n");
}

void DemoChapter::Tell(const EventReport& report) {
  const Paint paint(WantsColor());
  Print(ReportText(report, paint));
  for (const Message& message : report.messages) Print(paint.Cyan("--- message") + "\n" + ConsoleText(message));
}

void DemoChapter::Show(std::string_view heading, const EventReport& report) {
  Say(heading, std::string(ToString(report.state)) + ": " + report.reason);
  if (verbose_) Tell(report);
  if (verbose_) Print("\n");
}

void DemoChapter::Handle(const DemoStep& step) {
  HandleText(step, TextOfStep(step, began_));
}

void DemoChapter::HandleText(const DemoStep& step, const std::string& text) {
  const BareForms forms = program_->tables().workflows.Forms();
  for (const Arrival& arrival : ParseDocument(text, std::string(step.event), forms)) {
    const EventReport report = program_->handler().Handle(arrival);
    Show(step.heading, report);
    const bool says = report.reason.find(step.says) != std::string::npos;
    Want(report.state == step.wanted && says,
         "the event is " + std::string(ToString(step.wanted)) +
             (step.says.empty() ? std::string() : " and its reason says `" + std::string(step.says) + "`"));
  }
}

void DemoChapter::Wait(std::string_view heading, Duration longest) {
  std::size_t checks = 0;
  if (verbose_) Say(heading, "");
  const auto left = RunFollowUps(*program_, longest, 1, [&](const EventReport& report) {
    ++checks;
    if (verbose_) Tell(report);
    Want(report.state != EventState::kFailed, "no follow-up fails: " + report.reason);
  });
  if (!left.ok()) {
    Complain(left.error());
    as_meant_ = false;
    return;
  }
  if (!verbose_) Say(heading, CountText(checks, "check") + " of follow-ups" + (*left ? "" : ", all answered"));
  if (verbose_) Print("\n");
}

void DemoChapter::Want(bool is_so, const std::string& what) {
  if (is_so) return;
  as_meant_ = false;
  Complain("not as meant: " + what);
}

void DemoChapter::WantCase(std::string_view text, CaseState state, std::string_view outcome) {
  const auto cases = program_->ledger().ListCases({.limit = bounds::kListedEvents});
  const std::string wanted = "the case of " + std::string(text) + " is " + CaseText(state, outcome);
  if (!cases.ok()) return Want(false, wanted + "; " + cases.error().message);
  const auto is_about = [&](const CaseRecord& record) { return record.subject.find(text) != std::string::npos; };
  const auto found = std::find_if(cases->begin(), cases->end(), is_about);
  if (found == cases->end()) return Want(false, wanted + "; there is none");
  const CaseRecord& record = *found;
  const bool is_so = record.state == state && (outcome.empty() || record.outcome == outcome);
  Want(is_so, wanted + "; it is " + CaseText(record.state, record.outcome));
}

}  // namespace sallyport
