// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "aws/endpoint.h"
#include "aws_api/iam.h"
#include "aws_api/organizations.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {
namespace {

// AWS allows five levels of units below the root.
constexpr int kMostLevels = 10;
// IAM's most; of 100, its default, 10,000 roles are a hundred calls under a rate limit.
constexpr std::int64_t kItemsEachPage = 1'000;

RoleFacts FromAws(aws::iam::RoleDetail&& detail) {
  RoleFacts role;
  role.name = std::move(detail.role.name);
  role.arn = std::move(detail.role.arn);
  role.id = std::move(detail.role.id);
  role.trust = std::move(detail.role.trust_policy);
  if (detail.role.boundary) role.boundary = std::move(detail.role.boundary->arn);
  for (aws::iam::Tag& tag : detail.role.tags) role.tags.push_back({std::move(tag.key), std::move(tag.value)});
  for (aws::iam::InlinePolicy& policy : detail.inline_policies) {
    role.inline_policies.push_back({std::move(policy.name), std::move(policy.document)});
  }
  for (aws::iam::AttachedPolicy& policy : detail.attached) role.attached.push_back(std::move(policy.arn));
  for (aws::iam::InstanceProfile& profile : detail.profiles) role.profiles.push_back(std::move(profile.arn));
  return role;
}

Result<Roles> Sweep(const aws::Aws& aws) {
  auto answer = aws.Call(aws::iam::GetAccountAuthorizationDetails{
      .filter = {"Role", "LocalManagedPolicy", "AWSManagedPolicy"}, .max_items = kItemsEachPage});
  if (!answer.ok()) return answer.error();
  Roles roles;
  roles.roles.reserve(answer->roles.size());
  for (aws::iam::RoleDetail& detail : answer->roles) roles.roles.push_back(FromAws(std::move(detail)));
  for (aws::iam::ManagedPolicyDetail& policy : answer->policies) {
    for (aws::iam::PolicyVersion& version : policy.versions) {
      if (version.is_default) roles.managed[policy.policy.arn] = std::move(version.document);
    }
  }
  return roles;
}

// Policies of an organization, each read once.
class Controls {
 public:
  explicit Controls(aws::Aws aws) : aws_(std::move(aws)) {}

  // Root first.
  Result<std::vector<ControlLevel>> LevelsOf(const std::string& account) {
    std::vector<ControlLevel> levels;
    std::string target = account;
    for (int i = 0; i < kMostLevels; ++i) {
      auto level = LevelOf(target);
      if (!level.ok()) return level.error();
      levels.push_back(*std::move(level));
      if (target.starts_with("r-")) {
        std::reverse(levels.begin(), levels.end());
        return levels;
      }
      const auto parents = aws_.Call(aws::organizations::ListParents{.child = target});
      if (!parents.ok()) return parents.error();
      if (parents->parents.empty()) {
        return Error{ErrorCode::kBadAnswer, "organizations: `" + target + "` has no parent and is no root", ""};
      }
      target = parents->parents.front().id;
    }
    return Error{ErrorCode::kTooLarge, "account " + account + " is below too many levels", ""};
  }

 private:
  Result<ControlLevel> LevelOf(const std::string& target) {
    if (const auto known = levels_.find(target); known != levels_.end()) return known->second;
    ControlLevel level;
    level.name = target;
    if (Status read = Read(target, "SERVICE_CONTROL_POLICY", level.scps); !read.ok()) return read.error();
    if (Status read = Read(target, "RESOURCE_CONTROL_POLICY", level.rcps); !read.ok()) return read.error();
    levels_[target] = level;
    return level;
  }

  Status Read(const std::string& target, const std::string& filter, std::vector<NamedText>& into) {
    const auto listed = aws_.Call(aws::organizations::ListPoliciesForTarget{.target = target, .filter = filter});
    if (!listed.ok()) return listed.error();
    for (const aws::organizations::PolicySummary& summary : listed->policies) {
      std::string& text = documents_[summary.id];
      if (text.empty()) {
        auto policy = aws_.Call(aws::organizations::DescribePolicy{.id = summary.id});
        if (!policy.ok()) return policy.error();
        text = std::move(policy->content);
      }
      into.push_back({summary.name, text});
    }
    return Ok();
  }

  aws::Aws aws_;
  std::map<std::string, std::string> documents_;
  std::map<std::string, ControlLevel> levels_;
};

}  // namespace

AccountFacts Gatherer::ReadAccount(const std::string& account, const std::string& partition) const {
  AccountFacts facts;
  facts.account = account;
  // IAM is one service for the partition.
  std::string region = options_.home_region;
  if (aws::PartitionOf(region).id != partition) region = aws::PartitionOf(region).global_region;
  facts.roles = Sweep(At(account, region));
  return facts;
}

void Gatherer::ReadControls(Facts& facts) const {
  const auto set_all = [&facts](const Error& error) {
    for (AccountFacts& account : facts.accounts) account.controls = error;
  };
  const std::string& region = options_.home_region;
  const auto organization = At(options_.home_account, region).Call(aws::organizations::DescribeOrganization{});
  if (!organization.ok()) {
    // An account that is in none: nothing controls it.
    if (organization.error().RemoteCode() == "AWSOrganizationsNotInUseException") return;
    return set_all(organization.error());
  }
  facts.organization = organization->id;
  const std::string& management = organization->management_account;
  Controls controls(At(CanRead(management) ? management : options_.home_account, region));
  for (AccountFacts& account : facts.accounts) {
    // SCPs and RCPs do not affect the management account.
    if (account.account != management) account.controls = controls.LevelsOf(account.account);
  }
}

}  // namespace sallyport::reach
