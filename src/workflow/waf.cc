// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf.h"

#include <algorithm>
#include <map>
#include <set>

#include "action/notify_owner.h"
#include "action/update_web_acl.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "edge/reads.h"
#include "edge/text.h"
#include "workflow/host_plan.h"
#include "workflow/waf_hosts.h"

namespace sallyport {
namespace {

constexpr std::string_view kWafName = "waf";
constexpr std::string_view kScheduledEvent = "Scheduled Event";
constexpr std::size_t kMostLines = 20;     // of one sort of change, in a plan
constexpr std::size_t kMostGaps = 50;      // that are subjects of the plan
constexpr std::size_t kMostMessages = 50;  // to owners, of one run
constexpr std::size_t kMostLinesTold = 30;
// The event that `sallyport waf` makes: no schedule of AWS can have this name.
constexpr std::string_view kCommand = "sallyport waf";

// The last part of "arn:aws:events:us-east-1:111122223333:rule/sallyport-waf", of a schedule behind its group.
std::string NameOfSchedule(const Event& event) {
  if (event.resources.empty()) return "";
  const std::string& arn = event.resources.front();
  return arn.substr(arn.rfind('/') == std::string::npos ? 0 : arn.rfind('/') + 1);
}

bool IsSchedule(const Event& event) {
  const bool source = event.source == "aws.events" || event.source == "aws.scheduler";
  return source && event.detail_type == kScheduledEvent && !event.resources.empty();
}

Result<WafSchedule> ReadSchedule(const Event& event) {
  WafSchedule schedule{NameOfSchedule(event), event.time, "", "", {}};
  if (schedule.name != kCommand) return schedule;
  if (event.detail["ip_list"].HasValue()) {
    auto ask = ReadIpListAsk(event.detail);
    if (!ask.ok()) return ask.error();
    schedule.ip_list = *std::move(ask);
  }
  if (!event.detail["revert"].HasValue()) return schedule;
  JsonFields fields;
  schedule.revert_acl = fields.RequiredText(event.detail["revert"]);
  schedule.revert_group = fields.RequiredText(event.detail["group"]);
  if (!fields.status().ok()) return fields.status().error();
  return schedule;
}

bool Starts(const WafSchedule& schedule, const WorkflowSettings& settings) {
  if (schedule.name == kCommand) return true;
  const auto& names = settings.rows.Get<WafSettings>().schedules;
  if (names.empty()) return ToLowerAscii(schedule.name).find(kWafName) != std::string::npos;
  return std::find(names.begin(), names.end(), schedule.name) != names.end();
}

std::vector<Matter> AboutSchedule(const WafSchedule& schedule, const WorkflowSettings&) {
  Matter matter;
  matter.service = "WAF";
  matter.subject = "map from the edge to the host";
  matter.title = "Which hosts are behind an enforcing web ACL";
  if (!schedule.revert_acl.empty()) {
    matter.subject = schedule.revert_acl + " " + schedule.revert_group;
    matter.title = "Take " + Printable(schedule.revert_group, 200) + " out of a web ACL";
  }
  if (schedule.asks_ip_list()) {
    matter.subject = "IP list " + schedule.ip_list.list;
    matter.title = "IP sets of WAF as IP list " + Printable(schedule.ip_list.list, 200);
  }
  matter.time = schedule.time;
  return {matter};
}

std::optional<Declined> DeclineSchedule(const WafSchedule& schedule, const Matter&, const WorkflowSettings& settings) {
  if (Starts(schedule, settings)) return std::nullopt;
  return Declined{Decision::kOutOfScope,
                  {"schedule `" + Printable(schedule.name, 100) + "` does not start a run (waf.schedules)"}};
}

// What may have been read by an earlier run of SWP's rules.
void TakeKnownRules(const WafFacts& facts, const WafSettings& waf, edge::SurveyAsk& ask) {
  if (facts.before && facts.read_at - facts.before->rules_at < waf.keep_rules) ask.known_rules = facts.before->rules;
}

void NameOwners(const WorkflowSettings& settings, edge::Estate& estate) {
  const std::string team_tag = ToLowerAscii(settings.rows.Get<WafSettings>().team_tag);
  for (edge::Host& host : estate.hosts) {
    std::vector<swp::Tag> tags;
    for (const auto& [key, value] : host.tags) {
      tags.push_back({key, value});
      if (ToLowerAscii(key) == team_tag) host.team = value;
    }
    host.owner = FindOwner(tags, host.account, settings.owner).name;
  }
}

// --- what owners are told

struct ToTell {
  std::vector<const edge::RunHost*> hosts;
  std::vector<std::string> lines;
};

// Of a first run every host that the internet reaches without an enforcing ACL; then those alone of which no run said
// so, or which had one when a run could tell last. A run that could not read a region makes none of its hosts new.
std::map<std::string, ToTell> WhomToTell(const edge::Run& now, const std::optional<edge::Run>& before) {
  const auto last = before ? edge::LastStates(*before) : edge::LastStates();
  std::map<std::string, ToTell> owners;
  for (const edge::RunHost& host : now.hosts) {
    const bool bare = host.state == edge::HostState::kNot || host.state == edge::HostState::kPartly ||
                      host.state == edge::HostState::kCounts;
    const auto was = last.Of(host);
    const bool is_news = !was || *was == edge::HostState::kBehind || *was == edge::HostState::kNoWay;
    if (host.owner.empty() || !bare || !is_news) continue;
    ToTell& tell = owners[host.owner];
    tell.hosts.push_back(&host);
    if (tell.lines.size() >= kMostLinesTold) continue;
    std::string line = TitleOf({host.account, host.region, InstanceId{host.id}, host.name, std::nullopt}) + ": ";
    line += host.state == edge::HostState::kCounts   ? "its web ACL only counts"
            : host.state == edge::HostState::kPartly ? "partly behind an enforcing web ACL"
                                                     : "not behind an enforcing web ACL";
    for (const edge::RunWay& way : host.ways) {
      if (way.state != "open") continue;
      line += "; " + Printable(way.entry, 200);
      break;
    }
    tell.lines.push_back(std::move(line));
  }
  return owners;
}

PlannedAction MessageToOwner(const std::string& owner, const ToTell& tell, const edge::Estate& estate,
                             const WorkflowSettings& settings) {
  const edge::RunHost& first = *tell.hosts.front();
  NotifyOwner message;
  message.host.account = first.account;
  message.host.region = first.region;
  message.host.instance = InstanceId{first.id};
  message.host.name = first.name;
  message.host.tags.emplace();
  if (const edge::Host* known = FindHostOf(estate, first)) {
    for (const auto& [key, value] : known->tags) message.host.tags->push_back({key, value});
  }
  message.owner = owner;
  message.owner_source = FindOwner(message.host.tags, first.account, settings.owner).source;
  message.reason = "not-behind-waf";
  message.headline = tell.hosts.size() == 1
                         ? TitleOf(message.host) + " is reached from the internet without an enforcing web ACL"
                         : std::to_string(tell.hosts.size()) +
                               " of your hosts are reached from the internet without an enforcing web ACL";
  message.why_now = tell.lines;
  if (tell.hosts.size() > tell.lines.size()) {
    message.why_now.push_back("and " + std::to_string(tell.hosts.size() - tell.lines.size()) + " more");
  }
  message.to_do = {"put a web ACL in front of the load balancer, or close the way past it",
                   "operators: sallyport waf --filter " + first.id};
  std::vector<std::string> parts = {std::string(kWafName), std::string(NotifyOwner::kKind), owner};
  for (const edge::RunHost* host : tell.hosts) {
    parts.push_back(host->account + "/" + host->id + "/" + std::string(ToString(host->state)));
  }
  PlannedAction planned;
  planned.action = std::move(message);
  planned.key = IdempotencyKey(parts);
  planned.why = {"no run before this one said so of the host, or it had an enforcing web ACL since"};
  return planned;
}

void TellOwners(const WafFacts& facts, const edge::Run& now, const WorkflowSettings& settings, Plan& plan) {
  std::size_t told = 0;
  const auto owners = WhomToTell(now, facts.before);
  for (const auto& [owner, tell] : owners) {
    if (told++ >= kMostMessages) break;
    plan.actions.push_back(MessageToOwner(owner, tell, *facts.estate, settings));
  }
  if (owners.size() > kMostMessages) {
    plan.reasons.push_back(std::to_string(owners.size() - kMostMessages) +
                           " more owners are not written to in one run");
  }
}

// --- changes

// What was not read where hosts behind an ACL may be: in its account and region, of one for CloudFront anywhere.
std::string GapAround(const edge::Run& run, const UpdateWebAcl& update) {
  const bool global = update.arn.find(":global/webacl/") != std::string::npos;
  for (const edge::Gap& gap : run.gaps) {
    const bool here = gap.account == update.account && (gap.region.empty() || gap.region == update.region);
    if (global || here) return std::string(Words(gap.part)) + " of " + gap.account;
  }
  return "";
}

void AddHostsOf(const edge::Run& run, const edge::Estate* estate, UpdateWebAcl& update) {
  AddHostsBehind(run, estate, {update.arn}, update.hosts, update.unknown_hosts);
}

PlannedAction ChangeOfAcl(UpdateWebAcl update, const std::string& same, const std::string& why) {
  PlannedAction planned;
  planned.key = IdempotencyKey({std::string(UpdateWebAcl::kKind), update.change, update.Subject(), same});
  planned.action = std::move(update);
  planned.why = {why};
  return planned;
}

std::string ListOf(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// What was not read, and what of it is not known for a host. Empty: the picture is whole.
std::string WhyPartial(const edge::Estate& estate, const edge::Run& now) {
  if (std::string unread = edge::FirstUnread(estate); !unread.empty()) return unread;
  for (const edge::RunHost& host : now.hosts) {
    if (host.state == edge::HostState::kUndetermined) {
      return host.id + (host.why.empty() ? " is undetermined" : ": " + host.why.front());
    }
    if (host.swp.unread) return "what SWP does for " + host.id;
  }
  return "";
}

// What leaves no host undetermined, and keeps web ACLs from being changed all the same.
OtherSubject UnreadPart(std::string_view summary, const std::string& why) {
  OtherSubject subject;
  subject.kind = "part of the estate";
  subject.id = "unread";
  subject.name = "what was not read";
  subject.found_in = "sweep";
  subject.summary = summary;
  subject.undetermined_why = Printable(why, 300);
  return subject;
}

// Groups that would add protection, added in Count. Nothing is written on a partial picture.
void PlanChanges(const WafFacts& facts, const edge::Run& now, const WafSettings& waf, Plan& plan) {
  if (const std::string unread = WhyPartial(*facts.estate, now); !unread.empty()) {
    plan.reasons.push_back("a part of the estate was not read, so no web ACL is changed: " + unread);
    if (!plan.HasUndetermined()) plan.others.push_back(UnreadPart("no web ACL is changed", unread));
    return;
  }
  int planned = 0;
  for (const edge::RunCandidate& candidate : now.candidates) {
    if (candidate.kind != edge::CandidateKind::kAdd || candidate.advice_only || !candidate.capacity_after) continue;
    const auto acl = std::find_if(now.acls.begin(), now.acls.end(),
                                  [&](const edge::RunAcl& one) { return one.arn == candidate.acl; });
    if (acl == now.acls.end() || acl->owner != "anybody") continue;
    if (!acl->expired.empty()) {
      plan.reasons.push_back("web ACL " + Printable(acl->name, 128) + " is not changed: an expired version in it, " +
                             Printable(acl->expired.front(), 200) + ", has to be replaced first");
      continue;
    }
    if (planned++ >= waf.max_changes) {
      plan.reasons.push_back("more web ACLs could be changed than waf.max_changes " + std::to_string(waf.max_changes));
      return;
    }
    UpdateWebAcl update;
    update.change = "add";
    update.account = acl->account;
    update.region = acl->region;
    update.arn = acl->arn;
    update.acl = acl->name;
    update.vendor = candidate.group.vendor;
    update.group = candidate.group.name;
    update.in_front_of = candidate.shared_with;
    update.watch_until = FormatTime(facts.read_at + waf.watch);
    AddHostsOf(now, &*facts.estate, update);
    plan.actions.push_back(
        ChangeOfAcl(std::move(update), "",
                    "for " + ListOf(candidate.classes) + " on " + CountText(candidate.hosts.size(), "host")));
  }
}

void PlanRevert(const WafSchedule& schedule, const WafFacts& facts, Plan& plan) {
  const auto parts = PartsOfArn(schedule.revert_acl);
  const auto slash = schedule.revert_group.find('/');
  if (parts.size() != 6 || parts[2] != "wafv2" || slash == std::string::npos) {
    plan.decision = Decision::kOutOfScope;
    plan.reasons.emplace_back("not the ARN of a WAFv2 web ACL, or the group is not VENDOR/NAME");
    return;
  }
  UpdateWebAcl update;
  update.change = "remove";
  update.account = parts[4];
  update.region = parts[3];
  update.arn = schedule.revert_acl;
  update.acl = PartsOfArn(schedule.revert_acl)[5];
  update.vendor = schedule.revert_group.substr(0, slash);
  update.group = schedule.revert_group.substr(slash + 1);
  if (facts.before) {
    AddHostsOf(*facts.before, nullptr, update);
    if (const std::string gap = GapAround(*facts.before, update); !gap.empty()) {
      update.unknown_hosts = "the map of " + FormatTime(facts.before->at) + " has gaps: " + gap;
    }
  } else {
    update.unknown_hosts = facts.before_unread.empty() ? "there is no map yet" : facts.before_unread;
  }
  plan.actions.push_back(ChangeOfAcl(std::move(update), FormatTime(facts.read_at), "asked for by command"));
  plan.decision = Decision::kAct;
}

// --- the plan

void AddGaps(const edge::Run& now, Plan& plan) {
  for (std::size_t i = 0; i < now.gaps.size() && i < kMostGaps; ++i) {
    const edge::Gap& gap = now.gaps[i];
    OtherSubject subject;
    subject.kind = "part of the estate";
    subject.id = gap.account + "/" + gap.region + "/" + std::string(Words(gap.part)) + "/" + std::to_string(i);
    subject.name = Words(gap.part);
    subject.account = gap.account;
    subject.region = gap.region;
    subject.found_in = "sweep";
    subject.summary = "not read: hosts that it concerns are undetermined";
    subject.undetermined_why = Printable(gap.why, 300);
    plan.others.push_back(std::move(subject));
  }
}

// Not for each of them: a plan is about the estate, and the run has them all. `why_of`: empty for a host that is none
// of them.
template <class WhyOf>
void AddHostsNotKnown(const edge::Run& now, std::string_view id, std::string_view summary, const WhyOf& why_of,
                      Plan& plan) {
  std::size_t count = 0;
  std::string why;
  for (const edge::RunHost& host : now.hosts) {
    const std::string one = why_of(host);
    if (!one.empty() && ++count == 1) why = host.id + ": " + one;
  }
  if (count == 0) return;
  OtherSubject subject;
  subject.kind = "hosts";
  subject.id = id;
  subject.name = CountText(count, "host");
  subject.found_in = "map";
  subject.summary = summary;
  subject.undetermined_why = Printable(why, 300);
  plan.others.push_back(std::move(subject));
}

void AddUndeterminedHosts(const edge::Run& now, Plan& plan) {
  const auto why_undetermined = [](const edge::RunHost& host) -> std::string {
    if (host.state != edge::HostState::kUndetermined) return "";
    return host.why.empty() ? "undetermined" : host.why.front();
  };
  AddHostsNotKnown(now, "undetermined", "undetermined", why_undetermined, plan);
  const auto why_unread = [](const edge::RunHost& host) -> std::string {
    if (!host.swp.unread) return "";
    // Of the policy, where there is one; else SWP could not be asked for the host.
    return host.swp.policy != 0 || host.swp.why.empty() ? host.swp.classes_why : host.swp.why;
  };
  AddHostsNotKnown(now, "protection", "what SWP does for them could not be read", why_unread, plan);
}

// What is unread of a web ACL, or of the groups that it may use: it is not changed, and that is said.
void AddUnreadAcls(const edge::Run& now, Plan& plan) {
  std::map<std::string, OtherSubject> subjects;
  const auto add = [&](const std::string& id, const std::string& name, const std::string& why, const auto& of) {
    if (subjects.size() >= kMostGaps) return;
    OtherSubject& subject = subjects[id];
    subject.kind = "web ACL";
    subject.id = id;
    subject.name = Printable(name, 128);
    subject.account = of.account;
    subject.region = of.region;
    subject.found_in = "sweep";
    subject.summary = "not read: it is not changed";
    subject.undetermined_why = Printable(why, 300);
  };
  for (const edge::RunAcl& acl : now.acls) {
    if (!acl.unread_why.empty()) add(acl.arn, acl.name, acl.unread_why, acl);
    if (!acl.tags_unread_why.empty()) add(acl.arn, acl.name, "who made it: " + acl.tags_unread_why, acl);
  }
  for (const edge::RunCandidate& candidate : now.candidates) {
    const bool no_capacity = candidate.kind == edge::CandidateKind::kAdd && !candidate.capacity_after;
    if (candidate.kind != edge::CandidateKind::kUnread && !no_capacity) continue;
    const std::string why = candidate.notes.empty() ? "not read" : candidate.notes.front();
    if (!subjects.contains(candidate.acl)) add(candidate.acl, candidate.thing_name, why, candidate);
  }
  for (auto& [id, subject] : subjects) plan.others.push_back(std::move(subject));
}

void AddLines(const WafFacts& facts, edge::Run& now, Plan& plan) {
  plan.reasons.push_back(edge::Headline(now));
  if (!facts.before_unread.empty()) {
    plan.reasons.push_back("the run before could not be read, so nothing is compared: " + facts.before_unread);
  } else if (!facts.before) {
    plan.reasons.emplace_back("the first run: nothing to compare with");
  } else {
    now.before = facts.before->at;
    now.changes = edge::DifferenceLines(edge::DifferenceOf(*facts.before, now), kMostLines);
    edge::Remember(*facts.before, now);
    if (now.changes.empty()) {
      plan.reasons.push_back(std::string(edge::NoChangeWords(now)) + " since the run of " +
                             FormatTime(facts.before->at));
    }
    plan.reasons.insert(plan.reasons.end(), now.changes.begin(), now.changes.end());
  }
  std::map<edge::CandidateKind, std::size_t> kinds;
  for (const edge::RunCandidate& candidate : now.candidates) ++kinds[candidate.kind];
  for (const auto& [kind, count] : kinds) {
    plan.reasons.push_back("candidates, " + std::string(ToString(kind)) + ": " + std::to_string(count));
  }
  for (const std::string& note : now.notes) plan.reasons.push_back(Printable(note, 300));
}

}  // namespace

WafFacts GatherWaf(const WafSchedule& schedule, Sources& sources, const WorkflowSettings& settings) {
  const WafSettings& waf = settings.rows.Get<WafSettings>();
  WafFacts facts;
  facts.read_at = sources.now;
  facts.rules_at = sources.now;
  if (sources.documents != nullptr) {
    auto before = edge::ReadRun(*sources.documents);
    if (before.ok())
      facts.before = *std::move(before);
    else
      facts.before_unread = before.error().ToText();
  }
  if (schedule.asks_ip_list()) facts.ip_list = GatherIpList(schedule.ip_list, sources);
  if (schedule.asks_ip_list() || !schedule.revert_acl.empty()) return facts;
  edge::Reads* reads = sources.reach == nullptr ? nullptr : sources.reach->Edge();
  if (reads == nullptr) {
    facts.estate = Error{ErrorCode::kUnavailable, "AWS cannot be asked here", ""};
    return facts;
  }
  edge::SurveyAsk ask;
  ask.accounts = waf.accounts;
  ask.resource_types = waf.resource_types;
  const auto fit = edge::ReadFitSettings(waf.groups);
  if (!fit.ok()) {
    facts.estate = fit.error();
    return facts;
  }
  for (const auto& [name, groups] : fit->replaced) ask.groups.insert(ask.groups.end(), groups.begin(), groups.end());
  TakeKnownRules(facts, waf, ask);
  facts.estate = reads->ReadEstate(ask);
  if (!facts.estate.ok()) return facts;
  facts.rules = reads->AddSwp(ask, sources.now, *facts.estate);
  // As old as the oldest of them.
  if (!ask.known_rules.empty()) facts.rules_at = facts.before->rules_at;
  NameOwners(settings, *facts.estate);
  return facts;
}

void DecideWaf(const WafSchedule& schedule, const WafFacts& facts, const WorkflowSettings& settings, Plan& plan) {
  if (schedule.asks_ip_list()) {
    return DecideIpList(schedule.ip_list, facts.ip_list, facts.before, facts.before_unread, facts.read_at, plan);
  }
  if (!schedule.revert_acl.empty()) return PlanRevert(schedule, facts, plan);
  plan.reasons.push_back("started by schedule `" + Printable(schedule.name, 100) + "`");
  if (!facts.estate.ok()) {
    OtherSubject subject;
    subject.kind = "part of the estate";
    subject.id = "all";
    subject.name = "the whole estate";
    subject.found_in = "sweep";
    subject.summary = "not read: nothing is known, and the run before stays";
    subject.undetermined_why = facts.estate.error().ToText();
    plan.others.push_back(std::move(subject));
    plan.decision = Decision::kUndetermined;
    return;
  }
  const WafSettings& waf = settings.rows.Get<WafSettings>();
  const edge::Map map = edge::MakeMap(*facts.estate);
  const auto fit = edge::ReadFitSettings(waf.groups).value_or({});
  edge::Run now = edge::MakeRun(*facts.estate, map, edge::FindCandidates(*facts.estate, map, fit), facts.read_at);
  now.rules = facts.rules;
  now.rules_at = facts.rules_at;
  AddLines(facts, now, plan);
  AddGaps(now, plan);
  AddUndeterminedHosts(now, plan);
  AddUnreadAcls(now, plan);
  if (waf.tell_owners) TellOwners(facts, now, settings, plan);
  if (waf.change) PlanChanges(facts, now, waf, plan);
  plan.new_run = NewRun{std::string(edge::kRunDocument), edge::PiecesOf(now)};
  const bool changes = std::any_of(plan.actions.begin(), plan.actions.end(),
                                   [](const PlannedAction& planned) { return planned.action.Is<UpdateWebAcl>(); });
  plan.decision = changes ? Decision::kAct : DecisionOf(plan);
}

Workflow WafRow() {
  const WorkflowOf<WafSchedule, WafFacts> row = {
      .name = kWafName,
      .service = "WAF",
      .source = "aws.events",
      .detail_types = {kScheduledEvent},
      .read = ReadSchedule,
      .about = AboutSchedule,
      .decline = DeclineSchedule,
      .gather = [](const WafSchedule& schedule, const Matter&, Sources& sources,
                   const WorkflowSettings& settings) { return GatherWaf(schedule, sources, settings); },
      .plan = DecideWaf,
      .keys = WafKeys()};
  Workflow made = row.Row();
  made.takes_what = "`aws.events`, `aws.scheduler`";
  made.takes = IsSchedule;
  return made;
}

}  // namespace sallyport
