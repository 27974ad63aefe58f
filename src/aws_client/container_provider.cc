// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "aws_client/providers.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

constexpr std::string_view kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr Duration kContainerDeadline = std::chrono::seconds{2};
constexpr int kContainerTries = 2;

// Whom the keys may be asked for in the clear: this machine, ECS, and EKS Pod Identity in its two forms.
constexpr std::array<std::string_view, 5> kPlainHosts = {"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[::1]",
                                                         "localhost"};

bool IsLoopback4(std::string_view host) {
  return host.starts_with("127.") &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

bool MayBePlain(std::string_view host) {
  // Without the port.
  const std::size_t end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
  const std::string_view name = host.substr(0, std::min(end, host.size()));
  return IsLoopback4(name) || std::find(kPlainHosts.begin(), kPlainHosts.end(), name) != kPlainHosts.end();
}

}  // namespace

Result<std::string> ContainerProvider::Url() const {
  const std::string relative = parts_.environment.variable(std::string(kRelative));
  if (!relative.empty()) return "http://169.254.170.2" + relative;
  std::string full = parts_.environment.variable(std::string(kFull));
  if (full.empty()) {
    return Error{ErrorCode::kNotFound, "neither " + std::string(kRelative) + " nor " + std::string(kFull) + " is set",
                 ""};
  }
  const bool with_user = full.substr(0, full.find('/', 8)).find('@') != std::string::npos;
  if (!with_user && (full.starts_with("https://") || (full.starts_with("http://") && MayBePlain(UrlHost(full))))) {
    return full;
  }
  return Error{ErrorCode::kUnauthenticated,
               std::string(kFull) + " is neither an https URL nor one of this computer, ECS or EKS", ""};
}

Result<Secret> ContainerProvider::Token() const {
  const std::string path = parts_.environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  std::string token = parts_.environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (!path.empty()) {
    auto file = parts_.environment.file(path);
    if (!file.ok()) return Error{ErrorCode::kUnauthenticated, "the authorization token: " + file.error().message, ""};
    token = Trim(*file);
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    return Error{ErrorCode::kUnauthenticated, "the container's authorization token has a line end in it", ""};
  }
  return Secret(std::move(token));
}

Result<Credentials> ContainerProvider::Fetch() {
  const auto url = Url();
  if (!url.ok()) return url.error();
  const auto token = Token();
  if (!token.ok()) return token.error();
  HttpRequest request{.method = "GET", .url = *url, .deadline = kContainerDeadline};
  if (!token->empty()) request.secret_headers.emplace_back("Authorization", *token);
  Result<HttpResponse> answer = parts_.metadata.Send(request);
  for (int tries = 1; tries < kContainerTries && (!answer.ok() || answer->status >= 500); ++tries) {
    answer = parts_.metadata.Send(request);
  }
  if (!answer.ok()) return answer.error();
  if (answer->status != 200) {
    return Error{ErrorCode::kUnauthenticated,
                 "HTTP " + std::to_string(answer->status) + " from the container's address", ""};
  }
  return ReadCredentials(answer->body, "Token");
}

}  // namespace sallyport::aws
