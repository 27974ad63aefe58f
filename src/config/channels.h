// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "notify/channel_settings.h"

namespace sallyport {

class Reading;

inline constexpr std::size_t kMostChannels = 20;

// The value of `notify.channels`. Says everything that is wrong; a secret that stands in the file itself is refused and
// not shown.
void ReadChannels(Reading& reading);

// "slack-webhook".
std::string_view ToString(ChannelType type);

}  // namespace sallyport
