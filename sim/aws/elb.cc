// SPDX-License-Identifier: Apache-2.0
//
// Classic load balancers (elb) and the newer ones with target groups, listeners and rules (elbv2).
#include <variant>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr PageRule kElbPages{.token_in = "Marker",
                             .token_out = "NextMarker",
                             .size_in = "PageSize",
                             .default_size = 400,
                             .largest = 400,
                             .bad_token = "ValidationError"};
constexpr std::size_t kMaxNamed = 20;

using FoundBalancers = std::vector<const json::object*>;

Failure TooMany(std::string_view what) {
  return Fail(400, "ValidationError", "Up to 20 " + std::string(what) + " can be named in one call");
}

// The records named by `list` (matched on `key`), or all. `missing` is the error for a name that is not there.
std::variant<FoundBalancers, Failure> Named(const Records& all, const std::vector<std::string>& names,
                                            std::string_view key, std::string_view missing) {
  FoundBalancers found;
  for (const std::string& name : names) {
    const auto* record = FindRecord(all, key, name);
    if (record == nullptr) return Fail(400, missing, "'" + Printable(name, 200) + "' not found");
    found.push_back(record);
  }
  if (!names.empty()) return found;
  for (const json::object& record : all) found.push_back(&record);
  return found;
}

// --- classic

Answer DescribeClassic(World&, const Call& call) {
  const auto names = TextsOf(call.in, "LoadBalancerNames");
  if (names.size() > kMaxNamed) return TooMany("load balancers");
  auto named = Named(call.regional->Set("classicLoadBalancers"), names, "LoadBalancerName", "LoadBalancerNotFound");
  if (auto* problem = std::get_if<Failure>(&named)) return *problem;
  return OnePage(call, "LoadBalancerDescriptions", std::get<FoundBalancers>(named), kElbPages);
}

// --- elbv2

Answer DescribeLoadBalancers(World&, const Call& call) {
  const auto arns = TextsOf(call.in, "LoadBalancerArns");
  const auto names = TextsOf(call.in, "Names");
  if (arns.size() > kMaxNamed || names.size() > kMaxNamed) return TooMany("load balancers");
  auto named = Named(call.regional->Set("loadBalancers"), arns.empty() ? names : arns,
                     arns.empty() ? "LoadBalancerName" : "LoadBalancerArn", "LoadBalancerNotFound");
  if (auto* problem = std::get_if<Failure>(&named)) return *problem;
  return OnePage(call, "LoadBalancers", std::get<FoundBalancers>(named), kElbPages);
}

bool KnownLoadBalancer(const Call& call, const std::string& arn) {
  return FindRecord(call.regional->Set("loadBalancers"), "LoadBalancerArn", arn) != nullptr;
}

Answer DescribeTargetGroups(World&, const Call& call) {
  const auto arns = TextsOf(call.in, "TargetGroupArns");
  const auto names = TextsOf(call.in, "Names");
  const auto balancer = TextOf(call.in, "LoadBalancerArn");
  if (arns.size() > kMaxNamed || names.size() > kMaxNamed) return TooMany("target groups");
  if (!balancer.empty() && !KnownLoadBalancer(call, balancer)) {
    return Fail(400, "LoadBalancerNotFound", "'" + Printable(balancer, 200) + "' not found");
  }
  auto named = Named(call.regional->Set("targetGroups"), arns.empty() ? names : arns,
                     arns.empty() ? "TargetGroupName" : "TargetGroupArn", "TargetGroupNotFound");
  if (auto* problem = std::get_if<Failure>(&named)) return *problem;
  FoundBalancers found;
  for (const auto* one : std::get<FoundBalancers>(named)) {
    if (balancer.empty() || Contains(TextsOf(*one, "LoadBalancerArns"), balancer)) found.push_back(one);
  }
  return OnePage(call, "TargetGroups", found, kElbPages, "targets");
}

json::object ShowHealth(const json::object& target) {
  json::object shown{{"Target", Pick(target, {"Id", "Port", "AvailabilityZone"})}};
  if (Has(target, "Port")) shown["HealthCheckPort"] = std::to_string(NumberOf(target, "Port", 80));
  json::object health{{"State", TextOf(target, "State", "healthy")}};
  if (Has(target, "Reason")) health["Reason"] = TextOf(target, "Reason");
  shown["TargetHealth"] = std::move(health);
  return shown;
}

Answer DescribeTargetHealth(World&, const Call& call) {
  const auto arn = TextOf(call.in, "TargetGroupArn");
  const auto* group = FindRecord(call.regional->Set("targetGroups"), "TargetGroupArn", arn);
  if (group == nullptr) return Fail(400, "TargetGroupNotFound", "One or more target groups not found");
  std::vector<std::string> wanted;
  for (const json::value& target : ArrayOf(call.in, "Targets")) {
    if (target.is_object()) wanted.push_back(TextOf(target.get_object(), "Id"));
  }
  json::array shown;
  for (const json::value& target : ArrayOf(*group, "targets")) {
    if (!target.is_object()) continue;
    if (wanted.empty() || Contains(wanted, TextOf(target.get_object(), "Id")))
      shown.push_back(ShowHealth(target.get_object()));
  }
  return json::object{{"TargetHealthDescriptions", std::move(shown)}};
}

Answer DescribeListeners(World&, const Call& call) {
  const auto arns = TextsOf(call.in, "ListenerArns");
  const auto balancer = TextOf(call.in, "LoadBalancerArn");
  if (arns.empty() && balancer.empty()) {
    return Fail(400, "ValidationError", "Either listener ARNs or a load balancer ARN must be specified");
  }
  if (!balancer.empty() && !KnownLoadBalancer(call, balancer)) {
    return Fail(400, "LoadBalancerNotFound", "One or more load balancers not found");
  }
  auto named = Named(call.regional->Set("listeners"), arns, "ListenerArn", "ListenerNotFound");
  if (auto* problem = std::get_if<Failure>(&named)) return *problem;
  FoundBalancers found;
  for (const auto* one : std::get<FoundBalancers>(named)) {
    if (balancer.empty() || TextOf(*one, "LoadBalancerArn") == balancer) found.push_back(one);
  }
  return OnePage(call, "Listeners", found, kElbPages, "rules");
}

Answer DescribeRules(World&, const Call& call) {
  const auto listener = TextOf(call.in, "ListenerArn");
  const auto wanted = TextsOf(call.in, "RuleArns");
  if (listener.empty() == wanted.empty()) {
    return Fail(400, "ValidationError", "Either rule ARNs or a listener ARN must be specified");
  }
  FoundBalancers found;
  bool known = false;
  for (const json::object& one : call.regional->Set("listeners")) {
    known = known || TextOf(one, "ListenerArn") == listener;
    for (const json::value& rule : ArrayOf(one, "rules")) {
      const bool fits =
          TextOf(one, "ListenerArn") == listener || Contains(wanted, TextOf(rule.get_object(), "RuleArn"));
      if (fits) found.push_back(&rule.get_object());
    }
  }
  if (!listener.empty() && !known) return Fail(400, "ListenerNotFound", "One or more listeners not found");
  if (found.size() < wanted.size()) return Fail(400, "RuleNotFound", "One or more rules not found");
  return OnePage(call, "Rules", found, kElbPages);
}

constexpr OperationSpec kElbOperations[] = {
    {"DescribeLoadBalancers", "LoadBalancerNames Marker PageSize", DescribeClassic},
};
constexpr OperationSpec kElbv2Operations[] = {
    {"DescribeLoadBalancers", "LoadBalancerArns Names Marker PageSize", DescribeLoadBalancers},
    {"DescribeTargetGroups", "LoadBalancerArn TargetGroupArns Names Marker PageSize", DescribeTargetGroups},
    {"DescribeTargetHealth", "TargetGroupArn* Targets Include", DescribeTargetHealth},
    {"DescribeListeners", "LoadBalancerArn ListenerArns Marker PageSize", DescribeListeners},
    {"DescribeRules", "ListenerArn RuleArns Marker PageSize", DescribeRules},
};

}  // namespace

const ServiceSpec kElbService{"elb",
                              "elasticloadbalancing",
                              "2012-06-01",
                              Protocol::kQuery,
                              "",
                              "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
                              kElbOperations};
const ServiceSpec kElbv2Service{"elbv2",
                                "elasticloadbalancing",
                                "2015-12-01",
                                Protocol::kQuery,
                                "",
                                "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
                                kElbv2Operations};

}  // namespace sallyport::aws_sim
