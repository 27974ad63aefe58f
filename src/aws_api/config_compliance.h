// SPDX-License-Identifier: Apache-2.0
//
// AWS Config, API version 2014-11-12: what it holds of a rule's verdicts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::config_service {

struct EvaluationQualifier {
  std::string rule_name{};
  std::string resource_type{};
  std::string resource_id{};
};
struct EvaluationIdentifier {
  EvaluationQualifier qualifier{};
};
struct EvaluationResult {
  EvaluationIdentifier identifier{};
  std::string compliance{};  // COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE
  std::string annotation{};
};
struct GetComplianceDetailsByConfigRuleAnswer {
  std::vector<EvaluationResult> results{};
  std::string next_page{};
};
// At most 100 in a page (limit).
struct GetComplianceDetailsByConfigRule {
  using Answer = GetComplianceDetailsByConfigRuleAnswer;
  static const Operation kOp;
  std::string rule_name{};
  std::vector<std::string> compliance_types{};
  std::optional<std::int64_t> limit{};
  std::string page_token{};
};

}  // namespace sallyport::aws::config_service
