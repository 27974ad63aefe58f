// SPDX-License-Identifier: Apache-2.0
#include "aws_api/sts.h"

namespace sallyport::aws::sts {
namespace {

constexpr Service kService{"sts", "STS", "sts", "sts", "sts", Protocol::kQuery, "2011-06-15"};
constexpr Operation kAssumeRole{.service = kService, .name = "AssumeRole"};
constexpr Operation kAssumeRoleWithWebIdentity{
    .service = kService, .name = "AssumeRoleWithWebIdentity", .is_signed = false};
constexpr Operation kGetCallerIdentity{.service = kService, .name = "GetCallerIdentity"};

struct AssumedRoleUser {
  std::string arn{};
};
void Describe(Shape& shape, AssumedRoleUser& place) {
  shape("Arn", place.arn);
}

}  // namespace

const Operation& AssumeRole::Op() {
  return kAssumeRole;
}

const Operation& AssumeRoleWithWebIdentity::Op() {
  return kAssumeRoleWithWebIdentity;
}

const Operation& GetCallerIdentity::Op() {
  return kGetCallerIdentity;
}

void Describe(Shape& shape, Credentials& place) {
  shape.Required("AccessKeyId", place.access_key_id);
  shape.Required("SecretAccessKey", place.secret_access_key);
  shape.Required("SessionToken", place.session_token);
  shape.Required("Expiration", place.expires);
}

void Describe(Shape& shape, AssumeRole& place) {
  shape.Required("RoleArn", place.role_arn);
  shape.Required("RoleSessionName", place.session_name);
  shape("DurationSeconds", place.duration_seconds);
  shape("ExternalId", place.external_id);
}

void Describe(Shape& shape, AssumeRoleAnswer& place) {
  shape.Required("Credentials", place.credentials);
  AssumedRoleUser user{place.arn};
  shape("AssumedRoleUser", user);
  place.arn = user.arn;
}

void Describe(Shape& shape, AssumeRoleWithWebIdentity& place) {
  shape.Required("RoleArn", place.role_arn);
  shape.Required("RoleSessionName", place.session_name);
  shape.Required("WebIdentityToken", place.token);
  shape("DurationSeconds", place.duration_seconds);
}

void Describe(Shape&, GetCallerIdentity&) {}
void Describe(Shape& shape, GetCallerIdentityAnswer& place) {
  shape.Required("Account", place.account);
  shape.Required("Arn", place.arn);
  shape("UserId", place.user_id);
}

}  // namespace sallyport::aws::sts
