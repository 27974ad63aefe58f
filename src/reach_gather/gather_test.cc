// SPDX-License-Identifier: Apache-2.0
#include "reach_gather/gather.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reach_gather/aws_reach.h"
#include "reach_gather/gather_for_test.h"

namespace sallyport::reach {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(GatherTest, WhatIsNotThereIsToldFromWhatCouldNotBeRead) {
  aws_.Fail("GetBucketPolicy", ErrorCode::kNotFound, "NoSuchBucketPolicy");
  aws_.Fail("GetPublicAccessBlock", ErrorCode::kNotFound, "NoSuchPublicAccessBlockConfiguration");
  aws_.Fail("GetBucketOwnershipControls", ErrorCode::kNotFound, "OwnershipControlsNotFoundError");
  aws_.Fail("GetBucketEncryption", ErrorCode::kNotFound, "ServerSideEncryptionConfigurationNotFoundError");
  const BucketFacts bucket = Bucket();
  EXPECT_EQ(bucket.region, "eu-west-1");
  ASSERT_TRUE(bucket.policy.ok());
  EXPECT_EQ(*bucket.policy, std::nullopt);
  ASSERT_TRUE(bucket.block.ok() && bucket.account_block.ok() && bucket.acls_disabled.ok() && bucket.key.ok());
  EXPECT_FALSE(bucket.block->restrict_buckets);
  EXPECT_FALSE(*bucket.acls_disabled);
  EXPECT_EQ(*bucket.key, std::nullopt);
  EXPECT_FALSE(bucket.acl.ok());
  EXPECT_FALSE(bucket.access_points.ok());
}

TEST_F(GatherTest, AnotherKindOfAbsenceIsAFailure) {
  for (const char* operation : {"GetBucketPolicy", "GetPublicAccessBlock", "GetBucketOwnershipControls",
                                "GetBucketEncryption", "GetBucketAcl", "ListAccessPoints"}) {
    aws_.Fail(operation, ErrorCode::kNotFound, "NoSuchBucket");
  }
  const BucketFacts bucket = Bucket();
  EXPECT_FALSE(bucket.policy.ok());
  EXPECT_FALSE(bucket.block.ok());
  EXPECT_FALSE(bucket.account_block.ok());
  EXPECT_FALSE(bucket.acls_disabled.ok());
  EXPECT_FALSE(bucket.key.ok());
  EXPECT_FALSE(bucket.acl.ok());
  EXPECT_FALSE(bucket.access_points.ok());
}

TEST_F(GatherTest, ABucketThatIsNotThereEndsIt) {
  aws_.Fail("GetBucketLocation", ErrorCode::kNotFound, "NoSuchBucket");
  EXPECT_EQ(Make().ReadBucket(ask_).error().code, ErrorCode::kNotFound);
  ask_.account = "444455556666";
  EXPECT_THAT(Make().ReadBucket(ask_).error().ToText(), HasSubstr("no role is configured for it (set aws.accounts"));
}

TEST_F(GatherTest, ARefusedLocationLeavesTheRegionOfWhoeverAsked) {
  aws_.Fail("GetBucketLocation", ErrorCode::kForbidden, "AccessDenied");
  ask_.region = "eu-central-1";
  EXPECT_EQ(Bucket().region, "eu-central-1");
}

TEST_F(GatherTest, EveryReadNamesTheOwnerItExpects) {
  Bucket();
  for (const aws::Call& call : aws_.calls) {
    if (call.bucket.empty()) continue;
    EXPECT_THAT(call.headers, Contains(std::pair<std::string, std::string>("x-amz-expected-bucket-owner", kHome)));
  }
}

std::string Encrypted(const std::string& key) {
  return "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms"
         "</SSEAlgorithm>" +
         (key.empty() ? "" : "<KMSMasterKeyID>" + key + "</KMSMasterKeyID>") +
         "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>"
         "</ServerSideEncryptionConfiguration>";
}

TEST_F(GatherTest, FollowsTheKey) {
  const std::string arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
  aws_.On("GetBucketEncryption", Encrypted("alias/customers"));
  aws_.On("DescribeKey", R"({"KeyMetadata":{"KeyId":"1","Arn":")" + arn + R"(","KeyManager":"CUSTOMER"}})");
  aws_.On("GetKeyPolicy", R"({"Policy":"{}"})");
  aws_.On("ListGrants", R"({"Grants":[{"GrantId":"g1","GranteePrincipal":"r","Operations":["Decrypt"]},)"
                        R"({"GrantId":"g2","Constraints":{"EncryptionContextSubset":{"a":"b"}}}]})");
  const BucketFacts bucket = Bucket();
  ASSERT_TRUE(bucket.key.ok());
  const KeyFacts& key = **bucket.key;
  EXPECT_EQ(key.arn, arn);
  EXPECT_TRUE(key.with_bucket_key);
  EXPECT_EQ(*key.policy, "{}");
  ASSERT_THAT(*key.grants, SizeIs(2));
  EXPECT_THAT(key.grants->at(0).constraints, IsEmpty());
  ASSERT_THAT(key.grants->at(1).constraints, SizeIs(1));
  EXPECT_FALSE(key.grants->at(1).constraints[0].equals);
  EXPECT_EQ(key.grants->at(1).constraints[0].pairs, (std::vector<Tag>{{"a", "b"}}));
}

TEST_F(GatherTest, AKeyOfAnAccountThatCannotBeReadIsAnError) {
  aws_.On("GetBucketEncryption", Encrypted("arn:aws:kms:eu-west-1:444455556666:key/1"));
  EXPECT_THAT(Bucket().key.error().message, HasSubstr("is of account 444455556666, and no role is configured"));
  aws_.On("GetBucketEncryption", Encrypted(""));
  EXPECT_TRUE(Bucket().key->value().is_aws_managed);
}

TEST_F(GatherTest, HasABoundOnAccessPoints) {
  const auto points = [](std::size_t count) {
    std::string body = "<ListAccessPointsResult><AccessPointList>";
    for (std::size_t i = 0; i < count; ++i) {
      body += "<AccessPoint><Name>p" + std::to_string(i) +
              "</Name><NetworkOrigin>VPC</NetworkOrigin><Bucket>b</Bucket></AccessPoint>";
    }
    return body + "</AccessPointList></ListAccessPointsResult>";
  };
  aws_.On("ListAccessPoints", points(Gatherer::kMostAccessPoints));
  aws_.Fail("GetAccessPointPolicy", ErrorCode::kNotFound, "NoSuchAccessPointPolicy");
  const BucketFacts bucket = Bucket();
  ASSERT_THAT(*bucket.access_points, SizeIs(Gatherer::kMostAccessPoints));
  EXPECT_EQ(bucket.access_points->front().arn, "arn:aws:s3:eu-west-1:111122223333:accesspoint/p0");
  EXPECT_TRUE(bucket.access_points->front().vpc_origin);
  EXPECT_EQ(*bucket.access_points->front().policy, std::nullopt);
  aws_.On("ListAccessPoints", points(Gatherer::kMostAccessPoints + 1));
  EXPECT_THAT(Bucket().access_points.error().message, HasSubstr("more than 1000 access points"));
}

TEST_F(GatherTest, ReadsTheAccessPointsOwnBlock) {
  aws_.On("ListAccessPoints",
          "<ListAccessPointsResult><AccessPointList><AccessPoint><Name>a</Name></AccessPoint>"
          "</AccessPointList></ListAccessPointsResult>");
  aws_.Fail("GetAccessPointPolicy", ErrorCode::kNotFound, "NoSuchAccessPointPolicy");
  EXPECT_FALSE(Bucket().access_points->front().block.ok());  // refused
  aws_.On("GetAccessPoint",
          "<GetAccessPointResult><Name>a</Name><PublicAccessBlockConfiguration><RestrictPublicBuckets>true"
          "</RestrictPublicBuckets></PublicAccessBlockConfiguration></GetAccessPointResult>");
  const BucketFacts bucket = Bucket();
  ASSERT_TRUE(bucket.access_points->front().block.ok());
  EXPECT_TRUE(bucket.access_points->front().block->restrict_buckets);
}

// Uses.

std::string Instances(const std::string& id, const std::string& profile) {
  return "<DescribeInstancesResponse><reservationSet><item><ownerId>111122223333</"
         "ownerId><instancesSet><item><instanceId>" +
         id + "</instanceId><instanceState><name>running</name></instanceState><iamInstanceProfile><arn>" + profile +
         "</arn></iamInstanceProfile></item></instancesSet></item></reservationSet></DescribeInstancesResponse>";
}

Gatherer::Wanted Profiles(std::size_t count) {
  Gatherer::Wanted wanted{kHome, {}, false};
  for (std::size_t i = 0; i < count; ++i) {
    wanted.profiles.insert("arn:aws:iam::111122223333:instance-profile/p" + std::to_string(1000 + i));
  }
  return wanted;
}

TEST_F(GatherTest, AsksForTheInstancesOfTheProfilesUntilThereAreTooManyForAFilter) {
  aws_.On("DescribeInstances", Instances("i-0123456789abcdef0", "p"));
  Make().ReadUses({Profiles(Gatherer::kMostProfilesInFilter)}, "us-east-1");
  ASSERT_THAT(aws_.calls, SizeIs(2));  // 200 values each
  EXPECT_THAT(aws_.calls[0].body, HasSubstr("iam-instance-profile.arn"));
  aws_.calls.clear();
  Make().ReadUses({Profiles(Gatherer::kMostProfilesInFilter + 1)}, "us-east-1");
  ASSERT_THAT(aws_.calls, SizeIs(1));
  EXPECT_EQ(aws_.calls[0].body.find("iam-instance-profile.arn"), std::string::npos);
}

TEST_F(GatherTest, NobodyToLookForIsNoCall) {
  EXPECT_THAT(Make().ReadUses({{kHome, {}, false}}, "us-east-1").gaps, IsEmpty());
  EXPECT_THAT(aws_.calls, IsEmpty());
}

TEST_F(GatherTest, LooksInEveryRegionThatIsEnabled) {
  options_.regions.clear();
  aws_.On("DescribeRegions",
          "<DescribeRegionsResponse><regionInfo>"
          "<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
          "<item><regionName>ap-east-1</regionName><optInStatus>not-opted-in</optInStatus></item>"
          "<item><regionName>eu-south-1</regionName><optInStatus>opted-in</optInStatus></item>"
          "</regionInfo></DescribeRegionsResponse>");
  aws_.On("DescribeInstances", [](const aws::Call& call) -> Result<std::string> {
    if (call.place.region == "eu-south-1") return Remote(ErrorCode::kForbidden, "UnauthorizedOperation");
    return Instances("i-0123456789abcdef0", "p");
  });
  const UseFacts uses = Make().ReadUses({Profiles(1)}, "us-east-1");
  EXPECT_THAT(uses.instances, SizeIs(1));
  EXPECT_THAT(uses.gaps, ElementsAre(HasSubstr("instances of account 111122223333 in eu-south-1 could not be read")));
}

TEST_F(GatherTest, WithoutTheRegionsTheBucketsOwnIsLookedAtAndThatIsTold) {
  options_.regions.clear();
  aws_.On("DescribeInstances", Instances("i-0123456789abcdef0", "p"));
  const UseFacts uses = Make().ReadUses({Profiles(1)}, "eu-west-1");
  ASSERT_THAT(uses.instances, SizeIs(1));
  EXPECT_EQ(uses.instances[0].region, "eu-west-1");
  EXPECT_THAT(uses.gaps, ElementsAre(HasSubstr("so only eu-west-1 was looked at")));
}

std::string Arns(const std::string& member, std::size_t count) {
  std::string body = "{\"" + member + "\":[";
  for (std::size_t i = 0; i < count; ++i) body += (i == 0 ? "\"arn:" : ",\"arn:") + std::to_string(i) + "\"";
  return body + "]}";
}

TEST_F(GatherTest, HasBoundsOnClustersAndTasks) {
  const Gatherer::Wanted wanted{kHome, {}, true};
  aws_.On("ListTasks", Arns("taskArns", 0));
  aws_.On("ListClusters", Arns("clusterArns", Gatherer::kMostClusters));
  EXPECT_THAT(Make().ReadUses({wanted}, "us-east-1").gaps, IsEmpty());
  aws_.On("ListClusters", Arns("clusterArns", Gatherer::kMostClusters + 1));
  EXPECT_THAT(Make().ReadUses({wanted}, "us-east-1").gaps, ElementsAre(HasSubstr("more than 200 ECS clusters")));
  aws_.On("ListClusters", Arns("clusterArns", 1));
  aws_.On("DescribeTasks", R"({"tasks":[]})");
  aws_.On("ListTasks", Arns("taskArns", Gatherer::kMostTasks));
  EXPECT_THAT(Make().ReadUses({wanted}, "us-east-1").gaps, IsEmpty());
  aws_.On("ListTasks", Arns("taskArns", Gatherer::kMostTasks + 1));
  EXPECT_THAT(Make().ReadUses({wanted}, "us-east-1").gaps, ElementsAre(HasSubstr("more than 5000 tasks")));
}

TEST_F(GatherTest, TheRoleOfATaskIsItsOwnOrItsDefinitions) {
  aws_.On("ListClusters", Arns("clusterArns", 1));
  aws_.On("ListTasks", Arns("taskArns", 3));
  aws_.On("DescribeTasks",
          R"({"tasks":[{"taskArn":"t1","containerInstanceArn":"c1","taskDefinitionArn":"d1","group":"service:a"},)"
          R"({"taskArn":"t2","taskDefinitionArn":"d1","overrides":{"taskRoleArn":"other"},"launchType":"FARGATE"},)"
          R"({"taskArn":"t3","containerInstanceArn":"c2","taskDefinitionArn":"d1"}]})");
  aws_.On("DescribeContainerInstances", R"({"containerInstances":[)"
                                        R"({"containerInstanceArn":"c1","ec2InstanceId":"i-0123456789abcdef0"},)"
                                        R"({"containerInstanceArn":"c2","ec2InstanceId":"mi-0123"}]})");
  aws_.On("DescribeTaskDefinition", R"({"taskDefinition":{"taskDefinitionArn":"d1","taskRoleArn":"mine"}})");
  aws_.On("DescribeInstances", Instances("i-0123456789abcdef0", "p"));
  const UseFacts uses = Make().ReadUses({{kHome, {}, true}}, "us-east-1");
  EXPECT_THAT(uses.gaps, IsEmpty());
  ASSERT_THAT(uses.tasks, SizeIs(3));
  EXPECT_EQ(uses.tasks[0].role, "mine");
  EXPECT_EQ(uses.tasks[0].instance->value, "i-0123456789abcdef0");
  EXPECT_EQ(uses.tasks[1].role, "other");
  EXPECT_EQ(uses.tasks[1].instance, std::nullopt);
  EXPECT_EQ(uses.tasks[2].instance, std::nullopt);  // ECS Anywhere
  EXPECT_EQ(aws_.Count("DescribeTaskDefinition"), 1U);
  EXPECT_THAT(uses.instances, SizeIs(1));  // of the machine, for its tags
}

// The whole.

std::string NoRoles() {
  return "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false"
         "</IsTruncated></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>";
}

TEST_F(GatherTest, ASweepIsKeptForTenMinutesAndAFailedOneIsNot) {
  AwsReach reach(aws_, clock_, options_);
  const std::string sweep = "GetAccountAuthorizationDetails";
  EXPECT_THAT(reach.WhoCan(ask_)->gaps, Contains(HasSubstr("the roles of account 111122223333 could not be read")));
  aws_.On(sweep, NoRoles());
  ASSERT_TRUE(reach.WhoCan(ask_).ok());
  EXPECT_EQ(aws_.Count(sweep), 2U);
  clock_.Advance(std::chrono::minutes(10) - Duration{1});
  ASSERT_TRUE(reach.WhoCan(ask_).ok());
  EXPECT_EQ(aws_.Count(sweep), 2U);
  clock_.Advance(Duration{1});
  ASSERT_TRUE(reach.WhoCan(ask_).ok());
  EXPECT_EQ(aws_.Count(sweep), 3U);
}

// The rate limit of the sweep is what a large account waits for.
TEST_F(GatherTest, TheSweepAsksForThePagesThatAreLargest) {
  aws_.On("GetAccountAuthorizationDetails", NoRoles());
  ASSERT_TRUE(Make().ReadAccount(kHome, "aws").roles.ok());
  ASSERT_THAT(aws_.calls, SizeIs(1));
  EXPECT_THAT(aws_.calls[0].body, HasSubstr("MaxItems=1000"));
}

TEST_F(GatherTest, AQuestionThatMakesNoSenseAsksNobody) {
  AwsReach reach(aws_, clock_, options_);
  ask_.bucket = "Not A Bucket";
  EXPECT_EQ(reach.WhoCan(ask_).error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(aws_.calls, IsEmpty());
}

TEST_F(GatherTest, ReadsTheAccountsThatAPolicyNamesAndTellsOfTheOthers) {
  options_.other_accounts = {"444455556666"};
  aws_.On("GetAccountAuthorizationDetails", NoRoles());
  aws_.On("GetBucketPolicy",
          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":)"
          R"({"AWS":["arn:aws:iam::444455556666:root","123456789012"]}}]})");
  AwsReach reach(aws_, clock_, options_);
  const auto answer = reach.WhoCan(ask_);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(aws_.Count("GetAccountAuthorizationDetails"), 2U);
  EXPECT_THAT(answer->gaps, Contains(AllOf(HasSubstr("account 123456789012 may have access"),
                                           HasSubstr("no role is configured for it"))));
  EXPECT_THAT(answer->outsiders, Contains(::testing::Field(&Outsider::who, "account 123456789012")));
}

TEST_F(GatherTest, ReadsTheAccountsThatConditionsName) {
  options_.any_account = true;
  aws_.On("GetAccountAuthorizationDetails", NoRoles());
  aws_.On("DescribeOrganization", R"({"Organization":{"Id":"o-1","MasterAccountId":"123456789012"}})");
  aws_.On("ListAccounts",
          R"({"Accounts":[{"Id":"222222222222","Status":"ACTIVE"},{"Id":"333333333333","Status":"SUSPENDED"}]})");
  const auto read_with = [this](const std::string& condition) {
    aws_.On("GetBucketPolicy",
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",)"
            R"("Principal":"*","Condition":{)" +
                condition + "}}]}");
    aws_.calls.clear();
    AwsReach reach(aws_, clock_, options_);
    std::set<std::string> accounts;
    EXPECT_TRUE(reach.WhoCan(ask_).ok());
    for (const aws::Call& call : aws_.calls) {
      if (call.operation->name == "GetAccountAuthorizationDetails") accounts.insert(call.place.account);
    }
    return accounts;
  };
  EXPECT_THAT(read_with(R"("ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"})"),
              ElementsAre("", "444455556666"));
  EXPECT_THAT(read_with(R"("StringEquals":{"aws:PrincipalAccount":"444455556666"})"), ElementsAre("", "444455556666"));
  EXPECT_THAT(read_with(R"("StringEquals":{"aws:PrincipalOrgID":"o-1"})"), ElementsAre("", "222222222222"));
  EXPECT_THAT(read_with(R"("ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/*/ou-2/*"})"),
              ElementsAre("", "222222222222"));
  EXPECT_THAT(read_with(R"("StringNotEquals":{"aws:PrincipalAccount":"444455556666"})"), ElementsAre(""));
  aws_.Fail("ListAccounts", ErrorCode::kForbidden, "AccessDeniedException");
  AwsReach reach(aws_, clock_, options_);
  aws_.On("GetBucketPolicy", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",)"
                             R"("Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-1","o-2"]}}}]})");
  const auto answer = reach.WhoCan(ask_);
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(answer->gaps, Contains(HasSubstr("members of organization `o-1`")));
  EXPECT_THAT(answer->gaps, Contains(HasSubstr("members of organization `o-2`, which is another organization,")));
}

std::string OneRoleWithBoundary() {
  return "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><RoleDetailList><member>"
         "<RoleName>web</RoleName><Arn>arn:aws:iam::111122223333:role/web</Arn><PermissionsBoundary>"
         "<PermissionsBoundaryArn>arn:aws:iam::aws:policy/PowerUserAccess</PermissionsBoundaryArn></"
         "PermissionsBoundary>"
         "</member></RoleDetailList><IsTruncated>false</IsTruncated></GetAccountAuthorizationDetailsResult>"
         "</GetAccountAuthorizationDetailsResponse>";
}

TEST_F(GatherTest, AsksForAPolicyThatTheSnapshotDoesNotHold) {
  aws_.On("GetAccountAuthorizationDetails", OneRoleWithBoundary());
  const AccountFacts refused = Make().ReadAccount(kHome, "aws");
  EXPECT_TRUE(refused.roles->managed.empty());
  EXPECT_EQ(refused.roles->unread.at("arn:aws:iam::aws:policy/PowerUserAccess").code, ErrorCode::kForbidden);
  aws_.On("GetPolicy",
          "<GetPolicyResponse><GetPolicyResult><Policy><Arn>arn:aws:iam::aws:policy/PowerUserAccess</Arn>"
          "<DefaultVersionId>v5</DefaultVersionId></Policy></GetPolicyResult></GetPolicyResponse>");
  aws_.On("GetPolicyVersion",
          "<GetPolicyVersionResponse><GetPolicyVersionResult><PolicyVersion><Document>%7B%22x%22%3A1%7D</Document>"
          "<VersionId>v5</VersionId></PolicyVersion></GetPolicyVersionResult></GetPolicyVersionResponse>");
  const AccountFacts facts = Make().ReadAccount(kHome, "aws");
  ASSERT_TRUE(facts.roles.ok());
  EXPECT_THAT(facts.roles->managed, ElementsAre(std::pair<const std::string, std::string>(
                                        "arn:aws:iam::aws:policy/PowerUserAccess", R"({"x":1})")));
}

TEST_F(GatherTest, NoticesThatAnotherAccountOwnsTheBucket) {
  options_.other_accounts = {"444455556666"};
  aws_.On("GetBucketLocation", [](const aws::Call& call) -> Result<std::string> {
    for (const auto& [name, value] : call.headers) {
      if (name == "x-amz-expected-bucket-owner" && value == "444455556666") return std::string("<LocationConstraint/>");
    }
    return Remote(ErrorCode::kForbidden, "AccessDenied");
  });
  const auto bucket = Make().ReadBucket(ask_);
  ASSERT_FALSE(bucket.ok());
  EXPECT_EQ(bucket.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(bucket.error().ToText(), HasSubstr("account 444455556666 owns it (give --account 444455556666)"));
  options_.other_accounts.clear();
  EXPECT_TRUE(Bucket().owner_unsure);
}

TEST_F(GatherTest, ReadsTheEndpointsOfTheHostsVpcs) {
  aws_.On("DescribeInstances",
          "<DescribeInstancesResponse><reservationSet><item><ownerId>111122223333</ownerId><instancesSet><item>"
          "<instanceId>i-0123456789abcdef0</instanceId><instanceState><name>running</name></instanceState>"
          "<vpcId>vpc-1</vpcId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>");
  EXPECT_THAT(Make().ReadUses({Profiles(1)}, "us-east-1").gaps, Contains(HasSubstr("VPC endpoints")));
  aws_.On(
      "DescribeVpcEndpoints",
      "<DescribeVpcEndpointsResponse><vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId><vpcId>vpc-1</vpcId>"
      "<serviceName>com.amazonaws.us-east-1.s3</serviceName><state>available</state>"
      "<policyDocument>{}</policyDocument></item></vpcEndpointSet></DescribeVpcEndpointsResponse>");
  const UseFacts uses = Make().ReadUses({Profiles(1)}, "us-east-1");
  ASSERT_THAT(uses.endpoints, SizeIs(1));
  EXPECT_EQ(uses.endpoints[0].vpc, "vpc-1");
  EXPECT_EQ(uses.endpoints_read.size(), 1U);
}

TEST_F(GatherTest, TellsUsersWithActiveKeysFromOthers) {
  aws_.On("ListAccessKeys", [](const aws::Call& call) -> Result<std::string> {
    const bool active = call.body.find("deploy") != std::string::npos;
    return "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>AKIA1</AccessKeyId>"
           "<Status>" +
           std::string(active ? "Active" : "Inactive") +
           "</Status></member></AccessKeyMetadata><IsTruncated>false</IsTruncated></ListAccessKeysResult>"
           "</ListAccessKeysResponse>";
  });
  const auto keys = Make().ReadKeys(kHome, "aws", {"deploy", "old"});
  EXPECT_TRUE(*keys.at("deploy"));
  EXPECT_FALSE(*keys.at("old"));
  const std::vector<std::string> many(Gatherer::kMostUsers + 1, "deploy");
  aws_.calls.clear();
  Make().ReadKeys(kHome, "aws", many);
  EXPECT_EQ(aws_.Count("ListAccessKeys"), Gatherer::kMostUsers);
}

TEST_F(GatherTest, ReadsAsManyAccountsAsItMayOfThoseThatPoliciesName) {
  options_.any_account = true;
  aws_.On("GetAccountAuthorizationDetails", NoRoles());
  const auto sweeps_with = [this](std::size_t named) {
    std::string accounts;
    for (std::size_t i = 0; i < named; ++i) {
      accounts += (i == 0 ? "\"" : ",\"") + std::to_string(100'000'000'000 + i) + "\"";
    }
    aws_.On("GetBucketPolicy", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",)"
                               R"("Resource":"*","Principal":{"AWS":[)" +
                                   accounts + "]}}]}");
    aws_.calls.clear();
    AwsReach reach(aws_, clock_, options_);
    return *reach.WhoCan(ask_);
  };
  const auto is_told =
      HasSubstr("the policies name more than " + std::to_string(AwsReach::kMostAccounts) + " accounts");
  EXPECT_THAT(sweeps_with(AwsReach::kMostAccounts).gaps, Not(Contains(is_told)));
  EXPECT_EQ(aws_.Count("GetAccountAuthorizationDetails"), AwsReach::kMostAccounts + 1);  // and the owner's
  EXPECT_THAT(sweeps_with(AwsReach::kMostAccounts + 1).gaps, Contains(is_told));
  EXPECT_EQ(aws_.Count("GetAccountAuthorizationDetails"), AwsReach::kMostAccounts + 1);
}

}  // namespace
}  // namespace sallyport::reach
