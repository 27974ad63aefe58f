// SPDX-License-Identifier: Apache-2.0
//
// sallyport handle FILE...|-
#include "app/commands.h"
#include "app/console.h"
#include "app/wire.h"
#include "config/load.h"
#include "event/parse.h"
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

// A file that cannot be read is an arrival too: it is in the ledger and in the output like an unreadable event.
std::vector<Arrival> ArrivalsOf(const std::string& file) {
  const std::string origin = file == "-" ? "stdin" : file;
  const auto bytes = ReadInput(file);
  if (!bytes.ok()) return {Arrival{origin, "", bytes.error()}};
  return ParseInput(*bytes, origin);
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
  for (const std::string& file : arguments.files) {
    for (const Arrival& arrival : ArrivalsOf(file)) {
      messages.clear();
      const EventReport report = (*program)->handler().Handle(arrival);
      Show(report, messages, arguments.json, paint);
      code = Worse(code, ExitCodeFor(report));
    }
  }
  return code;
}

}  // namespace sallyport
