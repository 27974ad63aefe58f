// SPDX-License-Identifier: Apache-2.0
//
// Tells AWS Config verdicts of one rule: at most compliance::kEvaluationsPerCall of them, one call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "compliance/evaluation.h"

namespace sallyport {

struct PutEvaluations {
  static constexpr std::string_view kKind = "put-evaluations";
  static constexpr std::string_view kVerb = "report";
  static constexpr std::string_view kNoun = "verdict report";
  compliance::Place place;
  std::string rule;   // the name of the AWS Config rule
  std::string batch;  // "3 of 100"; empty: there is one
  // Of all of them: AWS Config keeps the verdict with the latest.
  TimePoint ordering;
  bool test = false;  // AWS Config checks them and stores nothing
  std::vector<compliance::Evaluation> evaluations;
  bool operator==(const PutEvaluations&) const = default;

  std::string What() const { return ""; }
  std::string Subject() const;
  std::string Describe() const;
  // A verdict is a statement: nothing that runs is changed by it, and told again it is the same. So neither the mode
  // nor a window nor an approval stands before it (docs/decisions/0041).
  WritesTo Writes() const { return WritesTo::Nothing(); }
  std::string Undo() const { return "the verdict of the next evaluation replaces it"; }
  const Host* About() const { return nullptr; }
  bool OwnerHears() const { return false; }
  Targets Touches() const { return {}; }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const PutEvaluations& now) const { return *this == now; }
  void DescribeJson(Members& json);
};

}  // namespace sallyport
