// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"
#include "notify/channel.h"
#include "notify/channel_settings.h"
#include "notify/dispatcher.h"
#include "notify/local_channels.h"

namespace sallyport {

// The values behind the SecretSources of one channel; empty where none is given.
struct ChannelSecrets {
  Secret url;
  Secret token;
  Secret secret;
};

// What channels are made of. All must outlive the channels.
struct ChannelParts {
  HttpClient& http;
  const Clock& clock;
  WriteText write;  // to standard output
};

// A channel that can be used, or one whose every delivery fails (kUnavailable, so that it is tried again) and says what
// is wrong with its settings: a secret that could not be read or an address that is refused must not stop the rest.
Dispatcher::Entry MakeChannel(const ChannelSettings& settings, const Result<ChannelSecrets>& secrets,
                              const ChannelParts& parts);

}  // namespace sallyport
