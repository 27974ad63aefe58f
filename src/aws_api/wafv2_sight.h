// SPDX-License-Identifier: Apache-2.0
//
// WAFv2, API version 2019-07-29: what is known of a web ACL beside itself (where it logs, its tags, what its rules
// met), and IP sets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "base/time.h"

namespace sallyport::aws::wafv2 {

struct LoggingConfiguration {
  std::string web_acl_arn{};
};
struct ListLoggingConfigurationsAnswer {
  std::vector<LoggingConfiguration> configurations{};
  std::string next_page{};
};
struct ListLoggingConfigurations {
  using Answer = ListLoggingConfigurationsAnswer;
  static const Operation kOp;
  std::string scope{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct Tag {
  std::string key{};
  std::string value{};
};
struct ListTagsForResourceAnswer {
  std::vector<Tag> tags{};
  std::string next_page{};
};
// Of a web ACL for CloudFront in us-east-1, like every call about it.
struct ListTagsForResource {
  using Answer = ListTagsForResourceAnswer;
  static const Operation kOp;
  std::string arn{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return arn.find(":global/") != std::string::npos; }
};

// A request that a rule met, with so many like it. What the request held is not read.
struct SampledRequest {
  std::int64_t weight = 0;
  std::string action{};             // what was done: ALLOW, BLOCK, COUNT, ...
  std::string overridden_action{};  // what the rule of the group would have done
  std::string rule_within_group{};
  std::optional<TimePoint> time{};
};
struct TimeWindow {
  std::optional<TimePoint> start{};
  std::optional<TimePoint> end{};
};
struct GetSampledRequestsAnswer {
  std::vector<SampledRequest> requests{};
  std::int64_t population = 0;
};
// At most 500, of the last three hours.
struct GetSampledRequests {
  using Answer = GetSampledRequestsAnswer;
  static const Operation kOp;
  std::string web_acl_arn{};
  std::string metric_name{};
  std::string scope{};
  TimeWindow window{};
  std::int64_t max_items = 0;
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct IpSetSummary {
  std::string name{};
  std::string id{};
  std::string arn{};
};
struct ListIPSetsAnswer {
  std::vector<IpSetSummary> sets{};
  std::string next_page{};
};
struct ListIPSets {
  using Answer = ListIPSetsAnswer;
  static const Operation kOp;
  std::string scope{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct IpSet {
  std::string name{};
  std::string id{};
  std::string arn{};
  std::string version{};  // IPV4 or IPV6
  std::string description{};
  std::vector<std::string> addresses{};
};
struct GetIPSetAnswer {
  IpSet set{};
  std::string lock_token{};
};
struct GetIPSet {
  using Answer = GetIPSetAnswer;
  static const Operation kOp;
  std::string name{};
  std::string scope{};
  std::string id{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

struct UpdateIPSetAnswer {
  std::string next_lock_token{};
};
// Replaces all addresses.
struct UpdateIPSet {
  using Answer = UpdateIPSetAnswer;
  static const Operation kOp;
  std::string name{};
  std::string scope{};
  std::string id{};
  std::string description{};
  std::vector<std::string> addresses{};
  std::string lock_token{};
  bool IsGlobal() const { return scope == "CLOUDFRONT"; }
};

}  // namespace sallyport::aws::wafv2
