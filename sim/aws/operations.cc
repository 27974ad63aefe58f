// SPDX-License-Identifier: Apache-2.0
//
// Which services and operations there are: names, places and members as the services' published models (2026) have
// them. Nothing here says how an operation answers; that is services.h.
#include "sim/aws/operations.h"

namespace sallyport::aws_sim {
namespace {

constexpr OperationSpec kEc2Operations[] = {
    {"DescribeInstances", "POST", "/", "InstanceId IncludeManagedResources DryRun Filter NextToken MaxResults"},
    {"DescribeRegions", "POST", "/", "RegionName AllRegions DryRun Filter"},
};

constexpr OperationSpec kIamOperations[] = {
    {"GetPolicy", "POST", "/", "PolicyArn*"},
    {"GetPolicyVersion", "POST", "/", "PolicyArn* VersionId*"},
    {"GetAccountAuthorizationDetails", "POST", "/", "Filter MaxItems Marker"},
};

constexpr OperationSpec kS3Operations[] = {
    {"GetBucketPolicy", "GET", "/{Bucket}?policy", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketAcl", "GET", "/{Bucket}?acl", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketOwnershipControls", "GET", "/{Bucket}?ownershipControls",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketLocation", "GET", "/{Bucket}?location", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketEncryption", "GET", "/{Bucket}?encryption", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
};

constexpr OperationSpec kS3controlOperations[] = {
    {"ListAccessPoints", "GET", "/v20180820/accesspoint",
     "AccountId*@x-amz-account-id Bucket?bucket NextToken?nextToken MaxResults?maxResults DataSourceId?dataSourceId "
     "DataSourceType?dataSourceType"},
    {"GetAccessPoint", "GET", "/v20180820/accesspoint/{name}", "AccountId*@x-amz-account-id name*"},
    {"GetAccessPointPolicy", "GET", "/v20180820/accesspoint/{name}/policy", "AccountId*@x-amz-account-id name*"},
    {"GetPublicAccessBlock", "GET", "/v20180820/configuration/publicAccessBlock", "AccountId*@x-amz-account-id"},
};

constexpr OperationSpec kKmsOperations[] = {
    {"GetKeyPolicy", "POST", "/", "KeyId* PolicyName"},
    {"DescribeKey", "POST", "/", "KeyId* GrantTokens"},
    {"ListGrants", "POST", "/", "Limit Marker KeyId* GrantId GranteePrincipal GranteeServicePrincipal"},
};

constexpr OperationSpec kOrganizationsOperations[] = {
    {"DescribeOrganization", "POST", "/", ""},
    {"ListPoliciesForTarget", "POST", "/", "TargetId* Filter* NextToken MaxResults"},
    {"DescribePolicy", "POST", "/", "PolicyId*"},
    {"ListParents", "POST", "/", "ChildId* NextToken MaxResults"},
};

constexpr OperationSpec kCloudfrontOperations[] = {
    {"ListDistributions", "GET", "/2020-05-31/distribution", "Marker?Marker MaxItems?MaxItems"},
    {"ListDistributionsByWebACLId", "GET", "/2020-05-31/distributionsByWebACLId/{WebACLId}",
     "Marker?Marker MaxItems?MaxItems WebACLId*"},
};

constexpr OperationSpec kElbOperations[] = {
    {"DescribeLoadBalancers", "POST", "/", "LoadBalancerNames Marker PageSize"},
};

constexpr OperationSpec kElbv2Operations[] = {
    {"DescribeLoadBalancers", "POST", "/", "LoadBalancerArns Names Marker PageSize"},
    {"DescribeTargetGroups", "POST", "/", "LoadBalancerArn TargetGroupArns Names Marker PageSize"},
    {"DescribeTargetHealth", "POST", "/", "TargetGroupArn* Targets Include"},
    {"DescribeListeners", "POST", "/", "LoadBalancerArn ListenerArns Marker PageSize"},
    {"DescribeRules", "POST", "/", "ListenerArn RuleArns Marker PageSize"},
};

constexpr OperationSpec kWafv2Operations[] = {
    {"ListWebACLs", "POST", "/", "Scope* NextMarker Limit"},
    {"ListResourcesForWebACL", "POST", "/", "WebACLArn* ResourceType"},
    {"GetWebACL", "POST", "/", "Name Scope Id ARN"},
    {"UpdateWebACL", "POST", "/",
     "Name* Scope* Id* DefaultAction* Description Rules VisibilityConfig* DataProtectionConfig LockToken* "
     "CustomResponseBodies CaptchaConfig ChallengeConfig TokenDomains AssociationConfig OnSourceDDoSProtectionConfig "
     "ApplicationConfig MonetizationConfig"},
    {"ListAvailableManagedRuleGroups", "POST", "/", "Scope* NextMarker Limit"},
    {"DescribeManagedRuleGroup", "POST", "/", "VendorName* Name* Scope* VersionName"},
    {"ListAvailableManagedRuleGroupVersions", "POST", "/", "VendorName* Name* Scope* NextMarker Limit"},
    {"CheckCapacity", "POST", "/", "Scope* Rules*"},
};

constexpr OperationSpec kEcsOperations[] = {
    {"ListClusters", "POST", "/", "nextToken maxResults"},
    {"ListServices", "POST", "/", "cluster nextToken maxResults launchType schedulingStrategy resourceManagementType"},
    {"DescribeServices", "POST", "/", "cluster services* include"},
    {"ListTasks", "POST", "/",
     "cluster containerInstance family nextToken maxResults startedBy serviceName desiredStatus launchType daemonName"},
    {"DescribeTasks", "POST", "/", "cluster tasks* include"},
    {"DescribeTaskDefinition", "POST", "/", "taskDefinition* include"},
    {"ListContainerInstances", "POST", "/", "cluster filter nextToken maxResults status"},
    {"DescribeContainerInstances", "POST", "/", "cluster containerInstances* include"},
};

constexpr OperationSpec kConfigOperations[] = {
    {"PutEvaluations", "POST", "/", "Evaluations ResultToken* TestMode"},
    {"GetResourceConfigHistory", "POST", "/",
     "resourceType* resourceId* laterTime earlierTime chronologicalOrder limit nextToken"},
};

constexpr OperationSpec kInspector2Operations[] = {
    {"ListFindings", "POST", "/findings/list", "maxResults nextToken filterCriteria sortCriteria"},
    {"ListCoverage", "POST", "/coverage/list", "maxResults nextToken filterCriteria"},
};

constexpr OperationSpec kGuarddutyOperations[] = {
    {"ListDetectors", "GET", "/detector", "MaxResults?maxResults NextToken?nextToken"},
    {"GetFindings", "POST", "/detector/{DetectorId}/findings/get", "DetectorId* findingIds* sortCriteria"},
};

constexpr OperationSpec kMacie2Operations[] = {
    {"GetFindings", "POST", "/findings/describe", "findingIds* sortCriteria"},
};

constexpr OperationSpec kSnsOperations[] = {
    {"Publish", "POST", "/",
     "TopicArn TargetArn PhoneNumber Message* Subject MessageStructure MessageAttributes MessageDeduplicationId "
     "MessageGroupId"},
};

constexpr OperationSpec kSqsOperations[] = {
    {"ReceiveMessage", "POST", "/",
     "QueueUrl* AttributeNames MessageSystemAttributeNames MessageAttributeNames MaxNumberOfMessages VisibilityTimeout "
     "WaitTimeSeconds ReceiveRequestAttemptId"},
    {"DeleteMessageBatch", "POST", "/", "QueueUrl* Entries*"},
    {"SendMessage", "POST", "/",
     "QueueUrl* MessageBody* DelaySeconds MessageAttributes MessageSystemAttributes MessageDeduplicationId "
     "MessageGroupId"},
    {"ChangeMessageVisibilityBatch", "POST", "/", "QueueUrl* Entries*"},
    {"GetQueueUrl", "POST", "/", "QueueName* QueueOwnerAWSAccountId"},
};

constexpr OperationSpec kStsOperations[] = {
    {"AssumeRole", "POST", "/",
     "RoleArn* RoleSessionName* PolicyArns Policy DurationSeconds Tags TransitiveTagKeys ExternalId SerialNumber "
     "TokenCode SourceIdentity ProvidedContexts"},
    {"AssumeRoleWithWebIdentity", "POST", "/",
     "RoleArn* RoleSessionName* WebIdentityToken* ProviderId PolicyArns Policy DurationSeconds"},
    {"GetCallerIdentity", "POST", "/", ""},
};

constexpr ServiceSpec kServices[] = {
    {"ec2", "ec2", "2016-11-15", Protocol::kEc2, "", "http://ec2.amazonaws.com/doc/2016-11-15/", kEc2Operations},
    {"iam", "iam", "2010-05-08", Protocol::kQuery, "", "https://iam.amazonaws.com/doc/2010-05-08/", kIamOperations},
    {"s3", "s3", "2006-03-01", Protocol::kRestXml, "", "http://s3.amazonaws.com/doc/2006-03-01/", kS3Operations},
    {"s3control", "s3", "2018-08-20", Protocol::kRestXml, "", "http://awss3control.amazonaws.com/doc/2018-08-20/",
     kS3controlOperations},
    {"kms", "kms", "2014-11-01", Protocol::kJson11, "TrentService.", "", kKmsOperations},
    {"organizations", "organizations", "2016-11-28", Protocol::kJson11, "AWSOrganizationsV20161128.", "",
     kOrganizationsOperations},
    {"cloudfront", "cloudfront", "2020-05-31", Protocol::kRestXml, "",
     "http://cloudfront.amazonaws.com/doc/2020-05-31/", kCloudfrontOperations},
    {"elb", "elasticloadbalancing", "2012-06-01", Protocol::kQuery, "",
     "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/", kElbOperations},
    {"elbv2", "elasticloadbalancing", "2015-12-01", Protocol::kQuery, "",
     "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/", kElbv2Operations},
    {"wafv2", "wafv2", "2019-07-29", Protocol::kJson11, "AWSWAF_20190729.", "", kWafv2Operations},
    {"ecs", "ecs", "2014-11-13", Protocol::kJson11, "AmazonEC2ContainerServiceV20141113.", "", kEcsOperations},
    {"config", "config", "2014-11-12", Protocol::kJson11, "StarlingDoveService.", "", kConfigOperations},
    {"inspector2", "inspector2", "2020-06-08", Protocol::kRestJson, "", "", kInspector2Operations},
    {"guardduty", "guardduty", "2017-11-28", Protocol::kRestJson, "", "", kGuarddutyOperations},
    {"macie2", "macie2", "2020-01-01", Protocol::kRestJson, "", "", kMacie2Operations},
    {"sns", "sns", "2010-03-31", Protocol::kQuery, "", "http://sns.amazonaws.com/doc/2010-03-31/", kSnsOperations},
    {"sqs", "sqs", "2012-11-05", Protocol::kJson10, "AmazonSQS.", "", kSqsOperations},
    {"sts", "sts", "2011-06-15", Protocol::kQuery, "", "https://sts.amazonaws.com/doc/2011-06-15/", kStsOperations},
};

}  // namespace

std::span<const ServiceSpec> Services() {
  return kServices;
}

const ServiceSpec* FindService(std::string_view id) {
  for (const ServiceSpec& service : kServices) {
    if (service.id == id) return &service;
  }
  return nullptr;
}

const OperationSpec* FindOperation(const ServiceSpec& service, std::string_view name) {
  for (const OperationSpec& operation : service.operations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

bool IsGlobalService(std::string_view id) {
  return id == "iam" || id == "cloudfront" || id == "organizations";
}

}  // namespace sallyport::aws_sim
