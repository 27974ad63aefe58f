// SPDX-License-Identifier: Apache-2.0
//
// The making of the map (map.h): a graph of distributions and load balancers (map_graph.cc), and from it the hosts
// (map.cc). For these two files alone.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "edge/map.h"
#include "edge/way_set.h"

namespace sallyport::edge {

// Texts from outside, as they may stand in a sentence.
std::string Quoted(std::string_view text);
std::string NameOf(const Balancer& balancer);
std::string NameOf(const Distribution& distribution);
// "ACCOUNT/REGION".
std::string HereKey(std::string_view account, std::string_view region);

struct InternetAccess {
  Openness openness = Openness::kClosed;
  std::string group;  // that says so
};

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

struct GraphEdge {
  std::size_t to = 0;
  bool maybe = false;  // it may be another one
  std::string why;
};

struct GraphNode {
  std::vector<GraphEdge> edges;
  std::vector<Entrance> entrances;
  std::size_t more = 0;
  WaySet acl = kOpen;  // what passing it adds
  std::string acl_why;
};

class MapMaker {
 public:
  explicit MapMaker(const Estate& estate) : estate_(estate) {}

  Map Make();

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

  const Gap* FindGap(Part part, std::string_view account, std::string_view region) const;

  static std::string WhyOf(const Gap& gap);

  void Index();

  void IndexHost(std::size_t i);

  // --- ACLs

  void AssignAcls();

  void TakeAcl(GraphNode& node, std::size_t acl);

  void AssignGlobal(std::size_t i);

  void AssignRegional(std::size_t i, std::optional<std::size_t> acl);

  // --- edges of the graph

  void AddBreak(std::string where, std::string why);

  void AddEdges();

  void AddBalancerTarget(const TargetGroup& group, const Target& target);

  void AddOrigin(std::size_t distribution, const Origin& origin);

  std::string WhereOf(std::size_t distribution, const Origin& origin) const;

  static std::string WhyNoHost(std::string_view dns);

  void AddVpcOrigin(std::size_t distribution, const Origin& origin);

  // --- how the internet gets in

  InternetAccess AccessThrough(const std::vector<std::string>& groups, const std::string& account,
                               const std::string& region, const std::vector<std::int64_t>& ports) const;

  void EnterBalancer(std::size_t i);

  void Enter();

  // What may come from what was not read.
  void EnterUnread();

  std::optional<std::size_t> AclOfNode(std::size_t at) const;

  // `entrance` as it is before the node's own ACL.
  void Add(std::size_t at, Entrance entrance);

  void Spread(std::size_t from, std::size_t at);

  // --- from load balancers to hosts

  Way WayOf(std::size_t node, const Entrance& last) const;

  struct Arrival {
    std::optional<std::size_t> group;
    std::string state;
    bool maybe = false;
    std::string why;
  };

  void Arrive(std::size_t host, Way way, const Arrival& arrival);

  void ArriveThrough(std::size_t host, std::size_t balancer, const Arrival& arrival);

  void ArriveThroughGroup(std::size_t host, std::size_t group, const Arrival& arrival);

  void AddTargets();

  void AddInstance(const std::string& id, std::size_t balancer);

  // Any host of its VPC may be a target.
  void AddBlindGroup(std::size_t group, const std::string& why);

  void AddTarget(std::size_t group, const Target& target);

  void AddAddress(std::size_t group, const Target& target);

  void ExplainAddress(std::size_t group, const Target& target, const std::string& address);

  // Whether the address is a task's in the VPC.
  bool AddTask(std::size_t group, const Target& target);

  void AddHostsOfOrigins();

  // The internet at the host's own address, on the ports of its target groups and the usual ones.
  void AddOwnAddresses();

  // What was not read may lead to every host of its place.
  void AddUnreadWays();

  void ArriveUnread(std::size_t host, const Gap& gap);

  void Finish();

  const Estate& estate_;
  Map map_;
  std::vector<GraphNode> nodes_;  // distributions, then load balancers
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

}  // namespace sallyport::edge
