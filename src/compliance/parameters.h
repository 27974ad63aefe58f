// SPDX-License-Identifier: Apache-2.0
//
// The parameters of an AWS Config rule: which rule it is, and what it asks for. Pure.
//
// AWS Config hands them over as one JSON text of names and texts; a person who tries a rule may write an object. What
// is wrong is said in words that AWS Config's console can show, and never with a value that may be a secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"

namespace sallyport::compliance {

enum class RuleKind {
  kProtected,               // SWP protects the host at all
  kModuleOn,                // each of `modules` protects it
  kHasPolicy,               // it has one of `policies`
  kClear,                   // no warnings or errors but benign ones
  kInTouch,                 // the agent was in touch within `max_age`
  kRecommendationsApplied,  // nothing is recommended, and the scan is not older than `max_age`
  kPolicyReceived,          // the agent received the policy that was sent to it
  kBehindWebAcl,            // every way from the internet passes a web ACL that enforces (newest run of `waf`)
  kNoUncoveredCriticalCve,  // no critical CVE that an SWP rule exists for and does not cover (newest run of
                            // `inspector`)
};
std::string_view NameOf(RuleKind kind);  // "module-on", as in the parameter `rule`
// What such a rule says, for people: "each of the named modules protects the host".
std::string_view MeaningOf(RuleKind kind);
const std::vector<RuleKind>& AllRuleKinds();

struct RuleParameters {
  RuleKind kind = RuleKind::kProtected;
  std::vector<swp::Module> modules;
  // Numbers, names or full paths ("Base Policy > Windows"); compared without regard to case.
  std::vector<std::string> policies;
  bool descendants = false;         // policies below one of them count too
  std::vector<std::string> benign;  // messages of SWP that do not count, in lower case
  Duration max_age{0};
  bool evaluate_stopped = false;  // a stopped instance is judged like a running one
  Duration launch_grace{0};       // so long after its launch an instance need not be compliant
  std::string exempt_tag;
  bool operator==(const RuleParameters&) const = default;
};

// Of `ruleParameters`, text or object. `config_rule_name`: names the rule when no parameter does and it is one of ours
// or a retired one's. kInvalidInput: which parameter is wrong, and what to do; kRefused: it may be a secret.
Result<RuleParameters> ReadParameters(const Json& parameters, std::string_view config_rule_name);

// The parameter names, for docs and templates.
const std::vector<std::string_view>& ParameterNames();
// Names of retired rules that stand for ours: "ds-IsInstanceClear".
const std::vector<std::string_view>& RetiredRuleNames();

}  // namespace sallyport::compliance
