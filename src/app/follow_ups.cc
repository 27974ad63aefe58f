// SPDX-License-Identifier: Apache-2.0
//
// sallyport followups list|run
#include "app/commands.h"
#include "app/console.h"
#include "app/console_program.h"
#include "app/open_ledger.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kMostFollowUps = 1'000;

std::string Line(const FollowUpRecord& record, const Paint& paint) {
  const NewFollowUp& follow_up = record.follow_up;
  std::string text = paint.Bold(std::to_string(record.number.value)) + "  case " +
                     std::to_string(follow_up.case_number.value) + "  " + follow_up.question + "  " +
                     Printable(follow_up.subject, 200) + "\n    ";
  text += record.state == FollowUpState::kOpen
              ? "due " + FormatTime(follow_up.due) + ", given up at " + FormatTime(follow_up.give_up_at)
              : std::string(ToString(record.state)) + " " + FormatTime(record.changed_at);
  text += ", asked " + std::to_string(record.attempts) + (record.attempts == 1 ? " time" : " times");
  if (!record.reason.empty()) text += "\n    " + paint.Dim(Printable(record.reason, 500));
  return text + "\n";
}

std::string JsonLine(const FollowUpRecord& record) {
  const NewFollowUp& follow_up = record.follow_up;
  JsonWriter out;
  out.BeginObject().Member("followUp", record.number.value).Member("case", follow_up.case_number.value);
  out.Member("question", follow_up.question)
      .Member("subject", follow_up.subject)
      .Member("state", ToString(record.state));
  out.Member("due", FormatTime(follow_up.due)).Member("giveUpAt", FormatTime(follow_up.give_up_at));
  out.Member("attempts", record.attempts).Member("reason", record.reason);
  return out.EndObject().Take() + "\n";
}

}  // namespace

ExitCode FollowUpsListCommand(const CommonArguments& common, const FollowUpsArguments& arguments) {
  const SystemClock clock;
  ExitCode code = ExitCode::kOk;
  const auto ledger = OpenLedger(common, clock, code);
  if (!ledger) return code;
  const auto state = arguments.all ? std::nullopt : std::optional(FollowUpState::kOpen);
  const auto records = ledger->ListFollowUps(state, kMostFollowUps);
  if (!records.ok()) {
    Complain(records.error());
    return ExitCode::kStorage;
  }
  const Paint paint(WantsColor());
  for (const FollowUpRecord& record : *records) Print(arguments.json ? JsonLine(record) : Line(record, paint));
  if (records->empty() && !arguments.json) Print("nothing is waited for\n");
  return ExitCode::kOk;
}

ExitCode FollowUpsRunCommand(const CommonArguments& common, const FollowUpsArguments& arguments) {
  ExitCode code = ExitCode::kOk;
  const auto console = ConsoleProgram::Make(common, {false, false, arguments.json}, code);
  if (!console) return code;
  console->RunFollowUps(arguments.wait);
  return console->code();
}

}  // namespace sallyport
