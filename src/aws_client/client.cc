// SPDX-License-Identifier: Apache-2.0
#include "aws_client/client.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "aws/bounds.h"
#include "aws/sigv4.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

// A server takes a time that is five minutes off; from four on we would rather use its own.
constexpr Duration kTimeOff = std::chrono::minutes{4};
constexpr Duration kLongestBackOff = std::chrono::seconds{20};
// How much longer than our own back-off a server may make us wait.
constexpr Duration kServerMayAdd = std::chrono::seconds{5};
constexpr std::size_t kBucketRegions = 100'000;

WireAnswer ToWire(HttpResponse&& response) {
  WireAnswer answer;
  answer.status = response.status;
  answer.body = std::move(response.body);
  for (HttpHeader& header : response.headers)
    answer.headers.emplace_back(std::move(header.name), std::move(header.value));
  return answer;
}

std::int64_t WholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::clamp<std::int64_t>(number, 0, 86'400'000) : 0;
}

// `Retry-After` in seconds (RFC 9110, 10.2.3), or AWS's own in milliseconds.
Duration AskedWait(const WireAnswer& answer) {
  const std::int64_t own = WholeNumber(answer.Header("x-amz-retry-after"));
  if (own > 0) return Duration{own};
  return Duration{std::min<std::int64_t>(WholeNumber(answer.Header("retry-after")), 86'400) * 1000};
}

// 202: not done yet; 203: changed on its way; 205: nothing; 206: a part. No operation that only reads answers so.
bool IsWhole(const WireAnswer& answer) {
  return answer.status == 200 || answer.status == 201 || answer.status == 204;
}

Error WithAttempts(Error error, int attempts) {
  if (attempts > 1) error.message += ", after " + std::to_string(attempts) + " attempts";
  return error;
}

}  // namespace

// What one Send has used up.
struct Client::Progress {
  Instant end{};  // of the call, once it has its first place in the bucket
  bool started = false;
  int attempts = 0;   // those that count
  int last_cost = 0;  // of the last retry, in tokens
  bool corrected_clock = false;
  bool replaced_token = false;
  bool followed_region = false;
  std::string access_key_id{};
};

Result<WireAnswer> Client::Send(const Call& call) {
  Progress progress;
  while (true) {
    ++progress.attempts;
    Result<WireAnswer> answer = Attempt(call, progress);
    if (!answer.ok()) {
      if (TryAgainWithoutAnswer(call, answer.error(), progress)) continue;
      return WithoutAnswer(answer.error(), call, progress);
    }
    const auto error = ReadServiceError(call.operation->service.protocol, *answer);
    if (!error) {
      memory_->tokens.GiveBack(progress.last_cost);
      if (IsWhole(*answer)) return answer;
      return WithOrigin(
          Error{ErrorCode::kBadAnswer, "HTTP " + std::to_string(answer->status) + ", which is not the whole answer",
                "check what is between Sallyport and the server (proxy)"},
          call);
    }
    if (TryAgain(call, *error, *answer, progress)) continue;
    Error failure = ToError(*error, call);
    return WithAttempts(std::move(failure), progress.attempts);
  }
}

// What may be repeated leaves nothing to look for, so that its outcome is not "unknown" in that sense.
Error Client::WithoutAnswer(Error error, const Call& call, const Progress& progress) const {
  if (error.code == ErrorCode::kOutcomeUnknown && call.operation->repeatable) {
    error.code = Left(progress) > Duration{0} ? ErrorCode::kUnavailable : ErrorCode::kTimeout;
  }
  return WithAttempts(std::move(error), progress.attempts);
}

Duration Client::Left(const Progress& progress) const {
  return std::chrono::floor<Duration>(progress.end - clock_.Monotonic());
}

std::optional<Client::Instant> Client::UntilOf(const Call& call) const {
  if (!call.until || !options_.until) return call.until ? call.until : options_.until;
  return std::min(*call.until, *options_.until);
}

// The wait for a rate bucket is as long as the work that is before us in it; the deadline of the call begins after it.
Status Client::WaitForPlace(const Call& call, Progress& progress) {
  const Instant now = clock_.Monotonic();
  Duration longest = options_.longest_wait;
  if (progress.started) longest = Left(progress);
  const auto until = UntilOf(call);
  if (until) longest = std::min(longest, std::chrono::floor<Duration>(*until - now));
  if (longest < Duration{0}) {
    return WithOrigin(Error{ErrorCode::kTimeout, "the deadline passed before the request was sent", ""}, call);
  }
  const Result<Duration> wait = rates_.Reserve(call, longest);
  if (!wait.ok()) return wait.error();
  if (*wait > Duration{0}) clock_.SleepFor(*wait);
  rates_.Sent(call);
  if (!progress.started) {
    progress.started = true;
    progress.end = clock_.Monotonic() + (call.deadline > Duration{0} ? call.deadline : options_.deadline);
    if (until) progress.end = std::min(progress.end, *until);
  }
  if (Left(progress) > Duration{0}) return Ok();
  return WithOrigin(Error{ErrorCode::kTimeout, "the deadline passed before the request was sent", ""}, call);
}

Result<WireAnswer> Client::Attempt(const Call& call, Progress& progress) {
  if (Status place = WaitForPlace(call, progress); !place.ok()) return place.error();
  const auto endpoint = ResolveEndpoint(call, options_.endpoints, BucketRegion(call.bucket));
  if (!endpoint.ok()) return WithOrigin(endpoint.error(), call);
  auto request = Build(call, *endpoint, progress);
  if (!request.ok()) return request.error();
  request->deadline = std::max(Left(progress), Duration{1});
  auto response = http_.Send(*request);
  if (!response.ok()) return WithOrigin(response.error(), call);
  return ToWire(std::move(response).value());
}

Result<HttpRequest> Client::Build(const Call& call, const Endpoint& endpoint, Progress& progress) {
  const Operation& operation = *call.operation;
  // A bucket in the path is the whole path: `/bucket`, not `/bucket/`.
  const bool bucket_alone = !call.bucket.empty() && call.path == "/" && endpoint.path.ends_with("/" + call.bucket);
  WireRequest wire{std::string(operation.method), endpoint.path + (bucket_alone ? "" : call.path), call.query,
                   call.headers};
  wire.headers.emplace_back("Host", endpoint.host);
  HttpRequest request;
  request.method = operation.method;
  request.url = endpoint.scheme + "://" + endpoint.host + wire.path + (call.query.empty() ? "" : "?" + call.query);
  request.body = call.body;
  request.repeat = operation.repeatable ? Repeat::kSafe : Repeat::kUnsafe;
  request.changes = operation.changes;
  for (const auto& [name, value] : call.headers) request.headers.push_back({name, value});
  if (!operation.is_signed) return request;

  const auto keys = credentials_.For(call.place);
  if (!keys.ok()) return WithOrigin(keys.error(), call);
  progress.access_key_id = keys->access_key_id;
  const bool s3 = operation.service.signing_name == "s3";
  const SigningScope scope{clock_.Now() + Duration{memory_->clock_offset_ms.load()}, endpoint.signing_region,
                           std::string(operation.service.signing_name)};
  Signed signature = Sign(wire, call.body, *keys, scope, {s3 ? kS3Path : kServicePath, s3});
  for (auto& [name, value] : signature.headers) request.headers.push_back({name, std::move(value)});
  request.secret_headers = std::move(signature.secret_headers);
  return request;
}

bool Client::TryAgain(const Call& call, const ServiceError& error, const WireAnswer& answer, Progress& progress) {
  // Remedies that change something come once each, and do not count as attempts.
  const auto once = [&progress](bool& used, bool changed) {
    if (used || !changed) return false;
    used = true;
    --progress.attempts;
    return true;
  };
  const bool repeatable = call.operation->repeatable;
  switch (RemedyOf(error, IsTimeOff(answer))) {
    case Remedy::kNone:
      return false;
    case Remedy::kSetClock:
      return once(progress.corrected_clock, !progress.corrected_clock && CorrectClock(answer));
    case Remedy::kNewToken:
      if (!progress.replaced_token) credentials_.Distrust(call.place, progress.access_key_id);
      return once(progress.replaced_token, true);
    case Remedy::kGoTo:
      return once(progress.followed_region, !progress.followed_region && RememberRegion(call, error.region));
    case Remedy::kSlowDown:
      rates_.Throttled(call);
      return Wait(call, AskedWait(answer), RetryTokens::kRetry, error.code, progress);
    case Remedy::kWait:
      return repeatable && Wait(call, AskedWait(answer), RetryTokens::kRetry, error.code, progress);
  }
  return false;
}

bool Client::TryAgainWithoutAnswer(const Call& call, const Error& error, Progress& progress) {
  // Errors with another origin than the network: our own limits, the credentials, a request that cannot be sent.
  const bool from_network = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kOutcomeUnknown;
  if (!from_network || !progress.started || progress.access_key_id.empty() == call.operation->is_signed) return false;
  if (!call.operation->repeatable && error.code == ErrorCode::kOutcomeUnknown) return false;
  const int cost = error.code == ErrorCode::kOutcomeUnknown ? RetryTokens::kAfterTimeout : RetryTokens::kRetry;
  return Wait(call, Duration{0}, cost, ToString(error.code), progress);
}

bool Client::Wait(const Call& call, Duration least, int cost, std::string_view why, Progress& progress) {
  if (progress.attempts >= options_.attempts) return false;
  Duration most = std::chrono::seconds{1};
  for (int i = 1; i < progress.attempts && most < kLongestBackOff; ++i) most = std::min(most * 2, kLongestBackOff);
  const Duration own{static_cast<Duration::rep>(static_cast<double>(most.count()) * random_.Uniform())};
  const Duration wait = std::max(own, std::min(least, own + kServerMayAdd));
  if (wait >= Left(progress) || !memory_->tokens.Take(cost)) return false;
  progress.last_cost = cost;
  log_.Warning("trying an AWS call again", {{"service", call.operation->service.name},
                                            {"operation", call.operation->name},
                                            {"region", call.place.region},
                                            {"account", call.place.account},
                                            {"attempt", progress.attempts},
                                            {"outcome", Printable(why, bounds::kShownName)},
                                            {"wait_ms", wait.count()}});
  clock_.SleepFor(wait);
  return true;
}

bool Client::IsTimeOff(const WireAnswer& answer) const {
  const auto date = ParseHttpDate(Trim(answer.Header("date")));
  if (!date) return false;
  const TimePoint ours = clock_.Now() + Duration{memory_->clock_offset_ms.load()};
  return *date - ours >= kTimeOff || ours - *date >= kTimeOff;
}

bool Client::CorrectClock(const WireAnswer& answer) {
  const auto date = ParseHttpDate(Trim(answer.Header("date")));
  if (!date) return false;
  const Duration offset = *date - clock_.Now();
  memory_->clock_offset_ms = offset.count();
  log_.Warning("this computer's clock is off: signing with the time of AWS", {{"off_ms", offset.count()}});
  return true;
}

std::string Client::BucketRegion(const std::string& bucket) const {
  if (bucket.empty()) return "";
  const std::lock_guard lock(memory_->regions_mutex);
  const auto known = memory_->bucket_regions.find(bucket);
  return known == memory_->bucket_regions.end() ? "" : known->second;
}

bool Client::RememberRegion(const Call& call, const std::string& region) {
  // The name comes from outside and becomes part of a host: it must make one.
  if (call.bucket.empty() || region == BucketRegion(call.bucket)) return false;
  if (!ResolveEndpoint(call, options_.endpoints, region).ok()) return false;
  const std::lock_guard lock(memory_->regions_mutex);
  if (memory_->bucket_regions.size() >= kBucketRegions) memory_->bucket_regions.clear();
  memory_->bucket_regions[call.bucket] = region;
  return true;
}

}  // namespace sallyport::aws
