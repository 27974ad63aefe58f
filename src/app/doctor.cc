// SPDX-License-Identifier: Apache-2.0
//
// sallyport doctor: what would go wrong, before it does. Reads only, unless --clean-up is given.
#include <unistd.h>

#include <map>
#include <utility>

#include "app/aws_connection.h"
#include "app/commands.h"
#include "app/console.h"
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

enum class Health { kOk, kWarning, kFailure };

struct Finding {
  std::string_view name;
  Health health = Health::kOk;
  std::string found;
  std::string advice;
};

// A manager's clock that is further off than this makes "later than our request" doubtful to people, though not to us.
constexpr Duration kClockTolerance = std::chrono::minutes(1);
constexpr Duration kExpiryWarning = std::chrono::hours(24 * 14);
constexpr std::size_t kFoundBytes = 1'000;

std::string_view ToString(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kWarning:
      return "warning";
    case Health::kFailure:
      break;
  }
  return "failure";
}

Finding Failure(std::string_view name, const Error& error) {
  return {name, Health::kFailure, error.message, error.advice};
}

Finding CheckMode(const Settings& settings) {
  const GateSettings& gates = settings.gates;
  std::string found(ToString(gates.mode));
  for (const auto& [account, mode] : gates.account_modes) found += ", " + account + ": " + std::string(ToString(mode));
  const bool acts = gates.mode == Mode::kEnforce || !gates.account_modes.empty();
  return {"mode", Health::kOk, found, acts ? "" : "nothing is written into SWP until `mode: enforce`"};
}

// Looks, and makes nothing: neither the ledger nor a newer version of it.
Finding CheckLedger(const Settings& settings, const ProgramOptions& seams) {
  const std::string path = LedgerPath(settings.ledger);
  const auto found = LookForLedger(path, SqliteLedger::kBusyTimeout);
  if (!found.ok()) return Failure("ledger", found.error());
  if (const Status can = CheckLedgerCanBeWritten(path); !can.ok()) return Failure("ledger", can.error());
  if (!found->is_there) return {"ledger", Health::kOk, path + ": no ledger yet", "the first event makes it"};
  if (found->version == 0) return {"ledger", Health::kOk, path + ": nothing in it yet", ""};
  if (found->is_old) {
    const std::string has = path + " has version " + std::to_string(found->version);
    return {"ledger", Health::kWarning, has, AdviceForOldLedger()};
  }
  auto opened = SqliteLedger::OpenToLook(path, ClockOf(seams));
  if (!opened.ok()) return Failure("ledger", opened.error());
  const auto ledger = Wrapped(*std::move(opened), seams);
  const auto records = ledger->ListCases({.limit = 1});
  if (!records.ok()) return Failure("ledger", records.error());
  return {"ledger", Health::kOk, path, ""};
}

Finding CheckKillSwitch(const Settings& settings) {
  const auto on = ReadKillSwitch(settings.gates.kill_switch_file);
  if (!on.ok()) return Failure("kill-switch", on.error());
  if (*on)
    return {"kill-switch", Health::kWarning, "`" + settings.gates.kill_switch_file + "` exists: nothing runs", ""};
  return {"kill-switch", Health::kOk, settings.gates.kill_switch_file.empty() ? "no file is set" : "off", ""};
}

Finding CheckKeyForm(const Settings& settings) {
  const auto advice = WrongKeyAdvice(settings.swp.api_key, settings.swp.authentication);
  if (advice) return {"key-form", Health::kWarning, "the API key does not look right for swp.authentication", *advice};
  return {"key-form", Health::kOk, "from " + settings.swp.api_key_source, ""};
}

Finding CheckKey(swp::Client& client, TimePoint now) {
  const auto key = client.GetCurrentApiKey();
  // Without the right to look at keys the answer is 403, which still proves that the key was accepted.
  if (!key.ok() && key.error().code == ErrorCode::kForbidden) {
    return {"api-key", Health::kOk, "accepted; its role may not look at keys, so expiry is not known", ""};
  }
  if (!key.ok()) return Failure("api-key", key.error());
  const std::string name = "`" + Printable(key->name, 100) + "`";
  if (!key->active) return {"api-key", Health::kFailure, name + " is locked", "unlock it in SWP"};
  if (key->expires && *key->expires - now < kExpiryWarning) {
    return {"api-key", Health::kWarning, name + " expires at " + FormatTime(*key->expires), "renew it"};
  }
  return {"api-key", Health::kOk,
          name + (key->expires ? ", expires " + FormatTime(*key->expires) : ", does not expire"), ""};
}

Finding CheckClock(const swp::Client& client) {
  const auto difference = client.SeenClockDifference();
  if (!difference) return {"clock", Health::kWarning, "the manager's answers carry no date", ""};
  const Duration distance = std::chrono::abs(*difference);
  const std::string found =
      "the manager's clock differs by " + FormatDuration(std::chrono::duration_cast<std::chrono::seconds>(distance));
  if (distance <= kClockTolerance) return {"clock", Health::kOk, found, ""};
  return {"clock", Health::kWarning, found, "check time synchronisation on both sides"};
}

Finding CheckComputers(swp::Client& client) {
  const Status read = client.VisitComputers(swp::SearchBody(1), [](const swp::Computer&) { return false; });
  if (!read.ok()) return Failure("read-computers", read.error());
  return {"read-computers", Health::kOk, "allowed", ""};
}

Finding CheckTasks(swp::Client& client) {
  const auto tasks = client.FindOurTasks(ComputerId{1});
  if (!tasks.ok()) return Failure("read-tasks", tasks.error());
  return {"read-tasks", Health::kOk, "allowed; the rights to create and run tasks show only at the first scan", ""};
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
Finding CleanUp(const Settings& settings, const ProgramTables& tables, const ProgramOptions& seams) {
  const auto program = Program::Make(settings, tables, seams);
  if (!program.ok()) return Failure("clean-up", program.error());
  Program& made = **program;
  const EventReport report = made.handler().AskOnce(AskForTasksLeft(made.clock().Now()));
  TellHead(made.ledger());
  const std::string shown =
      report.case_number ? "sallyport cases show " + std::to_string(report.case_number->value) : "";
  return {"clean-up", HealthAfter(report), Printable(FoundBy(report), kFoundBytes), shown};
}

// AWS is needed for findings about buckets and for who-can alone.
Finding CheckAws(const Settings& settings, const ProgramOptions& seams) {
  SystemRandom random;
  Logger log(ClockOf(seams), LogLevel::kOff, WriteToStandardError);
  const auto connection =
      AwsConnection::Make(settings.aws, {seams.aws_environment, seams.wrap_aws}, ClockOf(seams), random, log);
  const AwsSettings& aws = settings.aws;
  const bool is_meant = !aws.region.empty() || !aws.role_name.empty() || !aws.accounts.empty();
  if (!connection.ok()) {
    const std::string needed = "needed for Macie findings and `sallyport who-can`; see docs/security.md";
    const Error& error = connection.error();
    return {"aws", is_meant ? Health::kFailure : Health::kOk, is_meant ? error.message : "not set up: " + error.message,
            error.advice.empty() ? needed : error.advice};
  }
  const AwsIdentity& identity = (*connection)->identity();
  return {"aws", Health::kOk, Printable(identity.arn, 200) + " in " + identity.region, ""};
}

// False: SWP cannot be asked, or does not take the key.
bool AddSwpChecks(const Settings& settings, const ProgramOptions& seams, std::vector<Finding>& checks) {
  if (const Status can_ask = CheckCanAskSwp(settings.swp); !can_ask.ok()) {
    checks.push_back(Failure("swp", can_ask.error()));
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

constexpr ViewCheck kWidths = {.state_width = 9, .title_width = 16};

ViewRecord ViewOfCheck(const Finding& check) {
  return {{"check", std::string(check.name), Place::kTitle},
          {"health", std::string(ToString(check.health)), Place::kState},
          {"found", check.found, Place::kReason},
          {"advice", check.advice.empty() ? ViewValue() : ViewValue(check.advice), Place::kDetail}};
}

}  // namespace

ExitCode DoctorCommand(const CommonArguments& common, const DoctorArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const ProgramOptions seams = SeamsOf(common);
  std::vector<Finding> checks = {{"settings", Health::kOk, "read", ""},
                                 CheckMode(*settings),
                                 CheckLedger(*settings, seams),
                                 CheckKillSwitch(*settings)};
  const bool can_ask = AddSwpChecks(*settings, seams, checks);
  if (arguments.clean_up && can_ask) checks.push_back(CleanUp(*settings, *common.tables, seams));
  checks.push_back(CheckAws(*settings, seams));
  bool failed = false;
  for (const Finding& check : checks) {
    const ViewRecord view = ViewOfCheck(check);
    Print(arguments.json ? RenderJson(view) + "\n" : RenderCheck(view, kWidths, WantsColor()));
    failed = failed || check.health == Health::kFailure;
  }
  return failed ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace sallyport
