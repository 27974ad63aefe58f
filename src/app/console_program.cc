// SPDX-License-Identifier: Apache-2.0
#include "app/console_program.h"

#include <set>

#include "app/console.h"
#include "app/follow_up_loop.h"
#include "config/load.h"
#include "intake/report.h"
#include "notify/render_text.h"

namespace sallyport {

ConsoleProgram::ConsoleProgram(const ProgramArguments& arguments)
    : arguments_(arguments), paint_(!arguments.json && WantsColor()) {}

std::unique_ptr<ConsoleProgram> ConsoleProgram::Make(const CommonArguments& common, const ProgramArguments& arguments,
                                                     ExitCode& code) {
  code = ExitCode::kUsage;
  const auto settings = SettingsFor(common);
  if (!settings) return nullptr;
  if (const Status can_ask = CheckCanAskSwp(settings->swp); !can_ask.ok()) {
    Complain(can_ask.error());
    return nullptr;
  }
  std::unique_ptr<ConsoleProgram> made(new ConsoleProgram(arguments));
  ProgramOptions options = SeamsOf(common);
  options.dry_run = arguments.dry_run;
  options.force = arguments.force;
  options.show_messages = true;
  auto program = Program::Make(*settings, *common.tables, std::move(options));
  if (!program.ok()) {
    Complain(program.error());
    code = ExitCode::kStorage;
    return nullptr;
  }
  made->program_ = *std::move(program);
  made->heads_.emplace(made->program_->ledger(), made->program_->clock());
  for (const EventReport& report : made->program_->handler().Recover()) made->Show(report);
  code = ExitCode::kOk;
  return made;
}

// An event that needs nothing more may leave its case with a person. Looked up for people alone.
std::string ConsoleProgram::CasesThatNeedPerson(const EventReport& report) const {
  if (arguments_.dry_run) return "";
  std::set<std::int64_t> cases;
  if (report.case_number) cases.insert(report.case_number->value);
  for (const PlanReport& plan : report.plans) cases.insert(plan.case_number.value);
  cases.erase(0);
  std::string text;
  for (const std::int64_t number : cases) {
    const auto found = program_->ledger().GetCase(CaseNumber{number});
    if (!found.ok() || found->state != CaseState::kNeedsPerson) continue;
    text += "  " + paint_.Dim("case    ") + paint_.Yellow("needs a person") + ": sallyport cases show " +
            std::to_string(number) + "\n";
  }
  return text;
}

Shown ConsoleProgram::Render(const EventReport& report) const {
  Shown shown{"", ExitCodeFor(report)};
  if (arguments_.json) {
    shown.text = ReportJson(report) + "\n";
    return shown;
  }
  shown.text = ReportText(report, paint_) + CasesThatNeedPerson(report);
  for (const Message& message : report.messages) {
    shown.text += paint_.Cyan("--- message") + "\n" + ConsoleText(message);
  }
  if (report.number || !report.plans.empty()) shown.text += "\n";
  return shown;
}

void ConsoleProgram::Show(const Shown& shown) {
  code_ = Worse(code_, shown.code);
  Print(shown.text);
  heads_->TellNowAndThen();
}

ExitCode ConsoleProgram::Finish() {
  TellHead(program_->ledger());
  return code_;
}

void ConsoleProgram::RunFollowUps(Duration wait, int workers) {
  const auto left =
      sallyport::RunFollowUps(*program_, wait, workers, [this](const EventReport& report) { Show(report); });
  if (!left.ok()) {
    Complain(left.error());
    code_ = Worse(code_, ExitCode::kStorage);
  } else if (*left && wait > Duration{0}) {
    TellWhatIsOpen();
  }
}

// Whoever waited for the end must see that it has not come.
void ConsoleProgram::TellWhatIsOpen() {
  const auto next = program_->ledger().NextDue();
  if (!next.ok() || !next->has_value()) return;
  Complain("follow-ups are still open, the next one is due at " + TimeText(**next) +
           ": `sallyport followups list` shows them, `sallyport followups run` goes on");
}

}  // namespace sallyport
