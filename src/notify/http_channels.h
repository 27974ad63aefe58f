// SPDX-License-Identifier: Apache-2.0
//
// The two channels that are one POST: Microsoft Teams by a Workflows webhook, and the signed webhook for programs.
#pragma once

#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"
#include "notify/channel.h"

namespace sallyport {

// Cannot change what it sent: counters alone are no news here.
class TeamsChannel final : public Channel {
 public:
  TeamsChannel(HttpClient& http, const Clock& clock, Secret url) : http_(http), clock_(clock), url_(std::move(url)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kGist; }

 private:
  HttpClient& http_;
  const Clock& clock_;
  const Secret url_;
};

// The message as JSON, with the headers of notify/signature.h. X-Sallyport-Delivery is the same for each try of the
// same content, so that a receiver can drop what it has.
class WebhookChannel final : public Channel {
 public:
  WebhookChannel(HttpClient& http, const Clock& clock, Secret url, Secret secret)
      : http_(http), clock_(clock), url_(std::move(url)), secret_(std::move(secret)) {}
  Attempt Deliver(const Message& message, const std::optional<std::string>& earlier_handle,
                  std::optional<TimePoint> stop_at) override;
  ContentScope scope() const override { return ContentScope::kAll; }

 private:
  HttpClient& http_;
  const Clock& clock_;
  const Secret url_;
  const Secret secret_;
};

}  // namespace sallyport
