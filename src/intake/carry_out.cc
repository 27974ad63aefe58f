// SPDX-License-Identifier: Apache-2.0
//
// Plans through gates, ledger and acts: recorded with each action in the state in which it goes on, carried out, and
// what came of it recorded with the end of the event.
#include <algorithm>
#include <set>

#include "action/put_evaluations.h"
#include "base/bounds.h"
#include "base/text.h"
#include "intake/handle.h"
#include "intake/outcome_text.h"
#include "intake/plan_record.h"

namespace sallyport {
namespace {

// Whoever is overtaken so often is up against something that never comes to rest.
constexpr int kMostBatchTries = 20;
// An action brings at most three follow-ups with it: so many fit into one commit with their plan.
constexpr std::size_t kActionsPerCommit = bounds::kCommitItems / 5;

std::string FirstReason(const Plan& plan) {
  return plan.reasons.empty() ? "" : plan.reasons.front();
}

bool WentWrong(const Step& step) {
  const ActionOutcome& outcome = step.outcome;
  return !outcome.recorded || outcome.state == ActionState::kFailed;
}

bool IsAwaited(const Step& step) {
  return !HasEnded(step.outcome.state);
}

// What was planned about the only thing that the plan is about; of several, its first reason.
std::string DecidedBy(const Plan& plan) {
  if (plan.hosts.size() + plan.others.size() != 1) return FirstReason(plan);
  return plan.hosts.empty() ? plan.others.front().summary : plan.hosts.front().summary;
}

// Which of two ends of an event says more to whoever has to look at it.
int Weight(EventState state) {
  switch (state) {
    case EventState::kFailed:
      return 5;
    case EventState::kUndetermined:
      return 4;
    case EventState::kWaiting:
      return 3;
    case EventState::kJoined:
      return 2;
    case EventState::kDone:
      return 1;
    default:
      return 0;
  }
}

bool AnyBegins(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.begins; });
}

bool IsSameDeed(const Action& one, const Action& other) {
  return KindOf(one) == KindOf(other) && WhatOf(one) == WhatOf(other) && SubjectOf(one) == SubjectOf(other);
}

}  // namespace

// Whether an exclusive action that begins is begun by an earlier one of the same event.
bool Handler::BeginsEarlier(const std::vector<PlanRun>& runs, const PlanRun& run, std::size_t at) {
  const Action& action = run.steps[at].planned.action;
  if (!run.steps[at].begins || !IsExclusive(action)) return false;
  for (const PlanRun& other : runs) {
    const std::size_t end = &other == &run ? at : other.steps.size();
    for (std::size_t i = 0; i < end; ++i) {
      if (other.steps[i].begins && IsSameDeed(other.steps[i].planned.action, action)) return true;
    }
    if (&other == &run) return false;
  }
  return false;
}

void Handler::CarryOut(Job& job) const {
  if (!RecordPlans(job)) return;
  for (PlanRun& run : job.runs) job.executor.CarryOut(InHand(job, run), run.steps);
  Conclude(job);
}

// All that began is over: it is recorded with the end of the event, unless that was recorded with the plans.
void Handler::Conclude(Job& job) const {
  const Conclusion end = ConclusionOf(job.runs);
  job.report.state = end.state;
  job.report.reason = end.reason;
  if (!job.ended) RecordOutcomes(job, end);
  TellReport(job);
}

PlanInHand Handler::InHand(const Job& job, const PlanRun& run) {
  return {*job.report.number, run.case_number,         run.plan, run.approved, run.digest,
          &job.answer_token,  HostsWrittenTo(job.runs)};
}

// The answer to a question is about many events: each of its actions counts alone.
int Handler::HostsWrittenTo(const std::vector<PlanRun>& runs) {
  std::set<std::string> hosts;
  for (const PlanRun& run : runs) {
    if (run.plan.answer) continue;
    for (const PlannedAction& planned : run.plan.actions) {
      if (!Writes(planned.action)) continue;
      for (const Target& target : TargetsOf(planned.action).hosts) {
        hosts.insert(target.host.Subject() + " " + std::to_string(target.computer.value));
      }
    }
  }
  return static_cast<int>(hosts.size());
}

// The plans with their actions, and the questions that they ask whatever the actions do. What nobody else may begin at
// the same time is claimed in the same commit; when somebody was faster the gates are asked again.
bool Handler::RecordPlans(Job& job, const FollowUpRecord* ringing) const {
  if (!StoreRuns(job)) return false;
  std::size_t actions = 0;
  std::vector<Piece> all;
  for (PlanRun& run : job.runs) {
    actions += run.plan.actions.size() + run.plan.follow_ups.size() + (run.plan.collect ? 1 : 0);
    all.push_back({run, 0, run.plan.actions.size()});
  }
  const bool together = actions + job.runs.size() <= kActionsPerCommit;
  if (together) return RecordPieces(all, true, ringing, job);
  for (const Piece& whole : all) {
    std::size_t first = 0;
    do {
      const std::size_t count = std::min(kActionsPerCommit, whole.count - first);
      if (!RecordPieces({{whole.run, first, count}}, false, ringing, job)) return false;
      first += count;
    } while (first < whole.count);
  }
  return true;
}

bool Handler::RecordPieces(const std::vector<Piece>& pieces, bool are_all, const FollowUpRecord* ringing,
                           Job& job) const {
  const FollowUpRecord* asked = ringing != nullptr ? ringing : job.answers;
  for (int tries = 1; tries <= kMostBatchTries; ++tries) {
    Batch batch;
    if (asked != nullptr) batch.claims.emplace_back(FollowUpIs{asked->number, asked->attempts});
    for (const Piece& piece : pieces) {
      Prepare(piece, job);
      AddItems(piece, job, batch);
    }
    if (const Status added = AddMembers(pieces, job, batch); !added.ok()) {
      if (added.error().code == ErrorCode::kStorage)
        StorageFailed(added.error(), "the ledger could not be read, so nothing was done", job);
      else
        Finish(job, EventState::kFailed, added.error().ToText());
      TellReport(job);
      return false;
    }
    const bool any_begins =
        std::any_of(job.runs.begin(), job.runs.end(), [](const PlanRun& run) { return AnyBegins(run.steps); });
    const bool ends = are_all && !any_begins && ringing == nullptr && !job.is_part;
    if (ends) {
      const Conclusion end = ConclusionOf(job.runs);
      batch.items.emplace_back(EventChange{*job.report.number, end.state, end.reason});
      for (const PlanRun& run : job.runs) {
        if (const Status added = AddEndOfQuestion(run, batch); !added.ok()) {
          StorageFailed(added.error(), "the ledger could not be read, so nothing was done", job);
          return false;
        }
      }
    }
    if (batch.items.empty()) return true;
    const auto committed = parts_.ledger.Commit(batch);
    if (!committed.ok()) {
      for (PlanRun& run : job.runs) job.executor.NotIntended(committed.error(), run.steps);
      PlanNotRecorded(committed.error(), job);
      TellReport(job);
      return false;
    }
    if (committed->recorded()) {
      TakeNumbers(pieces, *committed, job);
      job.ended = ends;
      return true;
    }
    if (asked != nullptr && *committed->overtaken == 0) return Lose(job, "another process runs this follow-up now");
    if (!ReadAgain(pieces, job)) return false;
  }
  const std::string why = "others keep changing what this is about: nothing was done";
  // A question rings again; of an event nobody else would hear.
  if (asked != nullptr) return Lose(job, why);
  Finish(job, EventState::kFailed, why + " (deliver it again)");
  TellReport(job);
  return false;
}

// A commit that failed may be in the ledger all the same. An event of our own nobody delivers again: it is looked at
// when this process catches up, or by whoever comes after it.
void Handler::PlanNotRecorded(const Error& error, Job& job) const {
  constexpr std::string_view kDoing = "the ledger could not record the plan, so nothing was done";
  if (!job.is_own) return StorageFailed(error, kDoing, job);
  TellStorageFailed(error, kDoing, job);
  left_->Add(*job.report.number);
}

// Nothing was recorded or done; what rang is left as it is.
bool Handler::Lose(Job& job, const std::string& why) {
  job.lost = true;
  job.report.state = EventState::kWaiting;
  job.report.reason = why;
  return false;
}

void Handler::Prepare(const Piece& piece, Job& job) const {
  PlanRun& run = piece.run;
  run.steps.resize(std::max(run.steps.size(), piece.first + piece.count));
  const PlanInHand in_hand = InHand(job, run);
  for (std::size_t i = piece.first; i < piece.first + piece.count; ++i) {
    const ActionRecord* record = i < run.records.size() ? &run.records[i] : nullptr;
    const bool is_ours = job.recovers || (record != nullptr && job.LooksFor(record->number));
    run.steps[i] = job.executor.Prepare(in_hand, i, record, is_ours);
    // Plans of one event are recorded together: none of them sees the other in the ledger.
    if (record == nullptr && BeginsEarlier(job.runs, run, i)) {
      job.executor.HoldBehindEarlier(in_hand, run.steps[i]);
    }
  }
}

void Handler::AddItems(const Piece& piece, const Job& job, Batch& batch) const {
  const PlanRun& run = piece.run;
  const bool is_last = piece.first + piece.count == run.plan.actions.size();
  const auto standing =
      is_last ? StandingOf(run.steps, parts_.clock.Now() + parts_.execution.gates.approval_expires) : std::nullopt;
  std::vector<NewAction> added;
  for (std::size_t i = piece.first; i < piece.first + piece.count; ++i) {
    const Step& step = run.steps[i];
    batch.claims.insert(batch.claims.end(), step.claims.begin(), step.claims.end());
    if (i >= run.records.size()) {
      added.push_back(NewActionOf(step, run.plan.matter.severity));
    } else if (step.is_new_state) {
      batch.items.emplace_back(ChangeOf(step));
    }
  }
  if (run.number.value != 0) {
    if (!added.empty()) batch.items.emplace_back(MoreActions{run.number, std::move(added)});
    if (standing && standing->state != run.state && MayMove(run.state, standing->state)) {
      batch.claims.emplace_back(PlanIs{run.number, run.state});
      batch.items.emplace_back(PlanChange{run.number, standing->state, "", standing->expires_at});
    }
    return;
  }
  NewPlan plan = PlanForLedger(run.plan);
  plan.event = *job.report.number;
  plan.case_number = run.case_number;
  plan.actions = std::move(added);
  plan.all_actions = run.plan.actions.size();
  if (run.answers) {
    plan.question = run.answers->question;
    plan.last_member = run.answers->last_member;
  }
  if (standing) plan.state = standing->state;
  if (standing) plan.expires_at = standing->expires_at;
  batch.items.emplace_back(std::move(plan));
  if (parts_.execution.dry_run) return;
  for (const WantedFollowUp& wanted : run.plan.follow_ups) {
    batch.items.emplace_back(job.executor.AskLater(wanted.question, run.case_number));
  }
}

void Handler::TakeNumbers(const std::vector<Piece>& pieces, const Committed& committed, Job& job) const {
  std::size_t plan = 0;
  std::size_t action = 0;
  std::size_t member = 0;
  const TimePoint now = parts_.clock.Now();
  for (const Piece& piece : pieces) {
    PlanRun& run = piece.run;
    if (run.number.value == 0) {
      run.number = committed.plans.at(plan++);
      if (run.joined) {
        run.joined->follow_up = committed.questions.at(member);
        run.joined->member = committed.members.at(member++);
      }
    }
    const auto standing = StandingOf(run.steps, now);
    if (standing && MayMove(run.state, standing->state)) run.state = standing->state;
    for (std::size_t i = std::max(piece.first, run.records.size()); i < piece.first + piece.count; ++i) {
      ActionRecord record;
      record.number = committed.actions.at(action++);
      record.event = *job.report.number;
      record.plan = run.number;
      record.state = run.steps[i].outcome.state;
      run.steps[i].outcome.number = record.number;
      run.records.push_back(std::move(record));
    }
  }
}

// Somebody was faster: what the ledger has of the plans may be another thing now.
bool Handler::ReadAgain(const std::vector<Piece>& pieces, Job& job) const {
  for (const Piece& piece : pieces) {
    if (piece.run.number.value == 0) continue;
    auto records = parts_.ledger.ActionsOf(piece.run.number);
    const auto plan = parts_.ledger.GetPlan(piece.run.number);
    if (!records.ok() || !plan.ok()) {
      StorageFailed(records.ok() ? plan.error() : records.error(), "the ledger could not be read", job);
      return false;
    }
    piece.run.records = *std::move(records);
    piece.run.state = plan->state;
  }
  return true;
}

// The batch without the changes of plans whose state somebody else has changed meanwhile, and without the end of a
// question that somebody else asks by now; kStorage: cannot be read.
Status Handler::LeaveOutWhatMoved(Batch& batch) const {
  Batch left;
  bool question_is_ours = false;
  for (Claim& claim : batch.claims) {
    const auto* is = std::get_if<FollowUpIs>(&claim);
    if (is == nullptr) continue;
    const auto question = parts_.ledger.GetFollowUp(is->follow_up);
    if (!question.ok()) return question.error();
    question_is_ours = question->state == FollowUpState::kOpen && question->attempts == is->attempts;
    if (question_is_ours) left.claims.push_back(std::move(claim));
  }
  for (Item& item : batch.items) {
    if (std::holds_alternative<EndMembers>(item) && !question_is_ours) continue;
    const auto* change = std::get_if<PlanChange>(&item);
    if (change != nullptr) {
      const auto plan = parts_.ledger.GetPlan(change->plan);
      if (!plan.ok()) return plan.error();
      if (!MayMove(plan->state, change->state)) continue;
      left.claims.emplace_back(PlanIs{change->plan, plan->state});
    }
    left.items.push_back(std::move(item));
  }
  batch = std::move(left);
  return Ok();
}

// Whether a loss of power may take what came of the actions: each is a request whose end a question will look for, and
// that would be looked for the same way if it stood in the ledger as intended.
bool Handler::CanBeFoundAgain(const Job& job) {
  const auto is_asked_about = [](const Step& step) {
    return !step.acted || (step.outcome.state == ActionState::kRequested && !step.follow_ups.empty());
  };
  return std::all_of(job.runs.begin(), job.runs.end(), [&](const PlanRun& run) {
    return std::all_of(run.steps.begin(), run.steps.end(), is_asked_about);
  });
}

// What came of the actions that began, in as few commits as it fits into; the end of the event in the last.
bool Handler::RecordOutcomes(Job& job, const std::optional<Conclusion>& end) const {
  // Only of an event that is handled anew: after a crash it is handled again from where it stopped.
  const bool may_be_lost = end && CanBeFoundAgain(job);
  Batch batch;
  Status recorded = Ok();
  const auto commit = [&] {
    for (int tries = 1; recorded.ok() && !batch.items.empty(); ++tries) {
      batch.may_be_lost = may_be_lost;
      const auto committed = parts_.ledger.Commit(batch);
      if (!committed.ok()) recorded = committed.error();
      if (committed.ok() && committed->recorded()) batch = {};
      if (committed.ok() && !committed->recorded()) recorded = LeaveOutWhatMoved(batch);
      if (tries < kMostBatchTries || batch.items.empty()) continue;
      recorded = Error{ErrorCode::kStorage, "others keep changing the same plans", ""};
    }
    batch = {};
  };
  const auto add = [&](Item item) {
    Batch one;
    one.items.push_back(item);
    if (CountItems(batch) + CountItems(one) > bounds::kCommitItems) commit();
    batch.items.push_back(std::move(item));
  };
  for (PlanRun& run : job.runs) {
    for (Step& step : run.steps) {
      if (step.acted) add(ChangeOf(step));
    }
    const auto standing = StandingOf(run.steps, parts_.clock.Now() + parts_.execution.gates.approval_expires);
    if (standing && standing->state != run.state && MayMove(run.state, standing->state)) {
      add(PlanChange{run.number, standing->state, "", standing->expires_at});
      batch.claims.emplace_back(PlanIs{run.number, run.state});
      run.state = standing->state;
    }
  }
  if (end) {
    // The end of the event and of the question that it answers are one.
    if (CountItems(batch) + 1 + job.runs.size() > bounds::kCommitItems) commit();
    batch.items.emplace_back(EventChange{*job.report.number, end->state, end->reason});
    for (const PlanRun& run : job.runs) {
      if (const Status added = AddEndOfQuestion(run, batch); !added.ok()) recorded = added;
    }
  }
  commit();
  if (recorded.ok()) return true;
  for (PlanRun& run : job.runs) {
    for (Step& step : run.steps) {
      if (!step.acted) continue;
      step.outcome.recorded = false;
      step.outcome.reason += "; the ledger could not record it: " + recorded.error().message;
    }
  }
  // The event is not ended: whoever finds it looks for what was done before anything is done again.
  TellStorageFailed(recorded.error(), "the ledger could not record what came of it", job);
  if (end) left_->Add(*job.report.number);
  return false;
}

Handler::Conclusion Handler::ConclusionOf(const PlanRun& run) {
  const Plan& plan = run.plan;
  if (plan.collect) {
    return {EventState::kJoined, "answered together with other events: " + std::string(NameOf(plan.collect->question)) +
                                     ", " + SubjectOf(plan.collect->question)};
  }
  const auto wrong = std::find_if(run.steps.begin(), run.steps.end(), WentWrong);
  if (wrong != run.steps.end()) return {EventState::kFailed, wrong->outcome.reason};
  if (plan.decision == Decision::kOutOfScope) return {EventState::kOutOfScope, FirstReason(plan)};
  if (plan.HasUndetermined()) return {EventState::kUndetermined, plan.FirstUndetermined()};
  // Nothing at all could be found out, not even which hosts it is about.
  if (plan.decision == Decision::kUndetermined) return {EventState::kUndetermined, FirstReason(plan)};
  const bool awaited = std::any_of(run.steps.begin(), run.steps.end(), IsAwaited);
  // Of verdicts people want to know which they are, and not only that they were taken.
  const bool are_verdicts = std::all_of(run.steps.begin(), run.steps.end(),
                                        [](const Step& step) { return step.planned.action.Is<PutEvaluations>(); });
  std::string text = are_verdicts ? DecidedBy(plan) : "";
  if (!run.steps.empty()) text += (text.empty() ? "" : "; ") + OutcomeOf(run.steps);
  return {awaited ? EventState::kWaiting : EventState::kDone, std::move(text)};
}

Handler::Conclusion Handler::ConclusionOf(const std::vector<PlanRun>& runs) {
  constexpr std::size_t kMostTold = 5;
  if (runs.size() == 1) return ConclusionOf(runs.front());
  Conclusion whole{EventState::kOutOfScope, CountText(runs.size(), "plan")};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Conclusion one = ConclusionOf(runs[i]);
    if (Weight(one.state) > Weight(whole.state)) whole.state = one.state;
    if (i < kMostTold) whole.reason += (i == 0 ? ": " : "; ") + runs[i].plan.workflow + ": " + one.reason;
  }
  if (runs.size() > kMostTold) whole.reason += "; and " + std::to_string(runs.size() - kMostTold) + " more";
  return whole;
}

void Handler::TellReport(Job& job) {
  job.report.plans.clear();
  for (PlanRun& run : job.runs) {
    PlanReport told{run.plan, run.case_number, {}, run.joined};
    if (run.answers) told.answers = run.answers->question;
    for (const Step& step : run.steps) told.outcomes.push_back(step.outcome);
    job.report.plans.push_back(std::move(told));
  }
}

}  // namespace sallyport
