// SPDX-License-Identifier: Apache-2.0
#include "sim/lambda_runtime.h"

#include <algorithm>
#include <cstdio>

#include "base/json.h"

namespace sallyport::sim {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kRuntimeBase = "/2018-06-01/runtime/";
constexpr std::size_t kResponseBytes = std::size_t{6} * 1024 * 1024;
constexpr const char* kFunctionArn = "arn:aws:lambda:us-east-1:111122223333:function:sallyport";
constexpr std::size_t kRememberedIds = 1000;

ServedAnswer Refusal(int status, std::string_view type, std::string_view message) {
  JsonWriter body;
  body.BeginObject().Member("errorMessage", message).Member("errorType", type).EndObject();
  return {status, {{"Content-Type", "application/json"}}, body.Take(), Delivery::kWhole};
}

ServedAnswer Accepted() {
  return {202, {{"Content-Type", "application/json"}}, R"({"status":"OK"})", Delivery::kWhole};
}

// In the form of a UUID, and different for every invocation.
std::string RequestId(std::uint64_t number) {
  char text[40];
  (void)std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(number));
  return text;
}

std::string_view Word(LambdaFault::Call call) {
  switch (call) {
    case LambdaFault::Call::kNext:
      return "GET next";
    case LambdaFault::Call::kResponse:
      return "POST response";
    case LambdaFault::Call::kError:
      return "POST error";
    case LambdaFault::Call::kInitError:
      break;
  }
  return "POST init/error";
}

}  // namespace

std::string_view ToString(LambdaOutcome::Kind kind) {
  switch (kind) {
    case LambdaOutcome::Kind::kResponse:
      return "response";
    case LambdaOutcome::Kind::kError:
      return "error";
    case LambdaOutcome::Kind::kInitError:
      return "init-error";
    case LambdaOutcome::Kind::kTimeout:
      return "timeout";
    case LambdaOutcome::Kind::kExited:
      break;
  }
  return "exited";
}

Result<std::unique_ptr<LambdaRuntime>> LambdaRuntime::Start(int port) {
  std::unique_ptr<LambdaRuntime> runtime(new LambdaRuntime);
  HttpServerOptions options;
  options.port = port;
  auto server = HttpServer::Start(options, [made = runtime.get()](const ServedRequest& r) { return made->Serve(r); });
  if (!server.ok()) return server.error();
  runtime->server_ = std::move(server).value();
  return runtime;
}

LambdaRuntime::~LambdaRuntime() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  server_.reset();
}

std::string LambdaRuntime::address() const {
  return "127.0.0.1:" + std::to_string(server_->port());
}

LambdaOutcome LambdaRuntime::Invoke(std::string event, Duration time_limit) {
  std::unique_lock lock(mutex_);
  current_ = Current{std::move(event), RequestId(++invocations_), time_limit, std::nullopt, {}, std::nullopt};
  changed_.notify_all();
  const auto ended = [this] { return current_->outcome.has_value() || exited_ || init_error_.has_value(); };
  changed_.wait_for(lock, time_limit, [&] { return ended() || current_->deadline.has_value(); });
  if (current_->deadline) changed_.wait_until(lock, current_->handed_over + time_limit, ended);
  LambdaOutcome outcome;
  if (current_->outcome) {
    outcome = *current_->outcome;
  } else if (init_error_) {
    outcome = *init_error_;
  } else {
    outcome.kind = exited_ ? LambdaOutcome::Kind::kExited : LambdaOutcome::Kind::kTimeout;
  }
  outcome.request_id = current_->request_id;
  if (current_->deadline) {
    outcome.took = std::chrono::duration_cast<Duration>(steady_clock::now() - current_->handed_over);
  }
  current_.reset();
  return outcome;
}

bool LambdaRuntime::WaitForStart(Duration at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return first_poll_ || init_error_ || exited_; });
}

bool LambdaRuntime::WaitForPoll(Duration at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return polling_ > 0 || exited_; });
}

void LambdaRuntime::RuntimeExited() {
  const std::lock_guard lock(mutex_);
  exited_ = true;
  changed_.notify_all();
}

bool LambdaRuntime::HasExited() const {
  const std::lock_guard lock(mutex_);
  return exited_;
}

void LambdaRuntime::RuntimeStarted() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  exited_ = false;
  first_poll_.reset();
  init_error_.reset();
  changed_.notify_all();
}

void LambdaRuntime::AddFault(LambdaFault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(fault);
}

std::optional<steady_clock::time_point> LambdaRuntime::FirstPoll() const {
  const std::lock_guard lock(mutex_);
  return first_poll_;
}

std::optional<LambdaOutcome> LambdaRuntime::init_error() const {
  const std::lock_guard lock(mutex_);
  return init_error_;
}

std::vector<std::string> LambdaRuntime::Calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

void LambdaRuntime::Note(const std::string& what, const ServedAnswer& answer) {
  const bool cut = answer.delivery == Delivery::kNothing;
  calls_.push_back(what + " " + (cut ? "cut" : std::to_string(answer.status)));
}

std::optional<ServedAnswer> LambdaRuntime::TakeFault(LambdaFault::Call call) {
  const auto fault = std::find_if(faults_.begin(), faults_.end(), [&](const auto& f) { return f.call == call; });
  if (fault == faults_.end()) return std::nullopt;
  ServedAnswer answer = Refusal(fault->status == 0 ? 500 : fault->status, "Fault", "made by the simulator");
  if (fault->status == 0) answer.delivery = Delivery::kNothing;
  faults_.erase(fault);
  Note(std::string(Word(call)), answer);
  return answer;
}

ServedAnswer LambdaRuntime::Serve(const ServedRequest& request) {
  const bool known = request.path.starts_with(kRuntimeBase);
  const std::string path = known ? request.path.substr(kRuntimeBase.size()) : "";
  if (request.method == "GET" && path == "invocation/next") return Next();
  if (request.method == "POST" && path == "init/error") return InitError(request);
  const std::string start = "invocation/";
  const std::size_t slash = path.rfind('/');
  if (request.method == "POST" && path.starts_with(start) && slash > start.size()) {
    const std::string id = path.substr(start.size(), slash - start.size());
    const std::string call = path.substr(slash + 1);
    if (call == "response") return Answer(id, LambdaOutcome::Kind::kResponse, request);
    if (call == "error") return Answer(id, LambdaOutcome::Kind::kError, request);
  }
  const std::lock_guard lock(mutex_);
  ServedAnswer answer = Refusal(404, "NotFound", "there is no such call");
  Note(request.method + " " + request.path, answer);
  return answer;
}

ServedAnswer LambdaRuntime::Next() {
  std::unique_lock lock(mutex_);
  if (!first_poll_) first_poll_ = steady_clock::now();
  changed_.notify_all();
  if (auto fault = TakeFault(LambdaFault::Call::kNext)) return *fault;
  if (current_ && current_->deadline && !current_->outcome) {
    ServedAnswer refused = Refusal(403, "InvalidStateTransition", "the last invocation has no answer yet");
    Note("GET next", refused);
    return refused;
  }
  const std::uint64_t generation = generation_;
  const auto gone = [&] { return stopping_ || generation != generation_; };
  ++polling_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return gone() || (current_ && !current_->deadline); });
  --polling_;
  if (gone()) return {500, {}, "", Delivery::kNothing};
  const TimePoint deadline = clock_.Now() + current_->time_limit;
  current_->deadline = deadline;
  current_->handed_over = steady_clock::now();
  changed_.notify_all();
  ServedAnswer answer;
  answer.headers = {{"Content-Type", "application/json"},
                    {"Lambda-Runtime-Aws-Request-Id", current_->request_id},
                    {"Lambda-Runtime-Deadline-Ms", std::to_string(ToEpochMilliseconds(deadline))},
                    {"Lambda-Runtime-Invoked-Function-Arn", kFunctionArn},
                    {"Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-" + current_->request_id.substr(24) +
                                                    "000000000000;Parent=9a9197af755a6419;Sampled=1"}};
  answer.body = current_->event;
  Note("GET next", answer);
  return answer;
}

ServedAnswer LambdaRuntime::Answer(const std::string& id, LambdaOutcome::Kind kind, const ServedRequest& request) {
  const std::lock_guard lock(mutex_);
  const bool is_response = kind == LambdaOutcome::Kind::kResponse;
  const auto call = is_response ? LambdaFault::Call::kResponse : LambdaFault::Call::kError;
  if (auto fault = TakeFault(call)) return *fault;
  ServedAnswer answer = Accepted();
  if (std::find(answered_.begin(), answered_.end(), id) != answered_.end()) {
    answer = Refusal(403, "InvalidStateTransition", "this invocation has its answer");
  } else if (!current_ || !current_->deadline || current_->request_id != id) {
    answer = Refusal(400, "InvalidRequestID", "there is no invocation with that id");
  } else if (is_response && request.body.size() > kResponseBytes) {
    answer = Refusal(413, "RequestEntityTooLarge", "a response has at most 6291456 bytes");
  } else {
    const std::string* type = request.Header("lambda-runtime-function-error-type");
    current_->outcome = LambdaOutcome{kind, id, request.body, type == nullptr ? "" : *type, Duration{0}};
    if (answered_.size() >= kRememberedIds) answered_.erase(answered_.begin());
    answered_.push_back(id);
    changed_.notify_all();
  }
  Note(std::string(Word(call)), answer);
  return answer;
}

ServedAnswer LambdaRuntime::InitError(const ServedRequest& request) {
  const std::lock_guard lock(mutex_);
  if (auto fault = TakeFault(LambdaFault::Call::kInitError)) return *fault;
  ServedAnswer answer = Accepted();
  if (first_poll_ || init_error_) {
    answer = Refusal(403, "InvalidStateTransition", "the runtime has started");
  } else {
    const std::string* type = request.Header("lambda-runtime-function-error-type");
    init_error_ =
        LambdaOutcome{LambdaOutcome::Kind::kInitError, "", request.body, type == nullptr ? "" : *type, Duration{0}};
    changed_.notify_all();
  }
  Note(std::string(Word(LambdaFault::Call::kInitError)), answer);
  return answer;
}

}  // namespace sallyport::sim
