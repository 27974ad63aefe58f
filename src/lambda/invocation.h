// SPDX-License-Identifier: Apache-2.0
//
// One invocation from its event to its answer. What handles a single event is given; when to stop, what to report and
// what to ask for again is decided here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/time.h"
#include "event/parse.h"
#include "lambda/delivery.h"
#include "lambda/runtime_api.h"

namespace sallyport::lambda {

// What became of one event, as far as its sender is concerned.
struct Handled {
  bool deliver_again = false;
  std::string state;                   // a word of the event's states
  std::string reason;                  // says why
  std::optional<std::int64_t> number;  // the ledger's; nothing: not recorded
};

// The way into the program. All are called from one thread, `prepare` first. They may throw: that is a bug, and becomes
// a failure of the event or of the invocation.
struct Work {
  // Opens what is not open yet. `stop_at` is when the work on this invocation must have ended; nothing: not known. On
  // an error no event of the invocation is handled.
  std::function<Status(std::optional<TimePoint> stop_at)> prepare;
  std::function<Handled(const Arrival& arrival)> handle;
  // What may be done in the time that is left. Not called when the deadline is not known.
  std::function<void(TimePoint until)> idle_work;
  Intake intake{};
  // The last thing of each invocation that was handled, whatever came of it; may be empty. Does not throw.
  std::function<void()> conclude{};
};

// The answer to one invocation.
struct InvocationResult {
  std::string body;                    // when there is no error
  std::optional<FunctionError> error;  // have it delivered again
  std::size_t handled = 0;             // events
  std::size_t again = 0;               // events that are asked for again, handled or not
};

// Begins no event at or after `stop_at`, and asks for the rest again.
InvocationResult HandleInvocation(std::string_view event, const Work& work, const Clock& clock,
                                  std::optional<TimePoint> stop_at, Logger& log);

}  // namespace sallyport::lambda
