// SPDX-License-Identifier: Apache-2.0
//
// sallyport inspect FILE...|-, and --sweep
#include <algorithm>
#include <functional>
#include <set>

#include "app/console.h"
#include "app/console_program.h"
#include "app/inspector_commands.h"
#include "app/inspector_sweeper.h"
#include "base/ordered_pool.h"
#include "base/text.h"
#include "event/parse.h"
#include "workflow/inspector_finding.h"
#include "workflow/inspector_sweep.h"
#include "workflow/security_hub.h"

namespace sallyport {
namespace {

constexpr std::size_t kWaitingFindings = 64;

// Hands arrivals in on several threads; what they lead to is shown in their order.
class HandIn {
 public:
  HandIn(ConsoleProgram& console, int workers)
      : console_(console),
        pool_(workers, {static_cast<std::size_t>(workers) * 16, kWaitingFindings * 4},
              [&](const Shown& shown) { console_.Show(shown); }) {}
  void Take(const Arrival& arrival) {
    const Handler& handler = console_.program().handler();
    pool_.Submit(handler.OrderKeyOf(arrival),
                 [&handler, this, arrival] { return console_.Render(handler.Handle(arrival)); });
  }

 private:
  ConsoleProgram& console_;
  OrderedPool<Shown> pool_;
};

// Whose event it is that is no finding of Inspector; empty: it is one, or there is none.
std::string SourceElsewhere(const Arrival& arrival) {
  if (!arrival.event.ok()) return "";
  const Event& event = *arrival.event;
  const bool is_inspector =
      event.source == kInspectorSource || (event.source == kSecurityHubSource && CarriesInspector(event));
  return is_inspector ? "" : event.source;
}

// Lists are taken apart where those of `sallyport handle` are. A file without a finding is a typing mistake, of which
// no record is made.
Status HandInFile(const std::string& file, const BareForms& forms, const std::function<void(const Arrival&)>& take) {
  std::string text;
  Status read = ReadInput(file, [&](std::string_view bytes) {
    text += bytes;
    return text.size() <= bounds::kInputFileBytes;
  });
  if (!read.ok()) return read;
  const std::string origin = file == "-" ? "stdin" : file;
  const std::vector<Arrival> arrivals = ParseInput(text, origin, forms);
  for (const Arrival& arrival : arrivals) {
    const std::string source = SourceElsewhere(arrival);
    if (source.empty()) continue;
    return Error{ErrorCode::kInvalidInput,
                 arrival.origin + ": expected findings of Amazon Inspector, found an event of `" +
                     Printable(source, 100) + "`; nothing was recorded",
                 "give it to `sallyport handle`"};
  }
  const bool is_mistake = std::all_of(arrivals.begin(), arrivals.end(), [](const Arrival& arrival) {
    return !arrival.event.ok() && arrival.nothing.empty();
  });
  if (is_mistake) return arrivals.front().event.error();
  for (const Arrival& arrival : arrivals) take(arrival);
  return Ok();
}

void Tell(const SweepOutcome& outcome, bool dry_run) {
  std::string text = "sweep: " + CountText(outcome.listing.met, "finding") + " met in " +
                     CountText(outcome.listing.whole.size(), "place") + ", " + std::to_string(outcome.known) +
                     " known as they are, " + std::to_string(outcome.handed_in) +
                     (dry_run ? " would be handed in, " : " handed in, ") + std::to_string(outcome.vanished) + " gone";
  Complain(text);
  for (const std::string& place : outcome.listing.unread) {
    Complain("could not be read, so nothing of it counts as gone: " + place);
  }
}

}  // namespace

ExitCode InspectCommand(const CommonArguments& common, const InspectArguments& arguments) {
  if (arguments.sweep == !arguments.files.empty()) {
    Complain("either --sweep or files with findings (- is standard input)");
    return ExitCode::kUsage;
  }
  if (arguments.since > Duration{0} && !arguments.sweep) {
    Complain("--since belongs to --sweep");
    return ExitCode::kUsage;
  }
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {arguments.dry_run, false, arguments.json}, code);
  if (!console) return code;
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  ExitCode worst = ExitCode::kOk;
  {
    HandIn hand_in(*console, arguments.workers);
    const auto take = [&](const Arrival& arrival) { hand_in.Take(arrival); };
    for (const std::string& file : arguments.files) {
      const Status read = HandInFile(file, common.tables->workflows.Forms(), take);
      if (read.ok()) continue;
      Complain(read.error());
      worst = ExitCode::kUnreadable;
    }
    if (arguments.sweep) {
      SweepOptions options;
      options.since = arguments.since;
      options.dry_run = arguments.dry_run;
      const ProgramOptions seams = SeamsOf(common);
      options.aws = {seams.aws_environment, seams.wrap_aws};
      const auto outcome = SweepInspector(console->program(), *settings, options, take);
      if (!outcome.ok()) {
        Complain(outcome.error());
        return ExitCode::kUndetermined;
      }
      Tell(*outcome, arguments.dry_run);
      if (!outcome->listing.unread.empty()) worst = ExitCode::kUndetermined;
    }
  }
  if (arguments.wait > Duration{0} && !arguments.dry_run) console->RunFollowUps(arguments.wait, arguments.workers);
  return Worse(worst, console->Finish());
}

}  // namespace sallyport
