// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_answer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "action/assign_patches.h"
#include "action/child_policy.h"
#include "base/bounds.h"
#include "base/text.h"
#include "gates/targets.h"
#include "workflow/answers.h"
#include "workflow/inspector_settings.h"
#include "workflow/instance_subject.h"
#include "workflow/patch_cases.h"
#include "workflow/patch_gather.h"
#include "workflow/patch_message.h"
#include "workflow/patch_placement.h"
#include "workflow/patch_proposals.h"
#include "workflow/rule_needs.h"
#include "workflow/scans.h"

namespace sallyport {
namespace {

constexpr Duration kKeepClosed = std::chrono::hours(24 * 90);
constexpr std::size_t kUndeterminedShown = 100;
// Where a part could not be read, all others wait for it until it was looked for so often.
constexpr int kLooksTogether = 3;
constexpr const char* kFoundIn = "the findings of this window";

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
    window_ = WindowOf(context);
  }

  void Decide() {
    const auto open = Open();
    const std::string why_wait = WhyWait(open);
    if (!why_wait.empty() && now_ < context_.give_up_at) return NotYet(context_, now_, why_wait, plan_);
    for (const std::string& problem : facts_.unreadable) AddUnreadable("finding", problem);
    JudgeAll(open);
    const RuleNeeds rule_needs(ledger_, now_, own_.grace);
    Placements placements = PlacePatches(
        Needs(),
        {facts_.estate, facts_.targets, facts_.has_children, ledger_.catalog, rule_needs, &facts_.may_be_excluded},
        own_, settings_.gates, now_);
    NoteWhatIsPlanned(placements);
    for (OtherSubject& subject : placements.subjects) plan_.others.push_back(std::move(subject));
    for (PlannedAction& action : placements.actions) plan_.actions.push_back(std::move(action));
    for (PatchPlaced& placed : placements.placed) Remember(std::move(placed));
    AskForScans();
    std::vector<PlannedAction> proposals = ProposePatchChanges({facts_, own_, window_, now_}, Needs(), ledger_);
    std::move(proposals.begin(), proposals.end(), std::back_inserter(plan_.actions));
    AddTeamMessages(teams_, {own_, settings_.owner, window_, now_}, plan_);
    Say(open.size(), placements);
    plan_.of_cases = SayOfPatchCases(CasesOfMembers(), ledger_);
    ledger_.Trim(now_, kKeepClosed);
    plan_.new_run = NewRun{std::string(kPatchDocument), ledger_.Pieces()};
    Answered(why_wait.empty() ? Answer::Kind::kVerified : Answer::Kind::kNotVerifiable, Summary(open.size()), plan_);
    plan_.answer->gave_up = !why_wait.empty();
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

  // Why it is too early for an answer; empty: it is not. With nothing that could be read there is nothing to lose by
  // waiting; where others could be read they wait for a few looks alone.
  std::string WhyWait(const std::vector<PatchEntry*>& open) const {
    if (facts_.unread.empty() && (open.empty() || ledger_.catalog.read_at)) return WhyAwait(open);
    if (!open.empty() && !ledger_.catalog.read_at)
      return "the rules of SWP could not be read: " + facts_.catalog_problem;
    const bool all = !open.empty() && std::all_of(open.begin(), open.end(), [&](const PatchEntry* entry) {
      return facts_.unread_hosts.contains(entry->finding.host.instance.value);
    });
    if (all) return "SWP could not be asked about any of the hosts: " + facts_.unread;
    return context_.attempts < kLooksTogether ? "not everything could be read: " + facts_.unread : "";
  }

  // Agents that are about to receive their rules are looked at again, unless others lack rules: these come first.
  std::string WhyAwait(const std::vector<PatchEntry*>& open) const {
    if (facts_.awaited_hosts.empty() || context_.attempts >= kLooksTogether) return "";
    const bool lacks = std::any_of(open.begin(), open.end(), [&](const PatchEntry* entry) {
      const HostView view = facts_.estate.HostFor(entry->finding);
      return std::any_of(entry->finding.cves.begin(), entry->finding.cves.end(),
                         [&](const std::string& cve) { return !CoverageIn(ledger_, cve, view).missing.empty(); });
    });
    return lacks ? "" : "rules are there and have not arrived yet: " + facts_.awaited;
  }

  void AddUndetermined(OtherSubject subject, std::string why) {
    if (++undetermined_shown_ > kUndeterminedShown) return;
    subject.undetermined_why = std::move(why);
    plan_.others.push_back(std::move(subject));
  }

  void AddUnreadable(std::string_view kind, const std::string& problem) {
    OtherSubject subject;
    subject.kind = kind;
    subject.found_in = kFoundIn;
    AddUndetermined(std::move(subject), problem);
  }

  void JudgeAll(const std::vector<PatchEntry*>& open) {
    for (PatchEntry* entry : open) {
      const HostView view = facts_.estate.HostFor(entry->finding);
      TeamHost host = HostOfTeam(*entry, view);
      std::string undetermined;
      for (const std::string& cve : entry->finding.cves) {
        const Coverage coverage = CoverageIn(ledger_, cve, view);
        const auto before = entry->covers.find(cve);
        const bool is_as_before = before != entry->covers.end() && before->second.state == coverage.state;
        ++states_[coverage.state];
        ledger_.Note(*entry, cve, coverage, now_);
        // Its rules are on their way: nobody has to act for that.
        const bool is_awaited =
            coverage.awaited_since && facts_.awaited_hosts.contains(entry->finding.host.instance.value);
        if (is_awaited) entry->covers[cve].planned = true;
        if (coverage.state == CoverageState::kUndetermined) undetermined = coverage.why;
        if (!coverage.missing.empty()) AddNeed(*entry, cve, coverage, view);
        if (coverage.state == CoverageState::kNotCovered) lacking_.push_back({entry, cve});
        host.cves.push_back(
            {cve, coverage.state, coverage.why, !coverage.missing.empty(), CasesOf(*entry, cve), is_as_before});
      }
      const std::string& instance = entry->finding.host.instance.value;
      if (!undetermined.empty()) undetermined_hosts_[instance] = {host.host, undetermined};
      const bool may_be_read = facts_.unread_hosts.contains(instance) || !ledger_.catalog.read_at;
      entry->excluded = IsExcluded(host.host);
      entry->unread = (!undetermined.empty() && may_be_read) || facts_.awaited_hosts.contains(instance);
      AddToTeam(std::move(host), *entry);
    }
    for (const auto& [instance, host] : undetermined_hosts_)
      AddUndetermined(InstanceSubject(host.first, kFoundIn), host.second);
  }

  Host NamedHost(const PatchEntry& entry, const HostView& view) const {
    Host host = entry.finding.host;
    // Another finding may know that it is to be left alone.
    const auto said = facts_.may_be_excluded.find(host.instance.value);
    if (said != facts_.may_be_excluded.end()) AddTags(said->second, host);
    if (!view.computer || !view.computer->ok()) return host;
    const swp::Computer& computer = (**view.computer).computer;
    if (host.name.empty()) host.name = computer.display_name;
    // A computer without a cloud record of tags, and a finding that brings only those that decide: what both do not
    // know is not known.
    host.tags = TagsNow(host, computer);
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
    host.evidence = EvidenceOf(entry);
    return host;
  }

  // That no rule helps is told once, and that it is not known; that SWP does not protect the host once, and again with
  // each sweep. What else there is to say is told in each window that has it.
  void AddToTeam(TeamHost host, PatchEntry& entry) {
    const auto is_told = [&](std::int64_t window) { return window != 0 && window != window_; };
    const bool told = is_told(entry.told_in);
    const bool told_unknown = is_told(entry.told_unknown_in);
    std::erase_if(host.cves, [&](const TeamCve& one) {
      const bool is_unprotected = one.state == CoverageState::kNotProtected && one.is_as_before && !facts_.swept;
      const bool once =
          is_unprotected || one.state == CoverageState::kNoRule || one.state == CoverageState::kNeedsConfiguration;
      const bool is_unknown = one.state == CoverageState::kUndetermined;
      return Prevents(one.state) || (once && told) || (is_unknown && told_unknown);
    });
    if (host.cves.empty() || entry.excluded) return;
    for (const TeamCve& one : host.cves) {
      std::int64_t& mark = one.state == CoverageState::kUndetermined ? entry.told_unknown_in : entry.told_in;
      if (!is_told(mark)) mark = window_;
    }
    teams_[host.owner.name].push_back(std::move(host));
  }

  // Its owner wants it to be left alone, and the team's message is about the others. Tags that are not known are no
  // reason to be silent.
  bool IsExcluded(const Host& host) const {
    GateSettings gates = settings_.gates;
    gates.refuse_when_tags_unknown = false;
    return !SortTargets(gates, {Target{{}, host}}).excluded.empty();
  }

  // Why its rules stay as they are; empty: they need not.
  std::string EvidenceOf(const PatchEntry& entry) const {
    const auto found = facts_.evidence.find(entry.finding.host.instance.value);
    return found == facts_.evidence.end() ? "" : found->second;
  }

  // Of the members.
  std::vector<std::int64_t> CasesOf(const PatchEntry& entry, const std::string& cve) const {
    const auto cases = facts_.cases.find(entry.finding.Key() + " " + cve);
    return cases == facts_.cases.end() ? std::vector<std::int64_t>() : cases->second;
  }

  // What comes of its rules is the outcome of its case also where a sweep came upon it: for as many cases as one action
  // can concern.
  std::vector<std::int64_t> CasesToPatch(const PatchEntry& entry, const std::string& cve) {
    std::vector<std::int64_t> cases = CasesOf(entry, cve);
    if (!cases.empty()) return cases;
    const auto known = entry.cases.find(cve);
    if (known == entry.cases.end()) return {};
    if (context_.members.size() + earlier_cases_.size() >= bounds::kQuestionMembers) return {};
    earlier_cases_.insert(known->second);
    return {known->second};
  }

  std::set<std::int64_t> CasesOfMembers() const {
    std::set<std::int64_t> all;
    for (const auto& [key, cases] : facts_.cases) all.insert(cases.begin(), cases.end());
    return all;
  }

  void AddNeed(const PatchEntry& entry, const std::string& cve, const Coverage& coverage, const HostView& view) {
    const swp::EstateComputer& estate = **view.computer;
    PatchNeed& need = needs_[estate.computer.id.value];
    if (need.rules.empty()) {
      need.target = {estate.computer.id, NamedHost(entry, view)};
      need.target.host.evidence = EvidenceOf(entry);
      need.policy = estate.computer.policy;
      need.system = SystemOfHost(view);
      need.types_there = estate.application_types;
      if (view.own.ok()) need.own_state = view.own->state;
      need.own_engine = view.own.ok() && view.own->settings.contains(std::string(swp::kEngineModeSetting));
      const swp::ModuleState* module = estate.computer.Find(swp::Module::kIntrusionPrevention);
      if (module != nullptr) need.rules_there = module->rules;
    }
    for (const PatchRule* rule : coverage.missing) {
      if (std::find(need.rules.begin(), need.rules.end(), rule) == need.rules.end()) need.rules.push_back(rule);
    }
    if (std::find(need.cves.begin(), need.cves.end(), cve) == need.cves.end()) need.cves.push_back(cve);
    need.because_of.push_back(entry.finding.Key() + " " + std::to_string(ToEpochMilliseconds(entry.finding.updated)));
    need.severity = std::max(need.severity, entry.finding.severity);
    for (const std::int64_t number : CasesToPatch(entry, cve)) {
      if (std::find(need.cases.begin(), need.cases.end(), number) == need.cases.end()) need.cases.push_back(number);
    }
  }

  // The hosts that get rules by an action.
  static std::vector<Target> PatchedBy(const Action& action) {
    if (const auto* patches = action.As<AssignPatches>()) return patches->patched;
    if (const auto* child = action.As<PatchInChildPolicy>()) return child->moved;
    return {};
  }

  // A host that is left alone gets no rules, whatever it lacks.
  void NoteWhatIsPlanned(const Placements& placements) {
    for (const PlannedAction& action : placements.actions) {
      for (const Target& target : PatchedBy(action.action)) planned_.insert(target.host.instance.value);
    }
    for (auto& [owner, hosts] : teams_) {
      for (TeamHost& host : hosts) {
        for (TeamCve& cve : host.cves) cve.planned = cve.planned && planned_.contains(host.host.instance.value);
      }
    }
    for (const auto& [entry, cve] : lacking_) {
      entry->covers[cve].planned = planned_.contains(entry->finding.host.instance.value);
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
      if (known.scope == placed.scope && known.child == placed.child && known.rules == placed.rules) {
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
        AddUnreadScan(name, "the last recommendation scan", read.error());
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

  void AddUnreadScan(const std::string& host, const std::string& what, const Error& error) {
    OtherSubject subject;
    subject.kind = "recommendation scan";
    subject.id = host;
    subject.found_in = kFoundIn;
    subject.summary = "no scan is asked for";
    AddUndetermined(std::move(subject), what + " of " + host + " could not be read: " + error.message);
  }

  void AskForScan(std::int32_t computer, const PatchNeed& need) {
    const auto tasks = facts_.tasks.find(computer);
    if (tasks == facts_.tasks.end()) return;
    if (!tasks->second.ok())
      return AddUnreadScan(NameOf(need.target), "whether a scan is on its way", tasks->second.error());
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

  void Say(std::size_t open, const Placements& placements) {
    if (!facts_.unread.empty()) plan_.reasons.push_back("could not be read: " + facts_.unread);
    // What is unread of a host need not leave its coverage open, but what may be done there.
    if (!facts_.unread.empty() && undetermined_shown_ == 0) AddUnreadable("hosts", facts_.unread);
    if (!facts_.catalog_problem.empty() && ledger_.catalog.read_at) {
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
                                      [](const PlannedAction& planned) { return !PatchedBy(planned.action).empty(); });
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
  std::vector<std::pair<PatchEntry*, std::string>> lacking_;  // rules for these CVEs are to be assigned
  std::set<std::int64_t> earlier_cases_;                      // of findings that are no members
  std::map<CoverageState, std::size_t> states_;
  std::map<std::string, std::vector<TeamHost>> teams_;
  std::set<std::string> planned_;                                           // instances that get rules
  std::map<std::string, std::pair<Host, std::string>> undetermined_hosts_;  // by instance, with the reason
  std::size_t undetermined_shown_ = 0;
};

}  // namespace

void AnswerPatchFindings(const FollowUpContext& context, const PatchFacts& facts, const WorkflowSettings& settings,
                         TimePoint now, Plan& plan) {
  if (!facts.ledger.ok()) {
    return NotYet(context, now, "the patch ledger could not be read: " + facts.ledger.error().message, plan);
  }
  PatchAnswer(context, facts, settings, now, plan).Decide();
}

}  // namespace sallyport
