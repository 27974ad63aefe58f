// SPDX-License-Identifier: Apache-2.0
//
// The words for parts of an estate, kinds of load balancers and states of hosts.
#include <array>
#include <utility>

#include "edge/estate.h"
#include "edge/map.h"

namespace sallyport::edge {
namespace {

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

}  // namespace sallyport::edge
