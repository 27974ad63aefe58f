// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/buckets.h"

#include <algorithm>

namespace sallyport::aws_sim {

bool TokenBuckets::Take(const std::string& account, const std::string& region, std::string_view service,
                        std::string_view action, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto limit = std::find_if(limits_.begin(), limits_.end(), [&](const RateLimit& one) {
    return WildcardMatch(one.account, account) && WildcardMatch(one.region, region) &&
           WildcardMatch(one.service, service) && WildcardMatch(one.action, action);
  });
  if (limit == limits_.end()) return true;
  std::string key = account + "/" + region + "/";
  key.append(service).append("/").append(action);
  const auto [place, fresh] = buckets_.try_emplace(key, Bucket{limit->burst, now});
  Bucket& bucket = place->second;
  if (!fresh && now > bucket.at) {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(limit->burst, bucket.tokens + seconds * limit->per_second);
    bucket.at = now;
  }
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void TokenBuckets::SetLimits(std::vector<RateLimit> limits) {
  const std::lock_guard lock(mutex_);
  limits_ = std::move(limits);
  buckets_.clear();
}

std::vector<RateLimit> DocumentedLimits() {
  return {{"*", "*", "ec2", "Describe*", 20, 100},   {"*", "*", "wafv2", "ListResourcesForWebACL", 1, 1},
          {"*", "*", "wafv2", "UpdateWebACL", 1, 1}, {"*", "*", "wafv2", "*", 5, 5},
          {"*", "*", "cloudfront", "*", 2, 10},      {"*", "*", "iam", "*", 5, 20},
          {"*", "*", "organizations", "*", 5, 10}};
}

Failure ThrottleFailure(const ServiceSpec& service) {
  if (service.id == "ec2") return Fail(503, "RequestLimitExceeded", "Request limit exceeded.");
  if (service.signing_name == "s3") return Fail(503, "SlowDown", "Please reduce your request rate.");
  if (service.id == "organizations") {
    return Fail(400, "TooManyRequestsException", "You have sent too many requests in too short a period of time.");
  }
  if (service.id == "sqs") return Fail(400, "RequestThrottled", "The request was denied due to request throttling.");
  if (service.id == "sns") return Fail(400, "ThrottlingException", "Rate exceeded");
  if (service.protocol == Protocol::kRestJson) return Fail(429, "ThrottlingException", "Rate exceeded");
  const bool json = service.protocol == Protocol::kJson10 || service.protocol == Protocol::kJson11;
  return Fail(400, json ? "ThrottlingException" : "Throttling", "Rate exceeded");
}

}  // namespace sallyport::aws_sim
