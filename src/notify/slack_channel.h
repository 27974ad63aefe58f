// SPDX-License-Identifier: Apache-2.0
//
// Slack: by incoming webhook, which can only send, or as a bot, which can change what it sent.
#pragma once

#include <string>

#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"
#include "notify/channel.h"
#include "notify/render_slack.h"

namespace sallyport {

// docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. An update is one more message, so counters alone
// are no news here.
class SlackWebhookChannel final : public Channel {
 public:
  SlackWebhookChannel(HttpClient& http, const Clock& clock, Secret url)
      : http_(http), clock_(clock), url_(std::move(url)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kGist; }

 private:
  HttpClient& http_;
  const Clock& clock_;
  const Secret url_;
};

// chat.postMessage and chat.update. Posts into the owner's own channel when the mapping file names one, and into the
// channel of the settings otherwise, or when the owner's does not let us in. The handle is
// "C012AB3CD:1503435956.000247".
class SlackBotChannel final : public Channel {
 public:
  struct Options {
    std::string api;  // "https://slack.com/api", without a slash at its end
    Secret token;
    std::string channel;  // "C012AB3CD"
  };
  SlackBotChannel(HttpClient& http, const Clock& clock, Options options)
      : http_(http), clock_(clock), options_(std::move(options)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  Attempt Post(HttpClient& http, const Message& message);
  Attempt Call(HttpClient& http, const std::string& method, const Message& message, const SlackTarget& target,
               std::string& word);

  HttpClient& http_;
  const Clock& clock_;
  const Options options_;
};

// The channel and timestamp of a handle; both empty when it is none of ours.
SlackTarget TargetOfHandle(const std::string& handle);

}  // namespace sallyport
