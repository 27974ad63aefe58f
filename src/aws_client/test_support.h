// SPDX-License-Identifier: Apache-2.0
//
// For tests of this folder: a client on fakes, and environments made of maps.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "aws/call.h"
#include "aws_client/client.h"
#include "aws_client/environment.h"
#include "aws_client/providers.h"
#include "base/fake_clock.h"
#include "net/fake_http.h"

namespace sallyport::aws {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value = 0.5) : value_(value) {}
  double Uniform() override { return value_; }

 private:
  double value_;
};

// Gives the keys it was told to, and counts.
class FakeCredentials final : public CredentialsSource {
 public:
  Result<Keys> For(const Place& place) override {
    places.push_back(place);
    if (keys.empty()) return Error{ErrorCode::kUnauthenticated, "no AWS credentials: none in this test", "get some"};
    return Keys{keys[std::min(distrusted.size(), keys.size() - 1)], Secret("secret"), Secret("token")};
  }
  void Distrust(const Place&, const std::string& access_key_id) override { distrusted.push_back(access_key_id); }

  std::vector<std::string> keys{"AKID1", "AKID2"};
  std::vector<Place> places;
  std::vector<std::string> distrusted;
};

struct FakeEnvironment {
  std::map<std::string, std::string> variables{};
  std::map<std::string, std::string> files{};
  std::map<std::string, std::string> programs{};

  Environment Get() const {
    Environment environment;
    environment.variable = [this](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? "" : found->second;
    };
    environment.file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Error{ErrorCode::kNotFound, "there is no file `" + path + "`", ""};
      return found->second;
    };
    environment.output = [this](const std::string& command) -> Result<Secret> {
      const auto found = programs.find(command);
      if (found == programs.end()) return Error{ErrorCode::kUnavailable, "`" + command + "` failed", ""};
      return Secret(found->second);
    };
    return environment;
  }
};

// Everything that a client needs.
struct ClientBench {
  FakeClock clock;
  FixedRandom random;
  std::string log_text;
  Logger log{clock, LogLevel::kDebug, [this](std::string_view line) { log_text += line; }};
  FakeHttpClient http;
  FakeHttpClient metadata;
  FakeCredentials credentials;
  RateLimiter rates{clock};

  Client Make(ClientOptions options = {}, std::shared_ptr<ClientMemory> memory = std::make_shared<ClientMemory>()) {
    return {http, credentials, rates, clock, random, log, std::move(options), std::move(memory)};
  }
};

inline std::string HeaderOf(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& header : request.headers) {
    if (header.name == name) return header.value;
  }
  for (const auto& [header, value] : request.secret_headers) {
    if (header == name) return value.RevealForRequest();
  }
  return "";
}

}  // namespace sallyport::aws
