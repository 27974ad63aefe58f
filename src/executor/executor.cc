// SPDX-License-Identifier: Apache-2.0
//
// The way of an action: gates, intention, act, outcome. What each kind of action does is in act.cc.
#include "executor/executor.h"

#include <algorithm>

#include "base/check.h"

namespace sallyport {
namespace {

// Longer than a request with all its tries takes: an intention that is older has no process behind it.
constexpr Duration kLongestAct = std::chrono::minutes(5);
// While another process asks for the same scan.
constexpr Duration kPauseForOthers = std::chrono::milliseconds(500);
constexpr int kMostLooks = 120;

Result<std::optional<EarlierAction>> AsEarlier(const Result<std::optional<ActionRecord>>& found) {
  if (!found.ok()) return found.error();
  if (!found->has_value()) return std::optional<EarlierAction>{};
  const ActionRecord& record = **found;
  // An intention without an outcome: we stopped in the middle, or the outcome could not be found out. The plan was made
  // after SWP was asked for tasks of ours and it holds none for this scan, so the request never arrived; and a message
  // told twice beats one never told.
  if (record.state == ActionState::kIntended) return std::optional<EarlierAction>{};
  return std::optional(EarlierAction{record.changed_at, record.action.severity, std::string(ToString(record.state))});
}

bool IsFinished(ActionState state) {
  return state != ActionState::kPlanned && state != ActionState::kIntended;
}

bool IsHeldUpBy(std::string_view gate, ActionState state, std::string_view held_by) {
  return state == ActionState::kHeld && held_by == gate;
}

// How much of its wait for its turn an action has before it; nothing: it has not begun to wait.
std::optional<Duration> TurnIn(const ActionRecord& record, Duration after, TimePoint now) {
  if (!IsHeldUpBy("stagger", record.state, record.held_by)) return std::nullopt;
  return std::max(Duration{0}, after - std::chrono::duration_cast<Duration>(now - record.changed_at));
}

// The follow-up that asks once, at that time, about a plan or an action.
NewFollowUp AskAt(TimePoint time, std::string_view question, std::string_view about, std::int64_t number,
                  EventNumber case_number) {
  const std::string id = std::to_string(number);
  const bool is_plan = about == "plan";
  std::string data = R"({")";
  data += about;
  data += R"(":)" + id + "}";
  return {case_number,
          std::string(question) + "/" + id,
          std::string(question),
          (is_plan ? "plan " : "action ") + id,
          std::move(data),
          time,
          time,
          {}};
}

// Whether an action that waits is to be tried now: the plan was approved, a window may have opened, or its turn has
// come. Others wait for the end of what they began.
bool MayPassNow(const ActionRecord& record, bool approved, Duration after, TimePoint now) {
  return (approved && IsHeldUpBy("approval", record.state, record.held_by)) ||
         IsHeldUpBy("maintenance-window", record.state, record.held_by) || TurnIn(record, after, now) == Duration{0};
}

// What it means when a gate does not let an action pass and it does not wait.
ActionState StateBy(std::string_view gate) {
  if (gate == "once" || gate == "cool-down") return ActionState::kSkipped;
  // Nothing but a rehearsal was ever meant.
  if (gate == "mode" || gate == "sample") return ActionState::kWould;
  return ActionState::kRefused;
}

bool AnyHeldUpBy(std::string_view gate, const std::vector<ActionOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const ActionOutcome& outcome) { return IsHeldUpBy(gate, outcome.state, outcome.held_by); });
}

}  // namespace

std::vector<ActionOutcome> Executor::Execute(const RecordedPlan& recorded, const std::vector<ActionNumber>& numbers) {
  const Plan& plan = recorded.plan;
  Check(numbers.size() == plan.actions.size(), "a ledger number for every action");
  std::vector<ActionOutcome> outcomes;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    outcomes.push_back(ExecuteOne({recorded, plan.actions[i], std::nullopt}, numbers[i]));
  }
  RecordPlanState(recorded, outcomes);
  return outcomes;
}

std::vector<ActionOutcome> Executor::Resume(const RecordedPlan& recorded, const std::vector<ActionRecord>& actions) {
  const Plan& plan = recorded.plan;
  Check(actions.size() == plan.actions.size(), "a ledger record for every action");
  std::vector<ActionOutcome> outcomes;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    const ActionRecord& record = actions[i];
    const bool tried = MayPassNow(record, recorded.approved, plan.actions[i].after, parts_.clock.Now());
    if (IsFinished(record.state) && !tried) {
      outcomes.push_back({record.number, record.state, record.reason, true, {}, "", record.held_by});
      continue;
    }
    std::optional<TimePoint> intended_at;
    if (record.state == ActionState::kIntended) intended_at = record.changed_at;
    outcomes.push_back(ExecuteOne({recorded, plan.actions[i], intended_at}, record.number));
  }
  RecordPlanState(recorded, outcomes);
  return outcomes;
}

NewFollowUp Executor::AskLater(const Question& question, EventNumber case_number) const {
  const Schedule& schedule = ScheduleOf(NameOf(question), options_.follow_up);
  const TimePoint now = parts_.clock.Now();
  return {case_number,
          KeyOf(question, case_number.value),
          std::string(NameOf(question)),
          SubjectOf(question),
          QuestionToJson(question),
          FirstAsk(schedule, now, parts_.random.Uniform()),
          now + schedule.give_up,
          {}};
}

GateFacts Executor::FactsFor(const Step& step, ActionNumber number) const {
  const PlannedAction& planned = step.planned;
  const Host& host = HostOf(planned.action);
  GateFacts facts;
  facts.kind = KindOf(planned.action);
  facts.writes = Writes(planned.action);
  facts.account = host.account;
  facts.tags = host.tags;
  facts.sample = step.recorded.plan.sample;
  facts.event_time = step.recorded.plan.event_time;
  facts.severity = step.recorded.plan.severity;
  facts.now = parts_.clock.Now();
  facts.force = options_.force;
  facts.hosts = planned.hosts;
  facts.approved = step.recorded.approved;
  facts.turn_in = planned.after;
  if (planned.after > Duration{0}) {
    const auto record = parts_.ledger.GetAction(number);
    if (record.ok()) facts.turn_in = TurnIn(*record, planned.after, facts.now).value_or(planned.after);
  }
  facts.kill_switch = ReadKillSwitch(options_.gates.kill_switch_file);
  facts.same_decision = AsEarlier(parts_.ledger.FindCarriedOut(planned.key, number));
  // Only scans have a cool-down: rules and tasks of ours differ each time.
  if (facts.writes && std::holds_alternative<RequestScan>(planned.action)) {
    facts.within_cool_down =
        AsEarlier(parts_.ledger.FindRecent(KindOf(planned.action), WhatOf(planned.action), SubjectOf(planned.action),
                                           facts.now - options_.gates.cool_down, number));
  }
  return facts;
}

ActionOutcome Executor::ExecuteOne(const Step& step, ActionNumber number) {
  // Two processes must not ask for the same scan at once; what was begun before is ours already.
  const auto* scan = std::get_if<RequestScan>(&step.planned.action);
  const bool takes_turns = scan != nullptr && !scan->joins && !step.intended_at && !options_.dry_run;
  for (int look = 1;; ++look) {
    const TimePoint since = parts_.clock.Now() - std::max(options_.gates.cool_down, kLongestAct);
    // Read before the gates are asked, so that what changes while they are asked is noticed.
    const auto recent = takes_turns ? RecentScan(step, number, since) : std::optional<ActionRecord>();
    ActionOutcome outcome;
    outcome.number = number;
    const GateFacts facts = FactsFor(step, number);
    outcome.gates = AskGates(options_.gates, facts);
    // A sample's message is really sent, marked as one; only what it would write is shown instead of done.
    if (options_.dry_run || (facts.sample && facts.writes)) outcome.would_do = WouldDo(step);
    // What was begun is brought to its end: a gate that closed in between does not make it undone.
    if (!AllPassed(outcome.gates) && !step.intended_at) return HeldUp(step, std::move(outcome));
    if (options_.dry_run) {
      outcome.state = ActionState::kWould;
      outcome.reason = "every gate passed; a dry run calls nothing";
      return Record(std::move(outcome), {});
    }
    if (!takes_turns) return CarryOut(step, std::move(outcome));
    const Turn turn = TakeTurn(recent, since, look, outcome);
    if (turn == Turn::kOurs) return ActOut(step, std::move(outcome));
    if (turn == Turn::kNever) return outcome;
    parts_.clock.SleepFor(kPauseForOthers);
  }
}

Result<std::optional<ActionRecord>> Executor::RecentScan(const Step& step, ActionNumber number, TimePoint since) const {
  const Action& action = step.planned.action;
  return parts_.ledger.FindRecent(KindOf(action), WhatOf(action), SubjectOf(action), since, number);
}

// Somebody else meant to ask for this scan a moment ago, and his event has not ended: the outcome is about to come.
bool Executor::IsAtWork(const ActionRecord& record) const {
  if (record.state != ActionState::kIntended) return false;
  const Duration age = parts_.clock.Now() - record.changed_at;
  if (age < -kLongestAct || age > kLongestAct) return false;
  const auto event = parts_.ledger.GetEvent(record.event);
  return event.ok() && (event->state == EventState::kPlanned || event->state == EventState::kWaiting);
}

Executor::Turn Executor::TakeTurn(const Result<std::optional<ActionRecord>>& recent, TimePoint since, int look,
                                  ActionOutcome& outcome) {
  if (!recent.ok()) {
    NotIntended(recent.error(), outcome);
    return Turn::kNever;
  }
  const bool others = recent->has_value() && IsAtWork(**recent);
  if (!others) {
    const auto ours = parts_.ledger.IntendUnlessOvertaken(outcome.number, "about to be carried out", since, *recent);
    if (!ours.ok()) NotIntended(ours.error(), outcome);
    if (!ours.ok()) return Turn::kNever;
    if (*ours) return Turn::kOurs;
  }
  if (look < kMostLooks) return Turn::kLookAgain;
  outcome.state = ActionState::kFailed;
  outcome.reason = "not requested: another process is about to request the same scan and does not come to an end";
  outcome = Record(std::move(outcome), {});
  return Turn::kNever;
}

// A gate did not let it pass: refused, skipped, or it waits for an approval, a window, its turn, or the end of the scan
// that runs already.
ActionOutcome Executor::HeldUp(const Step& step, ActionOutcome outcome) {
  const GateVerdict& verdict = outcome.gates.back();
  outcome.reason = std::string(verdict.gate) + ": " + verdict.reason;
  outcome.state = StateBy(verdict.gate);
  if (options_.dry_run) {
    if (verdict.wait_for != WaitFor::kNothing) outcome.state = ActionState::kWould;
    return Record(std::move(outcome), {});
  }
  std::vector<NewFollowUp> follow_ups;
  const TimePoint now = parts_.clock.Now();
  if (verdict.wait_for != WaitFor::kNothing) {
    outcome.state = ActionState::kHeld;
    outcome.held_by = verdict.gate;
  }
  if (verdict.wait_for == WaitFor::kApproval) {
    const auto plan = parts_.ledger.FindPlanOf(step.recorded.event);
    if (!plan.ok()) {
      NotIntended(plan.error(), outcome);
      return outcome;
    }
    Check(plan->has_value(), "an event that is carried out has a plan");
    follow_ups.push_back(AskAt(now + options_.gates.approval_expires, kApprovalExpires, "plan", (*plan)->number.value,
                               step.recorded.case_number));
  } else if (verdict.wait_for == WaitFor::kWindow) {
    follow_ups.push_back(AskAt(NextOpening(options_.gates.windows, now).value_or(now), kWindowOpens, "action",
                               outcome.number.value, step.recorded.case_number));
  } else if (verdict.wait_for == WaitFor::kTurn) {
    follow_ups.push_back(
        AskAt(now + step.planned.after, kTurnComes, "action", outcome.number.value, step.recorded.case_number));
  } else if (verdict.gate == "cool-down") {
    JoinsRunningScan(step, outcome, follow_ups);
  }
  return Record(std::move(outcome), follow_ups);
}

// The scan was asked for a moment ago and has not ended: this case waits for the same end (edge case G16).
bool Executor::JoinsRunningScan(const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups) {
  const auto* scan = std::get_if<RequestScan>(&step.planned.action);
  if (scan == nullptr) return false;
  const Matter matter = MatterOf(step.recorded.plan);
  const Question question{ScanFinished{scan->kind, scan->computer, std::nullopt, {}, scan->host}, matter};
  const auto open = parts_.ledger.FindOpenFollowUp(KeyOf(question, step.recorded.case_number.value));
  if (!open.ok() || !open->has_value()) return false;
  // With the same key it joins the one that is open, whatever it says itself.
  follow_ups.push_back((*open)->follow_up);
  follow_ups.back().waiting.clear();
  follow_ups.push_back(AskLater({CaseEnded{}, matter}, step.recorded.case_number));
  outcome.state = ActionState::kWaiting;
  outcome.reason = "joins the scan that case " + std::to_string((*open)->follow_up.case_number.value) +
                   " asked for: it has not ended yet";
  return true;
}

ActionOutcome Executor::CarryOut(const Step& step, ActionOutcome outcome) {
  const Status intended = parts_.ledger.SetActionState(outcome.number, ActionState::kIntended,
                                                       step.intended_at ? "taken up again" : "about to be carried out");
  if (intended.ok()) return ActOut(step, std::move(outcome));
  NotIntended(intended.error(), outcome);
  return outcome;
}

// INVARIANT: durable before the act. Without its intention on disk a crash could repeat the act or lose it.
void Executor::NotIntended(const Error& error, ActionOutcome& outcome) {
  outcome.state = ActionState::kFailed;
  outcome.recorded = false;
  outcome.reason = "not carried out, because the ledger could not be written: " + error.message;
  parts_.log.Failure("action not carried out", error, {{"action", outcome.number.value}});
}

ActionOutcome Executor::ActOut(const Step& step, ActionOutcome outcome) {
  std::vector<NewFollowUp> follow_ups;
  std::visit([&](const auto& action) { Act(action, step, outcome, follow_ups); }, step.planned.action);
  return Record(std::move(outcome), follow_ups);
}

ActionOutcome Executor::Record(ActionOutcome outcome, const std::vector<NewFollowUp>& follow_ups) {
  const Status recorded = outcome.state == ActionState::kHeld
                              ? parts_.ledger.HoldAction(outcome.number, outcome.held_by, outcome.reason, follow_ups)
                              : parts_.ledger.SetActionState(outcome.number, outcome.state, outcome.reason, follow_ups);
  if (!recorded.ok()) {
    parts_.log.Failure("outcome not recorded", recorded.error(),
                       {{"action", outcome.number.value}, {"state", ToString(outcome.state)}});
    outcome.recorded = false;
    outcome.reason += "; the ledger could not record it: " + recorded.error().message;
  }
  return outcome;
}

void Executor::RecordPlanState(const RecordedPlan& recorded, const std::vector<ActionOutcome>& outcomes) {
  Status set = Ok();
  if (AnyHeldUpBy("approval", outcomes)) {
    set = parts_.ledger.SetPlanState(recorded.event, PlanState::kAwaitingApproval, "",
                                     parts_.clock.Now() + options_.gates.approval_expires);
  } else if (!AnyHeldUpBy("maintenance-window", outcomes) && !AnyHeldUpBy("stagger", outcomes)) {
    set = parts_.ledger.SetPlanState(recorded.event, PlanState::kExecuted, "", std::nullopt);
  }
  // Where the plan stood there already (taken up again after a crash), nothing is to be recorded. Beyond that nothing
  // but lists depends on it.
  if (set.ok() || set.error().code == ErrorCode::kInvalidInput) return;
  parts_.log.Failure("state of plan not recorded", set.error(), {{"event", recorded.event.value}});
}

}  // namespace sallyport
