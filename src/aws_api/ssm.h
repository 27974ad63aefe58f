// SPDX-License-Identifier: Apache-2.0
//
// Systems Manager parameters, API version 2014-11-06.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::ssm {

struct Parameter {
  std::string name{};
  std::string type{};
  Secret value{};
  std::optional<std::int64_t> version{};
  std::string arn{};
};

struct GetParameterAnswer {
  Parameter parameter{};
};
struct GetParameter {
  using Answer = GetParameterAnswer;
  static const Operation& Op();
  std::string name{};
  std::optional<bool> decrypt{};
};

void Describe(Shape& shape, Parameter& place);
void Describe(Shape& shape, GetParameter& place);
void Describe(Shape& shape, GetParameterAnswer& place);

}  // namespace sallyport::aws::ssm
