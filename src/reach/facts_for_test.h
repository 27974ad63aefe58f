// SPDX-License-Identifier: Apache-2.0
//
// For tests: an account with a bucket and roles, to be changed in one place each.
#pragma once

#include <string>
#include <utility>

#include "reach/facts.h"

namespace sallyport::reach {

inline constexpr const char* kAccount = "111122223333";
inline constexpr const char* kOther = "444455556666";
inline constexpr const char* kEc2Trust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";
inline constexpr const char* kKeyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

// `{"Version":"2012-10-17","Statement":[...]}` of statements without the brackets around them.
inline std::string PolicyOf(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

inline std::string RoleArn(const std::string& name, const std::string& account = kAccount) {
  return "arn:aws:iam::" + account + ":role/" + name;
}

inline std::string ProfileArn(const std::string& name, const std::string& account = kAccount) {
  return "arn:aws:iam::" + account + ":instance-profile/" + name;
}

// A role with one inline policy of these statements, in the instance profile `NAME-profile`.
inline RoleFacts Role(const std::string& name, const std::string& statements, const std::string& account = kAccount) {
  RoleFacts role;
  role.name = name;
  role.arn = RoleArn(name, account);
  role.id = "AROAEXAMPLE" + name;
  role.trust = kEc2Trust;
  if (!statements.empty()) role.inline_policies = {{"own", PolicyOf(statements)}};
  role.profiles = {ProfileArn(name + "-profile", account)};
  return role;
}

inline const std::string kReads =
    R"({"Sid":"Reads","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"})";

// A bucket without a policy, encrypted by S3 itself; the account has these roles.
inline Facts WithRoles(std::vector<RoleFacts> roles) {
  Facts facts;
  facts.bucket.name = "example-customers";
  facts.bucket.account = kAccount;
  facts.bucket.region = "us-east-1";
  AccountFacts account;
  account.account = kAccount;
  account.roles->roles = std::move(roles);
  facts.accounts.push_back(std::move(account));
  return facts;
}

inline InstanceFacts Instance(const std::string& id, const std::string& profile,
                              const std::string& account = kAccount) {
  InstanceFacts instance;
  instance.account = account;
  instance.region = "us-east-1";
  instance.id = ParseInstanceId(id).value();
  instance.profile = ProfileArn(profile, account);
  instance.state = "running";
  instance.vpc = "vpc-0a1b2c3d";
  instance.tags = {{"Name", "host-" + id.substr(id.size() - 2)}};
  return instance;
}

inline KeyFacts Key(const std::string& statements) {
  KeyFacts key;
  key.arn = kKeyArn;
  key.account = kAccount;
  key.policy = PolicyOf(statements);
  return key;
}

}  // namespace sallyport::reach
