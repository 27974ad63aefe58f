// SPDX-License-Identifier: Apache-2.0
//
// sallyport plans list|show|approve|reject
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "app/who_decides.h"
#include "app/wire.h"
#include "base/bounds.h"
#include "base/text.h"
#include "intake/plan_record.h"
#include "ledger/render.h"
#include "workflow/plan.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostPlans = 1'000;
std::string CountOfHosts(std::optional<int> hosts) {
  if (!hosts) return "an undetermined number of hosts";
  return CountText(static_cast<std::uint64_t>(*hosts), "host");
}

// The hosts of an action, where they are more than the one that its description names.
std::vector<std::string> NamesOf(const Targets& targets) {
  std::vector<std::string> names;
  if (targets.hosts.size() < 2) return names;
  for (const Target& target : targets.hosts) names.push_back(NameOf(target));
  return names;
}

ViewRecord ViewOfAction(const PlannedAction& planned) {
  const auto hosts = HostsTouched(planned);
  return {{"does", Describe(planned.action), Place::kTitle},
          {"hosts", hosts ? ViewValue(std::int64_t{*hosts}) : ViewValue()},
          {"touches", CountOfHosts(hosts), Place::kDetail, "affects"},
          {"targets", NamesOf(TargetsOf(planned.action)), Place::kEach, "hosts"},
          {"because", planned.why, Place::kEach, "reason"},
          {"undo", UndoOf(planned.action), Place::kField, "undo"}};
}

// The plan, and what each of its actions would do, in words.
View ViewOfWhole(const PlanRecord& record, const ProgramTables& tables) {
  View view = {{"", "", Form::kHeader, {HeadOf(record)}}};
  const auto plan = PlanOf(record, KindsOf(tables.actions), tables.workflows.questions);
  if (!plan.ok()) {
    view.front().records.front().push_back({"unreadable", plan.error().message, Place::kField, "unreadable"});
    return view;
  }
  ViewSection planned{"planned", "actions", Form::kList, {}, "no action"};
  for (const PlannedAction& action : plan->actions) planned.records.push_back(ViewOfAction(action));
  view.push_back(std::move(planned));
  return view;
}

void Show(const PlanRecord& record, const ProgramTables& tables, bool json) {
  const View view = ViewOfWhole(record, tables);
  Print(json ? RenderJson(view) + "\n" : RenderText(view, WantsColor()));
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
  const Clock& clock = ClockOf(SeamsOf(common));
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
  for (const PlanRecord& plan : *plans) Show(plan, *common.tables, arguments.json);
  if (plans->empty() && !arguments.json) Print("No plans awaiting approval (other states: --state any)\n");
  return ExitCode::kOk;
}

ExitCode PlansShowCommand(const CommonArguments& common, const PlansArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto plan = ledger->FindPlan(arguments.digest);
  if (!plan.ok()) {
    Complain(plan.error());
    return CodeFor(plan.error());
  }
  Show(*plan, *common.tables, arguments.json);
  return ExitCode::kOk;
}

ExitCode PlansApproveCommand(const CommonArguments& common, const PlansArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  if (!LedgerIsThere(common, code)) return code;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  const auto report = console->program().handler().Approve(arguments.digest, WhoDecides(common));
  if (!report.ok()) {
    Complain(report.error());
    return CodeFor(report.error());
  }
  console->Show(*report);
  return console->Finish();
}

ExitCode PlansRejectCommand(const CommonArguments& common, const PlansArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  if (!LedgerIsThere(common, code)) return code;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  const Status rejected = console->program().handler().Reject(arguments.digest, WhoDecides(common), arguments.why);
  if (rejected.ok()) return console->Finish();
  Complain(rejected.error());
  return CodeFor(rejected.error());
}

}  // namespace sallyport
