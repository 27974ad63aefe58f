// SPDX-License-Identifier: Apache-2.0
#include "aws/endpoint.h"

#include <algorithm>
#include <array>

#include "aws/bounds.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

struct PartitionRow {
  std::string_view prefix;  // of the region's name
  Partition partition;
};

// The longer prefixes first: `us-gov-` before what is left for `aws`.
constexpr std::array<PartitionRow, 7> kPartitions = {
    PartitionRow{"cn-", {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"}},
    PartitionRow{"us-gov-", {"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"}},
    PartitionRow{"eusc-", {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"}},
    PartitionRow{"us-isob-", {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"}},
    PartitionRow{"us-isof-", {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"}},
    PartitionRow{"us-iso-", {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"}},
    PartitionRow{"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"}}};
constexpr Partition kCommercial{"aws", "amazonaws.com", "api.aws", "us-east-1"};

// Open in every account. AWS Account Management guide, "Enable or disable AWS Regions"; the list is closed.
constexpr std::array<std::string_view, 17> kAlwaysOpen = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ap-south-1",   "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
    "eu-west-1",      "eu-west-2",      "eu-west-3",      "eu-north-1",     "sa-east-1"};

constexpr std::array<std::string_view, 3> kGlobal = {"iam", "cloudfront", "organizations"};

bool IsGlobal(const Service& service) {
  return std::find(kGlobal.begin(), kGlobal.end(), service.name) != kGlobal.end();
}

bool IsMadeOf(std::string_view text, std::string_view marks, bool capitals) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (capitals && c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

Status CheckPart(std::string_view what, std::string_view text, bool good) {
  if (good) return Ok();
  return Error{ErrorCode::kInvalidInput, "`" + Printable(text, bounds::kShownName) + "` cannot be " + std::string(what),
               ""};
}

Status CheckParts(const Call& call, std::string_view region) {
  if (Status s = CheckPart("an AWS region", region, region.size() <= 40 && IsMadeOf(region, "-", false)); !s.ok())
    return s;
  const std::string& bucket = call.bucket;
  const bool is_bucket = bucket.size() >= 3 && bucket.size() <= 255 && IsMadeOf(bucket, "._-", true);
  if (Status s = CheckPart("the name of a bucket", bucket, bucket.empty() || is_bucket); !s.ok()) return s;
  const std::string& account = call.host_account;
  return CheckPart("an AWS account", account,
                   account.empty() || (account.size() == 12 && IsMadeOf(account, "", false)));
}

// A name that may be one label of a host: the wildcard certificate does not match two, and hosts have no case.
bool IsHostLabel(std::string_view bucket) {
  return bucket.size() <= 63 && IsMadeOf(bucket, "-", false) && bucket.front() != '-' && bucket.back() != '-';
}

bool IsLocal(std::string_view host) {
  const std::string_view name = host.starts_with('[') ? host : host.substr(0, host.find(':'));
  const bool is_address =
      std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return name.starts_with('[') || name == "localhost" || is_address;
}

Result<Endpoint> FromUrl(std::string_view url) {
  // A user and password may stand before an @, and no message may show them.
  const bool may_hold_password = url.find('@') != std::string_view::npos;
  const std::string shown =
      may_hold_password ? "(not shown: it holds an `@`)" : "`" + Printable(url, bounds::kShownName) + "`";
  const Error error{ErrorCode::kInvalidInput, "the endpoint override " + shown + " is not an http or https URL",
                    "write it as `https://host:port`"};
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return error;
  Endpoint endpoint;
  endpoint.scheme = ToLowerAscii(url.substr(0, scheme_end));
  std::string_view rest = url.substr(scheme_end + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  endpoint.host = rest.substr(0, slash);
  endpoint.path = rest.substr(slash);
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  const bool known = endpoint.scheme == "http" || endpoint.scheme == "https";
  if (!known || !IsMadeOf(endpoint.host, ".:-[]_", true) || endpoint.path.find_first_of("?#") != std::string::npos) {
    return error;
  }
  return endpoint;
}

std::string_view Override(const Service& service, const EndpointSettings& settings) {
  const auto own = settings.service_urls.find(EnvironmentName(service.id));
  return own == settings.service_urls.end() ? std::string_view(settings.url) : std::string_view(own->second);
}

std::string SigningRegion(const Service& service, const Partition& partition, std::string_view region,
                          const EndpointSettings& settings) {
  // Identity lives in Beijing in China, although everything else global is in Ningxia.
  if (service.name == "iam" && partition.id == "aws-cn") return "cn-north-1";
  if (IsGlobal(service)) return std::string(partition.global_region);
  if (service.name == "sts" && settings.sts_global && partition.id == "aws") return "us-east-1";
  return std::string(region);
}

// The part of the host between the service's prefix and the partition's suffix.
std::string RegionLabel(const Service& service, const Partition& partition, std::string_view signing_region,
                        const EndpointSettings& settings) {
  if (service.name == "sts" && settings.sts_global && partition.id == "aws") return "";
  const bool commercial = partition.id == "aws";
  if (service.name == "iam" && commercial) return "";
  if (service.name == "iam" && partition.id == "aws-us-gov") return ".us-gov";
  if (service.name == "cloudfront" && commercial) return "";
  return "." + std::string(signing_region);
}

Endpoint FromRules(const Call& call, const Partition& partition, std::string_view signing_region,
                   const EndpointSettings& settings) {
  const Service& service = call.operation->service;
  std::string prefix = std::string(service.prefix) + (settings.fips ? "-fips" : "");
  std::string label = RegionLabel(service, partition, signing_region, settings);
  // S3 and S3 Control keep the usual suffix and say dual-stack in the host; all others have a suffix of their own.
  const bool is_s3 = service.signing_name == "s3";
  if (is_s3 && settings.dual_stack) prefix += ".dualstack";
  const std::string_view suffix = settings.dual_stack && !is_s3 ? partition.dual_stack_suffix : partition.dns_suffix;
  Endpoint endpoint;
  endpoint.scheme = "https";
  endpoint.host = prefix + label + "." + std::string(suffix);
  if (!call.host_account.empty()) endpoint.host.insert(0, call.host_account + ".");
  return endpoint;
}

void PlaceBucket(const std::string& bucket, Endpoint& endpoint) {
  if (bucket.empty()) return;
  if (IsHostLabel(bucket) && !IsLocal(endpoint.host)) {
    endpoint.host.insert(0, bucket + ".");
  } else {
    endpoint.path += "/" + bucket;  // its characters need no encoding
  }
}

}  // namespace

const Partition& PartitionOf(std::string_view region) {
  for (const PartitionRow& row : kPartitions) {
    if (region.starts_with(row.prefix)) return row.partition;
  }
  return kCommercial;
}

bool IsOptInRegion(std::string_view region) {
  return PartitionOf(region).id == "aws" &&
         std::find(kAlwaysOpen.begin(), kAlwaysOpen.end(), region) == kAlwaysOpen.end();
}

std::string EnvironmentName(std::string_view service_id) {
  std::string name;
  for (const char c : service_id) {
    const bool lower = c >= 'a' && c <= 'z';
    name += c == ' ' || c == '-' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

Result<Endpoint> ResolveEndpoint(const Call& call, const EndpointSettings& settings, std::string_view region) {
  const Service& service = call.operation->service;
  if (region.empty()) region = call.place.region;
  if (Status status = CheckParts(call, region); !status.ok()) return status.error();
  const Partition& partition = PartitionOf(region);
  const std::string signing_region = SigningRegion(service, partition, region, settings);
  const std::string_view url = Override(service, settings);
  Result<Endpoint> endpoint = url.empty() ? FromRules(call, partition, signing_region, settings) : FromUrl(url);
  if (!endpoint.ok()) return endpoint;
  endpoint->signing_region = signing_region;
  PlaceBucket(call.bucket, *endpoint);
  return endpoint;
}

}  // namespace sallyport::aws
