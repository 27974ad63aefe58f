// SPDX-License-Identifier: Apache-2.0
#include "app/demo_config.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "app/console.h"
#include "app/demo_events.h"
#include "app/wire.h"
#include "base/check.h"
#include "event/parse.h"
#include "intake/report.h"
#include "sim/aws/estate.h"
#include "sim/aws/simulator.h"
#include "sim/swp_manager.h"

namespace sallyport {
namespace {

struct ConfigCall {
  std::string_view heading;
  std::string_view event;     // of demo_events/
  std::string_view instance;  // what `@INSTANCE@` stands for
  std::string_view rule;      // and `@RULE@`
};

const std::vector<ConfigCall>& ConfigCalls() {
  static const std::vector<ConfigCall> calls = {
      {"AWS Config saw a change of a protected instance", "config-change", "i-0123456789abcdef0",
       R"({\"rule\":\"module-on\",\"modules\":\"anti-malware,intrusion-prevention\"})"},
      {"And of one without an agent", "config-change", "i-0fedcba9876543210", R"({\"rule\":\"protected\"})"},
      {"A rule that was written with a mistake tells AWS Config nothing", "config-change", "i-0123456789abcdef0",
       R"({\"rule\":\"module-on\",\"moduls\":\"firewall\"})"},
      {"Once a day all instances are judged", "config-schedule", "", R"({\"rule\":\"protected\"})"},
  };
  return calls;
}

std::string WithText(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string TextOfCall(const ConfigCall& call, TimePoint now) {
  std::string text;
  for (const DemoEvent& event : DemoEvents()) {
    if (event.name == call.event) text = event.json;
  }
  Check(!text.empty(), "an event of the demo");
  text = WithText(std::move(text), "@INSTANCE@", call.instance);
  text = WithText(std::move(text), "@RULE@", call.rule);
  return WithText(std::move(text), "@NOW@", FormatTime(now));
}

Settings ConfigDemoSettings(const std::string& url) {
  Settings settings;
  settings.swp.url = url;
  settings.swp.api_key = Secret("SIM-KEY-FULL");
  settings.swp.api_key_source = "the demo";
  settings.gates = DefaultGates(KindsOf(ProductActions()));
  settings.ledger.path = ":memory:";
  settings.log.level = LogLevel::kOff;
  return settings;
}

// The keys of the simulated AWS, and its address; nothing of the machine's own.
aws::Environment ConfigDemoEnvironment(const std::string& url) {
  aws::Environment environment;
  environment.variable = [url](const std::string& name) -> std::string {
    if (name == "AWS_ENDPOINT_URL") return url;
    if (name == "AWS_REGION") return "us-east-1";
    if (name == "AWS_ACCESS_KEY_ID") return "AKIAIOSFODNN7EXAMPLE";
    if (name == "AWS_SECRET_ACCESS_KEY") return "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    return "";
  };
  environment.file = [](const std::string& path) -> Result<std::string> {
    return Error{ErrorCode::kNotFound, "`" + path + "`: the demo has no files", ""};
  };
  environment.output = [](const std::string&) -> Result<Secret> {
    return Error{ErrorCode::kUnavailable, "the demo runs no programs", ""};
  };
  return environment;
}

}  // namespace

ExitCode DemoConfigChapter() {
  const SystemClock real;
  sim::SimClock simulated(real.Now(), 1, real);
  sim::SwpManagerOptions swp_options;
  swp_options.clock = &simulated;
  const auto manager = sim::SwpManager::Start(sim::DemoSwpEstate(), swp_options);
  aws_sim::SimulatorOptions aws_options;
  aws_options.clock = &simulated;
  const auto aws = aws_sim::Simulator::Start(aws_sim::DemoAwsEstate(), aws_options);
  if (!manager.ok() || !aws.ok()) {
    Complain(manager.ok() ? aws.error() : manager.error());
    return ExitCode::kInternal;
  }
  ProgramOptions options;
  options.aws_environment = [url = (*aws)->url()] { return ConfigDemoEnvironment(url); };
  auto program = Program::Make(ConfigDemoSettings((*manager)->url()), ProductProgram(), std::move(options));
  if (!program.ok()) {
    Complain(program.error());
    return ExitCode::kStorage;
  }
  const Paint paint(WantsColor());
  Print("\n" + paint.Bold("Now rules of AWS Config") +
        ": verdicts for auditors, in observe mode, nothing written to SWP\n\n");
  ExitCode code = ExitCode::kOk;
  for (const ConfigCall& call : ConfigCalls()) {
    Print(paint.Cyan("# " + std::string(call.heading)) + "\n");
    const BareForms forms = (*program)->tables().workflows.Forms();
    for (const Arrival& arrival : ParseDocument(TextOfCall(call, (*program)->clock().Now()), "AWS Config", forms)) {
      const EventReport report = (*program)->handler().Handle(arrival);
      // The mistake of the third call is meant to be one.
      if (report.state != EventState::kUndetermined) code = Worse(code, ExitCodeFor(report));
      Print(ReportText(report, paint) + "\n");
    }
  }
  return code;
}

}  // namespace sallyport
