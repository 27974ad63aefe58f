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
#include "intake/work.h"
#include "ledger/ledger.h"
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
  std::vector<Message> messages;        // those that were shown here
  Duration took{0};
};

// What handling needs. References outlive the handler. All of it is thread-safe.
struct HandlerParts {
  Ledger& ledger;
  const ExecutorOptions& execution;
  Clock& clock;
  Random& random;
  Logger& log;
  WorkflowSettings settings;
  BeginWork begin_work;
  // This process, as the ledger names it, and whether another one that it names may still be at work.
  std::string owner;
  StillRuns still_runs;
};

// Each function never fails: what went wrong is in its report, and in the ledger if that can still be written. Any
// number of threads may call, and any number of processes may have the same ledger.
class Handler {
 public:
  explicit Handler(HandlerParts parts) : parts_(std::move(parts)) {}

  // What the event is about, as far as order goes: events with the same key are handled one after the other. Empty: in
  // no order with others.
  std::string OrderKeyOf(const Arrival& arrival) const;

  // Something from outside. No call of it runs beyond `stop_at`.
  EventReport Handle(const Arrival& arrival, std::optional<TimePoint> stop_at = std::nullopt) const;

  // The same event again, with today's facts, through plan and gates. An error when there is nothing to replay.
  Result<EventReport> Replay(EventNumber event) const;

  // Events that a process began and left: each is brought to its end.
  std::vector<EventReport> Recover(std::optional<TimePoint> stop_at = std::nullopt) const;

  // Follow-ups that are due, at most `limit`, for this process to ask: nobody else does for some minutes. Nothing in a
  // dry run, and when the ledger cannot be read.
  std::vector<FollowUpRecord> ClaimDue(std::size_t limit) const;
  // Asks one of them and carries out the answer.
  EventReport Ask(const FollowUpRecord& record, std::optional<TimePoint> stop_at = std::nullopt) const;
  // Both, one after the other; one report for each that led to something.
  std::vector<EventReport> RunDue(std::size_t limit, std::optional<TimePoint> stop_at = std::nullopt) const;

  // A person's yes to a plan, by the first digits of its digest. The plan is made anew: what was approved is carried
  // out only if it would be decided in the same way now.
  Result<EventReport> Approve(std::string_view digest, const std::string& by) const;
  Status Reject(std::string_view digest, const std::string& by, const std::string& why) const;

 private:
  // One event or question on its way.
  struct Job {
    Work& work;
    Executor& executor;
    EventReport& report;
  };
  using Do = std::function<void(Job& job)>;
  EventReport Report(const std::string& origin, std::optional<TimePoint> stop_at, const Do& work) const;
  void HandleRecorded(const Arrival& arrival, Job& job) const;
  void Decide(const Event& event, const Workflow& workflow, Job& job) const;
  bool RecordAndExecute(Job& job) const;
  bool AskPlanned(Job& job) const;
  void Conclude(Job& job) const;
  void Finish(Job& job, EventState state, std::string reason) const;

  void Continue(const EventRecord& record, Job& job) const;
  void ContinuePlan(const PlanRecord& record, bool approved, Job& job) const;

  void AskNow(const FollowUpRecord& record, Job& job) const;
  Result<FollowUpContext> ContextOf(const FollowUpRecord& record) const;
  void AskWorkflow(const FollowUpRecord& record, Job& job) const;
  void CarryOutAnswer(const FollowUpRecord& record, Job& job) const;
  void Snooze(const FollowUpRecord& record, const std::string& why, Job& job) const;
  void EndApproval(const FollowUpRecord& record, Job& job) const;
  void OpenWindow(const FollowUpRecord& record, Job& job) const;
  std::vector<ActionChange> ChangesBy(const Answer& answer, const std::vector<ActionNumber>& waiting) const;
  void EndFollowUp(const FollowUpRecord& record, FollowUpState state, const std::string& why,
                   const std::vector<ActionChange>& changes, Job& job) const;
  void Settle(EventNumber event) const;
  void SettleCase(EventNumber case_number) const;
  void SettleAll(const std::vector<ActionNumber>& answered, const Question& question, const Job& job) const;
  void LookForEndOf(EventNumber case_number, const Matter& matter, const Job& job) const;
  Status RingSoonAfterApproval(EventNumber event) const;
  Status EndPlan(const PlanRecord& plan, PlanState state, const std::string& why) const;
  void StorageFailed(const Error& error, std::string_view doing, Job& job) const;

  HandlerParts parts_;
};

}  // namespace sallyport
