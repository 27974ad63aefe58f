// SPDX-License-Identifier: Apache-2.0
//
// The sweep (survey.h) in parts: survey.cc has its course, survey_lists.cc what there is, survey_details.cc what each
// of them says, survey_access.cc who may come, survey_addresses.cc whose addresses are. For these files alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/call.h"
#include "aws_api/ec2.h"
#include "aws_api/ec2_network.h"
#include "aws_api/ecs.h"
#include "aws_api/elbv2_access.h"
#include "base/time.h"
#include "edge/estate.h"
#include "edge_gather/survey.h"

namespace sallyport::edge {

inline constexpr std::size_t kFilterValues = 200;  // EC2: of one filter
inline constexpr std::int64_t kElbPage = 400;
inline constexpr std::int64_t kEc2Page = 1'000;
inline constexpr std::int64_t kWafPage = 100;

// Counts calls by operation.
class CountingTransport final : public aws::Transport {
 public:
  explicit CountingTransport(aws::Transport& inner) : inner_(inner) {}

  Result<aws::WireAnswer> Send(const aws::Call& call) override;
  std::map<std::string, std::size_t> Take() { return std::move(counts_); }

 private:
  aws::Transport& inner_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
};

template <class Item>
std::vector<std::vector<Item>> InChunks(const std::vector<Item>& items, std::size_t size) {
  std::vector<std::vector<Item>> chunks;
  for (std::size_t i = 0; i < items.size(); i += size) {
    const auto first = items.begin() + static_cast<std::ptrdiff_t>(i);
    chunks.emplace_back(first, first + static_cast<std::ptrdiff_t>(std::min(size, items.size() - i)));
  }
  return chunks;
}

// Everything of one account and region. Each job has places of its own to write to.
struct PlaceFacts {
  Place place;
  std::vector<Balancer> balancers;
  std::vector<Balancer> classics;
  std::vector<TargetGroup> groups;
  std::vector<Host> hosts;
  std::vector<SecurityGroup> security_groups;
  std::vector<Interface> interfaces;
  std::vector<Task> tasks;
  std::vector<WebAcl> acls;  // of both scopes
  std::vector<OfferedGroup> offered;
  std::vector<OfferRead> offers;
  // Versions of groups: scope/vendor/name/version. Nothing: not read.
  std::map<std::string, std::optional<bool>> expired;
  std::vector<Gap> gaps;
  std::mutex gaps_mutex;
};

struct AccountFacts {
  std::string account;
  std::vector<Distribution> distributions;
  std::vector<VpcOrigin> vpc_origins;
  std::vector<Gap> gaps;
};

// Jobs that run side by side. A lane is what shares a bucket.
class Jobs {
 public:
  void Add(std::string lane, std::function<void()> work) {
    lanes_.push_back(std::move(lane));
    work_.push_back(std::move(work));
  }
  void Run(const Clock& clock, int concurrency);

 private:
  std::vector<std::string> lanes_;
  std::vector<std::function<void()>> work_;
};

std::string LaneOf(const Place& place, std::string_view what);

class Survey {
 public:
  Survey(aws::Transport& transport, const Clock& clock, const SurveyOptions& options, const SurveyAsk& ask)
      : transport_(transport), clock_(clock), options_(options), ask_(ask) {}

  Estate Read();

 private:
  aws::Aws At(const Place& place);

  void AddGap(PlaceFacts& facts, Part part, const Error& error, bool global = false);

  // --- where

  void FindPlaces();

  PlaceFacts* AddPlace(const std::string& account, const std::string& region, bool only_global = false);

  void Run() { jobs_.Run(clock_, options_.concurrency); }

  // --- first: what there is

  void ListEverything();

  void ReadDistributions(AccountFacts& account);

  void ReadVpcOrigins(AccountFacts& account, const Place& place);

  void ListAcls(PlaceFacts& facts, const std::string& scope);

  void ListLogging(PlaceFacts& facts, const std::string& scope);

  void ReadBalancers(PlaceFacts& facts);

  void ReadClassics(PlaceFacts& facts);

  void ReadGroups(PlaceFacts& facts);

  void ReadInstances(PlaceFacts& facts);

  static Host HostOf(const Place& place, const aws::ec2::Instance& one);

  void ListClusters(PlaceFacts& facts);

  // --- then: what each of them says

  void AskForDetails();

  void AskForAcls(PlaceFacts& facts);

  void ReadAclRules(PlaceFacts& facts, WebAcl& acl);

  // Of a static version alone. What cannot be read is not said to be expired: WAF says so before it writes anything.
  std::optional<bool> IsExpired(PlaceFacts& facts, const std::string& scope, const AclRule& rule);

  void ReadAclTags(PlaceFacts& facts, WebAcl& acl);

  void ReadAclResources(PlaceFacts& facts, WebAcl& acl, const std::string& type);

  bool IsWanted(const GroupName& group) const;

  void ReadOffer(PlaceFacts& facts, const std::string& scope);

  void ReadTargets(PlaceFacts& facts, TargetGroup& group);

  // --- who may come

  std::set<std::string> GroupsToRead(const PlaceFacts& facts) const;

  void ReadAccess(PlaceFacts& facts);

  // The listing of Classic load balancers that we read has no security groups: their network interfaces have.
  void ReadGroupsOfClassics(PlaceFacts& facts);

  // Nothing: not read. Empty id -> who may come by it.
  std::map<std::string, Openness> ReadPrefixLists(PlaceFacts& facts,
                                                  const std::vector<aws::ec2::SecurityGroup>& groups);

  static void AddIngress(const aws::ec2::IpPermission& permission, const std::map<std::string, Openness>& lists,
                         SecurityGroup& made);

  // --- header checks

  // They make a difference for ALBs that the internet can reach and that a distribution leads to.
  void FindHeaderChecks();

  void ReadHeaderCheck(PlaceFacts& facts, Balancer& balancer);

  static bool Forwards(const aws::elbv2::OpenRule& rule);

  static bool AsksForHeader(const aws::elbv2::OpenRule& rule);

  // --- ECS

  void ReadCluster(PlaceFacts& facts, const std::string& cluster);

  void AddTasks(PlaceFacts& facts, const aws::Aws& aws, const std::string& cluster,
                const std::vector<aws::ecs::Task>& tasks);

  // --- at last: whose the addresses are that are no instance's

  // Of the target groups of each place; ECS and network interfaces are asked only where there are any.
  std::vector<std::set<std::string>> UnknownAddresses() const;

  void ExplainAddresses();

  void ReadInterfaces(PlaceFacts& facts, const std::vector<std::string>& addresses);

  template <class T>
  static void Append(std::vector<T>& from, std::vector<T>& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }

  Estate Merge();

  CountingTransport transport_;
  const Clock& clock_;
  const SurveyOptions& options_;
  const SurveyAsk& ask_;
  Jobs jobs_;
  std::vector<AccountFacts> accounts_;
  std::vector<std::unique_ptr<PlaceFacts>> places_;
  std::vector<std::unique_ptr<PlaceFacts>> hidden_places_;  // only for the ACLs of CloudFront
  std::map<std::string, PlaceFacts*> global_;               // by account
  std::mutex shared_mutex_;
  std::set<std::string> logging_;       // ARNs of ACLs
  std::set<std::string> logging_read_;  // account/region/scope
  std::vector<std::pair<PlaceFacts*, std::string>> clusters_;
};

}  // namespace sallyport::edge
