// SPDX-License-Identifier: Apache-2.0
//
// Reads from AWS what decides who can reach a bucket. Each part that could not be read is an Error in its place, or a
// line of `gaps`; nothing is ever left out in silence.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/call.h"
#include "base/time.h"
#include "reach/answer.h"
#include "reach/facts.h"

namespace sallyport::reach {

struct GatherOptions {
  std::string home_account{};  // of our own credentials
  std::string home_region{};
  std::vector<std::string> regions{};      // where to look for instances; empty: all that the account has enabled
  std::set<std::string> other_accounts{};  // that a role is configured for
  bool any_account = false;                // the role of one name is tried in every account
  int concurrency = 16;
};

class ControlTree;

class Gatherer {
 public:
  // References outlive it.
  Gatherer(aws::Transport& transport, const Clock& clock, const GatherOptions& options)
      : transport_(transport), clock_(clock), options_(options) {}

  // An Error: there is no such bucket, or it belongs to somebody else.
  Result<BucketFacts> ReadBucket(const Ask& ask) const;
  // The account's roles and users and their policies, in one snapshot.
  AccountFacts ReadAccount(const std::string& account, const std::string& partition) const;

  // What an account says about the organization that it is in; every member may.
  struct Organization {
    std::string id{};  // empty: it is in none
    std::string management{};
    bool has_all_features = true;  // false: for billing only, without control policies
  };
  Result<Organization> ReadOrganization() const;  // of our own account
  // The accounts that are members, as many as are asked for and one more.
  Result<std::vector<std::string>> ReadMembers(const Organization& organization, std::size_t most) const;
  // Fills the place in the organization and the controls of each account, and of the key's. `own`: our organization.
  // An account that is in none has no controls; where they could not be read the Error says how they can be.
  void ReadControls(const Result<Organization>& own, Facts& facts) const;
  // Whether these users have access keys that are active, by name; no more than kMostUsers are asked about.
  std::map<std::string, Result<bool>> ReadKeys(const std::string& account, const std::string& partition,
                                               const std::vector<std::string>& users) const;

  // Of one account: what its roles are used by.
  struct Wanted {
    std::string account{};
    std::set<std::string> profiles{};  // ARNs
    bool with_tasks = false;
  };
  // With the endpoints of S3 in the VPCs of what was found, as far as they are of the bucket's region.
  UseFacts ReadUses(const std::vector<Wanted>& wanted, const std::string& bucket_region) const;

  bool CanRead(const std::string& account) const {
    return account == options_.home_account || options_.any_account || options_.other_accounts.contains(account);
  }

  static constexpr std::size_t kMostAccessPoints = 1'000;
  static constexpr std::size_t kMostMissingPolicies = 200;  // of one account, asked for one by one
  static constexpr std::size_t kMostUsers = 500;            // of one account
  static constexpr std::size_t kMostVpcsInFilter = 200;
  static constexpr std::size_t kMostProfilesInFilter = 400;  // more: all instances are listed
  static constexpr std::size_t kMostClusters = 200;          // of one region
  static constexpr std::size_t kMostTasks = 5'000;           // of one cluster

 private:
  aws::Aws At(const std::string& account, const std::string& region) const {
    return {transport_, {account == options_.home_account ? "" : account, region}};
  }
  std::string RegionOfIam(const std::string& partition) const;
  void AddMissingPolicies(const aws::Aws& aws, Roles& roles) const;
  Result<Organization> OrganizationOf(const std::string& account) const;
  std::vector<Result<Organization>> OrganizationsOf(const std::vector<AccountFacts*>& accounts,
                                                    const Result<Organization>& own, ControlTree* own_tree) const;
  std::vector<aws::Aws> ReadersOf(const Organization& organization, const Result<Organization>& own) const;
  static Result<std::vector<std::string>> ReadMembers(const aws::Aws& aws, std::size_t most);
  std::string HowToReadControls(const Organization& organization) const;
  void PlaceInOrganization(const Organization& organization, ControlTree* tree, AccountFacts& account) const;
  std::optional<Error> OtherOwner(const BucketFacts& bucket, const std::string& region) const;
  Result<std::optional<KeyFacts>> ReadKey(const BucketFacts& bucket, const std::string& region) const;
  void AddMachinesOfTasks(UseFacts& uses) const;
  void AddEndpoints(UseFacts& uses, const std::string& bucket_region) const;
  Result<std::vector<std::string>> RegionsOf(const std::string& account) const;

  aws::Transport& transport_;
  const Clock& clock_;
  const GatherOptions& options_;
};

}  // namespace sallyport::reach
