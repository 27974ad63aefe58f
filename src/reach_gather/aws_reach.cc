// SPDX-License-Identifier: Apache-2.0
#include "reach_gather/aws_reach.h"

#include <utility>

#include "policy/arn.h"
#include "policy/document.h"
#include "reach/judge.h"

namespace sallyport::reach {
namespace {

// The accounts that a resource policy names, and whether it lets in everyone.
struct Named {
  std::set<std::string> accounts{};
  bool everyone = false;
};

void AddNamed(const Result<std::optional<std::string>>& text, Named& named) {
  if (!text.ok() || !text->has_value()) return;
  const auto document = policy::ParseDocument(**text);
  if (!document.ok()) return;
  for (const policy::Statement& statement : document->statements) {
    if (statement.effect != policy::Effect::kAllow || !statement.principal) continue;
    named.everyone = named.everyone || statement.principal->everyone || statement.principal->negated;
    for (const std::string& value : statement.principal->aws) {
      const auto arn = policy::SplitArn(value);
      const std::string account(arn ? arn->account() : std::string_view(value));
      if (value == "*") named.everyone = true;
      if (policy::IsAccountId(account)) named.accounts.insert(account);
    }
  }
}

constexpr std::string_view kNotEvaluated =
    "VPC endpoint policies, Multi-Region Access Points, Object Lambda, S3 Access Grants, access points of other "
    "accounts";

}  // namespace

AccountFacts AwsReach::Account(const std::string& account, const std::string& partition) {
  const std::lock_guard lock(sweeps_->mutex_);
  auto& all = sweeps_->kept_;
  const auto now = clock_.Monotonic();
  std::erase_if(all, [now](const auto& kept) { return now - kept.second.read >= kKeepSweep; });
  const auto kept = all.find(account);
  if (kept != all.end()) return kept->second.facts;
  AccountFacts facts = gatherer_.ReadAccount(account, partition);
  if (facts.roles.ok()) all[account] = {now, facts};
  return facts;
}

void AwsReach::AddAccounts(Facts& facts) {
  Named named;
  AddNamed(facts.bucket.policy, named);
  if (facts.bucket.access_points.ok()) {
    for (const AccessPointFacts& point : *facts.bucket.access_points) AddNamed(point.policy, named);
  }
  if (named.everyone) named.accounts.insert(options_.other_accounts.begin(), options_.other_accounts.end());
  named.accounts.erase(facts.bucket.account);
  facts.accounts.push_back(Account(facts.bucket.account, facts.bucket.partition));
  for (const std::string& account : named.accounts) {
    if (facts.accounts.size() > kMostAccounts) {
      facts.unread_accounts[account] =
          "its roles were not read: the policies name more than " + std::to_string(kMostAccounts) + " accounts";
    } else if (gatherer_.CanRead(account)) {
      facts.accounts.push_back(Account(account, facts.bucket.partition));
    } else {
      facts.unread_accounts[account] =
          "its roles were not read, since no role is configured for it (aws.accounts, aws.role_name)";
    }
  }
}

Result<Answer> AwsReach::WhoCan(const Ask& ask) {
  if (Status checked = CheckAsk(ask); !checked.ok()) return checked.error();
  Facts facts;
  auto bucket = gatherer_.ReadBucket(ask);
  if (!bucket.ok()) return bucket.error();
  facts.bucket = *std::move(bucket);
  AddAccounts(facts);
  gatherer_.ReadControls(facts);
  Judge judge(facts, ask);
  std::vector<Gatherer::Wanted> wanted;
  for (const AccountFacts& account : facts.accounts) {
    wanted.push_back({account.account, judge.ProfilesOf(account.account), judge.HasTaskRoles(account.account)});
  }
  judge.AddUses(gatherer_.ReadUses(wanted, facts.bucket.region));
  Answer answer = judge.Take();
  answer.not_considered.emplace_back(kNotEvaluated);
  return answer;
}

}  // namespace sallyport::reach
