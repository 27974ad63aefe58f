// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reach/facts.h"

namespace sallyport::reach {

// Who may act with the role, by its trust policy. Whether somebody does is not said: for EC2 and ECS other facts tell.
struct Trust {
  bool ec2 = false;
  bool ecs_tasks = false;
  // In words: "Lambda functions", "EKS service accounts", "people through IAM Identity Center".
  std::vector<std::string> others;
};
Trust ReadTrust(const RoleFacts& role);

}  // namespace sallyport::reach
