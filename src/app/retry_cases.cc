// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "app/cases.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "base/text.h"

namespace sallyport {
namespace {

// The cases that are meant, oldest first: as they came.
Result<std::vector<CaseNumber>> CasesToRetry(Ledger& ledger, const CasesArguments& arguments, TimePoint now) {
  if (arguments.number != 0) {
    const auto record = ledger.GetCase(CaseNumber{arguments.number});
    if (!record.ok()) return record.error();
    return std::vector<CaseNumber>{record->number};
  }
  const auto since = MomentOf(arguments.since, now);
  if (!since.ok()) return since.error();
  CaseFilter filter;
  filter.limit = arguments.limit;
  filter.stopped_by = arguments.refused_by;
  filter.since = *since;
  const auto records = ledger.ListCases(filter);
  if (!records.ok()) return records.error();
  std::vector<CaseNumber> numbers;
  for (auto record = records->rbegin(); record != records->rend(); ++record) {
    // Somebody decided that this is the end of it.
    if (record->outcome != "settled") numbers.push_back(record->number);
  }
  return numbers;
}

void TellHowToDoIt(const CasesArguments& arguments, std::size_t count) {
  if (arguments.json) return;
  if (count == 0) {
    Print("No cases found of which `" + Printable(arguments.refused_by, 60) + "` stopped an action\n");
  } else if (!arguments.yes) {
    Print("Nothing was changed or sent. To do this: the same command with --yes\n");
  }
}

}  // namespace

ExitCode RetryCasesCommand(const CommonArguments& common, const CasesArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  if (!LedgerIsThere(common, code)) return code;
  // What was too old is that all the more now: whoever names the gate means such events.
  const bool force = arguments.force || arguments.refused_by == "event-age";
  const auto console = ConsoleProgram::Make(common, {!arguments.yes, force, arguments.json}, code);
  if (!console) return code;
  Program& program = console->program();
  const auto cases = CasesToRetry(program.ledger(), arguments, program.clock().Now());
  if (!cases.ok()) {
    Complain(cases.error());
    return CodeOfCases(cases.error());
  }
  ExitCode worst = ExitCode::kOk;
  for (const CaseNumber number : *cases) {
    if (!arguments.json) Print("case " + std::to_string(number.value) + "\n");
    const auto report = program.handler().Retry(number);
    if (report.ok()) {
      console->Show(*report);
      continue;
    }
    Complain(report.error());
    worst = Worse(worst, CodeOfCases(report.error()));
  }
  TellHowToDoIt(arguments, cases->size());
  return Worse(worst, console->Finish());
}

}  // namespace sallyport
