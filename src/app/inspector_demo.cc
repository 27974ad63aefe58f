// SPDX-License-Identifier: Apache-2.0
#include "app/inspector_demo.h"

#include <cstdlib>
#include <filesystem>

#include "app/console.h"
#include "app/demo_events.h"
#include "app/follow_up_loop.h"
#include "app/inspector_commands.h"
#include "app/wire.h"
#include "event/parse.h"
#include "intake/report.h"
#include "notify/render_text.h"
#include "sim/swp_manager.h"
#include "workflow/inspector_settings.h"

namespace sallyport {
namespace {

// A second is a minute of the simulated manager.
constexpr double kPatchSpeed = 60;
constexpr Duration kPatchWait = std::chrono::minutes(6);

class PatchClock final : public Clock {
 public:
  explicit PatchClock(const sim::SimClock& simulated) : simulated_(simulated) {}
  TimePoint Now() const override { return simulated_.Now(); }
  std::chrono::steady_clock::time_point Monotonic() const override { return real_.Monotonic(); }
  void SleepFor(Duration duration) override {
    real_.SleepFor(Duration{static_cast<std::int64_t>(static_cast<double>(duration.count()) / kPatchSpeed) + 1});
  }

 private:
  const sim::SimClock& simulated_;
  SystemClock real_;
};

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

struct Vulnerable {
  std::string_view heading;
  std::string_view instance;
  std::string_view cve;
};
constexpr Vulnerable kVulnerable[] = {
    {"Inspector finds a vulnerable package on a host", "i-0123456789abcdef0", "CVE-2022-22965"},
    {"The same on a host of another policy", "i-0aaaa7777bbbb8888", "CVE-2022-22965"},
    {"The same on a host without an agent", "i-0fedcba9876543210", "CVE-2022-22965"},
    {"A CVE that no rule is for", "i-0123456789abcdef0", "CVE-2020-10001"},
};

std::string EventFor(const Vulnerable& one, std::size_t number, TimePoint now) {
  std::string text;
  for (const DemoEvent& event : DemoEvents()) {
    if (event.name == "vulnerable-package") text = event.json;
  }
  text = Replaced(std::move(text), "i-0123456789abcdef0", one.instance);
  text = Replaced(std::move(text), "CVE-2022-22965", one.cve);
  text = Replaced(std::move(text), "d001", "d00" + std::to_string(number + 1));
  return Replaced(std::move(text), "@NOW@", FormatTime(now));
}

}  // namespace

ExitCode InspectorDemo() {
  std::error_code error;
  std::string folder = std::filesystem::temp_directory_path(error).string() + "/sallyport-demo-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    Complain("no temporary folder can be made");
    return ExitCode::kStorage;
  }
  const SystemClock real;
  sim::SimClock simulated(real.Now(), kPatchSpeed, real);
  PatchClock clock(simulated);
  sim::SwpManagerOptions manager_options;
  manager_options.clock = &simulated;
  const auto manager = sim::SwpManager::Start(sim::DemoSwpEstate(), manager_options);
  if (!manager.ok()) {
    Complain(manager.error());
    return ExitCode::kInternal;
  }
  Settings settings;
  settings.swp.url = (*manager)->url();
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the demo";
  settings.gates = DefaultGates(KindsOf(ProductActions()));
  settings.gates.mode = Mode::kEnforce;
  settings.ledger.path = folder + "/ledger.db";
  settings.log.level = LogLevel::kError;
  settings.rows.Edit<InspectorSettings>().recommendation_scans = 0;
  const Paint paint(WantsColor());
  ProgramOptions options;
  options.clock = &clock;
  options.show_messages = true;
  auto made = Program::Make(settings, ProductProgram(), std::move(options));
  if (!made.ok()) {
    Complain(made.error());
    return ExitCode::kStorage;
  }
  Program& program = **made;
  ExitCode code = ExitCode::kOk;
  const auto show = [&](const EventReport& report) {
    code = Worse(code, ExitCodeFor(report));
    Print(ReportText(report, paint));
    for (const Message& message : report.messages) Print(paint.Cyan("--- message") + "\n" + ConsoleText(message));
    if (report.number) Print("\n");
  };
  Print("\n" + paint.Bold("Now virtual patches") +
        ": findings of Inspector that come within 90 s are answered together\n\n");
  for (std::size_t i = 0; i < std::size(kVulnerable); ++i) {
    Print(paint.Cyan("# " + std::string(kVulnerable[i].heading)) + "\n");
    const std::string text = EventFor(kVulnerable[i], i, clock.Now());
    for (const Arrival& arrival : ParseDocument(text, "vulnerable-package", program.tables().workflows.Forms())) {
      show(program.handler().Handle(arrival));
    }
  }
  Print(paint.Cyan("# The window ends: one answer, and each host is looked at until the rule prevents there") + "\n");
  const auto left = RunFollowUps(program, kPatchWait, 1, show);
  if (!left.ok()) {
    Complain(left.error());
    return ExitCode::kStorage;
  }
  Print("\n  sallyport --ledger " + folder + "/ledger.db patches list\n");
  return code;
}

}  // namespace sallyport
