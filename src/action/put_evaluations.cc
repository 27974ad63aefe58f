// SPDX-License-Identifier: Apache-2.0
#include "action/put_evaluations.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

using compliance::Compliance;
using compliance::Evaluation;

constexpr std::size_t kShownConfigRule = 128;  // AWS Config's own limit of a rule's name
constexpr std::size_t kShownConfigResource = 100;

std::string_view WordOf(Compliance compliance) {
  return compliance::ToString(compliance);
}
std::optional<Compliance> FromWord(std::string_view word) {
  return compliance::ComplianceFrom(word);
}

void DescribeEvaluation(Members& json, Evaluation& evaluation) {
  json("resource_type", evaluation.resource_type)("resource_id", evaluation.resource_id);
  json.Word("compliance", evaluation.compliance, WordOf, FromWord, "verdict");
  json("annotation", evaluation.annotation);
}

}  // namespace

std::string PutEvaluations::Subject() const {
  const std::string what =
      evaluations.size() == 1 && batch.empty() ? evaluations.front().resource_id : "batch " + batch;
  return "AWS Config rule " + Printable(rule, kShownConfigRule) + ": " + Printable(what, kShownConfigResource);
}

std::string PutEvaluations::Describe() const {
  const std::string to =
      " to AWS Config rule " + Printable(rule, kShownConfigRule) + (test ? " (test mode: not stored)" : "");
  if (evaluations.size() == 1) {
    return "verdict " + std::string(compliance::ToString(evaluations.front().compliance)) + " for " +
           Printable(evaluations.front().resource_id, kShownConfigResource) + to;
  }
  std::string counts;
  for (const Compliance one : {Compliance::kCompliant, Compliance::kNonCompliant, Compliance::kNotApplicable}) {
    const auto count = std::count_if(evaluations.begin(), evaluations.end(),
                                     [one](const Evaluation& evaluation) { return evaluation.compliance == one; });
    if (count > 0)
      counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(compliance::ToString(one));
  }
  return std::to_string(evaluations.size()) + " verdicts (" + counts + ")" + to +
         (batch.empty() ? "" : ", batch " + batch);
}

void PutEvaluations::DescribeJson(Members& json) {
  json("account", place.account)("region", place.region)("role", place.role_arn)("rule", rule)("batch", batch);
  json("ordering", ordering)("test", test);
  json.List("evaluations", evaluations, DescribeEvaluation);
}

}  // namespace sallyport
