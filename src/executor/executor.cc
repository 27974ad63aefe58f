// SPDX-License-Identifier: Apache-2.0
//
// The way of an action: gates, intention, act, outcome. What each kind of action does is in actions/.
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

bool IsHeldUpBy(std::string_view gate, ActionState state, std::string_view reason) {
  return state == ActionState::kWaiting && reason.starts_with(std::string(gate) + ": ");
}

// How much of its wait for its turn an action has before it; nothing: it has not begun to wait.
std::optional<Duration> TurnIn(const ActionRecord& record, Duration after, TimePoint now) {
  if (!IsHeldUpBy("stagger", record.state, record.reason)) return std::nullopt;
  return std::max(Duration{0}, after - std::chrono::duration_cast<Duration>(now - record.changed_at));
}

// The follow-up that asks once, at that time, about a plan (its event's number) or an action.
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
          (is_plan ? "plan of event " : "action ") + id,
          std::move(data),
          time,
          time,
          {}};
}

// Whether an action that waits is to be tried now: the plan was approved, a window may have opened, or its turn has
// come. Others wait for the end of what they began.
bool MayPassNow(const ActionRecord& record, bool approved, Duration after, TimePoint now) {
  return (approved && IsHeldForPerson(record.state, record.reason)) ||
         IsHeldUpBy("maintenance-window", record.state, record.reason) || TurnIn(record, after, now) == Duration{0};
}

bool AnyHeldForPerson(const std::vector<ActionOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [](const ActionOutcome& outcome) { return IsHeldForPerson(outcome.state, outcome.reason); });
}

bool AnyHeldUpBy(std::string_view gate, const std::vector<ActionOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const ActionOutcome& outcome) { return IsHeldUpBy(gate, outcome.state, outcome.reason); });
}

}  // namespace

bool IsHeldForPerson(ActionState state, std::string_view reason) {
  return IsHeldUpBy("approval", state, reason) || IsHeldUpBy("targets", state, reason);
}

Executor::Executor(ExecutorParts parts, ExecutorOptions options, const ActionTable& table)
    : parts_(parts),
      options_(std::move(options)),
      actors_(table, {parts_.reads, parts_.writes, parts_.notifier, parts_.clock, parts_.log, options_.directory}) {}

std::vector<ActionOutcome> Executor::Execute(const RecordedPlan& recorded, const std::vector<ActionNumber>& numbers) {
  const Plan& plan = recorded.plan;
  Check(numbers.size() == plan.actions.size(), "a ledger number for every action");
  std::vector<ActionOutcome> outcomes;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    outcomes.push_back(ExecuteOne({recorded, plan.actions[i], std::nullopt, false}, numbers[i]));
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
      outcomes.push_back({record.number, record.state, record.reason, true, {}, ""});
      continue;
    }
    std::optional<TimePoint> intended_at;
    if (record.state == ActionState::kIntended) intended_at = record.changed_at;
    outcomes.push_back(ExecuteOne({recorded, plan.actions[i], intended_at, tried}, record.number));
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

// A yes holds for what was approved: as long as the hosts that it touches are about the same.
bool Executor::IsApproved(const Step& step) const {
  if (!step.recorded.approved) return false;
  const auto& planned = step.recorded.plan.actions;
  const auto approved =
      std::find_if(planned.begin(), planned.end(), [&](const auto& p) { return p.key == step.planned.key; });
  return approved != planned.end() && IsStillApproved(*approved, step.planned);
}

GateFacts Executor::FactsFor(const Step& step, ActionNumber number) const {
  const PlannedAction& planned = step.planned;
  const Action& action = planned.action;
  GateFacts facts;
  facts.kind = KindOf(action);
  facts.writes = Writes(action);
  facts.account = WritesOf(action).account;
  facts.targets = TargetsOf(action);
  facts.sample = step.recorded.plan.sample;
  facts.event_time = step.recorded.plan.event_time;
  facts.severity = step.recorded.plan.severity;
  facts.now = parts_.clock.Now();
  facts.force = options_.force;
  facts.hosts = HostsTouched(planned);
  facts.approved = IsApproved(step);
  facts.turn_in = planned.after;
  if (planned.after > Duration{0}) {
    const auto record = parts_.ledger.GetAction(number);
    if (record.ok()) facts.turn_in = TurnIn(*record, planned.after, facts.now).value_or(planned.after);
  }
  facts.kill_switch = ReadKillSwitch(options_.gates.kill_switch_file);
  facts.same_decision = AsEarlier(parts_.ledger.FindCarriedOut(planned.key, number));
  if (facts.writes && IsExclusive(action)) {
    facts.within_cool_down = AsEarlier(parts_.ledger.FindRecent(KindOf(action), WhatOf(action), SubjectOf(action),
                                                                facts.now - options_.gates.cool_down, number));
  }
  return facts;
}

ActionOutcome Executor::ExecuteOne(const Step& step, ActionNumber number) {
  ActionOutcome outcome;
  outcome.number = number;
  if (step.intended_at) {
    // What was begun is brought to its end: a gate that closed in between does not make it undone.
    if (auto done = actors_.For(step.planned.action).FindOut(TaskOf(step))) {
      return RecordDone(step, *std::move(done), std::move(outcome));
    }
  }
  const auto now = actors_.For(step.planned.action).WithHostsOfNow(TaskOf(step));
  if (!now.ok()) {
    outcome.state = ActionState::kFailed;
    outcome.reason = "not carried out: " + now.error().ToText();
    return Record(std::move(outcome), {});
  }
  PlannedAction renewed = step.planned;
  renewed.action = *now;
  return PassGates({step.recorded, renewed, step.intended_at, step.goes_on}, number);
}

ActionOutcome Executor::PassGates(const Step& step, ActionNumber number) {
  // Two processes must not begin the same at once.
  const bool takes_turns = IsExclusive(step.planned.action) && !options_.dry_run;
  for (int look = 1;; ++look) {
    const TimePoint since = parts_.clock.Now() - std::max(options_.gates.cool_down, kLongestAct);
    // Read before the gates are asked, so that what changes while they are asked is noticed.
    const auto recent = takes_turns ? Recent(step, number, since) : std::optional<ActionRecord>();
    ActionOutcome outcome;
    outcome.number = number;
    const GateFacts facts = FactsFor(step, number);
    outcome.gates = AskGates(options_.gates, facts);
    // A sample's message is really sent, marked as one; only what it would write is shown instead of done.
    if (options_.dry_run || (facts.sample && facts.writes)) {
      outcome.would_do = actors_.For(step.planned.action).WouldDo(TaskOf(step));
    }
    if (!AllPassed(outcome.gates)) return HeldUp(step, std::move(outcome));
    if (options_.dry_run) {
      outcome.state = ActionState::kDryRun;
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

Result<std::optional<ActionRecord>> Executor::Recent(const Step& step, ActionNumber number, TimePoint since) const {
  const Action& action = step.planned.action;
  return parts_.ledger.FindRecent(KindOf(action), WhatOf(action), SubjectOf(action), since, number);
}

// Somebody else meant to begin the same a moment ago, and his event has not ended: the outcome is about to come.
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
  outcome.reason = "not carried out: another process is about to do the same and does not come to an end";
  outcome = Record(std::move(outcome), {});
  return Turn::kNever;
}

// A gate did not let it pass: refused, or it waits for an approval, a window, its turn, or the end of the scan that
// runs already.
ActionOutcome Executor::HeldUp(const Step& step, ActionOutcome outcome) {
  const GateVerdict& verdict = outcome.gates.back();
  outcome.reason = std::string(verdict.gate) + ": " + verdict.reason;
  outcome.state = ActionState::kRefused;
  // A sample finding is not refused: nothing but a rehearsal was ever meant.
  if (verdict.gate == "sample" || (options_.dry_run && verdict.wait_for != WaitFor::kNothing)) {
    outcome.state = ActionState::kDryRun;
    return Record(std::move(outcome), {});
  }
  if (options_.dry_run) return Record(std::move(outcome), {});
  std::vector<NewFollowUp> follow_ups;
  const TimePoint now = parts_.clock.Now();
  const bool needs_person = verdict.wait_for == WaitFor::kApproval || verdict.wait_for == WaitFor::kPerson;
  // Somebody said yes already: to fewer hosts, or to hosts that had to be moved apart and were not.
  const bool asks_person = needs_person && !step.recorded.approved;
  if (needs_person && !asks_person) outcome.reason += "; what was approved is not what it would do now";
  if (asks_person) {
    outcome.state = ActionState::kWaiting;
    follow_ups.push_back(AskAt(now + options_.gates.approval_expires, kApprovalExpires, "plan",
                               step.recorded.event.value, step.recorded.case_number));
  } else if (verdict.wait_for == WaitFor::kWindow) {
    outcome.state = ActionState::kWaiting;
    follow_ups.push_back(AskAt(NextOpening(options_.gates.windows, now).value_or(now), kWindowOpens, "action",
                               outcome.number.value, step.recorded.case_number));
  } else if (verdict.wait_for == WaitFor::kTurn) {
    outcome.state = ActionState::kWaiting;
    follow_ups.push_back(
        AskAt(now + step.planned.after, kTurnComes, "action", outcome.number.value, step.recorded.case_number));
  } else if (verdict.gate == "cool-down") {
    JoinsRunning(step, outcome, follow_ups);
  }
  return Record(std::move(outcome), follow_ups);
}

// The same was begun a moment ago and has not ended: this case waits for the same end (edge case G16).
bool Executor::JoinsRunning(const Step& step, ActionOutcome& outcome, std::vector<NewFollowUp>& follow_ups) {
  const auto question = actors_.For(step.planned.action).AsksForEnd(TaskOf(step));
  if (!question) return false;
  const Matter matter = MatterOf(step.recorded.plan);
  const auto open = parts_.ledger.FindOpenFollowUp(KeyOf(*question, step.recorded.case_number.value));
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
  return RecordDone(step, actors_.For(step.planned.action).Act(TaskOf(step)), std::move(outcome));
}

ActionOutcome Executor::RecordDone(const Step& step, Done done, ActionOutcome outcome) {
  outcome.state = done.state;
  outcome.reason = std::move(done.reason);
  std::vector<NewFollowUp> follow_ups;
  for (const Question& question : done.ask) follow_ups.push_back(AskLater(question, step.recorded.case_number));
  // Whoever waits for an end waits for the end of the case too.
  if (!done.ask.empty()) {
    follow_ups.push_back(AskLater({CaseEnded{}, MatterOf(step.recorded.plan)}, step.recorded.case_number));
  }
  return Record(std::move(outcome), follow_ups);
}

ActionOutcome Executor::Record(ActionOutcome outcome, const std::vector<NewFollowUp>& follow_ups) {
  const Status recorded = parts_.ledger.SetActionState(outcome.number, outcome.state, outcome.reason, follow_ups);
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
  if (AnyHeldForPerson(outcomes)) {
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
