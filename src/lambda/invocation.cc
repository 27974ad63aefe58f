// SPDX-License-Identifier: Apache-2.0
#include "lambda/invocation.h"

#include <exception>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "lambda/delivery.h"

namespace sallyport::lambda {
namespace {

constexpr std::size_t kShownEvents = 100;   // in the answer to a direct invocation
constexpr std::size_t kShownReason = 1000;  // bytes
constexpr const char* kUnhandled = "not-handled";

class Handling {
 public:
  Handling(const Work& work, const Clock& clock, std::optional<TimePoint> stop_at, Logger& log)
      : work_(work), clock_(clock), stop_at_(stop_at), log_(log) {}

  InvocationResult Run(const Delivery& delivery) {
    BatchFailures failures(delivery.groups);
    for (const Arrival& arrival : delivery.arrivals) {
      const Handled handled = failures.MustWait(arrival.sqs_message_id) ? Waits() : HandleInTime(arrival);
      Count(arrival, handled, failures);
    }
    result_.body = delivery.kind == DeliveryKind::kSqs ? failures.ToJson() : Events();
    if (first_error_) result_.error = std::move(first_error_);
    return std::move(result_);
  }

 private:
  static Handled Waits() {
    return {true, kUnhandled, "an earlier message of its group is delivered again first", std::nullopt};
  }

  Handled HandleInTime(const Arrival& arrival) {
    if (stop_at_ && clock_.Now() >= *stop_at_) {
      error_type_ = "Sallyport.Deadline";
      return {true, kUnhandled,
              "not begun: the time limit of the function is too near (raise it, or lower lambda.deadline_margin)",
              std::nullopt};
    }
    ++result_.handled;
    Handled handled = HandleSafely(arrival);
    // Not read because of what else is in the batch; another batch may have room for it.
    const bool no_room = !arrival.event.ok() && arrival.event.error().code == ErrorCode::kTooLarge;
    handled.deliver_again = handled.deliver_again || no_room;
    return handled;
  }

  Handled HandleSafely(const Arrival& arrival) {
    error_type_ = "Sallyport.NotHandled";
    std::string what = "unknown exception";
    try {
      return work_.handle(arrival);
    } catch (const std::exception& thrown) {
      what = thrown.what();
    } catch (...) {  // NOLINT(bugprone-empty-catch): reported below
    }
    error_type_ = "Sallyport.Internal";
    const Error error{ErrorCode::kInternal, "internal error: " + Printable(what, kShownReason), ""};
    log_.Failure("event not handled", error, {{"origin", arrival.origin}});
    return {true, kUnhandled, error.message, std::nullopt};
  }

  // A message without an id cannot be named in the list: then only an error brings it back, with all others.
  void Count(const Arrival& arrival, const Handled& handled, BatchFailures& failures) {
    if (shown_.size() < kShownEvents) shown_.push_back(handled);
    ++events_;
    if (!handled.deliver_again) return;
    ++result_.again;
    log_.Warning("asked for again", {{"origin", arrival.origin}, {"state", handled.state}, {"reason", handled.reason}});
    if (!arrival.sqs_message_id.empty()) return failures.Add(arrival.sqs_message_id);
    if (!first_error_) first_error_ = FunctionError{error_type_, arrival.origin + ": " + handled.reason};
  }

  std::string Events() const {
    JsonWriter out;
    out.BeginObject().Member("count", static_cast<std::int64_t>(events_)).Key("events").BeginArray();
    for (const Handled& event : shown_) {
      out.BeginObject();
      if (event.number) out.Member("number", *event.number);
      out.Member("state", event.state).Member("reason", Printable(event.reason, kShownReason)).EndObject();
    }
    out.EndArray().EndObject();
    return out.Take();
  }

  const Work& work_;
  const Clock& clock_;
  const std::optional<TimePoint> stop_at_;
  Logger& log_;
  InvocationResult result_;
  std::vector<Handled> shown_;
  std::size_t events_ = 0;
  std::string error_type_ = "Sallyport.NotHandled";  // of the event that was handled last
  std::optional<FunctionError> first_error_;
};

// The events have their answers by now: what goes wrong here must not have them delivered again.
void UseTimeLeft(const Work& work, const Clock& clock, std::optional<TimePoint> stop_at, Logger& log) {
  if (!work.idle_work || !stop_at || clock.Now() >= *stop_at) return;
  std::string what = "unknown exception";
  try {
    return work.idle_work(*stop_at);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): reported below
  }
  log.Failure("work in the time left ended early", Error{ErrorCode::kInternal, "internal error: " + what, ""});
}

}  // namespace

InvocationResult HandleInvocation(std::string_view event, const Work& work, const Clock& clock,
                                  std::optional<TimePoint> stop_at, Logger& log) {
  InvocationResult result;
  if (const Status ready = work.prepare(stop_at); !ready.ok()) {
    result.error = FunctionError{"Sallyport.NotReady", "nothing was handled: " + ready.error().ToText()};
    return result;
  }
  const Delivery delivery = ReadDelivery(event, work.intake);
  if (delivery.kind != DeliveryKind::kTimer) result = Handling(work, clock, stop_at, log).Run(delivery);
  if (delivery.kind == DeliveryKind::kTimer) result.body = R"({"timer":true})";
  UseTimeLeft(work, clock, stop_at, log);
  if (work.conclude) work.conclude();
  return result;
}

}  // namespace sallyport::lambda
