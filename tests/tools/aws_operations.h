// SPDX-License-Identifier: Apache-2.0
//
// For tests: every operation of ours by name, from JSON and to JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aws/call.h"
#include "base/json.h"

namespace sallyport::aws {

struct NamedOperation {
  const Operation* operation;
  // The members of `input` have their names on the wire; so have those of the answer. Secrets are hidden.
  Result<std::string> (*call)(const Aws&, const Json& input, Pages pages);
};

std::span<const NamedOperation> AllOperations();
const NamedOperation* FindOperation(std::string_view service, std::string_view name);

}  // namespace sallyport::aws
