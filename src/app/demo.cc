// SPDX-License-Identifier: Apache-2.0
//
// sallyport demo: four findings against a simulated SWP manager, over real HTTP, with the ordinary parts.
#include <cstdlib>
#include <filesystem>

#include "app/commands.h"
#include "app/console.h"
#include "app/demo_events.h"
#include "app/wire.h"
#include "event/parse.h"
#include "intake/report.h"
#include "notify/text.h"
#include "sim/swp_manager.h"

namespace sallyport {
namespace {

// One second of the demo is a minute of the simulated manager, and a scan takes two of those minutes.
constexpr double kSpeed = 60;
constexpr Duration kScanDuration = std::chrono::minutes(2);
constexpr Duration kPollEvery = std::chrono::milliseconds(250);
constexpr Duration kLongestWait = std::chrono::seconds(30);

struct PendingScan {
  swp::ScanRequest request;
  swp::AcceptedScan accepted;
  std::string description;
};

std::string ReplaceAll(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// A folder of its own under the system's temporary folder; it stays, so that the ledger can be looked at.
std::string DemoFolder() {
  std::error_code error;
  std::string pattern = std::filesystem::temp_directory_path(error).string() + "/sallyport-demo-XXXXXX";
  const char* made = ::mkdtemp(pattern.data());
  return made == nullptr ? "" : made;
}

Settings DemoSettings(const std::string& url, const std::string& folder) {
  Settings settings;
  settings.swp.url = url;
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the demo";
  settings.gates.mode = Mode::kEnforce;
  settings.ledger.path = folder + "/ledger.db";
  settings.log.level = LogLevel::kError;
  return settings;
}

std::vector<PendingScan> PendingOf(const EventReport& report) {
  std::vector<PendingScan> pending;
  for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
    const auto* scan = std::get_if<RequestScan>(&report.plan->actions[i].action);
    const auto& accepted = report.outcomes[i].accepted;
    if (scan == nullptr || !accepted) continue;
    pending.push_back({{scan->kind, scan->computer, TokenOf(report.plan->actions[i].key)},
                       *accepted,
                       Describe(report.plan->actions[i].action)});
  }
  return pending;
}

std::string Recommended(swp::Client& client, ComputerId computer) {
  std::string text;
  for (const swp::RuleModule module : swp::kRuleModules) {
    const auto assignments = client.GetAssignments(swp::Scope::Of(computer), module);
    if (!assignments.ok() || assignments->recommended_to_assign.empty()) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(assignments->recommended_to_assign.size()) + " for " +
            std::string(swp::DisplayName(module));
  }
  return text.empty() ? "it recommends no further rule" : "it recommends rules: " + text;
}

// Prints a line for the scan when it has finished. False: not yet.
bool ShowIfFinished(const PendingScan& scan, Program& program, const Paint& paint) {
  const auto progress = program.swp().CheckScan(scan.request, scan.accepted.accepted_at);
  if (!progress.ok() || !progress->finished) return false;
  std::string line = "  " + paint.Green("finished") + ": " + scan.description + " at " +
                     FormatTime(*progress->finished_at) + " of the manager's clock\n";
  if (scan.request.kind == swp::ScanKind::kRecommendation) {
    line += "            " + Recommended(program.swp(), scan.request.computer) + "\n";
  }
  // SWP deletes a task that ran once, perhaps; a second deletion does no harm.
  const Status deleted = program.swp().DeleteTask(scan.accepted.task);
  if (!deleted.ok()) line += "            " + deleted.error().ToText() + "\n";
  Print(line);
  return true;
}

// False when some scan did not finish in time.
bool WaitForScans(std::vector<PendingScan> pending, Program& program, const Paint& paint) {
  Print(paint.Bold("The scans run in the simulated manager") + paint.Dim("  (a minute of its clock in a second)") +
        "\n");
  for (Duration waited{0}; !pending.empty() && waited < kLongestWait; waited += kPollEvery) {
    std::erase_if(pending, [&](const PendingScan& scan) { return ShowIfFinished(scan, program, paint); });
    if (!pending.empty()) program.clock().SleepFor(kPollEvery);
  }
  for (const PendingScan& scan : pending) Print("  " + paint.Red("not finished") + ": " + scan.description + "\n");
  return pending.empty();
}

std::string Introduction(const std::string& url, const Paint& paint) {
  return paint.Bold("Sallyport demo") + ": four GuardDuty findings, a simulated SWP manager at " + url +
         ", enforce mode\n\n";
}

std::string Ending(const std::string& folder, const Paint& paint) {
  return "\n" + paint.Bold("The ledger keeps all of it:") + "\n  sallyport --ledger " + folder +
         "/ledger.db ledger list\n" + "  sallyport --ledger " + folder + "/ledger.db ledger show 1\n";
}

ExitCode RunDemo(sim::SwpManager& manager, const std::string& folder, const Paint& paint) {
  std::vector<OwnerMessageToSend> messages;
  auto program = Program::Make(DemoSettings(manager.url(), folder),
                               {false, false, [&](const OwnerMessageToSend& message) { messages.push_back(message); }});
  if (!program.ok()) {
    Complain(program.error());
    return ExitCode::kStorage;
  }
  Print(Introduction(manager.url(), paint));
  ExitCode code = ExitCode::kOk;
  std::vector<PendingScan> pending;
  for (const DemoEvent& event : DemoEvents()) {
    const std::string text = ReplaceAll(event.json, "@NOW@", FormatTime((*program)->clock().Now()));
    for (const Arrival& arrival : ParseDocument(text, event.name)) {
      messages.clear();
      const EventReport report = (*program)->handler().Handle(arrival);
      Print(ReportText(report, paint));
      for (const auto& message : messages) Print(paint.Cyan("--- message") + "\n" + MessageText(message));
      Print("\n");
      const auto more = PendingOf(report);
      pending.insert(pending.end(), more.begin(), more.end());
      code = Worse(code, ExitCodeFor(report));
    }
  }
  if (!WaitForScans(std::move(pending), **program, paint)) code = Worse(code, ExitCode::kFailed);
  Print(Ending(folder, paint));
  return code;
}

}  // namespace

ExitCode DemoCommand() {
  const std::string folder = DemoFolder();
  if (folder.empty()) {
    Complain("no temporary folder can be made");
    return ExitCode::kStorage;
  }
  const SystemClock real;
  sim::SimClock clock(real.Now(), kSpeed, real);
  sim::SwpManagerOptions options;
  options.clock = &clock;
  options.scan_duration = kScanDuration;
  auto manager = sim::SwpManager::Start(sim::DemoSwpEstate(), options);
  if (!manager.ok()) {
    Complain(manager.error());
    return ExitCode::kInternal;
  }
  return RunDemo(**manager, folder, Paint(WantsColor()));
}

}  // namespace sallyport
