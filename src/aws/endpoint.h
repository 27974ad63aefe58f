// SPDX-License-Identifier: Apache-2.0
//
// Where a service is, and for which region a request to it is signed. Pure.
// Source: contract aws-api, section 1 (the official endpoint rule sets).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/operation.h"
#include "base/result.h"

namespace sallyport::aws {

struct Partition {
  std::string_view id;          // of ARNs: `aws`, `aws-cn`, `aws-us-gov`
  std::string_view dns_suffix;  // `amazonaws.com`
  std::string_view dual_stack_suffix;
  std::string_view global_region;  // where the global services are
};

// An unknown region is of partition `aws`.
const Partition& PartitionOf(std::string_view region);
// Whether the region is one that an account has to enable before it answers (all that opened after March 2019).
bool IsOptInRegion(std::string_view region);

struct EndpointSettings {
  bool fips = false;
  bool dual_stack = false;
  bool sts_global = false;  // AWS_STS_REGIONAL_ENDPOINTS=legacy
  // `http://127.0.0.1:4566/base`; empty: the real ones. For one service, by its variable's name (`S3_CONTROL`), or all.
  std::map<std::string, std::string> service_urls{};
  std::string url{};
};

// `Elastic Load Balancing v2` -> `ELASTIC_LOAD_BALANCING_V2`, as in AWS_ENDPOINT_URL_<...>.
std::string EnvironmentName(std::string_view service_id);

struct Endpoint {
  std::string scheme{};
  std::string host{};  // with the port when it is not the scheme's own
  std::string path{};  // what comes before the call's path: a base path, or a bucket
  std::string signing_region{};
};

// `region` replaces the call's own (a bucket that turned out to be elsewhere); empty: the call's.
// kInvalidInput for a region, bucket or account that cannot be part of a host, and for an override that is no URL.
Result<Endpoint> ResolveEndpoint(const Call& call, const EndpointSettings& settings, std::string_view region = {});

}  // namespace sallyport::aws
