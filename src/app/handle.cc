// SPDX-License-Identifier: Apache-2.0
//
// sallyport handle FILE...|-
#include <functional>

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

// Each event is handled as soon as it has arrived. A file that cannot be read is an arrival too: it is in the ledger
// and in the output like an unreadable event.
void HandleFile(const std::string& file, const BareForms& forms, Journal& ledger, const HandleArrivals& handle) {
  const std::string origin = file == "-" ? "stdin" : file;
  EventStream stream(origin, forms);
  const Status read = ReadInput(file, [&](std::string_view bytes) {
    handle(stream.Feed(bytes));
    // Before it waits for more.
    if (const Status durable = ledger.MakeDurable(); !durable.ok()) Complain(durable.error());
    return !stream.Finished();
  });
  if (!read.ok()) return handle({Arrival{origin, "", read.error()}});
  handle(stream.Finish());
}

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
    for (const std::string& file : arguments.files) HandleFile(file, forms, console->program().ledger(), handle);
  }
  if (arguments.wait > Duration{0} && !arguments.dry_run) console->RunFollowUps(arguments.wait, arguments.workers);
  return console->Finish();
}

}  // namespace sallyport
