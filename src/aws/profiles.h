// SPDX-License-Identifier: Apache-2.0
//
// The two shared files of the AWS tools, `~/.aws/config` and `~/.aws/credentials`, as one. Pure.
// Source: contract aws-api, section 3; AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport::aws {

// A nested key has the outer one in front: `ec2.endpoint_url`.
using ProfileSection = std::map<std::string, std::string>;

struct Profiles {
  std::map<std::string, ProfileSection> profiles{};
  std::map<std::string, ProfileSection> services{};  // `[services name]`
};

// The credentials file wins over the config file, key by key. kInvalidInput with file and line for what is not such a
// file; the message never shows a value. kTooLarge over a megabyte.
Result<Profiles> ReadProfiles(std::string_view config, std::string_view credentials);

}  // namespace sallyport::aws
