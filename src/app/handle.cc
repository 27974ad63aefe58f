// SPDX-License-Identifier: Apache-2.0
//
// sallyport handle FILE...|-
#include <functional>
#include <utility>

#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "base/ordered_pool.h"
#include "event/stream.h"

namespace sallyport {
namespace {

// Enough events that a worker whose turn has come finds one of a case that nobody is at, and enough results that one
// event that waits for SWP, seconds perhaps, does not stop the rest; few enough that a stream of events takes no more
// memory the longer it is. An event that waits may be large, what is shown of one is some kilobytes.
constexpr std::size_t kWaitingPerWorker = 16;
constexpr std::size_t kNotShownPerWorker = 256;

using HandleArrivals = std::function<void(const std::vector<Arrival>&)>;
using ShowReport = std::function<void(const EventReport&)>;

// A named file is most likely a mistake as long as nothing in it was an event: so many things of it are kept back until
// then.
constexpr std::size_t kKeptBack = 100;

// What is said of something that is recorded nowhere.
EventReport NotRecorded(const std::string& origin, const Error& error) {
  EventReport report;
  report.origin = origin;
  report.state = EventState::kUnreadable;
  report.reason = error.ToText() + "; nothing was recorded";
  return report;
}

// One file or standard input. Each event is handled as soon as it has arrived. A file that is not there, or in which
// nothing is an event, is a typing mistake: it is shown, and no record is made of it.
class HandledFile {
 public:
  HandledFile(const std::string& file, Journal& ledger, const HandleArrivals& handle, const ShowReport& show)
      : origin_(file == "-" ? "stdin" : file),
        ledger_(ledger),
        handle_(handle),
        show_(show),
        keeps_back_(file != "-") {}

  void Handle(const std::string& file, const BareForms& forms) {
    EventStream stream(origin_, forms);
    const Status read = ReadInput(file, [&](std::string_view bytes) {
      Take(stream.Feed(bytes));
      // Before it waits for more.
      if (const Status durable = ledger_.MakeDurable(); !durable.ok()) Complain(durable.error());
      return !stream.Finished();
    });
    if (read.ok()) Take(stream.Finish());
    for (const Arrival& arrival : kept_back_) show_(NotRecorded(arrival.origin, arrival.event.error()));
    if (!read.ok()) show_(NotRecorded(origin_, read.error()));
  }

 private:
  void Take(const std::vector<Arrival>& arrivals) {
    for (const Arrival& arrival : arrivals) {
      const bool is_mistake = keeps_back_ && !arrival.event.ok() && arrival.nothing.empty();
      if (is_mistake) kept_back_.push_back(arrival);
      if (is_mistake && kept_back_.size() <= kKeptBack) continue;
      keeps_back_ = false;
      handle_(std::exchange(kept_back_, {}));
      if (!is_mistake) handle_({arrival});
    }
  }

  std::string origin_;
  Journal& ledger_;
  const HandleArrivals& handle_;
  const ShowReport& show_;
  bool keeps_back_;
  std::vector<Arrival> kept_back_;
};

}  // namespace

ExitCode HandleCommand(const CommonArguments& common, const HandleArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {arguments.dry_run, arguments.force, arguments.json}, code);
  if (!console) return code;
  {
    const auto workers = static_cast<std::size_t>(arguments.workers);
    // Shows are in the order of the input, one at a time.
    OrderedPool<Shown> pool(arguments.workers, {workers * kWaitingPerWorker, workers * kNotShownPerWorker},
                            [&](const Shown& shown) { console->Show(shown); });
    const Handler& handler = console->program().handler();
    const HandleArrivals handle = [&](const std::vector<Arrival>& arrivals) {
      for (const Arrival& arrival : arrivals) {
        pool.Submit(handler.OrderKeyOf(arrival),
                    [&handler, &console, arrival] { return console->Render(handler.Handle(arrival)); });
      }
    };
    const BareForms forms = common.tables->workflows.Forms();
    const ShowReport show = [&](const EventReport& report) {
      pool.Submit("", [&console, report] { return console->Render(report); });
    };
    for (const std::string& file : arguments.files) {
      HandledFile(file, console->program().ledger(), handle, show).Handle(file, forms);
    }
  }
  if (arguments.wait > Duration{0} && !arguments.dry_run) console->RunFollowUps(arguments.wait, arguments.workers);
  return console->Finish();
}

}  // namespace sallyport
