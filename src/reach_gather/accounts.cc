// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "aws/endpoint.h"
#include "aws_api/iam.h"
#include "aws_client/fan_out.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {
namespace {

// IAM's most; of 100, its default, 10,000 roles are a hundred calls under a rate limit.
constexpr std::int64_t kItemsEachPage = 1'000;

template <class Detail, class RoleOrUser>
void TakePolicies(Detail& detail, RoleOrUser& into) {
  for (aws::iam::InlinePolicy& policy : detail.inline_policies) {
    into.inline_policies.push_back({std::move(policy.name), std::move(policy.document)});
  }
  for (aws::iam::AttachedPolicy& policy : detail.attached) into.attached.push_back(std::move(policy.arn));
}

RoleFacts FromAws(aws::iam::RoleDetail&& detail) {
  RoleFacts role;
  role.name = std::move(detail.role.name);
  role.arn = std::move(detail.role.arn);
  role.id = std::move(detail.role.id);
  role.trust = std::move(detail.role.trust_policy);
  if (detail.role.boundary) role.boundary = std::move(detail.role.boundary->arn);
  for (aws::iam::Tag& tag : detail.role.tags) role.tags.push_back({std::move(tag.key), std::move(tag.value)});
  TakePolicies(detail, role);
  for (aws::iam::InstanceProfile& profile : detail.profiles) role.profiles.push_back(std::move(profile.arn));
  return role;
}

// With what its groups give it.
UserFacts FromAws(aws::iam::UserDetail&& detail, const std::map<std::string, const aws::iam::GroupDetail*>& groups) {
  UserFacts user;
  user.name = std::move(detail.name);
  user.arn = std::move(detail.arn);
  user.id = std::move(detail.id);
  if (detail.boundary) user.boundary = std::move(detail.boundary->arn);
  for (aws::iam::Tag& tag : detail.tags) user.tags.push_back({std::move(tag.key), std::move(tag.value)});
  TakePolicies(detail, user);
  for (const std::string& name : detail.groups) {
    const auto group = groups.find(name);
    if (group == groups.end()) {
      // An attached policy that does not exist makes the user undetermined, which it then is.
      user.attached.push_back("the policies of group " + name);
      continue;
    }
    for (const aws::iam::InlinePolicy& policy : group->second->inline_policies) {
      user.inline_policies.push_back({name + "/" + policy.name, policy.document});
    }
    for (const aws::iam::AttachedPolicy& policy : group->second->attached) user.attached.push_back(policy.arn);
  }
  return user;
}

Result<Roles> Sweep(const aws::Aws& aws) {
  auto answer = aws.Call(aws::iam::GetAccountAuthorizationDetails{
      .filter = {"User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"}, .max_items = kItemsEachPage});
  if (!answer.ok()) return answer.error();
  Roles roles;
  roles.roles.reserve(answer->roles.size());
  for (aws::iam::RoleDetail& detail : answer->roles) roles.roles.push_back(FromAws(std::move(detail)));
  std::map<std::string, const aws::iam::GroupDetail*> groups;
  for (const aws::iam::GroupDetail& group : answer->groups) groups[group.name] = &group;
  for (aws::iam::UserDetail& user : answer->users) roles.users.push_back(FromAws(std::move(user), groups));
  for (aws::iam::ManagedPolicyDetail& policy : answer->policies) {
    for (aws::iam::PolicyVersion& version : policy.versions) {
      if (version.is_default) roles.managed[policy.policy.arn] = std::move(version.document);
    }
  }
  return roles;
}

// Managed policies that are used and that the snapshot does not hold: AWS gives those that are attached to somebody,
// and a boundary is no attachment.
std::vector<std::string> MissingPolicies(const Roles& roles) {
  std::set<std::string> missing;
  const auto look = [&](const auto& of) {
    for (const std::string& arn : of.attached) missing.insert(arn);
    if (!of.boundary.empty()) missing.insert(of.boundary);
  };
  for (const RoleFacts& role : roles.roles) look(role);
  for (const UserFacts& user : roles.users) look(user);
  std::erase_if(missing, [&roles](const std::string& arn) { return roles.managed.contains(arn); });
  return {missing.begin(), missing.end()};
}

}  // namespace

// IAM is one service for the partition.
std::string Gatherer::RegionOfIam(const std::string& partition) const {
  const auto& home = aws::PartitionOf(options_.home_region);
  return home.id == partition ? options_.home_region : std::string(home.global_region);
}

void Gatherer::AddMissingPolicies(const aws::Aws& aws, Roles& roles) const {
  std::vector<std::string> missing = MissingPolicies(roles);
  // Those that are left out stay unread, and whoever has them undetermined.
  if (missing.size() > kMostMissingPolicies) missing.resize(kMostMissingPolicies);
  std::vector<Result<std::string>> documents(missing.size(), aws::NotBegun());
  const std::vector<std::string> lanes(missing.size(), aws.place().account);
  aws::RunInLanes(clock_, {.concurrency = options_.concurrency}, lanes, [&](std::size_t i) {
    const auto policy = aws.Call(aws::iam::GetPolicy{.arn = missing[i]});
    if (!policy.ok()) {
      documents[i] = policy.error();
      return;
    }
    auto version = aws.Call(aws::iam::GetPolicyVersion{.arn = missing[i], .version = policy->policy.default_version});
    documents[i] = version.ok() ? Result<std::string>(std::move(version->version.document)) : version.error();
  });
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (documents[i].ok()) roles.managed[missing[i]] = *std::move(documents[i]);
    if (!documents[i].ok()) roles.unread.emplace(missing[i], documents[i].error());
  }
}

AccountFacts Gatherer::ReadAccount(const std::string& account, const std::string& partition) const {
  AccountFacts facts;
  facts.account = account;
  const aws::Aws aws = At(account, RegionOfIam(partition));
  facts.roles = Sweep(aws);
  if (facts.roles.ok()) AddMissingPolicies(aws, *facts.roles);
  return facts;
}

std::map<std::string, Result<bool>> Gatherer::ReadKeys(const std::string& account, const std::string& partition,
                                                       const std::vector<std::string>& users) const {
  const std::size_t count = std::min(users.size(), kMostUsers);
  std::vector<Result<bool>> active(count, false);
  const std::vector<std::string> lanes(count, account);
  aws::RunInLanes(clock_, {.concurrency = options_.concurrency}, lanes, [&](std::size_t i) {
    const auto keys = At(account, RegionOfIam(partition)).Call(aws::iam::ListAccessKeys{.user_name = users[i]});
    if (!keys.ok()) {
      active[i] = keys.error();
      return;
    }
    active[i] = std::any_of(keys->keys.begin(), keys->keys.end(),
                            [](const aws::iam::AccessKey& key) { return key.status == "Active"; });
  });
  std::map<std::string, Result<bool>> by_name;
  for (std::size_t i = 0; i < count; ++i) by_name.emplace(users[i], active[i]);
  return by_name;
}

}  // namespace sallyport::reach
