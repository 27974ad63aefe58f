// SPDX-License-Identifier: Apache-2.0
//
// The spine: one arrival from the left to the ledger. Read handle.cc first.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "event/parse.h"
#include "executor/executor.h"
#include "followup/schedule.h"
#include "ledger/ledger.h"
#include "reach/reads.h"
#include "swp/service.h"
#include "workflow/follow_up.h"
#include "workflow/plan.h"
#include "workflow/workflow.h"

namespace sallyport {

// All that is known about one arrival when its handling has ended.
struct EventReport {
  std::string origin;
  std::string sqs_message_id;
  std::optional<EventNumber> number;  // nothing: the ledger could not take it, or nothing had to be recorded
  std::optional<EventNumber> case_number;
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
  Random& random;
  Logger& log;
  WorkflowSettings settings;
  FollowUpSettings follow_up;
  // The number of HTTP requests sent to SWP so far.
  std::function<int()> count_swp_calls;
  // This process, as the ledger names it, and whether another one that it names may still be at work.
  std::string owner;
  StillRuns still_runs;
  // Who can reach a bucket; nullptr: AWS is not asked here.
  reach::Reads* reach = nullptr;
};

// Each function never fails: what went wrong is in its report, and in the ledger if that can still be written.
class Handler {
 public:
  explicit Handler(HandlerParts parts) : parts_(std::move(parts)) {}

  // Something from outside.
  EventReport Handle(const Arrival& arrival);

  // The same event again, with today's facts, through plan and gates. An error when there is nothing to replay.
  Result<EventReport> Replay(EventNumber event);

  // Events that a process began and left: each is brought to its end.
  std::vector<EventReport> Recover();

  // Follow-ups that are due, asked and answered; one report for each that led to something. At most `limit` are asked.
  std::vector<EventReport> RunDue(std::size_t limit);

  // A person's yes to a plan, by the first digits of its digest. The plan is made anew: what was approved is carried
  // out only if it would be decided in the same way now.
  Result<EventReport> Approve(std::string_view digest, const std::string& by);
  Status Reject(std::string_view digest, const std::string& by, const std::string& why);

 private:
  using Work = std::function<void(EventReport& report)>;
  EventReport Report(const std::string& origin, const Work& work);
  void HandleRecorded(const Arrival& arrival, EventReport& report);
  void Decide(const Event& event, const Workflow& workflow, EventReport& report);
  bool RecordAndExecute(EventReport& report);
  bool AskPlanned(EventReport& report);
  void Conclude(EventReport& report);
  void Finish(EventReport& report, EventState state, std::string reason);

  void Continue(const EventRecord& record, EventReport& report);
  Status RecordMissingActions(const PlanRecord& record, const Plan& plan);
  void ContinuePlan(const PlanRecord& record, bool approved, EventReport& report);

  void Ask(const FollowUpRecord& record, EventReport& report);
  Result<FollowUpContext> ContextOf(const FollowUpRecord& record);
  void AskWorkflow(const FollowUpRecord& record, EventReport& report);
  void CarryOutAnswer(const FollowUpRecord& record, EventReport& report);
  void Snooze(const FollowUpRecord& record, const std::string& why, EventReport& report);
  void EndApproval(const FollowUpRecord& record, EventReport& report);
  void OpenWindow(const FollowUpRecord& record, EventReport& report);
  std::vector<ActionChange> ChangesBy(const Answer& answer, const std::vector<ActionNumber>& waiting);
  void EndFollowUp(const FollowUpRecord& record, FollowUpState state, const std::string& why,
                   const std::vector<ActionChange>& changes, EventReport& report);
  void Settle(EventNumber event);
  void SettleCase(EventNumber case_number);
  void SettleAll(const std::vector<ActionNumber>& answered, const Question& question);
  void LookForEndOf(EventNumber case_number, const Matter& matter);
  Status RingSoonAfterApproval(PlanNumber plan);
  Status EndPlan(const PlanRecord& plan, PlanState state, const std::string& why);
  void StorageFailed(const Error& error, std::string_view doing, EventReport& report);

  HandlerParts parts_;
};

}  // namespace sallyport
