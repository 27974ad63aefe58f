// SPDX-License-Identifier: Apache-2.0
#include "reach_gather/aws_reach.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "policy/arn.h"
#include "policy/condition.h"
#include "policy/document.h"
#include "policy/glob.h"
#include "reach/judge.h"

namespace sallyport::reach {
namespace {

// The accounts that a resource policy names, itself or by its conditions, and whether it lets in everyone.
struct Named {
  std::set<std::string> accounts{};
  std::set<std::string> organizations{};
  bool everyone = false;
};

void AddFromCondition(const policy::ConditionElement& condition, Named& named) {
  if (policy::ParseOperator(condition.op).negated) return;
  const bool arns = EqualsIgnoreCase(condition.key, "aws:PrincipalArn");
  const bool accounts = EqualsIgnoreCase(condition.key, "aws:PrincipalAccount");
  const bool organizations = EqualsIgnoreCase(condition.key, "aws:PrincipalOrgID");
  const bool paths = EqualsIgnoreCase(condition.key, "aws:PrincipalOrgPaths");
  for (const std::string& value : condition.values) {
    const auto arn = arns ? policy::SplitArn(value) : std::nullopt;
    const std::string account(arn ? arn->account() : accounts ? std::string_view(value) : std::string_view());
    if (policy::IsAccountId(account)) named.accounts.insert(account);
    if (organizations) named.organizations.insert(value);
    if (paths) named.organizations.insert(value.substr(0, value.find('/')));
  }
}

void AddNamed(const Result<std::optional<std::string>>& text, Named& named) {
  if (!text.ok() || !text->has_value()) return;
  const auto document = policy::ParseDocument(**text);
  if (!document.ok()) return;
  for (const policy::Statement& statement : document->statements) {
    if (statement.effect != policy::Effect::kAllow || !statement.principal) continue;
    bool everyone = statement.principal->everyone || statement.principal->negated;
    for (const std::string& value : statement.principal->aws) {
      const auto arn = policy::SplitArn(value);
      const std::string account(arn ? arn->account() : std::string_view(value));
      everyone = everyone || value == "*";
      if (policy::IsAccountId(account)) named.accounts.insert(account);
    }
    if (!everyone) continue;
    named.everyone = true;
    for (const policy::ConditionElement& condition : statement.conditions) AddFromCondition(condition, named);
  }
}

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

// The members of our own organization, where a policy names it.
void AwsReach::AddMembers(const std::set<std::string>& organizations, const Result<Gatherer::Organization>& own,
                          std::set<std::string>& accounts, Facts& facts) const {
  for (const std::string& id : organizations) {
    const std::string whose = "members of organization `" + Printable(id, 60) + "`";
    if (!own.ok()) {
      facts.unread_others.push_back(whose + " (" + own.error().message + ")");
      continue;
    }
    // A pattern may mean ours too.
    const bool is_ours = !own->id.empty() && policy::Glob(id).Matches(own->id);
    if (!is_ours) {
      facts.unread_others.push_back(whose + ", which is another organization,");
      continue;
    }
    const auto members = gatherer_.ReadMembers(*own, kMostAccounts);
    if (!members.ok()) {
      facts.unread_others.push_back(whose + " (" + members.error().message + ")");
      continue;
    }
    accounts.insert(members->begin(), members->end());
    if (members->size() > kMostAccounts) {
      facts.unread_others.push_back(whose + " beyond the first " + std::to_string(kMostAccounts));
    }
  }
}

void AwsReach::AddAccounts(const Result<Gatherer::Organization>& organization, Facts& facts) {
  Named named;
  AddNamed(facts.bucket.policy, named);
  if (facts.bucket.access_points.ok()) {
    for (const AccessPointFacts& point : *facts.bucket.access_points) AddNamed(point.policy, named);
  }
  AddMembers(named.organizations, organization, named.accounts, facts);
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

// Its resource control policies count for the key.
void AwsReach::AddKeyOwner(Facts& facts) {
  if (!facts.bucket.key.ok() || !facts.bucket.key->has_value()) return;
  const std::string& account = (*facts.bucket.key)->account;
  const bool is_known = std::any_of(facts.accounts.begin(), facts.accounts.end(),
                                    [&account](const AccountFacts& one) { return one.account == account; });
  if (!is_known) facts.key_owner.emplace().account = account;
}

Result<Answer> AwsReach::WhoCan(const Ask& ask) {
  if (Status checked = CheckAsk(ask); !checked.ok()) return checked.error();
  Facts facts;
  auto bucket = gatherer_.ReadBucket(ask);
  if (!bucket.ok()) return bucket.error();
  facts.bucket = *std::move(bucket);
  const auto organization = gatherer_.ReadOrganization();
  AddAccounts(organization, facts);
  AddKeyOwner(facts);
  gatherer_.ReadControls(organization, facts);
  Judge judge(facts, ask);
  std::vector<Gatherer::Wanted> wanted;
  for (const AccountFacts& account : facts.accounts) {
    wanted.push_back({account.account, judge.ProfilesOf(account.account), judge.HasTaskRoles(account.account)});
  }
  judge.AddUses(gatherer_.ReadUses(wanted, facts.bucket.region));
  for (const AccountFacts& account : facts.accounts) {
    const auto users = judge.UsersOf(account.account);
    if (users.empty()) continue;
    judge.AddKeys(account.account, gatherer_.ReadKeys(account.account, facts.bucket.partition, users));
  }
  return judge.Take();
}

}  // namespace sallyport::reach
