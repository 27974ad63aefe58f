// SPDX-License-Identifier: Apache-2.0
#include "aws_api/kms.h"

namespace sallyport::aws::kms {
namespace {

constexpr Service kService{"kms", "KMS", "kms", "kms", "kms", Protocol::kJson11, "2014-11-01", "TrentService"};
constexpr Operation kGetKeyPolicy{.service = kService, .name = "GetKeyPolicy"};
constexpr Operation kDescribeKey{.service = kService, .name = "DescribeKey"};
constexpr Operation kListGrants{.service = kService, .name = "ListGrants"};

}  // namespace

const Operation& GetKeyPolicy::Op() {
  return kGetKeyPolicy;
}

const Operation& DescribeKey::Op() {
  return kDescribeKey;
}

const Operation& ListGrants::Op() {
  return kListGrants;
}

void Describe(Shape& shape, GetKeyPolicy& place) {
  shape.Required("KeyId", place.key_id);
}

void Describe(Shape& shape, GetKeyPolicyAnswer& place) {
  shape.Required("Policy", place.policy);
}

void Describe(Shape& shape, KeyMetadata& place) {
  shape("Arn", place.arn);
  shape.Required("KeyId", place.id);
  shape("AWSAccountId", place.account);
  shape("KeyState", place.state);
  shape("KeyManager", place.manager);
}

void Describe(Shape& shape, DescribeKey& place) {
  shape.Required("KeyId", place.key_id);
}

void Describe(Shape& shape, DescribeKeyAnswer& place) {
  shape.Required("KeyMetadata", place.metadata);
}

void Describe(Shape& shape, Grant& place) {
  shape.Required("GrantId", place.id);
  shape("GranteePrincipal", place.grantee);
  shape("RetiringPrincipal", place.retiring_principal);
  shape("Operations", place.operations);
}

void Describe(Shape& shape, ListGrants& place) {
  shape.Required("KeyId", place.key_id);
  shape("GranteePrincipal", place.grantee);
  shape("Limit", place.limit);
  shape("Marker", place.page_token);
}

void Describe(Shape& shape, ListGrantsAnswer& place) {
  shape.Required("Grants", place.grants);
  shape("Truncated", place.truncated);
  shape("NextMarker", place.next_page);
}

}  // namespace sallyport::aws::kms
