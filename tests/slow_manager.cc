// SPDX-License-Identifier: Apache-2.0
#include "tests/slow_manager.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr double kShortestWork = 100;  // milliseconds
constexpr double kLongestWork = 10'000;
constexpr std::string_view kAnswers = "/answers/";
constexpr const char* kAnswerAt = "X-Answer-At";
constexpr const char* kAnswer = "X-Answer";
// So often the program can be stopped while the manager is at work on a request of its.
constexpr int kMomentsOfWork = 5;

// What a proxy must not pass on: the connection is another one. (The host is: a signature of AWS covers it.)
bool BelongsToTheConnection(std::string_view name) {
  return name == "content-length" || name == "connection" || name == "accept-encoding" || name == "transfer-encoding";
}

bool IsWrite(const sim::ServedRequest& request) {
  if (request.Header("x-amz-date") != nullptr) {
    const std::string* operation = request.Header("x-amz-target");
    return operation != nullptr &&
           (operation->find(".Update") != std::string::npos || operation->ends_with(".PutEvaluations"));
  }
  return request.method != "GET" && !request.path.ends_with("/search");
}

HttpRequest RequestTo(const std::string& manager, const sim::ServedRequest& served) {
  HttpRequest request;
  request.method = served.method;
  request.url = manager + served.raw_path + (served.query.empty() ? "" : "?" + served.query);
  for (const auto& [name, value] : served.headers) {
    if (!BelongsToTheConnection(name)) request.headers.push_back({name, value});
  }
  request.body = served.body;
  request.repeat = Repeat::kUnsafe;
  return request;
}

sim::ServedAnswer Passed(const HttpResponse& answer) {
  sim::ServedAnswer passed;
  passed.status = answer.status;
  for (const HttpHeader& header : answer.headers) {
    if (!BelongsToTheConnection(ToLowerAscii(header.name))) passed.headers.emplace_back(header.name, header.value);
  }
  passed.body = answer.body;
  return passed;
}

class SlowClient final : public HttpClient {
 public:
  SlowClient(HttpClient& inner, Clock& clock, ReachPoint reach)
      : inner_(inner), clock_(clock), reach_(std::move(reach)) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    auto taken = inner_.Send(request);
    if (!taken.ok() || taken->status != 202 || taken->Header(kAnswer).empty()) return taken;
    const TimePoint answer_at =
        FromEpochMilliseconds(std::strtoll(std::string(taken->Header(kAnswerAt)).c_str(), nullptr, 10));
    const std::string what = request.method + " " + std::string(ShownPath(request)) + std::string(kAtWork);
    for (int left = kMomentsOfWork; left > 0; --left) {
      reach_(what);
      const Duration more = answer_at - clock_.Now();
      if (more > Duration{0}) clock_.SleepFor(std::max<Duration>(more / left, Duration{1}));
    }
    HttpRequest ask;
    ask.method = "GET";
    const std::size_t path = request.url.find('/', request.url.find("://") + 3);
    ask.url = request.url.substr(0, path) + std::string(kAnswers) + std::string(taken->Header(kAnswer));
    return inner_.Send(ask);
  }

 private:
  HttpClient& inner_;
  Clock& clock_;
  const ReachPoint reach_;
};

}  // namespace

TimePoint ManagersClock::Now() const {
  const std::int64_t pretended = pretended_;
  return pretended == 0 ? inner_.Now() : FromEpochMilliseconds(pretended);
}

std::chrono::steady_clock::time_point ManagersClock::Monotonic() const {
  return std::chrono::steady_clock::time_point(Now().time_since_epoch());
}

SlowManager::SlowManager(const SharedClock& clock, ManagersClock& managers, const std::string& manager, unsigned seed)
    : clock_(clock),
      managers_(managers),
      manager_(manager.substr(0, manager.rfind("/api"))),
      http_({.direct = true}),
      chance_(seed) {
  auto server = sim::HttpServer::Start({}, [this](const sim::ServedRequest& request) { return Serve(request); });
  Check(server.ok(), "a slow manager");
  server_ = *std::move(server);
}

std::string SlowManager::url() const {
  return origin() + "/api";
}

std::string SlowManager::origin() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

int SlowManager::carried_out() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(writes_.begin(), writes_.end(), [](auto& w) { return w.second.is_done; }));
}

int SlowManager::unanswered() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(
      std::count_if(writes_.begin(), writes_.end(), [](auto& w) { return w.second.is_done && !w.second.is_answered; }));
}

void SlowManager::CatchUp() {
  const std::lock_guard lock(mutex_);
  CarryOutWhatIsDue();
}

sim::ServedAnswer SlowManager::Serve(const sim::ServedRequest& request) {
  // One at a time: nobody sees a state of the manager that is older than what was due before.
  const std::lock_guard lock(mutex_);
  ++taken_;
  CarryOutWhatIsDue();
  if (request.path.starts_with(kAnswers)) return AnswerOf(std::atoi(request.path.c_str() + kAnswers.size()));
  HttpRequest forwarded = RequestTo(manager_, request);
  return IsWrite(request) ? Take(std::move(forwarded)) : Passed(Forward(forwarded));
}

sim::ServedAnswer SlowManager::Take(HttpRequest request) {
  std::uniform_real_distribution<double> even(0, 1);
  const double works = kShortestWork * std::pow(kLongestWork / kShortestWork, even(chance_));
  const TimePoint now = clock_.Now();
  const Duration until_act{static_cast<std::int64_t>(works * even(chance_))};
  const int number = static_cast<int>(writes_.size()) + 1;
  writes_[number] = {std::move(request), now + until_act, false, false, {}};
  sim::ServedAnswer answer;
  answer.status = 202;
  answer.headers = {
      {kAnswer, std::to_string(number)},
      {kAnswerAt, std::to_string(ToEpochMilliseconds(now + Duration{static_cast<std::int64_t>(works) + 1}))}};
  return answer;
}

sim::ServedAnswer SlowManager::AnswerOf(int number) {
  Write& write = writes_.at(number);
  Check(write.is_done, "nobody asks for an answer before its time");
  write.is_answered = true;
  return Passed(write.answer);
}

void SlowManager::CarryOutWhatIsDue() {
  while (true) {
    Write* first = nullptr;
    for (auto& [number, write] : writes_) {
      const bool is_due = !write.is_done && write.acts_at <= clock_.Now();
      if (is_due && (first == nullptr || write.acts_at < first->acts_at)) first = &write;
    }
    if (first == nullptr) return;
    managers_.Pretend(first->acts_at);
    first->answer = Forward(first->request);
    first->is_done = true;
    managers_.Pretend(std::nullopt);
  }
}

HttpResponse SlowManager::Forward(const HttpRequest& request) {
  auto answer = http_.Send(request);
  Check(answer.ok(), "the simulated manager answers");
  return *std::move(answer);
}

std::unique_ptr<HttpClient> WithSlowManager(HttpClient& inner, Clock& clock, ReachPoint reach) {
  return std::make_unique<SlowClient>(inner, clock, std::move(reach));
}

}  // namespace sallyport
