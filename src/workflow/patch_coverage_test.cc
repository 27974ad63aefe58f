// SPDX-License-Identifier: Apache-2.0
//
// Effective coverage, row by row: what SWP says about the host, and what comes of it.
#include "workflow/patch_coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "workflow/fake_swp.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using State = CoverageState;

const TimePoint kBefore = FromEpochMilliseconds(1'763'990'000'000);
const TimePoint kLater = FromEpochMilliseconds(1'763'995'000'000);

// A host that is protected in all ways, with policy 12 below policy 1, and one rule for the CVE, assigned nowhere.
struct CoverageWorld {
  PatchRule rule;
  std::vector<PatchRule> more;
  swp::EstateComputer computer;
  PolicyView policy;
  PolicyView parent;
  HostView host;

  CoverageWorld() {
    rule.id = RuleId{6745};
    rule.identifier = "1099006";
    rule.name = "Example rule";
    computer.computer = ProtectedComputer("i-0123456789abcdef0");
    computer.computer.platform = "Ubuntu Linux 22 (64 bit)";
    computer.computer.last_send_policy_success = kLater;
    computer.last_send_policy_request = kBefore;
    policy.policy.id = PolicyId{12};
    policy.policy.name = "Web";
    policy.policy.parent = PolicyId{1};
    parent.policy.id = PolicyId{1};
    parent.policy.name = "Base";
    swp::OwnValues own;
    own.computer = ComputerId{34};
    host.own = own;
    host.detect_only.emplace();
  }
  swp::ModuleState& Ips() { return ModuleOf(computer.computer, swp::Module::kIntrusionPrevention); }
  void AtComputer() {
    Ips().rules.push_back(rule.id);
    host.own->rules.push_back(rule.id);
    (*host.detect_only)[rule.id.value] = false;
  }
  void AtPolicy() {
    Ips().rules.push_back(rule.id);
    policy.policy.rules[swp::Module::kIntrusionPrevention].push_back(rule.id);
  }
  void AtParent() {
    AtPolicy();
    parent.policy.rules[swp::Module::kIntrusionPrevention].push_back(rule.id);
  }
  Coverage Judge() {
    if (!host.computer) host.computer = Result<swp::EstateComputer>(computer);
    if (host.policies.ok() && host.policies->empty() && computer.computer.policy)
      host.policies = std::vector<const PolicyView*>{&policy, &parent};
    std::vector<const PatchRule*> rules;
    if (rule.id.value != 0) rules.push_back(&rule);
    for (const PatchRule& one : more) rules.push_back(&one);
    return EffectiveCoverage(rules, host);
  }
};

struct CoverageRow {
  const char* name;
  std::function<void(CoverageWorld&)> given;
  CoverageState state;
  const char* why;
};

const CoverageRow kCoverageRows[] = {
    {"no rule exists", [](CoverageWorld& w) { w.rule.id = RuleId{0}; }, State::kNoRule, "only the patch helps"},
    {"rules are for the other system",
     [](CoverageWorld& w) {
       w.rule.system = HostSystem::kWindows;
       w.rule.system_from = "its application type `Windows SMB Server`";
     },
     State::kNoRule, "for Windows (its application type"},
    {"a rule for the same system fits", [](CoverageWorld& w) { w.rule.system = HostSystem::kLinux; },
     State::kNotCovered, "none assigned"},
    {"the rule is obsolete", [](CoverageWorld& w) { w.rule.obsolete = true; }, State::kNoRule, "obsolete"},
    {"not covered", [](CoverageWorld&) {}, State::kNotCovered, "1 rule for it, none assigned: 1099006 Example rule"},
    {"covered at the computer", [](CoverageWorld& w) { w.AtComputer(); }, State::kAtComputer, "at the computer"},
    {"covered by its policy", [](CoverageWorld& w) { w.AtPolicy(); }, State::kByPolicy, "by policy `Web` (12)"},
    {"covered by an inherited parent", [](CoverageWorld& w) { w.AtParent(); }, State::kByParent,
     "by policy `Base` (1)"},
    {"overrides of single rules were not read",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.host.detect_only.reset();
     },
     State::kByPolicy, "was not read"},
    {"module off",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.Ips().state = "off";
     },
     State::kNotPreventing, "Intrusion Prevention is off"},
    {"module in detect mode",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.Ips().state = "detect";
     },
     State::kNotPreventing, "detect mode"},
    {"module in detect mode, set at the computer",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.Ips().state = "detect";
       w.host.own->state = "detect";
     },
     State::kNotPreventing, "set at the computer: a policy change does not reach it"},
    {"a word that is not known",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.Ips().state = "inspect";
     },
     State::kUndetermined, "does not know the state `inspect`"},
    {"engine in tap mode at the policy",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.policy.policy.settings[std::string(swp::kEngineModeSetting)] = "Tap";
     },
     State::kNotPreventing, "tap mode (policy `Web` (12))"},
    {"engine in tap mode at the computer",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.host.own->settings[std::string(swp::kEngineModeSetting)] = "Tap";
     },
     State::kNotPreventing, "tap mode (the computer)"},
    {"inline at the computer, tap at the policy",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.policy.policy.settings[std::string(swp::kEngineModeSetting)] = "Tap";
       w.host.own->settings[std::string(swp::kEngineModeSetting)] = "Inline";
     },
     State::kByPolicy, "by policy"},
    {"detect-only as the vendor ships it, assigned",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.rule.detect_only = true;
     },
     State::kNotPreventing, "is detect-only"},
    {"detect-only as the vendor ships it, not assigned", [](CoverageWorld& w) { w.rule.detect_only = true; },
     State::kNotPreventing, "would log and not block"},
    {"detect-only by an override at the policy",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.policy.detect_only = {{6745, true}};
     },
     State::kNotPreventing, "overridden to detect-only at policy `Web`"},
    {"detect-only by an override at the computer",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.host.detect_only = {{6745, true}};
     },
     State::kNotPreventing, "overridden to detect-only there"},
    {"shipped detect-only, overridden to prevent at the computer",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.rule.detect_only = true;
       w.host.detect_only = {{6745, false}};
     },
     State::kByPolicy, "by policy"},
    {"policy never received",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.computer.computer.last_send_policy_success.reset();
     },
     State::kNotPreventing, "never received its policy"},
    {"policy not received since the change",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.computer.computer.last_send_policy_success = kBefore;
       w.computer.last_send_policy_request = kLater;
     },
     State::kNotPreventing, "has received no policy update since"},
    {"the date of the policy cannot be read",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.computer.computer.damaged = {"lastSendPolicySuccess: expected a time"};
     },
     State::kUndetermined, "cannot be read"},
    {"module not active on the agent",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.Ips().status = {swp::AgentStatus::kError, "error"};
     },
     State::kNotPreventing, "not active on the agent (error)"},
    {"in effect at last contact, agent offline since",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.computer.computer.agent_status = {swp::AgentStatus::kError, "error"};
       w.Ips().status = {swp::AgentStatus::kError, "error"};
     },
     State::kAtLastContact, "it goes on with what it has"},
    {"needs configuration",
     [](CoverageWorld& w) {
       w.rule.configuration = NeedsConfiguration::kYes;
       w.rule.configuration_from = "its description says so";
     },
     State::kNeedsConfiguration, "needs configuration (its description says so)"},
    {"may need configuration",
     [](CoverageWorld& w) {
       w.rule.configuration = NeedsConfiguration::kUndetermined;
       w.rule.configuration_from = "its recommendation mode is `unknown`";
     },
     State::kNeedsConfiguration, "may need configuration (its recommendation mode"},
    {"one of two rules is assigned",
     [](CoverageWorld& w) {
       w.AtPolicy();
       PatchRule second = w.rule;
       second.id = RuleId{6800};
       w.more.push_back(second);
     },
     State::kNotCovered, "1 of 2 rules for it are not assigned"},
    {"a second rule that only detects does not matter",
     [](CoverageWorld& w) {
       w.AtPolicy();
       PatchRule second = w.rule;
       second.id = RuleId{6800};
       second.detect_only = true;
       w.more.push_back(second);
     },
     State::kByPolicy, "by policy"},
    {"no agent", [](CoverageWorld& w) { w.computer.computer.agent_fingerprint.clear(); }, State::kNotProtected,
     "no agent"},
    {"could not be asked",
     [](CoverageWorld& w) {
       w.host.computer = Result<swp::EstateComputer>(Error{ErrorCode::kUnavailable, "down", ""});
     },
     State::kUndetermined, "down"},
    {"its policy could not be read",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.host.policies = Error{ErrorCode::kUnavailable, "no policies", ""};
     },
     State::kUndetermined, "its policy could not be read: no policies"},
    {"what is set at the computer could not be read",
     [](CoverageWorld& w) {
       w.AtPolicy();
       w.host.own = Error{ErrorCode::kUnavailable, "no overrides", ""};
     },
     State::kUndetermined, "set at the computer could not be read"},
    {"no Intrusion Prevention module in the answer", [](CoverageWorld& w) { w.computer.computer.modules.clear(); },
     State::kUndetermined, "no Intrusion Prevention module"},
    {"a damaged module", [](CoverageWorld& w) { w.Ips().damaged = {"state: expected text"}; }, State::kUndetermined,
     "cannot be read"},
};

TEST(EffectiveCoverage, RowByRow) {
  for (const CoverageRow& row : kCoverageRows) {
    CoverageWorld world;
    row.given(world);
    const Coverage coverage = world.Judge();
    EXPECT_EQ(ToString(coverage.state), ToString(row.state)) << row.name << ": " << coverage.why;
    EXPECT_THAT(coverage.why, HasSubstr(row.why)) << row.name;
  }
}

TEST(EffectiveCoverage, AHostThatSwpDoesNotKnow) {
  EXPECT_EQ(EffectiveCoverage({}, HostView{}).state, State::kNotProtected);
}

TEST(EffectiveCoverage, SaysWhatIsMissing) {
  CoverageWorld world;
  const Coverage coverage = world.Judge();
  ASSERT_EQ(coverage.missing.size(), 1U);
  EXPECT_EQ(coverage.missing[0]->id, RuleId{6745});
  world.AtPolicy();
  world.host.computer.reset();
  EXPECT_TRUE(world.Judge().missing.empty());
}

TEST(CoverageState, HasAWordEach) {
  for (int value = 0; value <= static_cast<int>(State::kUndetermined); ++value) {
    const auto state = static_cast<State>(value);
    EXPECT_EQ(CoverageStateFromWord(ToString(state)), state);
  }
}

}  // namespace
}  // namespace sallyport
