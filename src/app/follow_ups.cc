// SPDX-License-Identifier: Apache-2.0
//
// sallyport followups list|run
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "ledger/render.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostFollowUps = 1'000;

}  // namespace

ExitCode FollowUpsListCommand(const CommonArguments& common, const FollowUpsArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto state = arguments.all ? std::nullopt : std::optional(FollowUpState::kOpen);
  const auto records = ledger->ListFollowUps(state, kMostFollowUps);
  if (!records.ok()) {
    Complain(records.error());
    return ExitCode::kStorage;
  }
  for (const FollowUpRecord& record : *records) {
    Print(arguments.json ? RenderJson(ViewOf(record)) + "\n" : RenderText(ViewOf(record), WantsColor()));
  }
  if (records->empty() && !arguments.json) Print("No open follow-ups\n");
  return ExitCode::kOk;
}

ExitCode FollowUpsRunCommand(const CommonArguments& common, const FollowUpsArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  console->RunFollowUps(arguments.wait, arguments.workers);
  return console->Finish();
}

}  // namespace sallyport
