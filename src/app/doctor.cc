// SPDX-License-Identifier: Apache-2.0
//
// sallyport doctor: what would go wrong, before it does. Reads only, unless --clean-up is given.
#include <algorithm>
#include <map>
#include <utility>

#include "app/commands.h"
#include "app/console.h"
#include "app/doctor_checks.h"
#include "app/ledger_head.h"
#include "app/wire.h"
#include "base/text.h"
#include "config/api_key.h"
#include "config/load.h"
#include "ledger/file.h"
#include "ledger/look.h"
#include "ledger/render.h"
#include "ledger/sqlite_ledger.h"
#include "workflow/tasks_left.h"

namespace sallyport {
namespace {

// A manager's clock that is further off than this makes "later than our request" doubtful to people, though not to us.
constexpr Duration kClockTolerance = std::chrono::minutes(1);
constexpr Duration kExpiryWarning = std::chrono::hours(24 * 14);
constexpr std::size_t kFoundBytes = 1'000;

DoctorCheck CheckMode(const Settings& settings) {
  const GateSettings& gates = settings.gates;
  std::string found(ToString(gates.mode));
  for (const auto& [account, mode] : gates.account_modes) found += ", " + account + ": " + std::string(ToString(mode));
  const bool acts =
      gates.mode == Mode::kEnforce || std::any_of(gates.account_modes.begin(), gates.account_modes.end(),
                                                  [](const auto& account) { return account.second == Mode::kEnforce; });
  return {"mode", Health::kOk, found, acts ? "" : "nothing is written to SWP until `mode: enforce`"};
}

// Looks, and makes nothing: neither the ledger nor a newer version of it.
DoctorCheck CheckLedger(const Settings& settings, const ProgramOptions& seams) {
  const std::string path = LedgerPath(settings.ledger);
  const auto found = LookForLedger(path, SqliteLedger::kBusyTimeout);
  if (!found.ok()) return FailedCheck("ledger", found.error());
  if (const Status can = CheckLedgerCanBeWritten(path); !can.ok()) return FailedCheck("ledger", can.error());
  if (!found->is_there) return {"ledger", Health::kOk, path + ": no ledger yet", "the first event creates it"};
  if (found->version == 0) return {"ledger", Health::kOk, path + ": empty", ""};
  if (found->is_old) {
    const std::string has = path + " has version " + std::to_string(found->version);
    return {"ledger", Health::kWarning, has, AdviceForOldLedger()};
  }
  auto opened = SqliteLedger::OpenToLook(path, ClockOf(seams));
  if (!opened.ok()) return FailedCheck("ledger", opened.error());
  const auto ledger = Wrapped(*std::move(opened), seams);
  const auto records = ledger->ListCases({.limit = 1});
  if (!records.ok()) return FailedCheck("ledger", records.error());
  return {"ledger", Health::kOk, path, ""};
}

DoctorCheck CheckKillSwitch(const Settings& settings) {
  const auto on = ReadKillSwitch(settings.gates.kill_switch_file);
  if (!on.ok()) return FailedCheck("kill-switch", on.error());
  if (*on)
    return {"kill-switch", Health::kWarning,
            "kill switch is on (`" + settings.gates.kill_switch_file +
                "` exists): findings are recorded and planned, actions and new messages are refused",
            ""};
  return {"kill-switch", Health::kOk, settings.gates.kill_switch_file.empty() ? "no file is set" : "off", ""};
}

DoctorCheck CheckKeyForm(const Settings& settings) {
  const auto advice = WrongKeyAdvice(settings.swp.api_key, settings.swp.authentication);
  if (advice)
    return {"key-form", Health::kWarning, "the API key does not have the form that swp.authentication needs", *advice};
  return {"key-form", Health::kOk, "from " + settings.swp.api_key_source, ""};
}

DoctorCheck CheckKey(swp::Client& client, TimePoint now) {
  const auto key = client.GetCurrentApiKey();
  // Without the right to look at keys the answer is 403, which still proves that the key was accepted.
  if (!key.ok() && key.error().code == ErrorCode::kForbidden) {
    return {"api-key", Health::kOk, "accepted; expiry undetermined (the key's role may not view API keys)", ""};
  }
  if (!key.ok()) return FailedCheck("api-key", key.error());
  const std::string name = "`" + Printable(key->name, 100) + "`";
  if (!key->active) return {"api-key", Health::kFailure, name + " is locked", "unlock it in SWP"};
  if (key->expires && *key->expires - now < kExpiryWarning) {
    return {"api-key", Health::kWarning, name + " expires " + UntilText(*key->expires, now), "renew it"};
  }
  return {"api-key", Health::kOk,
          name + (key->expires ? ", expires " + UntilText(*key->expires, now) : ", does not expire"), ""};
}

DoctorCheck CheckClock(const swp::Client& client) {
  const auto difference = client.SeenClockDifference();
  if (!difference) return {"clock", Health::kWarning, "SWP's answers carry no date", ""};
  const Duration distance = std::chrono::abs(*difference);
  const std::string found = distance < std::chrono::seconds(1) ? "SWP clock agrees"
                                                               : "SWP clock is " + SpanText(distance) +
                                                                     (*difference > Duration{0} ? " ahead" : " behind");
  if (distance <= kClockTolerance) return {"clock", Health::kOk, found, ""};
  return {"clock", Health::kWarning, found, "check time synchronization on both sides"};
}

DoctorCheck CheckComputers(swp::Client& client) {
  const Status read = client.VisitComputers(swp::SearchBody(1), [](const swp::Computer&) { return false; });
  if (!read.ok()) return FailedCheck("read-computers", read.error());
  return {"read-computers", Health::kOk, "allowed", ""};
}

DoctorCheck CheckTasks(swp::Client& client) {
  const auto tasks = client.FindOurTasks(ComputerId{1});
  if (!tasks.ok()) return FailedCheck("read-tasks", tasks.error());
  return {"read-tasks", Health::kOk, "allowed; permission to create and run tasks is not checked until the first scan",
          ""};
}

// What came of the tasks of a clean-up, in the words of the ledger's states.
std::string_view WordForDeletion(ActionState state) {
  return state == ActionState::kVerified ? "deleted" : ToString(state);
}

Health HealthAfter(const EventReport& report) {
  if (report.ledger_failed || report.plans.empty()) return Health::kFailure;
  const PlanReport& made = report.plans.front();
  if (made.plan.decision == Decision::kUndetermined || made.plan.HasUndetermined()) return Health::kFailure;
  Health worst = Health::kOk;
  for (const ActionOutcome& outcome : made.outcomes) {
    if (outcome.state == ActionState::kFailed || outcome.state == ActionState::kIntended) return Health::kFailure;
    if (outcome.state != ActionState::kVerified) worst = Health::kWarning;
  }
  return worst;
}

// "3 SWP tasks left behind: 2 deleted; 1 refused (kill-switch: ...)"
std::string FoundBy(const EventReport& report) {
  if (report.ledger_failed || report.plans.empty()) return report.reason;
  const PlanReport& made = report.plans.front();
  std::map<ActionState, std::pair<int, std::string>> ends;
  for (const ActionOutcome& outcome : made.outcomes) {
    auto& [count, why] = ends[outcome.state];
    if (++count == 1 && outcome.state != ActionState::kVerified) why = outcome.reason;
  }
  std::string found = made.plan.answer ? made.plan.answer->reason : report.reason;
  std::string_view between = ": ";
  for (const auto& [state, end] : ends) {
    found += std::string(between) + std::to_string(end.first) + " " + std::string(WordForDeletion(state));
    if (!end.second.empty()) found += " (" + end.second + ")";
    between = "; ";
  }
  if (const std::string first = made.plan.FirstUndetermined(); !first.empty()) {
    found += std::string(between) + std::to_string(made.plan.others.size()) + " undetermined (" + first + ")";
  }
  return found;
}

// The only check that writes: each deletion is an action with an intention in the ledger, and passes the gates.
DoctorCheck CleanUp(const Settings& settings, const ProgramTables& tables, const ProgramOptions& seams) {
  const auto program = Program::Make(settings, tables, seams);
  if (!program.ok()) return FailedCheck("clean-up", program.error());
  Program& made = **program;
  const EventReport report = made.handler().AskOnce(AskForTasksLeft(made.clock().Now()));
  TellHead(made.ledger());
  const std::string shown =
      report.case_number ? "sallyport cases show " + std::to_string(report.case_number->value) : "";
  return {"clean-up", HealthAfter(report), Printable(FoundBy(report), kFoundBytes), shown};
}

// False: SWP cannot be asked, or does not take the key.
bool AddSwpChecks(const Settings& settings, const ProgramOptions& seams, std::vector<DoctorCheck>& checks) {
  if (const Status can_ask = CheckCanAskSwp(settings.swp); !can_ask.ok()) {
    checks.push_back(FailedCheck("swp", can_ask.error()));
    return false;
  }
  checks.push_back(CheckKeyForm(settings));
  Clock& clock = ClockOf(seams);
  SystemRandom random;
  Logger log(clock, settings.log.level, WriteToStandardError);
  SwpConnection shared(
      settings.swp, clock, random, [&] { return KillSwitchAllows(settings.gates.kill_switch_file); }, seams.wrap_http);
  SwpLine connection(shared, log, std::nullopt);
  checks.push_back(CheckKey(connection.client(), clock.Now()));
  // One failure to reach the manager says it all; the same again five times helps nobody.
  if (checks.back().health == Health::kFailure) return false;
  checks.push_back(CheckClock(connection.client()));
  checks.push_back(CheckComputers(connection.client()));
  checks.push_back(CheckTasks(connection.client()));
  return true;
}

constexpr ViewCheck kWidths = {.state_width = 13, .title_width = 24};

ViewRecord ViewOfCheck(const DoctorCheck& check) {
  return {{"check", check.name, Place::kTitle},
          {"health", std::string(ToString(check.health)), Place::kState},
          {"found", check.found, Place::kReason},
          {"advice", check.advice.empty() ? ViewValue() : ViewValue(check.advice), Place::kDetail}};
}

}  // namespace

ExitCode DoctorCommand(const CommonArguments& common, const DoctorArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const ProgramOptions seams = SeamsOf(common);
  std::vector<DoctorCheck> checks = {{"settings", Health::kOk, "read", ""},
                                     CheckMode(*settings),
                                     CheckLedger(*settings, seams),
                                     CheckKillSwitch(*settings)};
  const bool can_ask = AddSwpChecks(*settings, seams, checks);
  if (arguments.clean_up && can_ask) checks.push_back(CleanUp(*settings, *common.tables, seams));
  AddChannelChecks(*settings, checks);
  AddAwsChecks(*settings, seams, checks);
  bool failed = false;
  for (const DoctorCheck& check : checks) {
    const ViewRecord view = ViewOfCheck(check);
    Print(arguments.json ? RenderJson(view) + "\n" : RenderCheck(view, kWidths, WantsColor()));
    failed = failed || check.health == Health::kFailure;
  }
  return failed ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace sallyport
