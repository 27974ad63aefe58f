// SPDX-License-Identifier: Apache-2.0
#include "compliance/rules.h"

#include <algorithm>

#include "base/text.h"
#include "protection/module.h"

namespace sallyport::compliance {
namespace {

using swp::AgentStatus;
using swp::Computer;
using swp::FleetComputer;

constexpr std::size_t kShownName = 60;
constexpr std::size_t kShownSaid = 90;
// A policy tree is never so deep; a circle would be.
constexpr int kMostPolicyLevels = 50;

Verdict Good(std::string_view why) {
  return Say(Compliance::kCompliant, why);
}
Verdict Bad(std::string_view why, std::string_view next) {
  return Say(Compliance::kNonCompliant, why, next);
}
Verdict Unknown(std::string_view why, std::string_view next = "") {
  return Say(Compliance::kUndetermined, why, next);
}
Verdict NoMatter(std::string_view why) {
  return Say(Compliance::kNotApplicable, why);
}

std::string Shown(std::string_view text) {
  return "`" + Printable(text, kShownName) + "`";
}

// To the second: nobody reads more, and an annotation has room for little.
std::string At(TimePoint time) {
  return FormatTime(std::chrono::floor<std::chrono::seconds>(time));
}

// --- what needs nothing of SWP

template <class IsIt>
const swp::Tag* FindTag(const Resource& resource, const IsIt& is_it) {
  if (!resource.tags) return nullptr;
  const auto found = std::find_if(resource.tags->begin(), resource.tags->end(), is_it);
  return found == resource.tags->end() ? nullptr : &*found;
}

bool ExcludesHost(const Exclusion& exclusion, const swp::Tag& tag) {
  return !exclusion.tag.empty() && tag.name == exclusion.tag &&
         (exclusion.value.empty() || exclusion.value == tag.value);
}

std::optional<Verdict> JudgeTags(const RuleParameters& rule, const Resource& resource, const Context& context) {
  const auto excludes = [&](const swp::Tag& tag) { return ExcludesHost(context.exclusion, tag); };
  if (const swp::Tag* tag = FindTag(resource, excludes)) {
    return NoMatter("excluded by its tag " + Shown(tag->name) + "=" + Shown(tag->value) +
                    ": Sallyport leaves the host alone. To have it judged, remove the tag");
  }
  // One that has ended, or that does not say when it ends, does not count (edge case C16).
  const auto exempts = [&](const swp::Tag& tag) {
    const auto exemption = tag.name == rule.exempt_tag ? ReadExemption(tag.value) : std::nullopt;
    return exemption && exemption->until >= context.now;
  };
  const swp::Tag* tag = FindTag(resource, exempts);
  if (tag == nullptr) return std::nullopt;
  const Exemption exemption = *ReadExemption(tag->value);
  return NoMatter("exempt by its tag " + Shown(tag->name) + " until " + At(exemption.until).substr(0, 10) +
                  (exemption.ticket.empty() ? "" : " (" + Printable(exemption.ticket, kShownName) + ")"));
}

// Launched so short ago that it need not be compliant; when that ends.
std::optional<TimePoint> GraceEnds(const RuleParameters& rule, const Resource& resource, TimePoint now) {
  if (rule.launch_grace <= Duration{0}) return std::nullopt;
  if (!resource.launched) {
    return resource.state == "pending" ? std::optional(now + rule.launch_grace) : std::nullopt;
  }
  const TimePoint ends = *resource.launched + rule.launch_grace;
  return ends > now ? std::optional(ends) : std::nullopt;
}

// --- the agent

bool IsSilent(const Computer& computer, const Context& context) {
  return !computer.last_agent_communication ||
         context.now - *computer.last_agent_communication > context.protection.offline_after;
}

bool AllModulesWork(const Computer& computer) {
  return computer.damaged.empty() &&
         std::all_of(computer.modules.begin(), computer.modules.end(), [](const swp::ModuleState& module) {
           return module.damaged.empty() && (module.state == "off" || module.status.status == AgentStatus::kActive);
         });
}

// A missed heartbeat turns the agent's status to `error` while nothing else changes. Until the agent has been silent
// for protection.offline_after that is no news about the host: the verdict must not flip with each heartbeat (C19).
bool IsJitter(const Computer& computer, const Context& context) {
  return !computer.agent_fingerprint.empty() && computer.agent_status.status == AgentStatus::kError &&
         !IsSilent(computer, context) && AllModulesWork(computer);
}

Computer WithoutJitter(const Computer& computer, const Context& context) {
  if (!IsJitter(computer, context)) return computer;
  Computer calm = computer;
  calm.agent_status = {AgentStatus::kActive, "active"};
  return calm;
}

// SWP's records as JudgeProtection takes them.
Protection Protected(const Resource& resource, const HostFacts& facts, const Context& context,
                     const std::vector<swp::Module>& required) {
  ProtectionCriteria criteria = context.protection;
  criteria.required_modules = required;
  const WantedInstance wanted{resource.instance, resource.account};
  if (!facts.computers.ok()) return JudgeProtection(wanted, facts.computers.error(), criteria, context.now);
  std::vector<Computer> records;
  records.reserve(facts.computers->size());
  for (const FleetComputer& one : *facts.computers) records.push_back(WithoutJitter(one.computer, context));
  return JudgeProtection(wanted, records, criteria, context.now);
}

std::string FirstText(const std::vector<ProtectionNote>& notes) {
  return notes.empty() ? "no reason is known" : notes.front().text;
}

std::string FirstAdvice(const std::vector<ProtectionNote>& notes) {
  const auto found = std::find_if(notes.begin(), notes.end(), [](const auto& note) { return !note.advice.empty(); });
  return found == notes.end() ? "" : found->advice;
}

// Whether the host has an agent that works, or why not: nothing when it has.
std::optional<Verdict> JudgeAgent(const Protection& protection) {
  // Reasons about modules are the rule's own business.
  const auto about_agent = [](const ProtectionNote& note) {
    return !note.module && note.reason != ProtectionReason::kNoModuleOn &&
           note.reason != ProtectionReason::kModuleUnknown;
  };
  const auto found = std::find_if(protection.decisive.begin(), protection.decisive.end(), about_agent);
  if (found == protection.decisive.end()) return std::nullopt;
  if (protection.state == ProtectionState::kUndetermined) return Unknown(found->text, found->advice);
  return Bad(found->text, found->advice);
}

// What a reader of a good verdict wants to know besides.
std::string NotesOf(const Computer& computer, const Context& context) {
  std::string notes;
  if (computer.agent_status.status == AgentStatus::kActive && IsSilent(computer, context) &&
      computer.last_agent_communication) {
    notes += "; last in touch " + At(*computer.last_agent_communication);
  }
  if (!computer.agent_tasks.empty()) notes += "; work pending: " + Printable(computer.agent_tasks.front(), kShownName);
  return notes;
}

std::string JitterNote(const HostFacts& facts, ComputerId id, const Context& context) {
  for (const FleetComputer& one : *facts.computers) {
    if (one.computer.id == id && IsJitter(one.computer, context)) {
      return "; SWP calls the agent `error`, yet it was in touch at " + At(*one.computer.last_agent_communication);
    }
  }
  return "";
}

std::string NumberOf(const Computer& computer) {
  return "computer " + std::to_string(computer.id.value);
}

// --- the rules

Verdict JudgeProtected(const Resource& resource, const HostFacts& facts, const Context& context) {
  const Protection protection = Protected(resource, facts, context, context.protection.required_modules);
  switch (protection.state) {
    case ProtectionState::kProtected:
      break;
    case ProtectionState::kNotProtected:
      return Bad(FirstText(protection.decisive), FirstAdvice(protection.decisive));
    case ProtectionState::kUndetermined:
      return Unknown(FirstText(protection.decisive), FirstAdvice(protection.decisive));
  }
  std::string modules;
  for (const auto& [module, state] : protection.modules) {
    if (state == ModuleProtection::kProtects) {
      modules += (modules.empty() ? "" : ", ") + std::string(swp::DisplayName(module));
    }
  }
  return Good("protected (" + NumberOf(*protection.computer) + "): " + modules +
              NotesOf(*protection.computer, context) + JitterNote(facts, protection.computer->id, context));
}

// What one module says: nothing when it protects.
struct ModuleSays {
  std::optional<Verdict> against;
  bool updating = false;
};
ModuleSays AskModule(const Computer& computer, swp::Module module) {
  const swp::ModuleState* state = computer.Find(module);
  const std::string name(swp::DisplayName(module));
  if (state == nullptr) {
    return {Unknown("SWP's answer says nothing about " + name, "check that the tenant has a license for the module"),
            false};
  }
  // While the agent works on something, a module that is on may warn for that alone (edge case C12).
  swp::ModuleState asked = *state;
  const bool updating = state->status.status == AgentStatus::kWarning && !computer.agent_tasks.empty();
  if (updating) asked.status = {AgentStatus::kActive, "active"};
  const ModuleVerdict verdict = JudgeModule(asked);
  const std::string why = verdict.notes.empty() ? name + " does not protect" : verdict.notes.front().text;
  const std::string next = verdict.notes.empty() ? "" : verdict.notes.front().advice;
  switch (verdict.protection) {
    case ModuleProtection::kProtects:
      return {std::nullopt, updating};
    case ModuleProtection::kUnknown:
      return {Unknown(why, next), false};
    case ModuleProtection::kOff:
      return {Bad(why, "turn on " + name + " in the computer's SWP policy"), false};
    case ModuleProtection::kPartly:
    case ModuleProtection::kFaulty:
      break;
  }
  return {Bad(why, next.empty() ? "set " + name + " in the computer's SWP policy" : next), false};
}

Verdict JudgeModules(const RuleParameters& rule, const Computer& computer, const std::string& notes) {
  std::optional<Verdict> unknown;
  std::string bad;
  std::string next;
  std::string on;
  bool updating = false;
  for (const swp::Module module : rule.modules) {
    const ModuleSays says = AskModule(computer, module);
    updating = updating || says.updating;
    if (!says.against) {
      on += (on.empty() ? "" : ", ") + std::string(swp::DisplayName(module));
    } else if (says.against->compliance == Compliance::kUndetermined) {
      unknown = says.against;
    } else {
      const std::string& told = says.against->annotation;
      const std::size_t cut = told.find(". Next: ");
      bad += (bad.empty() ? "" : "; ") + told.substr(0, cut);
      if (next.empty() && cut != std::string::npos) next = told.substr(cut + 8);
    }
  }
  // One module that is known not to protect decides, whatever the others are.
  if (!bad.empty()) return Bad(bad, next);
  if (unknown) return *unknown;
  return Good(on + (rule.modules.size() == 1 ? " protects" : " protect") + " the host (" + NumberOf(computer) + ")" +
              (updating ? "; an update is in progress" : "") + notes);
}

// The policy and those above it, the nearest first.
struct PolicyLine {
  std::vector<swp::Policy> policies;
  std::string unread;  // why the line could not be followed to its top; empty: it was
  // "Base Policy > Windows"; of the one at `from` and those above it.
  std::string Path(std::size_t from) const {
    std::string path;
    for (std::size_t i = policies.size(); i > from; --i) {
      path += (path.empty() ? "" : " > ") + std::string(Trim(policies[i - 1].name));
    }
    return path;
  }
};

PolicyLine LineOf(PolicyId policy, const HostFacts& facts) {
  PolicyLine line;
  std::optional<PolicyId> next = policy;
  while (next && line.policies.size() < kMostPolicyLevels) {
    const auto found = facts.policies.find(*next);
    if (found == facts.policies.end() || !found->second.ok()) {
      line.unread = "SWP policy " + std::to_string(next->value) + " could not be read" +
                    (found == facts.policies.end() ? "" : ": " + found->second.error().message);
      return line;
    }
    line.policies.push_back(*found->second);
    next = found->second->parent;
  }
  if (next) line.unread = "the tree of SWP policies does not end";
  return line;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "a>b >  C" as "a > b > c".
std::string PathOf(std::string_view text) {
  std::string path;
  while (true) {
    const std::size_t end = text.find('>');
    path += (path.empty() ? "" : " > ") + ToLowerAscii(Trim(text.substr(0, end)));
    if (end == std::string_view::npos) return path;
    text = text.substr(end + 1);
  }
}

enum class Match { kYes, kNo, kUnread };
// Whether the policy at `at` of the line is the one that was meant. A number is a policy's number before it is a name.
Match Matches(const std::string& wanted, const PolicyLine& line, std::size_t at) {
  const swp::Policy& policy = line.policies[at];
  if (IsNumber(wanted) && std::to_string(policy.id.value) == wanted) return Match::kYes;
  if (EqualsIgnoreCase(Trim(policy.name), wanted)) return Match::kYes;
  if (wanted.find('>') == std::string::npos) return Match::kNo;
  if (!line.unread.empty()) return Match::kUnread;
  return ToLowerAscii(line.Path(at)) == PathOf(wanted) ? Match::kYes : Match::kNo;
}

Verdict JudgePolicy(const RuleParameters& rule, const Computer& computer, const HostFacts& facts) {
  if (const std::string* damage = computer.Damage("policyID")) {
    return Unknown("which SWP policy it has cannot be read: " + Printable(*damage, kShownSaid), "ask again");
  }
  std::string wanted;
  for (const std::string& one : rule.policies) wanted += (wanted.empty() ? "" : "; ") + Shown(one);
  if (!computer.policy) {
    return Bad(NumberOf(computer) + " has no SWP policy; the rule wants " + wanted, "assign the policy in SWP");
  }
  // Its number is known, whatever else is.
  const std::string number = std::to_string(computer.policy->value);
  if (std::find(rule.policies.begin(), rule.policies.end(), number) != rule.policies.end()) {
    return Good("has SWP policy " + number + " (" + NumberOf(computer) + ")");
  }
  const PolicyLine line = LineOf(*computer.policy, facts);
  std::string unread = line.policies.empty() ? line.unread : "";
  const std::size_t looked_at =
      rule.descendants ? line.policies.size() : std::min<std::size_t>(line.policies.size(), 1);
  for (std::size_t at = 0; at < looked_at; ++at) {
    for (const std::string& one : rule.policies) {
      const Match match = Matches(one, line, at);
      if (match == Match::kUnread) unread = line.unread;
      if (match != Match::kYes) continue;
      return Good("has SWP policy " + Shown(line.Path(0)) + " (number " + number + ")" +
                  (at == 0 ? "" : ", which is below " + Shown(line.policies[at].name)));
    }
  }
  if (rule.descendants && !line.unread.empty()) unread = line.unread;
  if (!unread.empty()) return Unknown(unread, "give the API key's role the right to read SWP policies");
  return Bad("has SWP policy " + Shown(line.Path(0)) + " (number " + number + "); the rule wants " + wanted,
             "assign the policy in SWP, or change the rule");
}

bool IsBenign(const RuleParameters& rule, const std::string& message) {
  const std::string lower = ToLowerAscii(Trim(message));
  // What says only that all is well.
  if (lower.empty() || lower == "managed (online)") return true;
  return std::find(rule.benign.begin(), rule.benign.end(), lower) != rule.benign.end();
}

Verdict JudgeClear(const RuleParameters& rule, const HostFacts& facts, const Computer& computer,
                   const Context& context) {
  const std::string next = "open " + NumberOf(computer) + " in SWP, and clear what it reports";
  for (const swp::ModuleState& module : computer.modules) {
    const std::string name(swp::DisplayName(module.module));
    if (const std::string damage = module.DamageOfState(); !damage.empty()) {
      return Unknown(name + " cannot be read in SWP's answer: " + Printable(damage, kShownSaid), "ask again");
    }
    const bool speaks = module.status.status == AgentStatus::kWarning || module.status.status == AgentStatus::kError;
    if (module.state == "off" || !speaks || IsBenign(rule, module.message)) continue;
    return Bad(name + " reports `" + module.status.text + "`: " + Printable(module.message, kShownSaid), next);
  }
  if (computer.agent_status.status == AgentStatus::kActive) {
    return Good("SWP reports no warnings and no errors (" + NumberOf(computer) + ")" + NotesOf(computer, context) +
                JitterNote(facts, computer.id, context));
  }
  std::string said;
  for (const std::string& message : computer.status_messages) {
    if (!IsBenign(rule, message)) said += (said.empty() ? "" : "; ") + message;
  }
  if (said.empty() && !computer.status_messages.empty()) {
    return Good("SWP reports only what the rule calls benign (" + NumberOf(computer) +
                "): " + Printable(computer.status_messages.front(), kShownSaid));
  }
  return Bad("SWP calls the agent `" + computer.agent_status.text + "`" +
                 (said.empty() ? " and does not say why" : ": " + Printable(said, kShownSaid)),
             next);
}

Verdict JudgeTouch(const RuleParameters& rule, const Computer& computer, const Context& context) {
  if (const std::string* damage = computer.Damage("lastAgentCommunication")) {
    return Unknown("when the agent was in touch cannot be read: " + Printable(*damage, kShownSaid), "ask again");
  }
  if (!computer.last_agent_communication) {
    return Unknown("SWP's answer does not say when the agent of " + NumberOf(computer) + " was in touch", "ask again");
  }
  const std::string when = At(*computer.last_agent_communication);
  const std::string limit = FormatDuration(rule.max_age);
  if (context.now - *computer.last_agent_communication <= rule.max_age) {
    return Good("in touch with SWP at " + when + ", within " + limit + " (" + NumberOf(computer) + ")");
  }
  return Bad("last in touch with SWP at " + when + ", longer ago than " + limit,
             "start the instance or the agent, and check that it reaches the SWP manager");
}

Verdict JudgeReceived(const RuleParameters& rule, const HostFacts& facts, const FleetComputer& fleet,
                      const Context& context) {
  const Computer& computer = fleet.computer;
  for (const std::string_view member : {"lastSendPolicyRequest", "lastSendPolicySuccess", "policyID"}) {
    if (const std::string* damage = computer.Damage(member)) {
      return Unknown("whether the policy arrived cannot be read: " + Printable(*damage, kShownSaid), "ask again");
    }
  }
  if (!facts.requests_known) return Unknown("when the policy was sent was not read", "");
  if (!computer.policy) return Bad(NumberOf(computer) + " has no SWP policy", "assign a policy in SWP");
  const auto& sent = fleet.policy_requested;
  const auto& arrived = computer.last_send_policy_success;
  if (!arrived && !sent) return Bad("no SWP policy was ever sent to the agent", "send the policy in SWP");
  if (arrived && (!sent || *arrived >= *sent)) {
    return Good("the agent received its SWP policy at " + At(*arrived) + " (" + NumberOf(computer) + ")");
  }
  const std::string when = "the SWP policy sent at " + At(*sent) + " has not arrived";
  if (context.now - *sent <= rule.max_age) {
    return Good(when + " yet; that is no failure before " + At(*sent + rule.max_age));
  }
  return Bad(when, "check in SWP that the agent is in touch, and send the policy again");
}

Verdict JudgeRecommendations(const RuleParameters& rule, const HostFacts& facts, const Computer& computer,
                             const Context& context) {
  const auto modules = ModulesWithScans(computer);
  if (modules.empty()) {
    return Bad("no module is on whose rules are recommended by scans",
               "turn on Intrusion Prevention in the SWP policy");
  }
  std::string good;
  std::optional<Verdict> unknown;
  for (const swp::RuleModule module : modules) {
    const std::string name(swp::DisplayName(module));
    const auto found = facts.assignments.find(module);
    if (found == facts.assignments.end() || !found->second.ok()) {
      unknown = Unknown("what is recommended for " + name + " could not be read" +
                        (found == facts.assignments.end() ? "" : ": " + found->second.error().message));
      continue;
    }
    const swp::Assignments& now = *found->second;
    if (now.scan_status == "none")
      return Bad(name + ": never scanned for recommendations", "run a recommendation scan");
    const bool status_known = now.scan_status == "valid" || now.scan_status == "out-of-date";
    if (!status_known || !now.last_scan) {
      unknown =
          Unknown(name + ": SWP calls its recommendation scan " + Shown(now.scan_status), "run one, then ask again");
      continue;
    }
    const std::string when = At(*now.last_scan);
    if (context.now - *now.last_scan > rule.max_age) {
      std::string what = name;
      what.append(": the last recommendation scan ended ").append(when).append(", longer ago than ");
      return Bad(what.append(FormatDuration(rule.max_age)), "run a recommendation scan");
    }
    if (!now.recommended_to_assign.empty()) {
      std::string what = name;
      what.append(": ").append(std::to_string(now.recommended_to_assign.size())).append(" recommended ");
      what.append(now.recommended_to_assign.size() == 1 ? "rule is" : "rules are").append(" not assigned");
      return Bad(what, "assign the recommended rules in SWP");
    }
    good.append(good.empty() ? "" : ", ").append(name).append(" (scan of ").append(when).append(")");
  }
  if (unknown) return *unknown;
  return Good("every recommended rule is assigned: " + good);
}

Verdict JudgeRun(const RuleParameters& rule, const HostFacts& facts, const Context& context) {
  const Needs needs = NeedsOf(rule, context.exclusion);
  if (needs.computers && !facts.computers.ok()) {
    return Unknown("undetermined whether a tag in SWP excludes the host: " + facts.computers.error().message,
                   facts.computers.error().advice);
  }
  const std::string of(needs.run);
  if (!facts.run) return Unknown("the newest run of the workflow " + of + " was not read");
  const RunAnswer& run = *facts.run;
  if (!run.at) return Unknown(run.why, "let the workflow " + of + " run");
  if (context.now - *run.at > kRunIsGood) {
    return Unknown("the newest run of the workflow " + of + " is of " + At(*run.at) + ", older than 24h",
                   "let it run again");
  }
  const std::string why = run.why + " (run of " + At(*run.at) + ")";
  switch (run.says) {
    case RunAnswer::Says::kGood:
      return Good(why);
    case RunAnswer::Says::kBad:
      return Bad(why, rule.kind == RuleKind::kBehindWebAcl ? "put a web ACL that enforces before it (docs/waf.md)"
                                                           : "let its rules take effect (docs/inspector.md), or patch");
    case RunAnswer::Says::kNothing:
    case RunAnswer::Says::kUndetermined:
      break;
  }
  return Unknown(why);
}

// How long ago the agent was in touch, what it reports, and which policy it has are what some rules ask themselves.
bool AsksItself(RuleKind kind, const Protection& protection) {
  const auto has = [&](ProtectionReason reason) {
    return std::any_of(protection.decisive.begin(), protection.decisive.end(),
                       [&](const auto& note) { return note.reason == reason; });
  };
  const bool in_error = has(ProtectionReason::kAgentError);
  if (kind == RuleKind::kClear) return in_error;
  const bool of_record =
      kind == RuleKind::kInTouch || kind == RuleKind::kHasPolicy || kind == RuleKind::kPolicyReceived;
  return of_record && (in_error || has(ProtectionReason::kOffline));
}

Verdict JudgeWithAgent(const RuleParameters& rule, const Resource& resource, const HostFacts& facts,
                       const Context& context) {
  // No module is required here: what the rule asks of modules it asks itself.
  const Protection protection = Protected(resource, facts, context, {});
  if (auto against = JudgeAgent(protection)) {
    if (!AsksItself(rule.kind, protection) || !protection.computer) return *against;
  }
  const Computer& computer = *protection.computer;
  const FleetComputer* fleet = nullptr;
  for (const FleetComputer& one : *facts.computers) {
    if (one.computer.id == computer.id) fleet = &one;
  }
  switch (rule.kind) {
    case RuleKind::kModuleOn:
      return JudgeModules(rule, computer, NotesOf(computer, context) + JitterNote(facts, computer.id, context));
    case RuleKind::kHasPolicy:
      return JudgePolicy(rule, computer, facts);
    case RuleKind::kClear:
      return JudgeClear(rule, facts, computer, context);
    case RuleKind::kInTouch:
      return JudgeTouch(rule, computer, context);
    case RuleKind::kRecommendationsApplied:
      return JudgeRecommendations(rule, facts, computer, context);
    case RuleKind::kPolicyReceived:
      if (fleet == nullptr) return Unknown("the record of the computer is not among those that were read");
      return JudgeReceived(rule, facts, *fleet, context);
    default:
      return Unknown("a rule that this version does not know");
  }
}

// Why it is not known what EC2 or SWP says of the instance that may make the rule not apply; empty: it is known. Where
// nobody has tags, there may be one that excludes or exempts the host.
std::string WhyMayNotApply(const RuleParameters& rule, const Resource& resource, const HostFacts& facts,
                           const Context& context) {
  if (!facts.resource_unread.empty()) return "whether it runs and which tags it has: " + facts.resource_unread;
  const bool tags_count = !rule.exempt_tag.empty() || !context.exclusion.tag.empty();
  if (resource.tags || !tags_count) return "";
  const bool damaged =
      facts.computers.ok() && std::any_of(facts.computers->begin(), facts.computers->end(),
                                          [](const auto& one) { return one.computer.tags_unreadable; });
  return damaged ? "which tags it has: SWP's copy of them cannot be read" : "which tags it has: nothing says";
}

// A container instance is an instance like others, and its reader wants to know that it is one.
Verdict WithCluster(Verdict verdict, const Resource& resource) {
  if (resource.cluster.empty() || verdict.compliance == Compliance::kUndetermined) return verdict;
  const std::string note = " [ECS container instance of cluster " + Printable(resource.cluster, 40) + "]";
  return {verdict.compliance, FitInto(verdict.annotation, kAnnotationCharacters - note.size()) + note};
}

}  // namespace

Needs NeedsOf(const RuleParameters& rule, const Exclusion& exclusion) {
  const bool may_be_excluded = !exclusion.tag.empty();
  switch (rule.kind) {
    case RuleKind::kHasPolicy:
      return {true, true, false, {}};
    case RuleKind::kRecommendationsApplied:
      return {true, false, true, {}};
    case RuleKind::kBehindWebAcl:
      return {may_be_excluded, false, false, "waf"};
    case RuleKind::kNoUncoveredCriticalCve:
      return {may_be_excluded, false, false, "inspector"};
    default:
      return {};
  }
}

std::optional<Exemption> ReadExemption(std::string_view text) {
  constexpr std::size_t kDateLength = 10;
  text = Trim(text);
  if (text.size() < kDateLength) return std::nullopt;
  const auto day = ParseTime(std::string(text.substr(text.size() - kDateLength)) + "T00:00:00Z");
  if (!day) return std::nullopt;
  std::string_view ticket = Trim(text.substr(0, text.size() - kDateLength));
  if (ticket.size() >= 5 && EqualsIgnoreCase(ticket.substr(ticket.size() - 5), "until")) ticket.remove_suffix(5);
  return Exemption{std::string(Trim(ticket)), *day + std::chrono::hours(24) - Duration{1}};
}

std::optional<Verdict> JudgeWithoutSwp(const RuleParameters& rule, const Resource& resource, const Context& context) {
  if (resource.state == "terminated" || resource.state == "shutting-down") {
    return NoMatter("the instance is " + resource.state + ": there is nothing left to protect");
  }
  if (auto by_tag = JudgeTags(rule, resource, context)) return by_tag;
  const bool stopped = resource.state == "stopped" || resource.state == "stopping";
  if (stopped && !rule.evaluate_stopped) {
    return NoMatter("the instance is " + resource.state +
                    ": judged when it runs (rule parameter `stopped`: `evaluate` judges it anyway)");
  }
  return std::nullopt;
}

std::optional<std::vector<swp::Tag>> TagsOfAll(const Resource& resource, const HostFacts& facts) {
  std::optional<std::vector<swp::Tag>> all = resource.tags;
  if (!facts.computers.ok()) return all;
  for (const FleetComputer& one : *facts.computers) {
    if (!one.computer.tags) continue;
    if (!all) all.emplace();
    for (const swp::Tag& tag : *one.computer.tags) {
      const auto same = [&](const swp::Tag& other) { return other.name == tag.name; };
      const bool of_ec2 = resource.tags && std::any_of(resource.tags->begin(), resource.tags->end(), same);
      if (!of_ec2) all->push_back(tag);
    }
  }
  return all;
}

const FleetComputer* ChosenRecord(const Resource& resource, const HostFacts& facts, const Context& context) {
  if (!facts.computers.ok()) return nullptr;
  const Protection protection = Protected(resource, facts, context, {});
  if (!protection.computer) return nullptr;
  for (const FleetComputer& one : *facts.computers) {
    if (one.computer.id == protection.computer->id) return &one;
  }
  return nullptr;
}

std::vector<swp::RuleModule> ModulesWithScans(const Computer& computer) {
  std::vector<swp::RuleModule> modules;
  for (const swp::RuleModule module : swp::kRuleModules) {
    const swp::ModuleState* state = computer.Find(swp::ModuleOf(module));
    if (state != nullptr && state->state != "off") modules.push_back(module);
  }
  return modules;
}

Verdict Judge(const RuleParameters& rule, const Resource& resource, const HostFacts& facts, const Context& context) {
  if (auto early = JudgeWithoutSwp(rule, resource, context)) return WithCluster(*std::move(early), resource);
  Verdict verdict;
  if (const std::string why = WhyMayNotApply(rule, resource, facts, context); !why.empty()) {
    verdict = Unknown("undetermined whether the rule applies to the instance, because it is undetermined " + why);
  } else if (!NeedsOf(rule, context.exclusion).run.empty()) {
    verdict = JudgeRun(rule, facts, context);
  } else if (rule.kind == RuleKind::kProtected) {
    verdict = JudgeProtected(resource, facts, context);
  } else {
    verdict = JudgeWithAgent(rule, resource, facts, context);
  }
  const auto grace = GraceEnds(rule, resource, context.now);
  if (verdict.compliance == Compliance::kNonCompliant && grace) {
    verdict =
        NoMatter("launched a short time ago: judged from " + At(*grace) + " on. Until then: " + verdict.annotation);
  }
  return WithCluster(std::move(verdict), resource);
}

}  // namespace sallyport::compliance
