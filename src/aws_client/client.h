// SPDX-License-Identifier: Apache-2.0
//
// The Transport that speaks to AWS. One call goes this way, again for every attempt:
//
//   place in the rate bucket -> endpoint -> keys -> signature -> HTTP -> error or answer -> remedy
//
// Retries follow the SDKs' standard mode (contract aws-api, section 5). Besides, and once each: the clock is corrected
// by the server's, expired session tokens are replaced, and a bucket is looked for in the region that S3 names.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "aws/endpoint.h"
#include "aws/operation.h"
#include "aws/service_error.h"
#include "aws_client/credentials.h"
#include "aws_client/rate_limiter.h"
#include "aws_client/retry_tokens.h"
#include "base/log.h"
#include "base/random.h"
#include "net/http.h"

namespace sallyport::aws {

struct ClientOptions {
  EndpointSettings endpoints{};
  int attempts = 3;           // AWS_MAX_ATTEMPTS
  Duration deadline{30'000};  // of a call that names none, waiting for its rate bucket not counted
  // How long a call may wait for its place in a rate bucket when it has no `until`.
  Duration longest_wait{600'000};
  // Of all calls of this client, as Call::until is of one: nothing is sent after this.
  std::optional<std::chrono::steady_clock::time_point> until{};
};

// What clients of the same process learn from each other. Thread-safe.
struct ClientMemory {
  RetryTokens tokens{};
  std::atomic<std::int64_t> clock_offset_ms{0};  // the server's time less ours
  std::mutex regions_mutex{};
  std::map<std::string, std::string> bucket_regions{};
};

// Thread-safe. References outlive the client.
class Client final : public Transport {
 public:
  Client(HttpClient& http, CredentialsSource& credentials, RateLimiter& rates, Clock& clock, Random& random,
         Logger& log, ClientOptions options, std::shared_ptr<ClientMemory> memory = std::make_shared<ClientMemory>())
      : http_(http),
        credentials_(credentials),
        rates_(rates),
        clock_(clock),
        random_(random),
        log_(log),
        options_(std::move(options)),
        memory_(std::move(memory)) {}

  Result<WireAnswer> Send(const Call& call) override;

  const RetryTokens& retry_tokens() const { return memory_->tokens; }

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Progress;

  // One attempt. An answer that reports an error is an answer here.
  Result<WireAnswer> Attempt(const Call& call, Progress& progress);
  Status WaitForPlace(const Call& call, Progress& progress);
  Result<HttpRequest> Build(const Call& call, const Endpoint& endpoint, Progress& progress);
  // Whether to try again; waits as long as needed before.
  bool TryAgain(const Call& call, const ServiceError& error, const WireAnswer& answer, Progress& progress);
  bool TryAgainWithoutAnswer(const Call& call, const Error& error, Progress& progress);
  Error WithoutAnswer(Error error, const Call& call, const Progress& progress) const;
  bool Wait(const Call& call, Duration least, int cost, std::string_view why, Progress& progress);
  bool CorrectClock(const WireAnswer& answer);
  bool IsTimeOff(const WireAnswer& answer) const;
  Duration Left(const Progress& progress) const;
  std::optional<Instant> UntilOf(const Call& call) const;

  std::string BucketRegion(const std::string& bucket) const;
  // False when the region cannot be one, or is where it was looked for.
  bool RememberRegion(const Call& call, const std::string& region);

  HttpClient& http_;
  CredentialsSource& credentials_;
  RateLimiter& rates_;
  Clock& clock_;
  Random& random_;
  Logger& log_;
  const ClientOptions options_;
  const std::shared_ptr<ClientMemory> memory_;
};

}  // namespace sallyport::aws
