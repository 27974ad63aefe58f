// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ssm.h"

namespace sallyport::aws::ssm {
namespace {

constexpr Service kService{"ssm", "SSM", "ssm", "ssm", "ssm", Protocol::kJson11, "2014-11-06", "AmazonSSM"};
constexpr Operation kGetParameter{.service = kService, .name = "GetParameter"};

}  // namespace

const Operation& GetParameter::Op() {
  return kGetParameter;
}

void Describe(Shape& shape, Parameter& place) {
  shape.Required("Name", place.name);
  shape("Type", place.type);
  shape.Required("Value", place.value);
  shape("Version", place.version);
  shape("ARN", place.arn);
}

void Describe(Shape& shape, GetParameter& place) {
  shape.Required("Name", place.name);
  shape("WithDecryption", place.decrypt);
}

void Describe(Shape& shape, GetParameterAnswer& place) {
  shape.Required("Parameter", place.parameter);
}

}  // namespace sallyport::aws::ssm
