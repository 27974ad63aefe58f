// SPDX-License-Identifier: Apache-2.0
//
// The HTTP half of fault_seams.h. Nothing of the network is waited for: a call takes a moment of simulated time, or its
// whole deadline.
#include <ctime>
#include <deque>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "tests/fault_seams.h"

namespace sallyport {
namespace {

constexpr Duration kMomentOfACall{100};
constexpr Duration kOrdinaryDeadline = std::chrono::seconds(30);
constexpr int kCallsUntilLate = 2;
constexpr const char* kAwsVerdicts = "StarlingDoveService.PutEvaluations";
constexpr const char* kAwsSamples = "AWSWAF_20190729.GetSampledRequests";

std::string_view HeaderOf(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& header : request.headers) {
    if (EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return "";
}

// Of a signed request: key, region and service. The same question to two accounts or regions is not the same request.
std::string WhoAsksWhere(const HttpRequest& request) {
  for (const auto& [name, value] : request.secret_headers) {
    const std::string& text = value.RevealForRequest();
    const auto at = text.find("Credential=");
    if (EqualsIgnoreCase(name, "Authorization") && at != std::string::npos) {
      return Sha256Hex(text.substr(at, text.find(',', at) - at));
    }
  }
  return "";
}

std::string_view PathAndQuery(std::string_view url) {
  const auto host = url.find("://");
  const auto path = url.find('/', host == std::string_view::npos ? 0 : host + 3);
  return path == std::string_view::npos ? "/" : url.substr(path);
}

std::string_view Between(std::string_view text, std::string_view begin, std::string_view ends) {
  const auto at = text.find(begin);
  if (at == std::string_view::npos) return "";
  text.remove_prefix(at + begin.size());
  return text.substr(0, text.find_first_of(ends));
}

// How AWS says no depends on the protocol of the service.
enum class AwsForm { kJson, kEc2, kQuery, kRest };

struct AwsCall {
  AwsForm form = AwsForm::kRest;
  std::string service;
  std::string region;
  std::string action;
};

// The credential scope is in the Authorization header, which is a secret: the service is told by its form instead.
AwsCall AwsCallOf(const HttpRequest& request) {
  AwsCall call;
  const std::string_view target = HeaderOf(request, "X-Amz-Target");
  const std::string_view action = Between(request.body, "Action=", "&");
  if (!target.empty()) {
    call.form = AwsForm::kJson;
    call.action = target;
  } else if (!action.empty()) {
    const std::string_view version = Between(request.body, "Version=", "&");
    call.form = version == "2016-11-15" ? AwsForm::kEc2 : AwsForm::kQuery;
    call.action = std::string(action) + " " + std::string(version);
  } else {
    call.action = request.method + " " + std::string(PathAndQuery(request.url));
  }
  return call;
}

Operation OperationOf(FaultSeam seam, const HttpRequest& request) {
  const std::string_view where = PathAndQuery(request.url);
  const std::string path = request.method + " " + std::string(where.substr(0, where.find('?')));
  if (seam == FaultSeam::kSwp) return {seam, request.changes, path};
  if (seam == FaultSeam::kChannel) return {seam, true, path};
  // What is asked for is in the body: two calls about two things are two operations. Verdicts and samples have times in
  // them.
  const std::string action = AwsCallOf(request).action;
  if (action == kAwsVerdicts || action == kAwsSamples) return {seam, request.changes, action};
  const std::string what = Sha256Hex(std::string(where) + request.body).substr(0, 6);
  return {seam, request.changes, action + " " + what};
}

HttpResponse Answered(int status, std::string body, std::string_view type = "application/json") {
  HttpResponse answer;
  answer.status = status;
  answer.headers = {{"Content-Type", std::string(type)}};
  answer.body = std::move(body);
  return answer;
}

HttpResponse AwsSays(const HttpRequest& request, int status, std::string_view code) {
  const std::string word(code);
  switch (AwsCallOf(request).form) {
    case AwsForm::kJson:
      return Answered(status < 500 ? 400 : status, R"({"__type":")" + word + R"(","message":"by the fault matrix"})",
                      "application/x-amz-json-1.1");
    case AwsForm::kEc2:
      return Answered(status,
                      "<Response><Errors><Error><Code>" + word +
                          "</Code><Message>by the fault matrix</Message></Error></Errors><RequestID>r</RequestID>"
                          "</Response>",
                      "text/xml");
    case AwsForm::kQuery:
      return Answered(status,
                      "<ErrorResponse><Error><Type>Sender</Type><Code>" + word +
                          "</Code><Message>by the fault matrix</Message></Error><RequestId>r</RequestId>"
                          "</ErrorResponse>",
                      "text/xml");
    case AwsForm::kRest:
      break;
  }
  return Answered(status, "<Error><Code>" + word + "</Code><Message>by the fault matrix</Message></Error>",
                  "application/xml");
}

// The word for "there is no such thing", in the service's own.
std::string_view AwsWordForGone(const HttpRequest& request) {
  switch (AwsCallOf(request).form) {
    case AwsForm::kEc2:
      return "InvalidInstanceID.NotFound";
    case AwsForm::kQuery:
      return "NoSuchEntity";
    case AwsForm::kRest:
      return "NoSuchBucket";
    case AwsForm::kJson:
      break;
  }
  return "ResourceNotFoundException";
}

HttpResponse Says(FaultSeam seam, const HttpRequest& request, int status, std::string_view aws_code) {
  if (seam == FaultSeam::kAws) return AwsSays(request, status, aws_code);
  return Answered(status, R"({"message":"by the fault matrix"})");
}

std::string DateOf(TimePoint time) {
  const std::time_t seconds = ToEpochMilliseconds(time) / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

class FaultyHttp final : public HttpClient {
 public:
  FaultyHttp(HttpClient& inner, FaultSeam seam, FaultPlan& plan, Clock& clock)
      : inner_(inner), seam_(seam), plan_(plan), clock_(clock) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    clock_.SleepFor(kMomentOfACall);
    ActOnLate();
    const std::string same = request.method + " " + request.url + " " + WhoAsksWhere(request) + "\n" + request.body;
    const auto way = plan_.Meet(OperationOf(seam_, request), same);
    if (way) return Spoilt(*way, request, same);
    auto answer = inner_.Send(request);
    if (answer.ok()) plan_.Remember(same, *answer);
    return answer;
  }

 private:
  struct LateRequest {
    HttpRequest request;
    int calls_to_go = 0;
  };

  Result<HttpResponse> Spoilt(FaultWay way, const HttpRequest& request, const std::string& same) {
    switch (way) {
      case FaultWay::kRefused:
        return Says(seam_, request, 403, "AccessDenied");
      case FaultWay::kStranger:
        return Says(seam_, request, seam_ == FaultSeam::kAws ? 403 : 401, "ExpiredToken");
      case FaultWay::kGone:
        return Says(seam_, request, 404, AwsWordForGone(request));
      case FaultWay::kBusy:
        return Says(seam_, request, seam_ == FaultSeam::kAws ? 400 : 429, "Throttling");
      case FaultWay::kBroken:
        return Says(seam_, request, 500, "InternalFailure");
      case FaultWay::kCut:
        return Error{ErrorCode::kOutcomeUnknown, "the connection was closed without a whole answer", ""};
      case FaultWay::kCutAfter:
        (void)inner_.Send(request);
        return Error{ErrorCode::kOutcomeUnknown, "the connection was closed without a whole answer", ""};
      case FaultWay::kSlow:
        (void)inner_.Send(request);
        return NoAnswer(request);
      case FaultWay::kLate:
        Queue(request);
        return NoAnswer(request);
      case FaultWay::kNonsense:
        (void)inner_.Send(request);
        return Answered(200, "<html><head><title>Sign in</title></head><body>Sign in</body></html>\n", "text/html");
      case FaultWay::kEmpty:
        (void)inner_.Send(request);
        return Answered(200, "");
      case FaultWay::kHalf:
      case FaultWay::kStale:
        break;
    }
    auto answer = inner_.Send(request);
    if (!answer.ok()) return answer;
    if (way == FaultWay::kHalf) {
      answer->body = answer->body.substr(0, answer->body.size() / 2);
      return answer;
    }
    return Older(same, *std::move(answer));
  }

  Result<HttpResponse> NoAnswer(const HttpRequest& request) {
    const Duration deadline = request.deadline > Duration{0} ? request.deadline : kOrdinaryDeadline;
    clock_.SleepFor(deadline);
    return Error{ErrorCode::kOutcomeUnknown, "no whole answer within " + FormatDuration(deadline), ""};
  }

  void Queue(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    late_.push_back({request, kCallsUntilLate});
  }

  void ActOnLate() {
    std::deque<LateRequest> now;
    {
      const std::lock_guard lock(mutex_);
      for (LateRequest& late : late_) --late.calls_to_go;
      while (!late_.empty() && late_.front().calls_to_go <= 0) {
        now.push_back(std::move(late_.front()));
        late_.pop_front();
      }
    }
    for (const LateRequest& late : now) (void)inner_.Send(late.request);
  }

  HttpResponse Older(const std::string& same, HttpResponse answer) {
    if (auto last = plan_.LastAnswer(same)) return *std::move(last);
    for (HttpHeader& header : answer.headers) {
      if (EqualsIgnoreCase(header.name, "Date")) header.value = DateOf(clock_.Now() - std::chrono::hours(1));
    }
    return answer;
  }

  HttpClient& inner_;
  const FaultSeam seam_;
  FaultPlan& plan_;
  Clock& clock_;
  std::mutex mutex_;
  std::deque<LateRequest> late_;
};

}  // namespace

std::unique_ptr<HttpClient> WithFaults(HttpClient& inner, FaultSeam seam, FaultPlan& plan, Clock& clock) {
  return std::make_unique<FaultyHttp>(inner, seam, plan, clock);
}

}  // namespace sallyport
