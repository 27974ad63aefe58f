// SPDX-License-Identifier: Apache-2.0
#include "aws_client/providers.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kTokenHeader = "X-aws-ec2-metadata-token";
constexpr Duration kInstanceDeadline = std::chrono::seconds{1};
constexpr int kInstanceTries = 2;

std::string FirstLine(std::string_view text) {
  text = Trim(text);
  return std::string(Trim(text.substr(0, text.find('\n'))));
}

// A role's name as IAM allows it, so that it can stand in a path.
bool IsRoleName(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=,.@_-") ==
             std::string_view::npos;
}

// One request, twice when nobody answers. Off EC2 nobody ever does, so a longer wait would only delay the error.
Result<HttpResponse> SendTwice(HttpClient& http, const HttpRequest& request) {
  Result<HttpResponse> answer = http.Send(request);
  for (int tries = 1; tries < kInstanceTries && (!answer.ok() || answer->status >= 500); ++tries)
    answer = http.Send(request);
  return answer;
}

}  // namespace

std::string InstanceProvider::Base() const {
  std::string base = parts_.environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (base.ends_with('/')) base.pop_back();
  if (!base.empty()) return base;
  const std::string mode = ToLowerAscii(parts_.environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
  return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

Status InstanceProvider::CheckUsable() const {
  if (ToLowerAscii(parts_.environment.variable("AWS_EC2_METADATA_DISABLED")) != "true") return Ok();
  return Error{ErrorCode::kNotFound, "AWS_EC2_METADATA_DISABLED is true", ""};
}

Result<Secret> InstanceProvider::NewToken() const {
  HttpRequest request{.method = "PUT", .url = Base() + "/latest/api/token", .deadline = kInstanceDeadline};
  request.headers.push_back({"X-aws-ec2-metadata-token-ttl-seconds", "21600"});
  const auto answer = SendTwice(parts_.metadata, request);
  if (!answer.ok()) {
    // Nobody there is how a machine outside EC2 looks, and a container behind a hop limit of 1.
    return Error{ErrorCode::kNotFound, "it does not answer: " + answer.error().message,
                 "in a container on EC2 raise the metadata hop limit to 2"};
  }
  if (answer->status != 200 || Trim(answer->body).empty()) {
    return Error{ErrorCode::kUnavailable, "HTTP " + std::to_string(answer->status) + " when asked for a token", ""};
  }
  return Secret(std::string(Trim(answer->body)));
}

// kNotFound: it answers, and has nothing there.
Result<std::string> InstanceProvider::Get(const std::string& path) {
  for (bool renewed = false;; renewed = true) {
    if (token_.empty()) {
      auto token = NewToken();
      if (!token.ok()) return token.error();
      token_ = std::move(*token);
    }
    HttpRequest request{.method = "GET", .url = Base() + path, .deadline = kInstanceDeadline};
    request.secret_headers.emplace_back(std::string(kTokenHeader), token_);
    auto answer = SendTwice(parts_.metadata, request);
    if (!answer.ok()) return answer.error();
    if (answer->status == 200) return std::move(answer->body);
    token_ = Secret();
    if (answer->status == 401 && !renewed) continue;  // the token has aged
    const bool absent = answer->status == 404;
    return Error{absent ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                 "HTTP " + std::to_string(answer->status) + " for " + path, ""};
  }
}

Result<Credentials> InstanceProvider::Fetch() {
  if (Status status = CheckUsable(); !status.ok()) return status.error();
  const auto roles = Get(std::string(kRolePath));
  if (!roles.ok()) {
    if (roles.error().code != ErrorCode::kNotFound || roles.error().message.find("HTTP 404") == std::string::npos) {
      return roles.error();
    }
    return Error{ErrorCode::kNotFound, "this instance has no role", "give it an instance profile"};
  }
  const std::string role = FirstLine(*roles);
  if (!IsRoleName(role)) return Error{ErrorCode::kBadAnswer, "the name of the instance's role cannot be one", ""};
  const auto text = Get(std::string(kRolePath) + role);
  if (!text.ok()) return text.error();
  const auto json = Json::Parse(*text);
  const std::string code = json.ok() ? (*json)["Code"].StringOr("") : "";
  if (json.ok() && code != "Success") {
    return Error{ErrorCode::kUnavailable, "the instance's role has no keys now: `" + Printable(code, 60) + "`", ""};
  }
  return ReadCredentials(*text, "Token");
}

Result<std::string> InstanceProvider::Region() {
  if (Status status = CheckUsable(); !status.ok()) return status.error();
  const auto text = Get("/latest/meta-data/placement/region");
  if (!text.ok()) return text.error();
  return FirstLine(*text);
}

}  // namespace sallyport::aws
