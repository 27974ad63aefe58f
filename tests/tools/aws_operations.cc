// SPDX-License-Identifier: Apache-2.0
#include "tools/aws_operations.h"

#include "aws/json_shape.h"
#include "aws_api/cloudfront.h"
#include "aws_api/config_service.h"
#include "aws_api/ec2.h"
#include "aws_api/ecs.h"
#include "aws_api/elb.h"
#include "aws_api/elbv2.h"
#include "aws_api/guardduty.h"
#include "aws_api/iam.h"
#include "aws_api/inspector2.h"
#include "aws_api/kms.h"
#include "aws_api/macie2.h"
#include "aws_api/organizations.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_api/sns.h"
#include "aws_api/sqs.h"
#include "aws_api/sts.h"
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
      Named<cloudfront::ListDistributions>(),
      Named<cloudfront::ListDistributionsByWebACLId>(),
      Named<config_service::PutEvaluations>(),
      Named<config_service::GetResourceConfigHistory>(),
      Named<ec2::DescribeInstances>(),
      Named<ec2::DescribeRegions>(),
      Named<ecs::ListClusters>(),
      Named<ecs::ListServices>(),
      Named<ecs::DescribeServices>(),
      Named<ecs::ListTasks>(),
      Named<ecs::DescribeTasks>(),
      Named<ecs::DescribeTaskDefinition>(),
      Named<ecs::ListContainerInstances>(),
      Named<ecs::DescribeContainerInstances>(),
      Named<elb::DescribeLoadBalancers>(),
      Named<elbv2::DescribeLoadBalancers>(),
      Named<elbv2::DescribeTargetGroups>(),
      Named<elbv2::DescribeTargetHealth>(),
      Named<elbv2::DescribeListeners>(),
      Named<elbv2::DescribeRules>(),
      Named<guardduty::ListDetectors>(),
      Named<guardduty::GetFindings>(),
      Named<iam::GetPolicy>(),
      Named<iam::GetPolicyVersion>(),
      Named<iam::GetAccountAuthorizationDetails>(),
      Named<inspector2::ListFindings>(),
      Named<kms::GetKeyPolicy>(),
      Named<kms::DescribeKey>(),
      Named<kms::ListGrants>(),
      Named<macie2::GetFindings>(),
      Named<organizations::DescribeOrganization>(),
      Named<organizations::ListPoliciesForTarget>(),
      Named<organizations::DescribePolicy>(),
      Named<organizations::ListParents>(),
      Named<s3::GetBucketPolicy>(),
      Named<s3::GetBucketAcl>(),
      Named<s3::GetPublicAccessBlock>(),
      Named<s3::GetBucketOwnershipControls>(),
      Named<s3::GetBucketLocation>(),
      Named<s3::GetBucketEncryption>(),
      Named<s3control::ListAccessPoints>(),
      Named<s3control::GetAccessPoint>(),
      Named<s3control::GetAccessPointPolicy>(),
      Named<s3control::GetPublicAccessBlock>(),
      Named<sns::Publish>(),
      Named<sqs::ReceiveMessage>(),
      Named<sqs::DeleteMessageBatch>(),
      Named<sqs::SendMessage>(),
      Named<sqs::ChangeMessageVisibilityBatch>(),
      Named<sqs::GetQueueUrl>(),
      Named<sts::AssumeRole>(),
      Named<sts::AssumeRoleWithWebIdentity>(),
      Named<sts::GetCallerIdentity>(),
      Named<wafv2::ListWebACLs>(),
      Named<wafv2::ListResourcesForWebACL>(),
      Named<wafv2::GetWebACL>(),
      Named<wafv2::UpdateWebACL>(),
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
