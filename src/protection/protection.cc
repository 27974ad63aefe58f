// SPDX-License-Identifier: Apache-2.0
#include "protection/protection.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/text.h"
#include "protection/module.h"

namespace sallyport {
namespace {

using swp::AgentStatus;
using swp::Computer;

constexpr std::size_t kShownAgentText = 200;
constexpr std::size_t kShownRecords = 20;
constexpr std::string_view kLastHeard = "lastAgentCommunication";

ProtectionNote Note(ProtectionReason reason, std::string text, std::string advice = "") {
  return {reason, std::nullopt, std::move(text), std::move(advice)};
}

std::string NumberOf(const Computer& computer) {
  return "computer " + std::to_string(computer.id.value);
}

// What SWP itself says, for people: "; SWP status: Offline".
std::string Quoted(const Computer& computer) {
  std::string said;
  for (const std::string& message : computer.status_messages) said += (said.empty() ? "" : "; ") + message;
  return said.empty() ? "" : "; SWP status: " + Printable(said, kShownAgentText);
}

Protection Undetermined(ProtectionNote why) {
  Protection protection;
  protection.state = ProtectionState::kUndetermined;
  protection.decisive.push_back(std::move(why));
  return protection;
}

Protection NotProtected(ProtectionNote why) {
  Protection protection;
  protection.state = ProtectionState::kNotProtected;
  protection.decisive.push_back(std::move(why));
  return protection;
}

// Contract 3.6: prefer the record with an agent, then the one heard from last, then the newest.
bool IsBetterRecord(const Computer& a, const Computer& b) {
  const auto rank = [](const Computer& c) {
    return std::tuple(!c.agent_fingerprint.empty(), c.last_agent_communication.value_or(TimePoint{}), c.id.value);
  };
  return rank(a) > rank(b);
}

struct Candidates {
  std::vector<Computer> matching;  // best first
  std::optional<ProtectionNote> mismatch;
};

// Search is text comparison on the other side; the record is checked again here. Never act on a mismatch.
Candidates Select(const WantedInstance& wanted, std::vector<Computer> records) {
  Candidates out;
  // Best first, so that neither the choice nor the mismatch that is told depends on the order of SWP's answer.
  std::sort(records.begin(), records.end(), IsBetterRecord);
  for (const Computer& record : records) {
    std::optional<ProtectionNote> mismatch;
    if (record.instance_id != wanted.instance.value) {
      mismatch = Note(
          ProtectionReason::kInstanceMismatch,
          "SWP " + NumberOf(record) + " was found, but it names " +
              (record.instance_id.empty() ? "no instance" : "instance `" + Printable(record.instance_id, 40) + "`"),
          "check this computer's record in SWP");
    } else if (!wanted.account.empty() && !record.account_id.empty() && record.account_id != wanted.account) {
      mismatch = Note(ProtectionReason::kAccountMismatch,
                      "SWP " + NumberOf(record) + " has this instance id, but in AWS account `" +
                          Printable(record.account_id, 40) + "` and not in " + wanted.account,
                      "look for a stale or copied record in SWP");
    } else {
      out.matching.push_back(record);
    }
    if (mismatch && !out.mismatch) out.mismatch = std::move(mismatch);
  }
  return out;
}

bool IsSilent(const Computer& computer, const ProtectionCriteria& criteria, TimePoint now) {
  return computer.last_agent_communication && now - *computer.last_agent_communication > criteria.offline_after;
}

// Without "2d ago": the text goes into verdicts and messages, which are told again whenever it changes.
ProtectionNote Offline(const Computer& computer) {
  return Note(ProtectionReason::kOffline,
              "agent offline, last contact " + TimeText(*computer.last_agent_communication) + Quoted(computer),
              "start the host or its agent, and check that it can connect to the SWP manager (heartbeat port)");
}

Protection UnknownStatus(const Computer& computer) {
  return Undetermined(Note(ProtectionReason::kStatusUnknown,
                           "SWP reports the agent status `" + Printable(computer.agent_status.text, 40) +
                               "`, which this version does not know",
                           "check the computer in SWP; update Sallyport"));
}

Protection Unreadable(const Computer& computer, const std::string& damage) {
  return Undetermined(
      Note(ProtectionReason::kStatusMissing,
           "SWP's answer for " + NumberOf(computer) + " cannot be read: " + Printable(damage, kShownAgentText),
           "try again; then check what is between Sallyport and SWP (proxy)"));
}

// Whether something in the record says that there is an agent at work.
bool SpeaksOfAnAgent(const Computer& computer) {
  const AgentStatus status = computer.agent_status.status;
  const auto works = [](const swp::ModuleState& module) { return module.status.status == AgentStatus::kActive; };
  return status == AgentStatus::kActive || status == AgentStatus::kWarning || status == AgentStatus::kError ||
         !computer.appliance_fingerprint.empty() ||
         std::any_of(computer.modules.begin(), computer.modules.end(), works);
}

// A record without a fingerprint: no agent, when the rest of it agrees (contract 3.7).
Protection JudgeWithoutAgent(const Computer& computer) {
  if (!computer.has_status) {
    return Undetermined(Note(
        ProtectionReason::kStatusMissing,
        "SWP's answer for " + NumberOf(computer) + " holds neither an agent's fingerprint nor a status", "try again"));
  }
  if (SpeaksOfAnAgent(computer)) {
    return Undetermined(Note(ProtectionReason::kStatusMissing,
                             "SWP " + NumberOf(computer) + " contradicts itself: no agent fingerprint, yet " +
                                 (computer.appliance_fingerprint.empty() ? "an agent at work" : "an appliance"),
                             "check this computer in SWP"));
  }
  if (computer.agent_status.status == AgentStatus::kUnknown) return UnknownStatus(computer);
  return NotProtected(Note(ProtectionReason::kNotActivated,
                           "no activated agent; SWP lists this host only through its AWS connector" + Quoted(computer),
                           "install and activate the agent (SWP console: Support > Deployment Scripts)"));
}

// The agent as a whole: nothing when it is in touch and working.
std::optional<Protection> JudgeAgent(const Computer& computer, const ProtectionCriteria& criteria, TimePoint now) {
  const AgentStatus status = computer.agent_status.status;
  if (const std::string* damage = computer.Damage("computerStatus")) return Unreadable(computer, *damage);
  if (computer.agent_fingerprint.empty()) return JudgeWithoutAgent(computer);
  if (!computer.has_status) {
    return Undetermined(Note(ProtectionReason::kStatusMissing,
                             "SWP's answer for " + NumberOf(computer) + " holds no agent status", "try again"));
  }
  const bool silent = IsSilent(computer, criteria, now);
  switch (status) {
    case AgentStatus::kActive:
      return std::nullopt;
    case AgentStatus::kWarning:
      // It may have been silent for long.
      if (const std::string* damage = computer.Damage(kLastHeard)) return Unreadable(computer, *damage);
      if (!silent) return std::nullopt;
      return NotProtected(Offline(computer));
    case AgentStatus::kError:
      if (silent) return NotProtected(Offline(computer));
      return NotProtected(Note(ProtectionReason::kAgentError, "agent in error" + Quoted(computer),
                               "open the computer in SWP and clear its errors"));
    case AgentStatus::kInactive:
      return NotProtected(Note(ProtectionReason::kAgentDeactivated, "agent installed but not active" + Quoted(computer),
                               "activate the agent"));
    case AgentStatus::kNotSupported:
      return NotProtected(Note(ProtectionReason::kAgentNotSupported,
                               "agent not supported on this platform" + Quoted(computer),
                               "compare the platform with the agent's list of supported systems"));
    case AgentStatus::kUnknown:
      break;
  }
  return UnknownStatus(computer);
}

void AddGeneralGaps(const Computer& computer, const ProtectionCriteria& criteria, TimePoint now,
                    std::vector<ProtectionNote>& gaps) {
  if (const std::string* damage = computer.Damage("policyID")) {
    gaps.push_back(Note(ProtectionReason::kNoPolicy,
                        "the assigned SWP policy cannot be read: " + Printable(*damage, kShownAgentText)));
  } else if (!computer.policy) {
    gaps.push_back(Note(ProtectionReason::kNoPolicy, "no SWP policy is assigned",
                        "assign an SWP policy; recommended rules can only be assigned to the computer itself"));
  }
  if (computer.agent_status.status == AgentStatus::kWarning) {
    gaps.push_back(Note(ProtectionReason::kAgentWarning, "agent reports a warning" + Quoted(computer)));
  }
  if (computer.agent_status.status == AgentStatus::kActive && IsSilent(computer, criteria, now)) {
    gaps.push_back(Note(ProtectionReason::kSilentSince, "SWP reports the agent as active, but its last contact was " +
                                                            TimeText(*computer.last_agent_communication)));
  }
  if (const std::string* damage = computer.Damage(kLastHeard)) {
    gaps.push_back(Note(ProtectionReason::kSilentSince,
                        "the agent's last contact cannot be read: " + Printable(*damage, kShownAgentText)));
  }
  if (!computer.agent_tasks.empty()) {
    gaps.push_back(
        Note(ProtectionReason::kBusy, "agent busy: " + Printable(computer.agent_tasks.front(), kShownAgentText)));
  }
}

// Fills `modules` and `gaps`; every module that does not fully protect leaves a note.
void JudgeModules(const Computer& computer, Protection& protection) {
  for (const swp::Module module : swp::kAllModules) {
    const swp::ModuleState* state = computer.Find(module);
    // A module that the tenant has no license for is absent as a whole (contract 3.2): neither on nor unknown.
    if (state == nullptr) continue;
    ModuleVerdict verdict = JudgeModule(*state);
    protection.modules[module] = verdict.protection;
    std::move(verdict.notes.begin(), verdict.notes.end(), std::back_inserter(protection.gaps));
  }
}

// Moves the notes about `module` from the gaps to the decisive ones.
void MakeDecisive(swp::Module module, Protection& protection) {
  const auto about = [&](const ProtectionNote& note) { return note.module == module; };
  std::copy_if(protection.gaps.begin(), protection.gaps.end(), std::back_inserter(protection.decisive), about);
  std::erase_if(protection.gaps, about);
}

ProtectionState DecideRequired(const ProtectionCriteria& criteria, Protection& protection) {
  bool missing = false;
  bool unknown = false;
  for (const swp::Module module : criteria.required_modules) {
    const auto found = protection.modules.find(module);
    if (found != protection.modules.end() && found->second == ModuleProtection::kProtects) continue;
    const bool is_unknown = found == protection.modules.end() || found->second == ModuleProtection::kUnknown;
    (is_unknown ? unknown : missing) = true;
    protection.decisive.push_back({ProtectionReason::kRequiredModule, module,
                                   std::string(swp::DisplayName(module)) + " is required" +
                                       (is_unknown ? " and its state is undetermined" : " and does not fully protect"),
                                   ""});
    MakeDecisive(module, protection);
  }
  if (missing) return ProtectionState::kNotProtected;
  return unknown ? ProtectionState::kUndetermined : ProtectionState::kProtected;
}

// Modules that this answer does not hold. A manager leaves out those that the tenant does not have (contract 3.2), and
// so does an answer that lacks a part; records of older managers have no Activity Monitoring.
std::string ModulesNotInAnswer(const Protection& protection) {
  std::string names;
  for (const swp::Module module : swp::kAllModules) {
    if (module == swp::Module::kActivityMonitoring || protection.modules.contains(module)) continue;
    names += (names.empty() ? "" : ", ") + std::string(swp::DisplayName(module));
  }
  return names;
}

ProtectionState DecideAny(Protection& protection) {
  const auto has = [&](ModuleProtection wanted) {
    return std::any_of(protection.modules.begin(), protection.modules.end(),
                       [&](const auto& entry) { return entry.second == wanted; });
  };
  if (has(ModuleProtection::kProtects)) return ProtectionState::kProtected;
  if (protection.modules.empty() || has(ModuleProtection::kUnknown)) {
    protection.decisive.push_back(
        Note(ProtectionReason::kModuleUnknown, "the state of the protection modules could not be read", "try again"));
    return ProtectionState::kUndetermined;
  }
  if (const std::string absent = ModulesNotInAnswer(protection); !absent.empty()) {
    protection.decisive.push_back(
        Note(ProtectionReason::kModuleUnknown,
             "no module in SWP's answer fully protects the host, and the answer says nothing about " + absent,
             "turn on the modules in the computer's SWP policy; if the tenant has no " + absent +
                 ", name in `protection.required_modules` the modules that have to protect a host"));
    return ProtectionState::kUndetermined;
  }
  protection.decisive.push_back(Note(ProtectionReason::kNoModuleOn,
                                     "agent active, but no module fully protects the host",
                                     "turn on the modules in the computer's SWP policy"));
  return ProtectionState::kNotProtected;
}

Protection JudgeComputer(const Computer& computer, const ProtectionCriteria& criteria, TimePoint now) {
  if (auto verdict = JudgeAgent(computer, criteria, now)) {
    verdict->computer = computer;
    return *std::move(verdict);
  }
  Protection protection;
  protection.computer = computer;
  AddGeneralGaps(computer, criteria, now, protection.gaps);
  JudgeModules(computer, protection);
  protection.state = criteria.required_modules.empty() ? DecideAny(protection) : DecideRequired(criteria, protection);
  return protection;
}

void NoteDuplicates(const std::vector<Computer>& matching, Protection& protection) {
  if (matching.size() < 2) return;
  std::string others;
  for (std::size_t i = 1; i < matching.size(); ++i) {
    protection.other_records.push_back(matching[i].id);
    if (i <= kShownRecords) others += (i == 1 ? "" : ", ") + std::to_string(matching[i].id.value);
  }
  if (matching.size() > kShownRecords + 1) {
    others += " and " + std::to_string(matching.size() - kShownRecords - 1) + " more";
  }
  protection.gaps.push_back(Note(ProtectionReason::kDuplicateRecords,
                                 "SWP holds " + CountText(matching.size(), "record") +
                                     " of this host: " + NumberOf(matching.front()) + " was judged, not " + others,
                                 "remove the stale records in SWP"));
}

// Of several records with an agent the one heard from last is the live one: nothing, when that can be told.
std::optional<Protection> CannotChoose(const std::vector<Computer>& matching) {
  const auto has_agent = [](const Computer& computer) { return !computer.agent_fingerprint.empty(); };
  if (std::count_if(matching.begin(), matching.end(), has_agent) < 2) return std::nullopt;
  for (const Computer& computer : matching) {
    const std::string* damage = computer.Damage(kLastHeard);
    if (has_agent(computer) && damage != nullptr) return Unreadable(computer, *damage);
  }
  return std::nullopt;
}

}  // namespace

Protection JudgeProtection(const WantedInstance& wanted, const Result<std::vector<Computer>>& answer,
                           const ProtectionCriteria& criteria, TimePoint now) {
  if (!answer.ok()) {
    return Undetermined(
        Note(ProtectionReason::kReadFailed, "SWP could not be read: " + answer.error().message, answer.error().advice));
  }
  Candidates candidates = Select(wanted, *answer);
  if (candidates.matching.empty()) {
    if (candidates.mismatch) return Undetermined(*std::move(candidates.mismatch));
    return NotProtected(Note(ProtectionReason::kNotInManager,
                             "SWP has no record of this host: no agent has reported it. Possible causes: no AWS "
                             "connector for account " +
                                 (wanted.account.empty() ? "(undetermined)" : wanted.account) +
                                 ", or a connector that has not synchronized yet",
                             "install and activate the agent, or add the account's AWS connector"));
  }
  if (auto undecided = CannotChoose(candidates.matching)) return *std::move(undecided);
  Protection protection = JudgeComputer(candidates.matching.front(), criteria, now);
  NoteDuplicates(candidates.matching, protection);
  if (candidates.mismatch) protection.gaps.push_back(*std::move(candidates.mismatch));
  return protection;
}

bool Protection::CanScan() const {
  if (!computer || computer->agent_fingerprint.empty()) return false;
  const AgentStatus status = computer->agent_status.status;
  if (status != AgentStatus::kActive && status != AgentStatus::kWarning) return false;
  return std::none_of(decisive.begin(), decisive.end(),
                      [](const ProtectionNote& note) { return note.reason == ProtectionReason::kOffline; });
}

}  // namespace sallyport
