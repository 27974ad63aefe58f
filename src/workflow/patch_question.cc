// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_question.h"

#include <algorithm>
#include <utility>

#include "action/notify_owner.h"
#include "base/own_json.h"
#include "base/text.h"
#include "gates/targets.h"
#include "workflow/answers.h"
#include "workflow/inspector_settings.h"
#include "workflow/patch_message.h"
#include "workflow/patch_placement.h"
#include "workflow/scans.h"

namespace sallyport {
namespace {

constexpr std::int64_t kMemberContent = 1;
// So many policies and computers are asked which single rules they override.
constexpr std::size_t kMostPoliciesAsked = 100;
constexpr std::size_t kMostComputersAsked = 100;
constexpr Duration kKeepClosed = std::chrono::hours(24 * 90);
constexpr std::size_t kUndeterminedShown = 100;

struct MemberNews {
  std::vector<PatchFinding> findings;
  std::optional<SweepNews> sweep;
};

Result<MemberNews> ReadPatchMember(const Member& member) {
  const auto content = Json::Parse(member.content.json);
  if (!content.ok()) return content.error();
  if (Status known = CheckFormat((*content)["version"], kMemberContent, "a finding"); !known.ok()) return known.error();
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

bool IsOpenFinding(const PatchEntry& entry) {
  return !entry.closed_at && entry.finding.status == FindingStatus::kActive;
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
      for (const std::string& cve : finding.cves) {
        auto& cases = facts.cases[finding.Key() + " " + cve];
        if (std::find(cases.begin(), cases.end(), member.case_number) == cases.end())
          cases.push_back(member.case_number);
      }
    }
    if (!news->sweep) continue;
    facts.swept = true;
    for (const std::string& key : news->sweep->vanished) ledger.Vanish(key, facts.read_at);
  }
  // A sweep is the moment to look at all that is open: rules come with updates, and people change policies.
  if (!facts.swept) return;
  for (const auto& [key, entry] : ledger.entries) {
    if (IsOpenFinding(entry)) facts.concerned.insert(key);
  }
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
  std::set<std::int32_t> policies;                                // which of their rules are overridden
  std::set<std::int32_t> computers;                               // the same
  std::set<std::int32_t> to_change;                               // policies whose hosts have to be known
  std::vector<std::pair<std::int32_t, const PatchEntry*>> scans;  // hosts that lack rules, by computer
};

FurtherReads LookOnce(const PatchFacts& facts) {
  FurtherReads further;
  for (const PatchEntry* entry : OpenOnes(facts)) {
    const HostView view = facts.estate.HostFor(entry->finding);
    if (!view.computer || !view.computer->ok()) continue;
    const swp::Computer& computer = (**view.computer).computer;
    bool lacks = false;
    for (const std::string& cve : entry->finding.cves) {
      const Coverage coverage = EffectiveCoverage(facts.ledger->catalog.RulesFor(cve), view);
      if (!coverage.assigned.empty() && computer.policy) further.policies.insert(computer.policy->value);
      if (Prevents(coverage.state)) further.computers.insert(computer.id.value);
      lacks = lacks || !coverage.missing.empty();
    }
    if (!lacks) continue;
    if (computer.policy) further.to_change.insert(computer.policy->value);
    const bool known = std::any_of(further.scans.begin(), further.scans.end(),
                                   [&](const auto& one) { return one.first == computer.id.value; });
    if (!known) further.scans.emplace_back(computer.id.value, entry);
  }
  return further;
}

void ReadTargets(Sources& sources, std::int32_t policy, const WorkflowSettings& settings, PatchFacts& facts) {
  if (facts.targets.contains(policy)) return;
  if (auto listed = facts.estate.TargetsOf(PolicyId{policy})) {
    facts.targets.emplace(policy, *std::move(listed));
    return;
  }
  const auto most = static_cast<std::size_t>(settings.gates.max_hosts);
  facts.targets.emplace(policy, facts.estate.ReadTargets(sources.swp, PolicyId{policy}, most));
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
  for (const std::int32_t policy : further.to_change) {
    const PolicyView* view = facts.estate.FindPolicy(PolicyId{policy});
    if (view == nullptr || own.placement != PatchPlacement::kPolicy) continue;
    if (!view->policy.parent) {
      if (const auto children = facts.estate.HasChildren(PolicyId{policy})) {
        facts.has_children[policy] = *children;
      } else if (const auto below = sources.swp.PoliciesBelow(PolicyId{policy}, 1); below.ok()) {
        facts.has_children[policy] = !below->empty();
      } else if (below.error().code == ErrorCode::kTooLarge) {
        facts.has_children[policy] = true;
      }
    }
    ReadTargets(sources, policy, settings, facts);
  }
  for (const PatchPlaced& placed : facts.ledger->placed) {
    const bool is_policy = placed.scope.kind == swp::Scope::Kind::kPolicy;
    if (is_policy && facts.ledger->IsNeedless(placed, window, facts.read_at, own.grace)) {
      ReadTargets(sources, placed.scope.id, settings, facts);
    }
  }
  std::stable_sort(further.scans.begin(), further.scans.end(), [](const auto& one, const auto& other) {
    return one.second->finding.severity > other.second->finding.severity;
  });
  for (const auto& [computer, entry] : further.scans) {
    if (facts.scans.size() >= static_cast<std::size_t>(own.recommendation_scans)) break;
    const auto scope = swp::Scope::Of(ComputerId{computer});
    facts.scans.emplace(computer, sources.swp.GetAssignments(scope, swp::RuleModule::kIntrusionPrevention));
    facts.tasks.emplace(computer, sources.swp.FindOurTasks(ComputerId{computer}));
  }
}

PatchFacts GatherPatchFindings(const FollowUpContext& context, const PatchFindings&, Sources& sources,
                               const WorkflowSettings& settings) {
  const auto& own = settings.rows.Get<InspectorSettings>();
  PatchFacts facts;
  facts.read_at = sources.now;
  facts.ledger = ReadPatchLedger(sources.documents);
  if (!facts.ledger.ok()) return facts;
  TakeMembers(context, facts);
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
  facts.estate = PatchEstate::Read(sources.swp, hosts, false);
  const std::int64_t window = context.members.empty() ? 0 : context.members.front().event;
  if (facts.ledger->catalog.read_at) ReadFurther(window, sources, settings, facts);
  return facts;
}

// The answer, step by step.
class PatchAnswer {
 public:
  PatchAnswer(const FollowUpContext& context, const PatchFacts& facts, const WorkflowSettings& settings, TimePoint now,
              Plan& plan)
      : context_(context),
        facts_(facts),
        settings_(settings),
        own_(settings.rows.Get<InspectorSettings>()),
        now_(now),
        plan_(plan),
        ledger_(*facts.ledger) {
    window_ = context.members.empty() ? 0 : context.members.front().event;
  }

  void Decide() {
    for (const std::string& problem : facts_.unreadable) AddUndetermined("finding", "", problem);
    const auto open = Open();
    JudgeAll(open);
    if (undetermined_ > 0 && undetermined_ == open.size() && !open.empty()) {
      return NotYet(context_, now_, "SWP could not be asked about any of the hosts: " + first_undetermined_, plan_);
    }
    Placements placements = PlacePatches(Needs(), {facts_.estate, facts_.targets, facts_.has_children, ledger_.catalog},
                                         own_, settings_.gates, now_);
    NoteWhatIsPlanned(placements);
    for (OtherSubject& subject : placements.subjects) plan_.others.push_back(std::move(subject));
    for (PlannedAction& action : placements.actions) plan_.actions.push_back(std::move(action));
    for (PatchPlaced& placed : placements.placed) Remember(std::move(placed));
    AskForScans();
    ProposeRemovals();
    AddTeamMessages(teams_, {own_, settings_.owner, window_, now_}, plan_);
    Say(open.size(), placements);
    ledger_.Trim(now_, kKeepClosed);
    plan_.new_run = NewRun{std::string(kPatchDocument), ledger_.Pieces()};
    Answered(Answer::Kind::kVerified, Summary(open.size()), plan_);
    // What it comes to stands first.
    std::rotate(plan_.reasons.begin(), plan_.reasons.end() - 1, plan_.reasons.end());
  }

 private:
  std::vector<PatchEntry*> Open() {
    std::vector<PatchEntry*> open;
    for (const std::string& key : facts_.concerned) {
      const auto found = ledger_.entries.find(key);
      if (found != ledger_.entries.end() && IsOpenFinding(found->second)) open.push_back(&found->second);
    }
    // The worst first: what is bounded ends with the least.
    std::stable_sort(open.begin(), open.end(), [](const PatchEntry* one, const PatchEntry* other) {
      if (one->finding.severity != other->finding.severity) return one->finding.severity > other->finding.severity;
      return one->finding.epss.value_or(0) > other->finding.epss.value_or(0);
    });
    return open;
  }

  void AddUndetermined(std::string kind, std::string id, std::string why) {
    if (++undetermined_shown_ > kUndeterminedShown) return;
    OtherSubject subject;
    subject.kind = std::move(kind);
    subject.id = std::move(id);
    subject.found_in = "the findings of this window";
    subject.undetermined_why = std::move(why);
    plan_.others.push_back(std::move(subject));
  }

  void JudgeAll(const std::vector<PatchEntry*>& open) {
    for (PatchEntry* entry : open) {
      const HostView view = facts_.estate.HostFor(entry->finding);
      TeamHost host = HostOfTeam(*entry, view);
      bool is_undetermined = false;
      for (const std::string& cve : entry->finding.cves) {
        const Coverage coverage = EffectiveCoverage(ledger_.catalog.RulesFor(cve), view);
        ++states_[coverage.state];
        ledger_.Note(*entry, cve, coverage, now_);
        if (coverage.state == CoverageState::kUndetermined) {
          is_undetermined = true;
          if (first_undetermined_.empty()) first_undetermined_ = coverage.why;
          undetermined_hosts_[entry->finding.host.instance.value] = coverage.why;
        }
        if (!coverage.missing.empty()) AddNeed(*entry, cve, coverage, view);
        host.cves.push_back({cve, coverage.state, coverage.why, !coverage.missing.empty()});
      }
      if (is_undetermined) ++undetermined_;
      AddToTeam(std::move(host), *entry);
    }
    const bool none_known = undetermined_ > 0 && undetermined_ == open.size();
    if (none_known) return;
    for (const auto& [instance, why] : undetermined_hosts_) AddUndetermined("EC2 instance", instance, why);
  }

  static Host NamedHost(const PatchEntry& entry, const HostView& view) {
    Host host = entry.finding.host;
    if (!view.computer || !view.computer->ok()) return host;
    const swp::Computer& computer = (**view.computer).computer;
    if (host.name.empty()) host.name = computer.display_name;
    host.tags = TagsOfBoth(computer.tags, host.tags);
    // A computer without a cloud record of tags, and a finding that brings only those that decide: what both do not
    // know is not known.
    if (computer.tags_unreadable) host.tags = std::nullopt;
    host.activation = computer.agent_fingerprint;
    return host;
  }

  TeamHost HostOfTeam(const PatchEntry& entry, const HostView& view) const {
    TeamHost host;
    host.host = NamedHost(entry, view);
    host.owner = FindOwner(host.host.tags, host.host.account, settings_.owner);
    host.severity = entry.finding.severity;
    host.exploit = entry.finding.exploit_available;
    host.fixed_in = entry.finding.fixed_in;
    return host;
  }

  // That no rule helps is told once; what else there is to say is told in each window that has it.
  void AddToTeam(TeamHost host, PatchEntry& entry) {
    const bool told = entry.told_in != 0 && entry.told_in != window_;
    std::erase_if(host.cves, [&](const TeamCve& one) {
      const bool once = one.state == CoverageState::kNoRule || one.state == CoverageState::kNeedsConfiguration;
      return Prevents(one.state) || one.state == CoverageState::kUndetermined || (once && told);
    });
    if (host.cves.empty() || IsExcluded(host.host)) return;
    if (!told) entry.told_in = window_;
    teams_[host.owner.name].push_back(std::move(host));
  }

  // Its owner wants it to be left alone, and the team's message is about the others. Tags that are not known are no
  // reason to be silent.
  bool IsExcluded(const Host& host) const {
    GateSettings gates = settings_.gates;
    gates.refuse_when_tags_unknown = false;
    return !SortTargets(gates, {Target{{}, host}}).excluded.empty();
  }

  void AddNeed(const PatchEntry& entry, const std::string& cve, const Coverage& coverage, const HostView& view) {
    const swp::EstateComputer& estate = **view.computer;
    PatchNeed& need = needs_[estate.computer.id.value];
    if (need.rules.empty()) {
      need.target = {estate.computer.id, NamedHost(entry, view)};
      need.policy = estate.computer.policy;
      need.system = SystemOfHost(view);
      need.types_there = estate.application_types;
      const swp::ModuleState* module = estate.computer.Find(swp::Module::kIntrusionPrevention);
      if (module != nullptr) need.rules_there = module->rules;
    }
    for (const PatchRule* rule : coverage.missing) {
      if (std::find(need.rules.begin(), need.rules.end(), rule) == need.rules.end()) need.rules.push_back(rule);
    }
    if (std::find(need.cves.begin(), need.cves.end(), cve) == need.cves.end()) need.cves.push_back(cve);
    need.because_of.push_back(entry.finding.Key() + " " + std::to_string(ToEpochMilliseconds(entry.finding.updated)));
    need.severity = std::max(need.severity, entry.finding.severity);
    const auto cases = facts_.cases.find(entry.finding.Key() + " " + cve);
    if (cases == facts_.cases.end()) return;
    for (const std::int64_t number : cases->second) {
      if (std::find(need.cases.begin(), need.cases.end(), number) == need.cases.end()) need.cases.push_back(number);
    }
  }

  // A host that is left alone gets no rules, whatever it lacks.
  void NoteWhatIsPlanned(const Placements& placements) {
    for (const PlannedAction& action : placements.actions) {
      const auto* patches = action.action.As<AssignPatches>();
      if (patches == nullptr) continue;
      for (const Target& target : patches->patched) planned_.insert(target.host.instance.value);
    }
    for (auto& [owner, hosts] : teams_) {
      for (TeamHost& host : hosts) {
        for (TeamCve& cve : host.cves) cve.planned = cve.planned && planned_.contains(host.host.instance.value);
      }
    }
  }

  std::vector<PatchNeed> Needs() {
    std::vector<PatchNeed> needs;
    for (auto& [computer, need] : needs_) needs.push_back(need);
    return needs;
  }

  // The same change that is planned again (a rule was removed, an approval expired) is one in the patch ledger.
  void Remember(PatchPlaced placed) {
    for (PatchPlaced& known : ledger_.placed) {
      if (known.scope == placed.scope && known.rules == placed.rules) {
        known = std::move(placed);
        return;
      }
    }
    ledger_.placed.push_back(std::move(placed));
  }

  // The seed of it all: what a recommendation scan recommends is looked at beside what the findings want.
  void AskForScans() {
    for (const auto& [computer, read] : facts_.scans) {
      const auto need = needs_.find(computer);
      if (need == needs_.end() || !planned_.contains(need->second.target.host.instance.value)) continue;
      const std::string name = NameOf(need->second.target);
      if (!read.ok()) {
        plan_.reasons.push_back("the last recommendation scan of " + name +
                                " could not be read: " + read.error().message);
        continue;
      }
      std::size_t recommended = 0;
      for (const PatchRule* rule : need->second.rules) {
        recommended += static_cast<std::size_t>(
            std::count(read->recommended_to_assign.begin(), read->recommended_to_assign.end(), rule->id));
      }
      const std::string of_all = std::to_string(recommended) + " of " + std::to_string(need->second.rules.size());
      const std::string scan = read->last_scan ? "the recommendation scan of " + FormatTime(*read->last_scan)
                                               : "no recommendation scan ever ran; it";
      std::string reason = name;
      reason.append(": ").append(scan).append(" recommends ").append(of_all);
      plan_.reasons.push_back(reason.append(" rules that its findings need"));
      if (!read->last_scan || *read->last_scan < NewestFinding(computer)) AskForScan(computer, need->second);
    }
  }

  TimePoint NewestFinding(std::int32_t computer) const {
    const auto need = needs_.find(computer);
    TimePoint newest{};
    if (need == needs_.end()) return newest;
    for (const std::string& key : facts_.concerned) {
      const auto entry = ledger_.entries.find(key);
      if (entry == ledger_.entries.end() || !IsOpenFinding(entry->second)) continue;
      if (entry->second.finding.host.instance == need->second.target.host.instance) {
        newest = std::max(newest, entry->second.finding.updated);
      }
    }
    return newest;
  }

  void AskForScan(std::int32_t computer, const PatchNeed& need) {
    const auto tasks = facts_.tasks.find(computer);
    if (tasks == facts_.tasks.end() || !tasks->second.ok()) return;
    PatchFinding finding;
    finding.host = need.target.host;
    const HostView view = facts_.estate.HostFor(finding);
    if (!view.computer || !view.computer->ok()) return;
    const swp::Computer& record = (**view.computer).computer;
    // An agent that is not in touch skips it.
    if (record.agent_status.status != swp::AgentStatus::kActive) return;
    const auto key = [&](std::string_view kind) {
      std::vector<std::string> parts = {"request-scan", need.target.host.Subject(), std::string(kind)};
      parts.insert(parts.end(), need.because_of.begin(), need.because_of.end());
      return IdempotencyKey(parts);
    };
    const std::size_t before = plan_.actions.size();
    (void)PlanScan({swp::ScanKind::kRecommendation, true, "the last one is older than the finding"},
                   {need.target.host, record, *tasks->second, now_, settings_.cool_down, key}, plan_.actions);
    for (std::size_t i = before; i < plan_.actions.size(); ++i) plan_.actions[i].cases = need.cases;
  }

  // A rule that we assigned and that no open finding needs, after the grace period: proposed, never done by itself.
  void ProposeRemovals() {
    for (PatchPlaced& placed : ledger_.placed) {
      if (ledger_.IsNeedless(placed, window_, now_, own_.grace)) Propose(placed);
    }
  }

  void Propose(PatchPlaced& placed) {
    UnassignPatches remove;
    remove.cves = placed.cves;
    remove.assigned.scope = placed.scope;
    remove.assigned.computer = placed.computer;
    remove.assigned.host = placed.host;
    for (const RuleId rule : placed.rules) {
      const PatchRule* known = ledger_.catalog.Find(rule);
      remove.assigned.rules.push_back({rule, known->identifier, known->name});
    }
    if (placed.scope.kind == swp::Scope::Kind::kPolicy) {
      const auto targets = facts_.targets.find(placed.scope.id);
      if (targets != facts_.targets.end() && targets->second.ok()) {
        remove.assigned.policy_targets = {*targets->second, ""};
      }
    }
    PlannedAction planned;
    planned.key = IdempotencyKey({std::string(UnassignPatches::kKind), swp::ToString(placed.scope), placed.key});
    planned.why = {"every finding that needed it has been closed for inspector.grace " + FormatDuration(own_.grace)};
    planned.needs_person = "a virtual patch is removed by a decision of an operator alone";
    planned.action = std::move(remove);
    plan_.actions.push_back(std::move(planned));
    placed.proposed_in = window_;
  }

  void Say(std::size_t open, const Placements& placements) {
    if (!facts_.catalog_problem.empty()) {
      plan_.reasons.push_back("the rule catalog could not be refreshed, so that of " +
                              FormatTime(*ledger_.catalog.read_at) + " was used: " + facts_.catalog_problem);
    } else if (ledger_.catalog.read_at) {
      plan_.reasons.push_back("rule catalog of " + FormatTime(*ledger_.catalog.read_at) + ", " +
                              CountText(ledger_.catalog.size(), "rule"));
    }
    plan_.reasons.push_back(CountText(open, "open finding") + " looked at, " +
                            std::to_string(facts_.concerned.size() - open) + " closed or suppressed");
    for (const auto& [state, count] : states_) {
      plan_.reasons.push_back(std::string(ToString(state)) + ": " + std::to_string(count));
    }
    plan_.reasons.insert(plan_.reasons.end(), placements.lines.begin(), placements.lines.end());
  }

  std::string Summary(std::size_t open) const {
    const auto writes = std::count_if(plan_.actions.begin(), plan_.actions.end(),
                                      [](const PlannedAction& planned) { return planned.action.Is<AssignPatches>(); });
    return std::to_string(open) + (open == 1 ? " finding" : " findings") +
           " answered together: " + std::to_string(writes) + (writes == 1 ? " rule assignment" : " rule assignments") +
           " planned";
  }

  const FollowUpContext& context_;
  const PatchFacts& facts_;
  const WorkflowSettings& settings_;
  const InspectorSettings& own_;
  TimePoint now_;
  Plan& plan_;
  PatchLedger ledger_;
  std::int64_t window_ = 0;
  std::map<std::int32_t, PatchNeed> needs_;
  std::map<CoverageState, std::size_t> states_;
  std::map<std::string, std::vector<TeamHost>> teams_;
  std::set<std::string> planned_;  // instances that get rules
  std::map<std::string, std::string> undetermined_hosts_;
  std::size_t undetermined_ = 0;
  std::size_t undetermined_shown_ = 0;
  std::string first_undetermined_;
};

void DecidePatchFindings(const FollowUpContext& context, const PatchFindings&, const PatchFacts& facts,
                         const WorkflowSettings& settings, TimePoint now, Plan& plan) {
  if (!facts.ledger.ok()) {
    return NotYet(context, now, "the patch ledger could not be read: " + facts.ledger.error().message, plan);
  }
  if (!OpenOnes(facts).empty() && !facts.ledger->catalog.read_at) {
    return NotYet(context, now, "the rules of SWP could not be read: " + facts.catalog_problem, plan);
  }
  PatchAnswer(context, facts, settings, now, plan).Decide();
}

std::string MemberJson(const std::vector<PatchFinding>& findings) {
  JsonWriter out;
  out.BeginObject().Member("version", kMemberContent).Key("findings").BeginArray();
  for (const PatchFinding& finding : findings) WritePatchFinding(out, finding);
  return out.EndArray().EndObject().Take();
}

}  // namespace

void PatchFindings::DescribeJson(Members& json) {
  json("tenant", tenant);
}

MemberContent PatchMember(const std::string& subject, const std::vector<PatchFinding>& findings) {
  MemberContent member{subject, MemberJson(findings)};
  if (CheckMember(member).ok()) return member;
  // Tags are what can be long. Without them the hosts go by those that SWP knows.
  std::vector<PatchFinding> shorter = findings;
  for (PatchFinding& finding : shorter) finding.host.tags = std::nullopt;
  return {subject, MemberJson(shorter)};
}

MemberContent SweepMember(const std::string& subject, const SweepNews& news) {
  JsonWriter out;
  out.BeginObject().Member("version", kMemberContent).Key("sweep").BeginObject();
  out.Member("vanished", news.vanished).EndObject();
  return {subject, out.EndObject().Take()};
}

QuestionOf<PatchFindings, PatchFacts> PatchFindingsQuestion() {
  return {GatherPatchFindings, DecidePatchFindings};
}

}  // namespace sallyport
