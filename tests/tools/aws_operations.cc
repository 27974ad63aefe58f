// SPDX-License-Identifier: Apache-2.0
#include "tools/aws_operations.h"

#include "aws/json_shape.h"
#include "aws_api/cloudfront.h"
#include "aws_api/cloudfront_vpc.h"
#include "aws_api/config_compliance.h"
#include "aws_api/config_service.h"
#include "aws_api/ec2.h"
#include "aws_api/ec2_network.h"
#include "aws_api/ecs.h"
#include "aws_api/elb.h"
#include "aws_api/elbv2.h"
#include "aws_api/guardduty.h"
#include "aws_api/iam.h"
#include "aws_api/inspector2.h"
#include "aws_api/inspector2_coverage.h"
#include "aws_api/kms.h"
#include "aws_api/macie2.h"
#include "aws_api/organizations.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_api/sns.h"
#include "aws_api/sqs.h"
#include "aws_api/sts.h"
#include "aws_api/wafv2.h"
#include "aws_api/wafv2_sight.h"

namespace sallyport::aws {
namespace {

Result<std::string> Walk(const Aws& aws, const Operation& operation, void* request, void* answer, const Json& input,
                         Pages pages) {
  JsonReadShape read(input);
  read.Walk(operation.request, request);
  if (!read.status().ok()) {
    return Error{ErrorCode::kInvalidInput, "the input cannot be read: " + read.status().error().message, ""};
  }
  if (const Status asked = aws.Ask(operation, request, answer, pages); !asked.ok()) return asked.error();
  JsonWriteShape shown(Secrets::kHidden, Times::kText);
  shown.Walk(operation.answer, answer);
  return shown.Take();
}

template <class Request>
constexpr NamedOperation kNamed{&Request::kOp, [](const Aws& aws, const Json& input, Pages pages) {
                                  Request request;
                                  typename Request::Answer answer;
                                  return Walk(aws, Request::kOp, &request, &answer, input, pages);
                                }};

constexpr NamedOperation kAll[] = {
    kNamed<cloudfront::ListDistributions>,
    kNamed<cloudfront::ListDistributionsByWebACLId>,
    kNamed<cloudfront::ListVpcOrigins>,
    kNamed<config_service::PutEvaluations>,
    kNamed<config_service::GetComplianceDetailsByConfigRule>,
    kNamed<config_service::GetResourceConfigHistory>,
    kNamed<ec2::DescribeInstances>,
    kNamed<ec2::DescribeRegions>,
    kNamed<ec2::DescribeVpcEndpoints>,
    kNamed<ec2::DescribeNetworkInterfaces>,
    kNamed<ec2::DescribeSecurityGroups>,
    kNamed<ec2::DescribeManagedPrefixLists>,
    kNamed<ecs::ListClusters>,
    kNamed<ecs::ListServices>,
    kNamed<ecs::DescribeServices>,
    kNamed<ecs::ListTasks>,
    kNamed<ecs::DescribeTasks>,
    kNamed<ecs::DescribeTaskDefinition>,
    kNamed<ecs::ListContainerInstances>,
    kNamed<ecs::DescribeContainerInstances>,
    kNamed<elb::DescribeLoadBalancers>,
    kNamed<elbv2::DescribeLoadBalancers>,
    kNamed<elbv2::DescribeTargetGroups>,
    kNamed<elbv2::DescribeTargetHealth>,
    kNamed<elbv2::DescribeListeners>,
    kNamed<elbv2::DescribeRules>,
    kNamed<guardduty::ListDetectors>,
    kNamed<guardduty::GetFindings>,
    kNamed<iam::GetPolicy>,
    kNamed<iam::GetPolicyVersion>,
    kNamed<iam::GetAccountAuthorizationDetails>,
    kNamed<iam::ListAccessKeys>,
    kNamed<inspector2::ListFindings>,
    kNamed<inspector2::ListCoverage>,
    kNamed<kms::GetKeyPolicy>,
    kNamed<kms::DescribeKey>,
    kNamed<kms::ListGrants>,
    kNamed<macie2::GetFindings>,
    kNamed<organizations::DescribeOrganization>,
    kNamed<organizations::ListPoliciesForTarget>,
    kNamed<organizations::DescribePolicy>,
    kNamed<organizations::ListParents>,
    kNamed<organizations::ListAccounts>,
    kNamed<s3::GetBucketPolicy>,
    kNamed<s3::GetBucketAcl>,
    kNamed<s3::GetPublicAccessBlock>,
    kNamed<s3::GetBucketOwnershipControls>,
    kNamed<s3::GetBucketLocation>,
    kNamed<s3::GetBucketEncryption>,
    kNamed<s3::GetBucketRequestPayment>,
    kNamed<s3::GetBucketVersioning>,
    kNamed<s3control::ListAccessPoints>,
    kNamed<s3control::GetAccessPoint>,
    kNamed<s3control::GetAccessPointPolicy>,
    kNamed<s3control::GetPublicAccessBlock>,
    kNamed<sns::Publish>,
    kNamed<sqs::ReceiveMessage>,
    kNamed<sqs::DeleteMessageBatch>,
    kNamed<sqs::SendMessage>,
    kNamed<sqs::ChangeMessageVisibilityBatch>,
    kNamed<sqs::GetQueueUrl>,
    kNamed<sts::AssumeRole>,
    kNamed<sts::AssumeRoleWithWebIdentity>,
    kNamed<sts::GetCallerIdentity>,
    kNamed<wafv2::ListWebACLs>,
    kNamed<wafv2::ListResourcesForWebACL>,
    kNamed<wafv2::GetWebACL>,
    kNamed<wafv2::UpdateWebACL>,
    kNamed<wafv2::ListAvailableManagedRuleGroups>,
    kNamed<wafv2::DescribeManagedRuleGroup>,
    kNamed<wafv2::ListAvailableManagedRuleGroupVersions>,
    kNamed<wafv2::CheckCapacity>,
    kNamed<wafv2::ListLoggingConfigurations>,
    kNamed<wafv2::ListTagsForResource>,
    kNamed<wafv2::GetSampledRequests>,
    kNamed<wafv2::ListIPSets>,
    kNamed<wafv2::GetIPSet>,
    kNamed<wafv2::UpdateIPSet>,
};

}  // namespace

std::span<const NamedOperation> AllOperations() {
  return kAll;
}

const NamedOperation* FindOperation(std::string_view service, std::string_view name) {
  for (const NamedOperation& named : kAll) {
    if (named.operation->service.name == service && named.operation->name == name) return &named;
  }
  return nullptr;
}

}  // namespace sallyport::aws
