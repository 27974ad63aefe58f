// SPDX-License-Identifier: Apache-2.0
//
// sallyport ledger list|show|verify|export|replay|trim
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "base/text.h"
#include "ledger/export.h"
#include "ledger/render.h"

namespace sallyport {
namespace {

// Whether some line has that hash: a ledger whose end was cut off, or that was written anew, has it no more.
Result<bool> HasHash(Ledger& ledger, const std::string& hash) {
  for (std::int64_t after = 0;;) {
    const auto lines = ledger.History(after, kExportPage);
    if (!lines.ok()) return lines.error();
    if (lines->empty()) return false;
    for (const HistoryLine& line : *lines) {
      if (line.hash == hash) return true;
    }
    after = lines->back().number;
  }
}

}  // namespace

namespace {

using OpenFile = Result<std::unique_ptr<SqliteLedger>> (*)(const std::string&, const Clock&, Duration);

std::unique_ptr<SqliteLedger> OpenBy(OpenFile open, const CommonArguments& common, const Clock& clock, ExitCode& code) {
  const auto settings = SettingsFor(common);
  if (!settings) {
    code = ExitCode::kUsage;
    return nullptr;
  }
  auto ledger = open(LedgerPath(settings->ledger), clock, SqliteLedger::kBusyTimeout);
  if (!ledger.ok()) {
    Complain(ledger.error());
    code = ExitCode::kStorage;
    return nullptr;
  }
  return std::move(ledger).value();
}

}  // namespace

std::unique_ptr<SqliteLedger> OpenLedger(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  return OpenBy(SqliteLedger::Open, common, clock, code);
}

std::unique_ptr<SqliteLedger> OpenLedgerToLook(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  return OpenBy(SqliteLedger::OpenToLook, common, clock, code);
}

ExitCode LedgerListCommand(const CommonArguments& common, const LedgerListArguments& arguments) {
  CaseFilter filter;
  filter.limit = arguments.limit;
  filter.text = arguments.text;
  filter.state = CaseStateFromString(arguments.state);
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto cases = ledger->ListCases(filter);
  if (!cases.ok()) {
    Complain(cases.error());
    return ExitCode::kStorage;
  }
  if (!arguments.json) Print(RenderTable(CaseTable(*cases), WantsColor()));
  for (const CaseRecord& record : *cases) {
    if (arguments.json) Print(RenderJson(ViewOf(record)) + "\n");
  }
  return ExitCode::kOk;
}

ExitCode LedgerShowCommand(const CommonArguments& common, const LedgerShowArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto found = ledger->Show(EventNumber{arguments.number});
  if (!found.ok()) {
    Complain(found.error());
    return found.error().code == ErrorCode::kNotFound ? ExitCode::kUsage : ExitCode::kStorage;
  }
  Print(arguments.json ? RenderJson(ViewOf(*found)) + "\n" : RenderText(ViewOf(*found), WantsColor()));
  return ExitCode::kOk;
}

ExitCode LedgerVerifyCommand(const CommonArguments& common, const LedgerVerifyArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  auto verified = ledger->Verify();
  if (!verified.ok()) {
    Complain(verified.error());
    return ExitCode::kStorage;
  }
  if (!arguments.last_hash.empty()) {
    const auto has = HasHash(*ledger, arguments.last_hash);
    if (!has.ok()) {
      Complain(has.error());
      return ExitCode::kStorage;
    }
    if (!*has) {
      verified->broken.push_back("no line has the hash " + Printable(arguments.last_hash, 80) +
                                 ": lines at the end were cut off, or the ledger was written anew");
    }
  }
  const View view = ViewOf(*verified);
  Print(arguments.json ? RenderJson(view) + "\n" : RenderText(view, WantsColor()));
  return verified->broken.empty() ? ExitCode::kOk : ExitCode::kStorage;
}

ExitCode LedgerExportCommand(const CommonArguments& common, const LedgerExportArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto last = Export(*ledger, arguments.csv ? ExportFormat::kCsv : ExportFormat::kJsonLines, arguments.after,
                           [](std::string_view text) {
                             Print(text);
                             return Ok();
                           });
  if (last.ok()) return ExitCode::kOk;
  Complain(last.error());
  return ExitCode::kStorage;
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
