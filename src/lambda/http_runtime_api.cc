// SPDX-License-Identifier: Apache-2.0
#include "lambda/http_runtime_api.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"

namespace sallyport::lambda {
namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime/";
constexpr std::string_view kInvocationIdHeader = "Lambda-Runtime-Invocation-Id";
constexpr std::size_t kRequestIdBytes = 128;  // it is a UUID
constexpr std::size_t kTraceIdBytes = 1024;

// It becomes a part of a path and of log lines.
bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::optional<TimePoint> ReadDeadline(std::string_view text) {
  std::int64_t milliseconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || milliseconds <= 0) return std::nullopt;
  // 15 minutes is Lambda's longest; what cannot be added to without overflow is no time.
  if (milliseconds > std::numeric_limits<std::int64_t>::max() / 2'000'000) return std::nullopt;
  return FromEpochMilliseconds(milliseconds);
}

ErrorCode CodeFor(int status) {
  if (status == 403) return ErrorCode::kForbidden;
  if (status == 413) return ErrorCode::kTooLarge;
  return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalidInput;
}

Status Accepted(const HttpResponse& response, const std::string& what) {
  if (response.status >= 200 && response.status < 300) return Ok();
  return Error{CodeFor(response.status),
               "the Lambda runtime API answered " + what + " with " + std::to_string(response.status) + ": " +
                   Printable(response.body, 300),
               ""};
}

std::string ErrorBody(const FunctionError& error) {
  JsonWriter out;
  out.BeginObject()
      .Member("errorMessage", Printable(error.message, kErrorMessageBytes))
      .Member("errorType", error.type)
      .Key("stackTrace")
      .BeginArray()
      .EndArray()
      .EndObject();
  return out.Take();
}

}  // namespace

HttpRuntimeApi::HttpRuntimeApi(std::string address) : connection_(std::move(address), bounds::kEventBytes) {}

Result<Invocation> HttpRuntimeApi::Next() {
  auto answer = connection_.Exchange("GET", std::string(kBase) + "invocation/next", {}, "");
  if (!answer.ok()) return answer.error().In("asking for the next invocation");
  HttpResponse& response = answer->response;
  if (Status accepted = Accepted(response, "the question for the next invocation"); !accepted.ok()) {
    return accepted.error();
  }
  const std::string invocation_id(response.Header(kInvocationIdHeader));
  invocation_id_ = IsRequestId(invocation_id) ? invocation_id : "";
  Invocation next;
  next.request_id = response.Header("Lambda-Runtime-Aws-Request-Id");
  if (!IsRequestId(next.request_id)) {
    return Error{ErrorCode::kBadAnswer,
                 "the Lambda runtime API handed over an invocation with request id `" + Printable(next.request_id, 60) +
                     "`, which cannot be answered",
                 ""};
  }
  next.deadline = ReadDeadline(response.Header("Lambda-Runtime-Deadline-Ms"));
  next.function_arn = Printable(response.Header("Lambda-Runtime-Invoked-Function-Arn"), 300);
  next.trace_id = Printable(response.Header("Lambda-Runtime-Trace-Id"), kTraceIdBytes);
  next.event = std::move(response.body);
  if (answer->body_too_large) {
    next.event = Error{ErrorCode::kTooLarge,
                       "the event is over the bound of " + std::to_string(bounds::kEventBytes) + " bytes", ""};
  }
  return next;
}

Status HttpRuntimeApi::Post(const std::string& path, std::string_view body, const FunctionError* error,
                            const std::string& what) {
  std::vector<HttpHeader> headers = {{"Content-Type", "application/json"}};
  if (!invocation_id_.empty()) headers.push_back({std::string(kInvocationIdHeader), invocation_id_});
  if (error != nullptr) headers.push_back({"Lambda-Runtime-Function-Error-Type", error->type});
  const auto answer = connection_.Exchange("POST", std::string(kBase) + path, headers, body);
  if (!answer.ok()) return answer.error().In("sending " + what);
  return Accepted(answer->response, what);
}

Status HttpRuntimeApi::Respond(const std::string& request_id, std::string_view body) {
  // The API may cut the connection rather than read so much; its 413 would then not be seen.
  if (body.size() > kResponseBytes) {
    return Error{
        ErrorCode::kTooLarge,
        "the response has " + std::to_string(body.size()) + " bytes, over Lambda's " + std::to_string(kResponseBytes),
        ""};
  }
  Status sent = Post("invocation/" + request_id + "/response", body, nullptr, "the response");
  if (sent.ok() || sent.error().code != ErrorCode::kTooLarge) return sent;
  return Error{ErrorCode::kTooLarge,
               "the Lambda runtime API refused the response of " + std::to_string(body.size()) +
                   " bytes as too large; its limit is " + std::to_string(kResponseBytes) + " bytes",
               ""};
}

Status HttpRuntimeApi::Fail(const std::string& request_id, const FunctionError& error) {
  return Post("invocation/" + request_id + "/error", ErrorBody(error), &error, "the invocation error");
}

Status HttpRuntimeApi::InitError(const FunctionError& error) {
  return Post("init/error", ErrorBody(error), &error, "the start-up error");
}

}  // namespace sallyport::lambda
