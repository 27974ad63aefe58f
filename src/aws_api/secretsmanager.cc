// SPDX-License-Identifier: Apache-2.0
#include "aws_api/secretsmanager.h"

namespace sallyport::aws::secretsmanager {
namespace {

constexpr Service kService{"secretsmanager", "Secrets Manager", "secretsmanager", "secretsmanager",
                           "secretsmanager", Protocol::kJson11, "2017-10-17",     "secretsmanager"};
constexpr Operation kGetSecretValue{.service = kService, .name = "GetSecretValue"};

}  // namespace

const Operation& GetSecretValue::Op() {
  return kGetSecretValue;
}

void Describe(Shape& shape, GetSecretValue& place) {
  shape.Required("SecretId", place.id);
  shape("VersionId", place.version_id);
  shape("VersionStage", place.version_stage);
}

void Describe(Shape& shape, GetSecretValueAnswer& place) {
  shape.Required("ARN", place.arn);
  shape("Name", place.name);
  shape("VersionId", place.version);
  shape("SecretString", place.text);
  shape("SecretBinary", place.binary);
}

}  // namespace sallyport::aws::secretsmanager
