// SPDX-License-Identifier: Apache-2.0
//
// When people are told about cases: after each event, question, approval and recovery, of each case that it was about.
// What there is to tell follows from the ledger (case_notices.h); each notice is an action like any other, of a plan of
// an event of ours in the case: through the gates, once, and on disk before it is sent. An event of messages says
// nothing about the matter of its case (kMessagesSource).
#include <algorithm>
#include <set>

#include "base/bounds.h"
#include "base/digest.h"
#include "base/json.h"
#include "intake/case_notices.h"
#include "intake/handle.h"
#include "intake/operator.h"
#include "intake/results.h"
#include "workflow/swp_events_settings.h"

namespace sallyport {
namespace {

// Whoever stopped between an end and its message left cases that changed a moment ago.
constexpr Duration kRecentlyChanged = std::chrono::hours(1);
constexpr std::size_t kMostRecent = 50;

std::string ReminderKey(CaseNumber number) {
  return std::string(kCaseReminder) + "/" + std::to_string(number.value);
}

NewEvent EventOfMessages(const CaseRecord& record, const Plan& plan, const std::string& owner) {
  NewEvent event;
  event.source = kMessagesSource;
  event.detail_type = "Case Messages";
  event.account = record.account;
  event.region = record.region;
  event.subject = record.subject;
  event.title = plan.reasons.front();
  event.origin = "messages about case " + std::to_string(record.number.value);
  event.case_number = record.number;
  event.owner = owner;
  JsonWriter body;
  body.BeginObject().Member("case", record.number.value).Key("tells").BeginArray();
  for (const PlannedAction& planned : plan.actions) body.String(Describe(planned.action));
  event.body = body.EndArray().EndObject().Take();
  event.sha256 = Sha256Hex(event.body);
  return event;
}

std::set<std::int64_t> CasesOf(const EventReport& report) {
  std::set<std::int64_t> cases;
  if (report.case_number) cases.insert(report.case_number->value);
  // What comes of an answer to a question that collects is told for all of its members together.
  for (const PlanReport& plan : report.plans) cases.insert(plan.case_number.value);
  cases.erase(0);
  return cases;
}

// Of what SWP reports malware alone is told by itself; there may be thousands of the rest.
bool IsQuietEvidence(const EventReport& report) {
  if (!report.event || report.event->source != kEvidenceSource) return false;
  return std::none_of(report.plans.begin(), report.plans.end(), [](const PlanReport& one) {
    return one.plan.evidence && one.plan.evidence->Count(SwpEventKind::kMalware) > 0;
  });
}

}  // namespace

void Handler::TellCases(const EventReport& report, Work& work, Executor& executor,
                        std::optional<TimePoint> stop_at) const {
  if (!parts_.notices.anyone_hears || parts_.execution.dry_run || report.ledger_failed) return;
  // They tell nothing new, or are told with the answer.
  if (report.state == EventState::kDuplicate || report.state == EventState::kJoined || IsQuietEvidence(report)) return;
  // A question without an answer yet changes nothing: whoever changes the case meanwhile tells of it.
  if (report.state == EventState::kWaiting && !report.number) return;
  for (const std::int64_t number : CasesOf(report)) TellCase(CaseNumber{number}, work, executor, stop_at);
}

void Handler::TellCase(CaseNumber number, Work& work, Executor& executor, std::optional<TimePoint> stop_at) const {
  const auto shown = parts_.ledger.ShowWithoutHistory(number);
  if (!shown.ok()) return CouldNotTell(number, shown.error());
  const ActionKinds kinds = KindsOf(parts_.execution.actions);
  const TimePoint now = parts_.clock.Now();
  auto notices = NoticesOf({*shown, kinds, parts_.tables.questions, parts_.notices,
                            parts_.execution.gates.max_event_age, now, Reported(*shown, now)});
  // A plan that cannot be read will not be read later either.
  if (!notices.ok()) return parts_.log.Failure("case not told", notices.error(), {{"case", number.value}});
  RemindWhenNeeded(*shown);
  if (notices->actions.empty()) return;
  EventReport report;
  report.origin = "messages";
  Job job{work, executor, report, {}, stop_at};
  if (!SendNotices(*shown, *std::move(notices), job)) untold_->Add(number);
}

// Nobody is told what cannot be read: it is tried again.
void Handler::CouldNotTell(CaseNumber number, const Error& error) const {
  parts_.log.Failure("case not told", error, {{"case", number.value}});
  untold_->Add(number);
}

void Handler::TellUntold(std::optional<TimePoint> stop_at) const {
  for (const CaseNumber number : untold_->TakeAll()) TellAlone(number, stop_at);
}

ResultFacts Handler::Reported(const Case& shown, TimePoint now) const {
  return ResultsOf(shown, parts_.ledger, parts_.settings.rows.Get<SwpEventsSettings>().AreTaken(), now);
}

// False: the ledger could not take all of it.
bool Handler::SendNotices(const Case& shown, Plan plan, Job& job) const {
  const NewEvent event = EventOfMessages(shown.record, plan, parts_.owner);
  return CarryOutOwn(event, std::move(plan), job);
}

// At most one for a case is open; what the case needs is looked at when it rings.
void Handler::RemindWhenNeeded(const Case& shown) const {
  const CaseRecord& record = shown.record;
  const ActionKinds kinds = KindsOf(parts_.execution.actions);
  const TimePoint now = parts_.clock.Now();
  const auto first =
      FirstReminder({shown, kinds, parts_.tables.questions, parts_.notices, parts_.execution.gates.max_event_age, now});
  if (!first || record.outcome == kSampleOutcome) return;
  const std::string key = ReminderKey(record.number);
  const auto open = parts_.ledger.FindOpenFollowUp(key);
  if (!open.ok()) return parts_.log.Failure("no reminder", open.error(), {{"case", record.number.value}});
  if (open->has_value()) return;
  const auto added = parts_.ledger.AddFollowUp({record.number,
                                                key,
                                                std::string(kCaseReminder),
                                                "case " + std::to_string(record.number.value),
                                                "{}",
                                                *first,
                                                now + parts_.notices.reminder.give_up,
                                                {}});
  if (!added.ok()) parts_.log.Failure("no reminder", added.error(), {{"case", record.number.value}});
}

void Handler::Remind(const FollowUpRecord& record, Job& job) const {
  const CaseNumber number = record.follow_up.case_number;
  const auto shown = parts_.ledger.ShowWithoutHistory(number);
  if (!shown.ok()) return StorageFailed(shown.error(), "the ledger could not be read", job);
  const TimePoint now = parts_.clock.Now();
  if (shown->record.state != CaseState::kNeedsPerson || !parts_.notices.anyone_hears) {
    return EndFollowUp(record, FollowUpState::kDone, "the case no longer needs a person", {}, job);
  }
  if (now >= record.follow_up.give_up_at) {
    return EndFollowUp(record, FollowUpState::kGivenUp, "reminders have ended (notify.remind_until)", {}, job);
  }
  const auto until = AcknowledgedUntil(parts_.ledger, number);
  if (!until.ok()) return StorageFailed(until.error(), "the ledger could not be read", job);
  job.report.state = EventState::kWaiting;
  if (*until && **until > now) {
    job.report.reason = "acknowledged until " + FormatTime(**until);
    return AskAgainAt(std::min(**until, record.follow_up.give_up_at), record, job);
  }
  const ActionKinds kinds = KindsOf(parts_.execution.actions);
  auto reminder = ReminderOf({*shown, kinds, parts_.tables.questions, parts_.notices,
                              parts_.execution.gates.max_event_age, now, Reported(*shown, now)},
                             record.attempts);
  if (!reminder.ok()) return EndFollowUp(record, FollowUpState::kGivenUp, reminder.error().ToText(), {}, job);
  if (!reminder->actions.empty()) SendNotices(*shown, *std::move(reminder), job);
  if (job.report.ledger_failed) return;
  const TimePoint next =
      NextAsk(parts_.notices.reminder, record.attempts, now, record.follow_up.give_up_at, parts_.random.Uniform());
  job.report.reason = "reminded; again at " + FormatTime(next);
  AskAgainAt(next, record, job);
}

// Of a case that was not changed by handling anything.
void Handler::TellAlone(CaseNumber number, std::optional<TimePoint> stop_at) const {
  if (!parts_.notices.anyone_hears) return;
  Report("messages", stop_at, [&](Job& job) { job.report.case_number = number; });
}

// At the start: nobody else would tell of them.
void Handler::TellRecentCases(std::optional<TimePoint> stop_at) const {
  if (!parts_.notices.anyone_hears || parts_.execution.dry_run) return;
  const auto recent = parts_.ledger.CasesChangedSince(parts_.clock.Now() - kRecentlyChanged, kMostRecent);
  if (!recent.ok()) return parts_.log.Failure("cases not told", recent.error());
  for (const CaseNumber number : *recent) TellAlone(number, stop_at);
}

}  // namespace sallyport
