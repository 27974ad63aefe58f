// SPDX-License-Identifier: Apache-2.0
//
// sallyport handle FILE...|-
#include <functional>

#include "app/commands.h"
#include "app/console.h"
#include "app/wire.h"
#include "config/load.h"
#include "event/stream.h"
#include "intake/report.h"
#include "notify/text.h"

namespace sallyport {
namespace {

void Show(const EventReport& report, const std::vector<OwnerMessageToSend>& messages, bool json, const Paint& paint) {
  if (json) return Print(ReportJson(report) + "\n");
  Print(ReportText(report, paint));
  for (const OwnerMessageToSend& message : messages) Print(paint.Cyan("--- message") + "\n" + MessageText(message));
  Print("\n");
}

using HandleArrivals = std::function<void(const std::vector<Arrival>&)>;

// Each event is handled as soon as it has arrived. A file that cannot be read is an arrival too: it is in the ledger
// and in the output like an unreadable event.
void HandleFile(const std::string& file, const HandleArrivals& handle) {
  const std::string origin = file == "-" ? "stdin" : file;
  EventStream stream(origin);
  const Status read = ReadInput(file, [&](std::string_view bytes) {
    handle(stream.Feed(bytes));
    return !stream.Finished();
  });
  if (!read.ok()) return handle({Arrival{origin, "", read.error()}});
  handle(stream.Finish());
}

}  // namespace

ExitCode HandleCommand(const CommonArguments& common, const HandleArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  if (const Status can_ask = CheckCanAskSwp(settings->swp); !can_ask.ok()) {
    Complain(can_ask.error());
    return ExitCode::kUsage;
  }
  std::vector<OwnerMessageToSend> messages;
  auto program = Program::Make(*settings, {arguments.dry_run, arguments.force,
                                           [&](const OwnerMessageToSend& message) { messages.push_back(message); }});
  if (!program.ok()) {
    Complain(program.error());
    return ExitCode::kStorage;
  }
  const Paint paint(!arguments.json && WantsColor());
  ExitCode code = ExitCode::kOk;
  const HandleArrivals handle = [&](const std::vector<Arrival>& arrivals) {
    for (const Arrival& arrival : arrivals) {
      messages.clear();
      const EventReport report = (*program)->handler().Handle(arrival);
      Show(report, messages, arguments.json, paint);
      code = Worse(code, ExitCodeFor(report));
    }
  };
  for (const std::string& file : arguments.files) HandleFile(file, handle);
  return code;
}

}  // namespace sallyport
