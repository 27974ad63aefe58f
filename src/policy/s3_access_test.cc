// SPDX-License-Identifier: Apache-2.0
#include "policy/s3_access.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::policy {
namespace {

constexpr const char* kPoint = "arn:aws:s3:us-east-1:111122223333:accesspoint/ap";
constexpr const char* kKey = "arn:aws:kms:us-east-1:111122223333:key/1";

PolicyPtr Make(PolicyType type, const std::string& statement) {
  return Policy::FromText("p", type, R"({"Version": "2012-10-17", "Statement": [)" + statement + "]}");
}

PolicyPtr Allow(const std::string& action, const std::string& resource) {
  return Make(PolicyType::kIdentity,
              R"({"Effect": "Allow", "Action": ")" + action + R"(", "Resource": ")" + resource + "\"}");
}

struct Reader {
  explicit Reader(const std::string& account = "111122223333") {
    request.caller = ParseCaller("arn:aws:iam::" + account + ":role/Web", "").value();
    request.action = ActionName("s3:GetObject");
    request.resource = Arn("arn:aws:s3:::b/reports/x");
    request.resource_account = "111122223333";
    request.context = &context;
    key.arn = kKey;
    key.account = "111122223333";
    point.arn = kPoint;
    point.account = "111122223333";
  }
  Reader(const Reader&) = delete;
  Decision Key(bool bucket_key = false) const { return DecideKey(request, policies, key, "us-east-1", bucket_key); }
  Decision Through() const { return DecideThroughAccessPoint(request, policies, point); }

  Context context;
  Request request;
  PolicySet policies;
  EncryptionKey key;
  AccessPoint point;
};

TEST(EncryptedObject, NeedsTheKeyAsWell) {
  Reader reader;
  reader.policies.identity = {Allow("s3:*", "*")};
  reader.key.policy = Make(PolicyType::kResource, R"({"Effect": "Allow", "Principal": {"AWS": "111122223333"},
      "Action": "kms:*", "Resource": "*",
      "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"},
                    "StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b/*"}}})");
  EXPECT_EQ(reader.Key(), Decision::kImplicitlyDenied);
  reader.policies.identity.push_back(Allow("kms:Decrypt", kKey));
  EXPECT_EQ(reader.Key(), Decision::kAllowed);
  // A bucket key's context names the bucket.
  EXPECT_EQ(reader.Key(true), Decision::kImplicitlyDenied);
  reader.request.action = ActionName("s3:PutObject");
  EXPECT_EQ(reader.Key(), Decision::kImplicitlyDenied);
  reader.request.action = ActionName("s3:ListBucket");
  EXPECT_EQ(reader.Key(), Decision::kAllowed);
}

TEST(EncryptedObject, TheAwsManagedKeyIsForItsOwnAccount) {
  Reader own;
  own.key.is_aws_managed = true;
  EXPECT_EQ(own.Key(), Decision::kAllowed);
  Reader other("444455556666");
  other.key.is_aws_managed = true;
  EXPECT_EQ(other.Key(), Decision::kImplicitlyDenied);
}

TEST(AccessPoint, TheCallersPoliciesMustNameThePoint) {
  Reader reader;
  reader.policies.identity = {Allow("s3:GetObject", "arn:aws:s3:::b/*")};
  EXPECT_EQ(reader.Through(), Decision::kImplicitlyDenied);
  std::string reports = kPoint;
  reports += "/object/reports/*";
  reader.policies.identity.push_back(Allow("s3:GetObject", reports));
  EXPECT_EQ(reader.Through(), Decision::kAllowed);
}

TEST(AccessPoint, TheBucketsDeniesStillHold) {
  Reader reader;
  reader.policies.identity = {Allow("s3:*", "*")};
  reader.policies.resource = Make(PolicyType::kResource, R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*",
      "Resource": "*", "Condition": {"StringEquals": {"s3:AccessPointNetworkOrigin": "Internet"}}})");
  EXPECT_EQ(reader.Through(), Decision::kExplicitlyDenied);
  reader.point.vpc_origin = true;
  EXPECT_EQ(reader.Through(), Decision::kAllowed);
}

TEST(AccessPoint, FromAnotherAccountBothPoliciesMustAllow) {
  Reader reader("444455556666");
  reader.policies.identity = {Allow("s3:*", "*")};
  std::string statement =
      R"({"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:*", "Resource": ")";
  statement += kPoint;
  statement += R"(/object/*"})";
  reader.point.policy = Make(PolicyType::kResource, statement);
  EXPECT_EQ(reader.Through(), Decision::kImplicitlyDenied);
  // The usual delegation.
  reader.policies.resource = Make(PolicyType::kResource, R"({"Effect": "Allow", "Principal": "*", "Action": "*",
      "Resource": "*", "Condition": {"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}}})");
  EXPECT_EQ(reader.Through(), Decision::kAllowed);
}

TEST(Both, WhatCouldNotBeDecidedStaysSo) {
  EXPECT_EQ(Both(Decision::kUndecided, Decision::kImplicitlyDenied), Decision::kUndecided);
  EXPECT_EQ(Both(Decision::kAllowed, Decision::kConditional), Decision::kConditional);
  EXPECT_EQ(Both(Decision::kConditional, Decision::kImplicitlyDenied), Decision::kImplicitlyDenied);
  EXPECT_EQ(Both(Decision::kAllowed, Decision::kAllowed), Decision::kAllowed);
}

}  // namespace
}  // namespace sallyport::policy
