// SPDX-License-Identifier: Apache-2.0
//
// Secrets Manager, API version 2017-10-17.
#pragma once

#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::secretsmanager {

struct GetSecretValueAnswer {
  std::string arn{};
  std::string name{};
  std::string version{};
  Secret text{};
  Secret binary{};  // base64
};
// `id`: a name or a whole ARN.
struct GetSecretValue {
  using Answer = GetSecretValueAnswer;
  static const Operation& Op();
  std::string id{};
  std::string version_id{};
  std::string version_stage{};
};

void Describe(Shape& shape, GetSecretValue& place);
void Describe(Shape& shape, GetSecretValueAnswer& place);

}  // namespace sallyport::aws::secretsmanager
