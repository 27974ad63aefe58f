// SPDX-License-Identifier: Apache-2.0
//
// The credentials we start with, and the roles of other accounts taken with them.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aws_client/credentials.h"
#include "aws_client/providers.h"

namespace sallyport::aws {

// The first provider that is set up here: environment, web identity, profile, container, instance metadata (the SDKs'
// order). One that is set up and fails ends the search: going on would take another identity than was meant. When none
// gives keys the error (kUnauthenticated) names each with its reason.
class CredentialsChain final : public CredentialsProvider {
 public:
  explicit CredentialsChain(const ProviderParts& parts);

  Result<Credentials> Fetch() override;
  std::string Name() const override { return "the AWS credentials chain"; }
  bool MayOutliveExpiry() const override { return may_outlive_; }

 private:
  std::vector<std::unique_ptr<CredentialsProvider>> providers_;
  std::atomic<bool> may_outlive_{false};
};

// Which role to take in an account that is not our own.
struct AccountRole {
  std::string role_arn{};
  std::string external_id{};
};
struct AccountRoles {
  std::string home_account{};  // of our own credentials; empty: only calls without an account use them
  std::string role_name{};     // the role of this name in every account that is not listed; may have a path
  std::string external_id{};   // goes with role_name
  std::string session_name = "sallyport";
  std::string partition = "aws";
  std::string region{};                         // where STS is asked
  std::map<std::string, AccountRole> listed{};  // by account
};

// The keys of the account that a call is for: our own, or those of a role there, kept and refreshed for each account.
// Thread-safe. References outlive it; `sts` signs with our own credentials.
class AccountCredentials final : public CredentialsSource {
 public:
  AccountCredentials(CredentialsSource& own, Transport& sts, const Clock& clock, Random& random, Logger& log,
                     AccountRoles roles);
  ~AccountCredentials() override;

  // kInvalidInput when no role is known for the account.
  Result<Keys> For(const Place& place) override;
  void Distrust(const Place& place, const std::string& access_key_id) override;

 private:
  struct Entry;
  bool IsOwn(const std::string& account) const;
  Result<CachedCredentials*> Find(const std::string& account);

  CredentialsSource& own_;
  Transport& sts_;
  const Clock& clock_;
  Random& random_;
  Logger& log_;
  const AccountRoles roles_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

}  // namespace sallyport::aws
