// SPDX-License-Identifier: Apache-2.0
//
// sallyport notify test: a sample message through each channel of the settings, and what came of it.
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/console.h"
#include "app/wire.h"
#include "base/json.h"
#include "base/text.h"
#include "config/channels.h"
#include "config/nearest.h"
#include "net/curl_client.h"
#include "notify/message_for.h"

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

std::string LineFor(const ChannelSettings& channel, const Status& sent, const Paint& paint) {
  std::string line = sent.ok() ? paint.Green("ok      ") : paint.Red("failed  ");
  line += channel.name + " (" + std::string(ToString(channel.type)) + ")";
  if (!sent.ok()) line += ": " + Printable(sent.error().ToText(), kReasonBytes);
  return line + "\n";
}

std::string JsonFor(const ChannelSettings& channel, const Status& sent) {
  JsonWriter out;
  out.BeginObject().Member("channel", channel.name).Member("type", ToString(channel.type)).Member("ok", sent.ok());
  if (!sent.ok()) out.Member("reason", Printable(sent.error().ToText(), kReasonBytes));
  return out.EndObject().Take() + "\n";
}

}  // namespace

ExitCode NotifyTestCommand(const CommonArguments& common, const NotifyTestArguments& arguments) {
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  const auto channels = Chosen(settings->notify.channels, arguments.channel);
  if (!channels) return ExitCode::kUsage;
  const ProgramOptions seams = SeamsOf(common);
  const Clock& clock = ClockOf(seams);
  CurlClient curl(CurlOptionsForChannels());
  const auto wrapped = seams.wrap_channels ? seams.wrap_channels(curl) : nullptr;
  HttpClient& http = wrapped ? *wrapped : static_cast<HttpClient&>(curl);
  const Message sample = SampleMessage(clock.Now());
  const Paint paint(WantsColor());
  bool failed = false;
  NotifySettings chosen;
  chosen.channels = *channels;
  const auto entries = ChannelsFor(chosen, http, clock);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ChannelSettings& channel = (*channels)[i];
    const auto& entry = entries[i];
    const Attempt attempt = entry.channel->Deliver(sample, std::nullopt, std::nullopt);
    const Status sent = attempt.result.ok() ? Ok() : Status(attempt.result.error());
    Print(arguments.json ? JsonFor(channel, sent) : LineFor(channel, sent, paint));
    failed = failed || !sent.ok();
  }
  return failed ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace sallyport
