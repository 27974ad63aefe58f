// SPDX-License-Identifier: Apache-2.0
//
// Executor: the only code that changes anything outside. It asks the gates about each action of a plan and says in
// which state the action goes on; when the ledger has that on disk, it carries out those that may begin, and says what
// came of them, with the questions that will tell how they end. Recording both is the caller's business (intake), in
// one durable commit each: no action is begun before its intention is on disk.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "executor/action_table.h"
#include "executor/ledger_history.h"
#include "followup/schedule.h"
#include "gates/gates.h"
#include "ledger/journal.h"
#include "notify/message_for.h"
#include "notify/notifier.h"
#include "swp/service.h"
#include "workflow/plan.h"

namespace sallyport {

// Questions about what holds an action up. They are the executor's own: nothing outside has to be asked. The actions
// are those that wait for the follow-up.
inline constexpr std::string_view kApprovalExpires = "approval-expires";
inline constexpr std::string_view kWindowOpens = "window-opens";
inline constexpr std::string_view kTurnComes = "turn-comes";
inline constexpr std::string_view kOthersEnd = "others-end";
// What came of an act whose answer was lost, or that somebody may have begun before he stopped. Its action is intended
// as long as that is not known.
inline constexpr std::string_view kOutcomeKnown = "outcome-known";

// What holds an action up that somebody else is about to carry out at this moment; the other words are names of gates.
inline constexpr std::string_view kInFlight = "in-flight";

struct ExecutorOptions {
  GateSettings gates;
  FollowUpSettings follow_up;
  bool dry_run = false;      // every gate is asked, nothing is called or sent
  bool force = false;        // the age of the event does not matter
  OwnerDirectory directory;  // who the owners of messages are
  ActionTable actions;       // every kind of action there is
  // So long after somebody stopped or gave up waiting, what he had sent may still arrive and be carried out: only then
  // is it asked for anew. At least the deadline of a request and the time that the other side may take for it.
  Duration may_arrive = std::chrono::seconds(60);
};

struct ActionOutcome {
  ActionNumber number;  // 0: the ledger does not have it yet
  ActionState state = ActionState::kPlanned;
  std::string reason;
  std::string held_by;   // the gate that stands in its way; empty: none does
  bool recorded = true;  // false: the ledger does not hold this outcome
  std::vector<GateVerdict> gates;
  // Of a dry run, or a sample finding: the call it would make, or the message it would send.
  std::string would_do;
};

// A plan on its way.
struct PlanInHand {
  EventNumber event;
  CaseNumber case_number;
  const Plan& plan;
  bool approved = false;      // a person said yes to this very plan
  std::string_view digest{};  // as the ledger has it; empty: it does not have the plan yet
  // Of the delivery that is being handled (Event::answer_token); nullptr or empty: there is none, as after a crash.
  const Secret* answer_token = nullptr;
  // How many hosts the event's plans would write to, all actions together; 0: each action counts alone.
  int hosts_of_event = 0;
};

// One action on its way.
struct Step {
  PlannedAction planned;  // with its hosts as they are now
  ActionOutcome outcome;
  // When it was intended before, without an outcome: it may have been carried out then.
  std::optional<TimePoint> intended_at;
  // Since when that is so: it is not asked for anew before may_arrive has passed.
  std::optional<TimePoint> unknown_since;
  bool is_asked = false;     // the question that ends this is open
  int asked = 0;             // so often
  bool looks_first = false;  // what came of another event's act is looked for before it is carried out
  // It was held (approval, window, wave) and goes on now: what was read about its hosts may be old.
  bool goes_on = false;
  bool is_new_state = false;  // the ledger has to be told
  bool begins = false;        // to be carried out once the ledger has it as intended
  bool acted = false;         // it was: the outcome is that of the act, and is to be recorded
  // What may be recorded with it, and what must still hold then.
  std::vector<NewFollowUp> follow_ups;
  std::vector<Claim> claims;
};

// What the executor needs. References outlive it, and so do its options. One executor belongs to one piece of work.
struct ExecutorParts {
  Journal& journal;
  swp::Reads& reads;
  swp::Writes& writes;
  Notifier& notifier;
  Clock& clock;
  Random& random;
  Logger& log;
  // What the clock would show if nobody had set it. Nothing: not known.
  const SteadyTime* steady = nullptr;
};

class Executor {
 public:
  Executor(ExecutorParts parts, const ExecutorOptions& options);

  // How an action of the plan goes on, by its place. `record`: what the ledger has of it; nullptr: nothing yet. Nothing
  // is recorded or done. An action that has an outcome keeps it (Step::is_new_state is false). What was about to be
  // carried out when somebody stopped is looked for first: at once when the caller knows that nobody is at it any more
  // (`recovers`) or asks the question that ends it, else when that was so long ago that nobody can be. It is asked for
  // anew, through the gates, when it cannot arrive any more and was not found.
  Step Prepare(const PlanInHand& plan, std::size_t at, const ActionRecord* record, bool recovers);

  // For a step that begins although an earlier step of the same event does the same: it is looked at again when that
  // one has its outcome.
  void HoldBehindEarlier(const PlanInHand& plan, Step& step);

  // Carries out the steps that begin, in their order, several at a time where their kind allows it
  // (ActionRow::side_by_side). Their outcomes and follow-ups are then those of the act.
  void CarryOut(const PlanInHand& plan, std::vector<Step>& steps);
  // The same steps when their intention could not be written down: nothing is carried out.
  void NotIntended(const Error& error, std::vector<Step>& steps);

  // A question of a case with its times, ready for the ledger.
  NewFollowUp AskLater(const Question& question, CaseNumber case_number) const;

 private:
  Step PrepareOne(const PlanInHand& plan, Step step, const ActionRecord* record);
  Result<std::optional<FollowUpRecord>> FindDoubt(EventNumber event, const std::string& key) const;
  bool LookForOutcome(const PlanInHand& plan, Step& step);
  bool IsOvertaken(const PlanInHand& plan, Step& step, const std::string& what) const;
  void TakeOver(Step& step, const std::optional<ActionRecord>& earlier) const;
  void StaysUnknown(const PlanInHand& plan, Step& step, const std::string& why) const;
  NewFollowUp AskForOutcome(const PlanInHand& plan, const Step& step, TimePoint due) const;
  void PassGates(const PlanInHand& plan, Step& step, const ActionRecord* record);
  TimePoint LatestTime(const ActionRecord* record) const;
  GateFacts FactsFor(const PlanInHand& plan, const Step& step, const ActionRecord* record) const;
  void HoldUp(const PlanInHand& plan, Step& step);
  void HoldInFlight(const PlanInHand& plan, Step& step, Duration wait, const std::string& who);
  bool HoldBehindOthers(const PlanInHand& plan, Step& step, const std::optional<ActionRecord>& other);
  static void Hold(Step& step, std::string_view held_by, NewFollowUp until);
  bool JoinsRunning(const PlanInHand& plan, Step& step);
  bool IsApproved(const PlanInHand& plan, const Step& step) const;
  // How long behind its try a request may still reach whom it was sent to.
  Duration MayArrive(const Action& action) const;
  Duration LongestAct() const;
  bool IsFresh(const ActionRecord& record) const;
  bool IsAtWork(const ActionRecord& record) const;
  int SideBySide(const std::vector<Step>& steps) const;
  void CarryOutOne(const PlanInHand& plan, Step& step);
  void TakeDone(const PlanInHand& plan, Done done, Step& step) const;
  ActorTask TaskOf(const PlanInHand& plan, const Step& step) const;
  bool LacksToken(const PlanInHand& plan, const Step& step) const;

  ExecutorParts parts_;
  const ExecutorOptions& options_;
  LedgerHistory history_;
  Actors actors_;
};

// What the ledger is told of a step: as an action of a new plan, and as a change of one that it has.
NewAction NewActionOf(const Step& step, double severity);
ActionChange ChangeOf(const Step& step);

// How a plan stands whose actions stand so: it waits for a person, it is done with, or (nothing) it goes on.
struct PlanStanding {
  PlanState state = PlanState::kExecuted;
  std::optional<TimePoint> expires_at;
};
std::optional<PlanStanding> StandingOf(const std::vector<Step>& steps, TimePoint approval_expires);

// The key of the follow-up that ends the wait for an approval.
std::string ApprovalKey(EventNumber event, std::string_view plan_digest);

// When the turn of an action comes that is held for it (gate `stagger`): it has waited since it was held. Nothing: it
// is not held for that. `after`: of the planned action.
std::optional<TimePoint> TurnOf(const ActionRecord& record, Duration after);

// A person has to say yes before it goes on.
bool IsHeldForPerson(ActionState state, std::string_view held_by);

}  // namespace sallyport
