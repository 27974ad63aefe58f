// SPDX-License-Identifier: Apache-2.0
#include "aws_api/config_service.h"

#include "aws/table.h"

namespace sallyport::aws::config_service {
namespace {

constexpr Service kService{"config", "Config Service",  "config",     "config",
                           "config", Protocol::kJson11, "2014-11-12", "StarlingDoveService"};

constexpr auto kEvaluation = Table<Evaluation>({{"ComplianceResourceType", Required<&Evaluation::resource_type>},
                                                {"ComplianceResourceId", Required<&Evaluation::resource_id>},
                                                {"ComplianceType", Required<&Evaluation::compliance>},
                                                {"Annotation", Field<&Evaluation::annotation>},
                                                {"OrderingTimestamp", Required<&Evaluation::ordering>}});
constexpr auto kPutEvaluations =
    Table<PutEvaluations>({{"Evaluations", Field<&PutEvaluations::evaluations, kEvaluation>},
                           {"ResultToken", Required<&PutEvaluations::result_token>},
                           {"TestMode", Field<&PutEvaluations::test_mode>}});
constexpr auto kPutEvaluationsAnswer =
    Table<PutEvaluationsAnswer>({{"FailedEvaluations", Field<&PutEvaluationsAnswer::failed, kEvaluation>}});
constexpr auto kRelationship = Table<Relationship>({{"resourceType", Field<&Relationship::resource_type>},
                                                    {"resourceId", Field<&Relationship::resource_id>},
                                                    {"resourceName", Field<&Relationship::resource_name>},
                                                    {"relationshipName", Field<&Relationship::name>}});
constexpr auto kConfigurationItem =
    Table<ConfigurationItem>({{"resourceType", Required<&ConfigurationItem::resource_type>},
                              {"resourceId", Required<&ConfigurationItem::resource_id>},
                              {"arn", Field<&ConfigurationItem::arn>},
                              {"accountId", Field<&ConfigurationItem::account>},
                              {"awsRegion", Field<&ConfigurationItem::region>},
                              {"configurationItemStatus", Field<&ConfigurationItem::status>},
                              {"configurationItemCaptureTime", Field<&ConfigurationItem::captured>},
                              {"configuration", Field<&ConfigurationItem::configuration>},
                              {"supplementaryConfiguration", Field<&ConfigurationItem::supplementary>},
                              {"relationships", Field<&ConfigurationItem::relationships, kRelationship>}});
constexpr auto kGetResourceConfigHistory =
    Table<GetResourceConfigHistory>({{"resourceType", Required<&GetResourceConfigHistory::resource_type>},
                                     {"resourceId", Required<&GetResourceConfigHistory::resource_id>},
                                     {"laterTime", Field<&GetResourceConfigHistory::later_time>},
                                     {"earlierTime", Field<&GetResourceConfigHistory::earlier_time>},
                                     {"chronologicalOrder", Field<&GetResourceConfigHistory::chronological_order>},
                                     {"limit", Field<&GetResourceConfigHistory::limit>},
                                     {"nextToken", Field<&GetResourceConfigHistory::page_token>}});
constexpr auto kGetResourceConfigHistoryAnswer = Table<GetResourceConfigHistoryAnswer>(
    {{"configurationItems", Required<&GetResourceConfigHistoryAnswer::items, kConfigurationItem>},
     {"nextToken", Field<&GetResourceConfigHistoryAnswer::next_page>}});

}  // namespace

const Operation PutEvaluations::kOp = Make<PutEvaluations>(
    {.service = kService, .name = "PutEvaluations", .changes = true}, kPutEvaluations, kPutEvaluationsAnswer);
const Operation GetResourceConfigHistory::kOp = Make<GetResourceConfigHistory>(
    {kService, "GetResourceConfigHistory"}, kGetResourceConfigHistory, kGetResourceConfigHistoryAnswer);

}  // namespace sallyport::aws::config_service
