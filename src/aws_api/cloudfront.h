// SPDX-License-Identifier: Apache-2.0
//
// CloudFront, API version 2020-05-31, read only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::cloudfront {

struct Origin {
  std::string id{};
  std::string domain{};
  std::string path{};
  std::string vpc_origin{};  // its id; empty: not in a VPC
};

struct Distribution {
  std::string id{};
  std::string arn{};
  std::string status{};
  std::string domain{};
  std::optional<bool> enabled{};
  std::optional<bool> staging{};
  std::string web_acl_id{};
  std::string connection_mode{};
  std::vector<Origin> origins{};
  std::vector<std::string> aliases{};
};

struct ListDistributionsAnswer {
  std::vector<Distribution> distributions{};
  std::optional<bool> truncated{};
  std::string next_page{};
};
struct ListDistributions {
  using Answer = ListDistributionsAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

// `web_acl_id`: a WAFv2 ARN, or `null` for those without one.
struct ListDistributionsByWebACLId {
  using Answer = ListDistributionsAnswer;
  static const Operation kOp;
  std::string web_acl_id{};
  std::optional<std::int64_t> max_items{};
  std::string page_token{};
};

}  // namespace sallyport::aws::cloudfront
