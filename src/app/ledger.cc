// SPDX-License-Identifier: Apache-2.0
//
// sallyport ledger verify|heads|export|replay|trim
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/ledger_head.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "base/bounds.h"
#include "base/text.h"
#include "ledger/export.h"
#include "ledger/heads.h"
#include "ledger/look.h"
#include "ledger/render.h"
#include "workflow/swp_events_settings.h"

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

// What is read of a file of heads.
struct KeptHeads {
  HeadsComparison comparison;
  std::size_t lines_without = 0;
  std::optional<Error> failed;  // of the ledger
  std::string held;             // a line that is not whole yet
  bool skipping = false;        // the rest of one that is too long

  void TakeLine(std::string_view line) {
    if (failed || Trim(line).empty()) return;
    const auto head = HeadIn(line);
    if (!head) {
      ++lines_without;
      return;
    }
    if (Status compared = comparison.Compare(*head); !compared.ok()) failed = compared.error();
  }
  bool Take(std::string_view bytes) {
    held += bytes;
    std::size_t begin = 0;
    for (std::size_t end = held.find('\n'); end != std::string::npos; end = held.find('\n', begin)) {
      if (!skipping) TakeLine(std::string_view(held).substr(begin, end - begin));
      skipping = false;
      begin = end + 1;
    }
    held.erase(0, begin);
    if (held.size() > bounds::kEventBytes || skipping) {
      lines_without += skipping ? 0 : 1;
      skipping = true;
      held.clear();
    }
    return !failed;
  }
};

// Compares with the heads of a file and adds what differs. kInvalidInput: the file cannot be used.
Status CompareWithFile(Audit& audit, const std::string& file, Verification& verified) {
  const std::string name = file == "-" ? "standard input" : "`" + Printable(file, 400) + "`";
  KeptHeads kept{HeadsComparison(audit, name), 0, std::nullopt, "", false};
  if (Status read = ReadInput(file, [&](std::string_view bytes) { return kept.Take(bytes); }); !read.ok()) return read;
  if (!kept.skipping) kept.TakeLine(kept.held);
  if (kept.failed) return *kept.failed;
  if (kept.comparison.compared() == 0) {
    return Error{ErrorCode::kInvalidInput,
                 name + " holds no head of a ledger: of its " + CountText(kept.lines_without, "line") +
                     " none has the number and the hash of a ledger line",
                 "give it what `sallyport ledger heads --json`, `ledger export` or a command that writes printed"};
  }
  const auto differences = kept.comparison.Differences();
  if (!differences.ok()) return differences.error();
  verified.compared += kept.comparison.compared();
  verified.broken.insert(verified.broken.end(), differences->begin(), differences->end());
  return Ok();
}

}  // namespace

namespace {

using OpenFile = Result<std::unique_ptr<SqliteLedger>> (*)(const std::string&, const Clock&, Duration);

std::unique_ptr<Ledger> OpenBy(OpenFile open, const CommonArguments& common, const Clock& clock, ExitCode& code) {
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
  return Wrapped(std::move(ledger).value(), SeamsOf(common));
}

}  // namespace

std::unique_ptr<Ledger> OpenLedger(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  return OpenBy(SqliteLedger::Open, common, clock, code);
}

std::unique_ptr<Ledger> OpenLedgerThatExists(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  if (!OpenLedgerToLook(common, clock, code)) return nullptr;
  return OpenLedger(common, clock, code);
}

bool LedgerIsThere(const CommonArguments& common, ExitCode& code) {
  const auto settings = SettingsFor(common);
  if (!settings) {
    code = ExitCode::kUsage;
    return false;
  }
  const Status there = CheckLedgerIsThere(LedgerPath(settings->ledger));
  if (there.ok()) return true;
  Complain(there.error());
  code = ExitCode::kStorage;
  return false;
}

std::unique_ptr<Ledger> OpenLedgerToLook(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  return OpenBy(SqliteLedger::OpenToLook, common, clock, code);
}

ExitCode LedgerVerifyCommand(const CommonArguments& common, const LedgerVerifyArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  auto verified = ledger->VerifyWithin(arguments.within);
  if (!verified.ok()) {
    Complain(verified.error());
    return ExitCode::kStorage;
  }
  for (const std::string& file : arguments.against) {
    const Status compared = CompareWithFile(*ledger, file, *verified);
    if (compared.ok()) continue;
    Complain(compared.error());
    return compared.error().code == ErrorCode::kInvalidInput ? ExitCode::kUsage : ExitCode::kStorage;
  }
  if (!arguments.last_hash.empty()) {
    const auto has = HasHash(*ledger, arguments.last_hash);
    if (!has.ok()) {
      Complain(has.error());
      return ExitCode::kStorage;
    }
    if (!*has) {
      verified->broken.push_back("no line has the hash " + Printable(arguments.last_hash, 80) +
                                 ": lines at the end were cut off, or the ledger was written again from the start");
    }
  }
  const View view = ViewOf(*verified);
  Print(arguments.json ? RenderJson(view) + "\n" : RenderText(view, WantsColor()));
  return verified->broken.empty() ? ExitCode::kOk : ExitCode::kStorage;
}

ExitCode LedgerHeadsCommand(const CommonArguments& common, const LedgerHeadsArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto heads = HeadsOf(*ledger);
  if (!heads.ok()) {
    Complain(heads.error());
    return ExitCode::kStorage;
  }
  for (const ChainHead& head : *heads) {
    Print(arguments.json ? HeadJson(head) + "\n" : HeadText(head) + " at " + FormatTime(head.at) + "\n");
  }
  if (heads->empty() && !arguments.json) Print("No lines yet\n");
  return ExitCode::kOk;
}

ExitCode LedgerExportCommand(const CommonArguments& common, const LedgerExportArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto last =
      Export(*ledger, arguments.csv ? ExportFormat::kCsv : ExportFormat::kJsonLines, arguments.after, WriteOut);
  if (last.ok()) return ExitCode::kOk;
  // What could not be written is told when the program ends.
  if (OutputFailed()) return ExitCode::kOk;
  Complain(last.error());
  return ExitCode::kStorage;
}

ExitCode LedgerReplayCommand(const CommonArguments& common, const LedgerReplayArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  if (!LedgerIsThere(common, code)) return code;
  const auto console = ConsoleProgram::Make(common, {arguments.dry_run, arguments.force, arguments.json}, code);
  if (!console) return code;
  const auto report = console->program().handler().Replay(EventNumber{arguments.number});
  if (!report.ok()) {
    Complain(report.error());
    return report.error().code == ErrorCode::kStorage ? ExitCode::kStorage : ExitCode::kUsage;
  }
  console->Show(*report);
  return console->Finish();
}

ExitCode LedgerTrimCommand(const CommonArguments& common, const LedgerTrimArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerThatExists(common, clock, code);
  if (!ledger) return code;
  const auto removed = ledger->RemoveContent(clock.Now() - arguments.older_than);
  if (!removed.ok()) {
    Complain(removed.error());
    return ExitCode::kStorage;
  }
  Print("Trimmed " + CountText(static_cast<std::uint64_t>(*removed), "case") + "; history lines and hashes stay\n");
  TellHead(*ledger);
  return ExitCode::kOk;
}

}  // namespace sallyport
