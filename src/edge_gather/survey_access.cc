// SPDX-License-Identifier: Apache-2.0
//
// Who may come: security groups, prefix lists, and listener rules that ask for a header.
#include <algorithm>
#include <unordered_set>

#include "aws_api/elbv2.h"
#include "base/text.h"
#include "edge/acl.h"
#include "edge/map.h"
#include "edge_gather/survey_parts.h"

namespace sallyport::edge {
namespace {

constexpr std::int64_t kPrefixListPage = 100;
// Whose rules are read, of one load balancer: each is a call. AWS allows 50 unless it is asked for more.
constexpr std::size_t kMostListeners = 200;
constexpr std::string_view kCloudFrontList = "com.amazonaws.global.cloudfront.origin-facing";

}  // namespace

std::set<std::string> Survey::GroupsToRead(const PlaceFacts& facts) const {
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

void Survey::ReadAccess(PlaceFacts& facts) {
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

void Survey::ReadGroupsOfClassics(PlaceFacts& facts) {
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
    one.groups = found == groups.end() || found->second.empty() ? std::vector<std::string>{"not found"} : found->second;
  }
}

std::map<std::string, Openness> Survey::ReadPrefixLists(PlaceFacts& facts,
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

void Survey::AddIngress(const aws::ec2::IpPermission& permission, const std::map<std::string, Openness>& lists,
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

void Survey::FindHeaderChecks() {
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

void Survey::ReadHeaderCheck(PlaceFacts& facts, Balancer& balancer) {
  const aws::Aws aws = At(facts.place);
  const auto listeners =
      aws.Call(aws::elbv2::DescribeListeners{.load_balancer_arn = balancer.arn, .page_size = kElbPage});
  balancer.header_check = HeaderCheck::kUnread;
  if (!listeners.ok()) {
    balancer.header_why = listeners.error().ToText();
    return;
  }
  HeaderCheck check = HeaderCheck::kAll;
  std::size_t asked = 0;
  for (const aws::elbv2::Listener& listener : listeners->listeners) {
    if (asked++ >= kMostListeners) {
      balancer.header_why = "more than " + std::to_string(kMostListeners) + " listeners";
      return;
    }
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

bool Survey::Forwards(const aws::elbv2::OpenRule& rule) {
  // Whatever is not known to be an answer of the load balancer itself lets a request on.
  return std::any_of(rule.actions.begin(), rule.actions.end(),
                     [](const std::string& action) { return action != "fixed-response" && action != "redirect"; });
}

bool Survey::AsksForHeader(const aws::elbv2::OpenRule& rule) {
  return std::any_of(rule.conditions.begin(), rule.conditions.end(), [](const aws::elbv2::Condition& condition) {
    // Of the names that every browser sends nothing is proved.
    const std::string name = ToLowerAscii(condition.header);
    return condition.field == "http-header" && name.starts_with("x-") && name != "x-forwarded-for" &&
           name != "x-requested-with";
  });
}

}  // namespace sallyport::edge
