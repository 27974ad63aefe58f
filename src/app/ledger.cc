// SPDX-License-Identifier: Apache-2.0
//
// sallyport ledger list|show
#include "app/commands.h"
#include "app/console.h"
#include "app/wire.h"
#include "ledger/render.h"

namespace sallyport {
namespace {

// Opens the ledger of the settings, or complains. A ledger that is not there yet is made: it is then empty, truthfully.
std::unique_ptr<SqliteLedger> OpenLedger(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  const auto settings = SettingsFor(common);
  if (!settings) {
    code = ExitCode::kUsage;
    return nullptr;
  }
  auto ledger = SqliteLedger::Open(LedgerPath(settings->ledger), clock);
  if (!ledger.ok()) {
    Complain(ledger.error());
    code = ExitCode::kStorage;
    return nullptr;
  }
  return std::move(ledger).value();
}

}  // namespace

ExitCode LedgerListCommand(const CommonArguments& common, const LedgerListArguments& arguments) {
  ListFilter filter;
  filter.limit = arguments.limit;
  filter.text = arguments.text;
  filter.state = EventStateFromString(arguments.state);
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  const auto records = ledger->List(filter);
  if (!records.ok()) {
    Complain(records.error());
    return ExitCode::kStorage;
  }
  Print(arguments.json ? RenderListJson(*records) : RenderList(*records, WantsColor()));
  return ExitCode::kOk;
}

ExitCode LedgerShowCommand(const CommonArguments& common, const LedgerShowArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  const auto found = ledger->Show(EventNumber{arguments.number});
  if (!found.ok()) {
    Complain(found.error());
    return found.error().code == ErrorCode::kNotFound ? ExitCode::kUsage : ExitCode::kStorage;
  }
  Print(arguments.json ? RenderCaseJson(*found) : RenderCase(*found, WantsColor()));
  return ExitCode::kOk;
}

}  // namespace sallyport
