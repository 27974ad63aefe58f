// SPDX-License-Identifier: Apache-2.0
//
// sallyport who-can BUCKET
#include <algorithm>

#include "app/aws_connection.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/wire.h"
#include "base/text.h"
#include "config/load.h"
#include "reach/text.h"

namespace sallyport {
namespace {

// A manager is asked for each host: beyond this the answer says that it was not asked.
constexpr std::size_t kMostLookups = 200;

reach::Ask AskOf(const WhoCanArguments& arguments) {
  reach::Ask ask;
  ask.bucket = arguments.bucket;
  ask.account = arguments.account;
  ask.region = arguments.region;
  ask.prefix = arguments.prefix;
  ask.principal = arguments.principal;
  ask.with_trace = arguments.why;
  ask.indirect = arguments.indirect;
  ask.controls_decide = true;
  if (!arguments.actions.empty()) ask.actions = arguments.actions;
  return ask;
}

reach::HostNote NoteOf(const Protection& protection) {
  reach::HostNote note{std::string(ToString(protection.state)), ""};
  for (const ProtectionNote& reason : protection.decisive) note.why += (note.why.empty() ? "" : "; ") + reason.text;
  return note;
}

// The last column: what SWP says about each host.
std::map<InstanceId, reach::HostNote> AskSwp(const reach::Answer& answer, const Settings& settings,
                                             const ProgramOptions& seams, Random& random, Logger& log) {
  Clock& clock = ClockOf(seams);
  std::map<InstanceId, reach::HostNote> notes;
  const Status can_ask = CheckCanAskSwp(settings.swp);
  std::optional<SwpConnection> shared;
  std::optional<SwpLine> connection;
  if (can_ask.ok()) {
    shared.emplace(settings.swp, clock, random, MayWrite{}, seams.wrap_http);
    connection.emplace(*shared, log, std::nullopt);
  }
  for (const reach::PrincipalAnswer& principal : answer.principals) {
    for (const reach::HostAnswer& host : principal.hosts) {
      if (notes.contains(host.instance)) continue;
      if (!connection) {
        notes[host.instance] = {"not asked", "SWP is not set up: " + can_ask.error().message};
      } else if (notes.size() >= kMostLookups) {
        notes[host.instance] = {"not asked", "more than " + std::to_string(kMostLookups) + " hosts"};
      } else {
        notes[host.instance] =
            NoteOf(JudgeProtection({host.instance, host.account}, connection->client().FindComputers(host.instance),
                                   settings.protection, clock.Now()));
      }
    }
  }
  return notes;
}

// Whether something that was asked for is not known: a script must be able to tell.
bool IsPartly(const reach::Answer& answer, const std::map<InstanceId, reach::HostNote>& notes) {
  const auto undetermined = ToString(ProtectionState::kUndetermined);
  const auto is_open = [](const reach::PrincipalAnswer& principal) {
    return std::any_of(principal.actions.begin(), principal.actions.end(), [](const reach::ActionAnswer& action) {
      return action.decision == policy::Decision::kUndecided;
    });
  };
  const auto everyone_is_open = [](const reach::EveryoneAnswer& everyone) {
    return std::any_of(everyone.actions.begin(), everyone.actions.end(), [](const reach::ActionAnswer& action) {
      return action.decision == policy::Decision::kUndecided;
    });
  };
  return !answer.gaps.empty() || answer.unlisted_undecided > 0 ||
         std::any_of(answer.principals.begin(), answer.principals.end(), is_open) ||
         std::any_of(answer.users.begin(), answer.users.end(), is_open) ||
         std::any_of(answer.everyone.begin(), answer.everyone.end(), everyone_is_open) ||
         std::any_of(notes.begin(), notes.end(), [&](const auto& note) { return note.second.state == undetermined; });
}

}  // namespace

ExitCode WhoCanCommand(const CommonArguments& common, const WhoCanArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const reach::Ask ask = AskOf(arguments);
  if (const Status checked = CheckAsk(ask); !checked.ok()) {
    Complain(checked.error());
    return ExitCode::kUsage;
  }
  const ProgramOptions seams = SeamsOf(common);
  Clock& clock = ClockOf(seams);
  SystemRandom random;
  Logger log(clock, settings->log.level, WriteToStandardError);
  LazyAws aws(settings->aws, {seams.aws_environment, seams.wrap_aws}, clock, random, log);
  AwsLine reads(aws, clock, log, std::nullopt);
  const auto answer = reads.WhoCan(ask);
  if (!answer.ok()) {
    Complain(answer.error());
    return answer.error().code == ErrorCode::kInvalidInput ? ExitCode::kUsage : ExitCode::kUndetermined;
  }
  if (!answer->unknown_principal.empty()) {
    Complain(Error{ErrorCode::kInvalidInput, answer->unknown_principal, "check the ARN given as --principal"});
    return ExitCode::kUsage;
  }
  const auto notes = AskSwp(*answer, *settings, seams, random, log);
  Print(arguments.json ? reach::AnswerJson(*answer, notes) + "\n" : reach::AnswerText(*answer, {.notes = notes}));
  return IsPartly(*answer, notes) ? ExitCode::kUndetermined : ExitCode::kOk;
}

}  // namespace sallyport
