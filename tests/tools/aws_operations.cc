// SPDX-License-Identifier: Apache-2.0
#include "tools/aws_operations.h"

#include "aws/json_shape.h"
#include "aws_api/autoscaling.h"
#include "aws_api/cloudfront.h"
#include "aws_api/config_service.h"
#include "aws_api/dynamodb.h"
#include "aws_api/ec2.h"
#include "aws_api/ecs.h"
#include "aws_api/elb.h"
#include "aws_api/elbv2.h"
#include "aws_api/events.h"
#include "aws_api/guardduty.h"
#include "aws_api/iam.h"
#include "aws_api/inspector.h"
#include "aws_api/inspector2.h"
#include "aws_api/kms.h"
#include "aws_api/macie2.h"
#include "aws_api/organizations.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_api/secretsmanager.h"
#include "aws_api/securityhub.h"
#include "aws_api/sns.h"
#include "aws_api/sqs.h"
#include "aws_api/ssm.h"
#include "aws_api/sts.h"
#include "aws_api/waf.h"
#include "aws_api/waf_regional.h"
#include "aws_api/wafv2.h"

namespace sallyport::aws {
namespace {

template <class T>
std::string ToJson(T value) {
  JsonWriteShape shape(Secrets::kHidden, Times::kText);
  DescribeTop(shape, value);
  return shape.Take();
}

template <class Request>
Result<std::string> Run(const Aws& aws, const Json& input, bool one_page) {
  Request request;
  JsonReadShape shape(input);
  DescribeTop(shape, request);
  if (!shape.status().ok()) {
    return Error{ErrorCode::kInvalidInput, "the input cannot be read: " + shape.status().error().message, ""};
  }
  auto answer = [&] {
    if constexpr (Paged<Request>) {
      if (one_page) return aws.Page(std::move(request));
    }
    return aws.Call(std::move(request));
  }();
  if (!answer.ok()) return answer.error();
  return ToJson(std::move(answer).value());
}

template <class Request>
NamedOperation Named() {
  const Operation& operation = Request::Op();
  return {std::string(operation.service.name), std::string(operation.name), Paged<Request>, Run<Request>};
}

}  // namespace

const std::vector<NamedOperation>& AllOperations() {
  static const std::vector<NamedOperation> all = {
      Named<autoscaling::DescribeAutoScalingInstances>(),
      Named<autoscaling::DescribeAutoScalingGroups>(),
      Named<cloudfront::ListDistributions>(),
      Named<cloudfront::GetDistributionConfig>(),
      Named<cloudfront::UpdateDistribution>(),
      Named<cloudfront::ListDistributionsByWebACLId>(),
      Named<config_service::PutEvaluations>(),
      Named<config_service::GetResourceConfigHistory>(),
      Named<config_service::BatchGetResourceConfig>(),
      Named<config_service::SelectResourceConfig>(),
      Named<dynamodb::PutItem>(),
      Named<dynamodb::UpdateItem>(),
      Named<dynamodb::GetItem>(),
      Named<dynamodb::Query>(),
      Named<dynamodb::DeleteItem>(),
      Named<ec2::DescribeInstances>(),
      Named<ec2::DescribeIamInstanceProfileAssociations>(),
      Named<ec2::DescribeTags>(),
      Named<ec2::DescribeRegions>(),
      Named<ec2::DescribeVpcEndpoints>(),
      Named<ecs::ListClusters>(),
      Named<ecs::DescribeClusters>(),
      Named<ecs::ListServices>(),
      Named<ecs::DescribeServices>(),
      Named<ecs::ListTasks>(),
      Named<ecs::DescribeTasks>(),
      Named<ecs::DescribeTaskDefinition>(),
      Named<ecs::ListContainerInstances>(),
      Named<ecs::DescribeContainerInstances>(),
      Named<elb::DescribeLoadBalancers>(),
      Named<elb::DescribeTags>(),
      Named<elbv2::DescribeLoadBalancers>(),
      Named<elbv2::DescribeTargetGroups>(),
      Named<elbv2::DescribeTargetHealth>(),
      Named<elbv2::DescribeListeners>(),
      Named<elbv2::DescribeRules>(),
      Named<events::PutEvents>(),
      Named<guardduty::ListDetectors>(),
      Named<guardduty::GetFindings>(),
      Named<guardduty::ListFindings>(),
      Named<guardduty::ArchiveFindings>(),
      Named<guardduty::CreateSampleFindings>(),
      Named<iam::GetInstanceProfile>(),
      Named<iam::ListInstanceProfiles>(),
      Named<iam::ListInstanceProfilesForRole>(),
      Named<iam::GetRole>(),
      Named<iam::ListRoles>(),
      Named<iam::ListRolePolicies>(),
      Named<iam::GetRolePolicy>(),
      Named<iam::ListAttachedRolePolicies>(),
      Named<iam::GetPolicy>(),
      Named<iam::GetPolicyVersion>(),
      Named<iam::GetAccountAuthorizationDetails>(),
      Named<iam::ListAccessKeys>(),
      Named<iam::SimulatePrincipalPolicy>(),
      Named<inspector::DescribeFindings>(),
      Named<inspector::ListFindings>(),
      Named<inspector2::ListFindings>(),
      Named<kms::GetKeyPolicy>(),
      Named<kms::DescribeKey>(),
      Named<kms::ListGrants>(),
      Named<macie2::GetFindings>(),
      Named<macie2::ListFindings>(),
      Named<macie2::CreateSampleFindings>(),
      Named<organizations::DescribeOrganization>(),
      Named<organizations::ListPoliciesForTarget>(),
      Named<organizations::DescribePolicy>(),
      Named<organizations::ListAccounts>(),
      Named<organizations::ListParents>(),
      Named<s3::GetBucketPolicy>(),
      Named<s3::GetBucketPolicyStatus>(),
      Named<s3::GetBucketAcl>(),
      Named<s3::GetPublicAccessBlock>(),
      Named<s3::GetBucketOwnershipControls>(),
      Named<s3::GetBucketLocation>(),
      Named<s3::GetBucketVersioning>(),
      Named<s3::GetBucketRequestPayment>(),
      Named<s3::GetBucketEncryption>(),
      Named<s3::HeadBucket>(),
      Named<s3control::ListAccessPoints>(),
      Named<s3control::GetAccessPoint>(),
      Named<s3control::GetAccessPointPolicy>(),
      Named<s3control::GetPublicAccessBlock>(),
      Named<secretsmanager::GetSecretValue>(),
      Named<securityhub::BatchImportFindings>(),
      Named<securityhub::BatchUpdateFindings>(),
      Named<sns::Publish>(),
      Named<sqs::ReceiveMessage>(),
      Named<sqs::DeleteMessageBatch>(),
      Named<sqs::DeleteMessage>(),
      Named<sqs::SendMessage>(),
      Named<sqs::ChangeMessageVisibility>(),
      Named<sqs::ChangeMessageVisibilityBatch>(),
      Named<sqs::GetQueueUrl>(),
      Named<ssm::GetParameter>(),
      Named<sts::AssumeRole>(),
      Named<sts::AssumeRoleWithWebIdentity>(),
      Named<sts::GetCallerIdentity>(),
      Named<waf::ListWebACLs>(),
      Named<waf::GetWebACL>(),
      Named<waf_regional::ListWebACLs>(),
      Named<waf_regional::GetWebACL>(),
      Named<waf_regional::GetWebACLForResource>(),
      Named<waf_regional::ListResourcesForWebACL>(),
      Named<wafv2::GetWebACLForResource>(),
      Named<wafv2::ListWebACLs>(),
      Named<wafv2::ListResourcesForWebACL>(),
      Named<wafv2::GetWebACL>(),
      Named<wafv2::UpdateWebACL>(),
      Named<wafv2::AssociateWebACL>(),
      Named<wafv2::CreateWebACL>(),
      Named<wafv2::ListAvailableManagedRuleGroups>(),
      Named<wafv2::DescribeManagedRuleGroup>(),
      Named<wafv2::ListAvailableManagedRuleGroupVersions>(),
      Named<wafv2::CheckCapacity>(),
  };
  return all;
}

const NamedOperation* FindOperation(const std::string& service, const std::string& name) {
  for (const NamedOperation& operation : AllOperations()) {
    if (operation.service == service && operation.name == name) return &operation;
  }
  return nullptr;
}

}  // namespace sallyport::aws
