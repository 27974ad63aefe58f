// SPDX-License-Identifier: Apache-2.0
//
// For tests: ask, and find somebody in the answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reach/facts_for_test.h"
#include "reach/judge.h"

namespace sallyport::reach {

inline const Error kRefused{ErrorCode::kForbidden, "access denied", ""};

inline Ask About(std::vector<std::string> actions = {"s3:GetObject"}) {
  Ask ask;
  ask.bucket = "example-customers";
  ask.actions = std::move(actions);
  return ask;
}

inline Answer Decide(const Facts& facts, const Ask& ask = About(), const UseFacts& uses = {}) {
  Judge judge(facts, ask);
  judge.AddUses(uses);
  return judge.Take();
}

inline const PrincipalAnswer* Find(const Answer& answer, const std::string& role) {
  for (const PrincipalAnswer& principal : answer.principals) {
    if (principal.role == role && !principal.is_session) return &principal;
  }
  return nullptr;
}

inline std::string Said(const Answer& answer, const std::string& role) {
  const PrincipalAnswer* principal = Find(answer, role);
  return principal == nullptr ? "denied" : std::string(Word(principal->Best()));
}

}  // namespace sallyport::reach
