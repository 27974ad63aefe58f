// SPDX-License-Identifier: Apache-2.0
#include "aws_api/config_compliance.h"

#include "aws/table.h"

namespace sallyport::aws::config_service {
namespace {

constexpr Service kComplianceService{"config", "Config Service",  "config",     "config",
                                     "config", Protocol::kJson11, "2014-11-12", "StarlingDoveService"};

constexpr auto kQualifier = Table<EvaluationQualifier>({{"ConfigRuleName", Field<&EvaluationQualifier::rule_name>},
                                                        {"ResourceType", Required<&EvaluationQualifier::resource_type>},
                                                        {"ResourceId", Required<&EvaluationQualifier::resource_id>}});
constexpr auto kIdentifier = Table<EvaluationIdentifier>(
    {{"EvaluationResultQualifier", Required<&EvaluationIdentifier::qualifier, kQualifier>}});
constexpr auto kResult =
    Table<EvaluationResult>({{"EvaluationResultIdentifier", Required<&EvaluationResult::identifier, kIdentifier>},
                             {"ComplianceType", Required<&EvaluationResult::compliance>},
                             {"Annotation", Field<&EvaluationResult::annotation>}});
constexpr auto kGetDetails = Table<GetComplianceDetailsByConfigRule>(
    {{"ConfigRuleName", Required<&GetComplianceDetailsByConfigRule::rule_name>},
     {"ComplianceTypes", Field<&GetComplianceDetailsByConfigRule::compliance_types>},
     {"Limit", Field<&GetComplianceDetailsByConfigRule::limit>},
     {"NextToken", Field<&GetComplianceDetailsByConfigRule::page_token>}});
constexpr auto kGetDetailsAnswer = Table<GetComplianceDetailsByConfigRuleAnswer>(
    {{"EvaluationResults", Field<&GetComplianceDetailsByConfigRuleAnswer::results, kResult>},
     {"NextToken", Field<&GetComplianceDetailsByConfigRuleAnswer::next_page>}});

}  // namespace

const Operation GetComplianceDetailsByConfigRule::kOp = Make<GetComplianceDetailsByConfigRule>(
    {kComplianceService, "GetComplianceDetailsByConfigRule"}, kGetDetails, kGetDetailsAnswer);

}  // namespace sallyport::aws::config_service
