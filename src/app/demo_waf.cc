// SPDX-License-Identifier: Apache-2.0
//
// The demo's chapter about web ACLs: the map from the edge to the hosts, as text and as a page.
#include "app/demo.h"
#include "app/demo_chapter.h"
#include "app/write_file.h"
#include "edge/run.h"
#include "edge/text.h"
#include "report/waf_page.h"

namespace sallyport {
namespace {

constexpr std::size_t kHostsOfMap = 4;

// What EventBridge Scheduler sends for a schedule without an input.
std::string ScheduleOfWaf(TimePoint now) {
  return R"({"version":"0","id":"demo-waf","source":"aws.scheduler","detail-type":"Scheduled Event",)"
         R"("account":"111122223333","region":"us-east-1","time":")" +
         FormatTime(now) +
         R"(","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly-waf"],"detail":"{}"})";
}

}  // namespace

bool DemoWaf(DemoWorld& world, bool verbose) {
  Settings settings = world.MakeSettings();
  settings.aws.accounts = {{"444455556666", "arn:aws:iam::444455556666:role/sallyport-reader"}};
  settings.aws.external_id = "sallyport-demo";
  DemoChapter chapter(world, "WAF: which hosts stand behind an enforcing web ACL", settings, verbose);
  if (!chapter.Ready()) return false;
  const DemoStep step = {"A schedule", "nightly-waf", {}, EventState::kDone, ""};
  chapter.HandleText(step, ScheduleOfWaf(world.clock().Now()));
  const auto run = edge::ReadRun(chapter.program().ledger());
  chapter.Want(run.ok() && run->has_value(), "the ledger has a run");
  if (!run.ok() || !run->has_value()) return false;
  edge::ShowOptions options;
  options.most = kHostsOfMap;
  const std::string text = edge::RunText(**run, options);
  chapter.Say("sallyport waf", text.substr(0, text.find('\n')), text);
  const std::string file = world.folder() + "/waf.html";
  const Status wrote = WriteWhole(file, report::RenderPage(report::WafPage(**run)));
  chapter.Want(wrote.ok(), "the page is written" + (wrote.ok() ? "" : ": " + wrote.error().ToText()));
  chapter.Say("The same as a page", file);
  return chapter.AsMeant();
}

}  // namespace sallyport
