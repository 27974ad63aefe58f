// SPDX-License-Identifier: Apache-2.0
//
// The demo's chapter about Inspector.
#include "app/demo.h"
#include "app/demo_chapter.h"
#include "workflow/inspector_settings.h"

namespace sallyport {
namespace {

constexpr Duration kPatchWait = std::chrono::hours(2);
constexpr std::string_view kFirstFinding = "d001";

const std::vector<DemoStep>& PatchSteps() {
  static const std::vector<DemoStep> steps = {
      {"A vulnerable package on a host", "vulnerable-package", {}, EventState::kJoined, ""},
      {"The same on a host of another SWP policy",
       "vulnerable-package",
       {{"i-0123456789abcdef0", "i-0aaaa7777bbbb8888"}, {kFirstFinding, "d002"}},
       EventState::kJoined,
       ""},
      {"The same on a host without an agent",
       "vulnerable-package",
       {{"i-0123456789abcdef0", "i-0fedcba9876543210"}, {kFirstFinding, "d003"}},
       EventState::kJoined,
       ""},
      {"A CVE that no rule is for",
       "vulnerable-package",
       {{"CVE-2022-22965", "CVE-2020-10001"}, {kFirstFinding, "d004"}},
       EventState::kJoined,
       ""},
  };
  return steps;
}

}  // namespace

bool DemoPatches(DemoWorld& world, bool verbose) {
  Settings settings = world.MakeSettings();
  settings.rows.Edit<InspectorSettings>().recommendation_scans = 0;
  // Of the world's time: findings of one second are answered together.
  settings.rows.Edit<InspectorSettings>().window = std::chrono::minutes(5);
  settings.rows.Edit<InspectorSettings>().window_at_most = std::chrono::minutes(10);
  DemoChapter chapter(world, "Inspector findings: virtual patches, answered together", settings, verbose);
  if (!chapter.Ready()) return false;
  for (const DemoStep& step : PatchSteps()) chapter.Handle(step);
  chapter.Wait("One answer; each host is checked", kPatchWait);
  return chapter.AsMeant();
}

}  // namespace sallyport
