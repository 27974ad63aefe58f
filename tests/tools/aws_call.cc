// SPDX-License-Identifier: Apache-2.0
//
// For tests: our client as a program. Reads one call a line from standard input,
//   {"service": "ec2", "operation": "DescribeInstances", "region": "us-east-1", "members": {"MaxResults": 5}}
// and prints one line for each: {"answer": {..}}, all pages together, or {"error": {"kind", "message", "code", "action"}}.
// Members have the names of the wire, in both directions; secrets are hidden. Endpoint and keys come from
// AWS_ENDPOINT_URL and the usual variables.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "aws/call.h"
#include "aws_client/client.h"
#include "aws_client/rate_limiter.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "net/curl_client.h"
#include "tools/aws_operations.h"

namespace sallyport::aws {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The keys of the environment, for every account.
class EnvironmentKeys final : public CredentialsSource {
 public:
  Result<Keys> For(const Place&) override {
    return Keys{Variable("AWS_ACCESS_KEY_ID"), Secret(Variable("AWS_SECRET_ACCESS_KEY")),
                Secret(Variable("AWS_SESSION_TOKEN"))};
  }
  void Distrust(const Place&, const std::string&) override {}
};

std::string ErrorLine(const Error& error) {
  JsonWriter out;
  out.BeginObject().Key("error").BeginObject();
  out.Member("kind", ToString(error.code)).Member("message", error.message).Member("code", error.RemoteCode());
  out.Member("action", error.origin ? std::string_view(error.origin->missing_action) : std::string_view());
  return out.EndObject().EndObject().Take();
}

std::string Answer(Transport& transport, const std::string& line) {
  const auto row = Json::Parse(line);
  if (!row.ok()) return ErrorLine(row.error());
  const auto service = (*row)["service"].StringOr("");
  const auto name = (*row)["operation"].StringOr("");
  const auto* operation = FindOperation(service, name);
  if (operation == nullptr) {
    return ErrorLine({ErrorCode::kInvalidInput, "unknown operation `" + service + "." + name + "`", ""});
  }
  const Aws aws(transport, {"", (*row)["region"].StringOr("us-east-1")});
  const auto answer = operation->call(aws, (*row)["members"], false);
  if (!answer.ok()) return ErrorLine(answer.error());
  return "{\"answer\":" + (answer->empty() ? "{}" : *answer) + "}";
}

void Loop() {
  SystemClock clock;
  SystemRandom random;
  Logger log(clock, LogLevel::kOff, WriteToStandardError);
  CurlClient http({});
  EnvironmentKeys keys;
  RateLimiter rates(clock);
  ClientOptions options;
  options.endpoints.url = Variable("AWS_ENDPOINT_URL");
  Client client(http, keys, rates, clock, random, log, options);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::printf("%s\n", Answer(client, line).c_str());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace sallyport::aws

int main() {
  sallyport::aws::Loop();
  return 0;
}
