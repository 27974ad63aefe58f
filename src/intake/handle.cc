// SPDX-License-Identifier: Apache-2.0
//
// event -> workflows -> plans -> executor -> ledger. Three durable commits: the event; its plans, with each action in
// the state in which it goes on; what came of the actions, with the end of the event. Nothing is done before it is on
// disk. How plans are carried out is in carry_out.cc; what comes back later (follow-ups, approvals, what a crash left
// behind) is in resume.cc and follow_ups.cc, and takes the same way.
#include "intake/handle.h"

#include <algorithm>
#include <iterator>

#include "base/digest.h"
#include "base/text.h"
#include "event/event_json.h"
#include "event/recognize.h"
#include "event/retired.h"
#include "ledger/rehearsal.h"
#include "workflow/merge_plans.h"

namespace sallyport {
namespace {

// Clocks differ.
constexpr Duration kUpdateMayBeAhead = std::chrono::hours(1);

// An event that no workflow can say more about is known by its envelope.
NewEvent EventForLedger(const Arrival& arrival, const std::string& owner,
                        const Result<std::vector<PlanToMake>>& plans) {
  NewEvent record;
  record.origin = arrival.origin;
  record.owner = owner;
  if (!arrival.event.ok()) {
    record.title = "unreadable";
    record.sha256 = Sha256Hex(arrival.event.error().message);
    return record;
  }
  const Event& event = *arrival.event;
  const bool is_about = plans.ok() && !plans->empty();
  const Matter matter = is_about ? plans->front().matter : MatterOfNotice(event, "");
  record.source = event.source;
  record.detail_type = event.detail_type;
  record.account = matter.account;
  record.region = matter.region;
  record.subject = matter.subject;
  record.title = matter.title;
  record.sha256 = ContentSha256(event);
  record.body = EventToJson(event);
  if (!is_about) return record;
  for (const PlanToMake& plan : *plans) {
    const Matter& about = plan.matter;
    record.matters.push_back({event.source, about.account, about.region, about.subject, about.title, about.severity});
  }
  return record;
}

// Why an arrival is recorded nowhere; empty: it is recorded.
std::string NothingToHandle(const Arrival& arrival, const Result<std::vector<PlanToMake>>& plans) {
  if (!arrival.nothing.empty()) return arrival.nothing;
  const bool is_clock = arrival.event.ok() && plans.ok() && plans->empty() && IsClock(*arrival.event);
  return is_clock ? "a tick of a schedule, which only gives time to follow-ups that are due (sallyport followups run)"
                  : "";
}

std::string NoWorkflow(const Event& event, const Tables& tables) {
  if (auto retired = RetiredSource(event.source)) return *std::move(retired);
  // Two workflows may take one source; those of Sallyport itself are nobody's to send.
  std::vector<std::string> sources;
  for (const Workflow& workflow : tables.workflows) {
    const bool told = std::find(sources.begin(), sources.end(), workflow.takes_what) != sources.end();
    if (!told && workflow.takes_what.find("`sallyport.") == std::string::npos) sources.push_back(workflow.takes_what);
  }
  std::string known;
  for (const std::string& source : sources) known += (known.empty() ? "" : ", ") + source;
  return "event source `" + Printable(event.source, 100) + "` is not supported (supported: " + known + ")";
}

// What a dry run recorded ends with it: nobody can look for it.
void ForgetNumbers(EventReport& report) {
  report.number.reset();
  if (report.case_number && IsRehearsed(*report.case_number)) report.case_number.reset();
  for (PlanReport& plan : report.plans) {
    if (IsRehearsed(plan.case_number)) plan.case_number = CaseNumber{};
  }
}

std::string DeliveredBefore(const AddedEvent& added) {
  const std::string event = std::to_string(added.same_as->value);
  return "same content as event " + event + " (case " + std::to_string(added.case_number.value) +
         "); nothing done. To decide again: sallyport ledger replay " + event;
}

}  // namespace

EventReport Handler::Report(const std::string& origin, std::optional<TimePoint> stop_at, const Do& work) const {
  EventReport report;
  report.origin = origin;
  const auto began = parts_.clock.Monotonic();
  const std::unique_ptr<Work> own = parts_.begin_work(stop_at);
  Executor executor(
      {parts_.ledger, own->reads(), own->writes(), own->notifier(), parts_.clock, parts_.random, own->log(), &steady_},
      parts_.execution);
  Job job{*own, executor, report, {}, stop_at};
  work(job);
  TellCases(report, *own, executor, stop_at);
  report.swp_calls = own->swp_calls();
  report.aws_calls = own->aws_calls();
  for (Message& message : own->TakeShown()) report.messages.push_back(std::move(message));
  if (parts_.execution.dry_run) ForgetNumbers(report);
  report.took = std::chrono::duration_cast<Duration>(parts_.clock.Monotonic() - began);
  return report;
}

std::string Handler::OrderKeyOf(const Arrival& arrival) const {
  const ToMake plans = PlansFor(arrival);
  if (!plans.ok() || plans->empty()) return "";
  const Matter& matter = plans->front().matter;
  return matter.subject.empty() ? "" : arrival.event->source + "/" + matter.account + "/" + matter.subject;
}

EventReport Handler::Handle(const Arrival& arrival, std::optional<TimePoint> stop_at) const {
  return Report(arrival.origin, stop_at, [&](Job& job) {
    EventReport& report = job.report;
    report.sqs_message_id = arrival.sqs_message_id;
    if (arrival.event.ok()) job.answer_token = arrival.event->answer_token;
    const ToMake plans = PlansFor(arrival);
    if (const std::string nothing = NothingToHandle(arrival, plans); !nothing.empty()) {
      report.state = EventState::kOutOfScope;
      report.reason = nothing;
      if (arrival.event.ok()) report.event = *arrival.event;
      return;
    }
    if (plans.ok() && plans->size() == 1 && plans->front().workflow->attaches) {
      return HandleAttachable(arrival, plans->front(), job);
    }
    NewEvent record = EventForLedger(arrival, parts_.owner, plans);
    // A rehearsal must not make the real thing look like a repetition, whatever ledger it is given.
    if (parts_.execution.dry_run) record.sha256 = Sha256Hex("dry run " + record.sha256);
    const auto added = parts_.ledger.AddEvent(record);
    if (!added.ok()) {
      // Nothing is decided or done about an event that is not on disk: its sender will deliver it again.
      report.ledger_failed = true;
      report.reason = "the ledger could not record the event, so nothing was done: " + added.error().ToText();
      job.work.log().Failure("event not recorded", added.error(), {{"origin", arrival.origin}});
      return;
    }
    report.number = added->number;
    report.case_number = added->case_number;
    job.work.log().AddContext({"event", added->number.value});
    // Whoever forces it wants it decided again.
    const bool anew = parts_.execution.dry_run || parts_.execution.force;
    if (added->same_as && !anew && arrival.event.ok()) {
      report.event = *arrival.event;
      return HandleRepeated(*added, job);
    }
    if (!anew && arrival.event.ok()) {
      const auto newer = NewerUpdate(plans, *added, *arrival.event);
      if (!newer.ok()) return StorageFailed(newer.error(), "looking for a newer update of the finding", job);
      if (!newer->empty()) {
        report.event = *arrival.event;
        return Finish(job, EventState::kDuplicate, *newer);
      }
    }
    HandleRecorded(arrival, plans, added->cases, job);
  });
}

// Whatever arrives last, the newer update of a finding counts. Empty: none was decided about before.
Result<std::string> Handler::NewerUpdate(const ToMake& plans, const AddedEvent& added, const Event& event) const {
  if (!plans.ok() || plans->size() != 1 || added.case_number.value == added.number.value) return std::string();
  const Matter& matter = plans->front().matter;
  if (!matter.newer_wins || !matter.time) return std::string();
  const auto before = parts_.ledger.NewestDecided(added.case_number, event.source, added.number);
  if (!before.ok()) return before.error();
  if (!before->has_value() || (*before)->event.body.empty()) return std::string();
  const auto arrivals = ParseDocument((*before)->event.body, "event", {});
  const ToMake earlier = PlansFor(arrivals.front());
  if (!earlier.ok()) return std::string();
  for (const PlanToMake& plan : *earlier) {
    if (plan.matter.subject != matter.subject || !plan.matter.time || *plan.matter.time <= *matter.time) continue;
    // A date in the future would keep every later update from being heard.
    if (*plan.matter.time - std::max(parts_.clock.Now(), (*before)->received_at) > kUpdateMayBeAhead) continue;
    return "older than what is known: this update is of " + TimeText(*matter.time) + ", event " +
           std::to_string((*before)->number.value) + " was decided with that of " + TimeText(*plan.matter.time);
  }
  return std::string();
}

// A repetition tells nothing new. But its token is new: what waits for one goes on with it.
void Handler::HandleRepeated(const AddedEvent& added, Job& job) const {
  const std::string why = DeliveredBefore(added);
  if (ContinueOwn(*added.same_as, why, job)) return;
  if (!job.answer_token.empty() && GoOnWithToken(*added.same_as, why, job)) return;
  Finish(job, EventState::kDuplicate, why);
}

// What is to be decided about the event. A follow-up is made here and nowhere else: one from outside could claim that a
// scan has ended.
Handler::ToMake Handler::PlansFor(const Arrival& arrival) const {
  const bool is_takeable = arrival.event.ok() && arrival.event->source != kFollowUpSource;
  if (!is_takeable) return std::vector<PlanToMake>();
  return PlansToMake(*arrival.event, parts_.tables, parts_.settings);
}

void Handler::HandleRecorded(const Arrival& arrival, const ToMake& plans, const std::vector<CaseNumber>& cases,
                             Job& job) const {
  if (!arrival.event.ok()) return Finish(job, EventState::kUnreadable, arrival.event.error().ToText());
  job.report.event = *arrival.event;
  if (!plans.ok()) {
    const bool is_ours = plans.error().code != ErrorCode::kInvalidInput;
    return Finish(job, is_ours ? EventState::kFailed : EventState::kUnreadable, plans.error().ToText());
  }
  if (plans->empty()) return Finish(job, EventState::kOutOfScope, NoWorkflow(*job.report.event, parts_.tables));
  if (MakePlans(*job.report.event, *plans, cases, job)) CarryOut(job);
}

// Every row that takes the event decides about each of its Matters. What one of them reads the others need not ask
// again, and what several of them want is done once.
bool Handler::MakePlans(const Event& event, const std::vector<PlanToMake>& plans, const std::vector<CaseNumber>& cases,
                        Job& job) const {
  LedgerHistory history(parts_.ledger);
  Sources sources{job.work.facts(), parts_.clock.Now(), job.work.reach(), &parts_.ledger, &history};
  std::vector<Plan> made;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const PlanToMake& to_make = plans[i];
    std::optional<CaseToAttach> attaching;
    if (to_make.workflow->attaches && i < cases.size()) {
      CaseRecord record;
      auto in_question = CaseInQuestion(cases[i], record);
      if (!in_question.ok()) {
        StorageFailed(in_question.error(), "the ledger could not be read", job);
        return false;
      }
      attaching = *std::move(in_question);
    }
    sources.attaching = attaching ? &*attaching : nullptr;
    auto plan = to_make.workflow->make_plan(event, to_make.matter, sources, parts_.settings);
    if (!plan.ok()) {
      Finish(job, EventState::kUnreadable, plan.error().ToText());
      return false;
    }
    made.push_back(*std::move(plan));
  }
  // Seen together with those that were recorded before a crash.
  const std::size_t recorded = job.runs.size();
  std::vector<Plan> all;
  for (const PlanRun& run : job.runs) all.push_back(run.plan);
  std::move(made.begin(), made.end(), std::back_inserter(all));
  MergePlans(all, recorded);
  for (std::size_t i = recorded; i < all.size(); ++i) {
    if (Status good = CheckCollecting(all[i]); !good.ok()) {
      Finish(job, EventState::kFailed, good.error().ToText());
      return false;
    }
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    PlanRun run;
    run.plan = std::move(all[recorded + i]);
    run.case_number = i < cases.size() ? cases[i] : *job.report.case_number;
    job.runs.push_back(std::move(run));
  }
  return true;
}

void Handler::Finish(Job& job, EventState state, std::string reason) const {
  EventReport& report = job.report;
  report.state = state;
  report.reason = std::move(reason);
  const Status recorded = parts_.ledger.SetEventState(*report.number, state, report.reason);
  if (recorded.ok()) return;
  job.work.log().Failure("end of event not recorded", recorded.error());
  report.ledger_failed = true;
  report.state = EventState::kFailed;
  report.reason += "; the ledger could not record this: " + recorded.error().message;
}

void Handler::TellStorageFailed(const Error& error, std::string_view doing, Job& job) {
  EventReport& report = job.report;
  report.ledger_failed = true;
  report.state = EventState::kFailed;
  report.reason = std::string(doing) + ": " + error.ToText();
  job.work.log().Failure("ledger not written", error, {{"while", doing}});
}

void Handler::StorageFailed(const Error& error, std::string_view doing, Job& job) const {
  TellStorageFailed(error, doing, job);
  EventReport& report = job.report;
  if (report.number) Finish(job, EventState::kFailed, report.reason);
}

}  // namespace sallyport
