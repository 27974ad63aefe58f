// SPDX-License-Identifier: Apache-2.0
#include "app/cases.h"

#include <CLI/CLI.hpp>
#include <array>

#include "app/case_view.h"
#include "app/console.h"
#include "app/ledger_head.h"
#include "app/open_ledger.h"
#include "app/who_decides.h"
#include "app/wire.h"
#include "base/bounds.h"
#include "base/text.h"
#include "intake/operator.h"
#include "ledger/render.h"
#include "workflow/swp_events_settings.h"

namespace sallyport {
namespace {

constexpr Duration kLongestAcknowledged = std::chrono::hours(24 * 90);
// Whose no can be taken up again: what says that the same exists already cannot.
constexpr std::array<std::string_view, 8> kGatesThatStop = {"kill-switch", "mode",     "exclusion-tag", "event-age",
                                                            "allow-list",  "approval", "blast-radius",  "evidence"};

std::vector<std::string> WordsOfStates() {
  std::vector<std::string> words;
  for (int state = 0; state <= static_cast<int>(CaseState::kClosed); ++state) {
    words.emplace_back(ToString(static_cast<CaseState>(state)));
  }
  return words;
}

ExitCode ListCases(const CommonArguments& common, const CasesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto since = MomentOf(arguments.since, clock.Now());
  if (!since.ok()) {
    Complain(since.error());
    return ExitCode::kUsage;
  }
  const auto ledger = OpenLedgerToLook(common, clock, code);
  if (!ledger) return code;
  CaseFilter filter;
  filter.limit = arguments.limit;
  filter.state = CaseStateFromString(arguments.state);
  filter.host = arguments.host;
  filter.account = arguments.account;
  filter.owner = arguments.owner;
  filter.severity = arguments.severity;
  filter.text = arguments.text;
  filter.samples = arguments.samples;
  filter.since = *since;
  const auto cases = ledger->ListCases(filter);
  if (!cases.ok()) {
    Complain(cases.error());
    return CodeOfCases(cases.error());
  }
  if (!arguments.json) Print(RenderTable(CaseOverview(*cases, clock.Now()), WantsColor()));
  for (const CaseRecord& record : *cases) {
    if (arguments.json) Print(RenderJson(ViewOf(record)) + "\n");
  }
  return ExitCode::kOk;
}

ExitCode ShowCase(const CommonArguments& common, const CasesArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, ClockOf(SeamsOf(common)), code);
  if (!ledger) return code;
  const auto found = ledger->Show(EventNumber{arguments.number});
  if (!found.ok()) {
    Complain(found.error());
    return CodeOfCases(found.error());
  }
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const bool forwarded = settings->rows.Get<SwpEventsSettings>().AreTaken();
  const ShownCase shown = ViewWithResults(*found, *ledger, *common.tables, forwarded, ClockOf(SeamsOf(common)).Now());
  Print(arguments.json ? RenderJson(shown.view) + "\n" : RenderText(shown.view, WantsColor()));
  if (shown.unread.empty()) return ExitCode::kOk;
  Complain("what SWP reported about this case could not be read: " + shown.unread);
  return ExitCode::kUndetermined;
}

// What an operator decides about a case: how it stands then.
ExitCode DecideAboutCase(const CommonArguments& common, bool json,
                         const std::function<Result<CaseRecord>(Ledger& ledger)>& decide,
                         const std::function<std::string(const CaseRecord& record)>& words) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerThatExists(common, clock, code);
  if (!ledger) return code;
  const auto record = decide(*ledger);
  if (!record.ok()) {
    Complain(record.error());
    return CodeOfCases(record.error());
  }
  Print(json ? RenderJson(ViewOf(*record)) + "\n"
             : "case " + std::to_string(record->number.value) + " " + words(*record) + "\n");
  TellHead(*ledger);
  return ExitCode::kOk;
}

ExitCode CloseCaseCommand(const CommonArguments& common, const CasesArguments& arguments) {
  const auto close = [&](Ledger& ledger) {
    return CloseCase(ledger, CaseNumber{arguments.number}, WhoDecides(common), arguments.reason);
  };
  return DecideAboutCase(common, arguments.json, close, [](const CaseRecord& record) {
    if (record.state == CaseState::kClosed) return std::string("closed");
    return "closes when what is on its way has ended (sallyport cases show " + std::to_string(record.number.value) +
           ")";
  });
}

ExitCode AckCaseCommand(const CommonArguments& common, const CasesArguments& arguments) {
  const TimePoint now = ClockOf(SeamsOf(common)).Now();
  const TimePoint until = now + arguments.acknowledged_for;
  const auto acknowledge = [&](Ledger& ledger) {
    return AcknowledgeCase(ledger, CaseNumber{arguments.number}, WhoDecides(common), until, now, arguments.reason);
  };
  return DecideAboutCase(common, arguments.json, acknowledge, [&](const CaseRecord&) {
    return "acknowledged: no reminders until " + FormatTime(until) + "; news are sent all the same";
  });
}

void AddSince(CLI::App* command, const char* help, Since& into) {
  command->add_option_function<std::string>(
      "--since",
      [&into](const std::string& text) {
        if (const auto duration = ParseDuration(text)) {
          into = *duration;
        } else if (const auto time = ParseTime(text)) {
          into = *time;
        } else {
          throw CLI::ValidationError("--since", "`" + Printable(text, 60) +
                                                    "` is neither a duration like `6h` or `7d` nor a time like "
                                                    "`2026-11-28T00:00:00Z`");
        }
      },
      help);
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
  AddSince(list, "Only cases that changed since then (6h, 7d, or a time)", arguments.since);
  list->add_option("--text", arguments.text,
                   "Only cases that name this: an instance by its ID, name or address, an account, owner, finding ID\n"
                   "or type");
  list->add_flag("--samples", arguments.samples, "Sample findings too");
  list->add_flag("--json", arguments.json, "One JSON object for each case on a line");
  list->footer(
      "Examples:\n  sallyport cases list --state needs-person\n  sallyport cases list --since 7d --severity 7");
  list->callback([&] { run = [&] { return ListCases(common, arguments); }; });
}

void AddClose(CLI::App* cases, const CommonArguments& common, CasesArguments& arguments,
              std::function<ExitCode()>& run) {
  CLI::App* close = cases->add_subcommand("close", "Close a case for good; what is on its way goes on");
  close->add_option("CASE", arguments.number, "Its number")->required();
  close->add_option("--reason", arguments.reason, "Why, for the ledger")->required();
  close->add_flag("--json", arguments.json, "The case as one JSON object");
  close->footer("Example: sallyport cases close 17 --reason \"test host, rebuilt\"");
  close->callback([&] { run = [&] { return CloseCaseCommand(common, arguments); }; });
  CLI::App* ack = cases->add_subcommand("ack", "Acknowledge a case: an operator works on it, and reminders pause");
  ack->add_option("CASE", arguments.number, "Its number")->required();
  ack->add_option_function<std::string>(
      "--for",
      [&arguments](const std::string& text) {
        const auto duration = ParseDuration(text);
        const bool fits = duration && *duration > Duration{0} && *duration <= kLongestAcknowledged;
        if (!fits) {
          throw CLI::ValidationError("--for", "`" + Printable(text, 60) + "` is not a duration up to 90d like `7d`");
        }
        arguments.acknowledged_for = *duration;
      },
      "How long reminders pause, up to 90d (default: 7d)");
  ack->add_option("--reason", arguments.reason, "What is being done, for the ledger");
  ack->add_flag("--json", arguments.json, "The case as one JSON object");
  ack->footer("Example: sallyport cases ack 17 --for 2d --reason \"isolated, forensics under way\"");
  ack->callback([&] { run = [&] { return AckCaseCommand(common, arguments); }; });
}

void AddRetry(CLI::App* cases, const CommonArguments& common, CasesArguments& arguments,
              std::function<ExitCode()>& run) {
  CLI::App* retry = cases->add_subcommand(
      "retry", "Decide about cases again with current facts; without --yes it only shows what would be done");
  auto* number = retry->add_option("CASE", arguments.number, "Its number");
  auto* gate = retry->add_option("--refused-by", arguments.refused_by, "All cases of which this gate stopped an action")
                   ->check(CLI::IsMember(std::vector<std::string>(kGatesThatStop.begin(), kGatesThatStop.end())));
  number->excludes(gate);
  AddSince(retry, "With --refused-by: only what it stopped since then (7d, or a time)", arguments.since);
  retry->add_option("--limit", arguments.limit, "With --refused-by: how many cases at most, the newest first")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}))
      ->capture_default_str();
  retry->add_flag("--yes", arguments.yes, "Do it");
  retry->add_flag("--force", arguments.force, "Act on events older than gates.max_event_age too");
  retry->add_flag("--json", arguments.json, "One JSON object for each case on a line");
  retry->footer(
      "Examples:\n  sallyport cases retry 17\n  sallyport cases retry --refused-by kill-switch --since 7d --yes");
  retry->callback([&, gate] {
    if (arguments.number == 0 && gate->count() == 0) {
      throw CLI::ValidationError("cases retry", "name a case, or a gate with --refused-by");
    }
    run = [&] { return RetryCasesCommand(common, arguments); };
  });
}

}  // namespace

Result<std::optional<TimePoint>> MomentOf(const Since& since, TimePoint now) {
  if (const auto* duration = std::get_if<Duration>(&since)) return std::optional(now - *duration);
  const auto* time = std::get_if<TimePoint>(&since);
  if (time == nullptr) return std::optional<TimePoint>();
  if (*time <= now) return std::optional(*time);
  return Error{ErrorCode::kInvalidInput,
               "--since " + FormatTime(*time) + " is in the future: it is " + FormatTime(now) + " now",
               "give a time in the past, or a duration like `7d`"};
}

ExitCode CodeOfCases(const Error& error) {
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
  AddClose(cases, common, arguments, run);
  AddRetry(cases, common, arguments, run);
}

}  // namespace sallyport
