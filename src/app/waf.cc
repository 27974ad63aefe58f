// SPDX-License-Identifier: Apache-2.0
//
// sallyport waf [--now] [--json|--csv|--html FILE]
#include "app/waf.h"

#include <cstdio>
#include <cstdlib>

#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "app/write_file.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/change.h"
#include "edge/run.h"
#include "edge/text.h"
#include "event/stream.h"
#include "report/waf_page.h"

namespace sallyport {
namespace {

// What EventBridge sends for a schedule of this name: a run takes the same way as one that AWS starts.
std::string EventOfNow(const Clock& clock, const std::string& detail) {
  const std::string time = FormatTime(clock.Now());
  return R"({"version":"0","id":"command-)" + time + R"(","source":"aws.scheduler","detail-type":"Scheduled Event",)" +
         R"("account":"","region":"","time":")" + time + R"(","resources":["schedule/sallyport waf"],"detail":)" +
         detail + "}";
}

// The same command is asked anew each time: an event with the same content would be a repetition of the first.
std::string AskedAt(const CommonArguments& common) {
  return FormatTime(ClockOf(SeamsOf(common)).Now());
}

// The sweep's own words go to standard error: standard output is the map's.
ExitCode HandleCommandEvent(const CommonArguments& common, const std::string& detail, bool show,
                            const ProgramArguments& how = {}) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, how, code);
  if (!console) return code;
  EventStream stream("sallyport waf --now", common.tables->workflows.Forms());
  auto arrivals = stream.Feed(EventOfNow(ClockOf(SeamsOf(common)), detail));
  for (Arrival& arrival : stream.Finish()) arrivals.push_back(std::move(arrival));
  for (const Arrival& arrival : arrivals) {
    const Shown shown = console->Render(console->program().handler().Handle(arrival));
    code = Worse(code, shown.code);
    if (show)
      console->Show(shown);
    else if (shown.code != ExitCode::kOk)
      Complain(shown.text);
  }
  return Worse(code, console->Finish());
}

// For ACLs that Firewall Manager or code owns, and for everybody who does not let Sallyport write.
std::string PatchesOf(const edge::Run& run) {
  std::string text;
  for (const edge::RunCandidate& candidate : run.candidates) {
    if (candidate.kind == edge::CandidateKind::kAdd)
      text += edge::PatchFor(candidate.thing_name, candidate.group) + "\n";
  }
  return text.empty() ? "# no group is missing\n" : text;
}

// A script has to be able to tell a whole map from a part of one.
bool IsPartlyKnown(const edge::Run& run) {
  if (!run.gaps.empty()) return true;
  for (const edge::RunHost& host : run.hosts) {
    if (host.state == edge::HostState::kUndetermined) return true;
  }
  return false;
}

}  // namespace

ExitCode IpListCommand(const CommonArguments& common, const IpListArguments& arguments) {
  JsonWriter detail;
  detail.BeginObject().Member("ip_list", arguments.list).Member("account", arguments.account);
  // WAFv2's API for CloudFront is in us-east-1 alone.
  detail.Member("region", arguments.cloudfront ? "us-east-1" : arguments.region);
  detail.Member("scope", arguments.cloudfront ? "CLOUDFRONT" : "REGIONAL");
  detail.Member("v4", arguments.v4).Member("v6", arguments.v6).Member("asked_at", AskedAt(common)).EndObject();
  return HandleCommandEvent(common, detail.Take(), true,
                            {.dry_run = arguments.dry_run, .force = false, .json = arguments.json});
}

ExitCode WafCommand(const CommonArguments& common, const WafArguments& arguments) {
  if (!arguments.revert.empty()) {
    JsonWriter detail;
    detail.BeginObject().Member("revert", arguments.revert).Member("group", arguments.group);
    detail.Member("asked_at", AskedAt(common)).EndObject();
    return HandleCommandEvent(common, detail.Take(), true);
  }
  if (arguments.now) {
    const ExitCode swept = HandleCommandEvent(common, "{}", false);
    if (swept != ExitCode::kOk && swept != ExitCode::kUndetermined) return swept;
  }
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedgerToLook(common, ClockOf(SeamsOf(common)), code);
  if (!ledger) return code;
  const auto run = edge::ReadRun(*ledger);
  if (!run.ok()) {
    Complain(run.error());
    return ExitCode::kStorage;
  }
  if (!run->has_value()) {
    Complain(
        {ErrorCode::kNotFound, "there is no map yet", "start a run: sallyport waf --now, or a schedule (docs/waf.md)"});
    return ExitCode::kUsage;
  }
  const edge::ShowOptions options{arguments.state, arguments.filter, static_cast<std::size_t>(arguments.limit)};
  if (arguments.patch) {
    Print(PatchesOf(**run));
    return ExitCode::kOk;
  }
  if (!arguments.html.empty()) {
    if (const Status wrote = WriteWhole(arguments.html, report::RenderPage(report::WafPage(**run))); !wrote.ok()) {
      Complain(wrote.error());
      return ExitCode::kUsage;
    }
    Print("wrote " + Printable(arguments.html, 200) + "\n");
  }
  if (arguments.json)
    Print(edge::RunJson(**run) + "\n");
  else if (arguments.csv)
    Print(edge::RunCsv(**run));
  else if (arguments.html.empty())
    Print(edge::RunText(**run, options));
  return IsPartlyKnown(**run) ? ExitCode::kUndetermined : ExitCode::kOk;
}

}  // namespace sallyport
