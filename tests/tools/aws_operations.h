// SPDX-License-Identifier: Apache-2.0
//
// For tests: every operation of ours by name, from JSON and to JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/call.h"

namespace sallyport::aws {

struct NamedOperation {
  std::string service;  // `ec2`
  std::string name;     // `DescribeInstances`
  bool paged = false;
  // The members of `input` have their names on the wire; so have those of the answer. Secrets are hidden.
  std::function<Result<std::string>(const Aws&, const Json& input, bool one_page)> call;
};

const std::vector<NamedOperation>& AllOperations();
const NamedOperation* FindOperation(const std::string& service, const std::string& name);

}  // namespace sallyport::aws
