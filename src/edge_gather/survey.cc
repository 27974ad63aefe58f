// SPDX-License-Identifier: Apache-2.0
#include "edge_gather/survey.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "aws/endpoint.h"
#include "aws_api/cloudfront.h"
#include "aws_api/cloudfront_vpc.h"
#include "aws_api/ec2.h"
#include "aws_api/ec2_network.h"
#include "aws_api/ecs.h"
#include "aws_api/elb.h"
#include "aws_api/elbv2.h"
#include "aws_api/elbv2_access.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"
#include "aws_client/fan_out.h"
#include "base/text.h"
#include "edge/acl.h"
#include "edge/map.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kFilterValues = 200;  // EC2: of one filter
constexpr std::size_t kDescribedTasks = 100;
constexpr std::int64_t kElbPage = 400;
constexpr std::int64_t kEc2Page = 1'000;
constexpr std::int64_t kWafPage = 100;
constexpr std::int64_t kPrefixListPage = 100;
constexpr std::string_view kCloudFrontList = "com.amazonaws.global.cloudfront.origin-facing";

// What a rate refuses is asked again: a sweep has time, and a part that is missing makes hosts undetermined.
constexpr int kPatience = 5;

// Counts calls by operation.
class CountingTransport final : public aws::Transport {
 public:
  explicit CountingTransport(aws::Transport& inner) : inner_(inner) {}

  Result<aws::WireAnswer> Send(const aws::Call& call) override {
    {
      const std::lock_guard lock(mutex_);
      ++counts_[std::string(call.operation->service.name) + " " + std::string(call.operation->name)];
    }
    Result<aws::WireAnswer> answer = inner_.Send(call);
    for (int again = 0; again < kPatience && IsRefusedByRate(answer); ++again) answer = inner_.Send(call);
    return answer;
  }

  std::map<std::string, std::size_t> Take() { return std::move(counts_); }

 private:
  static bool IsRefusedByRate(const Result<aws::WireAnswer>& answer) {
    return !answer.ok() && answer.error().code == ErrorCode::kRateLimited;
  }

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

struct Place {
  std::string account;
  std::string region;
};

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
  void Run(const Clock& clock, int concurrency) {
    aws::RunInLanes(clock, {.concurrency = concurrency}, lanes_, [this](std::size_t i) { work_[i](); });
    lanes_.clear();
    work_.clear();
  }

 private:
  std::vector<std::string> lanes_;
  std::vector<std::function<void()>> work_;
};

std::string LaneOf(const Place& place, std::string_view what) {
  return place.account + "/" + place.region + "/" + std::string(what);
}

BalancerKind KindOf(std::string_view type) {
  if (type == "application") return BalancerKind::kApplication;
  return type == "network" ? BalancerKind::kNetwork : BalancerKind::kGateway;
}

TargetKind TargetKindOf(std::string_view type) {
  if (type == "instance") return TargetKind::kInstance;
  if (type == "ip") return TargetKind::kIp;
  if (type == "lambda") return TargetKind::kLambda;
  return type == "alb" ? TargetKind::kBalancer : TargetKind::kOther;
}

class Survey {
 public:
  Survey(aws::Transport& transport, const Clock& clock, const SurveyOptions& options, const SurveyAsk& ask)
      : transport_(transport), clock_(clock), options_(options), ask_(ask) {}

  Estate Read() {
    FindPlaces();
    ListEverything();
    AskForDetails();
    ExplainAddresses();
    return Merge();
  }

 private:
  aws::Aws At(const Place& place) {
    return {transport_, {place.account == options_.home_account ? "" : place.account, place.region}};
  }

  void AddGap(PlaceFacts& facts, Part part, const Error& error, bool global = false) {
    const std::lock_guard lock(facts.gaps_mutex);
    facts.gaps.push_back({part, facts.place.account, global ? "" : facts.place.region, error.ToText()});
  }

  // --- where

  void FindPlaces() {
    std::set<std::string> accounts = options_.other_accounts;
    accounts.insert(options_.home_account);
    accounts.insert(ask_.accounts.begin(), ask_.accounts.end());
    for (const std::string& account : accounts) accounts_.push_back({account, {}, {}, {}});
    std::vector<std::vector<std::string>> regions(accounts_.size(), options_.regions);
    for (std::size_t i = 0; i < accounts_.size() && options_.regions.empty(); ++i) {
      jobs_.Add(accounts_[i].account, [this, i, &regions] {
        const auto answer = At({accounts_[i].account, options_.home_region}).Call(aws::ec2::DescribeRegions{});
        if (!answer.ok()) {
          accounts_[i].gaps.push_back({Part::kRegion, accounts_[i].account, "", answer.error().ToText()});
          return;
        }
        for (const aws::ec2::Region& region : answer->regions) {
          if (region.opt_in_status != "not-opted-in") regions[i].push_back(region.name);
        }
      });
    }
    Run();
    const std::string global = std::string(aws::PartitionOf(options_.home_region).global_region);
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
      for (const std::string& region : regions[i]) AddPlace(accounts_[i].account, region);
      // The ACLs for CloudFront are there whether the region is looked at or not.
      global_[accounts_[i].account] = AddPlace(accounts_[i].account, global, true);
    }
  }

  PlaceFacts* AddPlace(const std::string& account, const std::string& region, bool only_global = false) {
    for (const auto& known : places_) {
      if (known->place.account == account && known->place.region == region) return known.get();
    }
    auto& target = only_global ? hidden_places_ : places_;
    target.push_back(std::make_unique<PlaceFacts>());
    target.back()->place = {account, region};
    return target.back().get();
  }

  void Run() { jobs_.Run(clock_, options_.concurrency); }

  // --- first: what there is

  void ListEverything() {
    for (AccountFacts& account : accounts_) {
      jobs_.Add(account.account + "/cloudfront", [this, &account] { ReadDistributions(account); });
      PlaceFacts* global = global_[account.account];
      jobs_.Add(LaneOf(global->place, "acls"), [this, global] { ListAcls(*global, "CLOUDFRONT"); });
      jobs_.Add(LaneOf(global->place, "logs"), [this, global] { ListLogging(*global, "CLOUDFRONT"); });
    }
    for (const auto& owned : places_) {
      PlaceFacts* facts = owned.get();
      const Place& place = facts->place;
      jobs_.Add(LaneOf(place, "acls"), [this, facts] { ListAcls(*facts, "REGIONAL"); });
      jobs_.Add(LaneOf(place, "logs"), [this, facts] { ListLogging(*facts, "REGIONAL"); });
      jobs_.Add(LaneOf(place, "elb"), [this, facts] { ReadBalancers(*facts); });
      jobs_.Add(LaneOf(place, "classic"), [this, facts] { ReadClassics(*facts); });
      jobs_.Add(LaneOf(place, "groups"), [this, facts] { ReadGroups(*facts); });
      jobs_.Add(LaneOf(place, "instances"), [this, facts] { ReadInstances(*facts); });
    }
    Run();
  }

  void ReadDistributions(AccountFacts& account) {
    const Place place{account.account, options_.home_region};
    const auto answer = At(place).Call(aws::cloudfront::ListDistributions{.max_items = kWafPage});
    if (!answer.ok()) {
      account.gaps.push_back({Part::kDistributions, account.account, "", answer.error().ToText()});
      return;
    }
    bool in_vpc = false;
    for (const aws::cloudfront::Distribution& one : answer->distributions) {
      Distribution made;
      made.id = one.id;
      made.arn = one.arn;
      made.account = account.account;
      made.domain = one.domain;
      made.aliases = one.aliases;
      // A staging distribution answers those alone who name it in a header; it is looked at like others.
      made.enabled = one.enabled.value_or(true);
      made.tenants_only = one.connection_mode == "tenant-only";
      made.web_acl = one.web_acl_id;
      for (const aws::cloudfront::Origin& origin : one.origins) {
        made.origins.push_back({origin.id, origin.domain, origin.vpc_origin});
        in_vpc = in_vpc || !origin.vpc_origin.empty();
      }
      account.distributions.push_back(std::move(made));
    }
    if (in_vpc) ReadVpcOrigins(account, place);
  }

  void ReadVpcOrigins(AccountFacts& account, const Place& place) {
    const auto answer = At(place).Call(aws::cloudfront::ListVpcOrigins{.max_items = kWafPage});
    if (!answer.ok()) {
      account.gaps.push_back({Part::kVpcOrigins, account.account, "", answer.error().ToText()});
      return;
    }
    for (const auto& one : answer->origins) account.vpc_origins.push_back({one.id, account.account, one.endpoint});
  }

  void ListAcls(PlaceFacts& facts, const std::string& scope) {
    const bool global = scope == "CLOUDFRONT";
    const auto answer = At(facts.place).Call(aws::wafv2::ListWebACLs{.scope = scope, .limit = kWafPage});
    const Part part = global ? Part::kGlobalAcls : Part::kRegionalAcls;
    if (!answer.ok()) return AddGap(facts, part, answer.error(), global);
    if (answer->web_acls.size() > kMostAcls) {
      return AddGap(facts, part, {ErrorCode::kTooLarge, "more than " + std::to_string(kMostAcls) + " web ACLs", ""},
                    global);
    }
    std::vector<WebAcl> made;
    for (const aws::wafv2::WebAclSummary& one : answer->web_acls) {
      WebAcl acl;
      acl.arn = one.arn;
      acl.name = one.name;
      acl.id = one.id;
      acl.scope = scope;
      acl.account = facts.place.account;
      acl.region = facts.place.region;
      made.push_back(std::move(acl));
    }
    const std::lock_guard lock(facts.gaps_mutex);
    facts.acls.insert(facts.acls.end(), made.begin(), made.end());
  }

  void ListLogging(PlaceFacts& facts, const std::string& scope) {
    const auto answer = At(facts.place).Call(aws::wafv2::ListLoggingConfigurations{.scope = scope, .limit = kWafPage});
    if (!answer.ok()) return;  // then nothing is said of it
    const std::lock_guard lock(shared_mutex_);
    for (const auto& one : answer->configurations) logging_.insert(one.web_acl_arn);
    logging_read_.insert(LaneOf(facts.place, scope));
  }

  void ReadBalancers(PlaceFacts& facts) {
    const auto answer = At(facts.place).Call(aws::elbv2::ListBalancers{.page_size = kElbPage});
    if (!answer.ok()) return AddGap(facts, Part::kLoadBalancers, answer.error());
    for (const aws::elbv2::OpenBalancer& one : answer->balancers) {
      Balancer made;
      made.arn = one.arn;
      made.name = one.name;
      made.account = facts.place.account;
      made.region = facts.place.region;
      made.kind = KindOf(one.type);
      made.dns = one.dns_name;
      // Whatever is not said to be internal is taken for what the internet can reach.
      made.internet_facing = one.scheme != "internal";
      made.vpc = one.vpc_id;
      made.groups = one.security_groups;
      facts.balancers.push_back(std::move(made));
    }
  }

  void ReadClassics(PlaceFacts& facts) {
    const auto answer = At(facts.place).Call(aws::elb::DescribeLoadBalancers{.page_size = kElbPage});
    if (!answer.ok()) return AddGap(facts, Part::kClassic, answer.error());
    const std::string partition(aws::PartitionOf(facts.place.region).id);
    for (const aws::elb::LoadBalancer& one : answer->load_balancers) {
      Balancer made;
      made.name = one.name;
      made.arn = "arn:" + partition + ":elasticloadbalancing:" + facts.place.region + ":" + facts.place.account +
                 ":loadbalancer/" + one.name;
      made.account = facts.place.account;
      made.region = facts.place.region;
      made.kind = BalancerKind::kClassic;
      made.dns = one.dns_name;
      made.internet_facing = one.scheme != "internal";
      made.vpc = one.vpc_id;
      made.instances = one.instances;
      facts.classics.push_back(std::move(made));
    }
  }

  void ReadGroups(PlaceFacts& facts) {
    const auto answer = At(facts.place).Call(aws::elbv2::DescribeTargetGroups{.page_size = kElbPage});
    if (!answer.ok()) return AddGap(facts, Part::kTargetGroups, answer.error());
    if (answer->target_groups.size() > kMostGroups) {
      return AddGap(facts, Part::kTargetGroups,
                    {ErrorCode::kTooLarge, "more than " + std::to_string(kMostGroups) + " target groups", ""});
    }
    for (const aws::elbv2::TargetGroup& one : answer->target_groups) {
      if (one.load_balancer_arns.empty()) continue;  // nothing leads to it
      TargetGroup made;
      made.arn = one.arn;
      made.name = one.name;
      made.account = facts.place.account;
      made.region = facts.place.region;
      made.kind = TargetKindOf(one.target_type);
      made.vpc = one.vpc_id;
      made.balancers = one.load_balancer_arns;
      facts.groups.push_back(std::move(made));
    }
  }

  void ReadInstances(PlaceFacts& facts) {
    const auto answer = At(facts.place).Call(aws::ec2::DescribeInstances{.max_results = kEc2Page});
    if (!answer.ok()) return AddGap(facts, Part::kInstances, answer.error());
    for (const aws::ec2::Reservation& reservation : answer->reservations) {
      for (const aws::ec2::Instance& one : reservation.instances) {
        if (one.state != "terminated" && one.state != "shutting-down") facts.hosts.push_back(HostOf(facts.place, one));
      }
    }
  }

  static Host HostOf(const Place& place, const aws::ec2::Instance& one) {
    Host host;
    host.account = place.account;
    host.region = place.region;
    host.id = one.id;
    host.state = one.state;
    host.windows = one.platform == "windows";
    host.vpc = one.vpc_id;
    host.public_ip = one.public_ip;
    host.public_dns = one.public_dns;
    for (const aws::ec2::Tag& tag : one.tags) {
      if (tag.key == "Name") host.name = tag.value;
      host.tags.emplace_back(tag.key, tag.value);
    }
    for (const aws::ec2::NetworkInterface& interface : one.interfaces) {
      host.addresses.insert(host.addresses.end(), interface.private_ips.begin(), interface.private_ips.end());
      host.addresses.insert(host.addresses.end(), interface.ipv6_addresses.begin(), interface.ipv6_addresses.end());
      for (const std::string& group : interface.security_groups) {
        if (std::find(host.groups.begin(), host.groups.end(), group) == host.groups.end()) host.groups.push_back(group);
      }
      if (host.public_ip.empty()) host.public_ip = interface.public_ip;
    }
    if (host.addresses.empty() && !one.private_ip.empty()) host.addresses.push_back(one.private_ip);
    return host;
  }

  void ListClusters(PlaceFacts& facts) {
    const auto answer = At(facts.place).Call(aws::ecs::ListClusters{});
    if (!answer.ok()) return AddGap(facts, Part::kTasks, answer.error());
    if (answer->arns.size() > kMostClusters) {
      return AddGap(facts, Part::kTasks,
                    {ErrorCode::kTooLarge, "more than " + std::to_string(kMostClusters) + " ECS clusters", ""});
    }
    const std::lock_guard lock(shared_mutex_);
    for (const std::string& arn : answer->arns) clusters_.emplace_back(&facts, arn);
  }

  // --- then: what each of them says

  void AskForDetails() {
    FindHeaderChecks();
    for (const auto* list : {&places_, &hidden_places_}) {
      for (const auto& owned : *list) AskForAcls(*owned);
    }
    for (const auto& owned : places_) {
      PlaceFacts* facts = owned.get();
      for (TargetGroup& group : facts->groups) {
        jobs_.Add(LaneOf(facts->place, "targets"), [this, facts, &group] { ReadTargets(*facts, group); });
      }
      jobs_.Add(LaneOf(facts->place, "security"), [this, facts] { ReadAccess(*facts); });
    }
    Run();
  }

  void AskForAcls(PlaceFacts& facts) {
    std::set<std::string> scopes;
    for (WebAcl& acl : facts.acls) {
      scopes.insert(acl.scope);
      jobs_.Add(LaneOf(facts.place, "acl"), [this, &facts, &acl] { ReadAclRules(facts, acl); });
      jobs_.Add(LaneOf(facts.place, "tags"), [this, &facts, &acl] { ReadAclTags(facts, acl); });
      if (acl.scope == "CLOUDFRONT") continue;
      jobs_.Add(LaneOf(facts.place, "resources"), [this, &facts, &acl] { ReadAclResources(facts, acl, ""); });
      for (const std::string& type : ask_.resource_types) {
        jobs_.Add(LaneOf(facts.place, "resources"), [this, &facts, &acl, type] { ReadAclResources(facts, acl, type); });
      }
    }
    for (const std::string& scope : scopes) {
      jobs_.Add(LaneOf(facts.place, "offer"), [this, &facts, scope] { ReadOffer(facts, scope); });
    }
  }

  void ReadAclRules(PlaceFacts& facts, WebAcl& acl) {
    const auto answer = At(facts.place).Call(aws::wafv2::GetWebACL{.name = acl.name, .scope = acl.scope, .id = acl.id});
    if (!answer.ok()) {
      acl.unread_why = answer.error().code == ErrorCode::kNotFound ? "it was deleted while the estate was read"
                                                                   : answer.error().ToText();
      return;
    }
    // Other jobs look at its name meanwhile.
    WebAcl read;
    TakeWebAcl(answer->web_acl, read);
    acl.capacity = read.capacity;
    acl.blocks_by_default = read.blocks_by_default;
    acl.of_firewall_manager = read.of_firewall_manager;
    acl.rules = std::move(read.rules);
    if (logging_read_.contains(LaneOf(facts.place, acl.scope))) acl.logs = logging_.contains(acl.arn);
  }

  void ReadAclTags(PlaceFacts& facts, WebAcl& acl) {
    const auto answer = At(facts.place).Call(aws::wafv2::ListTagsForResource{.arn = acl.arn, .limit = kWafPage});
    if (!answer.ok()) {
      // Whoever would write asks again, and does not write without an answer.
      acl.managed_by = answer.error().code == ErrorCode::kNotFound ? "" : "not known: its tags were not read";
      return;
    }
    std::vector<std::pair<std::string, std::string>> tags;
    for (const aws::wafv2::Tag& tag : answer->tags) tags.emplace_back(tag.key, tag.value);
    acl.managed_by = MadeBy(tags);
  }

  void ReadAclResources(PlaceFacts& facts, WebAcl& acl, const std::string& type) {
    const auto answer =
        At(facts.place).Call(aws::wafv2::ListResourcesForWebACL{.web_acl_arn = acl.arn, .resource_type = type});
    if (!answer.ok()) {
      // One that is gone guards nothing. Another one may guard any ALB of the place that no ACL is known to guard.
      if (answer.error().code == ErrorCode::kNotFound || !type.empty()) return;
      return AddGap(facts, Part::kRegionalAcls, answer.error().In("resources of web ACL " + acl.name));
    }
    const std::lock_guard lock(facts.gaps_mutex);
    acl.resources.insert(acl.resources.end(), answer->resource_arns.begin(), answer->resource_arns.end());
  }

  bool IsWanted(const GroupName& group) const {
    if (ToLowerAscii(group.vendor).find("trend") != std::string::npos) return true;
    if (std::find(ask_.groups.begin(), ask_.groups.end(), group) != ask_.groups.end()) return true;
    for (const FitRow& row : FitRows()) {
      if (group.vendor == "AWS" && std::find(row.aws.begin(), row.aws.end(), group.name) != row.aws.end()) return true;
    }
    return false;
  }

  void ReadOffer(PlaceFacts& facts, const std::string& scope) {
    const aws::Aws aws = At(facts.place);
    const auto answer = aws.Call(aws::wafv2::ListAvailableManagedRuleGroups{.scope = scope, .limit = kWafPage});
    std::vector<OfferedGroup> offered;
    OfferRead read{facts.place.account, facts.place.region, scope, ""};
    if (!answer.ok()) read.unread_why = answer.error().ToText();
    for (std::size_t i = 0; answer.ok() && i < answer->groups.size(); ++i) {
      const aws::wafv2::ManagedRuleGroup& one = answer->groups[i];
      OfferedGroup group{facts.place.account, facts.place.region, scope, one.vendor, one.name, {}, ""};
      if (IsWanted({one.vendor, one.name})) {
        const auto described =
            aws.Call(aws::wafv2::DescribeManagedRuleGroup{.vendor = one.vendor, .name = one.name, .scope = scope});
        if (described.ok()) {
          group.capacity = described->capacity;
          group.version = described->version;
        }
      }
      offered.push_back(std::move(group));
    }
    const std::lock_guard lock(facts.gaps_mutex);
    facts.offers.push_back(std::move(read));
    std::move(offered.begin(), offered.end(), std::back_inserter(facts.offered));
  }

  void ReadTargets(PlaceFacts& facts, TargetGroup& group) {
    const auto answer = At(facts.place).Call(aws::elbv2::DescribeTargetHealth{.target_group_arn = group.arn});
    if (!answer.ok()) {
      // One that is gone leads nowhere.
      if (answer.error().code != ErrorCode::kNotFound) group.unread_why = answer.error().ToText();
      return;
    }
    for (const aws::elbv2::TargetHealthDescription& one : answer->descriptions) {
      group.targets.push_back({one.target.id, one.target.port.value_or(0), one.health.state,
                               group.kind == TargetKind::kIp && one.target.availability_zone == "all"});
    }
  }

  // --- who may come

  std::set<std::string> GroupsToRead(const PlaceFacts& facts) const {
    std::set<std::string> wanted;
    for (const auto* list : {&facts.balancers, &facts.classics}) {
      for (const Balancer& one : *list) {
        if (one.internet_facing) wanted.insert(one.groups.begin(), one.groups.end());
      }
    }
    for (const Host& host : facts.hosts) {
      if (!host.public_ip.empty()) wanted.insert(host.groups.begin(), host.groups.end());
    }
    return wanted;
  }

  void ReadAccess(PlaceFacts& facts) {
    ReadGroupsOfClassics(facts);
    const auto ids = GroupsToRead(facts);
    std::vector<aws::ec2::SecurityGroup> groups;
    for (auto& chunk : InChunks(std::vector<std::string>(ids.begin(), ids.end()), kFilterValues)) {
      auto answer = At(facts.place)
                        .Call(aws::ec2::DescribeSecurityGroups{.filters = {{"group-id", std::move(chunk)}},
                                                               .max_results = kEc2Page});
      if (!answer.ok()) return AddGap(facts, Part::kSecurityGroups, answer.error());
      std::move(answer->groups.begin(), answer->groups.end(), std::back_inserter(groups));
    }
    const auto lists = ReadPrefixLists(facts, groups);
    for (const aws::ec2::SecurityGroup& one : groups) {
      SecurityGroup made{one.id, facts.place.account, facts.place.region, {}};
      for (const aws::ec2::IpPermission& permission : one.ingress) AddIngress(permission, lists, made);
      facts.security_groups.push_back(std::move(made));
    }
  }

  // The listing of Classic load balancers that we read has no security groups: their network interfaces have.
  void ReadGroupsOfClassics(PlaceFacts& facts) {
    std::vector<std::string> descriptions;
    for (const Balancer& one : facts.classics) {
      if (one.internet_facing) descriptions.push_back("ELB " + one.name);
    }
    std::map<std::string, std::vector<std::string>> groups;
    for (auto& chunk : InChunks(descriptions, kFilterValues)) {
      const auto answer = At(facts.place)
                              .Call(aws::ec2::DescribeNetworkInterfaces{.filters = {{"description", std::move(chunk)}},
                                                                        .max_results = kEc2Page});
      if (!answer.ok()) break;
      for (const auto& one : answer->interfaces) groups[one.description] = one.security_groups;
    }
    for (Balancer& one : facts.classics) {
      const auto found = groups.find("ELB " + one.name);
      // Without an interface nothing is known of who may come.
      one.groups =
          found == groups.end() || found->second.empty() ? std::vector<std::string>{"not found"} : found->second;
    }
  }

  // Nothing: not read. Empty id -> who may come by it.
  std::map<std::string, Openness> ReadPrefixLists(PlaceFacts& facts,
                                                  const std::vector<aws::ec2::SecurityGroup>& groups) {
    std::map<std::string, Openness> lists;
    const bool wanted = std::any_of(groups.begin(), groups.end(), [](const auto& group) {
      return std::any_of(group.ingress.begin(), group.ingress.end(),
                         [](const auto& permission) { return !permission.prefix_lists.empty(); });
    });
    if (!wanted) return lists;
    const auto answer = At(facts.place).Call(aws::ec2::DescribeManagedPrefixLists{.max_results = kPrefixListPage});
    if (!answer.ok()) {
      AddGap(facts, Part::kSecurityGroups, answer.error().In("prefix lists"));
      return lists;
    }
    for (const aws::ec2::PrefixList& one : answer->lists) {
      if (one.name.starts_with(kCloudFrontList) || one.name.find("cloudfront.origin-facing") != std::string::npos) {
        lists[one.id] = Openness::kCloudFront;
      } else if (one.owner == "AWS") {
        lists[one.id] = Openness::kNamed;  // of one of AWS's services
      }
      // What is in a list of one's own is not read.
    }
    return lists;
  }

  static void AddIngress(const aws::ec2::IpPermission& permission, const std::map<std::string, Openness>& lists,
                         SecurityGroup& made) {
    if (permission.protocol != "tcp" && permission.protocol != "6" && permission.protocol != "-1") return;
    const bool all = permission.protocol == "-1";
    const std::int64_t first = all ? 0 : permission.from_port.value_or(0);
    const std::int64_t last = all ? 65'535 : permission.to_port.value_or(65'535);
    std::set<Openness> from;
    for (const std::string& range : permission.ranges) from.insert(OpennessOf(range));
    for (const std::string& range : permission.ipv6_ranges) from.insert(OpennessOf(range));
    for (const std::string& id : permission.prefix_lists) {
      const auto known = lists.find(id);
      from.insert(known == lists.end() ? Openness::kUnread : known->second);
    }
    for (const Openness one : from) {
      if (one != Openness::kClosed) made.ingress.push_back({one, first, last});
    }
  }

  // --- header checks

  // They make a difference for ALBs that the internet can reach and that a distribution leads to.
  void FindHeaderChecks() {
    std::unordered_set<std::string> origins;
    for (const AccountFacts& account : accounts_) {
      for (const Distribution& one : account.distributions) {
        for (const Origin& origin : one.origins) origins.insert(PlainDns(origin.domain));
      }
    }
    for (const auto& owned : places_) {
      PlaceFacts* facts = owned.get();
      for (Balancer& one : facts->balancers) {
        if (one.kind != BalancerKind::kApplication || !one.internet_facing || !origins.contains(PlainDns(one.dns)))
          continue;
        jobs_.Add(LaneOf(facts->place, "listeners"), [this, facts, &one] { ReadHeaderCheck(*facts, one); });
      }
    }
  }

  void ReadHeaderCheck(PlaceFacts& facts, Balancer& balancer) {
    const aws::Aws aws = At(facts.place);
    const auto listeners =
        aws.Call(aws::elbv2::DescribeListeners{.load_balancer_arn = balancer.arn, .page_size = kElbPage});
    balancer.header_check = HeaderCheck::kUnread;
    if (!listeners.ok()) {
      balancer.header_why = listeners.error().ToText();
      return;
    }
    HeaderCheck check = HeaderCheck::kAll;
    for (const aws::elbv2::Listener& listener : listeners->listeners) {
      // Without a rule whose condition asks for a header, the default action alone decides.
      const auto rules = aws.Call(aws::elbv2::ListRules{.listener_arn = listener.arn, .page_size = kElbPage});
      if (!rules.ok()) {
        balancer.header_why = rules.error().ToText();
        return;
      }
      for (const aws::elbv2::OpenRule& rule : rules->rules) {
        if (Forwards(rule) && !AsksForHeader(rule)) check = HeaderCheck::kNone;
      }
      if (check == HeaderCheck::kNone) break;  // one open rule is enough
    }
    balancer.header_check = listeners->listeners.empty() ? HeaderCheck::kNone : check;
  }

  static bool Forwards(const aws::elbv2::OpenRule& rule) {
    // Whatever is not known to be an answer of the load balancer itself lets a request on.
    return std::any_of(rule.actions.begin(), rule.actions.end(),
                       [](const std::string& action) { return action != "fixed-response" && action != "redirect"; });
  }

  static bool AsksForHeader(const aws::elbv2::OpenRule& rule) {
    return std::any_of(rule.conditions.begin(), rule.conditions.end(), [](const aws::elbv2::Condition& condition) {
      // Of the names that every browser sends nothing is proved.
      const std::string name = ToLowerAscii(condition.header);
      return condition.field == "http-header" && name.starts_with("x-") && name != "x-forwarded-for" &&
             name != "x-requested-with";
    });
  }

  // --- ECS

  void ReadCluster(PlaceFacts& facts, const std::string& cluster) {
    const aws::Aws aws = At(facts.place);
    const auto listed = aws.Call(aws::ecs::ListTasks{.cluster = cluster});
    if (!listed.ok()) {
      if (listed.error().code != ErrorCode::kNotFound) AddGap(facts, Part::kTasks, listed.error());
      return;
    }
    if (listed->arns.size() > kMostTasks) {
      return AddGap(facts, Part::kTasks,
                    {ErrorCode::kTooLarge, "more than " + std::to_string(kMostTasks) + " tasks in " + cluster, ""});
    }
    std::vector<aws::ecs::Task> tasks;
    for (auto& chunk : InChunks(listed->arns, kDescribedTasks)) {
      auto described = aws.Call(aws::ecs::DescribeTasks{.cluster = cluster, .tasks = std::move(chunk)});
      if (!described.ok()) return AddGap(facts, Part::kTasks, described.error());
      // Only those with a network interface of their own are found by an address.
      for (aws::ecs::Task& task : described->tasks) {
        if (!task.attachments.empty()) tasks.push_back(std::move(task));
      }
    }
    AddTasks(facts, aws, cluster, tasks);
  }

  void AddTasks(PlaceFacts& facts, const aws::Aws& aws, const std::string& cluster,
                const std::vector<aws::ecs::Task>& tasks) {
    std::set<std::string> wanted;
    for (const aws::ecs::Task& task : tasks) {
      if (!task.container_instance_arn.empty()) wanted.insert(task.container_instance_arn);
    }
    std::map<std::string, std::string> instances;
    for (auto& chunk : InChunks(std::vector<std::string>(wanted.begin(), wanted.end()), kDescribedTasks)) {
      const auto described =
          aws.Call(aws::ecs::DescribeContainerInstances{.cluster = cluster, .instances = std::move(chunk)});
      if (!described.ok()) return AddGap(facts, Part::kTasks, described.error());
      for (const aws::ecs::ContainerInstance& one : described->instances) instances[one.arn] = one.instance_id;
    }
    std::vector<Task> made;
    for (const aws::ecs::Task& one : tasks) {
      Task task;
      task.account = facts.place.account;
      task.region = facts.place.region;
      task.arn = one.arn;
      task.cluster = cluster;
      if (one.group.starts_with("service:")) task.service = one.group.substr(8);
      task.launch_type = one.launch_type;
      for (const aws::ecs::Attachment& attachment : one.attachments) {
        for (const aws::ecs::KeyValue& detail : attachment.details) {
          if (detail.name == "privateIPv4Address" || detail.name == "privateIPv6Address") {
            task.addresses.push_back(detail.value);
          }
        }
      }
      const auto instance = instances.find(one.container_instance_arn);
      if (instance != instances.end()) task.instance = instance->second;
      if (!task.addresses.empty()) made.push_back(std::move(task));
    }
    const std::lock_guard lock(facts.gaps_mutex);
    std::move(made.begin(), made.end(), std::back_inserter(facts.tasks));
  }

  // --- at last: whose the addresses are that are no instance's

  // Of the target groups of each place; ECS and network interfaces are asked only where there are any.
  std::vector<std::set<std::string>> UnknownAddresses() const {
    std::unordered_set<std::string> known;
    for (const auto& owned : places_) {
      for (const Host& host : owned->hosts) known.insert(host.addresses.begin(), host.addresses.end());
      for (const Task& task : owned->tasks) known.insert(task.addresses.begin(), task.addresses.end());
    }
    std::vector<std::set<std::string>> unknown(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      for (const TargetGroup& group : places_[i]->groups) {
        for (const Target& target : group.targets) {
          const bool here = group.kind == TargetKind::kIp && !target.outside_vpc;
          if (here && !known.contains(target.id)) unknown[i].insert(target.id);
        }
      }
    }
    return unknown;
  }

  void ExplainAddresses() {
    auto unknown = UnknownAddresses();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (unknown[i].empty()) continue;
      PlaceFacts* facts = places_[i].get();
      jobs_.Add(LaneOf(facts->place, "ecs"), [this, facts] { ListClusters(*facts); });
    }
    Run();
    for (const auto& [facts, arn] : clusters_) {
      PlaceFacts* to = facts;
      jobs_.Add(LaneOf(facts->place, "tasks"), [this, to, cluster = arn] { ReadCluster(*to, cluster); });
    }
    Run();
    unknown = UnknownAddresses();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      PlaceFacts* facts = places_[i].get();
      for (auto& chunk : InChunks(std::vector<std::string>(unknown[i].begin(), unknown[i].end()), kFilterValues)) {
        jobs_.Add(LaneOf(facts->place, "interfaces"),
                  [this, facts, addresses = chunk] { ReadInterfaces(*facts, addresses); });
      }
    }
    Run();
  }

  void ReadInterfaces(PlaceFacts& facts, const std::vector<std::string>& addresses) {
    const auto answer = At(facts.place)
                            .Call(aws::ec2::DescribeNetworkInterfaces{
                                .filters = {{"addresses.private-ip-address", addresses}}, .max_results = kEc2Page});
    if (!answer.ok()) return AddGap(facts, Part::kInterfaces, answer.error());
    const std::lock_guard lock(facts.gaps_mutex);
    for (const aws::ec2::ListedInterface& one : answer->interfaces) {
      std::vector<std::string> own = one.private_ips;
      if (own.empty()) own.push_back(one.private_ip);
      facts.interfaces.push_back({facts.place.account, facts.place.region, one.vpc_id, std::move(own), one.instance,
                                  one.description.empty() ? one.type : one.description});
    }
  }

  template <class T>
  static void Append(std::vector<T>& from, std::vector<T>& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }

  Estate Merge() {
    Estate estate;
    for (AccountFacts& account : accounts_) {
      Append(account.distributions, estate.distributions);
      Append(account.vpc_origins, estate.vpc_origins);
      Append(account.gaps, estate.gaps);
    }
    for (auto* list : {&places_, &hidden_places_}) {
      for (auto& owned : *list) {
        PlaceFacts& facts = *owned;
        Append(facts.gaps, estate.gaps);
        Append(facts.acls, estate.acls);
        Append(facts.offered, estate.offered);
        Append(facts.offers, estate.offers);
        Append(facts.balancers, estate.balancers);
        Append(facts.classics, estate.balancers);
        Append(facts.groups, estate.groups);
        Append(facts.security_groups, estate.security_groups);
        Append(facts.interfaces, estate.interfaces);
        Append(facts.tasks, estate.tasks);
        Append(facts.hosts, estate.hosts);
      }
    }
    estate.calls = transport_.Take();
    return estate;
  }

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

}  // namespace

Estate ReadAwsEstate(aws::Transport& transport, const Clock& clock, const SurveyOptions& options,
                     const SurveyAsk& ask) {
  return Survey(transport, clock, options, ask).Read();
}

}  // namespace sallyport::edge
