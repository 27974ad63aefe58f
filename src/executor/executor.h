// SPDX-License-Identifier: Apache-2.0
//
// Executor: the only code that changes anything outside. It takes a plan whose actions are in the ledger, asks the
// gates about each, writes down that it is about to act, acts, and writes down what came of it, together with the
// question that will tell how it ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "followup/schedule.h"
#include "gates/gates.h"
#include "ledger/ledger.h"
#include "notify/message_for.h"
#include "notify/notifier.h"
#include "swp/service.h"
#include "workflow/plan.h"

namespace sallyport {

// Questions about what a gate holds up. They are the executor's own: nothing outside has to be asked.
inline constexpr std::string_view kApprovalExpires = "approval-expires";  // {"plan": number}
inline constexpr std::string_view kWindowOpens = "window-opens";          // {"action": number}
inline constexpr std::string_view kTurnComes = "turn-comes";              // {"action": number}

struct ExecutorOptions {
  GateSettings gates;
  FollowUpSettings follow_up;
  bool dry_run = false;      // every gate is asked, nothing is called or sent
  bool force = false;        // the age of the event does not matter
  OwnerDirectory directory;  // who the owners of messages are
};

struct ActionOutcome {
  ActionNumber number;
  ActionState state = ActionState::kPlanned;
  std::string reason;
  bool recorded = true;  // false: the ledger does not hold this outcome
  std::vector<GateVerdict> gates;
  // Of a dry run: the call it would make, or the message it would send.
  std::string would_do;
  std::string held_by = {};  // of kHeld: the gate
};

// A plan as the ledger knows it.
struct RecordedPlan {
  EventNumber event;
  EventNumber case_number;
  const Plan& plan;
  bool approved = false;  // a person said yes to this very plan
};

// What the executor needs. References outlive it.
struct ExecutorParts {
  Ledger& ledger;
  swp::Reads& reads;
  swp::Writes& writes;
  Notifier& notifier;
  Clock& clock;
  Random& random;
  Logger& log;
};

class Executor {
 public:
  Executor(ExecutorParts parts, ExecutorOptions options) : parts_(parts), options_(std::move(options)) {}

  // Carries out the plan's actions in order; `numbers` are the ledger's, one for each. One outcome for each action. An
  // action whose intention could not be written down is not carried out: kFailed.
  std::vector<ActionOutcome> Execute(const RecordedPlan& recorded, const std::vector<ActionNumber>& numbers);

  // Goes on with actions that were recorded and not finished: after a crash, an approval or when a window opens. Those
  // that have an outcome keep it. What was about to be carried out when we stopped is looked for in SWP first.
  std::vector<ActionOutcome> Resume(const RecordedPlan& recorded, const std::vector<ActionRecord>& actions);

  // A question of a case with its times, ready for the ledger.
  NewFollowUp AskLater(const Question& question, EventNumber case_number) const;

  bool dry_run() const { return options_.dry_run; }
  bool force() const { return options_.force; }

 private:
  // One action on its way.
  struct Step {
    const RecordedPlan& recorded;
    const PlannedAction& planned;
    // When it was intended before, without an outcome: it may have been carried out then.
    std::optional<TimePoint> intended_at;
  };

  ActionOutcome ExecuteOne(const Step& step, ActionNumber number);
  GateFacts FactsFor(const Step& step, ActionNumber number) const;
  ActionOutcome HeldUp(const Step& step, ActionOutcome outcome);
  bool JoinsRunningScan(const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups);
  // Whether the scan may be asked for now; fills `outcome` when not. `look` counts the calls for one action.
  enum class Turn { kOurs, kLookAgain, kNever };
  Result<std::optional<ActionRecord>> RecentScan(const Step& step, ActionNumber number, TimePoint since) const;
  Turn TakeTurn(const Result<std::optional<ActionRecord>>& recent, TimePoint since, int look, ActionOutcome& outcome);
  bool IsAtWork(const ActionRecord& record) const;
  ActionOutcome CarryOut(const Step& step, ActionOutcome outcome);
  ActionOutcome ActOut(const Step& step, ActionOutcome outcome);
  void NotIntended(const Error& error, ActionOutcome& outcome);
  void Act(const RequestScan& scan, const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups);
  void Act(const AssignRules& assign, const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups);
  void Act(const DeleteTask& task, const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups);
  void Act(const NotifyOwner& message, const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups);
  Result<std::optional<swp::AcceptedScan>> FindIntendedScan(const RequestScan& scan, const Step& step);
  void AwaitScan(const RequestScan& scan, std::optional<ScheduledTaskId> task, TimePoint since, const Step& step,
                 std::vector<NewFollowUp>& follow_ups) const;
  Message ToSend(const NotifyOwner& content, const RecordedPlan& recorded) const;
  std::string WouldDo(const Step& step) const;
  ActionOutcome Record(ActionOutcome outcome, const std::vector<NewFollowUp>& follow_ups);
  void RecordPlanState(const RecordedPlan& recorded, const std::vector<ActionOutcome>& outcomes);

  ExecutorParts parts_;
  ExecutorOptions options_;
};

}  // namespace sallyport
