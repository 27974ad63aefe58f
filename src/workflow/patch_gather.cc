// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_gather.h"

#include <algorithm>
#include <utility>

#include "base/own_json.h"
#include "workflow/inspector_settings.h"
#include "workflow/rule_needs.h"

namespace sallyport {
namespace {

// So many policies and computers are asked which single rules they override.
constexpr std::size_t kMostPoliciesAsked = 100;
constexpr std::size_t kMostComputersAsked = 100;
// An agent that has not received its policy for longer is not about to.
constexpr Duration kPolicyOnItsWay = std::chrono::minutes(30);

struct MemberNews {
  std::vector<PatchFinding> findings;
  std::optional<SweepNews> sweep;
};

Result<MemberNews> ReadPatchMember(const Member& member) {
  const auto content = Json::Parse(member.content.json);
  if (!content.ok()) return content.error();
  if (Status known = CheckFormat((*content)["version"], kPatchMemberFormat, "a finding"); !known.ok())
    return known.error();
  MemberNews news;
  for (const Json& element : (*content)["findings"].Elements()) {
    auto finding = PatchFindingFromJson(element);
    if (!finding.ok()) return finding.error();
    news.findings.push_back(*std::move(finding));
  }
  const Json sweep = (*content)["sweep"];
  if (sweep.IsObject()) {
    news.sweep.emplace();
    for (const Json& key : sweep["vanished"].Elements()) news.sweep->vanished.push_back(key.StringOr(""));
  }
  return news;
}

// Of PatchFacts::cases.
std::string CaseKeyOf(const std::string& finding, const std::string& cve) {
  std::string key = finding;
  return key.append(" ").append(cve);
}

// A case is one CVE in one account. Its hosts of which SWP did not protect some are looked at together: the newest
// answer says whether the case needs a person.
void LookAgainAtUnprotected(PatchFacts& facts) {
  std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> cases;  // by account and CVE
  for (const std::string& key : facts.concerned) {
    const auto entry = facts.ledger->entries.find(key);
    if (entry == facts.ledger->entries.end()) continue;
    for (const std::string& cve : entry->second.finding.cves) {
      const auto known = facts.cases.find(CaseKeyOf(key, cve));
      if (known == facts.cases.end()) continue;
      auto& all = cases[{entry->second.finding.host.account, cve}];
      all.insert(all.end(), known->second.begin(), known->second.end());
    }
  }
  for (const auto& [key, entry] : facts.ledger->entries) {
    if (!IsOpenFinding(entry)) continue;
    for (const auto& [cve, cover] : entry.covers) {
      const auto of = cases.find({entry.finding.host.account, cve});
      if (cover.state != CoverageState::kNotProtected || of == cases.end()) continue;
      facts.concerned.insert(key);
      facts.cases.try_emplace(CaseKeyOf(key, cve), of->second);
    }
  }
}

// Takes the members into the ledger; what they concern is looked at.
void TakeMembers(const FollowUpContext& context, PatchFacts& facts) {
  PatchLedger& ledger = *facts.ledger;
  for (const Member& member : context.members) {
    const auto news = ReadPatchMember(member);
    if (!news.ok()) {
      facts.unreadable.push_back("event " + std::to_string(member.event) + ": " + news.error().message);
      continue;
    }
    for (const PatchFinding& finding : news->findings) {
      (void)ledger.Take(finding, facts.read_at);
      facts.concerned.insert(finding.Key());
      const auto entry = ledger.entries.find(finding.Key());
      for (const std::string& cve : finding.cves) {
        auto& cases = facts.cases[finding.Key() + " " + cve];
        if (std::find(cases.begin(), cases.end(), member.case_number) == cases.end())
          cases.push_back(member.case_number);
        if (entry != ledger.entries.end()) entry->second.cases[cve] = member.case_number;
      }
    }
    if (!news->sweep) continue;
    facts.swept = true;
    for (const std::string& key : news->sweep->vanished) ledger.Vanish(key, facts.read_at);
  }
  // A sweep is the moment to look at all that is open: rules come with updates, and people change policies. What could
  // not be read the last time is looked at again by every answer.
  for (const auto& [key, entry] : ledger.entries) {
    if (IsOpenFinding(entry) && (facts.swept || entry.unread)) facts.concerned.insert(key);
  }
  LookAgainAtUnprotected(facts);
}

std::vector<const PatchEntry*> OpenOnes(const PatchFacts& facts) {
  std::vector<const PatchEntry*> open;
  for (const std::string& key : facts.concerned) {
    const auto found = facts.ledger->entries.find(key);
    if (found != facts.ledger->entries.end() && IsOpenFinding(found->second)) open.push_back(&found->second);
  }
  return open;
}

// What has to be asked further, once it is known what covers what.
struct FurtherReads {
  std::set<std::int32_t> policies;                                  // which of their rules are overridden
  std::set<std::int32_t> computers;                                 // the same
  std::set<std::int32_t> to_change;                                 // policies whose hosts have to be known
  std::vector<std::pair<std::int32_t, const PatchEntry*>> lacking;  // hosts that lack rules, by computer
  std::size_t most_rules = 0;                                       // on one of these, with those that it lacks
};

FurtherReads LookOnce(const PatchFacts& facts) {
  FurtherReads further;
  for (const PatchEntry* entry : OpenOnes(facts)) {
    const HostView view = facts.estate.HostFor(entry->finding);
    if (!view.computer || !view.computer->ok()) continue;
    const swp::Computer& computer = (**view.computer).computer;
    std::set<std::int32_t> missing;
    for (const std::string& cve : entry->finding.cves) {
      const Coverage coverage = CoverageIn(*facts.ledger, cve, view);
      if (!coverage.assigned.empty() && computer.policy) further.policies.insert(computer.policy->value);
      if (Prevents(coverage.state)) further.computers.insert(computer.id.value);
      for (const PatchRule* rule : coverage.missing) missing.insert(rule->id.value);
    }
    if (missing.empty()) continue;
    const swp::ModuleState* module = computer.Find(swp::Module::kIntrusionPrevention);
    if (module != nullptr) further.most_rules = std::max(further.most_rules, module->rules.size() + missing.size());
    if (computer.policy) further.to_change.insert(computer.policy->value);
    const bool known = std::any_of(further.lacking.begin(), further.lacking.end(),
                                   [&](const auto& one) { return one.first == computer.id.value; });
    if (!known) further.lacking.emplace_back(computer.id.value, entry);
  }
  return further;
}

// The first of what could not be read and may be at the next look.
void NoteUnread(const std::string& what, PatchFacts& facts) {
  if (facts.unread.empty()) facts.unread = what;
}

// What open findings say of who is to be left alone, whatever they are about: by instance.
void TakeExclusions(const std::string& exclusion_tag, PatchFacts& facts) {
  const auto may_exclude = [&](const Host& host) {
    const auto is_it = [&](const swp::Tag& tag) { return tag.name == exclusion_tag; };
    return host.tags_unreadable || (host.tags && std::any_of(host.tags->begin(), host.tags->end(), is_it));
  };
  for (const auto& [key, entry] : facts.ledger->entries) {
    const Host& host = entry.finding.host;
    if (!IsOpenFinding(entry) || !may_exclude(host)) continue;
    const auto [known, is_new] = facts.may_be_excluded.try_emplace(host.instance.value, host);
    if (!is_new) AddTags(host, known->second);
  }
}

// Findings may know tags of a neighbor that SWP does not: who is excluded by any of them is left alone.
void TakeTagsOfFindings(const PatchFacts& facts, std::vector<Target>& targets) {
  for (Target& target : targets) {
    const auto said = facts.may_be_excluded.find(target.host.instance.value);
    if (said != facts.may_be_excluded.end()) AddTags(said->second, target.host);
  }
}

void ReadTargets(Sources& sources, std::int32_t policy, const WorkflowSettings& settings, PatchFacts& facts) {
  if (facts.targets.contains(policy)) return;
  const auto most = static_cast<std::size_t>(settings.gates.max_hosts);
  auto listed = facts.estate.TargetsOf(PolicyId{policy});
  auto targets = listed ? Result<std::vector<Target>>(*std::move(listed))
                        : facts.estate.ReadTargets(sources.swp, PolicyId{policy}, most);
  if (targets.ok()) {
    TakeTagsOfFindings(facts, *targets);
    const Status marked = MarkEvidence(*targets, sources.history);
    if (!marked.ok()) NoteUnread(marked.error().message, facts);
  } else if (targets.error().code != ErrorCode::kTooLarge) {
    NoteUnread(targets.error().message, facts);
  }
  facts.targets.emplace(policy, std::move(targets));
}

// Whether a policy at the top of the tree has others below it.
void ReadWhetherItHasChildren(Sources& sources, std::int32_t policy, PatchFacts& facts) {
  if (const auto children = facts.estate.HasChildren(PolicyId{policy})) {
    facts.has_children[policy] = *children;
    return;
  }
  const auto below = sources.swp.PoliciesBelow(PolicyId{policy}, 1);
  if (below.ok()) {
    facts.has_children[policy] = !below->empty();
  } else if (below.error().code == ErrorCode::kTooLarge) {
    facts.has_children[policy] = true;
  } else {
    NoteUnread(below.error().message, facts);
  }
}

void ReadPoliciesToChange(const std::set<std::int32_t>& policies, Sources& sources, const WorkflowSettings& settings,
                          PatchFacts& facts) {
  const auto placement = settings.rows.Get<InspectorSettings>().placement;
  if (placement != PatchPlacement::kPolicy && placement != PatchPlacement::kChildPolicy) return;
  for (const std::int32_t policy : policies) {
    const PolicyView* view = facts.estate.FindPolicy(PolicyId{policy});
    if (view == nullptr) {
      NoteUnread("policy " + std::to_string(policy) + " could not be read", facts);
      continue;
    }
    if (!view->policy.parent) ReadWhetherItHasChildren(sources, policy, facts);
    ReadTargets(sources, policy, settings, facts);
    if (placement != PatchPlacement::kChildPolicy) continue;
    // Those of ours below it: who is in one gets the rules that others need.
    for (const PolicyView* child : facts.estate.ChildPoliciesOf(PolicyId{policy})) {
      ReadTargets(sources, child->policy.id.value, settings, facts);
    }
  }
}

// What is needed for nothing any more, and what has only detected for long enough: who would be touched by a change of
// it, and whether it was assigned by us.
void ReadAboutChanges(std::int64_t window, Duration grace, Sources& sources, const WorkflowSettings& settings,
                      PatchFacts& facts) {
  const RuleNeeds needs(*facts.ledger, facts.read_at, grace);
  for (const PatchPlaced& placed : facts.ledger->placed) {
    // Where the tenant was listed it is known whom the place reaches; else what a finding anywhere needs stays.
    const bool is_needless = !needs.NeedlessOf(placed, window, InstancesAt(placed, facts)).empty();
    if (!is_needless && !IsPromotionDue(placed, window, facts.read_at)) continue;
    if (sources.history == nullptr) continue;
    const auto done = sources.history->WasCarriedOut(placed.key);
    if (!done.ok()) NoteUnread(done.error().message, facts);
    if (!done.ok() || !*done) continue;
    facts.carried_out.insert(placed.key);
    if (!placed.child.empty()) facts.estate.ReadAllPolicies(*sources.swp.estate());
    const auto scope = facts.estate.ScopeOf(placed.scope, placed.child);
    if (scope && scope->kind == swp::Scope::Kind::kPolicy) ReadTargets(sources, scope->id, settings, facts);
  }
}

// Their rules stay as they are when a finding calls them compromised.
void ReadEvidence(const FurtherReads& further, Sources& sources, PatchFacts& facts) {
  std::vector<Target> hosts;
  hosts.reserve(further.lacking.size());
  for (const auto& [computer, entry] : further.lacking) hosts.push_back({ComputerId{computer}, entry->finding.host});
  const Status marked = MarkEvidence(hosts, sources.history);
  if (!marked.ok()) NoteUnread(marked.error().message, facts);
  for (const Target& target : hosts) {
    if (!target.host.evidence.empty()) facts.evidence[target.host.instance.value] = target.host.evidence;
  }
}

void ReadScans(FurtherReads& further, Sources& sources, const InspectorSettings& own, PatchFacts& facts) {
  std::stable_sort(further.lacking.begin(), further.lacking.end(), [](const auto& one, const auto& other) {
    return one.second->finding.severity > other.second->finding.severity;
  });
  for (const auto& [computer, entry] : further.lacking) {
    if (facts.scans.size() >= static_cast<std::size_t>(own.recommendation_scans)) break;
    const auto scope = swp::Scope::Of(ComputerId{computer});
    facts.scans.emplace(computer, sources.swp.GetAssignments(scope, swp::RuleModule::kIntrusionPrevention));
    facts.tasks.emplace(computer, sources.swp.FindOurTasks(ComputerId{computer}));
  }
}

void ReadFurther(std::int64_t window, Sources& sources, const WorkflowSettings& settings, PatchFacts& facts) {
  swp::EstateReads* estate = sources.swp.estate();
  if (estate == nullptr) return;
  const auto& own = settings.rows.Get<InspectorSettings>();
  FurtherReads further = LookOnce(facts);
  std::size_t asked = 0;
  for (const std::int32_t policy : further.policies) {
    if (++asked <= kMostPoliciesAsked) facts.estate.ReadRulesOfPolicy(*estate, PolicyId{policy});
  }
  asked = 0;
  for (const std::int32_t computer : further.computers) {
    if (++asked <= kMostComputersAsked) facts.estate.ReadRulesOfComputer(*estate, ComputerId{computer});
  }
  ReadEvidence(further, sources, facts);
  ReadPoliciesToChange(further.to_change, sources, settings, facts);
  // A host with too many rules does not wait for the grace period.
  const bool is_crowded = further.most_rules > static_cast<std::size_t>(own.max_rules_per_host);
  ReadAboutChanges(window, is_crowded ? Duration{0} : own.grace, sources, settings, facts);
  ReadScans(further, sources, own, facts);
}

// Rules that are there, and whose policy the agent has not received yet: another window assigned them a moment ago.
void NoteAwaited(PatchFacts& facts) {
  for (const PatchEntry* entry : OpenOnes(facts)) {
    const HostView view = facts.estate.HostFor(entry->finding);
    for (const std::string& cve : entry->finding.cves) {
      const Coverage coverage = CoverageIn(*facts.ledger, cve, view);
      if (!coverage.awaited_since || facts.read_at - *coverage.awaited_since > kPolicyOnItsWay) continue;
      facts.awaited_hosts.insert(entry->finding.host.instance.value);
      if (facts.awaited.empty()) facts.awaited = entry->finding.host.instance.value + ": " + coverage.why;
    }
  }
}

// Hosts that could not be read: all, or some, or none of those that have an open finding.
void NoteUnreadHosts(PatchFacts& facts) {
  for (const PatchEntry* entry : OpenOnes(facts)) {
    const HostView view = facts.estate.HostFor(entry->finding);
    for (const std::string& cve : entry->finding.cves) {
      if (CoverageIn(*facts.ledger, cve, view).state != CoverageState::kUndetermined) continue;
      const std::string unread = UnreadOf(view);
      if (unread.empty()) continue;
      facts.unread_hosts.insert(entry->finding.host.instance.value);
      NoteUnread(unread, facts);
      break;
    }
  }
}

}  // namespace

bool IsOpenFinding(const PatchEntry& entry) {
  return !entry.closed_at && entry.finding.status == FindingStatus::kActive;
}

std::int64_t WindowOf(const FollowUpContext& context) {
  return context.members.empty() ? 0 : context.members.front().event;
}

std::optional<std::set<std::string>> InstancesAt(const PatchPlaced& placed, const PatchFacts& facts) {
  const auto scope = facts.estate.ScopeOf(placed.scope, placed.child);
  if (!scope) return std::nullopt;
  if (scope->kind == swp::Scope::Kind::kComputer) return std::set<std::string>{placed.host.instance.value};
  std::optional<std::vector<Target>> targets = facts.estate.TargetsOf(PolicyId{scope->id});
  const auto read = facts.targets.find(scope->id);
  if (!targets && read != facts.targets.end() && read->second.ok()) targets = *read->second;
  if (!targets) return std::nullopt;
  std::set<std::string> instances;
  for (const Target& target : *targets) instances.insert(target.host.instance.value);
  return instances;
}

Coverage CoverageIn(const PatchLedger& ledger, const std::string& cve, const HostView& host) {
  if (ledger.catalog.read_at) return EffectiveCoverage(ledger.catalog.RulesFor(cve), host);
  Coverage unknown;
  unknown.why = "the rules of SWP were never read";
  return unknown;
}

PatchFacts GatherPatchFindings(const FollowUpContext& context, const PatchFindings&, Sources& sources,
                               const WorkflowSettings& settings) {
  const auto& own = settings.rows.Get<InspectorSettings>();
  PatchFacts facts;
  facts.read_at = sources.now;
  facts.ledger = ReadPatchLedger(sources.documents);
  if (!facts.ledger.ok()) return facts;
  TakeMembers(context, facts);
  TakeExclusions(settings.gates.exclusion_tag, facts);
  const auto open = OpenOnes(facts);
  swp::EstateReads* estate = sources.swp.estate();
  if (estate == nullptr) {
    facts.catalog_problem = "SWP cannot be listed here";
  } else if (!open.empty()) {
    bool changed = false;
    const Status refreshed =
        RefreshCatalog(*estate, sources.now, own.catalog_age, own.catalog_whole, facts.ledger->catalog, changed);
    if (!refreshed.ok()) facts.catalog_problem = refreshed.error().message;
  }
  std::vector<Host> hosts;
  std::set<std::string> instances;
  for (const PatchEntry* entry : open) {
    if (instances.insert(entry->finding.host.instance.value).second) hosts.push_back(entry->finding.host);
  }
  // A policy of ours is found among all policies.
  const bool everything = own.placement == PatchPlacement::kChildPolicy && !hosts.empty();
  facts.estate = PatchEstate::Read(sources.swp, hosts, everything);
  if (facts.ledger->catalog.read_at) ReadFurther(WindowOf(context), sources, settings, facts);
  NoteUnreadHosts(facts);
  NoteAwaited(facts);
  return facts;
}

}  // namespace sallyport
