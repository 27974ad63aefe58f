// SPDX-License-Identifier: Apache-2.0
//
// AWS Signature Version 4: a pure function of request, keys and time.
// Source: AWS, "Create a signed AWS API request" (IAM User Guide); contract aws-api, section 4.
//
// Sign() is what a client needs. The steps below it are public for whoever checks a signature.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/time.h"

namespace sallyport::aws {

// A request as it is on the wire.
struct WireRequest {
  std::string method{};
  std::string path{};   // already percent-encoded; empty is `/`
  std::string query{};  // already percent-encoded, without the `?`
  // In order; a name may come again. For Sign all that are to be sent, `Host` among them.
  std::vector<std::pair<std::string, std::string>> headers{};
};

// What becomes of the path as sent in the canonical form. All services but S3 resolve dot segments and repeated
// slashes, then encode once more (`%3A` becomes `%253A`). To S3 every character is part of the key, and nothing is
// done.
struct PathRule {
  bool normalize = true;
  bool encode_again = true;
};
inline constexpr PathRule kServicePath{true, true};
inline constexpr PathRule kS3Path{false, false};

struct Keys {
  std::string access_key_id{};
  Secret secret_access_key{};
  Secret session_token{};  // empty: long-term keys
};

struct SigningScope {
  TimePoint time{};
  std::string region{};
  std::string service{};  // the signing name: elbv2 is `elasticloadbalancing`
};

// Step 1.
struct CanonicalRequest {
  std::string text;
  std::string signed_headers;  // `host;x-amz-date`
};
// Signs every header that is given. `payload_hash`: 64 lower-case hexadecimal digits.
CanonicalRequest MakeCanonicalRequest(const WireRequest& request, PathRule rule, std::string_view payload_hash);

// `20150830T123600Z`, and `20150830/us-east-1/service/aws4_request`.
std::string AmzDate(TimePoint time);
std::string CredentialScope(const SigningScope& scope);
// Step 2.
std::string StringToSign(const CanonicalRequest& canonical, const SigningScope& scope);
// Steps 3 and 4: 64 hexadecimal digits.
std::string Signature(const Secret& secret_access_key, const SigningScope& scope, std::string_view string_to_sign);

struct SignOptions {
  PathRule path = kServicePath;
  // Adds `x-amz-content-sha256`, which S3 and S3 Control insist on. Always the real hash, never UNSIGNED-PAYLOAD.
  bool payload_header = false;
};

// The headers to add to the request: `X-Amz-Date`, maybe `X-Amz-Content-Sha256`, and, not to be shown,
// `X-Amz-Security-Token` and `Authorization`.
struct Signed {
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, Secret>> secret_headers;
};

// Signs all headers of the request but those that a proxy or the HTTP library may change (`User-Agent`, `Connection`,
// `Expect`, `Transfer-Encoding`, `X-Amzn-Trace-Id`, `Accept-Encoding`).
Signed Sign(const WireRequest& request, std::string_view body, const Keys& keys, const SigningScope& scope,
            const SignOptions& options = {});

}  // namespace sallyport::aws
