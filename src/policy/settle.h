// SPDX-License-Identifier: Apache-2.0
//
// Whether a conditional answer can be both. Kleene's logic looks at each condition alone, so "allowed if the endpoint
// is A and the endpoint is B" stays conditional although no request is like that. Here the unknown keys get values: one
// for every way in which the open conditions can tell values apart, and absent; then the engine decides.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/evaluate.h"
#include "policy/limits.h"
#include "policy/regions.h"

namespace sallyport::policy {

// A condition, or a resource pattern's variable, whose truth is not known in a statement that may apply.
struct OpenCondition {
  const Condition* condition = nullptr;  // null for a resource
  const CompiledStatement* statement = nullptr;
  Why why = Why::kKeyUnknown;
};

// Values for the unknown keys; no value is "absent".
using Assignment = std::vector<std::pair<std::string, std::optional<std::vector<std::string>>>>;

struct Settled {
  // kConditional when some assignment gives Allowed and another does not, or when that could not be ruled out.
  Decision decision = Decision::kConditional;
  // Every way was tried: what `decision` says is certain.
  bool certain = false;
  std::optional<Assignment> allowed;      // one that gives Allowed
  std::optional<Assignment> not_allowed;  // one that does not
};

// What may be spent: one for a request, or one for all of an answer about many.
struct SettleWork {
  std::size_t assignments = limits::kAssignments;
  CutWork cuts{};
};

// `open` are the conditions of a request whose answer is conditional. At most `most` assignments are tried.
Settled Settle(const RequestView& request, const PolicySet& policies, const std::vector<OpenCondition>& open,
               std::size_t most, SettleWork& work);

}  // namespace sallyport::policy
