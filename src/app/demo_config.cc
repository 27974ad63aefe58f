// SPDX-License-Identifier: Apache-2.0
//
// The demo's chapter about rules of AWS Config.
#include "app/demo.h"
#include "app/demo_chapter.h"

namespace sallyport {
namespace {

constexpr std::string_view kModuleOn = R"({\"rule\":\"module-on\",\"modules\":\"anti-malware,intrusion-prevention\"})";
constexpr std::string_view kProtectedRule = R"({\"rule\":\"protected\"})";
constexpr std::string_view kMistyped = R"({\"rule\":\"module-on\",\"moduls\":\"firewall\"})";

const std::vector<DemoStep>& ConfigSteps() {
  static const std::vector<DemoStep> steps = {
      {"A change of a protected instance",
       "config-change",
       {{"@INSTANCE@", "i-0123456789abcdef0"}, {"@RULE@", kModuleOn}},
       EventState::kDone,
       ""},
      {"A change of one without an agent",
       "config-change",
       {{"@INSTANCE@", "i-0fedcba9876543210"}, {"@RULE@", kProtectedRule}},
       EventState::kDone,
       ""},
      {"A rule with a mistyped parameter: no verdict",
       "config-change",
       {{"@INSTANCE@", "i-0123456789abcdef0"}, {"@RULE@", kMistyped}},
       EventState::kUndetermined,
       "moduls"},
      {"Once a day: all instances", "config-schedule", {{"@RULE@", kProtectedRule}}, EventState::kDone, ""},
  };
  return steps;
}

}  // namespace

bool DemoConfig(DemoWorld& world, bool verbose) {
  Settings settings = world.MakeSettings();
  settings.gates.mode = Mode::kObserve;
  settings.log.level = LogLevel::kOff;
  DemoChapter chapter(world, "AWS Config: verdicts for auditors, observe mode", settings, verbose);
  if (!chapter.Ready()) return false;
  for (const DemoStep& step : ConfigSteps()) chapter.Handle(step);
  return chapter.AsMeant();
}

}  // namespace sallyport
