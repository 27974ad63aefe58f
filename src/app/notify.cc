// SPDX-License-Identifier: Apache-2.0
//
// sallyport notify test: a sample message through each channel of the settings, past the gates that concern a message
// and with its outcome in the ledger, and what came of it.
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/console.h"
#include "app/ledger_head.h"
#include "app/wire.h"
#include "base/json.h"
#include "base/text.h"
#include "config/channels.h"
#include "config/nearest.h"
#include "workflow/channels_work.h"

namespace sallyport {
namespace {

constexpr std::size_t kReasonBytes = 1'000;

// Complains and gives nothing when there is nothing to test.
std::optional<std::vector<ChannelSettings>> Chosen(const std::vector<ChannelSettings>& all, const std::string& name) {
  if (all.empty()) {
    Complain("no channels are set: see `notify.channels` in docs/settings.md");
    return std::nullopt;
  }
  if (name.empty()) return all;
  std::vector<std::string_view> names;
  for (const ChannelSettings& channel : all) {
    if (channel.name == name) return std::vector{channel};
    names.push_back(channel.name);
  }
  std::string text = "there is no channel `" + Printable(name, 80) + "` in `notify.channels`";
  if (const auto nearest = Nearest(name, names)) text += " (did you mean `" + std::string(*nearest) + "`?)";
  Complain(text);
  return std::nullopt;
}

// The words of people; the ledger's are in its own list.
std::string_view WordFor(ActionState state) {
  if (state == ActionState::kSent) return "ok      ";
  return state == ActionState::kRefused ? "refused " : "failed  ";
}

std::string LineFor(const ChannelSettings& channel, const ActionOutcome& outcome, const Paint& paint) {
  const bool sent = outcome.state == ActionState::kSent;
  const std::string word(WordFor(outcome.state));
  std::string line = sent ? paint.Green(word) : paint.Red(word);
  line += channel.name + " (" + std::string(ToString(channel.type)) + ")";
  if (!sent) line += ": " + Printable(outcome.reason, kReasonBytes);
  return line + "\n";
}

std::string JsonFor(const ChannelSettings& channel, const ActionOutcome& outcome) {
  const bool sent = outcome.state == ActionState::kSent;
  JsonWriter out;
  out.BeginObject().Member("channel", channel.name).Member("type", ToString(channel.type)).Member("ok", sent);
  out.Member("state", ToString(outcome.state));
  if (!sent) out.Member("reason", Printable(outcome.reason, kReasonBytes));
  return out.EndObject().Take() + "\n";
}

std::vector<std::string> NamesOfChannels(const std::vector<ChannelSettings>& channels) {
  std::vector<std::string> names;
  names.reserve(channels.size());
  for (const ChannelSettings& channel : channels) names.push_back(channel.name);
  return names;
}

}  // namespace

ExitCode NotifyTestCommand(const CommonArguments& common, const NotifyTestArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const auto channels = Chosen(settings->notify.channels, arguments.channel);
  if (!channels) return ExitCode::kUsage;
  const auto program = Program::Make(*settings, *common.tables, SeamsOf(common));
  if (!program.ok()) {
    Complain(program.error());
    return ExitCode::kStorage;
  }
  Program& made = **program;
  const EventReport report =
      made.handler().AskOnce(AskWhetherChannelsWork(NamesOfChannels(*channels), made.clock().Now()));
  const bool all_known = report.plans.size() == 1 && report.plans.front().outcomes.size() == channels->size();
  bool failed = !all_known;
  const Paint paint(WantsColor());
  for (std::size_t i = 0; all_known && i < channels->size(); ++i) {
    const ActionOutcome& outcome = report.plans.front().outcomes[i];
    Print(arguments.json ? JsonFor((*channels)[i], outcome) : LineFor((*channels)[i], outcome, paint));
    failed = failed || outcome.state != ActionState::kSent;
  }
  TellHead(made.ledger());
  if (report.ledger_failed || !all_known) Complain(report.reason);
  if (report.ledger_failed) return ExitCode::kStorage;
  return failed ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace sallyport
