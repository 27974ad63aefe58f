// SPDX-License-Identifier: Apache-2.0
#include "reach_gather/gather.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>

#include "base/fake_clock.h"
#include "reach_gather/aws_reach.h"

namespace sallyport::reach {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kHome = "111122223333";

Error Remote(ErrorCode code, const std::string& word) {
  Error error{code, word, ""};
  error.origin = std::make_shared<ErrorOrigin>(ErrorOrigin{"s3", "", "", "", "", word, ""});
  return error;
}

// An AWS that answers each operation in one way, and everything else with "access denied".
class AwsOfTheTest final : public aws::Transport {
 public:
  using Say = std::function<Result<std::string>(const aws::Call& call)>;

  void On(const std::string& operation, Say say) { says_[operation] = std::move(say); }
  void On(const std::string& operation, std::string body) {
    On(operation, [body = std::move(body)](const aws::Call&) { return Result<std::string>(body); });
  }
  void Fail(const std::string& operation, ErrorCode code, const std::string& word) {
    On(operation, [code, word](const aws::Call&) -> Result<std::string> { return Remote(code, word); });
  }

  Result<aws::WireAnswer> Send(const aws::Call& call) override {
    const std::lock_guard lock(mutex_);
    calls.push_back(call);
    const auto found = says_.find(std::string(call.operation->name));
    if (found == says_.end()) return Remote(ErrorCode::kForbidden, "AccessDenied");
    auto body = found->second(call);
    if (!body.ok()) return body.error();
    return aws::WireAnswer{200, {}, *std::move(body)};
  }

  std::size_t Count(const std::string& operation) const {
    std::size_t count = 0;
    for (const aws::Call& call : calls) count += call.operation->name == operation ? 1 : 0;
    return count;
  }

  std::vector<aws::Call> calls;

 private:
  std::mutex mutex_;
  std::map<std::string, Say> says_;
};

class GatherTest : public ::testing::Test {
 protected:
  GatherTest() {
    options_.home_account = kHome;
    options_.home_region = "us-east-1";
    options_.regions = {"us-east-1"};
    options_.concurrency = 1;
    ask_.bucket = "example-customers";
    aws_.On("GetBucketLocation", "<LocationConstraint>eu-west-1</LocationConstraint>");
  }

  Gatherer Make() { return Gatherer(aws_, clock_, options_); }
  BucketFacts Bucket() {
    auto bucket = Make().ReadBucket(ask_);
    EXPECT_TRUE(bucket.ok());
    return bucket.ok() ? *std::move(bucket) : BucketFacts{};
  }

  AwsOfTheTest aws_;
  FakeClock clock_;
  GatherOptions options_;
  Ask ask_;
};

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
  EXPECT_FALSE(key.grants->at(0).has_constraints);
  EXPECT_TRUE(key.grants->at(1).has_constraints);
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

// The organization.

TEST_F(GatherTest, AnAccountInNoOrganizationIsControlledByNothing) {
  Facts facts;
  facts.accounts.push_back({kHome, Roles{}, std::vector<ControlLevel>{}});
  aws_.Fail("DescribeOrganization", ErrorCode::kInvalidInput, "AWSOrganizationsNotInUseException");
  Make().ReadControls(facts);
  EXPECT_TRUE(facts.accounts[0].controls.ok());
  aws_.Fail("DescribeOrganization", ErrorCode::kForbidden, "AccessDeniedException");
  Make().ReadControls(facts);
  EXPECT_FALSE(facts.accounts[0].controls.ok());
}

TEST_F(GatherTest, ReadsControlPoliciesFromTheRootDown) {
  Facts facts;
  facts.accounts.push_back({kHome, Roles{}, std::vector<ControlLevel>{}});
  aws_.On("DescribeOrganization", R"({"Organization":{"Id":"o-1","MasterAccountId":"123456789012"}})");
  aws_.On("ListParents", [](const aws::Call& call) -> Result<std::string> {
    const bool is_unit = call.body.find("ou-1") != std::string::npos;
    return std::string(is_unit ? R"({"Parents":[{"Id":"r-1","Type":"ROOT"}]})"
                               : R"({"Parents":[{"Id":"ou-1","Type":"ORGANIZATIONAL_UNIT"}]})");
  });
  aws_.On("ListPoliciesForTarget", [](const aws::Call& call) -> Result<std::string> {
    const bool is_scp = call.body.find("SERVICE_CONTROL") != std::string::npos;
    return std::string(is_scp ? R"({"Policies":[{"Id":"p-1","Name":"full"}]})" : R"({"Policies":[]})");
  });
  aws_.On("DescribePolicy", R"({"Policy":{"PolicySummary":{"Id":"p-1"},"Content":"{}"}})");
  Make().ReadControls(facts);
  ASSERT_TRUE(facts.accounts[0].controls.ok()) << facts.accounts[0].controls.error().ToText();
  const auto& levels = *facts.accounts[0].controls;
  ASSERT_THAT(levels, SizeIs(3));
  EXPECT_EQ(levels[0].name, "r-1");
  EXPECT_EQ(levels[2].name, kHome);
  EXPECT_EQ(levels[0].scps[0].name, "full");
  EXPECT_EQ(aws_.Count("DescribePolicy"), 1U);
  EXPECT_EQ(facts.organization, "o-1");
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
  EXPECT_THAT(answer->not_considered, Contains(HasSubstr("account 123456789012: its roles were not read")));
  ASSERT_THAT(answer->outsiders, SizeIs(1));
  EXPECT_EQ(answer->outsiders[0].who, "account 123456789012");
}

TEST_F(GatherTest, ReadsAHundredOfTheAccountsThatPoliciesName) {
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
  const auto is_told = HasSubstr("the policies name more than 100 accounts");
  EXPECT_THAT(sweeps_with(AwsReach::kMostAccounts).not_considered, Not(Contains(is_told)));
  EXPECT_EQ(aws_.Count("GetAccountAuthorizationDetails"), AwsReach::kMostAccounts + 1);  // and the owner's
  EXPECT_THAT(sweeps_with(AwsReach::kMostAccounts + 1).not_considered, Contains(is_told));
  EXPECT_EQ(aws_.Count("GetAccountAuthorizationDetails"), AwsReach::kMostAccounts + 1);
}

}  // namespace
}  // namespace sallyport::reach
