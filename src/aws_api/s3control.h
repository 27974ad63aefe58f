// SPDX-License-Identifier: Apache-2.0
//
// S3 Control, API version 2018-08-20.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws_api/s3.h"

namespace sallyport::aws::s3control {

struct AccessPoint {
  std::string name{};
  std::string network_origin{};  // Internet, VPC
  std::string bucket{};
  std::string arn{};
  std::string bucket_account{};
};

struct ListAccessPointsAnswer {
  std::vector<AccessPoint> access_points{};
  std::string next_page{};
};
struct ListAccessPoints {
  using Answer = ListAccessPointsAnswer;
  static const Operation kOp;
  std::string account{};
  std::string bucket{};  // empty: of all buckets
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct GetAccessPointPolicyAnswer {
  std::string policy{};  // JSON text
};
struct GetAccessPointPolicy {
  using Answer = GetAccessPointPolicyAnswer;
  static const Operation kOp;
  std::string account{};
  std::string name{};
};

// What a list does not say: an access point's own settings, fixed when it is made.
struct GetAccessPointAnswer {
  std::string name{};
  std::string bucket{};
  std::string network_origin{};  // Internet, VPC
  s3::PublicAccessBlock block{};
};
struct GetAccessPoint {
  using Answer = GetAccessPointAnswer;
  static const Operation kOp;
  std::string account{};
  std::string name{};
};

// Of the whole account. kNotFound (NoSuchPublicAccessBlockConfiguration): all four are false.
struct GetPublicAccessBlockAnswer {
  s3::PublicAccessBlock block{};
};
struct GetPublicAccessBlock {
  using Answer = GetPublicAccessBlockAnswer;
  static const Operation kOp;
  std::string account{};
};

}  // namespace sallyport::aws::s3control
