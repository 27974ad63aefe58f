// SPDX-License-Identifier: Apache-2.0
#include "aws_client/providers.h"

#include "aws/call.h"
#include "aws/json_shape.h"
#include "aws_api/sts.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::string_view kSessionName = "sallyport";

Credentials FromSts(const sts::Credentials& given) {
  return {{given.access_key_id, given.secret_access_key, given.session_token}, given.expires};
}

// For a call that is not signed.
class NoCredentials final : public CredentialsSource {
 public:
  Result<Keys> For(const Place&) override { return Error{ErrorCode::kInternal, "this call needs no credentials", ""}; }
  void Distrust(const Place&, const std::string&) override {}
};

std::string SessionName(const RoleRequest& request) {
  return request.session_name.empty() ? std::string(kSessionName) : request.session_name;
}

std::optional<std::int64_t> DurationOf(const RoleRequest& request) {
  return request.duration_seconds > 0 ? std::optional(request.duration_seconds) : std::nullopt;
}

}  // namespace

std::string StsRegion(std::string_view configured, std::string_view role_arn) {
  if (!configured.empty()) return std::string(configured);
  if (role_arn.starts_with("arn:aws-cn:")) return "cn-north-1";
  if (role_arn.starts_with("arn:aws-us-gov:")) return "us-gov-west-1";
  return "us-east-1";
}

Result<Credentials> TakeRole(Transport& sts, const std::string& region, const RoleRequest& request) {
  sts::AssumeRole call;
  call.role_arn = request.role_arn;
  call.session_name = SessionName(request);
  call.external_id = request.external_id;
  call.duration_seconds = DurationOf(request);
  const auto answer = Aws(sts, {"", StsRegion(region, request.role_arn)}).Call(std::move(call));
  if (!answer.ok()) return answer.error().In("taking the role `" + Printable(request.role_arn, 300) + "`");
  return FromSts(answer->credentials);
}

Result<Credentials> TakeRoleWithToken(const ProviderParts& parts, const std::string& token_file,
                                      const RoleRequest& request) {
  const auto token = parts.environment.file(token_file);
  if (!token.ok()) {
    // A file that is named and is not there is a failure, not a provider that is not set up.
    return Error{ErrorCode::kUnauthenticated, "the web identity token: " + token.error().message, token.error().advice};
  }
  NoCredentials none;
  Client sts(parts.http, none, parts.rates, parts.clock, parts.random, parts.log,
             {parts.configuration.endpoints, parts.configuration.attempts});
  sts::AssumeRoleWithWebIdentity call;
  call.role_arn = request.role_arn;
  call.session_name = SessionName(request);
  call.token = Secret(std::string(Trim(*token)));
  call.duration_seconds = DurationOf(request);
  const auto answer = Aws(sts, {"", StsRegion(parts.configuration.region, request.role_arn)}).Call(std::move(call));
  if (!answer.ok()) return answer.error().In("taking the role `" + Printable(request.role_arn, 300) + "`");
  return FromSts(answer->credentials);
}

Result<Credentials> ReadCredentials(std::string_view text, std::string_view token) {
  const auto json = Json::Parse(text);
  if (!json.ok()) return Error{ErrorCode::kBadAnswer, "the answer is not JSON", ""};
  Credentials credentials;
  credentials.keys.access_key_id = (*json)["AccessKeyId"].StringOr("");
  credentials.keys.secret_access_key = Secret((*json)["SecretAccessKey"].StringOr(""));
  credentials.keys.session_token = Secret((*json)[token].StringOr(""));
  if (credentials.keys.access_key_id.empty() || credentials.keys.secret_access_key.empty()) {
    return Error{ErrorCode::kBadAnswer, "the answer has no AccessKeyId or no SecretAccessKey", ""};
  }
  const Json expiration = (*json)["Expiration"];
  if (!expiration.HasValue()) return credentials;
  credentials.expires = ReadJsonTime(expiration);
  if (!credentials.expires) return Error{ErrorCode::kBadAnswer, "the Expiration in the answer is no time", ""};
  return credentials;
}

Result<Credentials> EnvironmentProvider::Fetch() {
  const auto& variable = parts_.environment.variable;
  Credentials credentials;
  credentials.keys.access_key_id = variable("AWS_ACCESS_KEY_ID");
  credentials.keys.secret_access_key = Secret(variable("AWS_SECRET_ACCESS_KEY"));
  credentials.keys.session_token = Secret(variable("AWS_SESSION_TOKEN"));
  if (credentials.keys.access_key_id.empty()) {
    return Error{ErrorCode::kNotFound, "AWS_ACCESS_KEY_ID is not set", ""};
  }
  if (credentials.keys.secret_access_key.empty()) {
    return Error{ErrorCode::kUnauthenticated, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", "set both"};
  }
  return credentials;
}

Result<Credentials> WebIdentityProvider::Fetch() {
  const auto& variable = parts_.environment.variable;
  const std::string file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (file.empty()) return Error{ErrorCode::kNotFound, "AWS_WEB_IDENTITY_TOKEN_FILE is not set", ""};
  const std::string role = variable("AWS_ROLE_ARN");
  if (role.empty()) {
    return Error{ErrorCode::kUnauthenticated, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not", "set both"};
  }
  return TakeRoleWithToken(parts_, file, {role, variable("AWS_ROLE_SESSION_NAME"), "", 0});
}

}  // namespace sallyport::aws
