// SPDX-License-Identifier: Apache-2.0
#include "edge/map.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace sallyport::edge {
namespace {

constexpr WaySet kAnyAcl = kEnforced | kCounted;
constexpr WaySet kAnything = kEnforced | kCounted | kOpen;
// Of one load balancer or distribution; what is beyond has a state but is not listed.
constexpr std::size_t kMostEntrances = 24;
// Ports of a host on which a web server may be expected.
constexpr std::array<std::int64_t, 4> kWebPorts = {80, 443, 8080, 8443};

WaySet StrongerOf(WaySet one, WaySet other) {
  if (one == kEnforced || other == kEnforced) return kEnforced;
  return one == kCounted || other == kCounted ? kCounted : kOpen;
}

// The way goes on through what may have these ACLs.
WaySet Through(WaySet way, WaySet acl) {
  WaySet made = way & kNone;
  for (const WaySet a : {kEnforced, kCounted, kOpen}) {
    for (const WaySet b : {kEnforced, kCounted, kOpen}) {
      if ((way & a) != 0 && (acl & b) != 0) made |= StrongerOf(a, b);
    }
  }
  return made;
}

bool IsOneThing(WaySet way) {
  return way != 0 && (way & (way - 1)) == 0;
}

// The state of a host of which it is known what its ways are; `ways` is the union of them.
HostState Settled(WaySet ways) {
  const bool enforced = (ways & kEnforced) != 0;
  const bool weaker = (ways & (kCounted | kOpen)) != 0;
  if (enforced) return weaker ? HostState::kPartly : HostState::kBehind;
  if ((ways & kOpen) != 0) return HostState::kNot;
  return (ways & kCounted) != 0 ? HostState::kCounts : HostState::kNoWay;
}

// Every union of ways that is possible, as a set of numbers 0 to 7.
class Possible {
 public:
  void Add(WaySet way) {
    std::array<bool, 8> next{};
    for (std::size_t known = 0; known < 8; ++known) {
      if (!unions_.at(known)) continue;
      for (const WaySet one : {kEnforced, kCounted, kOpen}) {
        if ((way & one) != 0) next.at(known | one) = true;
      }
      if ((way & kNone) != 0) next.at(known) = true;
    }
    unions_ = next;
  }

  HostState State() const {
    std::optional<HostState> state;
    for (std::size_t known = 0; known < 8; ++known) {
      if (!unions_.at(known)) continue;
      const HostState one = Settled(static_cast<WaySet>(known));
      if (state && *state != one) return HostState::kUndetermined;
      state = one;
    }
    return state.value_or(HostState::kNoWay);
  }

 private:
  std::array<bool, 8> unions_ = {true};
};

std::string Quoted(std::string_view text) {
  return Printable(text, 200);
}

std::string NameOf(const Balancer& balancer) {
  return std::string(Words(balancer.kind)) + " " + Quoted(balancer.name);
}

std::string NameOf(const Distribution& distribution) {
  std::string name = "distribution " + Quoted(distribution.id);
  if (!distribution.aliases.empty()) name += " (" + Quoted(distribution.aliases.front()) + ")";
  return name;
}

bool IsClassicAclId(std::string_view id) {
  return id.size() == 36 && id.find(':') == std::string_view::npos;
}

std::string HereKey(std::string_view account, std::string_view region) {
  return std::string(account) + "/" + std::string(region);
}

struct Access {
  Openness openness = Openness::kClosed;
  std::string group;  // that says so
};

int RankOf(Openness openness) {
  switch (openness) {
    case Openness::kClosed:
      return 0;
    case Openness::kCloudFront:
      return 1;
    case Openness::kNamed:
      return 2;
    case Openness::kUnread:
      return 3;
    case Openness::kOpen:
      return 4;
  }
  return 3;
}

// An entrance of a node of the graph: a distribution or a load balancer.
struct Entrance {
  WaySet may_be = kOpen;
  std::optional<std::size_t> from;  // node; nothing: the internet itself
  std::size_t from_entrance = 0;
  std::string entry;                   // of one from the internet
  std::string why;                     // of what is undetermined here
  std::optional<std::size_t> nearest;  // the last ACL on the way

  // Entrances of the same kind lead on in the same way.
  bool IsLike(const Entrance& other) const { return may_be == other.may_be && nearest == other.nearest; }
};

struct Edge {
  std::size_t to = 0;
  bool maybe = false;  // it may be another one
  std::string why;
};

struct Node {
  std::vector<Edge> edges;
  std::vector<Entrance> entrances;
  std::size_t more = 0;
  WaySet acl = kOpen;  // what passing it adds
  std::string acl_why;
};

class MapMaker {
 public:
  explicit MapMaker(const Estate& estate) : estate_(estate) {}

  Map Make() {
    Index();
    AssignAcls();
    AddEdges();
    Enter();
    hosts_.resize(estate_.hosts.size());
    AddTargets();
    AddHostsOfOrigins();
    AddOwnAddresses();
    AddUnreadWays();
    Finish();
    return std::move(map_);
  }

 private:
  struct HostWays {
    Possible possible;
    std::vector<Way> ways;
    std::size_t more = 0;
    std::vector<std::string> why;
  };

  // --- what is where

  std::size_t NodeOfBalancer(std::size_t balancer) const { return estate_.distributions.size() + balancer; }
  bool IsBalancer(std::size_t node) const { return node >= estate_.distributions.size(); }

  const Gap* FindGap(Part part, std::string_view account, std::string_view region) const {
    for (const Gap& gap : estate_.gaps) {
      const bool all_of_region = gap.part == Part::kRegion && (gap.region.empty() || gap.region == region);
      if (gap.account == account && (all_of_region || (gap.part == part && gap.region == region))) return &gap;
    }
    return nullptr;
  }

  static std::string WhyOf(const Gap& gap) {
    std::string text = std::string(Words(gap.part)) + " of account " + Quoted(gap.account);
    if (!gap.region.empty()) text += " in " + Quoted(gap.region);
    return text + " not read: " + Quoted(gap.why);
  }

  void Index() {
    for (std::size_t i = 0; i < estate_.acls.size(); ++i) acl_at_[estate_.acls[i].arn] = i;
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
      balancer_at_[estate_.balancers[i].arn] = i;
      balancers_of_dns_[PlainDns(estate_.balancers[i].dns)].push_back(i);
    }
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) {
      const Distribution& one = estate_.distributions[i];
      distributions_of_dns_[PlainDns(one.domain)].push_back(i);
      for (const std::string& alias : one.aliases) distributions_of_dns_[PlainDns(alias)].push_back(i);
    }
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) IndexHost(i);
    for (const SecurityGroup& group : estate_.security_groups) {
      security_group_at_[HereKey(group.account, group.region) + "/" + group.id] = &group;
    }
    for (const Task& task : estate_.tasks) {
      for (const std::string& address : task.addresses) tasks_of_address_[address].push_back(&task);
    }
    for (const Interface& one : estate_.interfaces) {
      for (const std::string& address : one.addresses) interfaces_of_address_[address].push_back(&one);
    }
    for (const VpcOrigin& origin : estate_.vpc_origins) vpc_origin_at_[origin.account + "/" + origin.id] = &origin;
  }

  void IndexHost(std::size_t i) {
    const Host& host = estate_.hosts[i];
    host_at_[host.id] = i;
    for (const std::string& address : host.addresses) hosts_of_address_[address].push_back(i);
    hosts_of_vpc_[host.vpc].push_back(i);
    hosts_of_place_[HereKey(host.account, host.region)].push_back(i);
    if (!host.public_dns.empty()) host_of_dns_[PlainDns(host.public_dns)] = i;
  }

  // --- ACLs

  void AssignAcls() {
    nodes_.resize(estate_.distributions.size() + estate_.balancers.size());
    map_.acl_of_distribution.resize(estate_.distributions.size());
    map_.acl_of_balancer.resize(estate_.balancers.size());
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) AssignGlobal(i);
    std::unordered_map<std::string, std::size_t> of_resource;
    for (std::size_t i = 0; i < estate_.acls.size(); ++i) {
      for (const std::string& arn : estate_.acls[i].resources) of_resource[arn] = i;
    }
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
      if (estate_.balancers[i].kind != BalancerKind::kApplication) continue;
      const auto found = of_resource.find(estate_.balancers[i].arn);
      AssignRegional(i, found == of_resource.end() ? std::nullopt : std::optional(found->second));
    }
  }

  void TakeAcl(Node& node, std::size_t acl) {
    node.acl = StrengthOf(estate_.acls[acl]);
    if (!IsOneThing(node.acl)) {
      node.acl_why = "web ACL " + Quoted(estate_.acls[acl].name) + " not read: " + Quoted(estate_.acls[acl].unread_why);
    }
  }

  void AssignGlobal(std::size_t i) {
    const Distribution& one = estate_.distributions[i];
    Node& node = nodes_[i];
    if (const auto found = acl_at_.find(one.web_acl); found != acl_at_.end()) {
      map_.acl_of_distribution[i] = found->second;
      TakeAcl(node, found->second);
    } else if (IsClassicAclId(one.web_acl)) {
      map_.notes.push_back(NameOf(one) + " names a web ACL of WAF Classic, which ended on 2025-09-30: it protects " +
                           "nothing; use a WAFv2 web ACL");
    } else if (!one.web_acl.empty()) {
      node.acl = kAnyAcl;
      node.acl_why = "web ACL " + Quoted(one.web_acl) + " of " + NameOf(one) + " not read";
    }
    if (one.tenants_only) {
      node.acl = kAnything;
      node.acl_why = NameOf(one) + " has tenants, which may have web ACLs of their own";
    }
  }

  void AssignRegional(std::size_t i, std::optional<std::size_t> acl) {
    const Balancer& one = estate_.balancers[i];
    Node& node = nodes_[NodeOfBalancer(i)];
    if (acl) {
      map_.acl_of_balancer[i] = acl;
      TakeAcl(node, *acl);
      return;
    }
    if (const Gap* gap = FindGap(Part::kRegionalAcls, one.account, one.region)) {
      node.acl = kAnything;
      node.acl_why = WhyOf(*gap);
    }
  }

  // --- edges of the graph

  void AddBreak(std::string where, std::string why) {
    if (map_.breaks.size() < kMostBreaks) map_.breaks.push_back({std::move(where), std::move(why)});
  }

  void AddEdges() {
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) {
      if (!estate_.distributions[i].enabled) continue;
      for (const Origin& origin : estate_.distributions[i].origins) AddOrigin(i, origin);
    }
    for (const TargetGroup& group : estate_.groups) {
      if (group.kind != TargetKind::kBalancer) continue;
      for (const Target& target : group.targets) AddBalancerTarget(group, target);
    }
  }

  void AddBalancerTarget(const TargetGroup& group, const Target& target) {
    const auto to = balancer_at_.find(target.id);
    if (to == balancer_at_.end()) {
      AddBreak("target group " + Quoted(group.name),
               "its target is load balancer " + Quoted(target.id) + ", which is not among those that were read");
      return;
    }
    for (const std::string& arn : group.balancers) {
      const auto from = balancer_at_.find(arn);
      if (from == balancer_at_.end()) {
        unknown_balancers_.emplace_back(NodeOfBalancer(to->second), arn);
        continue;
      }
      nodes_[NodeOfBalancer(from->second)].edges.push_back({NodeOfBalancer(to->second), false, ""});
    }
  }

  void AddOrigin(std::size_t distribution, const Origin& origin) {
    if (!origin.vpc_origin.empty()) return AddVpcOrigin(distribution, origin);
    const std::string dns = PlainDns(origin.domain);
    if (const auto found = balancers_of_dns_.find(dns); found != balancers_of_dns_.end()) {
      const bool maybe = found->second.size() > 1;
      const std::string why =
          maybe ? std::to_string(found->second.size()) + " load balancers have the name " + Quoted(origin.domain) : "";
      for (const std::size_t balancer : found->second) {
        nodes_[distribution].edges.push_back({NodeOfBalancer(balancer), maybe, why});
      }
      return;
    }
    if (const auto found = distributions_of_dns_.find(dns); found != distributions_of_dns_.end()) {
      for (const std::size_t next : found->second) nodes_[distribution].edges.push_back({next, false, ""});
      return;
    }
    if (const auto found = host_of_dns_.find(dns); found != host_of_dns_.end()) {
      hosts_of_origins_.push_back({distribution, found->second});
      return;
    }
    AddBreak(WhereOf(distribution, origin), WhyNoHost(dns));
  }

  std::string WhereOf(std::size_t distribution, const Origin& origin) const {
    return NameOf(estate_.distributions[distribution]) + ", origin " + Quoted(origin.id) + " (" +
           Quoted(origin.domain) + ")";
  }

  static std::string WhyNoHost(std::string_view dns) {
    if (dns.find(".elb.") != std::string_view::npos) {
      return "a load balancer of this name is not among those that were read: it is gone, or of another account";
    }
    if (dns.find(".s3.") != std::string_view::npos || dns.find(".s3-") != std::string_view::npos) {
      return "S3 bucket: no host";
    }
    if (dns.find(".execute-api.") != std::string_view::npos) return "API Gateway: not followed";
    if (dns.find(".lambda-url.") != std::string_view::npos) return "Lambda function: no host";
    return "external origin: a name that none of the load balancers, distributions and instances read has";
  }

  void AddVpcOrigin(std::size_t distribution, const Origin& origin) {
    const Distribution& one = estate_.distributions[distribution];
    const auto found = vpc_origin_at_.find(one.account + "/" + origin.vpc_origin);
    if (found == vpc_origin_at_.end()) {
      const Gap* gap = FindGap(Part::kVpcOrigins, one.account, "");
      AddBreak(WhereOf(distribution, origin), gap != nullptr ? WhyOf(*gap) : "the VPC origin is gone");
      if (gap != nullptr) blind_origins_.push_back(distribution);
      return;
    }
    const std::string& target = found->second->target;
    if (const auto balancer = balancer_at_.find(target); balancer != balancer_at_.end()) {
      nodes_[distribution].edges.push_back({NodeOfBalancer(balancer->second), false, ""});
      return;
    }
    const auto slash = target.rfind("instance/");
    const auto host = slash == std::string::npos ? host_at_.end() : host_at_.find(target.substr(slash + 9));
    if (host != host_at_.end()) {
      hosts_of_origins_.push_back({distribution, host->second});
    } else {
      AddBreak(WhereOf(distribution, origin), "VPC origin " + Quoted(target) + " is not among what was read");
    }
  }

  // --- how the internet gets in

  Access AccessThrough(const std::vector<std::string>& groups, const std::string& account, const std::string& region,
                       const std::vector<std::int64_t>& ports) const {
    Access widest;
    for (const std::string& id : groups) {
      const auto found = security_group_at_.find(HereKey(account, region) + "/" + id);
      if (found == security_group_at_.end()) {
        if (RankOf(widest.openness) < RankOf(Openness::kUnread)) widest = {Openness::kUnread, id};
        continue;
      }
      for (const SecurityGroup::Ingress& ingress : found->second->ingress) {
        const bool covers = ports.empty() || std::any_of(ports.begin(), ports.end(), [&](std::int64_t port) {
                              return port >= ingress.first_port && port <= ingress.last_port;
                            });
        if (covers && RankOf(widest.openness) < RankOf(ingress.from)) widest = {ingress.from, id};
      }
    }
    return widest;
  }

  void EnterBalancer(std::size_t i) {
    const Balancer& one = estate_.balancers[i];
    if (!one.internet_facing || one.kind == BalancerKind::kGateway) return;
    Entrance entrance;
    Access access{Openness::kOpen, ""};
    if (!one.groups.empty()) access = AccessThrough(one.groups, one.account, one.region, {});
    if (access.openness != Openness::kOpen && access.openness != Openness::kUnread) return;
    if (one.header_check == HeaderCheck::kAll) return;
    entrance.entry =
        "the internet reaches " + NameOf(one) + " itself: internet-facing, " +
        (access.group.empty() ? "no security group" : "security group " + Quoted(access.group) + " open") +
        (one.kind == BalancerKind::kApplication && one.header_check == HeaderCheck::kNone ? ", no check of a header"
                                                                                          : "");
    if (access.openness == Openness::kUnread) {
      entrance.may_be |= kNone;
      entrance.entry = "the internet may reach " + NameOf(one) + " itself";
      entrance.why = "security group " + Quoted(access.group) + " of " + NameOf(one) + " not read";
    } else if (one.header_check == HeaderCheck::kUnread) {
      entrance.may_be |= kNone;
      entrance.why = "the listener rules of " + NameOf(one) + " were not read: " + Quoted(one.header_why);
    }
    map_.direct_to_balancer[i] = entrance.entry;
    Add(NodeOfBalancer(i), std::move(entrance));
  }

  void Enter() {
    map_.direct_to_balancer.resize(estate_.balancers.size());
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) {
      if (!estate_.distributions[i].enabled) continue;
      Add(i, {kOpen, std::nullopt, 0, "CloudFront " + NameOf(estate_.distributions[i]), "", {}});
    }
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) EnterBalancer(i);
    EnterUnread();
    while (!work_.empty()) {
      const auto [node, entrance] = work_.front();
      work_.pop_front();
      Spread(node, entrance);
    }
  }

  // What may come from what was not read.
  void EnterUnread() {
    for (const Gap& gap : estate_.gaps) {
      if (gap.part != Part::kDistributions && gap.part != Part::kRegion) continue;
      if (gap.part == Part::kRegion && !gap.region.empty()) continue;
      for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
        if (estate_.balancers[i].kind == BalancerKind::kGateway) continue;
        Add(NodeOfBalancer(i), {kAnything | kNone, std::nullopt, 0, "CloudFront, perhaps", WhyOf(gap), {}});
      }
    }
    for (const auto& [node, arn] : unknown_balancers_) {
      Add(node, {kAnything | kNone,
                 std::nullopt,
                 0,
                 "load balancer " + Quoted(arn),
                 "load balancer " + Quoted(arn) + " not read",
                 {}});
    }
    for (const std::size_t distribution : blind_origins_) {
      const Distribution& one = estate_.distributions[distribution];
      for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
        if (estate_.balancers[i].account != one.account) continue;
        nodes_[distribution].edges.push_back(
            {NodeOfBalancer(i), true, "VPC origins of account " + Quoted(one.account) + " not read"});
      }
    }
  }

  std::optional<std::size_t> AclOfNode(std::size_t at) const {
    return IsBalancer(at) ? map_.acl_of_balancer[at - estate_.distributions.size()] : map_.acl_of_distribution[at];
  }

  // `entrance` as it is before the node's own ACL.
  void Add(std::size_t at, Entrance entrance) {
    Node& node = nodes_[at];
    entrance.may_be = Through(entrance.may_be, node.acl);
    if (entrance.why.empty() && !IsOneThing(node.acl) && !IsOneThing(entrance.may_be)) entrance.why = node.acl_why;
    if (const auto own = AclOfNode(at)) entrance.nearest = own;
    bool is_new = true;
    for (const Entrance& known : node.entrances) {
      if (!known.IsLike(entrance)) continue;
      if (known.from && known.from == entrance.from) return;
      is_new = false;
    }
    if (!is_new && node.entrances.size() >= kMostEntrances) {
      ++node.more;
      return;
    }
    node.entrances.push_back(std::move(entrance));
    if (is_new) work_.emplace_back(at, node.entrances.size() - 1);
  }

  void Spread(std::size_t from, std::size_t at) {
    const WaySet way = nodes_[from].entrances[at].may_be;
    const std::string why = nodes_[from].entrances[at].why;
    const auto nearest = nodes_[from].entrances[at].nearest;
    for (std::size_t i = 0; i < nodes_[from].edges.size(); ++i) {
      const Edge edge = nodes_[from].edges[i];
      const auto next = static_cast<WaySet>(edge.maybe ? way | kNone : way);
      Add(edge.to, {next, from, at, "", why.empty() ? edge.why : why, nearest});
    }
  }

  // --- from load balancers to hosts

  Way WayOf(std::size_t node, const Entrance& last) const {
    Way way;
    way.may_be = last.may_be;
    way.why = last.why;
    std::vector<std::size_t> path = {node};
    const Entrance* entrance = &last;
    while (entrance->from && path.size() < kMostWays) {
      path.push_back(*entrance->from);
      entrance = &nodes_[*entrance->from].entrances[entrance->from_entrance];
    }
    way.entry = entrance->entry;
    for (auto hop = path.rbegin(); hop != path.rend(); ++hop) {
      const bool balancer = IsBalancer(*hop);
      const std::size_t at = balancer ? *hop - estate_.distributions.size() : *hop;
      way.hops.push_back({balancer ? Hop::Kind::kBalancer : Hop::Kind::kDistribution, at,
                          balancer ? map_.acl_of_balancer[at] : map_.acl_of_distribution[at]});
    }
    return way;
  }

  struct Arrival {
    std::optional<std::size_t> group;
    std::string state;
    bool maybe = false;
    std::string why;
  };

  void Arrive(std::size_t host, Way way, const Arrival& arrival) {
    HostWays& ways = hosts_[host];
    if (arrival.maybe) way.may_be |= kNone;
    if (way.why.empty() && !IsOneThing(way.may_be)) way.why = arrival.why;
    way.group = arrival.group;
    way.target_state = arrival.state;
    ways.possible.Add(way.may_be);
    if (!IsOneThing(way.may_be) && ways.why.size() < kMostWays) ways.why.push_back(way.why);
    // What is listed are the ways that matter most.
    const auto rank = [](const Way& one) { return IsOneThing(one.may_be) ? static_cast<int>(one.may_be) : 100; };
    if (ways.ways.size() < kMostWays) {
      ways.ways.push_back(std::move(way));
      return;
    }
    ++ways.more;
    const auto least = std::min_element(ways.ways.begin(), ways.ways.end(),
                                        [&](const Way& a, const Way& b) { return rank(a) < rank(b); });
    if (rank(*least) < rank(way)) *least = std::move(way);
  }

  void ArriveThrough(std::size_t host, std::size_t balancer, const Arrival& arrival) {
    const Node& node = nodes_[NodeOfBalancer(balancer)];
    for (const Entrance& entrance : node.entrances) {
      Arrive(host, WayOf(NodeOfBalancer(balancer), entrance), arrival);
    }
    hosts_[host].more += node.more;
  }

  void ArriveThroughGroup(std::size_t host, std::size_t group, const Arrival& arrival) {
    for (const std::string& arn : estate_.groups[group].balancers) {
      const auto found = balancer_at_.find(arn);
      if (found != balancer_at_.end()) {
        ArriveThrough(host, found->second, arrival);
        continue;
      }
      Way way;
      way.may_be = kAnything | kNone;
      way.entry = "load balancer " + Quoted(arn);
      way.why = "load balancer " + Quoted(arn) + " not read";
      Arrive(host, std::move(way), arrival);
    }
  }

  void AddTargets() {
    for (std::size_t i = 0; i < estate_.groups.size(); ++i) {
      const TargetGroup& group = estate_.groups[i];
      if (!group.unread_why.empty()) {
        AddBlindGroup(i,
                      "the targets of target group " + Quoted(group.name) + " not read: " + Quoted(group.unread_why));
        continue;
      }
      for (const Target& target : group.targets) AddTarget(i, target);
    }
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
      for (const std::string& id : estate_.balancers[i].instances) AddInstance(id, i);
    }
  }

  void AddInstance(const std::string& id, std::size_t balancer) {
    const auto host = host_at_.find(id);
    if (host != host_at_.end()) {
      ArriveThrough(host->second, balancer, {std::nullopt, "", false, ""});
    } else {
      AddBreak(NameOf(estate_.balancers[balancer]),
               "instance " + Quoted(id) + " is not among those that were read: gone, or not read");
    }
  }

  // Any host of its VPC may be a target.
  void AddBlindGroup(std::size_t group, const std::string& why) {
    const TargetGroup& one = estate_.groups[group];
    if (one.kind == TargetKind::kLambda || one.kind == TargetKind::kBalancer) return;
    const auto hosts = hosts_of_vpc_.find(one.vpc);
    if (hosts == hosts_of_vpc_.end()) return;
    for (const std::size_t host : hosts->second) ArriveThroughGroup(host, group, {group, "", true, why});
  }

  void AddTarget(std::size_t group, const Target& target) {
    const TargetGroup& one = estate_.groups[group];
    const std::string where = "target group " + Quoted(one.name);
    switch (one.kind) {
      case TargetKind::kInstance: {
        const auto host = host_at_.find(target.id);
        if (host == host_at_.end()) {
          AddBreak(where, "instance " + Quoted(target.id) + " is not among those that were read: gone, or not read");
        } else {
          ArriveThroughGroup(host->second, group, {group, target.state, false, ""});
        }
        return;
      }
      case TargetKind::kIp:
        AddAddress(group, target);
        return;
      case TargetKind::kLambda:
        AddBreak(where, "Lambda function " + Quoted(target.id) + ": no host");
        return;
      case TargetKind::kBalancer:
        return;  // an edge of the graph
      case TargetKind::kOther:
        AddBreak(where, "a kind of target that this version does not know");
        return;
    }
  }

  void AddAddress(std::size_t group, const Target& target) {
    const TargetGroup& one = estate_.groups[group];
    std::vector<std::size_t> here;
    std::vector<std::size_t> elsewhere;
    if (const auto found = hosts_of_address_.find(target.id); found != hosts_of_address_.end()) {
      for (const std::size_t host : found->second) {
        (estate_.hosts[host].vpc == one.vpc && !target.outside_vpc ? here : elsewhere).push_back(host);
      }
    }
    if (here.size() == 1) return ArriveThroughGroup(here.front(), group, {group, target.state, false, ""});
    const std::string address = "address " + Quoted(target.id) + " of target group " + Quoted(one.name);
    if (here.size() > 1) {
      for (const std::size_t host : here) {
        ArriveThroughGroup(host, group, {group, target.state, true, address + ": two instances have it"});
      }
      return;
    }
    if (!target.outside_vpc && AddTask(group, target)) return;
    if (!elsewhere.empty()) {
      for (const std::size_t host : elsewhere) {
        ArriveThroughGroup(
            host, group,
            {group, target.state, true, address + " is in another VPC: which network it is in cannot be told"});
      }
      return;
    }
    ExplainAddress(group, target, address);
  }

  void ExplainAddress(std::size_t group, const Target& target, const std::string& address) {
    const TargetGroup& one = estate_.groups[group];
    const std::string where = "target group " + Quoted(one.name);
    if (target.outside_vpc) {
      AddBreak(where, address + " is outside the VPC");
      return;
    }
    if (const auto found = interfaces_of_address_.find(target.id); found != interfaces_of_address_.end()) {
      for (const Interface* known : found->second) {
        if (known->vpc != one.vpc) continue;
        AddBreak(where, address + " belongs to `" + Quoted(known->description) + "`: no host");
        return;
      }
    }
    // It may be a task's: then it is some host's that is not known.
    for (const Part part : {Part::kTasks, Part::kInstances}) {
      if (const Gap* gap = FindGap(part, one.account, one.region)) return AddBlindGroup(group, WhyOf(*gap));
    }
    AddBreak(where, address + " is none of the instances and tasks read in the VPC");
  }

  // Whether the address is a task's in the VPC.
  bool AddTask(std::size_t group, const Target& target) {
    const TargetGroup& one = estate_.groups[group];
    const auto found = tasks_of_address_.find(target.id);
    if (found == tasks_of_address_.end()) return false;
    bool is_task = false;
    for (const Task* task : found->second) {
      if (task->account != one.account || task->region != one.region) continue;
      const auto host = host_at_.find(task->instance);
      if (host != host_at_.end() && estate_.hosts[host->second].vpc == one.vpc) {
        ArriveThroughGroup(host->second, group, {group, target.state, false, ""});
        return true;
      }
      is_task = true;
      const bool fargate = task->instance.empty();
      AddBreak(
          "target group " + Quoted(one.name),
          (fargate ? "ECS task on Fargate: no host" : "ECS task on " + Quoted(task->instance) + ", no EC2 host read") +
              std::string(task->service.empty() ? "" : " (service " + Quoted(task->service) + ")"));
    }
    return is_task;
  }

  void AddHostsOfOrigins() {
    for (const auto& [distribution, host] : hosts_of_origins_) {
      for (const Entrance& entrance : nodes_[distribution].entrances) {
        Arrive(host, WayOf(distribution, entrance), {std::nullopt, "", false, ""});
      }
    }
  }

  // The internet at the host's own address, on the ports of its target groups and the usual ones.
  void AddOwnAddresses() {
    ports_.assign(estate_.hosts.size(), {kWebPorts.begin(), kWebPorts.end()});
    for (const TargetGroup& group : estate_.groups) {
      for (const Target& target : group.targets) {
        const auto host = host_at_.find(target.id);
        if (host != host_at_.end() && target.port > 0) ports_[host->second].push_back(target.port);
      }
    }
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) {
      const Host& host = estate_.hosts[i];
      if (host.public_ip.empty()) continue;
      const Access access = AccessThrough(host.groups, host.account, host.region, ports_[i]);
      Way way;
      way.entry = "the internet reaches its own address " + Quoted(host.public_ip) + ": security group " +
                  Quoted(access.group) + " open";
      if (access.openness == Openness::kOpen) {
        Arrive(i, std::move(way), {std::nullopt, "", false, ""});
      } else if (access.openness == Openness::kUnread) {
        way.entry = "the internet may reach its own address " + Quoted(host.public_ip);
        Arrive(i, std::move(way),
               {std::nullopt, "", true, "security group " + Quoted(access.group) + " of the host not read"});
      }
    }
  }

  // What was not read may lead to every host of its place.
  void AddUnreadWays() {
    for (const Gap& gap : estate_.gaps) {
      const bool targets = gap.part == Part::kTargetGroups || gap.part == Part::kClassic;
      if (targets || (gap.part == Part::kRegion && !gap.region.empty())) {
        const auto hosts = hosts_of_place_.find(HereKey(gap.account, gap.region));
        if (hosts == hosts_of_place_.end()) continue;
        for (const std::size_t host : hosts->second) ArriveUnread(host, gap);
      }
      const bool global = gap.part == Part::kDistributions || (gap.part == Part::kRegion && gap.region.empty());
      // A distribution that was not read may have the host as its origin, where its security groups let one in.
      for (std::size_t i = 0; global && i < estate_.hosts.size(); ++i) {
        const Host& host = estate_.hosts[i];
        if (host.public_dns.empty()) continue;
        const Access access = AccessThrough(host.groups, host.account, host.region, ports_[i]);
        if (access.openness != Openness::kClosed) ArriveUnread(i, gap);
      }
    }
    for (const std::size_t distribution : blind_origins_) {
      for (std::size_t i = 0; i < estate_.hosts.size(); ++i) {
        if (estate_.hosts[i].account != estate_.distributions[distribution].account) continue;
        for (const Entrance& entrance : nodes_[distribution].entrances) {
          Arrive(i, WayOf(distribution, entrance),
                 {std::nullopt, "", true,
                  "VPC origins of account " + Quoted(estate_.distributions[distribution].account) + " not read"});
        }
      }
    }
  }

  void ArriveUnread(std::size_t host, const Gap& gap) {
    Way way;
    way.may_be = kAnything | kNone;
    way.entry = "what was not read";
    way.why = WhyOf(gap);
    Arrive(host, std::move(way), {std::nullopt, "", false, ""});
  }

  void Finish() {
    map_.hosts.resize(estate_.hosts.size());
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) {
      HostVerdict& verdict = map_.hosts[i];
      verdict.state = hosts_[i].possible.State();
      verdict.ways = std::move(hosts_[i].ways);
      verdict.more_ways = hosts_[i].more;
      std::stable_sort(verdict.ways.begin(), verdict.ways.end(), [](const Way& a, const Way& b) {
        const auto rank = [](const Way& one) { return IsOneThing(one.may_be) ? -static_cast<int>(one.may_be) : -100; };
        return rank(a) < rank(b);
      });
      if (verdict.state != HostState::kUndetermined) continue;
      for (std::string& why : hosts_[i].why) {
        if (std::find(verdict.why.begin(), verdict.why.end(), why) == verdict.why.end()) {
          verdict.why.push_back(std::move(why));
        }
      }
    }
  }

  const Estate& estate_;
  Map map_;
  std::vector<Node> nodes_;  // distributions, then load balancers
  std::deque<std::pair<std::size_t, std::size_t>> work_;
  std::vector<HostWays> hosts_;
  std::vector<std::vector<std::int64_t>> ports_;  // of each host, on which a web server may be expected
  std::vector<std::pair<std::size_t, std::size_t>> hosts_of_origins_;   // distribution, host
  std::vector<std::pair<std::size_t, std::string>> unknown_balancers_;  // node behind it, ARN
  std::vector<std::size_t> blind_origins_;                              // distributions
  std::unordered_map<std::string, std::size_t> acl_at_;
  std::unordered_map<std::string, std::size_t> balancer_at_;
  std::unordered_map<std::string, std::vector<std::size_t>> balancers_of_dns_;
  std::unordered_map<std::string, std::vector<std::size_t>> distributions_of_dns_;
  std::unordered_map<std::string, std::size_t> host_at_;
  std::unordered_map<std::string, std::size_t> host_of_dns_;
  std::unordered_map<std::string, std::vector<std::size_t>> hosts_of_address_;
  std::unordered_map<std::string, std::vector<std::size_t>> hosts_of_vpc_;
  std::unordered_map<std::string, std::vector<std::size_t>> hosts_of_place_;
  std::unordered_map<std::string, const SecurityGroup*> security_group_at_;
  std::unordered_map<std::string, std::vector<const Task*>> tasks_of_address_;
  std::unordered_map<std::string, std::vector<const Interface*>> interfaces_of_address_;
  std::unordered_map<std::string, const VpcOrigin*> vpc_origin_at_;
};

constexpr std::array<std::pair<HostState, std::string_view>, 6> kStateWords = {
    {{HostState::kBehind, "behind"},
     {HostState::kCounts, "counts"},
     {HostState::kPartly, "partly"},
     {HostState::kNot, "not"},
     {HostState::kNoWay, "no-way"},
     {HostState::kUndetermined, "undetermined"}}};

}  // namespace

std::string_view Words(Part part) {
  switch (part) {
    case Part::kDistributions:
      return "CloudFront distributions";
    case Part::kGlobalAcls:
      return "web ACLs of CloudFront";
    case Part::kRegionalAcls:
      return "web ACLs";
    case Part::kLoadBalancers:
      return "load balancers";
    case Part::kClassic:
      return "Classic load balancers";
    case Part::kTargetGroups:
      return "target groups";
    case Part::kInstances:
      return "EC2 instances";
    case Part::kInterfaces:
      return "network interfaces";
    case Part::kSecurityGroups:
      return "security groups";
    case Part::kTasks:
      return "ECS tasks";
    case Part::kVpcOrigins:
      return "VPC origins";
    case Part::kRegion:
      return "regions";
  }
  return "";
}

std::string_view Words(BalancerKind kind) {
  switch (kind) {
    case BalancerKind::kApplication:
      return "ALB";
    case BalancerKind::kNetwork:
      return "NLB";
    case BalancerKind::kGateway:
      return "gateway load balancer";
    case BalancerKind::kClassic:
      return "Classic load balancer";
  }
  return "";
}

std::string_view ToString(HostState state) {
  for (const auto& [known, word] : kStateWords) {
    if (known == state) return word;
  }
  return "";
}

std::optional<HostState> HostStateFrom(std::string_view word) {
  for (const auto& [state, known] : kStateWords) {
    if (known == word) return state;
  }
  return std::nullopt;
}

std::string_view WordOf(WaySet way) {
  if (!IsOneThing(way)) return "undetermined";
  if (way == kEnforced) return "enforced";
  if (way == kCounted) return "counted";
  return way == kOpen ? "open" : "none";
}

WaySet StrengthOf(const WebAcl& acl) {
  if (!acl.unread_why.empty()) return kAnyAcl;
  const bool enforces =
      acl.blocks_by_default || std::any_of(acl.rules.begin(), acl.rules.end(),
                                           [](const AclRule& rule) { return rule.mode == RuleMode::kEnforce; });
  return enforces ? kEnforced : kCounted;
}

std::string PlainDns(std::string_view name) {
  std::string plain = ToLowerAscii(name);
  if (plain.ends_with('.')) plain.pop_back();
  if (plain.starts_with("dualstack.")) plain.erase(0, 10);
  return plain;
}

HostState StateOf(const std::vector<WaySet>& ways) {
  Possible possible;
  for (const WaySet way : ways) possible.Add(way);
  return possible.State();
}

Map MakeMap(const Estate& estate) {
  return MapMaker(estate).Make();
}

}  // namespace sallyport::edge
