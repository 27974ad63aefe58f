// SPDX-License-Identifier: Apache-2.0
//
// The spine: one arrival from the left to the ledger. Read handle.cc first.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "event/parse.h"
#include "executor/executor.h"
#include "ledger/ledger.h"
#include "swp/service.h"
#include "workflow/plan.h"
#include "workflow/workflow.h"

namespace sallyport {

// All that is known about one arrival when its handling has ended.
struct EventReport {
  std::string origin;
  std::string sqs_message_id;
  std::optional<EventNumber> number;  // nothing: the ledger could not take it
  EventState state = EventState::kFailed;
  std::string reason;
  std::optional<Event> event;  // nothing: unreadable
  std::optional<Plan> plan;
  std::vector<ActionOutcome> outcomes;  // one for each action of the plan
  bool ledger_failed = false;           // something of this report is not in the ledger
  int swp_calls = 0;                    // HTTP requests to SWP, retries included
  Duration took{0};
};

// What handling needs. References outlive the handler.
struct HandlerParts {
  Ledger& ledger;
  swp::Reads& swp;
  Executor& executor;
  const Clock& clock;
  Logger& log;
  WorkflowSettings settings;
  // The number of HTTP requests sent to SWP so far.
  std::function<int()> count_swp_calls;
};

class Handler {
 public:
  explicit Handler(HandlerParts parts) : parts_(std::move(parts)) {}
  // Never fails: what went wrong is in the report, and in the ledger if that can still be written.
  EventReport Handle(const Arrival& arrival);

 private:
  void HandleRecorded(const Arrival& arrival, EventReport& report);
  void Decide(const Event& event, const Workflow& workflow, EventReport& report);
  void Conclude(EventReport& report);
  void Finish(EventReport& report, EventState state, std::string reason);

  HandlerParts parts_;
};

}  // namespace sallyport
