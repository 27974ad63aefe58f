// SPDX-License-Identifier: Apache-2.0
#include "app/cases.h"

#include <CLI/CLI.hpp>

#include "app/console.h"
#include "app/ledger_head.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "base/bounds.h"
#include "base/text.h"
#include "intake/operator.h"
#include "ledger/render.h"

namespace sallyport {
namespace {

std::vector<std::string> WordsOfStates() {
  std::vector<std::string> words;
  for (int state = 0; state <= static_cast<int>(CaseState::kClosed); ++state) {
    words.emplace_back(ToString(static_cast<CaseState>(state)));
  }
  return words;
}

ExitCode CodeOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidInput:
    case ErrorCode::kTooLarge:
    case ErrorCode::kRefused:
      return ExitCode::kUsage;
    default:
      return ExitCode::kStorage;
  }
}

CaseFilter FilterOf(const CasesArguments& arguments, TimePoint now) {
  CaseFilter filter;
  filter.limit = arguments.limit;
  filter.state = CaseStateFromString(arguments.state);
  filter.host = arguments.host;
  filter.account = arguments.account;
  filter.owner = arguments.owner;
  filter.severity = arguments.severity;
  filter.text = arguments.text;
  if (arguments.since > Duration{0}) filter.since = now - arguments.since;
  return filter;
}

ExitCode ListCases(const CommonArguments& common, const CasesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  const auto cases = ledger->ListCases(FilterOf(arguments, clock.Now()));
  if (!cases.ok()) {
    Complain(cases.error());
    return CodeOf(cases.error());
  }
  if (!arguments.json) Print(RenderTable(CaseOverview(*cases, clock.Now()), WantsColor()));
  for (const CaseRecord& record : *cases) {
    if (arguments.json) Print(RenderJson(ViewOf(record)) + "\n");
  }
  return ExitCode::kOk;
}

ExitCode ShowCase(const CommonArguments& common, const CasesArguments& arguments) {
  return LedgerShowCommand(common, {arguments.number, arguments.json});
}

ExitCode CloseCaseCommand(const CommonArguments& common, const CasesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  // A ledger that is not there is not made for it.
  if (!OpenLedgerToLook(common, clock, code)) return code;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  const auto closed = CloseCase(*ledger, CaseNumber{arguments.number}, UserOfSystem(), arguments.reason);
  if (!closed.ok()) {
    Complain(closed.error());
    return CodeOf(closed.error());
  }
  if (arguments.json) {
    Print(RenderJson(ViewOf(*closed)) + "\n");
  } else if (closed->state == CaseState::kClosed) {
    Print("case " + std::to_string(closed->number.value) + " closed\n");
  } else {
    Print("case " + std::to_string(closed->number.value) +
          " closes when its actions in progress have ended (sallyport cases show " +
          std::to_string(closed->number.value) + ")\n");
  }
  TellHead(*ledger);
  return ExitCode::kOk;
}

void AddCasesList(CLI::App* cases, const CommonArguments& common, CasesArguments& arguments,
                  std::function<ExitCode()>& run) {
  CLI::App* list = cases->add_subcommand("list", "The newest cases: state, severity, age, host, owner");
  list->add_option("--limit", arguments.limit, "Number of cases")
      ->check(CLI::Range(std::size_t{1}, bounds::kListedEvents))
      ->capture_default_str();
  list->add_option("--state", arguments.state, "Only cases in this state")->check(CLI::IsMember(WordsOfStates()));
  list->add_option("--host", arguments.host, "Only cases about this instance ID (or account/region/instance ID)");
  list->add_option("--account", arguments.account, "Only cases of this account");
  list->add_option("--owner", arguments.owner, "Only cases of this owner");
  list->add_option("--severity", arguments.severity, "Only cases with this severity or more (0 to 10)")
      ->check(CLI::Range(0.0, 10.0));
  list->add_option_function<std::string>(
      "--since",
      [&arguments](const std::string& text) {
        const auto since = ParseDuration(text);
        if (!since) throw CLI::ValidationError("--since", "`" + text + "` is not a duration like `6h` or `7d`");
        arguments.since = *since;
      },
      "Only cases that changed within this time (6h, 7d)");
  list->add_option("--text", arguments.text,
                   "Only cases that name this: an instance, account, owner, finding id or type");
  list->add_flag("--json", arguments.json, "One JSON object for each case on a line");
  list->footer(
      "Examples:\n  sallyport cases list --state needs-person\n  sallyport cases list --since 7d --severity 7");
  list->callback([&] { run = [&] { return ListCases(common, arguments); }; });
}

}  // namespace

void AddCases(CLI::App& app, const CommonArguments& common, CasesArguments& arguments, std::function<ExitCode()>& run) {
  CLI::App* cases = app.add_subcommand("cases", "Cases: what was found on which host, its state, and who has to act");
  cases->require_subcommand(1);
  cases->footer(
      "Examples:\n  sallyport cases list --state needs-person\n  sallyport cases show 17\n"
      "  sallyport cases close 17 --reason \"test host, rebuilt\"");
  AddCasesList(cases, common, arguments, run);
  CLI::App* show = cases->add_subcommand("show", "One case as a timeline");
  show->add_option("CASE", arguments.number, "Case number")->required();
  show->add_flag("--json", arguments.json, "As one JSON object");
  show->footer("Example: sallyport cases show 17 --json");
  show->callback([&] { run = [&] { return ShowCase(common, arguments); }; });
  CLI::App* close = cases->add_subcommand("close", "Close a case for good; actions in progress go on");
  close->add_option("CASE", arguments.number, "Case number")->required();
  close->add_option("--reason", arguments.reason, "Why, for the ledger")->required();
  close->add_flag("--json", arguments.json, "The case as one JSON object");
  close->footer("Example: sallyport cases close 17 --reason \"test host, rebuilt\"");
  close->callback([&] { run = [&] { return CloseCaseCommand(common, arguments); }; });
}

}  // namespace sallyport
