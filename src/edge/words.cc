// SPDX-License-Identifier: Apache-2.0
//
// The words for parts of an estate, kinds of load balancers, states of hosts, and for what was not read.
#include <array>
#include <utility>

#include "base/text.h"
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

std::string FirstUnread(const Estate& estate) {
  if (!estate.gaps.empty()) {
    const Gap& gap = estate.gaps.front();
    return std::string(Words(gap.part)) + " of " + gap.account + (gap.region.empty() ? "" : " in " + gap.region) +
           ": " + Printable(gap.why, 200);
  }
  for (const WebAcl& acl : estate.acls) {
    const std::string name = "web ACL " + Printable(acl.name, 128);
    if (!acl.unread_why.empty()) return name + ": " + Printable(acl.unread_why, 200);
    if (!acl.resources_unread_why.empty())
      return "resources of " + name + ": " + Printable(acl.resources_unread_why, 200);
    for (const AclRule& rule : acl.rules) {
      if (rule.expiry_unread) return "the version of a group in " + name + ", rule " + Printable(rule.name, 128);
    }
  }
  for (const OfferRead& offer : estate.offers) {
    if (!offer.unread_why.empty()) return "which groups may be used: " + Printable(offer.unread_why, 200);
  }
  for (const TargetGroup& group : estate.groups) {
    if (!group.unread_why.empty()) {
      return "targets of target group " + Printable(group.name, 128) + ": " + Printable(group.unread_why, 200);
    }
  }
  for (const Balancer& one : estate.balancers) {
    if (one.header_check == HeaderCheck::kUnread) {
      return "listener rules of " + Printable(one.name, 128) + ": " + Printable(one.header_why, 200);
    }
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
