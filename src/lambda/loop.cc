// SPDX-License-Identifier: Apache-2.0
#include "lambda/loop.h"

#include <exception>
#include <utility>

#include "base/text.h"

namespace sallyport::lambda {
namespace {

bool MustEnd(const Error& error) {
  return error.code != ErrorCode::kInvalidInput && error.code != ErrorCode::kForbidden;
}

FunctionError Internal(std::string_view what) {
  return {"Sallyport.Internal", "internal error: " + Printable(what, 1000)};
}

InvocationResult Failure(FunctionError error) {
  InvocationResult result;
  result.error = std::move(error);
  return result;
}

class Loop {
 public:
  explicit Loop(const LoopParts& parts) : parts_(parts) {}

  Error Run() {
    int refused = 0;
    while (true) {
      const auto next = parts_.api.Next();
      Status answered = next.ok() ? Serve(*next) : Status(next.error());
      refused = next.ok() ? 0 : refused + 1;
      const bool must_end = !answered.ok() && (MustEnd(answered.error()) || refused >= kRefusedPolls);
      // With the request's id, which the context has.
      if (!answered.ok() && !must_end) parts_.log.Failure("refused by the Lambda runtime API", answered.error());
      parts_.context.Clear();
      if (must_end) return answered.error();
    }
  }

 private:
  // An error: of telling the API, not of the event.
  Status Serve(const Invocation& invocation) {
    parts_.context.Set(invocation.request_id, invocation.trace_id);
    if (parts_.set_trace) parts_.set_trace(invocation.trace_id);
    const auto began = parts_.clock.Monotonic();
    const InvocationResult result = Handle(invocation);
    Report(result, std::chrono::duration_cast<Duration>(parts_.clock.Monotonic() - began));
    if (result.error) return parts_.api.Fail(invocation.request_id, *result.error);
    Status sent = parts_.api.Respond(invocation.request_id, result.body);
    if (sent.ok() || sent.error().code != ErrorCode::kTooLarge) return sent;
    parts_.log.Failure("response not sent", sent.error());
    const Status told = parts_.api.Fail(invocation.request_id, {"Sallyport.ResponseTooLarge", sent.error().message});
    // After its own 413 Lambda may have counted the invocation as answered: one line about it is enough.
    const bool was_answered = !told.ok() && told.error().code == ErrorCode::kForbidden;
    return was_answered ? Ok() : told;
  }

  InvocationResult Handle(const Invocation& invocation) {
    if (!invocation.event.ok()) return Failure({"Sallyport.EventTooLarge", invocation.event.error().ToText()});
    std::optional<TimePoint> stop_at = invocation.deadline;
    if (stop_at) *stop_at -= parts_.deadline_margin;
    if (!stop_at) parts_.log.Warning("invocation without a deadline that can be read");
    try {
      return HandleInvocation(*invocation.event, parts_.work, parts_.clock, stop_at, parts_.log);
    } catch (const std::exception& thrown) {
      return Failure(Internal(thrown.what()));
    } catch (...) {
      return Failure(Internal("unknown exception"));
    }
  }

  void Report(const InvocationResult& result, Duration took) {
    if (result.error) {
      parts_.log.Failure("invocation failed", Error{ErrorCode::kInternal, result.error->message, ""},
                         {{"type", result.error->type}});
    }
    parts_.log.Info("invocation handled",
                    {{"events", result.handled}, {"again", result.again}, {"milliseconds", took.count()}});
  }

  const LoopParts& parts_;
};

}  // namespace

Error RunLoop(const LoopParts& parts) {
  return Loop(parts).Run();
}

}  // namespace sallyport::lambda
