// SPDX-License-Identifier: Apache-2.0
#include "protection/module.h"

#include "base/text.h"

namespace sallyport {
namespace {

using swp::AgentStatus;
using swp::Module;
using swp::ModuleState;

constexpr std::size_t kShownStateText = 120;

ProtectionNote ModuleNote(const ModuleState& state, ProtectionReason reason, std::string_view rest,
                          std::string advice = "") {
  return {reason, state.module, std::string(swp::DisplayName(state.module)) + " " + std::string(rest),
          std::move(advice)};
}

enum class OnOff { kOn, kOff, kUnknown };

// Every word that a read may give. `inherited` is write-only: a read gives the effective value, so seeing it means that
// something is not as we understand it.
OnOff ReadState(const ModuleState& state) {
  if (state.state == "off") return OnOff::kOff;
  switch (state.module) {
    case Module::kIntrusionPrevention:
      return state.state == "prevent" || state.state == "detect" ? OnOff::kOn : OnOff::kUnknown;
    case Module::kIntegrityMonitoring:
      return state.state == "real-time" || state.state == "on" ? OnOff::kOn : OnOff::kUnknown;
    default:
      return state.state == "on" ? OnOff::kOn : OnOff::kUnknown;
  }
}

bool NeedsRules(Module module) {
  return module == Module::kIntrusionPrevention || module == Module::kIntegrityMonitoring ||
         module == Module::kLogInspection || module == Module::kFirewall;
}

std::vector<ProtectionNote> Weaknesses(const ModuleState& state) {
  std::vector<ProtectionNote> notes;
  if (state.module == Module::kIntrusionPrevention && state.state == "detect") {
    notes.push_back(ModuleNote(state, ProtectionReason::kDetectOnly, "is in detect mode: it logs and does not block",
                               "switch the SWP policy to prevent once its events have been reviewed"));
  }
  if (state.module == Module::kIntegrityMonitoring && state.state == "on") {
    notes.push_back(ModuleNote(state, ProtectionReason::kNotRealTime, "is on, but not in real time"));
  }
  if (state.module == Module::kAntiMalware && state.real_time_scan_configuration == 0) {
    notes.push_back(ModuleNote(state, ProtectionReason::kNotRealTime, "is on, but has no real-time scan",
                               "set a real-time scan configuration in the SWP policy"));
  }
  if (NeedsRules(state.module) && state.rules.empty()) {
    notes.push_back(ModuleNote(state, ProtectionReason::kNoRules, "is on, but no rule is assigned",
                               "run a recommendation scan and assign the rules that it recommends"));
  }
  return notes;
}

std::string StatusText(const ModuleState& state) {
  std::string text = "is on, but its status on the agent is `" + Printable(state.status.text, kShownStateText) + "`";
  if (!state.message.empty()) text += " (SWP status: " + Printable(state.message, kShownStateText) + ")";
  return text;
}

}  // namespace

ModuleVerdict JudgeModule(const ModuleState& state) {
  // Neither off nor without rules: not known.
  if (const std::string damage = state.DamageOfState(); !damage.empty()) {
    return {ModuleProtection::kUnknown,
            {ModuleNote(state, ProtectionReason::kModuleUnknown,
                        "cannot be read in SWP's answer (" + Printable(damage, kShownStateText) + ")",
                        "try again; then check what is between Sallyport and SWP (proxy)")}};
  }
  switch (ReadState(state)) {
    case OnOff::kOff:
      return {ModuleProtection::kOff, {ModuleNote(state, ProtectionReason::kModuleOff, "is off")}};
    case OnOff::kUnknown:
      return {ModuleProtection::kUnknown,
              {ModuleNote(state, ProtectionReason::kModuleUnknown,
                          state.state.empty() ? "has no state in SWP's answer"
                                              : "has the state `" + Printable(state.state, kShownStateText) +
                                                    "`, which this version does not know")}};
    case OnOff::kOn:
      break;
  }
  if (state.status.status == AgentStatus::kUnknown) {
    return {ModuleProtection::kUnknown,
            {ModuleNote(state, ProtectionReason::kModuleUnknown,
                        state.status.text.empty() ? "is on, but SWP's answer holds no status for it"
                                                  : StatusText(state) + ", which this version does not know")}};
  }
  if (state.status.status != AgentStatus::kActive) {
    return {ModuleProtection::kFaulty,
            {ModuleNote(state, ProtectionReason::kModuleNotActive, StatusText(state),
                        "check the module's license and engine on the agent")}};
  }
  std::vector<ProtectionNote> notes = Weaknesses(state);
  const ModuleProtection protection = notes.empty() ? ModuleProtection::kProtects : ModuleProtection::kPartly;
  return {protection, std::move(notes)};
}

}  // namespace sallyport
