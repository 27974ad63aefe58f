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
  bool pod_tags = false;      // EKS Pod Identity may set its six session tags
  bool session_tags = false;  // somebody else may set session tags (sts:TagSession)
  bool federated = false;     // whoever signs in with a web identity or SAML may act with it
  // In words: "Lambda functions", "EKS service accounts", "people through IAM Identity Center".
  std::vector<std::string> others;
};
Trust ReadTrust(const RoleFacts& role);

}  // namespace sallyport::reach
