// SPDX-License-Identifier: Apache-2.0
//
// sallyport plans list|show|approve|reject
#include <pwd.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/plan_record.h"
#include "ledger/render.h"
#include "workflow/plan.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostPlans = 1'000;
constexpr std::size_t kShownDigest = 12;
constexpr std::size_t kMostTargetsShown = 50;

std::string ActionLine(const PlannedAction& planned, const Paint& paint) {
  std::string text = "    " + Printable(Describe(planned.action), 400) + "\n";
  const auto hosts = HostsTouched(planned);
  text += "      " + paint.Dim("touches ") +
          (hosts ? std::to_string(*hosts) + (*hosts == 1 ? " host" : " hosts")
                 : std::string("a number of hosts that is not known")) +
          "\n";
  const Targets targets = TargetsOf(planned.action);
  for (std::size_t i = 0; targets.hosts.size() > 1 && i < targets.hosts.size() && i < kMostTargetsShown; ++i) {
    text += "      " + paint.Dim(i == 0 ? "hosts   " : "        ") + NameOf(targets.hosts[i]) + "\n";
  }
  if (targets.hosts.size() > kMostTargetsShown) {
    text += "              and " + std::to_string(targets.hosts.size() - kMostTargetsShown) + " more (all in --json)\n";
  }
  for (const std::string& why : planned.why) text += "      " + paint.Dim("because ") + Printable(why, 400) + "\n";
  return text + "      " + paint.Dim("undo    ") + Printable(UndoOf(planned.action), 400) + "\n";
}

std::string PlanText(const PlanRecord& record, const ProgramTables& tables, const Paint& paint) {
  std::string text = paint.Bold(record.digest.substr(0, kShownDigest)) + "  case " +
                     std::to_string(record.case_number.value) + "  " + Printable(record.workflow, 60) + "  " +
                     paint.Yellow(ToString(record.state));
  if (record.state == PlanState::kAwaitingApproval && record.expires_at) {
    text += " until " + FormatTime(*record.expires_at);
  }
  text += "\n";
  if (!record.reason.empty()) text += "    " + Printable(record.reason, 500) + "\n";
  const auto plan = PlanOf(record, KindsOf(tables.actions), tables.workflows.questions);
  if (!plan.ok()) return text + "    its content cannot be read: " + plan.error().message + "\n";
  for (const PlannedAction& planned : plan->actions) text += ActionLine(planned, paint);
  return text;
}

std::string UserName() {
  const passwd* user = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): one thread
  return user == nullptr ? "user " + std::to_string(::geteuid()) : user->pw_name;
}

ExitCode CodeFor(const Error& error) {
  switch (error.code) {
    case ErrorCode::kStorage:
      return ExitCode::kStorage;
    case ErrorCode::kRefused:
      return ExitCode::kFailed;
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidInput:
      return ExitCode::kUsage;
    default:
      return ExitCode::kUndetermined;
  }
}

}  // namespace

ExitCode PlansListCommand(const CommonArguments& common, const PlansArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  auto state = std::optional(PlanState::kAwaitingApproval);
  if (!arguments.state.empty()) state = PlanStateFromString(arguments.state);  // "any" is no state
  const auto plans = ledger->ListPlans(state, kMostPlans);
  if (!plans.ok()) {
    Complain(plans.error());
    return ExitCode::kStorage;
  }
  const Paint paint(WantsColor());
  for (const PlanRecord& plan : *plans)
    Print(arguments.json ? RenderJson(ViewOf(plan)) + "\n" : PlanText(plan, *common.tables, paint));
  if (plans->empty() && !arguments.json) Print("no plan\n");
  return ExitCode::kOk;
}

ExitCode PlansShowCommand(const CommonArguments& common, const PlansArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto plan = ledger->FindPlan(arguments.digest);
  if (!plan.ok()) {
    Complain(plan.error());
    return CodeFor(plan.error());
  }
  Print(arguments.json ? RenderJson(ViewOf(*plan)) + "\n" : PlanText(*plan, *common.tables, Paint(WantsColor())));
  return ExitCode::kOk;
}

ExitCode PlansApproveCommand(const CommonArguments& common, const PlansArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  const std::string by = arguments.by.empty() ? UserName() : arguments.by;
  const auto report = console->program().handler().Approve(arguments.digest, by);
  if (!report.ok()) {
    Complain(report.error());
    return CodeFor(report.error());
  }
  console->Show(*report);
  return console->Finish();
}

ExitCode PlansRejectCommand(const CommonArguments& common, const PlansArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  const std::string by = arguments.by.empty() ? UserName() : arguments.by;
  const Status rejected = console->program().handler().Reject(arguments.digest, by, arguments.why);
  if (rejected.ok()) return console->Finish();
  Complain(rejected.error());
  return CodeFor(rejected.error());
}

}  // namespace sallyport
