// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.h"
#include "config/load.h"
#include "notify/make_channel.h"

namespace sallyport {

// Addresses and keys are shorter.
inline constexpr std::size_t kChannelSecretBytes = std::size_t{4} * 1024;

// The secrets of one channel, from the environment and from files that not every user may read. White space around them
// is taken off. Errors name the channel and the variable or file, and show nothing of a value: kNotFound (not set, no
// file), kInvalidInput (empty, several lines, not visible ASCII), kForbidden, kTooLarge, kStorage.
Result<ChannelSecrets> ReadChannelSecrets(const ChannelSettings& channel, const Environment& environment);

}  // namespace sallyport
