// SPDX-License-Identifier: Apache-2.0
//
// What is special about single operations. That names and types agree with AWS's models is tested for all of them in
// tests/python/test_aws_models.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/call.h"
#include "aws/fake_transport.h"
#include "aws_api/cloudfront.h"
#include "aws_api/config_service.h"
#include "aws_api/ec2.h"
#include "aws_api/elbv2.h"
#include "aws_api/guardduty.h"
#include "aws_api/iam.h"
#include "aws_api/s3.h"
#include "aws_api/s3control.h"
#include "aws_api/sns.h"
#include "aws_api/sqs.h"
#include "aws_api/sts.h"
#include "aws_api/wafv2.h"

namespace sallyport::aws {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class ApiTest : public testing::Test {
 protected:
  Call Sent() const { return transport_.Calls().back(); }

  FakeTransport transport_;
  Aws aws_{transport_, {"111122223333", "eu-west-1"}};
};

TEST_F(ApiTest, Ec2InstancesHaveWhatWorkflowsAskFor) {
  transport_.Answer(
      R"(<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>
    <reservationSet><item><ownerId>111122223333</ownerId><instancesSet><item>
      <instanceId>i-0123456789abcdef0</instanceId><imageId>ami-1</imageId>
      <instanceState><code>16</code><name>running</name></instanceState>
      <launchTime>2026-11-01T00:00:00.000Z</launchTime><placement><availabilityZone>eu-west-1a</availabilityZone></placement>
      <privateIpAddress>10.0.0.1</privateIpAddress><ipAddress>203.0.113.1</ipAddress>
      <iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/p/web</arn><id>AIPA1</id></iamInstanceProfile>
      <tagSet><item><key>Name</key><value/></item></tagSet>
      <networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><privateIpAddress>10.0.0.1</privateIpAddress>
        <privateIpAddressesSet><item><privateIpAddress>10.0.0.1</privateIpAddress></item></privateIpAddressesSet>
        <ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item></ipv6AddressesSet>
        <association><publicIp>203.0.113.1</publicIp></association>
        <groupSet><item><groupId>sg-1</groupId><groupName>g</groupName></item></groupSet></item></networkInterfaceSet>
    </item></instancesSet></item></reservationSet></DescribeInstancesResponse>)");
  const auto answer = aws_.Call(ec2::DescribeInstances{.filters = {{"instance-id", {"i-0123456789abcdef0"}}}});
  ASSERT_TRUE(answer.ok()) << answer.error().ToText();
  const ec2::Instance& instance = answer->reservations.at(0).instances.at(0);
  EXPECT_EQ(answer->reservations[0].owner_id, "111122223333");
  EXPECT_EQ(instance.state, "running");
  EXPECT_EQ(instance.availability_zone, "eu-west-1a");
  EXPECT_EQ(instance.public_ip, "203.0.113.1");
  EXPECT_EQ(instance.profile->arn, "arn:aws:iam::111122223333:instance-profile/p/web");
  EXPECT_EQ(instance.tags.at(0).key, "Name");
  EXPECT_EQ(FormatTime(*instance.launched), "2026-11-01T00:00:00Z");
  const ec2::NetworkInterface& interface = instance.interfaces.at(0);
  EXPECT_THAT(interface.ipv6_addresses, ElementsAre("2001:db8::1"));
  EXPECT_THAT(interface.security_groups, ElementsAre("sg-1"));
  EXPECT_EQ(interface.public_ip, "203.0.113.1");
}

TEST_F(ApiTest, Ec2AnInstanceWithoutAStateIsNoAnswer) {
  transport_.Answer(
      "<DescribeInstancesResponse><reservationSet><item><ownerId>1</ownerId><instancesSet><item><instanceId>i-1"
      "</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>");
  const auto answer = aws_.Call(ec2::DescribeInstances{.max_results = 5});
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message,
              HasSubstr("DescribeInstancesResponse/reservationSet/item/instancesSet/item/instanceState is missing"));
}

TEST_F(ApiTest, IamDecodesPolicyDocumentsAndKeepsAPlus) {
  transport_.Answer(
      "<GetPolicyVersionResponse><GetPolicyVersionResult><PolicyVersion><VersionId>v1</VersionId><Document>"
      "%7B%22Resource%22%3A%22a+b%2520%22%7D</Document></PolicyVersion></GetPolicyVersionResult></"
      "GetPolicyVersionResponse>");
  EXPECT_EQ(aws_.Call(iam::GetPolicyVersion{"p", "v1"})->version.document, R"({"Resource":"a+b%20"})");
}

TEST_F(ApiTest, IamReadsAWholeAccountOverPages) {
  const auto page = [](const std::string& role, const std::string& more) {
    return "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><RoleDetailList><member>"
           "<RoleName>" +
           role +
           "</RoleName><Arn>a</Arn><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>"
           "<RolePolicyList><member><PolicyName>in</PolicyName><PolicyDocument>%7B%7D</PolicyDocument></member>"
           "</RolePolicyList></member></RoleDetailList><Policies><member><PolicyName>m</PolicyName><Arn>pa</Arn>"
           "<DefaultVersionId>v2</DefaultVersionId><PolicyVersionList><member><Document>%7B%7D</Document><VersionId>v2"
           "</VersionId><IsDefaultVersion>true</IsDefaultVersion></member></PolicyVersionList></member></Policies>" +
           more + "</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>";
  };
  transport_.Answer(page("one", "<IsTruncated>true</IsTruncated><Marker>M</Marker>"));
  transport_.Answer(page("two", "<IsTruncated>false</IsTruncated>"));
  const auto account = aws_.Call(iam::GetAccountAuthorizationDetails{.filter = {"Role", "LocalManagedPolicy"}});
  ASSERT_TRUE(account.ok()) << account.error().ToText();
  ASSERT_EQ(account->roles.size(), 2U);
  EXPECT_EQ(account->roles[1].role.name, "two");
  EXPECT_EQ(account->roles[0].inline_policies.at(0).document, "{}");
  EXPECT_EQ(account->policies.size(), 2U);
  EXPECT_TRUE(account->policies[0].versions.at(0).is_default);
  EXPECT_THAT(Sent().body, HasSubstr("&Filter.member.2=LocalManagedPolicy&Marker=M"));
}

TEST_F(ApiTest, S3ReadsLocationsAsRegions) {
  for (const auto& [body, region] : std::vector<std::pair<std::string, std::string>>{
           {"<LocationConstraint xmlns=\"u\"/>", "us-east-1"},
           {"<LocationConstraint>EU</LocationConstraint>", "eu-west-1"},
           {"<LocationConstraint>cn-north-1</LocationConstraint>", "cn-north-1"}}) {
    transport_.Answer(body);
    EXPECT_EQ(aws_.Call(s3::GetBucketLocation{.bucket = "logs"})->region, region);
  }
  EXPECT_EQ(Sent().bucket, "logs");
  EXPECT_EQ(Sent().path, "/");
  EXPECT_EQ(Sent().query, "location");
}

TEST_F(ApiTest, S3ReadsGrants) {
  transport_.Answer(R"(<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList>
    <Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">
      <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>
    <Grant><Grantee><ID>o</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>)");
  const auto acl = aws_.Call(s3::GetBucketAcl{.bucket = "logs"});
  ASSERT_TRUE(acl.ok()) << acl.error().ToText();
  EXPECT_EQ(acl->owner_id, "o");
  ASSERT_EQ(acl->grants.size(), 2U);
  EXPECT_EQ(acl->grants[0].uri, "http://acs.amazonaws.com/groups/global/AllUsers");
  EXPECT_EQ(acl->grants[1].id, "o");
}

TEST_F(ApiTest, S3ReadsRulesThatStandSideBySide) {
  transport_.Answer(
      "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>");
  const auto controls = aws_.Call(s3::GetBucketOwnershipControls{.bucket = "logs"});
  ASSERT_TRUE(controls.ok());
  ASSERT_EQ(controls->rules.size(), 1U);
  EXPECT_EQ(controls->rules[0].ownership, "BucketOwnerEnforced");
}

TEST_F(ApiTest, S3ControlSendsTheAccountTwice) {
  transport_.Answer("<ListAccessPointsResult><AccessPointList/></ListAccessPointsResult>");
  ASSERT_TRUE(aws_.Call(s3control::ListAccessPoints{.account = "111122223333", .bucket = "logs"}).ok());
  EXPECT_EQ(Sent().host_account, "111122223333");
  EXPECT_THAT(Sent().headers, Contains(Pair("x-amz-account-id", "111122223333")));
  EXPECT_EQ(Sent().query, "bucket=logs");
}

TEST_F(ApiTest, GuarddutyPutsTheDetectorIntoThePath) {
  transport_.Answer(R"({"findings":[{"id":"f"}]})");
  ASSERT_TRUE(aws_.Call(guardduty::GetFindings{.detector = "d1", .ids = {"f"}}).ok());
  EXPECT_EQ(Sent().path, "/detector/d1/findings/get");
  EXPECT_EQ(Sent().body, R"({"findingIds":["f"]})");
}

TEST_F(ApiTest, CloudfrontEncodesAnArnInThePath) {
  transport_.Answer("<DistributionList><IsTruncated>false</IsTruncated><Quantity>0</Quantity></DistributionList>");
  ASSERT_TRUE(aws_.Call(cloudfront::ListDistributionsByWebACLId{.web_acl_id = "arn:aws:wafv2:us-east-1:1:g/w"}).ok());
  EXPECT_EQ(Sent().path, "/2020-05-31/distributionsByWebACLId/arn%3Aaws%3Awafv2%3Aus-east-1%3A1%3Ag%2Fw");
}

constexpr const char* kWebAcl =
    R"({"Name":"edge","Id":"id-1","ARN":"arn:x","DefaultAction":{"Allow":{}},"Description":"",)"
    R"("Rules":[{"Name":"old","Priority":0,"NewMember":{"x":1}}],"VisibilityConfig":{"MetricName":"m"},)"
    R"("Capacity":5,"ManagedByFirewallManager":false,"LabelNamespace":"l","RetrofittedByFirewallManager":false,)"
    R"("BrandNewConfig":{"a":[1,2]},"TokenDomains":["d"]})";

TEST_F(ApiTest, Wafv2UpdatesAWholeWebAclWithMembersItDoesNotKnow) {
  transport_.Answer(std::string(R"({"WebACL":)") + kWebAcl + R"(,"LockToken":"L1"})");
  const auto read = aws_.Call(wafv2::GetWebACL{.name = "edge", .scope = "REGIONAL", .id = "id-1"});
  ASSERT_TRUE(read.ok());
  const auto update = wafv2::Replacement(*read, "REGIONAL", *Json::Parse(R"([{"Name":"new"}])"));
  ASSERT_TRUE(update.ok()) << update.error().ToText();
  transport_.Answer(R"({"NextLockToken":"L2"})");
  ASSERT_TRUE(aws_.Call(*update).ok());
  EXPECT_EQ(Sent().body,
            R"({"Scope":"REGIONAL","LockToken":"L1","Name":"edge","Id":"id-1","DefaultAction":{"Allow":{}},)"
            R"("VisibilityConfig":{"MetricName":"m"},"BrandNewConfig":{"a":[1,2]},"TokenDomains":["d"],)"
            R"("Rules":[{"Name":"new"}]})");
}

TEST_F(ApiTest, Wafv2AsksForOnePageOfWhatIsGlobalInTheGlobalRegion) {
  transport_.Answer(R"({"WebACLs":[]})");
  ASSERT_TRUE(aws_.Page(wafv2::ListWebACLs{.scope = "CLOUDFRONT"}).ok());
  EXPECT_EQ(Sent().place.region, "us-east-1");
}

TEST_F(ApiTest, Wafv2DoesNotTouchWhatItShouldNot) {
  wafv2::GetWebACLAnswer read;
  read.lock_token = "L";
  read.web_acl = *Json::Parse(R"({"Name":"fms","ManagedByFirewallManager":true})");
  const auto managed = wafv2::Replacement(read, "REGIONAL", {});
  ASSERT_FALSE(managed.ok());
  EXPECT_EQ(managed.error().code, ErrorCode::kRefused);
  EXPECT_EQ(managed.error().message, "the web ACL `fms` belongs to Firewall Manager");
  read.web_acl = *Json::Parse(R"({"Name":"n","Id":"i","DefaultAction":{}})");
  EXPECT_EQ(wafv2::Replacement(read, "REGIONAL", {}).error().message,
            "the web ACL that was read lacks `VisibilityConfig`");
}

TEST_F(ApiTest, Elbv2TakesGroupsFromBothFormsOfAForward) {
  transport_.Answer(
      "<DescribeRulesResponse><DescribeRulesResult><Rules><member><RuleArn>r</RuleArn><Actions>"
      "<member><Type>forward</Type><TargetGroupArn>a</TargetGroupArn></member>"
      "<member><Type>forward</Type><TargetGroupArn>a</TargetGroupArn><ForwardConfig><TargetGroups>"
      "<member><TargetGroupArn>a</TargetGroupArn></member><member><TargetGroupArn>b</TargetGroupArn></member>"
      "</TargetGroups></ForwardConfig></member></Actions></member></Rules></DescribeRulesResult></"
      "DescribeRulesResponse>");
  const auto rules = aws_.Call(elbv2::DescribeRules{.listener_arn = "l"});
  ASSERT_TRUE(rules.ok()) << rules.error().ToText();
  EXPECT_THAT(rules->rules.at(0).actions.at(0).target_groups, ElementsAre("a"));
  EXPECT_THAT(rules->rules[0].actions.at(1).target_groups, ElementsAre("a", "b"));
}

TEST_F(ApiTest, SnsNumbersItsAttributes) {
  transport_.Answer("<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
  sns::Publish publish{.topic_arn = "t", .message = "hello"};
  publish.attributes["kind"] = {"String", "x y"};
  publish.attributes["level"] = {"Number", "1"};
  ASSERT_TRUE(aws_.Call(publish).ok());
  EXPECT_EQ(Sent().body,
            "Action=Publish&Version=2010-03-31&TopicArn=t&Message=hello&MessageAttributes.entry.1.Name=kind"
            "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x%20y"
            "&MessageAttributes.entry.2.Name=level&MessageAttributes.entry.2.Value.DataType=Number"
            "&MessageAttributes.entry.2.Value.StringValue=1");
}

TEST_F(ApiTest, SqsSendsAZeroAndReadsAnEmptyQueue) {
  transport_.Answer(R"({"Successful":[{"Id":"1"}]})");
  ASSERT_TRUE(aws_.Call(sqs::ChangeMessageVisibilityBatch{"q", {{"1", "h", 0}}}).ok());
  EXPECT_EQ(Sent().body, R"({"QueueUrl":"q","Entries":[{"Id":"1","ReceiptHandle":"h","VisibilityTimeout":0}]})");
  transport_.Answer("{}");
  EXPECT_TRUE(aws_.Call(sqs::ReceiveMessage{.queue_url = "q"})->messages.empty());
  transport_.Answer(
      R"({"Successful":[{"Id":"1"}],"Failed":[{"Id":"2","Code":"ReceiptHandleIsInvalid","SenderFault":true}]})");
  const auto deleted = aws_.Call(sqs::DeleteMessageBatch{"q", {{"1", "a"}, {"2", "b"}}});
  EXPECT_EQ(deleted->failed.at(0).code, "ReceiptHandleIsInvalid");
}

TEST_F(ApiTest, ConfigSendsTimesAsEpochSeconds) {
  transport_.Answer(R"({"FailedEvaluations":[]})");
  config_service::Evaluation evaluation{"AWS::EC2::Instance", "i-1", "COMPLIANT", "",
                                        FromEpochMilliseconds(1'764'000'000'000)};
  ASSERT_TRUE(aws_.Call(config_service::PutEvaluations{{evaluation}, "token"}).ok());
  EXPECT_THAT(Sent().body, HasSubstr(R"("OrderingTimestamp":1764000000)"));
}

TEST_F(ApiTest, SecretsStaySecret) {
  const auto answer = [](const std::string& key) {
    return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>hunter2"
           "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
           key + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
  };
  const sts::AssumeRole ask{.role_arn = "arn:aws:iam::111122223333:role/r", .session_name = "s"};
  transport_.Answer(answer("2026-11-24T00:00:00Z"));
  EXPECT_EQ(aws_.Call(ask)->credentials.secret_access_key.RevealForRequest(), "hunter2");
  transport_.Answer(answer("hunter2 never"));
  EXPECT_THAT(aws_.Call(ask).error().message, Not(HasSubstr("SecretAccessKey")));
}

}  // namespace
}  // namespace sallyport::aws
