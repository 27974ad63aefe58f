// SPDX-License-Identifier: Apache-2.0
//
// Auto Scaling. A group's record has the wire's members, its Instances in the wire's form too.
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

Answer Paged(const Call& call, std::string_view key, const json::array& all, const PageRule& rule) {
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::object out{{key, json::array(all.begin() + page.begin, all.begin() + page.end)}};
  PutPage(out, page, rule);
  return out;
}

Answer DescribeAutoScalingInstances(World&, const Call& call) {
  const auto wanted = TextsOf(call.in, "InstanceIds");
  if (wanted.size() > 50) return Fail(400, "ValidationError", "The number of instance ids may not be more than 50");
  json::array shown;
  for (const json::object& group : call.regional->Set("autoScalingGroups")) {
    for (const json::value& value : ArrayOf(group, "Instances")) {
      const auto* instance = value.if_object();
      if (instance == nullptr || (!wanted.empty() && !Contains(wanted, TextOf(*instance, "InstanceId")))) continue;
      json::object one = *instance;
      one["AutoScalingGroupName"] = TextOf(group, "AutoScalingGroupName");
      shown.push_back(std::move(one));
    }
  }
  return Paged(call, "AutoScalingInstances", shown, {.size_in = "MaxRecords", .default_size = 50, .largest = 50});
}

Answer DescribeAutoScalingGroups(World&, const Call& call) {
  const auto wanted = TextsOf(call.in, "AutoScalingGroupNames");
  json::array shown;
  for (const json::object& group : call.regional->Set("autoScalingGroups")) {
    if (wanted.empty() || Contains(wanted, TextOf(group, "AutoScalingGroupName"))) shown.push_back(group);
  }
  return Paged(call, "AutoScalingGroups", shown, {.size_in = "MaxRecords", .default_size = 50, .largest = 100});
}

constexpr Binding kAutoScalingBindings[] = {{"DescribeAutoScalingInstances", DescribeAutoScalingInstances},
                                            {"DescribeAutoScalingGroups", DescribeAutoScalingGroups}};

}  // namespace

Bindings AutoScalingBindings() {
  return kAutoScalingBindings;
}

}  // namespace sallyport::aws_sim
