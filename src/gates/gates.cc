// SPDX-License-Identifier: Apache-2.0
#include "gates/gates.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "base/severity.h"
#include "base/text.h"
#include "gates/targets.h"

namespace sallyport {
namespace {

using Verdict = std::optional<std::string>;  // nothing: passed; else why not

// Clocks differ; what is said to come from further ahead says nothing about its age.
constexpr Duration kMayBeAhead = std::chrono::hours(1);

Verdict KillSwitchSays(const std::string& path, const Result<bool>& is_set) {
  if (!is_set.ok()) return "the kill switch cannot be read: " + is_set.error().message;
  if (*is_set) return "kill switch is on (file `" + path + "` exists)";
  return std::nullopt;
}

Verdict KillSwitch(const GateSettings& settings, const GateFacts& facts) {
  return KillSwitchSays(settings.kill_switch_file, facts.kill_switch);
}

Verdict Sample(const GateSettings&, const GateFacts& facts) {
  if (facts.sample && facts.writes) return "SWP is read for a sample finding, and never changed";
  return std::nullopt;
}

Verdict AllowList(const GateSettings& settings, const GateFacts& facts) {
  if (settings.allowed_actions.contains(facts.kind)) return std::nullopt;
  return "`" + facts.kind + "` is not in gates.allow";
}

// Every host that it touches must be left alone. Where only some of them must, see Some.
Verdict ExclusionTag(const GateSettings& settings, const GateFacts& facts) {
  GateSettings asked = settings;
  // A message about a host whose tags nobody knows does no harm; silence about an unprotected host does.
  if (!facts.writes) asked.refuse_when_tags_unknown = false;
  const SortedTargets sorted = SortTargets(asked, facts.targets.hosts);
  if (sorted.excluded.empty() || sorted.excluded.size() < facts.targets.hosts.size()) return std::nullopt;
  if (sorted.excluded.size() > 1) return LeftAloneText(sorted);
  const Host& host = sorted.excluded.front().target.host;
  if (host.tags) return "the host has the " + sorted.excluded.front().why + " (gates.exclusion_tag)";
  return "the tags of the host are undetermined, so the exclusion tag `" + settings.exclusion_tag +
         "` cannot be ruled out (gates.when_tags_unknown)";
}

// Every host that it touches is evidence. Where only some of them are, see Some.
Verdict Evidence(const GateSettings& settings, const GateFacts& facts) {
  const SortedTargets sorted = SortTargets(settings, facts.targets.hosts);
  if (sorted.evidence.empty() || sorted.evidence.size() < facts.targets.hosts.size()) return std::nullopt;
  if (sorted.evidence.size() > 1) return LeftAloneText(sorted);
  return NameOf(sorted.evidence.front().target) + ": " + sorted.evidence.front().why;
}

Verdict EventAge(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes || facts.force) return std::nullopt;
  return TooOld(settings, facts.event_time, facts.now, facts.latest);
}

Verdict Once(const GateSettings&, const GateFacts& facts) {
  if (!facts.same_decision.ok()) return "the ledger cannot be asked: " + facts.same_decision.error().message;
  if (!facts.same_decision->has_value()) return std::nullopt;
  const EarlierAction& earlier = **facts.same_decision;
  return "the same action already exists: " + earlier.state + " " + AgoText(earlier.at, facts.now);
}

Verdict CoolDown(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.within_cool_down.ok()) return "the ledger cannot be asked: " + facts.within_cool_down.error().message;
  if (!facts.within_cool_down->has_value()) return std::nullopt;
  const EarlierAction& earlier = **facts.within_cool_down;
  if (BandOf(facts.severity) > BandOf(earlier.severity)) return std::nullopt;
  return "the same action was begun " + AgoText(earlier.at, facts.now) + ", within gates.cool_down (" +
         FormatDuration(settings.cool_down) + "), and the severity did not rise to a higher band";
}

Verdict BlastRadius(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes) return std::nullopt;
  if (!facts.targets.Known()) return "the number of hosts it affects is undetermined: " + facts.targets.unknown;
  if (!facts.hosts) return "the number of hosts it affects is undetermined";
  if (*facts.hosts <= settings.max_hosts) return std::nullopt;
  return "affects " + CountText(static_cast<std::uint64_t>(*facts.hosts), "host") + "; the limit is " +
         std::to_string(settings.max_hosts) + " (gates.max_hosts)";
}

Verdict Window(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes || !settings.windowed_actions.contains(facts.kind)) return std::nullopt;
  if (IsOpen(settings.windows, facts.now)) return std::nullopt;
  const auto next = NextOpening(settings.windows, facts.now);
  if (!next) return "no maintenance window opens again (gates.maintenance.windows)";
  return "next maintenance window opens " + UntilText(*next, facts.now);
}

Verdict Stagger(const GateSettings&, const GateFacts& facts) {
  if (!facts.writes || facts.turn_in <= Duration{0}) return std::nullopt;
  return "starts " + UntilText(facts.now + facts.turn_in, facts.now) +
         "; hosts of one plan start in waves (macie.wave, macie.stagger)";
}

Verdict Approval(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes || facts.approved) return std::nullopt;
  if (!facts.needs_person.empty()) return facts.needs_person;
  if (settings.approve_actions.contains(facts.kind)) return "gates.approval.actions names `" + facts.kind + "`";
  if (facts.hosts && *facts.hosts <= settings.approve_above_hosts) return std::nullopt;
  return "affects " + CountText(static_cast<std::uint64_t>(facts.hosts.value_or(0)), "host") +
         ", approval needed above " + std::to_string(settings.approve_above_hosts) + " (gates.approval.above_hosts)";
}

// No host that it touches is in an account that enforces. Where only some are not, see Some.
Verdict ModeGate(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes) return std::nullopt;
  const auto enforces = [&](const Target& target) { return ModeFor(settings, target.host) == Mode::kEnforce; };
  const auto& hosts = facts.targets.hosts;
  const bool hosts_pass = hosts.empty() || std::any_of(hosts.begin(), hosts.end(), enforces);
  const bool asks_account = hosts.empty() || !facts.account.empty();
  if (hosts_pass && (!asks_account || ModeFor(settings, facts.account) == Mode::kEnforce)) return std::nullopt;
  return "observe mode, nothing written to SWP. To carry it out: `mode: enforce`";
}

// Some of the hosts that it touches must be left alone, and others not: only a person can move them apart.
Verdict Some(const GateSettings& settings, const GateFacts& facts) {
  if (!facts.writes) return std::nullopt;
  const SortedTargets sorted = SortTargets(settings, facts.targets.hosts);
  if (sorted.AllFree()) return std::nullopt;
  return LeftAloneText(sorted);
}

struct Gate {
  std::string_view name;
  Verdict (*ask)(const GateSettings&, const GateFacts&);
  WaitFor wait_for = WaitFor::kNothing;
};

// The order is the order in which a reader wants to hear about them: what stops everything first, the ordinary "not
// switched on" after it, so that an observing installation shows what would stop it otherwise. Last what only has to
// wait: nobody is asked to approve what another gate refuses anyway.
constexpr std::array kGates = {
    Gate{"kill-switch", KillSwitch},
    Gate{"sample", Sample},
    Gate{"allow-list", AllowList},
    Gate{"exclusion-tag", ExclusionTag},
    Gate{"evidence", Evidence},
    Gate{"event-age", EventAge},
    Gate{"once", Once},
    Gate{"cool-down", CoolDown},
    Gate{"blast-radius", BlastRadius},
    Gate{"mode", ModeGate},
    Gate{"targets", Some, WaitFor::kPerson},
    Gate{"approval", Approval, WaitFor::kApproval},
    Gate{"maintenance-window", Window, WaitFor::kWindow},
    Gate{"stagger", Stagger, WaitFor::kTurn},
};

}  // namespace

std::string_view ToString(Mode mode) {
  return mode == Mode::kEnforce ? "enforce" : "observe";
}

Mode ModeFor(const GateSettings& settings, std::string_view account) {
  for (const auto& [id, mode] : settings.account_modes) {
    if (id == account) return mode;
  }
  return settings.mode;
}

GateSettings DefaultGates(const ActionKinds& kinds) {
  GateSettings settings;
  for (const ActionKind& kind : kinds.kinds()) {
    if (kind.defaults.allowed) settings.allowed_actions.emplace(kind.name);
    if (kind.defaults.windowed) settings.windowed_actions.emplace(kind.name);
  }
  return settings;
}

std::vector<GateVerdict> AskGates(const GateSettings& settings, const GateFacts& facts) {
  std::vector<GateVerdict> verdicts;
  for (const Gate& gate : kGates) {
    const Verdict refusal = gate.ask(settings, facts);
    verdicts.push_back({gate.name, !refusal, refusal.value_or(""), refusal ? gate.wait_for : WaitFor::kNothing});
    if (refusal) break;
  }
  return verdicts;
}

std::optional<std::string> TooOld(const GateSettings& settings, std::optional<TimePoint> event_time, TimePoint now,
                                  TimePoint latest) {
  if (!event_time)
    return "the finding does not say when it was made, so its age is undetermined. To act anyway: --force";
  if (*event_time - std::max(now, latest) > kMayBeAhead)
    return "the finding is dated " + TimeText(*event_time) +
           ", in the future, so its age is undetermined. To act anyway: --force";
  if (now - *event_time <= settings.max_event_age) return std::nullopt;
  return "the finding is " + SpanText(now - *event_time) + " old (" + TimeText(*event_time) + "); the limit is " +
         FormatDuration(settings.max_event_age) + " (gates.max_event_age). To act anyway: --force";
}

bool AllPassed(const std::vector<GateVerdict>& verdicts) {
  return !verdicts.empty() && verdicts.back().passed;
}

Result<bool> ReadKillSwitch(const std::string& path) {
  if (path.empty()) return false;
  // A link that leads nowhere counts: somebody put it there.
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    // A folder that is missing (a volume that is not mounted) says nothing about what would be in it.
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (folder.empty() || std::filesystem::is_directory(folder, error)) return false;
    return Error{ErrorCode::kStorage, "`" + path + "`: there is no folder `" + folder.string() + "`",
                 "make the folder"};
  }
  if (error) return Error{ErrorCode::kStorage, "`" + path + "`: " + error.message(), ""};
  return true;
}

Status KillSwitchAllows(const std::string& path) {
  const Verdict says = KillSwitchSays(path, ReadKillSwitch(path));
  if (!says) return Ok();
  return Error{ErrorCode::kRefused, "kill-switch: " + *says, ""};
}

}  // namespace sallyport
