// SPDX-License-Identifier: Apache-2.0
#include "edge/map.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "edge/map_maker.h"

namespace sallyport::edge {
namespace {

// Ports of a host on which a web server may be expected.
constexpr std::array<std::int64_t, 4> kWebPorts = {80, 443, 8080, 8443};

}  // namespace

Map MapMaker::Make() {
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

Way MapMaker::WayOf(std::size_t node, const Entrance& last) const {
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

void MapMaker::Arrive(std::size_t host, Way way, const Arrival& arrival) {
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

void MapMaker::ArriveThrough(std::size_t host, std::size_t balancer, const Arrival& arrival) {
  const GraphNode& node = nodes_[NodeOfBalancer(balancer)];
  for (const Entrance& entrance : node.entrances) {
    Arrive(host, WayOf(NodeOfBalancer(balancer), entrance), arrival);
  }
  hosts_[host].more += node.more;
}

void MapMaker::ArriveThroughGroup(std::size_t host, std::size_t group, const Arrival& arrival) {
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

void MapMaker::AddTargets() {
  for (std::size_t i = 0; i < estate_.groups.size(); ++i) {
    const TargetGroup& group = estate_.groups[i];
    if (!group.unread_why.empty()) {
      AddBlindGroup(i, "the targets of target group " + Quoted(group.name) + " not read: " + Quoted(group.unread_why));
      continue;
    }
    for (const Target& target : group.targets) AddTarget(i, target);
  }
  for (std::size_t i = 0; i < estate_.balancers.size(); ++i) {
    for (const std::string& id : estate_.balancers[i].instances) AddInstance(id, i);
  }
}

void MapMaker::AddInstance(const std::string& id, std::size_t balancer) {
  const auto host = host_at_.find(id);
  if (host != host_at_.end()) {
    ArriveThrough(host->second, balancer, {std::nullopt, "", false, ""});
  } else {
    AddBreak(NameOf(estate_.balancers[balancer]),
             "instance " + Quoted(id) + " is not among those that were read: gone, or not read");
  }
}

void MapMaker::AddBlindGroup(std::size_t group, const std::string& why) {
  const TargetGroup& one = estate_.groups[group];
  if (one.kind == TargetKind::kLambda || one.kind == TargetKind::kBalancer) return;
  const auto hosts = hosts_of_vpc_.find(one.vpc);
  if (hosts == hosts_of_vpc_.end()) return;
  for (const std::size_t host : hosts->second) ArriveThroughGroup(host, group, {group, "", true, why});
}

void MapMaker::AddTarget(std::size_t group, const Target& target) {
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

void MapMaker::AddAddress(std::size_t group, const Target& target) {
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

void MapMaker::ExplainAddress(std::size_t group, const Target& target, const std::string& address) {
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

bool MapMaker::AddTask(std::size_t group, const Target& target) {
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

void MapMaker::AddHostsOfOrigins() {
  for (const auto& [distribution, host] : hosts_of_origins_) {
    for (const Entrance& entrance : nodes_[distribution].entrances) {
      Arrive(host, WayOf(distribution, entrance), {std::nullopt, "", false, ""});
    }
  }
}

void MapMaker::AddOwnAddresses() {
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
    const InternetAccess access = AccessThrough(host.groups, host.account, host.region, ports_[i]);
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

void MapMaker::AddUnreadWays() {
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
      const InternetAccess access = AccessThrough(host.groups, host.account, host.region, ports_[i]);
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

void MapMaker::ArriveUnread(std::size_t host, const Gap& gap) {
  Way way;
  way.may_be = kAnything | kNone;
  way.entry = "what was not read";
  way.why = WhyOf(gap);
  Arrive(host, std::move(way), {std::nullopt, "", false, ""});
}

void MapMaker::Finish() {
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

std::string PlainDns(std::string_view name) {
  std::string plain = ToLowerAscii(name);
  if (plain.ends_with('.')) plain.pop_back();
  if (plain.starts_with("dualstack.")) plain.erase(0, 10);
  return plain;
}

Map MakeMap(const Estate& estate) {
  return MapMaker(estate).Make();
}

}  // namespace sallyport::edge
