// SPDX-License-Identifier: Apache-2.0
#include "aws_client/chain.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport::aws {
namespace {

class RoleProvider final : public CredentialsProvider {
 public:
  RoleProvider(Transport& sts, std::string region, RoleRequest request)
      : sts_(sts), region_(std::move(region)), request_(std::move(request)) {}

  Result<Credentials> Fetch() override { return TakeRole(sts_, region_, request_); }
  std::string Name() const override { return "the role `" + Printable(request_.role_arn, 300) + "`"; }

 private:
  Transport& sts_;
  const std::string region_;
  const RoleRequest request_;
};

bool IsAccount(const std::string& account) {
  return account.size() == 12 &&
         std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CredentialsChain::CredentialsChain(const ProviderParts& parts) {
  providers_.push_back(std::make_unique<EnvironmentProvider>(parts));
  providers_.push_back(std::make_unique<WebIdentityProvider>(parts));
  providers_.push_back(std::make_unique<ProfileProvider>(parts));
  providers_.push_back(std::make_unique<ContainerProvider>(parts));
  providers_.push_back(std::make_unique<InstanceProvider>(parts));
}

Result<Credentials> CredentialsChain::Fetch() {
  std::string tried;
  std::string advice = "give the program AWS credentials in one of these ways";
  for (const auto& provider : providers_) {
    auto credentials = provider->Fetch();
    if (credentials.ok()) {
      may_outlive_ = provider->MayOutliveExpiry();
      return credentials;
    }
    const Error& error = credentials.error();
    tried += (tried.empty() ? "" : "; ") + provider->Name() + ": " + error.message;
    if (error.code == ErrorCode::kNotFound) continue;
    advice = error.advice.empty() ? "correct this one, or take its settings away to use another" : error.advice;
    break;
  }
  return Error{ErrorCode::kUnauthenticated, "no AWS credentials: " + tried, advice};
}

struct AccountCredentials::Entry {
  Entry(RoleProvider role, const Clock& clock, Random& random, Logger& log)
      : provider(std::move(role)), cached(provider, clock, random, log) {}

  RoleProvider provider;
  CachedCredentials cached;
};

AccountCredentials::AccountCredentials(CredentialsSource& own, Transport& sts, const Clock& clock, Random& random,
                                       Logger& log, AccountRoles roles)
    : own_(own), sts_(sts), clock_(clock), random_(random), log_(log), roles_(std::move(roles)) {}
AccountCredentials::~AccountCredentials() = default;

bool AccountCredentials::IsOwn(const std::string& account) const {
  return account.empty() || (account == roles_.home_account && !roles_.listed.contains(account));
}

Result<CachedCredentials*> AccountCredentials::Find(const std::string& account) {
  if (!IsAccount(account)) {
    return Error{ErrorCode::kInvalidInput, "`" + Printable(account, 40) + "` is not an AWS account number", ""};
  }
  const std::lock_guard lock(mutex_);
  if (const auto known = entries_.find(account); known != entries_.end()) return &known->second->cached;
  RoleRequest request{"", roles_.session_name, roles_.external_id, 0};
  if (const auto listed = roles_.listed.find(account); listed != roles_.listed.end()) {
    request.role_arn = listed->second.role_arn;
    request.external_id = listed->second.external_id;
  } else if (!roles_.role_name.empty()) {
    request.role_arn = "arn:" + roles_.partition + ":iam::" + account + ":role/" + roles_.role_name;
  } else {
    return Error{ErrorCode::kInvalidInput, "no role is set for account " + account,
                 "name a role for it, or one for all accounts"};
  }
  auto entry = std::make_unique<Entry>(RoleProvider(sts_, roles_.region, std::move(request)), clock_, random_, log_);
  return &entries_.emplace(account, std::move(entry)).first->second->cached;
}

Result<Keys> AccountCredentials::For(const Place& place) {
  if (IsOwn(place.account)) return own_.For(place);
  const auto cached = Find(place.account);
  if (!cached.ok()) return cached.error();
  return (*cached)->For(place);
}

void AccountCredentials::Distrust(const Place& place, const std::string& access_key_id) {
  if (IsOwn(place.account)) return own_.Distrust(place, access_key_id);
  if (const auto cached = Find(place.account); cached.ok()) (*cached)->Distrust(place, access_key_id);
}

}  // namespace sallyport::aws
