// SPDX-License-Identifier: Apache-2.0
//
// Where accounts are in their organizations, and the control policies above them. Every account may ask which
// organization it is in; the tree and its policies are for the management account and delegated administrators
// (Organizations API Reference, "DescribeOrganization", "ListParents", "ListPoliciesForTarget").
#include <map>
#include <optional>
#include <set>

#include "aws_api/organizations.h"
#include "aws_client/fan_out.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {
namespace {

// AWS allows five levels of units below the root.
constexpr std::size_t kMostLevels = 10;

bool IsRefused(const Error& error) {
  return error.code == ErrorCode::kForbidden || error.code == ErrorCode::kUnauthenticated;
}

}  // namespace

// The tree and the policies of one organization, each read once, by one account after the other until one may.
class ControlTree {
 public:
  explicit ControlTree(std::vector<aws::Aws> readers) : readers_(std::move(readers)) {}

  // Account first, root last.
  Result<std::vector<std::string>> AncestorsOf(const std::string& account) {
    std::vector<std::string> targets = {account};
    while (!targets.back().starts_with("r-")) {
      if (targets.size() > kMostLevels) {
        return Error{ErrorCode::kTooLarge, "account " + account + " is below too many levels", ""};
      }
      const auto parent = ParentOf(targets.back());
      if (!parent.ok()) return parent.error();
      targets.push_back(*parent);
    }
    return targets;
  }

  // Root first.
  Result<std::vector<ControlLevel>> LevelsOf(const std::vector<std::string>& targets) {
    std::vector<ControlLevel> levels;
    for (auto target = targets.rbegin(); target != targets.rend(); ++target) {
      auto level = LevelOf(*target);
      if (!level.ok()) return level.error();
      levels.push_back(*std::move(level));
    }
    return levels;
  }

 private:
  // A reader that was refused is not asked again: what the last of them says then holds for all further questions.
  template <class Request>
  Result<typename Request::Answer> Ask(const Request& request) {
    while (!refused_) {
      if (readers_.empty()) {
        refused_ = Error{ErrorCode::kForbidden, "no account that may read them is configured", ""};
        break;
      }
      auto answer = readers_.front().Call(request);
      if (answer.ok() || !IsRefused(answer.error())) return answer;
      if (readers_.size() == 1) refused_ = answer.error();
      readers_.erase(readers_.begin());
    }
    return *refused_;
  }

  Result<std::string> ParentOf(const std::string& child) {
    if (const auto known = parents_.find(child); known != parents_.end()) return known->second;
    const auto parents = Ask(aws::organizations::ListParents{.child = child});
    if (!parents.ok()) return parents.error();
    if (parents->parents.empty()) {
      return Error{ErrorCode::kBadAnswer, "organizations: `" + child + "` has no parent and is no root", ""};
    }
    return parents_[child] = parents->parents.front().id;
  }

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
    const auto listed = Ask(aws::organizations::ListPoliciesForTarget{.target = target, .filter = filter});
    if (!listed.ok()) return listed.error();
    for (const aws::organizations::PolicySummary& summary : listed->policies) {
      std::string& text = documents_[summary.id];
      if (text.empty()) {
        auto policy = Ask(aws::organizations::DescribePolicy{.id = summary.id});
        if (!policy.ok()) return policy.error();
        text = std::move(policy->content);
      }
      into.push_back({summary.name, text});
    }
    return Ok();
  }

  std::vector<aws::Aws> readers_;
  std::optional<Error> refused_;
  std::map<std::string, std::string> documents_;
  std::map<std::string, ControlLevel> levels_;
  std::map<std::string, std::string> parents_;
};

Result<Gatherer::Organization> Gatherer::ReadOrganization() const {
  return OrganizationOf(options_.home_account);
}

Result<Gatherer::Organization> Gatherer::OrganizationOf(const std::string& account) const {
  const auto organization = At(account, options_.home_region).Call(aws::organizations::DescribeOrganization{});
  if (organization.ok()) {
    return Organization{organization->id, organization->management_account,
                        organization->feature_set != "CONSOLIDATED_BILLING"};
  }
  // An account that is in none: nothing controls it.
  if (organization.error().RemoteCode() == "AWSOrganizationsNotInUseException") return Organization{};
  return organization.error();
}

Result<std::vector<std::string>> Gatherer::ReadMembers(const Organization& organization, std::size_t most) const {
  Result<std::vector<std::string>> members = Error{ErrorCode::kForbidden, "no account may read them", ""};
  for (const aws::Aws& reader : ReadersOf(organization, organization)) {
    members = ReadMembers(reader, most);
    if (members.ok()) break;
  }
  return members;
}

Result<std::vector<std::string>> Gatherer::ReadMembers(const aws::Aws& aws, std::size_t most) {
  std::vector<std::string> members;
  aws::organizations::ListAccounts request;
  std::set<std::string> seen;
  while (members.size() <= most) {
    const auto page = aws.Page(request);
    if (!page.ok()) return page.error();
    for (const aws::organizations::Account& account : page->accounts) {
      if (account.status != "SUSPENDED") members.push_back(account.id);
    }
    if (page->next_page.empty() || !seen.insert(page->next_page).second) break;
    request.page_token = page->next_page;
  }
  return members;
}

// Who may be able to read the organization's tree: its management account, if it can be asked, and our own, which may
// be a delegated administrator.
std::vector<aws::Aws> Gatherer::ReadersOf(const Organization& organization, const Result<Organization>& own) const {
  std::vector<aws::Aws> readers;
  const std::string& management = organization.management;
  if (CanRead(management)) readers.push_back(At(management, options_.home_region));
  const bool is_ours = own.ok() && own->id == organization.id && management != options_.home_account;
  if (is_ours) readers.push_back(At(options_.home_account, options_.home_region));
  return readers;
}

// What to do where control policies could not be read.
std::string Gatherer::HowToReadControls(const Organization& organization) const {
  const std::string& management = organization.management;
  const std::string calls =
      "organizations:ListParents, organizations:ListPoliciesForTarget and organizations:DescribePolicy";
  if (management == options_.home_account) return "allow " + calls;
  if (CanRead(management)) return "allow " + calls + " for the role in the management account " + management;
  return "organization " + organization.id + " is read in its management account " + management +
         ": set aws.accounts to a role there that may call " + calls +
         ", or use credentials of a delegated administrator of the organization";
}

// Which organization each account is in. Our own tree knows its members; all others are asked about themselves.
std::vector<Result<Gatherer::Organization>> Gatherer::OrganizationsOf(const std::vector<AccountFacts*>& accounts,
                                                                      const Result<Organization>& own,
                                                                      ControlTree* own_tree) const {
  std::vector<Result<Organization>> theirs(accounts.size(), own);
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const std::string& account = accounts[i]->account;
    if (account == options_.home_account) continue;
    if (own_tree == nullptr || !own_tree->AncestorsOf(account).ok()) others.push_back(i);
  }
  std::vector<std::string> lanes;
  lanes.reserve(others.size());
  for (const std::size_t i : others) lanes.push_back(accounts[i]->account);
  aws::RunInLanes(clock_, {.concurrency = options_.concurrency}, lanes,
                  [&](std::size_t i) { theirs[others[i]] = OrganizationOf(lanes[i]); });
  return theirs;
}

// One account's place and controls. `tree`: of the organization that it is in; null: it is in none.
void Gatherer::PlaceInOrganization(const Organization& organization, ControlTree* tree, AccountFacts& account) const {
  OrganizationPlace place{organization.id, ""};
  account.controls = std::vector<ControlLevel>{};
  if (tree != nullptr) {
    const auto targets = tree->AncestorsOf(account.account);
    if (targets.ok()) {
      place.path = organization.id + "/";
      for (auto target = targets->rbegin(); target + 1 != targets->rend(); ++target) place.path += *target + "/";
    }
    // SCPs and RCPs do not affect the management account, and take an organization with all features.
    if (organization.has_all_features && account.account != organization.management) {
      account.controls = targets.ok() ? tree->LevelsOf(*targets) : targets.error();
    }
    if (!account.controls.ok() && IsRefused(account.controls.error())) {
      Error unread = account.controls.error();
      unread.advice = HowToReadControls(organization);
      account.controls = std::move(unread);
    }
  }
  account.place = std::move(place);
}

void Gatherer::ReadControls(const Result<Organization>& own, Facts& facts) const {
  std::vector<AccountFacts*> accounts;
  for (AccountFacts& account : facts.accounts) accounts.push_back(&account);
  if (facts.key_owner) accounts.push_back(&*facts.key_owner);
  std::map<std::string, ControlTree> trees;  // by organization
  const auto tree_of = [&](const Organization& organization) -> ControlTree* {
    if (organization.id.empty()) return nullptr;
    return &trees.try_emplace(organization.id, ReadersOf(organization, own)).first->second;
  };
  const auto theirs = OrganizationsOf(accounts, own, own.ok() ? tree_of(*own) : nullptr);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (theirs[i].ok()) {
      PlaceInOrganization(*theirs[i], tree_of(*theirs[i]), *accounts[i]);
      continue;
    }
    Error unread = theirs[i].error();
    if (IsRefused(unread))
      unread.advice = "allow organizations:DescribeOrganization in account " + accounts[i]->account;
    accounts[i]->place = unread;
    accounts[i]->controls = std::move(unread);
  }
}

}  // namespace sallyport::reach
