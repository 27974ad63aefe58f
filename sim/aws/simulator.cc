// SPDX-License-Identifier: Apache-2.0
//
// A call's way: route, faults, signature, permission, rate, members, operation, answer.
#include "sim/aws/simulator.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/text.h"
#include "sim/aws/services.h"
#include "sim/aws/simulator_impl.h"

namespace sallyport::aws_sim {

struct SimulatorImpl::Working {
  const sim::ServedRequest& request;
  LoggedCall& logged;
  Route route;
  std::optional<Authorization> authorization;
  Principal who;
  bool is_signed = false;
  std::vector<Fault> faults;
  std::string request_id;
  TimePoint now;
};

namespace {

using Steady = std::chrono::steady_clock;

sim::ServedAnswer Cut() {
  sim::ServedAnswer answer;
  answer.delivery = sim::Delivery::kNothing;
  return answer;
}

// A document that a careless reader blows up on (a "billion laughs", or nesting without end).
std::string BombFor(const ServiceSpec& service) {
  const bool json = service.protocol == Protocol::kJson10 || service.protocol == Protocol::kJson11 ||
                    service.protocol == Protocol::kRestJson;
  if (json) return "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  std::string out = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 12; ++i) {
    out += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) out += "&a" + std::to_string(i - 1) + ";";
    out += "\">";
  }
  return out + "]><r>&a11;</r>";
}

sim::ServedAnswer HtmlError(int status) {
  sim::ServedAnswer answer;
  answer.status = status;
  answer.headers.emplace_back("Content-Type", "text/html");
  answer.body = "<html><head><title>Service error</title></head><body><h1>Service error</h1></body></html>";
  return answer;
}

std::string_view InternalCode(const ServiceSpec& service) {
  if (service.id == "ec2" || service.signing_name == "s3") return "InternalError";
  return service.protocol == Protocol::kQuery ? "InternalFailure" : "InternalServerException";
}

Failure UnknownOperation(const ServiceSpec& service) {
  if (service.protocol == Protocol::kEc2 || service.protocol == Protocol::kQuery) {
    return Fail(400, "InvalidAction", "The action is not valid for this web service");
  }
  if (service.signing_name == "s3")
    return Fail(501, "NotImplemented", "A header or query you provided is not simulated");
  return Fail(service.protocol == Protocol::kRestJson ? 404 : 400, "UnknownOperationException",
              "The operation is not one of the service");
}

bool Allowed(const Principal& who, const std::string& action) {
  const auto fits = [&](const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
      if (WildcardMatch(pattern, action)) return true;
    }
    return false;
  };
  return fits(who.allow) && !fits(who.deny);
}

}  // namespace

Result<std::unique_ptr<Simulator>> Simulator::Start(World world, const SimulatorOptions& options) {
  auto simulator = std::make_unique<SimulatorImpl>(std::move(world), options);
  auto listening = simulator->Listen();
  if (!listening.ok()) return listening.error();
  return std::unique_ptr<Simulator>(std::move(simulator));
}

Status SimulatorImpl::Listen() {
  sim::HttpServerOptions http;
  http.port = options_.port;
  auto server = sim::HttpServer::Start(http, [this](const sim::ServedRequest& request) { return Handle(request); });
  if (!server) return server.error();
  server_ = std::move(server).value();
  const std::lock_guard lock(mutex_);  // a call may already be under way
  url_ = "http://127.0.0.1:" + std::to_string(server_->port());
  return Ok();
}

sim::ServedAnswer SimulatorImpl::Handle(const sim::ServedRequest& request) {
  if (request.path.starts_with("/_sim/")) return Control(request);
  const auto ready_at = Steady::now() + std::chrono::milliseconds(latency_ms_.load());
  LoggedCall logged;
  {
    const std::lock_guard lock(mutex_);
    counters_.most_running = std::max(counters_.most_running, ++counters_.running);
  }
  auto answer = Serve(request, logged);
  std::this_thread::sleep_until(ready_at);
  logged.status = answer.delivery == sim::Delivery::kNothing ? 0 : answer.status;
  const std::lock_guard lock(mutex_);
  --counters_.running;
  ++counters_.calls;
  log_.push_back(std::move(logged));
  if (log_.size() > kMaxLogged) log_.pop_front();
  return answer;
}

sim::ServedAnswer SimulatorImpl::Refuse(Working& working, const Failure& failure) {
  working.logged.code = failure.code;
  auto answer = WriteFailure(*working.route.service, failure, working.request_id, working.now);
  if (working.request.method == "HEAD") answer.body.clear();
  return answer;
}

sim::ServedAnswer SimulatorImpl::Serve(const sim::ServedRequest& request, LoggedCall& logged) {
  Working working{request, logged, {}, ReadAuthorization(request), {}, false, {}, "", options_.clock->Now()};
  char id[40];
  std::snprintf(id, sizeof id, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(++requests_));
  working.request_id = id;
  logged.time = FormatTime(working.now);
  working.route = FindRoute(request, working.authorization ? working.authorization->service : "");
  if (working.route.service == nullptr) {
    return {404, {{"Content-Type", "text/plain"}}, "no service signs with that name\n", sim::Delivery::kWhole};
  }
  logged.service = std::string(working.route.service->id);
  if (working.authorization) {
    logged.region = working.authorization->region;
    const std::lock_guard lock(mutex_);
    const auto key = world_.keys.find(working.authorization->key_id);
    if (key != world_.keys.end()) working.who = key->second.who;
  }
  logged.account = working.who.account;
  if (working.route.operation == nullptr) {
    return Refuse(working, working.authorization
                               ? UnknownOperation(*working.route.service)
                               : AuthFailure(*working.route.service, AuthProblem::kMissing, request, working.now));
  }
  logged.action = std::string(working.route.operation->name);
  working.faults = faults_.Match({logged.account, logged.region, logged.service, logged.action});
  for (const Fault& fault : working.faults) {
    if (fault.delay_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(fault.delay_ms));
    if (auto instead = FaultInstead(working, fault)) return *instead;
  }
  auto answer = Act(working);
  for (const Fault& fault : working.faults) SpoilAfter(fault, answer);
  return answer;
}

std::optional<sim::ServedAnswer> SimulatorImpl::FaultInstead(Working& working, const Fault& fault) {
  const ServiceSpec& service = *working.route.service;
  const auto refuse = [&](const Failure& failure) { return Refuse(working, failure); };
  const auto message = fault.message.empty() ? std::string("A fault that was asked for") : fault.message;
  switch (fault.kind) {
    case FaultKind::kThrottle:
      return refuse(ThrottleFailure(service));
    case FaultKind::kInternalError:
      return refuse(Fail(fault.status, fault.code.empty() ? InternalCode(service) : fault.code, message));
    case FaultKind::kError:
      return refuse(Fail(fault.status, fault.code, message));
    case FaultKind::kErrorIn200: {
      const auto code = fault.code.empty() ? InternalCode(service) : std::string_view(fault.code);
      working.logged.code = std::string(code);
      return WriteFailure(service, Fail(fault.status, code, message), working.request_id, working.now, true);
    }
    case FaultKind::kHtmlError:
      return HtmlError(fault.status);
    case FaultKind::kCutBefore:
      return Cut();
    case FaultKind::kExpiredToken:
      return refuse(AuthFailure(service, AuthProblem::kExpiredToken, working.request, working.now));
    case FaultKind::kRegionClosed:
      return refuse(AuthFailure(service, AuthProblem::kClosedRegion, working.request, working.now));
    case FaultKind::kAccessDenied:
      return refuse(DeniedFailure(service, *working.route.operation, working.who));
    case FaultKind::kRedirect: {
      const auto region = fault.code.empty() ? std::string("eu-central-1") : fault.code;
      auto failure = Fail(301, "PermanentRedirect",
                          "The bucket you are attempting to access must be addressed using the specified endpoint.");
      failure.more = {{"Endpoint", "s3." + region + ".amazonaws.com"}, {"Region", region}};
      auto answer = refuse(failure);
      answer.headers.emplace_back("x-amz-bucket-region", region);
      return answer;
    }
    case FaultKind::kEntityBomb:
      return sim::ServedAnswer{200, {{"Content-Type", "text/xml"}}, BombFor(service), sim::Delivery::kWhole};
    default:
      return std::nullopt;
  }
}

void SimulatorImpl::SpoilAfter(const Fault& fault, sim::ServedAnswer& answer) {
  if (fault.kind == FaultKind::kCutAfter) answer = Cut();
  if (fault.kind == FaultKind::kTruncatedBody) answer.delivery = sim::Delivery::kTruncated;
  if (fault.kind == FaultKind::kTruncatedDocument) answer.body.resize(answer.body.size() / 2);
  if (fault.kind == FaultKind::kEmptyBody) answer.body.clear();
}

sim::ServedAnswer SimulatorImpl::Act(Working& working) {
  Call call;
  call.service = working.route.service;
  call.operation = working.route.operation;
  call.body = working.request.body;
  call.now = working.now;
  call.page_limit = page_limit_;
  for (const Fault& fault : working.faults) call.repeat_token |= fault.kind == FaultKind::kRepeatToken;
  auto answer = Perform(working, call);
  if (answer.failure) working.logged.code = answer.failure->code;
  auto served = WriteAnswer(working.route, answer, working.request_id, working.now);
  if (working.request.method == "HEAD") served.body.clear();
  return served;
}

Answer SimulatorImpl::Perform(Working& working, Call& call) {
  const std::lock_guard lock(mutex_);
  call.url = url_;
  if (auto refused = Gate(working, call)) return std::move(*refused);
  auto members = ReadMembers(working.request, working.route);
  if (auto* problem = std::get_if<Failure>(&members)) return std::move(*problem);
  call.in = std::move(std::get<json::object>(members));
  return call.operation->answer(world_, call);
}

// Who calls, whether they may, and whether they call too often.
std::optional<Failure> SimulatorImpl::Gate(Working& working, Call& call) {
  const ServiceSpec& service = *call.service;
  const bool needs_no_signature = call.operation->name == "AssumeRoleWithWebIdentity";
  call.region = working.authorization ? working.authorization->region : world_.GlobalRegion();
  if (!working.authorization) {
    if (needs_no_signature) return std::nullopt;
    return AuthFailure(service, AuthProblem::kMissing, working.request, working.now);
  }
  if (const auto problem = CheckAuthorization(working.request, *working.authorization, world_, working.now)) {
    ++counters_.refused;
    return AuthFailure(service, *problem, working.request, working.now);
  }
  if (IsGlobalService(service.id) && call.region != world_.GlobalRegion()) {
    return Fail(403, service.protocol == Protocol::kJson11 ? "InvalidSignatureException" : "SignatureDoesNotMatch",
                "Credential should be scoped to a valid region.");
  }
  call.who = &working.who;
  call.account = world_.FindAccount(working.who.account);
  call.regional = &call.account->regions[call.region];
  if (call.operation->name != "GetCallerIdentity" && !Allowed(working.who, ActionName(service, *call.operation))) {
    ++counters_.refused;
    return DeniedFailure(service, *call.operation, working.who);
  }
  const auto now = Steady::now().time_since_epoch();
  if (!buckets_.Take(working.who.account, call.region, service.id, call.operation->name, now)) {
    ++counters_.throttled;
    return ThrottleFailure(service);
  }
  return std::nullopt;
}

}  // namespace sallyport::aws_sim
