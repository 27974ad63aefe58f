// SPDX-License-Identifier: Apache-2.0
#include "edge_gather/acl_calls.h"

#include <algorithm>
#include <utility>

#include "aws_api/ec2.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"
#include "base/text.h"
#include "edge/acl.h"

namespace sallyport::edge {
namespace {

constexpr std::int64_t kMostSamples = 500;
constexpr std::int64_t kWafListPage = 100;
constexpr std::size_t kFilterValuesOfTags = 200;  // EC2: of one filter

// "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/0123...": name and id.
std::pair<std::string, std::string> NameAndId(const std::string& arn) {
  const auto last = arn.rfind('/');
  if (last == std::string::npos || last == 0) return {};
  const auto before = arn.rfind('/', last - 1);
  if (before == std::string::npos) return {};
  return {arn.substr(before + 1, last - before - 1), arn.substr(last + 1)};
}

}  // namespace

std::string ScopeOfArn(std::string_view arn) {
  return arn.find(":global/") == std::string_view::npos ? "REGIONAL" : "CLOUDFRONT";
}

Result<AclNow> ReadAclNow(const aws::Aws& aws, const AclPlace& place) {
  AclNow now;
  now.scope = ScopeOfArn(place.arn);
  const auto [name, id] = NameAndId(place.arn);
  if (name.empty()) return Error{ErrorCode::kInvalidInput, "`" + place.arn + "` is no ARN of a web ACL", ""};
  auto answer = aws.Call(aws::wafv2::GetWebACL{.name = name, .scope = now.scope, .id = id});
  if (!answer.ok()) return answer.error();
  const auto tags = aws.Call(aws::wafv2::ListTagsForResource{.arn = place.arn, .limit = kWafListPage});
  if (!tags.ok()) return tags.error();
  const auto logs = aws.Call(aws::wafv2::ListLoggingConfigurations{.scope = now.scope, .limit = kWafListPage});
  now.web_acl = answer->web_acl;
  now.lock_token = answer->lock_token;
  now.facts.scope = now.scope;
  now.facts.account = place.account;
  now.facts.region = place.region;
  TakeWebAcl(now.web_acl, now.facts);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const aws::wafv2::Tag& tag : tags->tags) pairs.emplace_back(tag.key, tag.value);
  now.facts.managed_by = MadeBy(pairs);
  if (logs.ok()) {
    now.facts.logs = std::any_of(logs->configurations.begin(), logs->configurations.end(),
                                 [&](const auto& one) { return one.web_acl_arn == place.arn; });
  }
  return now;
}

Result<GroupNow> ReadGroupNow(const aws::Aws& aws, const AclPlace& place, const GroupName& group) {
  const auto answer = aws.Call(
      aws::wafv2::DescribeManagedRuleGroup{.vendor = group.vendor, .name = group.name, .scope = ScopeOfArn(place.arn)});
  if (!answer.ok()) return answer.error();
  return GroupNow{answer->capacity, answer->version};
}

Result<std::int64_t> CheckCapacityOf(const aws::Aws& aws, const AclPlace& place, const Json& rules) {
  const auto answer = aws.Call(aws::wafv2::CheckCapacity{.scope = ScopeOfArn(place.arn), .rules = rules});
  if (!answer.ok()) return answer.error();
  return answer->capacity;
}

Result<Sampled> ReadSampledNow(const aws::Aws& aws, const AclPlace& place, const std::string& metric, TimePoint from,
                               TimePoint to) {
  const auto answer = aws.Call(aws::wafv2::GetSampledRequests{.web_acl_arn = place.arn,
                                                              .metric_name = metric,
                                                              .scope = ScopeOfArn(place.arn),
                                                              .window = {from, to},
                                                              .max_items = kMostSamples});
  if (!answer.ok()) return answer.error();
  Sampled sampled;
  for (const aws::wafv2::SampledRequest& one : answer->requests) {
    sampled.requests += one.weight;
    sampled.by_rule[one.rule_within_group] += one.weight;
  }
  return sampled;
}

Result<std::vector<TagsNow>> ReadTagsNow(const aws::Aws& aws, const std::vector<std::string>& instances) {
  std::vector<TagsNow> all;
  for (std::size_t i = 0; i < instances.size(); i += kFilterValuesOfTags) {
    const auto first = instances.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last =
        instances.begin() + static_cast<std::ptrdiff_t>(std::min(i + kFilterValuesOfTags, instances.size()));
    const auto answer = aws.Call(aws::ec2::DescribeInstances{.filters = {{"instance-id", {first, last}}}});
    if (!answer.ok()) return answer.error();
    for (const auto& reservation : answer->reservations) {
      for (const auto& instance : reservation.instances) {
        TagsNow one{instance.id, {}};
        for (const auto& tag : instance.tags) one.tags.emplace_back(tag.key, tag.value);
        all.push_back(std::move(one));
      }
    }
  }
  return all;
}

Status UpdateAclNow(const aws::Aws& aws, const AclNow& read, const Json& rules) {
  auto request = aws::wafv2::Replacement({read.web_acl, read.lock_token}, read.scope, rules);
  if (!request.ok()) return request.error();
  const auto answer = aws.Call(*std::move(request));
  if (!answer.ok()) return answer.error();
  return Ok();
}

Result<IpSetNow> ReadIpSetNow(const aws::Aws& aws, const IpSetPlace& place) {
  std::string id = place.id;
  if (id.empty()) {
    const auto listed = aws.Call(aws::wafv2::ListIPSets{.scope = place.scope, .limit = kWafListPage});
    if (!listed.ok()) return listed.error();
    for (const auto& one : listed->sets) {
      if (one.name == place.name) id = one.id;
    }
  }
  if (id.empty()) {
    return Error{ErrorCode::kNotFound,
                 "there is no IP set `" + Printable(place.name, 128) + "` of scope " + place.scope,
                 "make it first: sallyport fills IP sets, and makes none"};
  }
  auto answer = aws.Call(aws::wafv2::GetIPSet{.name = place.name, .scope = place.scope, .id = id});
  if (!answer.ok()) return answer.error();
  auto& set = answer->set;
  return IpSetNow{std::move(set.name),          std::move(set.id),          std::move(set.arn),
                  std::move(set.version),       std::move(set.description), std::move(set.addresses),
                  std::move(answer->lock_token)};
}

Status UpdateIpSetNow(const aws::Aws& aws, const IpSetPlace& place, const IpSetNow& set) {
  const auto answer = aws.Call(aws::wafv2::UpdateIPSet{.name = set.name,
                                                       .scope = place.scope,
                                                       .id = set.id,
                                                       .description = set.description,
                                                       .addresses = set.addresses,
                                                       .lock_token = set.lock_token});
  if (!answer.ok()) return answer.error();
  return Ok();
}

}  // namespace sallyport::edge
