// SPDX-License-Identifier: Apache-2.0
//
// Who sent a request: the Authorization header (Signature Version 4), checked by signing again.
//
// It signs with the client's own code (src/aws/sigv4.h). That this does not prove the client's signing by itself is
// made up for by the published vectors, and by botocore's requests, which have to pass here too
// (tests/python/test_aws_simulator.py).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/aws/world.h"
#include "sim/http_server.h"

namespace sallyport::aws_sim {

struct Authorization {
  std::string key_id;
  std::string date;  // of the scope, YYYYMMDD
  std::string region;
  std::string service;  // the signing name
  std::vector<std::string> signed_headers;
  std::string signature;
};

// Nothing when there is no such header or it is not of that form.
std::optional<Authorization> ReadAuthorization(const sim::ServedRequest& request);

enum class AuthProblem {
  kMissing,       // no Authorization, or one that cannot be read
  kUnknownKey,    // no such access key, or a session token that is not its own
  kExpiredToken,  // the session is over
  kBadSignature,
  kSkewed,       // signed at another time than ours
  kClosedRegion  // the account has not enabled the region
};

// Nothing when it is in order. `now`: the server's time. S3 allows 15 minutes of difference, others 5.
std::optional<AuthProblem> CheckAuthorization(const sim::ServedRequest& request, const Authorization& authorization,
                                              const World& world, TimePoint now);

// The error as the service words it.
Failure AuthFailure(const ServiceSpec& service, AuthProblem problem, const sim::ServedRequest& request, TimePoint now);
// The caller may not do that: the code and text of that service.
Failure DeniedFailure(const ServiceSpec& service, const OperationSpec& operation, const Principal& who);

// The policy action of an operation: `ec2:DescribeInstances`, `s3:GetBucketPolicy`.
std::string ActionName(const ServiceSpec& service, const OperationSpec& operation);

}  // namespace sallyport::aws_sim
