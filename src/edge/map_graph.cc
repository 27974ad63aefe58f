// SPDX-License-Identifier: Apache-2.0
//
// The graph of the map: what is where, which ACL each node has, what leads on to what, and how the internet gets in.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "edge/map_maker.h"

namespace sallyport::edge {
namespace {

// Of one load balancer or distribution; what is beyond has a state but is not listed.
constexpr std::size_t kMostEntrances = 24;

bool IsClassicAclId(std::string_view id) {
  return id.size() == 36 && id.find(':') == std::string_view::npos;
}

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

}  // namespace

std::string Quoted(std::string_view text) {
  return Printable(text, 200);
}

std::string HereKey(std::string_view account, std::string_view region) {
  return std::string(account) + "/" + std::string(region);
}

std::string NameOf(const Balancer& balancer) {
  return std::string(Words(balancer.kind)) + " " + Quoted(balancer.name);
}

std::string NameOf(const Distribution& distribution) {
  std::string name = "distribution " + Quoted(distribution.id);
  if (!distribution.aliases.empty()) name += " (" + Quoted(distribution.aliases.front()) + ")";
  return name;
}

const Gap* MapMaker::FindGap(Part part, std::string_view account, std::string_view region) const {
  for (const Gap& gap : estate_.gaps) {
    const bool all_of_region = gap.part == Part::kRegion && (gap.region.empty() || gap.region == region);
    if (gap.account == account && (all_of_region || (gap.part == part && gap.region == region))) return &gap;
  }
  return nullptr;
}

std::string MapMaker::WhyOf(const Gap& gap) {
  std::string text = std::string(Words(gap.part)) + " of account " + Quoted(gap.account);
  if (!gap.region.empty()) text += " in " + Quoted(gap.region);
  return text + " not read: " + Quoted(gap.why);
}

void MapMaker::Index() {
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

void MapMaker::IndexHost(std::size_t i) {
  const Host& host = estate_.hosts[i];
  host_at_[host.id] = i;
  for (const std::string& address : host.addresses) hosts_of_address_[address].push_back(i);
  hosts_of_vpc_[host.vpc].push_back(i);
  hosts_of_place_[HereKey(host.account, host.region)].push_back(i);
  if (!host.public_dns.empty()) host_of_dns_[PlainDns(host.public_dns)] = i;
}

void MapMaker::AssignAcls() {
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

void MapMaker::TakeAcl(GraphNode& node, std::size_t acl) {
  node.acl = StrengthOf(estate_.acls[acl]);
  if (!IsOneThing(node.acl)) {
    node.acl_why = "web ACL " + Quoted(estate_.acls[acl].name) + " not read: " + Quoted(estate_.acls[acl].unread_why);
  }
}

void MapMaker::AssignGlobal(std::size_t i) {
  const Distribution& one = estate_.distributions[i];
  GraphNode& node = nodes_[i];
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

void MapMaker::AssignRegional(std::size_t i, std::optional<std::size_t> acl) {
  const Balancer& one = estate_.balancers[i];
  GraphNode& node = nodes_[NodeOfBalancer(i)];
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

void MapMaker::AddBreak(std::string where, std::string why) {
  if (map_.breaks.size() < kMostBreaks) map_.breaks.push_back({std::move(where), std::move(why)});
}

void MapMaker::AddEdges() {
  for (std::size_t i = 0; i < estate_.distributions.size(); ++i) {
    if (!estate_.distributions[i].enabled) continue;
    for (const Origin& origin : estate_.distributions[i].origins) AddOrigin(i, origin);
  }
  for (const TargetGroup& group : estate_.groups) {
    if (group.kind != TargetKind::kBalancer) continue;
    for (const Target& target : group.targets) AddBalancerTarget(group, target);
  }
}

void MapMaker::AddBalancerTarget(const TargetGroup& group, const Target& target) {
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

void MapMaker::AddOrigin(std::size_t distribution, const Origin& origin) {
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

std::string MapMaker::WhereOf(std::size_t distribution, const Origin& origin) const {
  return NameOf(estate_.distributions[distribution]) + ", origin " + Quoted(origin.id) + " (" + Quoted(origin.domain) +
         ")";
}

std::string MapMaker::WhyNoHost(std::string_view dns) {
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

void MapMaker::AddVpcOrigin(std::size_t distribution, const Origin& origin) {
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

InternetAccess MapMaker::AccessThrough(const std::vector<std::string>& groups, const std::string& account,
                                       const std::string& region, const std::vector<std::int64_t>& ports) const {
  InternetAccess widest;
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

void MapMaker::EnterBalancer(std::size_t i) {
  const Balancer& one = estate_.balancers[i];
  if (!one.internet_facing || one.kind == BalancerKind::kGateway) return;
  Entrance entrance;
  InternetAccess access{Openness::kOpen, ""};
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

void MapMaker::Enter() {
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

void MapMaker::EnterUnread() {
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

std::optional<std::size_t> MapMaker::AclOfNode(std::size_t at) const {
  return IsBalancer(at) ? map_.acl_of_balancer[at - estate_.distributions.size()] : map_.acl_of_distribution[at];
}

void MapMaker::Add(std::size_t at, Entrance entrance) {
  GraphNode& node = nodes_[at];
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

void MapMaker::Spread(std::size_t from, std::size_t at) {
  const WaySet way = nodes_[from].entrances[at].may_be;
  const std::string why = nodes_[from].entrances[at].why;
  const auto nearest = nodes_[from].entrances[at].nearest;
  for (std::size_t i = 0; i < nodes_[from].edges.size(); ++i) {
    const GraphEdge edge = nodes_[from].edges[i];
    const auto next = static_cast<WaySet>(edge.maybe ? way | kNone : way);
    Add(edge.to, {next, from, at, "", why.empty() ? edge.why : why, nearest});
  }
}

}  // namespace sallyport::edge
