// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/auth.h"

#include <algorithm>
#include <cstdio>

#include "aws/sigv4.h"
#include "base/digest.h"
#include "base/text.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string_view Field(std::string_view header, std::string_view name) {
  const auto at = header.find(std::string(name) + "=");
  if (at == std::string_view::npos) return {};
  const auto value = header.substr(at + name.size() + 1);
  return Trim(value.substr(0, value.find(',')));
}

// 20150830T123600Z
std::optional<TimePoint> StampTime(std::string_view stamp) {
  if (stamp.size() != 16 || stamp[8] != 'T' || stamp[15] != 'Z') return std::nullopt;
  const std::string text(stamp);
  return ParseTime(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + "T" + text.substr(9, 2) +
                   ":" + text.substr(11, 2) + ":" + text.substr(13, 2) + "Z");
}

std::string StampOf(const sim::ServedRequest& request) {
  const auto* stamp = request.Header("x-amz-date");
  return stamp == nullptr ? "" : *stamp;
}

bool SignsWhatItMust(const sim::ServedRequest& request, const Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  if (!std::is_sorted(names.begin(), names.end()) || !Contains(names, "host")) return false;
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-amz-") && !Contains(names, name)) return false;
  }
  return true;
}

bool PayloadFits(const sim::ServedRequest& request, const Authorization& authorization) {
  const auto* sent = request.Header("x-amz-content-sha256");
  if (sent == nullptr) return authorization.service != "s3";
  return *sent == Sha256Hex(request.body);  // UNSIGNED-PAYLOAD is for https only, which this server does not speak
}

// What the request's signature should be, with only the headers that it claims to cover.
std::string SignatureOf(const sim::ServedRequest& request, const Authorization& authorization,
                        const std::string& secret, TimePoint signed_at) {
  aws::WireRequest wire{request.method, request.raw_path, request.query, {}};
  for (const auto& header : request.headers) {
    if (Contains(authorization.signed_headers, header.first)) wire.headers.push_back(header);
  }
  const auto* sent_hash = request.Header("x-amz-content-sha256");
  const auto canonical =
      aws::MakeCanonicalRequest(wire, authorization.service == "s3" ? aws::kS3Path : aws::kServicePath,
                                sent_hash != nullptr ? *sent_hash : Sha256Hex(request.body));
  const aws::SigningScope scope{signed_at, authorization.region, authorization.service};
  return aws::Signature(Secret(secret), scope, aws::StringToSign(canonical, scope));
}

bool TokenFits(const sim::ServedRequest& request, const AccessKey& key) {
  const auto* token = request.Header("x-amz-security-token");
  return key.token.empty() ? token == nullptr : token != nullptr && *token == key.token;
}

}  // namespace

std::optional<Authorization> ReadAuthorization(const sim::ServedRequest& request) {
  const auto* header = request.Header("authorization");
  if (header == nullptr || !header->starts_with(kAlgorithm)) return std::nullopt;
  const auto scope = Split(Field(*header, "Credential"), '/');
  if (scope.size() != 5 || scope[4] != "aws4_request") return std::nullopt;
  Authorization read{scope[0],
                     scope[1],
                     scope[2],
                     scope[3],
                     Split(Field(*header, "SignedHeaders"), ';'),
                     std::string(Field(*header, "Signature"))};
  return read;
}

std::optional<AuthProblem> CheckAuthorization(const sim::ServedRequest& request, const Authorization& authorization,
                                              const World& world, TimePoint now) {
  const auto found = world.keys.find(authorization.key_id);
  if (found == world.keys.end() || !TokenFits(request, found->second)) return AuthProblem::kUnknownKey;
  const auto stamp = StampOf(request);
  const auto signed_at = StampTime(stamp);
  if (!signed_at) return AuthProblem::kMissing;
  if (!stamp.starts_with(authorization.date) || !SignsWhatItMust(request, authorization) ||
      !PayloadFits(request, authorization) ||
      SignatureOf(request, authorization, found->second.secret, *signed_at) != authorization.signature) {
    return AuthProblem::kBadSignature;
  }
  const auto allowed = std::chrono::minutes(authorization.service == "s3" ? 15 : 5);
  if (*signed_at > now + allowed || *signed_at < now - allowed) return AuthProblem::kSkewed;
  if (!found->second.token.empty() && found->second.expires <= now) return AuthProblem::kExpiredToken;
  const auto account = world.accounts.find(found->second.who.account);
  const bool known = account != world.accounts.end() && Contains(world.regions, authorization.region);
  if (!known || !account->second.IsOpen(authorization.region)) return AuthProblem::kClosedRegion;
  return std::nullopt;
}

namespace {

struct Words {
  int status;
  std::string_view code;
  std::string_view message;
};

enum class Family { kEc2, kQuery, kJson, kRestJson, kS3, kCloudFront };

Family FamilyOf(const ServiceSpec& service) {
  if (service.signing_name == "s3") return Family::kS3;
  switch (service.protocol) {
    case Protocol::kEc2:
      return Family::kEc2;
    case Protocol::kQuery:
      return Family::kQuery;
    case Protocol::kRestJson:
      return Family::kRestJson;
    case Protocol::kRestXml:
      return Family::kCloudFront;
    default:
      return Family::kJson;
  }
}

constexpr std::string_view kNotIncluded = "The security token included in the request is invalid.";
constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method.";
constexpr std::string_view kNoToken = "Request is missing Authentication Token";
constexpr std::string_view kExpired = "The security token included in the request is expired";

Words UnknownKeyWords(Family family) {
  switch (family) {
    case Family::kEc2:
      return {401, "AuthFailure", "AWS was not able to validate the provided access credentials"};
    case Family::kS3:
      return {403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."};
    case Family::kJson:
      return {400, "UnrecognizedClientException", kNotIncluded};
    case Family::kRestJson:
      return {403, "UnrecognizedClientException", kNotIncluded};
    default:
      return {403, "InvalidClientTokenId", kNotIncluded};
  }
}

Words MissingWords(Family family) {
  switch (family) {
    case Family::kEc2:
      return {400, "MissingParameter", "The request must contain the parameter AWSAccessKeyId"};
    case Family::kS3:
      return {403, "AccessDenied", "Access Denied"};
    case Family::kJson:
      return {400, "MissingAuthenticationTokenException", kNoToken};
    case Family::kRestJson:
      return {403, "MissingAuthenticationTokenException", kNoToken};
    default:
      return {403, "MissingAuthenticationToken", kNoToken};
  }
}

Words ExpiredWords(Family family) {
  switch (family) {
    case Family::kEc2:
      return {400, "RequestExpired", "Request has expired."};
    case Family::kS3:
      return {400, "ExpiredToken", "The provided token has expired."};
    case Family::kJson:
      return {400, "ExpiredTokenException", kExpired};
    case Family::kRestJson:
      return {403, "ExpiredTokenException", kExpired};
    default:
      return {403, "ExpiredToken", kExpired};
  }
}

Words SignatureWords(Family family) {
  if (family == Family::kJson) return {400, "InvalidSignatureException", kMismatch};
  if (family == Family::kRestJson) return {403, "InvalidSignatureException", kMismatch};
  return {403, "SignatureDoesNotMatch", kMismatch};
}

std::string CompactStamp(TimePoint time) {
  std::string stamp;
  for (const char c : FormatTime(time).substr(0, 19)) {
    if (c != '-' && c != ':') stamp += c;
  }
  return stamp + "Z";
}

Failure SkewFailure(Family family, const sim::ServedRequest& request, TimePoint now) {
  if (family == Family::kEc2) return Fail(400, "RequestExpired", "Request has expired.");
  if (family == Family::kS3) {
    auto failure =
        Fail(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
    failure.more = {{"RequestTime", StampOf(request)}, {"ServerTime", FormatTime(now)}};
    return failure;
  }
  const auto words = SignatureWords(family);
  const auto stamp = StampOf(request);
  const auto signed_at = StampTime(stamp);
  const bool early = signed_at && *signed_at > now;
  const auto text =
      early ? "Signature not yet current: " + stamp + " is still later than " +
                  CompactStamp(now + std::chrono::minutes(5))
            : "Signature expired: " + stamp + " is now earlier than " + CompactStamp(now - std::chrono::minutes(5));
  return Fail(words.status, words.code, text);
}

}  // namespace

Failure AuthFailure(const ServiceSpec& service, AuthProblem problem, const sim::ServedRequest& request, TimePoint now) {
  const Family family = FamilyOf(service);
  if (problem == AuthProblem::kSkewed) return SkewFailure(family, request, now);
  Words words = UnknownKeyWords(family);
  if (problem == AuthProblem::kMissing) words = MissingWords(family);
  if (problem == AuthProblem::kExpiredToken) words = ExpiredWords(family);
  if (problem == AuthProblem::kBadSignature) words = SignatureWords(family);
  return Fail(words.status, words.code, std::string(words.message));
}

// Where the action has another name than the operation (Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon S3").
std::string_view S3ActionName(const ServiceSpec& service, std::string_view operation) {
  if (operation == "GetBucketEncryption") return "GetEncryptionConfiguration";
  if (operation == "GetPublicAccessBlock") {
    return service.id == "s3control" ? "GetAccountPublicAccessBlock" : "GetBucketPublicAccessBlock";
  }
  return operation;
}

std::string ActionName(const ServiceSpec& service, const OperationSpec& operation) {
  std::string_view prefix = service.signing_name;
  if (service.id == "elb" || service.id == "elbv2") prefix = "elasticloadbalancing";
  return std::string(prefix) + ":" + std::string(S3ActionName(service, operation.name));
}

Failure DeniedFailure(const ServiceSpec& service, const OperationSpec& operation, const Principal& who) {
  const auto text = "User: " + who.arn + " is not authorized to perform: " + ActionName(service, operation) +
                    " because no identity-based policy allows the action";
  switch (FamilyOf(service)) {
    case Family::kEc2:
      return Fail(403, "UnauthorizedOperation", "You are not authorized to perform this operation. " + text);
    case Family::kJson:
      return Fail(400, "AccessDeniedException", text);
    case Family::kRestJson:
      return Fail(403, "AccessDeniedException", text);
    case Family::kS3:
      return Fail(403, "AccessDenied", service.id == "s3" ? text : "Access Denied");
    default:
      return Fail(403, "AccessDenied", text);
  }
}

}  // namespace sallyport::aws_sim
