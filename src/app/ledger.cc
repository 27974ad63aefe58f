// SPDX-License-Identifier: Apache-2.0
//
// sallyport ledger list|show|verify|export|replay|trim
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "ledger/render.h"

namespace sallyport {

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

ExitCode LedgerVerifyCommand(const CommonArguments& common, const LedgerVerifyArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  auto verified = ledger->Verify();
  if (!verified.ok()) {
    Complain(verified.error());
    return ExitCode::kStorage;
  }
  if (!arguments.last_hash.empty() && !ChainHolds(*ledger, arguments.last_hash)) {
    verified->broken.push_back("no line has the hash " + Printable(arguments.last_hash, 80) +
                               ": the end of the ledger was cut off or rewritten");
  }
  Print(arguments.json ? RenderVerificationJson(*verified) : RenderVerification(*verified, WantsColor()));
  return verified->broken.empty() ? ExitCode::kOk : ExitCode::kStorage;
}

ExitCode LedgerExportCommand(const CommonArguments& common, const LedgerExportArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  if (arguments.csv) Print(ExportCsvHeader());
  for (std::int64_t after = 0;;) {
    const auto lines = ledger->History(after, kExportPage);
    if (!lines.ok()) {
      Complain(lines.error());
      return ExitCode::kStorage;
    }
    if (lines->empty()) return ExitCode::kOk;
    for (const HistoryLine& line : *lines) Print(arguments.csv ? ExportCsvRow(line) : ExportJsonLine(line));
    after = lines->back().number;
  }
}

ExitCode LedgerReplayCommand(const CommonArguments& common, const LedgerReplayArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {arguments.dry_run, arguments.force, arguments.json}, code);
  if (!console) return code;
  const auto report = console->program().handler().Replay(EventNumber{arguments.number});
  if (!report.ok()) {
    Complain(report.error());
    return report.error().code == ErrorCode::kStorage ? ExitCode::kStorage : ExitCode::kUsage;
  }
  console->Show(*report);
  return console->code();
}

ExitCode LedgerTrimCommand(const CommonArguments& common, const LedgerTrimArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  const auto removed = ledger->RemoveContent(clock.Now() - arguments.older_than);
  if (!removed.ok()) {
    Complain(removed.error());
    return ExitCode::kStorage;
  }
  Print("removed the content of " + std::to_string(*removed) + (*removed == 1 ? " case" : " cases") +
        "; their lines and hashes stay\n");
  return ExitCode::kOk;
}

}  // namespace sallyport
