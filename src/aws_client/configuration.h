// SPDX-License-Identifier: Apache-2.0
//
// What the AWS variables and the shared files say besides credentials. Contract aws-api, section 1, "Overrides".
#pragma once

#include <string>

#include "aws/endpoint.h"
#include "aws/profiles.h"
#include "aws_client/environment.h"
#include "base/result.h"

namespace sallyport::aws {

struct Configuration {
  std::string region{};  // empty: neither variable nor profile names one
  std::string profile = "default";
  bool profile_named = false;  // AWS_PROFILE is set, so the profile must be there
  int attempts = 3;
  EndpointSettings endpoints{};
  Profiles profiles{};
};

// kInvalidInput, naming the variable or the file, for what cannot be meant.
Result<Configuration> ReadConfiguration(const Environment& environment);

}  // namespace sallyport::aws
