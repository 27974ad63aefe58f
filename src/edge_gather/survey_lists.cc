// SPDX-License-Identifier: Apache-2.0
//
// What there is: distributions, ACLs, load balancers, target groups, instances.
#include <algorithm>

#include "aws/endpoint.h"
#include "aws_api/cloudfront.h"
#include "aws_api/cloudfront_vpc.h"
#include "aws_api/elb.h"
#include "aws_api/elbv2.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"
#include "edge_gather/survey_parts.h"

namespace sallyport::edge {
namespace {

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

}  // namespace

void Survey::ReadDistributions(AccountFacts& account) {
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

void Survey::ReadVpcOrigins(AccountFacts& account, const Place& place) {
  const auto answer = At(place).Call(aws::cloudfront::ListVpcOrigins{.max_items = kWafPage});
  if (!answer.ok()) {
    account.gaps.push_back({Part::kVpcOrigins, account.account, "", answer.error().ToText()});
    return;
  }
  for (const auto& one : answer->origins) account.vpc_origins.push_back({one.id, account.account, one.endpoint});
}

void Survey::ListAcls(PlaceFacts& facts, const std::string& scope) {
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

void Survey::ListLogging(PlaceFacts& facts, const std::string& scope) {
  const auto answer = At(facts.place).Call(aws::wafv2::ListLoggingConfigurations{.scope = scope, .limit = kWafPage});
  if (!answer.ok()) return;  // then nothing is said of it
  const std::lock_guard lock(shared_mutex_);
  for (const auto& one : answer->configurations) logging_.insert(one.web_acl_arn);
  logging_read_.insert(LaneOf(facts.place, scope));
}

void Survey::ReadBalancers(PlaceFacts& facts) {
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

void Survey::ReadClassics(PlaceFacts& facts) {
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

void Survey::ReadGroups(PlaceFacts& facts) {
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

void Survey::ReadInstances(PlaceFacts& facts) {
  const auto answer = At(facts.place).Call(aws::ec2::DescribeInstances{.max_results = kEc2Page});
  if (!answer.ok()) return AddGap(facts, Part::kInstances, answer.error());
  for (const aws::ec2::Reservation& reservation : answer->reservations) {
    for (const aws::ec2::Instance& one : reservation.instances) {
      if (one.state != "terminated" && one.state != "shutting-down") facts.hosts.push_back(HostOf(facts.place, one));
    }
  }
}

Host Survey::HostOf(const Place& place, const aws::ec2::Instance& one) {
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

}  // namespace sallyport::edge
