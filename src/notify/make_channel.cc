// SPDX-License-Identifier: Apache-2.0
#include "notify/make_channel.h"

#include "base/check.h"
#include "notify/address.h"
#include "notify/http_channels.h"
#include "notify/slack_channel.h"

namespace sallyport {
namespace {

constexpr const char* kSlackApi = "https://slack.com/api";
// A signature with a shorter key can be guessed (RFC 2104, 3, asks for the hash's 32 bytes; hexadecimal keys of half
// of that are common).
constexpr std::size_t kSecretBytes = 16;

class BrokenChannel final : public Channel {
 public:
  explicit BrokenChannel(Error error) : error_(std::move(error)) { error_.code = ErrorCode::kUnavailable; }
  Attempt Deliver(const Message& /*message*/, const std::optional<std::string>& /*earlier_handle*/,
                  std::optional<TimePoint> /*stop_at*/) override {
    return {error_, std::nullopt};
  }
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  Error error_;
};

Status CheckSecrets(const ChannelSettings& settings, const ChannelSecrets& secrets) {
  if (settings.type == ChannelType::kConsole || settings.type == ChannelType::kJsonLines) return Ok();
  if (!secrets.url.empty()) {
    if (const Status url = CheckChannelUrl(secrets.url.RevealForRequest()); !url.ok()) return url.error();
  }
  if (settings.type == ChannelType::kWebhook && secrets.secret.RevealForRequest().size() < kSecretBytes) {
    return Error{ErrorCode::kInvalidInput,
                 "the secret of the signature is shorter than " + std::to_string(kSecretBytes) + " bytes",
                 "make one with `openssl rand -hex 32`"};
  }
  return Ok();
}

std::string SlackApi(const Secret& url) {
  std::string api = url.empty() ? kSlackApi : url.RevealForRequest();
  while (api.ends_with('/')) api.pop_back();
  return api;
}

std::unique_ptr<Channel> Usable(const ChannelSettings& settings, const ChannelSecrets& secrets,
                                const ChannelParts& parts) {
  switch (settings.type) {
    case ChannelType::kConsole:
      return std::make_unique<ConsoleChannel>(parts.write);
    case ChannelType::kJsonLines:
      return std::make_unique<JsonLinesChannel>(settings.path, parts.write);
    case ChannelType::kSlackWebhook:
      return std::make_unique<SlackWebhookChannel>(parts.http, parts.clock, secrets.url);
    case ChannelType::kSlackBot:
      return std::make_unique<SlackBotChannel>(
          parts.http, parts.clock, SlackBotChannel::Options{SlackApi(secrets.url), secrets.token, settings.channel});
    case ChannelType::kTeams:
      return std::make_unique<TeamsChannel>(parts.http, parts.clock, secrets.url);
    case ChannelType::kWebhook:
      break;
  }
  return std::make_unique<WebhookChannel>(parts.http, parts.clock, secrets.url, secrets.secret);
}

// On call hears of everything; an owner of what he can do something about, and of how it went on.
std::set<MessageKind> HeardBy(const ChannelSettings& settings) {
  using enum MessageKind;
  if (!settings.hears.empty() || !settings.for_owners) return settings.hears;
  return {kUpdate, kOpened, kNeedsPerson, kFailed, kClosed};
}

}  // namespace

Dispatcher::Entry MakeChannel(const ChannelSettings& settings, const Result<ChannelSecrets>& secrets,
                              const ChannelParts& parts) {
  Dispatcher::Entry entry;
  entry.name = settings.name;
  entry.filter = {settings.min_severity, settings.accounts, settings.owners,
                  settings.opened_from,  HeardBy(settings), settings.for_owners};
  Status usable = secrets.ok() ? CheckSecrets(settings, *secrets) : Status(secrets.error());
  if (usable.ok()) {
    entry.channel = Usable(settings, *secrets, parts);
  } else {
    entry.channel = std::make_unique<BrokenChannel>(usable.error());
  }
  return entry;
}

}  // namespace sallyport
