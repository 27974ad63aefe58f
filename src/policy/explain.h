// SPDX-License-Identifier: Apache-2.0
//
// Why a decision is what it is. Made on demand by a second pass of the same rules (pass.h), which looks at every part
// of every statement and must come to the decision of the fast pass.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/evaluate.h"
#include "policy/expression.h"
#include "policy/settle.h"

namespace sallyport::policy {

struct ConditionTrace {
  std::string op;
  std::string key;
  std::vector<std::string> policy_values;  // with variables filled in
  KeyState state = KeyState::kAbsent;
  std::vector<std::string> request_values;
  Tri result = Tri::kFalse;
  Why why = Why::kCompared;
};

struct StatementTrace {
  Effect effect = Effect::kDeny;
  std::string name;  // Sid or `#2`
  Means principal = Means::kEveryone;
  bool has_principal = false;
  bool action = false;
  Tri resource = Tri::kFalse;
  Why resource_why = Why::kCompared;
  std::vector<ConditionTrace> conditions;
  Tri applies = Tri::kFalse;
  std::vector<std::string> warnings;
  bool half_listed = false;           // see PrincipalMatcher::Match
  const Statement* source = nullptr;  // of the policy, which has to outlive this
};

struct PolicyTrace {
  PolicyType type = PolicyType::kIdentity;
  std::string level;  // of SCPs and RCPs
  std::string name;
  std::vector<StatementTrace> statements;
};

struct Explanation {
  // Equal to what Decide() says.
  Decision decision = Decision::kUndecided;
  // The same after unknown keys were tried together (settle.h): differs only where `decision` is kConditional.
  Decision settled = Decision::kUndecided;
  bool settled_is_certain = true;
  Expression condition;  // kConditional: what must hold. True or false otherwise
  // kConditional: values of the unknown keys with which it is allowed, and with which it is not, as far as some were
  // found.
  std::optional<Assignment> allowed_when;
  std::optional<Assignment> not_allowed_when;
  std::string reason;  // kUndecided: why
  std::vector<PolicyTrace> policies;
  std::vector<std::string> acl_grants;    // of S3, that let the caller in: "READ of the bucket to everyone (AllUsers)"
  std::vector<std::string> empty_levels;  // of the organization, where no SCP allows it
  // What stopped a request that identity and resource policies alone allow: `scp`, `rcp`, `vpce`, `identity`,
  // `resource`, `pb`, `session`, `s3-bpa`.
  std::vector<std::string> blocked_by;
  std::vector<std::string> warnings;  // what the documentation leaves open, and what is not evaluated
};

Explanation Explain(const RequestView& request, const PolicySet& policies);

// Only the settled decision (settle.h) of a request whose answer is conditional.
Settled SettleConditional(const RequestView& request, const PolicySet& policies, std::size_t most, SettleWork& work);

// For a terminal or a ticket: at most `width` columns. Statements that do not apply are counted, and shown with `all`.
std::string ExplanationText(const RequestView& request, const Explanation& explanation, bool all = false,
                            std::size_t width = 100);
std::string ExplanationJson(const RequestView& request, const Explanation& explanation);

}  // namespace sallyport::policy
