// SPDX-License-Identifier: Apache-2.0
//
// Events that have no case of their own: they are evidence in the open cases of the hosts that they name. What belongs
// to no open case is counted and told in the log, and changes nothing. Plans are made before the event is recorded,
// from reads alone: what is left out of them has no record.
#include <algorithm>
#include <map>

#include "base/bounds.h"
#include "base/digest.h"
#include "base/text.h"
#include "event/event_json.h"
#include "event/parse.h"
#include "executor/ledger_history.h"
#include "intake/handle.h"
#include "intake/received.h"
#include "workflow/swp_events.h"
#include "workflow/swp_events_settings.h"

namespace sallyport {
namespace {

static_assert(kEvidenceSource == kSwpEventsSource);

// Open cases of one host that are looked at; whoever has more has a newer one among these.
constexpr std::size_t kMostCasesOfHost = 100;
constexpr std::string_view kOpenedTitle = "Malware reported by Server & Workload Protection";
constexpr double kOpenedSeverity = 8;  // high, as GuardDuty has it for malware on a host

std::string SubjectOfOpened(const std::string& instance) {
  return "malware on " + instance;
}

Matter MatterOfCase(const CaseRecord& record, const Matter& of_event) {
  Matter matter = of_event;
  matter.subject = record.subject;
  matter.title = record.title;
  matter.account = record.account;
  matter.region = record.region;
  matter.severity = record.severity;
  return matter;
}

CaseMatter LedgerMatterOf(const CaseRecord& record) {
  return {record.service, record.account, record.region, record.subject, record.title, record.severity};
}

// The case that malware opens on a host that has none.
CaseMatter MatterOfOpened(const SwpEvidence& evidence) {
  const std::string host = evidence.hosts.empty() ? "" : *evidence.hosts.begin();
  const std::size_t account = host.find('/');
  const std::size_t instance = host.rfind('/');
  if (account == std::string::npos || instance <= account) return {};
  return {std::string(kEvidenceSource),
          host.substr(0, account),
          host.substr(account + 1, instance - account - 1),
          SubjectOfOpened(host.substr(instance + 1)),
          std::string(kOpenedTitle),
          kOpenedSeverity};
}

std::string CountWord(std::size_t events) {
  return std::to_string(events) + (events == 1 ? " SWP event" : " SWP events");
}

std::string JoinedReasons(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace

// What its newest finding names at the other end; nothing where the ledger does not hold its text any more.
std::set<std::string> Handler::RemotesOf(const CaseRecord& record) const {
  std::set<std::string> remotes;
  const auto opened = parts_.ledger.GetEvent(record.event);
  if (!opened.ok() || opened->event.body.empty()) return remotes;
  const auto arrivals = ParseDocument(opened->event.body, "event", {});
  if (!arrivals.front().event.ok()) return remotes;
  for (const Workflow* workflow : parts_.tables.WorkflowsFor(*arrivals.front().event)) {
    if (workflow->remotes) remotes.merge(workflow->remotes(*arrivals.front().event));
  }
  return remotes;
}

Result<CaseToAttach> Handler::CaseInQuestion(CaseNumber number, CaseRecord& record) const {
  auto found = parts_.ledger.GetCase(number);
  if (!found.ok()) return found.error();
  record = *std::move(found);
  LedgerHistory history(parts_.ledger);
  auto evidence = history.EvidenceOf(number.value);
  if (!evidence.ok()) return evidence.error();
  CaseToAttach attaching;
  attaching.number = number.value;
  // A finding comes minutes after what it reports, and so do SWP's events: with the next heartbeat.
  attaching.opened_at = record.opened_at - parts_.settings.rows.Get<SwpEventsSettings>().before;
  // Its first event came after what it reports.
  if (record.service == kEvidenceSource) attaching.opened_at -= parts_.settings.gates.max_event_age;
  attaching.hosts = record.hosts;
  attaching.remotes = RemotesOf(record);
  attaching.so_far = *std::move(evidence);
  attaching.wants_whole = history.PlansSinceWhole() >= LedgerHistory::kPlansBetweenWholes;
  return attaching;
}

// The open cases of these hosts, each once, the oldest first.
Result<std::vector<CaseNumber>> Handler::OpenCasesOf(const std::vector<std::string>& hosts) const {
  std::set<std::int64_t> numbers;
  for (const std::string& host : hosts) {
    for (const CaseState state : {CaseState::kOpen, CaseState::kInProgress, CaseState::kNeedsPerson}) {
      CaseFilter filter;
      filter.host = host;
      filter.state = state;
      filter.limit = kMostCasesOfHost;
      const auto cases = parts_.ledger.ListCases(filter);
      if (!cases.ok()) return cases.error();
      for (const CaseRecord& record : *cases) {
        // One without a subject is of an event that nothing can be said about.
        if (!record.subject.empty()) numbers.insert(record.number.value);
      }
    }
  }
  std::vector<CaseNumber> cases;
  cases.reserve(numbers.size());
  for (const std::int64_t number : numbers) cases.push_back(CaseNumber{number});
  return cases;
}

// As if a case of the host were open, or since the one was closed that malware had opened.
Result<CaseToAttach> Handler::CaseToOpen(const std::string& host) const {
  CaseToAttach attaching;
  attaching.opened_at = parts_.clock.Now() - parts_.settings.gates.max_event_age;
  attaching.hosts = {"/" + host};
  CaseFilter filter;
  filter.host = host;
  filter.text = SubjectOfOpened(host);
  const auto before = parts_.ledger.ListCases(filter);
  if (!before.ok()) return before.error();
  for (const CaseRecord& record : *before) {
    if (record.service != kEvidenceSource || record.subject != SubjectOfOpened(host)) continue;
    LedgerHistory history(parts_.ledger);
    auto evidence = history.EvidenceOf(record.number.value);
    if (!evidence.ok()) return evidence.error();
    attaching.so_far = *std::move(evidence);
    attaching.opened_at = std::max(attaching.opened_at, record.closed_at.value_or(record.opened_at));
  }
  return attaching;
}

// Of a row that attaches there is one plan for each case of the event, once it has any.
Handler::ToMake Handler::ForCases(ToMake plans, const std::vector<CaseNumber>& cases) const {
  if (!plans.ok() || plans->size() != 1 || !plans->front().workflow->attaches) return plans;
  std::vector<PlanToMake> each;
  for (const CaseNumber number : cases) {
    const auto record = parts_.ledger.GetCase(number);
    if (!record.ok()) return record.error();
    each.push_back({plans->front().workflow, MatterOfCase(*record, plans->front().matter)});
  }
  return each;
}

// One plan about one case, from reads alone.
Result<Plan> Handler::PlanToAttach(const Event& event, const PlanToMake& to_make, const CaseToAttach& attaching,
                                   Job& job) const {
  LedgerHistory history(parts_.ledger);
  Sources sources{job.work.facts(), parts_.clock.Now(), nullptr, &parts_.ledger, &history, &attaching};
  return to_make.workflow->make_plan(event, to_make.matter, sources, parts_.settings);
}

// What is to be attached where; an Error: the ledger cannot be read.
Result<Handler::Attaching> Handler::WhatToAttach(const Event& event, const Attachable& attachable,
                                                 const PlanToMake& row, Job& job) const {
  Attaching found;
  const auto add = [&](const CaseToAttach& attaching, const Matter& matter, CaseMatter about) -> Status {
    auto plan = PlanToAttach(event, {row.workflow, matter}, attaching, job);
    if (!plan.ok()) return plan.error();
    if (plan->decision == Decision::kUndetermined) found.undetermined = JoinedReasons(plan->reasons);
    if (!plan->evidence) {
      if (!plan->reasons.empty()) found.left_out.push_back(JoinedReasons(plan->reasons));
      return Ok();
    }
    found.attached += plan->evidence->CountAll() - (plan->evidence->whole ? attaching.so_far.CountAll() : 0);
    if (attaching.number == 0) about = MatterOfOpened(*plan->evidence);
    if (attaching.number == 0) {
      plan->matter.subject = about.subject;
      plan->matter.title = about.title;
      plan->matter.account = about.account;
      plan->matter.region = about.region;
      plan->matter.severity = about.severity;
    }
    found.plans.push_back(*std::move(plan));
    found.matters.push_back(std::move(about));
    return Ok();
  };
  const auto cases = OpenCasesOf(attachable.hosts);
  if (!cases.ok()) return cases.error();
  found.cases = cases->size();
  std::set<std::string> with_case;
  for (const CaseNumber number : *cases) {
    CaseRecord record;
    const auto attaching = CaseInQuestion(number, record);
    if (!attaching.ok()) return attaching.error();
    for (const std::string& host : record.hosts) with_case.insert(host.substr(host.rfind('/') + 1));
    const Status added = add(*attaching, MatterOfCase(record, row.matter), LedgerMatterOf(record));
    if (!added.ok()) return added.error();
    if (!found.undetermined.empty()) return found;
  }
  if (!attachable.may_open) return found;
  for (const std::string& host : attachable.hosts) {
    if (with_case.contains(host)) continue;
    const auto attaching = CaseToOpen(host);
    if (!attaching.ok()) return attaching.error();
    const Status added = add(*attaching, row.matter, {});
    if (!added.ok()) return added.error();
    if (!found.undetermined.empty()) return found;
  }
  return found;
}

// Why SNS did not send it; empty: it did, or nobody asks. An Error: it could not be found out.
Result<std::string> Handler::WhyForged(const Event& event) const {
  if (parts_.proof == nullptr || event.notification == nullptr) return std::string();
  return parts_.proof->WhyForged(*event.notification);
}

void Handler::HandleAttachable(const Arrival& arrival, const PlanToMake& row, Job& job) const {
  const Event& event = *arrival.event;
  job.report.event = event;
  const auto attachable = row.workflow->attaches(event, parts_.settings);
  if (!attachable.ok()) return EndUnattached(EventState::kUnreadable, attachable.error().ToText(), {}, job);
  Received received;
  received.events = static_cast<std::int64_t>(attachable->count);
  if (!attachable->refused.empty()) {
    received.refused = true;
    return EndUnattached(EventState::kOutOfScope, attachable->refused, received, job);
  }
  const auto forged = WhyForged(event);
  if (!forged.ok()) {
    job.report.state = EventState::kUndetermined;
    job.report.reason = "undetermined whether SNS sent it: " + forged.error().ToText();
    job.work.log().Warning("events not attached", {{"reason", job.report.reason}});
    return;
  }
  if (!forged->empty()) {
    received.refused = true;
    return EndUnattached(EventState::kOutOfScope, "not believed: " + *forged, received, job);
  }
  if (!attachable->nothing.empty()) return EndUnattached(EventState::kOutOfScope, attachable->nothing, received, job);
  auto found = WhatToAttach(event, *attachable, row, job);
  if (!found.ok()) return FailUnattached(found.error(), job);
  if (!found->undetermined.empty()) {
    job.report.state = EventState::kUndetermined;
    job.report.reason = found->undetermined;
    job.work.log().Warning("events not attached", {{"reason", found->undetermined}});
    return;
  }
  if (found->plans.empty()) {
    std::string why =
        found->cases == 0 ? "no open case of a host that the events name" : JoinedReasons(found->left_out);
    if (why.empty()) why = "nothing that belongs to an open case";
    return EndUnattached(EventState::kOutOfScope, CountWord(attachable->count) + ": " + why, received, job);
  }
  received.attached = found->attached;
  RecordAttached(arrival, *found, job);
  if (!job.report.ledger_failed && !parts_.execution.dry_run) {
    if (const Status counted = CountReceived(parts_.ledger, received); !counted.ok()) {
      job.work.log().Failure("what was received is not counted", counted.error());
    }
  }
}

// The event with its plans; one about more cases than an event can be about is recorded several times.
void Handler::RecordAttached(const Arrival& arrival, Attaching& found, Job& job) const {
  for (std::size_t first = 0; first < found.plans.size(); first += bounds::kMattersPerEvent) {
    const std::size_t end = std::min(found.plans.size(), first + bounds::kMattersPerEvent);
    if (first == 0) {
      RecordPart(arrival, found, first, end, job);
      if (job.report.ledger_failed) return;
      continue;
    }
    const EventReport more =
        Report(arrival.origin, job.stop_at, [&](Job& part) { RecordPart(arrival, found, first, end, part); });
    job.report.ledger_failed = job.report.ledger_failed || more.ledger_failed;
    job.report.reason += "; event " + std::to_string(more.number ? more.number->value : 0) + ": " + more.reason;
  }
}

void Handler::RecordPart(const Arrival& arrival, const Attaching& found, std::size_t first, std::size_t end,
                         Job& job) const {
  const Event& event = *arrival.event;
  job.report.event = event;
  for (std::size_t i = first; i < end; ++i) {
    PlanRun run;
    run.plan = found.plans[i];
    job.runs.push_back(std::move(run));
  }
  if (parts_.execution.dry_run) {
    job.report.state = EventState::kDone;
    job.report.reason = "dry run: would attach to " + std::to_string(found.plans.size()) +
                        (found.plans.size() == 1 ? " case" : " cases");
    return TellReport(job);
  }
  NewEvent record;
  record.source = event.source;
  record.detail_type = event.detail_type;
  record.title = found.plans[first].matter.service + " events";
  record.origin = arrival.origin;
  record.owner = parts_.owner;
  record.sha256 = first == 0 ? ContentSha256(event) : Sha256Hex(ContentSha256(event) + "/" + std::to_string(first));
  record.body = EventToJson(event);
  record.matters.assign(found.matters.begin() + static_cast<std::ptrdiff_t>(first),
                        found.matters.begin() + static_cast<std::ptrdiff_t>(end));
  const auto added = parts_.ledger.AddEvent(record);
  if (!added.ok()) return FailUnattached(added.error(), job);
  job.report.number = added->number;
  job.report.case_number = added->case_number;
  job.work.log().AddContext({"event", added->number.value});
  for (std::size_t i = 0; i < job.runs.size(); ++i) job.runs[i].case_number = added->cases.at(i);
  if (added->same_as) {
    job.runs.clear();
    return HandleRepeated(*added, job);
  }
  CarryOut(job);
}

// Nothing of it is evidence: it is counted, and the log says why.
void Handler::EndUnattached(EventState state, const std::string& why, const Received& received, Job& job) const {
  job.report.state = state;
  job.report.reason = why;
  job.work.log().Info("events not attached", {{"reason", why}, {"events", received.events}});
  if (parts_.execution.dry_run) return;
  if (const Status counted = CountReceived(parts_.ledger, received); !counted.ok())
    FailUnattached(counted.error(), job);
}

// Nothing is on disk: its sender will deliver it again.
void Handler::FailUnattached(const Error& error, Job& job) {
  job.report.ledger_failed = true;
  job.report.state = EventState::kFailed;
  job.report.reason = "the ledger could not be read or written, so nothing was attached: " + error.ToText();
  job.work.log().Failure("events not attached", error);
}

}  // namespace sallyport
