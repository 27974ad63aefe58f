// SPDX-License-Identifier: Apache-2.0
//
// Questions that collect (workflow/collect.h). An event joins in the commit that records its plan and its end. When the
// question is due, its answer is one event and one plan about all members, in the case of the question's Matter; the
// plan names the question and the last member from its own commit on, and the question ends in the commit that ends the
// event: after a crash the event is brought to its end as any other, and the question with it. When something of the
// answer failed, the question stays and is answered again, for the same members.
#include <algorithm>
#include <map>

#include "base/bounds.h"
#include "gates/gates.h"
#include "intake/handle.h"
#include "intake/own_event.h"

namespace sallyport {
namespace {

// Of the members of one answer, so that the text of its event fits into the ledger (bounds::kLedgerEventBytes).
constexpr std::size_t kAnsweredBytes = bounds::kLedgerEventBytes / 4 * 3;
// What stands around a member there.
constexpr std::size_t kAroundMember = 80;
constexpr std::size_t kMembersAtOnce = 1'000;
// When to look again at an answer that somebody else is carrying out, and when nothing says when to ask.
constexpr Duration kLookAgain = std::chrono::minutes(1);

Error BugOf(const Plan& plan, const Error& error) {
  return Error{ErrorCode::kInternal, "workflow " + plan.workflow + " cannot collect this: " + error.message, ""};
}

// Samples are collected by themselves: nothing of them may be acted on.
Question QuestionFor(const Plan& plan) {
  Question question = plan.collect->question;
  question.matter.sample = question.matter.sample || plan.matter.sample;
  return question;
}

std::string KeyFor(const Question& question, CaseNumber case_number) {
  return KeyOf(question, case_number.value) + (question.matter.sample ? "/sample" : "");
}

Result<CollectTimes> TimesOf(const FollowUpRecord& record) {
  const auto json = ParseOwn(record.follow_up.json);
  if (!json.ok()) return json.error();
  return CollectTimesFromJson(*json);
}

}  // namespace

// What the plan says of collecting is made true before it is recorded: a plan in the ledger that collects has joined.
Status Handler::CheckCollecting(Plan& plan) const {
  if (!plan.collect) return Ok();
  if (!plan.actions.empty()) return BugOf(plan, Error{ErrorCode::kInternal, "it has actions of its own", ""});
  if (Status good = CheckCollect(*plan.collect); !good.ok()) return BugOf(plan, good.error());
  const std::string name(NameOf(plan.collect->question));
  if (parts_.tables.questions.Find(name) == nullptr) {
    return BugOf(plan, Error{ErrorCode::kInternal, "there is no kind of question called `" + name + "`", ""});
  }
  std::optional<std::string> not_joined;
  if (parts_.execution.dry_run) {
    not_joined = "it would be answered together with other events (" + name + ", " + SubjectOf(plan.collect->question) +
                 "); a dry run joins nothing";
  } else if (!parts_.execution.force) {
    // Nobody could tell later: the plan about all is made of today.
    not_joined = TooOld(parts_.execution.gates, plan.matter.time, parts_.clock.Now());
    if (not_joined) not_joined = "not collected: event-age: " + *not_joined;
  }
  if (!not_joined) return Ok();
  // What the plan says of its subjects was said for one that joins.
  for (HostDecision& host : plan.hosts) host.summary = *not_joined;
  for (OtherSubject& other : plan.others) other.summary = *not_joined;
  plan.reasons.insert(plan.reasons.begin(), *std::move(not_joined));
  plan.collect.reset();
  return Ok();
}

// Each plan that collects joins the question that is open, or a new one, with the plan's own record. Two that open the
// same at once: the second is overtaken and joins.
Status Handler::AddMembers(const std::vector<Piece>& pieces, Job& job, Batch& batch) const {
  struct Open {
    std::size_t members = 0;
    TimePoint first;
  };
  std::map<std::string, Open> questions;
  const TimePoint now = parts_.clock.Now();
  for (const Piece& piece : pieces) {
    PlanRun& run = piece.run;
    if (!run.plan.collect || run.number.value != 0) continue;
    const Collect& collect = *run.plan.collect;
    const Question question = QuestionFor(run.plan);
    NewFollowUp asked = job.executor.AskLater(question, run.case_number);
    asked.key = KeyFor(question, run.case_number);
    asked.json = CollectedToJson(question, collect.times);
    asked.give_up_at = now + collect.times.at_most + ScheduleOf(question, parts_.execution.follow_up).give_up;
    auto found = questions.find(asked.key);
    if (found == questions.end()) {
      Open open{0, now};
      const auto record = parts_.ledger.FindOpenFollowUp(asked.key);
      if (!record.ok()) return record.error();
      if (!record->has_value()) {
        batch.claims.emplace_back(MembersAre{asked.key, 0});
      } else {
        const FollowUpRecord& is = **record;
        Status known =
            CheckFormat("follow-up", is.number.value, is.follow_up.format, static_cast<int>(kQuestionFormat));
        if (!known.ok()) return known;
        const auto first = parts_.ledger.MembersOf(is.number, 0, 1);
        if (!first.ok()) return first.error();
        open = {static_cast<std::size_t>(is.members) + static_cast<std::size_t>(is.trimmed),
                first->empty() ? is.asked_at : first->front().joined_at};
        batch.claims.emplace_back(FollowUpIs{is.number, is.attempts});
      }
      found = questions.emplace(asked.key, open).first;
    }
    Open& open = found->second;
    asked.due = CollectedUntil(collect.times, ++open.members, open.first, now);
    run.joined = PlanReport::Joined{{}, 0, asked.due};
    batch.items.emplace_back(
        NewMember{std::move(asked), *job.report.number, run.case_number, MemberToJson(collect.member)});
  }
  return Ok();
}

void Handler::AskCollected(const FollowUpRecord& record, Job& job) const {
  using Standing = EarlierAnswer::Standing;
  const auto earlier = EarlierAnswerTo(record, job);
  if (!earlier.ok()) return StorageFailed(earlier.error(), "the ledger could not be read", job);
  if (earlier->standing == Standing::kStands) return EndCollected(record, earlier->answered, job);
  if (earlier->standing == Standing::kOnItsWay) {
    job.report.state = EventState::kWaiting;
    job.report.reason = "event " + std::to_string(earlier->event.value) + " is carrying out its answer";
    const TimePoint next = parts_.clock.Now() + kLookAgain;
    const Status snoozed = parts_.ledger.SnoozeFollowUp(record.number, next, job.report.reason, {});
    // Whoever carries it out may have ended the question just now.
    if (!snoozed.ok() && snoozed.error().code != ErrorCode::kInvalidInput)
      StorageFailed(snoozed.error(), "the ledger could not record the next look", job);
    return;
  }
  // Again for the same members: what was done for them is then known by its key.
  const auto context = CollectedContext(record, earlier->answered.last_member);
  if (!context.ok()) {
    if (context.error().code == ErrorCode::kStorage)
      return StorageFailed(context.error(), "the ledger could not be read", job);
    return RefuseCollected(record, "it cannot be checked: " + context.error().ToText(), job);
  }
  auto plan = PlanToAnswerNow(*context, job);
  if (!plan.ok()) return RefuseCollected(record, plan.error().ToText(), job);
  if (plan->answer->kind == Answer::Kind::kNotYet) {
    const std::string why = plan->answer->reason;
    job.report.plans.push_back({*std::move(plan), record.follow_up.case_number, {}});
    return Snooze(record, why, job);
  }
  CarryOutCollected(record, *std::move(plan), job);
}

// What an earlier try came to.
Result<Handler::EarlierAnswer> Handler::EarlierAnswerTo(const FollowUpRecord& record, Job& job) const {
  using Standing = EarlierAnswer::Standing;
  EarlierAnswer earlier;
  if (!record.plan) return earlier;
  const auto plan = parts_.ledger.GetPlan(*record.plan);
  if (!plan.ok()) return plan.error();
  auto event = parts_.ledger.GetEvent(plan->event);
  if (!event.ok()) return event.error();
  const auto is_at_work = [&] { return event->state == EventState::kReceived || event->state == EventState::kPlanned; };
  if (is_at_work()) {
    RecoverForOthers(job);
    event = parts_.ledger.GetEvent(plan->event);
    if (!event.ok()) return event.error();
  }
  const auto actions = parts_.ledger.ActionsOf(plan->number);
  if (!actions.ok()) return actions.error();
  // One whose outcome is not known has a question of its own.
  const bool failed = std::any_of(actions->begin(), actions->end(),
                                  [](const ActionRecord& action) { return action.state == ActionState::kFailed; });
  earlier.event = plan->event;
  earlier.answered = AnsweredBy(*plan).value_or(PlanRun::Answered{});
  earlier.standing = is_at_work()                                    ? Standing::kOnItsWay
                     : failed || event->state == EventState::kFailed ? Standing::kFailed
                                                                     : Standing::kStands;
  return earlier;
}

// What an answer in the ledger says of the question.
std::optional<Handler::PlanRun::Answered> Handler::AnsweredBy(const PlanRecord& record) {
  if (!record.question) return std::nullopt;
  PlanRun::Answered answered{*record.question, record.last_member, "", false};
  const auto json = ParseOwn(record.json);
  if (!json.ok()) return answered;
  if (const auto named = InTodaysNames(*json, kNamedPlanFormat, kPlanFormat, "a plan"); named.ok()) {
    answered.reason = (*named)["answer"]["reason"].StringOr("");
    answered.gave_up = (*named)["answer"]["gave_up"].BoolOr(false);
  }
  return answered;
}

// The question with its members, at most as many as one answer may be about. `up_to`: the last of them; 0: not said.
Result<FollowUpContext> Handler::CollectedContext(const FollowUpRecord& record, int up_to) const {
  auto context = ContextOf(record);
  if (!context.ok()) return context.error();
  const auto times = TimesOf(record);
  if (!times.ok()) return times.error();
  const int last = up_to > 0 ? up_to : std::min(record.members, static_cast<int>(times->most_members));
  std::size_t bytes = 0;
  for (bool full = false; !full;) {
    const int after = context->members.empty() ? 0 : context->members.back().number;
    const auto page = parts_.ledger.MembersOf(record.number, after, kMembersAtOnce);
    if (!page.ok()) return page.error();
    full = page->empty();
    for (const MemberRecord& member : *page) {
      bytes += member.json.size() + kAroundMember;
      full = member.number > last || (bytes > kAnsweredBytes && !context->members.empty());
      if (full) break;
      const std::string name =
          "member " + std::to_string(member.number) + " of follow-up " + std::to_string(record.number.value);
      const auto json = ParseOwn(member.json);
      if (!json.ok()) return json.error().In(name);
      auto content = MemberFromJson(*json);
      if (!content.ok()) return content.error().In(name);
      context->members.push_back({member.number, member.event.value, member.case_number.value, *std::move(content)});
    }
  }
  context->trimmed = static_cast<std::size_t>(record.trimmed);
  const auto members = static_cast<std::size_t>(record.members);
  context->later = members - std::min(members, context->members.size());
  return context;
}

// One event and one plan about all members, also when nothing is to be done: each member is found from it and back.
void Handler::CarryOutCollected(const FollowUpRecord& record, Plan plan, Job& job) const {
  NewEvent own = OwnEvent(*job.report.event, plan.matter, parts_.owner);
  const Matter& matter = plan.matter;
  own.subject = matter.subject;
  own.title = matter.title.empty() ? record.follow_up.question : matter.title;
  own.matters = {{own.source, matter.account, matter.region, matter.subject, own.title, matter.severity}};
  const auto added = parts_.ledger.AddEvent(own);
  if (!added.ok()) return StorageFailed(added.error(), "the ledger could not record the answer", job);
  job.report.number = added->number;
  job.report.case_number = added->case_number;
  PlanRun run;
  const Answer& answer = *plan.answer;
  run.answers = PlanRun::Answered{record.number, answer.last_member.value_or(0), answer.reason, answer.gave_up};
  run.plan = std::move(plan);
  run.case_number = added->case_number;
  job.runs.push_back(std::move(run));
  job.answers = &record;
  job.is_own = true;
  CarryOut(job);
  if (job.report.ledger_failed) return;
  if (job.lost) return Finish(job, EventState::kDone, job.report.reason);
  const ActionOutcome* failure = FailureIn(job.report.plans);
  // Without a failure the question has ended with the event.
  if (failure == nullptr || parts_.clock.Now() >= record.follow_up.give_up_at) return;
  const std::string why = "an action after the check failed: " + failure->reason;
  const EventState state = job.report.state;
  Snooze(record, why, job);
  job.report.state = state;
}

// It is of another release, which may still come to ask it. Nothing of it is guessed, and its members stay.
void Handler::RefuseCollected(const FollowUpRecord& record, const std::string& why, Job& job) const {
  job.work.log().Warning("a question that collects cannot be asked", {{"reason", why}});
  if (parts_.clock.Now() < record.follow_up.give_up_at) return Snooze(record, why, job);
  EndCollected(record, {record.number, record.members, why, true}, job);
}

// The end of the question with the end of the event that answers it, unless something of it is to be tried again, or
// somebody else has ended it or answered it anew.
Status Handler::AddEndOfQuestion(const PlanRun& run, Batch& batch) const {
  if (!run.answers) return Ok();
  const auto record = parts_.ledger.GetFollowUp(run.answers->question);
  if (!record.ok()) return record.error();
  const bool is_newest = run.number.value == 0 || record->plan == run.number;
  if (record->state != FollowUpState::kOpen || !is_newest) return Ok();
  const bool failed = std::any_of(run.steps.begin(), run.steps.end(),
                                  [](const Step& step) { return step.outcome.state == ActionState::kFailed; });
  if (failed && parts_.clock.Now() < record->follow_up.give_up_at) return Ok();
  auto end = EndOf(*record, *run.answers);
  if (!end.ok()) return end.error();
  batch.claims.emplace_back(FollowUpIs{record->number, record->attempts});
  batch.items.emplace_back(*std::move(end));
  return Ok();
}

// Its end names the last member that was answered; those that came later open its successor in the same commit.
Result<EndMembers> Handler::EndOf(const FollowUpRecord& record, const PlanRun::Answered& answered) const {
  const TimePoint now = parts_.clock.Now();
  EndMembers end;
  end.follow_up = record.number;
  end.state = answered.gave_up ? FollowUpState::kGivenUp : FollowUpState::kDone;
  end.reason = answered.reason;
  end.last = answered.last_member;
  const auto times = TimesOf(record);
  const auto later = parts_.ledger.MembersOf(record.number, end.last, 1);
  if (!later.ok()) return later.error();
  end.successor_due = now + (times.ok() ? times->window : kLookAgain);
  if (times.ok() && !later->empty()) {
    const auto count = static_cast<std::size_t>(std::max(record.members - end.last, 1));
    end.successor_due = CollectedUntil(*times, count, later->front().joined_at, now);
  }
  const QuestionKind* kind = parts_.tables.questions.Find(record.follow_up.question);
  const FollowUpSettings& schedules = parts_.execution.follow_up;
  end.successor_gives_up_at =
      now + kLongestCollecting + (kind == nullptr ? schedules.outcome : kind->schedule(schedules)).give_up;
  return end;
}

void Handler::EndCollected(const FollowUpRecord& record, const PlanRun::Answered& answered, Job& job) const {
  if (!job.report.number) {
    job.report.state = EventState::kDone;
    job.report.reason = answered.reason;
  }
  auto end = EndOf(record, answered);
  if (!end.ok()) return StorageFailed(end.error(), "the ledger could not be read", job);
  Batch batch;
  batch.claims.emplace_back(FollowUpIs{record.number, record.attempts});
  batch.items.emplace_back(*std::move(end));
  // When its claim was lost, somebody else asks it, and ends it with the same answer.
  const auto ended = parts_.ledger.Commit(batch);
  if (!ended.ok()) StorageFailed(ended.error(), "the ledger could not record the answer", job);
}

}  // namespace sallyport
