// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_manager.h"

#include <cstdio>

#include "sim/swp_manager_impl.h"

namespace sallyport::sim {
namespace {

constexpr std::string_view kApiBase = "/api";

constexpr std::size_t kMostLogged = 100'000;
constexpr std::size_t kMostRemembered = 256;
constexpr std::size_t kLargestRemembered = std::size_t{256} * 1024;
constexpr std::string_view kVersion = "Deep Security/20.0.1234";

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string HttpDate(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[std::chrono::weekday(day).c_encoding()],
                static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

bool IsRead(const ServedRequest& request) {
  return request.method == "GET" || request.path.ends_with("/search");
}

}  // namespace

SwpManager::Impl::Impl(const SwpManagerOptions& options, World world, std::unique_ptr<SystemClock> real,
                       std::unique_ptr<SimClock> own_clock, SimClock& clock)
    : options_(options),
      real_(std::move(real)),
      own_clock_(std::move(own_clock)),
      clock_(clock),
      limiter_(options.calls_per_minute_and_key, options.calls_per_minute_and_tenant),
      world_(std::move(world)) {}

SwpManager::Impl::~Impl() {
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stop_signal_.notify_all();
}

Status SwpManager::Impl::Listen() {
  auto server = HttpServer::Start({options_.port, options_.tls_cert, options_.tls_key},
                                  [this](const ServedRequest& request) { return Handle(request); });
  if (!server) return server.error();
  server_ = std::move(server).value();
  return Ok();
}

ServedAnswer SwpManager::Impl::Handle(const ServedRequest& request) {
  if (request.path.starts_with("/_sim/")) return HandleControl(request);
  SwpRequestRecord record{clock_.Now(), request.method, request.path, 0, ""};
  if (!request.query.empty()) record.target += "?" + request.query;
  const std::string_view path = request.path;
  auto answer = path.starts_with("/api/") ? HandleApi(request, path.substr(kApiBase.size()), record)
                                          : MakeAnswer(Fail(404, "Not found."));
  record.status = answer.delivery == Delivery::kNothing ? 0 : answer.status;
  Log(std::move(record));
  return answer;
}

ServedAnswer SwpManager::Impl::HandleApi(const ServedRequest& request, std::string_view path,
                                         SwpRequestRecord& record) {
  const auto faults = faults_.Match(request.method, path);
  for (const SwpFault& fault : faults) {
    if (fault.kind == SwpFaultKind::kDelay) Wait(fault.delay_ms);
  }
  for (const SwpFault& fault : faults) {
    if (auto refused = RefuseByFault(fault)) return *refused;
  }
  auto answer = Act(request, path, record);
  const auto question = request.method + " " + record.target + "\n" + request.body;
  const std::string fresh = answer.body;
  for (const SwpFault& fault : faults) SpoilByFault(fault, question, answer);
  if (IsRead(request) && answer.status == 200 && fresh == answer.body) Remember(question, answer);
  return answer;
}

std::optional<ServedAnswer> SwpManager::Impl::RefuseByFault(const SwpFault& fault) {
  if (fault.kind == SwpFaultKind::kCutBefore) {
    ServedAnswer cut;
    cut.delivery = Delivery::kNothing;
    return cut;
  }
  if (fault.kind == SwpFaultKind::kStatus) {
    return MakeAnswer(Fail(fault.status, fault.status == 429 ? "Too many API requests" : "Internal server error"));
  }
  if (fault.kind != SwpFaultKind::kHtmlError) return std::nullopt;
  auto answer = MakeAnswer({fault.status, std::nullopt});
  answer.headers.emplace_back("Content-Type", "text/html");
  answer.body = "<html><head><title>Error</title></head><body><h1>The service is not available</h1></body></html>\n";
  return answer;
}

ServedAnswer SwpManager::Impl::Act(const ServedRequest& request, std::string_view path, SwpRequestRecord& record) {
  const std::lock_guard lock(world_mutex_);
  const auto now = ToEpochMilliseconds(clock_.Now());
  world_.Settle(now);
  const auto caller = Authenticate(world_, request, now);
  if (const auto* refused = std::get_if<Reply>(&caller)) return MakeAnswer(*refused);
  const SimApiKey& key = *std::get<const SimApiKey*>(caller);
  record.key_name = TextOr(key.record, "keyName", "");
  const auto unscaled = clock_.Unscaled();
  if (limiter_.Admit(record.key_name, unscaled)) return MakeAnswer(Dispatch(world_, request, path, key, now));
  auto answer = MakeAnswer(Fail(429, "Too many API requests"));
  if (options_.send_retry_after) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(limiter_.WaitTime(record.key_name, unscaled));
    answer.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  }
  return answer;
}

void SwpManager::Impl::SpoilByFault(const SwpFault& fault, const std::string& question, ServedAnswer& answer) {
  switch (fault.kind) {
    case SwpFaultKind::kStatus:
    case SwpFaultKind::kHtmlError:
    case SwpFaultKind::kCutBefore:
    case SwpFaultKind::kDelay:
      return;
    case SwpFaultKind::kCutAfter:
      answer.delivery = Delivery::kNothing;
      return;
    case SwpFaultKind::kTruncatedBody:
      answer.delivery = Delivery::kTruncated;
      return;
    case SwpFaultKind::kStaleAnswer: {
      const std::lock_guard lock(memory_mutex_);
      if (const auto last = last_answers_.find(question); last != last_answers_.end()) answer.body = last->second;
      return;
    }
    default:
      answer.body = SpoilBody(fault.kind, answer.body);
  }
}

void SwpManager::Impl::Remember(const std::string& question, const ServedAnswer& answer) {
  if (answer.body.size() > kLargestRemembered) return;
  const std::lock_guard lock(memory_mutex_);
  if (last_answers_.size() >= kMostRemembered && !last_answers_.contains(question)) return;
  last_answers_[question] = answer.body;
}

ServedAnswer SwpManager::Impl::MakeAnswer(const Reply& reply) const {
  ServedAnswer answer;
  answer.status = reply.status;
  answer.headers = {{"Date", HttpDate(clock_.Now())}, {"X-DSM-Version", std::string(kVersion)}};
  if (!reply.body) return answer;
  answer.headers.emplace_back("Content-Type", "application/json");
  answer.body = json::serialize(*reply.body);
  return answer;
}

void SwpManager::Impl::Wait(int milliseconds) {
  std::unique_lock lock(stop_mutex_);
  stop_signal_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return stopping_; });
}

void SwpManager::Impl::Log(SwpRequestRecord record) {
  const std::lock_guard lock(log_mutex_);
  if (log_.size() >= kMostLogged) log_.pop_front();
  log_.push_back(std::move(record));
}

SwpManager::SwpManager(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SwpManager::~SwpManager() = default;

Result<std::unique_ptr<SwpManager>> SwpManager::Start(const SwpEstate& estate, const SwpManagerOptions& options) {
  auto real = std::make_unique<SystemClock>();
  std::unique_ptr<SimClock> own;
  if (options.clock == nullptr) own = std::make_unique<SimClock>(real->Now(), 1.0, *real);
  SimClock& clock = options.clock == nullptr ? *own : *options.clock;
  WorldOptions world_options;
  world_options.scan_duration = options.scan_duration;
  world_options.send_policy_delay = options.send_policy_delay;
  world_options.auto_delete = options.auto_delete;
  auto world = World::Build(estate, world_options, ToEpochMilliseconds(clock.start()));
  if (!world) return world.error();
  auto impl = std::make_unique<Impl>(options, std::move(world).value(), std::move(real), std::move(own), clock);
  auto listening = impl->Listen();
  if (!listening) return listening.error();
  return std::unique_ptr<SwpManager>(new SwpManager(std::move(impl)));
}

std::string SwpManager::url() const {
  return std::string(impl_->tls() ? "https" : "http") + "://127.0.0.1:" + std::to_string(impl_->port()) + "/api";
}
SimClock& SwpManager::clock() {
  return impl_->clock_;
}
Status SwpManager::AddFault(const SwpFault& fault) {
  return impl_->faults_.Add(fault);
}
void SwpManager::ClearFaults() {
  impl_->faults_.Clear();
}
std::string SwpManager::StateText() const {
  return impl_->StateText();
}

std::vector<SwpRequestRecord> SwpManager::Requests() const {
  const std::lock_guard lock(impl_->log_mutex_);
  return {impl_->log_.begin(), impl_->log_.end()};
}

void SwpManager::ClearRequests() {
  const std::lock_guard lock(impl_->log_mutex_);
  impl_->log_.clear();
}

}  // namespace sallyport::sim
