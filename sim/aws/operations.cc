// SPDX-License-Identifier: Apache-2.0
//
// Which services and operations there are: names, places and members as the services' published models (2026) have
// them. Nothing here says how an operation answers; that is services.h.
#include "sim/aws/operations.h"

namespace sallyport::aws_sim {
namespace {

constexpr OperationSpec kEc2Operations[] = {
    {"DescribeInstances", "POST", "/", "InstanceId IncludeManagedResources DryRun Filter NextToken MaxResults"},
    {"DescribeIamInstanceProfileAssociations", "POST", "/", "AssociationId Filter MaxResults NextToken"},
    {"DescribeTags", "POST", "/", "DryRun Filter MaxResults NextToken"},
    {"DescribeRegions", "POST", "/", "RegionName AllRegions DryRun Filter"},
    {"DescribeVpcEndpoints", "POST", "/", "DryRun VpcEndpointId Filter MaxResults NextToken"},
};

constexpr OperationSpec kIamOperations[] = {
    {"GetInstanceProfile", "POST", "/", "InstanceProfileName*"},
    {"ListInstanceProfiles", "POST", "/", "PathPrefix Marker MaxItems"},
    {"ListInstanceProfilesForRole", "POST", "/", "RoleName* Marker MaxItems"},
    {"GetRole", "POST", "/", "RoleName*"},
    {"ListRoles", "POST", "/", "PathPrefix Marker MaxItems"},
    {"ListRolePolicies", "POST", "/", "RoleName* Marker MaxItems"},
    {"GetRolePolicy", "POST", "/", "RoleName* PolicyName*"},
    {"ListAttachedRolePolicies", "POST", "/", "RoleName* PathPrefix Marker MaxItems"},
    {"GetPolicy", "POST", "/", "PolicyArn*"},
    {"GetPolicyVersion", "POST", "/", "PolicyArn* VersionId*"},
    {"GetAccountAuthorizationDetails", "POST", "/", "Filter MaxItems Marker"},
    {"ListAccessKeys", "POST", "/", "UserName Marker MaxItems"},
    {"SimulatePrincipalPolicy", "POST", "/",
     "PolicySourceArn* PolicyInputList PermissionsBoundaryPolicyInputList PolicyExclusionList ActionNames* "
     "ResourceArns ResourcePolicy ResourceOwner CallerArn ContextEntries ResourceHandlingOption MaxItems Marker"},
};

constexpr OperationSpec kS3Operations[] = {
    {"GetBucketPolicy", "GET", "/{Bucket}?policy", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketPolicyStatus", "GET", "/{Bucket}?policyStatus",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketAcl", "GET", "/{Bucket}?acl", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketOwnershipControls", "GET", "/{Bucket}?ownershipControls",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketLocation", "GET", "/{Bucket}?location", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketEncryption", "GET", "/{Bucket}?encryption", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketRequestPayment", "GET", "/{Bucket}?requestPayment",
     "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"GetBucketVersioning", "GET", "/{Bucket}?versioning", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
    {"HeadBucket", "HEAD", "/{Bucket}", "Bucket* ExpectedBucketOwner@x-amz-expected-bucket-owner"},
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
    {"ListAccounts", "POST", "/", "NextToken MaxResults"},
};

constexpr OperationSpec kCloudfrontOperations[] = {
    {"ListDistributions", "GET", "/2020-05-31/distribution", "Marker?Marker MaxItems?MaxItems"},
    {"GetDistributionConfig", "GET", "/2020-05-31/distribution/{Id}/config", "Id*"},
    {"UpdateDistribution", "PUT", "/2020-05-31/distribution/{Id}/config", "DistributionConfig* Id* IfMatch@If-Match"},
    {"ListDistributionsByWebACLId", "GET", "/2020-05-31/distributionsByWebACLId/{WebACLId}",
     "Marker?Marker MaxItems?MaxItems WebACLId*"},
};

constexpr OperationSpec kElbOperations[] = {
    {"DescribeLoadBalancers", "POST", "/", "LoadBalancerNames Marker PageSize"},
    {"DescribeTags", "POST", "/", "LoadBalancerNames*"},
};

constexpr OperationSpec kElbv2Operations[] = {
    {"DescribeLoadBalancers", "POST", "/", "LoadBalancerArns Names Marker PageSize"},
    {"DescribeTargetGroups", "POST", "/", "LoadBalancerArn TargetGroupArns Names Marker PageSize"},
    {"DescribeTargetHealth", "POST", "/", "TargetGroupArn* Targets Include"},
    {"DescribeListeners", "POST", "/", "LoadBalancerArn ListenerArns Marker PageSize"},
    {"DescribeRules", "POST", "/", "ListenerArn RuleArns Marker PageSize"},
};

constexpr OperationSpec kWafOperations[] = {
    {"ListWebACLs", "POST", "/", "NextMarker Limit"},
    {"GetWebACL", "POST", "/", "WebACLId*"},
};

constexpr OperationSpec kWafRegionalOperations[] = {
    {"GetWebACLForResource", "POST", "/", "ResourceArn*"},
    {"ListWebACLs", "POST", "/", "NextMarker Limit"},
    {"ListResourcesForWebACL", "POST", "/", "WebACLId* ResourceType"},
    {"GetWebACL", "POST", "/", "WebACLId*"},
};

constexpr OperationSpec kWafv2Operations[] = {
    {"GetWebACLForResource", "POST", "/", "ResourceArn*"},
    {"ListWebACLs", "POST", "/", "Scope* NextMarker Limit"},
    {"ListResourcesForWebACL", "POST", "/", "WebACLArn* ResourceType"},
    {"GetWebACL", "POST", "/", "Name Scope Id ARN"},
    {"UpdateWebACL", "POST", "/",
     "Name* Scope* Id* DefaultAction* Description Rules VisibilityConfig* DataProtectionConfig LockToken* "
     "CustomResponseBodies CaptchaConfig ChallengeConfig TokenDomains AssociationConfig OnSourceDDoSProtectionConfig "
     "ApplicationConfig MonetizationConfig"},
    {"AssociateWebACL", "POST", "/", "WebACLArn* ResourceArn*"},
    {"CreateWebACL", "POST", "/",
     "Name* Scope* DefaultAction* Description Rules VisibilityConfig* DataProtectionConfig Tags CustomResponseBodies "
     "CaptchaConfig ChallengeConfig TokenDomains AssociationConfig OnSourceDDoSProtectionConfig ApplicationConfig "
     "MonetizationConfig"},
    {"ListAvailableManagedRuleGroups", "POST", "/", "Scope* NextMarker Limit"},
    {"DescribeManagedRuleGroup", "POST", "/", "VendorName* Name* Scope* VersionName"},
    {"ListAvailableManagedRuleGroupVersions", "POST", "/", "VendorName* Name* Scope* NextMarker Limit"},
    {"CheckCapacity", "POST", "/", "Scope* Rules*"},
};

constexpr OperationSpec kEcsOperations[] = {
    {"ListClusters", "POST", "/", "nextToken maxResults"},
    {"DescribeClusters", "POST", "/", "clusters include"},
    {"ListServices", "POST", "/", "cluster nextToken maxResults launchType schedulingStrategy resourceManagementType"},
    {"DescribeServices", "POST", "/", "cluster services* include"},
    {"ListTasks", "POST", "/",
     "cluster containerInstance family nextToken maxResults startedBy serviceName desiredStatus launchType daemonName"},
    {"DescribeTasks", "POST", "/", "cluster tasks* include"},
    {"DescribeTaskDefinition", "POST", "/", "taskDefinition* include"},
    {"ListContainerInstances", "POST", "/", "cluster filter nextToken maxResults status"},
    {"DescribeContainerInstances", "POST", "/", "cluster containerInstances* include"},
};

constexpr OperationSpec kAutoscalingOperations[] = {
    {"DescribeAutoScalingInstances", "POST", "/", "InstanceIds MaxRecords NextToken"},
    {"DescribeAutoScalingGroups", "POST", "/", "AutoScalingGroupNames IncludeInstances NextToken MaxRecords Filters"},
};

constexpr OperationSpec kConfigOperations[] = {
    {"PutEvaluations", "POST", "/", "Evaluations ResultToken* TestMode"},
    {"GetResourceConfigHistory", "POST", "/",
     "resourceType* resourceId* laterTime earlierTime chronologicalOrder limit nextToken"},
    {"BatchGetResourceConfig", "POST", "/", "resourceKeys*"},
    {"SelectResourceConfig", "POST", "/", "Expression* Limit NextToken"},
};

constexpr OperationSpec kInspector2Operations[] = {
    {"ListFindings", "POST", "/findings/list", "maxResults nextToken filterCriteria sortCriteria"},
    {"ListCoverage", "POST", "/coverage/list", "maxResults nextToken filterCriteria"},
};

constexpr OperationSpec kInspectorOperations[] = {
    {"DescribeFindings", "POST", "/", "findingArns* locale"},
    {"ListFindings", "POST", "/", "assessmentRunArns filter nextToken maxResults"},
};

constexpr OperationSpec kGuarddutyOperations[] = {
    {"ListDetectors", "GET", "/detector", "MaxResults?maxResults NextToken?nextToken"},
    {"GetFindings", "POST", "/detector/{DetectorId}/findings/get", "DetectorId* findingIds* sortCriteria"},
    {"ListFindings", "POST", "/detector/{DetectorId}/findings",
     "DetectorId* findingCriteria sortCriteria maxResults nextToken"},
    {"ArchiveFindings", "POST", "/detector/{DetectorId}/findings/archive", "DetectorId* findingIds*"},
    {"CreateSampleFindings", "POST", "/detector/{DetectorId}/findings/create", "DetectorId* findingTypes"},
};

constexpr OperationSpec kMacie2Operations[] = {
    {"GetFindings", "POST", "/findings/describe", "findingIds* sortCriteria"},
    {"ListFindings", "POST", "/findings", "findingCriteria maxResults nextToken sortCriteria"},
    {"CreateSampleFindings", "POST", "/findings/sample", "findingTypes"},
};

constexpr OperationSpec kSecurityhubOperations[] = {
    {"BatchImportFindings", "POST", "/findings/import", "Findings*"},
    {"BatchUpdateFindings", "PATCH", "/findings/batchupdate",
     "FindingIdentifiers* Note Severity VerificationState Confidence Criticality Types UserDefinedFields Workflow "
     "RelatedFindings"},
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
    {"DeleteMessage", "POST", "/", "QueueUrl* ReceiptHandle*"},
    {"SendMessage", "POST", "/",
     "QueueUrl* MessageBody* DelaySeconds MessageAttributes MessageSystemAttributes MessageDeduplicationId "
     "MessageGroupId"},
    {"ChangeMessageVisibility", "POST", "/", "QueueUrl* ReceiptHandle* VisibilityTimeout*"},
    {"ChangeMessageVisibilityBatch", "POST", "/", "QueueUrl* Entries*"},
    {"GetQueueUrl", "POST", "/", "QueueName* QueueOwnerAWSAccountId"},
};

constexpr OperationSpec kDynamodbOperations[] = {
    {"PutItem", "POST", "/",
     "TableName* Item* Expected ReturnValues ReturnConsumedCapacity ReturnItemCollectionMetrics ConditionalOperator "
     "ConditionExpression ExpressionAttributeNames ExpressionAttributeValues ReturnValuesOnConditionCheckFailure"},
    {"UpdateItem", "POST", "/",
     "TableName* Key* AttributeUpdates Expected ConditionalOperator ReturnValues ReturnConsumedCapacity "
     "ReturnItemCollectionMetrics UpdateExpression ConditionExpression ExpressionAttributeNames "
     "ExpressionAttributeValues ReturnValuesOnConditionCheckFailure"},
    {"GetItem", "POST", "/",
     "TableName* Key* AttributesToGet ConsistentRead ReturnConsumedCapacity ProjectionExpression "
     "ExpressionAttributeNames"},
    {"Query", "POST", "/",
     "TableName* IndexName Select AttributesToGet Limit ConsistentRead KeyConditions QueryFilter ConditionalOperator "
     "ScanIndexForward ExclusiveStartKey ReturnConsumedCapacity ProjectionExpression FilterExpression "
     "KeyConditionExpression ExpressionAttributeNames ExpressionAttributeValues"},
    {"DeleteItem", "POST", "/",
     "TableName* Key* Expected ConditionalOperator ReturnValues ReturnConsumedCapacity ReturnItemCollectionMetrics "
     "ConditionExpression ExpressionAttributeNames ExpressionAttributeValues ReturnValuesOnConditionCheckFailure"},
};

constexpr OperationSpec kSecretsmanagerOperations[] = {
    {"GetSecretValue", "POST", "/", "SecretId* VersionId VersionStage"},
};

constexpr OperationSpec kSsmOperations[] = {
    {"GetParameter", "POST", "/", "Name* WithDecryption"},
};

constexpr OperationSpec kStsOperations[] = {
    {"AssumeRole", "POST", "/",
     "RoleArn* RoleSessionName* PolicyArns Policy DurationSeconds Tags TransitiveTagKeys ExternalId SerialNumber "
     "TokenCode SourceIdentity ProvidedContexts"},
    {"AssumeRoleWithWebIdentity", "POST", "/",
     "RoleArn* RoleSessionName* WebIdentityToken* ProviderId PolicyArns Policy DurationSeconds"},
    {"GetCallerIdentity", "POST", "/", ""},
};

constexpr OperationSpec kEventsOperations[] = {
    {"PutEvents", "POST", "/", "Entries* EndpointId"},
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
    {"waf", "waf", "2015-08-24", Protocol::kJson11, "AWSWAF_20150824.", "", kWafOperations},
    {"waf-regional", "waf-regional", "2016-11-28", Protocol::kJson11, "AWSWAF_Regional_20161128.", "",
     kWafRegionalOperations},
    {"wafv2", "wafv2", "2019-07-29", Protocol::kJson11, "AWSWAF_20190729.", "", kWafv2Operations},
    {"ecs", "ecs", "2014-11-13", Protocol::kJson11, "AmazonEC2ContainerServiceV20141113.", "", kEcsOperations},
    {"autoscaling", "autoscaling", "2011-01-01", Protocol::kQuery, "",
     "http://autoscaling.amazonaws.com/doc/2011-01-01/", kAutoscalingOperations},
    {"config", "config", "2014-11-12", Protocol::kJson11, "StarlingDoveService.", "", kConfigOperations},
    {"inspector2", "inspector2", "2020-06-08", Protocol::kRestJson, "", "", kInspector2Operations},
    {"inspector", "inspector", "2016-02-16", Protocol::kJson11, "InspectorService.", "", kInspectorOperations},
    {"guardduty", "guardduty", "2017-11-28", Protocol::kRestJson, "", "", kGuarddutyOperations},
    {"macie2", "macie2", "2020-01-01", Protocol::kRestJson, "", "", kMacie2Operations},
    {"securityhub", "securityhub", "2018-10-26", Protocol::kRestJson, "", "", kSecurityhubOperations},
    {"sns", "sns", "2010-03-31", Protocol::kQuery, "", "http://sns.amazonaws.com/doc/2010-03-31/", kSnsOperations},
    {"sqs", "sqs", "2012-11-05", Protocol::kJson10, "AmazonSQS.", "", kSqsOperations},
    {"dynamodb", "dynamodb", "2012-08-10", Protocol::kJson10, "DynamoDB_20120810.", "", kDynamodbOperations},
    {"secretsmanager", "secretsmanager", "2017-10-17", Protocol::kJson11, "secretsmanager.", "",
     kSecretsmanagerOperations},
    {"ssm", "ssm", "2014-11-06", Protocol::kJson11, "AmazonSSM.", "", kSsmOperations},
    {"sts", "sts", "2011-06-15", Protocol::kQuery, "", "https://sts.amazonaws.com/doc/2011-06-15/", kStsOperations},
    {"events", "events", "2015-10-07", Protocol::kJson11, "AWSEvents.", "", kEventsOperations},
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
  return id == "iam" || id == "cloudfront" || id == "organizations" || id == "waf";
}

}  // namespace sallyport::aws_sim
