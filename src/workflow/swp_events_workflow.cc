// SPDX-License-Identifier: Apache-2.0
#include "workflow/swp_events_workflow.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view kSwpEventsService = "Server & Workload Protection";

// Where an event belongs: the host of the case that it names; nullptr: none.
const std::string* HostIn(const CaseToAttach& attaching, const std::string& instance) {
  if (instance.empty()) return nullptr;
  const auto found = std::find_if(attaching.hosts.begin(), attaching.hosts.end(), [&](const std::string& host) {
    return host.size() > instance.size() && host.ends_with(instance) && host[host.size() - instance.size() - 1] == '/';
  });
  return found == attaching.hosts.end() ? nullptr : &*found;
}

// How many events were left out, and why. The order is the one in which they are told.
struct LeftOut {
  int forged = 0;
  int foreign = 0;
  int late = 0;
  int future = 0;
  int undated = 0;
  int repeated = 0;
  std::string forged_why;

  static void Add(int count, std::string_view one, std::string_view several, std::vector<std::string>& reasons) {
    if (count == 0) return;
    reasons.push_back(std::to_string(count) + " " + std::string(count == 1 ? one : several));
  }
  void Tell(std::vector<std::string>& reasons) const {
    Add(forged, "event not believed: ", "events not believed: ", reasons);
    if (forged > 0) reasons.back() += forged_why;
    Add(foreign, "event of another SWP tenant not taken", "events of another SWP tenant not taken", reasons);
    Add(late, "event from before the case was opened not taken", "events from before the case was opened not taken",
        reasons);
    Add(future, "event from the future not taken", "events from the future not taken", reasons);
    Add(undated, "event without a readable LogDate not taken", "events without a readable LogDate not taken", reasons);
    Add(repeated, "event repeated", "events repeated", reasons);
  }
};

// Why the record does not bear out that the event is about that instance; empty: it does.
std::string WhyForged(const SwpEvent& event, const std::string& host, const SwpEventFacts& facts) {
  const auto known = facts.attaching->so_far.computers.find(event.instance);
  if (known != facts.attaching->so_far.computers.end() && known->second == event.computer.value) return "";
  if (event.computer.value == 0) return "the event names no computer (HostID)";
  const auto found = facts.records.find(event.computer);
  const std::string computer = "computer " + std::to_string(event.computer.value);
  if (found == facts.records.end() || found->second.instance.empty()) {
    return "SWP's record of " + computer + " names no EC2 instance, the event names " + event.instance;
  }
  const SwpIdentity& record = found->second;
  if (record.instance != event.instance) {
    return "SWP's record of " + computer + " is of " + Printable(record.instance, 40) + ", the event names " +
           event.instance;
  }
  const std::string account = host.substr(0, host.find('/'));
  if (!record.account.empty() && !account.empty() && record.account != account) {
    return "SWP's record of " + computer + " is of account " + Printable(record.account, 20) + ", the case of " +
           account;
  }
  return "";
}

void AddLine(const SwpEvent& event, SwpEvidence& evidence) {
  // What matters to whoever looks at the case; the rest is counted.
  const bool is_told = event.kind == SwpEventKind::kMalware || event.kind == SwpEventKind::kIntegrity ||
                       event.kind == SwpEventKind::kIntrusion || event.kind == SwpEventKind::kUnknown;
  if (is_told && evidence.lines.size() < kEvidenceLines) evidence.lines.insert(LineOf(event));
}

// Where there is no case yet SWP's record alone says whose host it is.
std::string HostOfRecord(const SwpEvent& event, const SwpEventFacts& facts) {
  const auto record = facts.records.find(event.computer);
  if (record == facts.records.end()) return "//" + event.instance;
  return record->second.account + "/" + record->second.region + "/" + event.instance;
}

void Attach(const SwpEvent& event, const std::string& host, const CaseToAttach& attaching, SwpEvidence& evidence) {
  evidence.ids[{event.kind, event.outcome}].insert(event.id);
  evidence.hosts.insert(host);
  evidence.computers.emplace(event.instance, event.computer.value);
  if (!evidence.newest || *evidence.newest < *event.at) evidence.newest = event.at;
  AddLine(event, evidence);
  if (event.kind != SwpEventKind::kIntrusion || event.outcome != SwpOutcome::kBlocked) return;
  for (const std::string& address : event.addresses) {
    if (attaching.remotes.contains(address) && evidence.blocked.size() < kEvidenceLines)
      evidence.blocked.insert(address);
  }
}

std::string FirstUndeterminedRecord(const SwpEventFacts& facts) {
  for (const auto& [computer, record] : facts.records) {
    if (!record.undetermined.empty()) {
      return "whose host it is is undetermined: computer " + std::to_string(computer.value) +
             " could not be read in SWP: " + record.undetermined;
    }
  }
  return "";
}

bool IsForeign(const SwpEvent& event, const SwpEventsSettings& settings) {
  return !settings.tenant.empty() && event.tenant != settings.tenant;
}

// What of the events is evidence in the case.
SwpEvidence Judge(const SwpEvents& read, const SwpEventFacts& facts, const SwpEventsSettings& settings,
                  LeftOut& left_out) {
  const CaseToAttach& attaching = *facts.attaching;
  SwpEvidence evidence;
  for (const SwpEvent& event : read.events) {
    const std::string* host = HostIn(attaching, event.instance);
    if (host == nullptr) continue;
    if (IsForeign(event, settings)) {
      ++left_out.foreign;
    } else if (!event.at) {
      ++left_out.undated;
    } else if (*event.at < attaching.opened_at) {
      ++left_out.late;
    } else if (*event.at > facts.now + kSwpClockMayDiffer) {
      ++left_out.future;
    } else if (attaching.so_far.Has(event.id) || evidence.Has(event.id)) {
      ++left_out.repeated;
    } else if (const std::string why = WhyForged(event, *host, facts); !why.empty()) {
      ++left_out.forged;
      left_out.forged_why = why;
    } else if (attaching.number != 0 || (event.kind == SwpEventKind::kMalware && !IsHandled(event.outcome))) {
      Attach(event, attaching.number == 0 ? HostOfRecord(event, facts) : *host, attaching, evidence);
    }
  }
  return evidence;
}

Plan::Says SaysOfEvidence(const SwpEvidence& evidence) {
  if (evidence.MalwareLeft() > 0) return Plan::Says::kMalware;
  return evidence.Count(SwpEventKind::kMalware) > 0 ? Plan::Says::kMalwareHandled : Plan::Says::kNothing;
}

// ------------------------------------------------------------------------------------------------ the row's parts

Matter MatterOfEvents() {
  Matter matter;
  matter.service = kSwpEventsService;
  matter.title = "events of Server & Workload Protection";
  return matter;
}

std::vector<Matter> AboutSwpEvents(const SwpEvents&, const WorkflowSettings&) {
  return {MatterOfEvents()};
}

// The records of the computers that the case's events name, where the case does not know them yet. A computer that is
// gone is one that names no instance.
SwpEventFacts GatherSwpEvents(const SwpEvents& read, const Matter&, Sources& sources, const WorkflowSettings& all) {
  SwpEventFacts facts;
  facts.attaching = sources.attaching;
  facts.now = sources.now;
  if (sources.attaching == nullptr) return facts;
  const auto& known = sources.attaching->so_far.computers;
  const SwpEventsSettings& settings = all.rows.Get<SwpEventsSettings>();
  for (const SwpEvent& event : read.events) {
    const bool is_asked = event.computer.value != 0 && event.at && *event.at >= sources.attaching->opened_at &&
                          HostIn(*sources.attaching, event.instance) != nullptr && !IsForeign(event, settings) &&
                          !sources.attaching->so_far.Has(event.id);
    const auto before = known.find(event.instance);
    const bool is_known = before != known.end() && before->second == event.computer.value;
    if (!is_asked || (is_known && sources.attaching->number != 0)) continue;
    if (facts.records.contains(event.computer)) continue;
    const auto computer = sources.swp.GetComputer(event.computer);
    SwpIdentity identity;
    if (computer.ok()) {
      identity = {computer->instance_id, computer->account_id, computer->region, ""};
    } else if (computer.error().code != ErrorCode::kNotFound) {
      identity.undetermined = computer.error().message;
    }
    facts.records.emplace(event.computer, std::move(identity));
    // Nothing can be decided without it: the others need not be asked.
    if (!facts.records.at(event.computer).undetermined.empty()) break;
  }
  return facts;
}

void DecideSwpEvents(const SwpEvents& read, const SwpEventFacts& facts, const WorkflowSettings& settings, Plan& plan) {
  plan.decision = Decision::kNothing;
  if (facts.attaching == nullptr) {
    plan.decision = Decision::kOutOfScope;
    plan.reasons.emplace_back("no open case of a host that it names");
    return;
  }
  if (const std::string why = FirstUndeterminedRecord(facts); !why.empty()) {
    plan.decision = Decision::kUndetermined;
    plan.reasons.push_back(why);
    return;
  }
  LeftOut left_out;
  SwpEvidence evidence = Judge(read, facts, settings.rows.Get<SwpEventsSettings>(), left_out);
  const bool any = evidence.CountAll() > 0;
  if (any) plan.reasons.push_back("SWP reports " + CountsOf(evidence));
  left_out.Tell(plan.reasons);
  if (!any) return;
  plan.says = SaysOfEvidence(evidence);
  if (facts.attaching->wants_whole) {
    Merge(facts.attaching->so_far, evidence);
    evidence = Whole(std::move(evidence));
  }
  plan.evidence = std::move(evidence);
}

std::string WhyRefused(const Event& event, const SwpEventsSettings& settings) {
  if (!settings.AreTaken()) return "SWP events are not taken: no topic is set (Fix: set swp_events.topics)";
  if (event.topic.empty()) {
    return settings.without_topic ? ""
                                  : "not believed: it did not come from an SNS topic (Fix: swp_events.without_topic)";
  }
  const bool is_ours = std::find(settings.topics.begin(), settings.topics.end(), event.topic) != settings.topics.end();
  return is_ours ? "" : "not believed: topic `" + Printable(event.topic, 256) + "` is not in swp_events.topics";
}

Result<Attachable> AttachesSwpEvents(const Event& event, const WorkflowSettings& all) {
  const auto read = ReadSwpEvents(event);
  if (!read.ok()) return read.error();
  const SwpEventsSettings& settings = all.rows.Get<SwpEventsSettings>();
  Attachable attachable;
  attachable.refused = WhyRefused(event, settings);
  attachable.count = read->events.size();
  attachable.may_open = settings.open_cases;
  if (read->events.empty()) attachable.nothing = "a test message of SWP: it holds no event";
  std::set<std::string> hosts;
  for (const SwpEvent& one : read->events) {
    if (!one.instance.empty()) hosts.insert(one.instance);
  }
  attachable.hosts.assign(hosts.begin(), hosts.end());
  return attachable;
}

}  // namespace

WorkflowOf<SwpEvents, SwpEventFacts> SwpEventsWorkflow() {
  return {.name = kSwpEventsName,
          .service = kSwpEventsService,
          .source = kSwpEventsSource,
          .detail_types = {kSwpEventsDetailType},
          .read = ReadSwpEvents,
          .about = AboutSwpEvents,
          .decline = nullptr,
          .gather = GatherSwpEvents,
          .plan = DecideSwpEvents,
          .bare_form = SwpEventsBareForm(),
          .keys = SwpEventsKeys(),
          .attaches = AttachesSwpEvents};
}

}  // namespace sallyport
