// SPDX-License-Identifier: Apache-2.0
//
// The way of an action: gates, intention, act, outcome. What each kind of action does is in actions/.
#include "executor/executor.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

#include "base/bounds.h"
#include "base/ordered_pool.h"
#include "workflow/case_ended.h"

namespace sallyport {
namespace {

// No act takes less than that for granted; those with a longer deadline may take longer.
constexpr Duration kLongestAct = std::chrono::minutes(5);
// After that nobody takes up any more what somebody left in the middle whom no timer had called.
constexpr Duration kLongestTakeUp = std::chrono::minutes(15);
// A call of AWS has a deadline of its own (aws::ClientOptions), whatever SWP's is.
constexpr Duration kMayArriveAtAws = std::chrono::seconds(60);
// When to look again for what came of an act: soon, and less often the longer that is not known.
const Schedule kLookForOutcome = {std::chrono::seconds(5), 1.5, std::chrono::minutes(10), std::chrono::hours(2)};
// When to look again at what somebody else is about to do: soon, or, when he may be gone, less often.
constexpr Duration kLookAtOthersAgain = std::chrono::seconds(5);
constexpr Duration kLookAtLongOnesAgain = std::chrono::minutes(1);

Result<std::optional<EarlierAction>> AsEarlier(const Result<std::optional<ActionRecord>>& found) {
  if (!found.ok()) return found.error();
  if (!found->has_value()) return std::optional<EarlierAction>{};
  const ActionRecord& record = **found;
  // An intention without an outcome: we stopped in the middle, or the outcome could not be found out. The plan was made
  // after SWP was asked for tasks of ours and it holds none for this scan, so the request never arrived; and a message
  // told twice beats one never told. (One that is being carried out at this moment holds this one up: in-flight.)
  if (record.state == ActionState::kIntended) return std::optional<EarlierAction>{};
  return std::optional(EarlierAction{record.changed_at, record.action.severity, std::string(ToString(record.state))});
}

bool IsSettled(ActionState state) {
  return state != ActionState::kPlanned && state != ActionState::kIntended;
}

// How much of its wait for its turn an action has before it; nothing: it has not begun to wait.
std::optional<Duration> TurnIn(const ActionRecord* record, Duration after, TimePoint now) {
  const auto turn = record == nullptr ? std::nullopt : TurnOf(*record, after);
  if (!turn) return std::nullopt;
  return std::max(Duration{0}, std::chrono::duration_cast<Duration>(*turn - now));
}

// Whether an action that is held is to be tried now: it was approved, a window may have opened, others may have ended,
// or its turn has come.
bool MayPassNow(const ActionRecord& record, bool approved, Duration after, TimePoint now) {
  if (record.state != ActionState::kHeld) return false;
  if (IsHeldForPerson(record.state, record.held_by)) return approved;
  const auto turn = TurnIn(&record, after, now);
  return !turn || *turn == Duration{0};
}

// The follow-up that asks once, at that time, about the actions that wait for it.
NewFollowUp AskAt(TimePoint time, std::string_view question, std::string key, std::string subject,
                  CaseNumber case_number) {
  return {case_number, std::move(key), std::string(question), std::move(subject), "{}", time, time, {}};
}

// One timer for each action and sort of wait: the ledger has no number for the action yet.
std::string KeyOfWait(EventNumber event, const std::string& key, std::string_view question) {
  return std::string(question) + "/" + std::to_string(event.value) + "/" + key;
}
std::string KeyOfWait(const PlanInHand& plan, const Step& step, std::string_view question) {
  return KeyOfWait(plan.event, step.planned.key, question);
}

// Since when an outcome is not known, as its question was told.
std::optional<TimePoint> SinceOf(const FollowUpRecord& doubt) {
  const auto json = Json::Parse(doubt.follow_up.json, bounds::kAnswerBytes);
  return json.ok() ? ParseTime((*json)["since"].StringOr("")) : std::nullopt;
}

// The gates whose no means that it was done already.
bool SaysDoneAlready(std::string_view gate) {
  return gate == "once" || gate == "cool-down";
}

constexpr std::size_t kDigitsToType = 12;

// ". Approve within 1d: sallyport plans approve 31142049d331"
std::string HowToApprove(WaitFor wait_for, std::string_view digest, Duration expires) {
  const std::string first = wait_for == WaitFor::kPerson ? ". Give them another SWP policy, then approve" : ". Approve";
  return first + " within " + FormatDuration(expires) + ": sallyport plans approve " +
         std::string(digest.substr(0, kDigitsToType));
}

// The gates whose no means that nothing was ever meant to be written.
bool SaysWould(std::string_view gate) {
  return gate == "sample" || gate == "mode";
}

}  // namespace

std::string ApprovalKey(EventNumber event, std::string_view plan_digest) {
  return std::string(kApprovalExpires) + "/" + std::to_string(event.value) + "/" +
         std::string(plan_digest.substr(0, 16));
}

bool IsHeldForPerson(ActionState state, std::string_view held_by) {
  return state == ActionState::kHeld && (held_by == "approval" || held_by == "targets");
}

std::optional<TimePoint> TurnOf(const ActionRecord& record, Duration after) {
  if (record.state != ActionState::kHeld || record.held_by != "stagger") return std::nullopt;
  return record.changed_at + after;
}

Executor::Executor(ExecutorParts parts, const ExecutorOptions& options)
    : parts_(parts),
      options_(options),
      history_(parts_.journal),
      actors_(options.actions,
              {parts_.reads, parts_.writes, parts_.notifier, parts_.clock, parts_.log, options.directory, &history_}) {}

ActorTask Executor::TaskOf(const PlanInHand& plan, const Step& step) const {
  return {step.planned,     plan.plan,    plan.case_number,
          step.intended_at, step.goes_on, plan.answer_token == nullptr ? Secret() : *plan.answer_token};
}

// What can only be done with the token of a delivery is not begun without one. The ledger keeps no token.
bool Executor::LacksToken(const PlanInHand& plan, const Step& step) const {
  return actors_.NeedsAnswerToken(step.planned.action) && (plan.answer_token == nullptr || plan.answer_token->empty());
}

Step Executor::Prepare(const PlanInHand& plan, std::size_t at, const ActionRecord* record, bool recovers) {
  Step step;
  step.planned = plan.plan.actions.at(at);
  if (record == nullptr) return PrepareOne(plan, std::move(step), nullptr);
  step.outcome.number = record->number;
  step.goes_on = MayPassNow(*record, plan.approved, step.planned.after, parts_.clock.Now());
  const auto stands_as_it_is = [&] {
    step.outcome.state = record->state;
    step.outcome.reason = record->reason;
    step.outcome.held_by = record->held_by;
    return step;
  };
  if (IsSettled(record->state) && !step.goes_on) return stands_as_it_is();
  if (record->state != ActionState::kIntended) return PrepareOne(plan, std::move(step), record);
  const auto doubt = FindDoubt(plan.event, step.planned.key);
  const bool is_asked = !doubt.ok() || doubt->has_value();
  // Somebody is about to carry it out, and will say what came of it; or its question will.
  if (!recovers && (IsFresh(*record) || is_asked)) return stands_as_it_is();
  step.intended_at = record->changed_at;
  // So long ago that whoever had it has given up.
  if (!recovers) step.unknown_since = record->changed_at;
  if (doubt.ok() && doubt->has_value()) {
    step.intended_at = SinceOf(**doubt).value_or(record->changed_at);
    step.unknown_since = record->changed_at;
    step.is_asked = true;
    step.asked = (*doubt)->attempts;
  }
  return PrepareOne(plan, std::move(step), record);
}

Result<std::optional<FollowUpRecord>> Executor::FindDoubt(EventNumber event, const std::string& key) const {
  return parts_.journal.FindOpenFollowUp(KeyOfWait(event, key, kOutcomeKnown));
}

Step Executor::PrepareOne(const PlanInHand& plan, Step step, const ActionRecord* record) {
  step.is_new_state = true;
  // Nobody else goes on with it in between.
  if (record != nullptr) step.claims.emplace_back(ActionIs{record->number, record->state});
  if (step.intended_at && LookForOutcome(plan, step)) return step;
  if (step.goes_on && IsOvertaken(plan, step, "not sent")) return step;
  Actor& actor = actors_.For(step.planned.action);
  auto now = actor.WithHostsOfNow(TaskOf(plan, step));
  if (!now.ok()) {
    step.outcome.state = ActionState::kFailed;
    step.outcome.reason = "not carried out: " + now.error().ToText();
    return step;
  }
  step.planned.action = *std::move(now);
  PassGates(plan, step, record);
  return step;
}

// Looks for what came of an act that may have been carried out. True: it is known, or is still not known and its
// question goes on. False: it was not carried out and cannot arrive any more; it may be asked for anew.
bool Executor::LookForOutcome(const PlanInHand& plan, Step& step) {
  // What was begun is brought to its end: a gate that closed in between does not make it undone.
  if (auto done = actors_.For(step.planned.action).FindOut(TaskOf(plan, step))) {
    TakeDone(plan, *std::move(done), step);
    return true;
  }
  if (IsOvertaken(plan, step, "outcome unknown, and not sent again")) return true;
  // What changes nothing outside can be begun again at any time.
  if (WritesOf(step.planned.action).system == WritesTo::System::kNothing) return false;
  // Whoever had it may have sent it right before he stopped, and that was before now.
  const TimePoint now = parts_.clock.Now();
  const Duration age = now - step.unknown_since.value_or(now);
  // A clock that went back says nothing about how long it was.
  const Duration may_arrive = MayArrive(step.planned.action);
  if (age < -may_arrive || age >= may_arrive) return false;
  StaysUnknown(plan, step, "the request may still be on its way; it is sent again only when it can no longer arrive");
  return true;
}

// A message that may have been sent, or that had to wait, and whose case told the same people more about the same thing
// since: it would be old news behind the new.
bool Executor::IsOvertaken(const PlanInHand& plan, Step& step, const std::string& what) const {
  const Action& action = step.planned.action;
  if (WritesOf(action).system != WritesTo::System::kPeople) return false;
  const auto actions = parts_.journal.ActionsOfCase(plan.case_number);
  // What cannot be read may be so: told twice beats never told.
  if (!actions.ok()) return false;
  for (const ActionRecord& later : *actions) {
    const bool is_later = later.number.value > step.outcome.number.value && MayHaveHappened(later.state);
    if (!is_later || later.action.kind != KindOf(action) || later.action.subject != SubjectOf(action)) continue;
    step.outcome.state = ActionState::kSkipped;
    step.outcome.reason = what + ": action " + std::to_string(later.number.value) +
                          " is a newer message of this case about the same host";
    return true;
  }
  return false;
}

// The same decision was begun for another event, which has ended without knowing what came of it: looked for before it
// is carried out again.
void Executor::TakeOver(Step& step, const std::optional<ActionRecord>& earlier) const {
  if (step.intended_at || !earlier || earlier->state != ActionState::kIntended) return;
  step.intended_at = earlier->changed_at;
  step.unknown_since = earlier->changed_at;
  step.looks_first = true;
}

void Executor::StaysUnknown(const PlanInHand& plan, Step& step, const std::string& why) const {
  const TimePoint now = parts_.clock.Now();
  step.outcome.state = ActionState::kIntended;
  step.outcome.reason = "outcome unknown: " + why;
  const TimePoint since = step.unknown_since.value_or(now);
  const TimePoint arrives_until = since + MayArrive(step.planned.action);
  TimePoint due = NextAsk(kLookForOutcome, step.asked, now, now + kLookForOutcome.give_up, 0);
  if (now < arrives_until) due = std::min(due, arrives_until);
  // Its question has it already: since when it is not known must not move.
  if (step.is_asked) step.is_new_state = false;
  step.follow_ups = {AskForOutcome(plan, step, due)};
}

NewFollowUp Executor::AskForOutcome(const PlanInHand& plan, const Step& step, TimePoint due) const {
  const TimePoint now = parts_.clock.Now();
  NewFollowUp ask =
      AskAt(due, kOutcomeKnown, KeyOfWait(plan, step, kOutcomeKnown), SubjectOf(step.planned.action), plan.case_number);
  ask.json = R"({"since":")" + FormatTime(step.intended_at.value_or(now)) + R"("})";
  // Long enough for a few tries.
  ask.give_up_at = now + std::max<Duration>(kLookForOutcome.give_up, 6 * MayArrive(step.planned.action));
  return ask;
}

void Executor::PassGates(const PlanInHand& plan, Step& step, const ActionRecord* record) {
  const Action& action = step.planned.action;
  const ActionNumber number = step.outcome.number;
  const TimePoint since = parts_.clock.Now() - std::max(options_.gates.cool_down, LongestAct());
  // Read before the gates are asked, so that what changes while they are asked is noticed by the claim.
  const auto same = parts_.journal.FindCarriedOut(step.planned.key, number);
  const bool is_exclusive = IsExclusive(action) && Writes(action);
  const auto recent = is_exclusive
                          ? parts_.journal.FindRecent(KindOf(action), WhatOf(action), SubjectOf(action), since, number)
                          : Result<std::optional<ActionRecord>>(std::nullopt);
  GateFacts facts = FactsFor(plan, step, record);
  facts.same_decision = AsEarlier(same);
  facts.within_cool_down = std::optional<EarlierAction>{};
  if (is_exclusive) {
    facts.within_cool_down =
        AsEarlier(options_.gates.cool_down >= LongestAct()
                      ? recent
                      : parts_.journal.FindRecent(KindOf(action), WhatOf(action), SubjectOf(action),
                                                  facts.now - options_.gates.cool_down, number));
  }
  step.outcome.gates = AskGates(options_.gates, facts);
  // A sample's message is really sent, marked as one; only what it would write is shown instead of done.
  if (options_.dry_run || (facts.sample && facts.writes)) {
    step.outcome.would_do = actors_.For(action).WouldDo(TaskOf(plan, step));
  }
  if (!AllPassed(step.outcome.gates)) {
    HoldUp(plan, step);
    // "Skipped" would say that the same exists already, and nobody knows.
    const bool could_ask = facts.same_decision.ok() && facts.within_cool_down.ok();
    if (!could_ask && SaysDoneAlready(step.outcome.gates.back().gate)) {
      step.outcome.state = ActionState::kFailed;
      step.outcome.held_by.clear();
    }
    // The same decision waits for the end of what runs once.
    const bool joins = step.outcome.state == ActionState::kWaiting && same.ok();
    if (joins) step.claims.emplace_back(KeyIsFree{step.planned.key, number, SeenOf(*same)});
    return;
  }
  if (options_.dry_run) {
    step.outcome.state = ActionState::kWould;
    step.outcome.reason = "dry run: all gates passed, the call below was not sent";
    return;
  }
  if (LacksToken(plan, step)) {
    step.outcome.state = ActionState::kFailed;
    step.outcome.reason =
        "not carried out: it needs the token that came with the event, which is never recorded; deliver the event "
        "again";
    return;
  }
  if (same.ok() && HoldBehindOthers(plan, step, *same)) return;
  if (recent.ok() && HoldBehindOthers(plan, step, *recent)) return;
  TakeOver(step, *same);
  step.outcome.state = ActionState::kIntended;
  step.outcome.reason = step.intended_at ? "taken up again" : "about to be carried out";
  step.begins = true;
  step.claims.emplace_back(KeyIsFree{step.planned.key, number, SeenOf(*same)});
  if (is_exclusive) {
    step.claims.emplace_back(
        DeedIs{std::string(KindOf(action)), WhatOf(action), SubjectOf(action), since, SeenOf(*recent), number});
  }
}

// For findings that seem to come from the future. Their case began before whatever it led to, by a clock that may have
// been set back since; and the steady clock is set by nobody.
TimePoint Executor::LatestTime(const ActionRecord* record) const {
  TimePoint latest = parts_.steady == nullptr ? parts_.clock.Now() : parts_.steady->Now();
  if (record == nullptr) return latest;
  std::set<EventNumber> events = {record->event};
  if (const auto actions = parts_.journal.ActionsOfCase(record->case_number); actions.ok() && !actions->empty())
    events.insert(actions->front().event);
  for (const EventNumber number : events) {
    const auto event = parts_.journal.GetEvent(number);
    if (event.ok()) latest = std::max(latest, event->received_at);
  }
  return latest;
}

GateFacts Executor::FactsFor(const PlanInHand& plan, const Step& step, const ActionRecord* record) const {
  const PlannedAction& planned = step.planned;
  const Action& action = planned.action;
  const Matter& matter = plan.plan.matter;
  GateFacts facts;
  facts.kind = KindOf(action);
  facts.writes = Writes(action);
  facts.account = WritesOf(action).account;
  facts.targets = TargetsOf(action);
  facts.sample = matter.sample;
  facts.event_time = matter.time;
  facts.severity = matter.severity;
  facts.now = parts_.clock.Now();
  if (matter.time > facts.now) facts.latest = LatestTime(record);
  facts.force = options_.force;
  facts.hosts = HostsTouched(planned);
  // Many small actions are one large one when one event begins them.
  if (facts.hosts && facts.writes) facts.hosts = std::max(*facts.hosts, plan.hosts_of_event);
  facts.approved = IsApproved(plan, step);
  facts.needs_person = step.planned.needs_person;
  facts.turn_in = planned.after;
  if (planned.after > Duration{0}) facts.turn_in = TurnIn(record, planned.after, facts.now).value_or(planned.after);
  // It was about to be carried out: its turn had come.
  if (step.intended_at) facts.turn_in = Duration{0};
  facts.kill_switch = ReadKillSwitch(options_.gates.kill_switch_file);
  return facts;
}

// A yes holds for what was approved: as long as the hosts that it touches are about the same.
bool Executor::IsApproved(const PlanInHand& plan, const Step& step) const {
  if (!plan.approved) return false;
  const auto& planned = plan.plan.actions;
  const auto approved =
      std::find_if(planned.begin(), planned.end(), [&](const auto& p) { return p.key == step.planned.key; });
  return approved != planned.end() && IsStillApproved(*approved, step.planned);
}

Duration Executor::MayArrive(const Action& action) const {
  return WritesOf(action).system == WritesTo::System::kAws ? std::max(options_.may_arrive, kMayArriveAtAws)
                                                           : options_.may_arrive;
}

// Longer than a request with all its tries takes: an intention that is older has no process behind it.
Duration Executor::LongestAct() const {
  return std::max(kLongestAct, options_.may_arrive);
}

// An intention so new that whoever had it may be about to carry it out.
bool Executor::IsFresh(const ActionRecord& record) const {
  const Duration age = parts_.clock.Now() - record.changed_at;
  return age >= -LongestAct() && age <= LongestAct();
}

// Somebody else meant to carry it out, and his event has not ended: the outcome is about to come. When he is gone,
// whoever finds his event brings it to its end; one that went on by a timer is taken up by that timer.
bool Executor::IsAtWork(const ActionRecord& record) const {
  if (record.state != ActionState::kIntended) return false;
  const auto event = parts_.journal.GetEvent(record.event);
  // What cannot be read may be going on.
  if (!event.ok()) return true;
  if (event->state == EventState::kPlanned) return true;
  if (HasEnded(event->state)) return false;
  // As long as one of these is open it will find out, however long nobody was there to ask it.
  for (const std::string_view question : {kOutcomeKnown, kOthersEnd, kTurnComes, kWindowOpens}) {
    const auto open = parts_.journal.FindOpenFollowUp(KeyOfWait(record.event, record.action.key, question));
    if (!open.ok() || open->has_value()) return true;
  }
  const Duration age = parts_.clock.Now() - record.changed_at;
  return event->state == EventState::kWaiting && age >= -kLongestTakeUp && age <= kLongestTakeUp;
}

// Nobody waits here: the action is looked at again in a moment.
void Executor::HoldInFlight(const PlanInHand& plan, Step& step, Duration wait, const std::string& who) {
  const TimePoint at = parts_.clock.Now() + wait;
  step.outcome.reason = who + " is carrying out the same action now; next check " + UntilText(at, parts_.clock.Now());
  Hold(step, kInFlight,
       AskAt(at, kOthersEnd, KeyOfWait(plan, step, kOthersEnd), SubjectOf(step.planned.action), plan.case_number));
}

bool Executor::HoldBehindOthers(const PlanInHand& plan, Step& step, const std::optional<ActionRecord>& other) {
  if (!other || !IsAtWork(*other)) return false;
  HoldInFlight(plan, step, IsFresh(*other) ? kLookAtOthersAgain : kLookAtLongOnesAgain,
               "event " + std::to_string(other->event.value));
  return true;
}

void Executor::HoldBehindEarlier(const PlanInHand& plan, Step& step) {
  step.begins = false;
  step.claims.clear();
  HoldInFlight(plan, step, kLookAtOthersAgain, "another plan of the event");
}

void Executor::Hold(Step& step, std::string_view held_by, NewFollowUp until) {
  step.outcome.state = ActionState::kHeld;
  step.outcome.held_by = held_by;
  step.follow_ups.push_back(std::move(until));
}

// A gate did not let it pass: refused, done already, only planned; or it waits for a person, a window, its turn, or the
// end of what runs already.
void Executor::HoldUp(const PlanInHand& plan, Step& step) {
  const GateVerdict& verdict = step.outcome.gates.back();
  step.outcome.reason = std::string(verdict.gate) + ": " + verdict.reason;
  step.outcome.state = ActionState::kRefused;
  if (SaysDoneAlready(verdict.gate)) step.outcome.state = ActionState::kSkipped;
  if (SaysWould(verdict.gate) || (options_.dry_run && verdict.wait_for != WaitFor::kNothing)) {
    step.outcome.state = ActionState::kWould;
  }
  step.outcome.held_by = verdict.gate;
  if (options_.dry_run) return;
  const TimePoint now = parts_.clock.Now();
  const bool needs_person = verdict.wait_for == WaitFor::kApproval || verdict.wait_for == WaitFor::kPerson;
  // Somebody said yes already: to fewer hosts, or to hosts that had to be moved apart and were not.
  const bool asks_person = needs_person && !plan.approved;
  if (needs_person && !asks_person) step.outcome.reason += "; the approval does not cover what it would do now";
  if (asks_person) {
    const std::string digest = plan.digest.empty() ? PlanDigest(plan.plan) : std::string(plan.digest);
    step.outcome.reason += HowToApprove(verdict.wait_for, digest, options_.gates.approval_expires);
    // One timer for all actions of the plan.
    Hold(step, verdict.gate,
         AskAt(now + options_.gates.approval_expires, kApprovalExpires, ApprovalKey(plan.event, digest),
               "plan of event " + std::to_string(plan.event.value), plan.case_number));
  } else if (verdict.wait_for == WaitFor::kWindow) {
    Hold(step, verdict.gate,
         AskAt(NextOpening(options_.gates.windows, now).value_or(now), kWindowOpens,
               KeyOfWait(plan, step, kWindowOpens), SubjectOf(step.planned.action), plan.case_number));
  } else if (verdict.wait_for == WaitFor::kTurn) {
    Hold(step, verdict.gate,
         AskAt(now + step.planned.after, kTurnComes, KeyOfWait(plan, step, kTurnComes), SubjectOf(step.planned.action),
               plan.case_number));
  } else if (verdict.gate == "cool-down") {
    JoinsRunning(plan, step);
  }
}

// The same was begun a moment ago and has not ended: this case waits for the same end (edge case G16).
bool Executor::JoinsRunning(const PlanInHand& plan, Step& step) {
  const auto question = actors_.For(step.planned.action).AsksForEnd(TaskOf(plan, step));
  if (!question) return false;
  const auto open = parts_.journal.FindOpenFollowUp(KeyOf(*question, plan.case_number.value));
  if (!open.ok() || !open->has_value()) return false;
  // With the same key it joins the one that is open, whatever it says itself.
  step.follow_ups.push_back((*open)->follow_up);
  step.follow_ups.back().waiting.clear();
  step.follow_ups.push_back(AskLater({CaseEnded{}, plan.plan.matter}, plan.case_number));
  step.outcome.state = ActionState::kWaiting;
  step.outcome.held_by.clear();
  step.outcome.reason =
      "waiting for the scan that case " + std::to_string((*open)->follow_up.case_number.value) + " requested";
  return true;
}

void Executor::CarryOut(const PlanInHand& plan, std::vector<Step>& steps) {
  // One at a time is done right here; several have a thread each, and each touches its own step alone.
  OrderedPool<bool> pool(SideBySide(steps), {steps.size(), steps.size()}, [](bool) {});
  for (Step& step : steps) {
    if (!step.begins) continue;
    pool.Submit("", [this, &plan, &step] {
      CarryOutOne(plan, step);
      return true;
    });
  }
  pool.Finish();
}

// How many of those that begin may go out at a time.
int Executor::SideBySide(const std::vector<Step>& steps) const {
  int begin = 0;
  int most = std::numeric_limits<int>::max();
  for (const Step& step : steps) {
    if (!step.begins) continue;
    ++begin;
    most = std::min(most, actors_.SideBySide(step.planned.action));
  }
  return std::min(begin, most);
}

void Executor::CarryOutOne(const PlanInHand& plan, Step& step) {
  step.acted = true;
  if (step.looks_first && LookForOutcome(plan, step)) return;
  const TimePoint began = parts_.clock.Now();
  Done done = actors_.For(step.planned.action).Act(TaskOf(plan, step));
  step.unknown_since = std::nullopt;
  if (!step.intended_at) step.intended_at = began;
  TakeDone(plan, std::move(done), step);
}

void Executor::TakeDone(const PlanInHand& plan, Done done, Step& step) const {
  if (done.state == ActionState::kIntended) return StaysUnknown(plan, step, done.reason);
  step.outcome.state = done.state;
  step.outcome.reason = std::move(done.reason);
  step.follow_ups.clear();
  for (const Question& question : done.ask) step.follow_ups.push_back(AskLater(question, plan.case_number));
  // Whoever waits for an end waits for the end of the case too.
  if (!done.ask.empty()) step.follow_ups.push_back(AskLater({CaseEnded{}, plan.plan.matter}, plan.case_number));
}

// INVARIANT: durable before the act. Without its intention on disk a crash could repeat the act or lose it.
void Executor::NotIntended(const Error& error, std::vector<Step>& steps) {
  for (Step& step : steps) {
    if (!step.is_new_state) continue;
    step.outcome.recorded = false;
    if (!step.begins) {
      step.outcome.reason += "; the ledger could not record it: " + error.message;
      continue;
    }
    step.begins = false;
    step.outcome.state = ActionState::kFailed;
    step.outcome.reason = "not carried out, because the ledger could not be written: " + error.message;
  }
  parts_.log.Failure("actions not carried out", error);
}

NewFollowUp Executor::AskLater(const Question& question, CaseNumber case_number) const {
  const Schedule& schedule = ScheduleOf(question, options_.follow_up);
  const TimePoint now = parts_.clock.Now();
  return {case_number,
          KeyOf(question, case_number.value),
          std::string(NameOf(question)),
          SubjectOf(question),
          QuestionToJson(question),
          FirstAsk(schedule, now, parts_.random.Uniform()),
          now + schedule.give_up,
          {},
          static_cast<int>(kQuestionFormat)};
}

NewAction NewActionOf(const Step& step, double severity) {
  const Action& action = step.planned.action;
  NewAction made;
  made.key = step.planned.key;
  made.kind = KindOf(action);
  made.what = WhatOf(action);
  made.subject = SubjectOf(action);
  made.severity = severity;
  made.json = ActionToJson(action);
  if (const Host* host = HostOf(action)) made.host = host->Subject();
  made.state = step.outcome.state;
  made.reason = step.outcome.reason;
  made.held_by = step.outcome.held_by;
  made.follow_ups = step.follow_ups;
  for (const std::int64_t number : step.planned.cases) made.cases.push_back(CaseNumber{number});
  return made;
}

ActionChange ChangeOf(const Step& step) {
  return {step.outcome.number, step.outcome.state, step.outcome.reason, step.outcome.held_by, step.follow_ups};
}

std::optional<PlanStanding> StandingOf(const std::vector<Step>& steps, TimePoint approval_expires) {
  const auto any = [&](auto is) { return std::any_of(steps.begin(), steps.end(), is); };
  const auto held_for_person = [](const Step& step) {
    return IsHeldForPerson(step.outcome.state, step.outcome.held_by);
  };
  if (any(held_for_person)) return PlanStanding{PlanState::kAwaitingApproval, approval_expires};
  const auto goes_on = [](const Step& step) {
    return step.outcome.state == ActionState::kIntended || step.outcome.state == ActionState::kHeld;
  };
  if (any(goes_on)) return std::nullopt;
  return PlanStanding{PlanState::kExecuted, std::nullopt};
}

}  // namespace sallyport
