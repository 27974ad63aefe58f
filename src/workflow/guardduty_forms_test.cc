// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/parse.h"
#include "workflow/guardduty_finding.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kFormsInstance = "i-0123456789abcdef0";

// What boto3 prints of a finding.
std::string ApiFinding() {
  return R"({"SchemaVersion":"2.0","AccountId":"111122223333","Region":"us-east-1","Partition":"aws","Id":"f1",)"
         R"("Arn":"arn:aws:guardduty:us-east-1:111122223333:detector/d/finding/f1",)"
         R"("Type":"UnauthorizedAccess:EC2/SSHBruteForce","Severity":8,"Title":"t","UpdatedAt":"2026-11-28T00:00:00Z",)"
         R"("Resource":{"ResourceType":"Instance","InstanceDetails":{"InstanceId":")" +
         std::string(kFormsInstance) +
         R"(","Tags":[{"Key":"Name","Value":"web-01"}]}},"Service":{"Archived":false,"Count":3,"ResourceRole":"TARGET"}})";
}

// The same as Security Hub carries it.
std::string HubFinding(const std::string& type, const std::string& state = "ACTIVE") {
  return R"({"SchemaVersion":"2018-10-08","Id":"arn:aws:guardduty:us-east-1:111122223333:detector/d/finding/f1",)"
         R"("ProductArn":"arn:aws:securityhub:us-east-1::product/aws/guardduty","AwsAccountId":"111122223333",)"
         R"("Region":"us-east-1","Types":[")" +
         type +
         R"("],"Severity":{"Product":5,"Normalized":50},"Title":"t","CreatedAt":"2026-11-28T00:00:00Z",)"
         R"("UpdatedAt":"2026-11-28T00:10:00Z","ProductFields":{"aws/guardduty/service/count":"108",)"
         R"("aws/guardduty/service/archived":"false","aws/guardduty/service/resourceRole":"ACTOR"},)"
         R"("Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:us-east-1:111122223333:instance/)" +
         std::string(kFormsInstance) + R"(","Tags":{"Team":"shop"}}],"RecordState":")" + state + "\"}";
}

Result<GuardDutyFinding> FindingIn(const std::string& text) {
  const auto arrivals = ParseInput(text, "in", ProductTables().Forms());
  EXPECT_THAT(arrivals, SizeIs(1));
  if (!arrivals[0].event.ok()) return arrivals[0].event.error();
  EXPECT_EQ(arrivals[0].event->source, kGuardDutySource);
  return ReadGuardDutyFinding(*arrivals[0].event);
}

TEST(GuardDutyApiForm, IsReadLikeAnEvent) {
  for (const std::string& text : {ApiFinding(), R"({"Findings":[)" + ApiFinding() + "]}"}) {
    const auto finding = FindingIn(text);
    ASSERT_TRUE(finding.ok()) << finding.error().message;
    EXPECT_EQ(finding->type, "UnauthorizedAccess:EC2/SSHBruteForce");
    EXPECT_EQ(finding->count, 3);
    ASSERT_THAT(finding->hosts, SizeIs(1));
    EXPECT_EQ(finding->hosts[0].instance.value, kFormsInstance);
    EXPECT_EQ(finding->hosts[0].name, "web-01");
  }
}

TEST(GuardDutyApiForm, IsReadInAWholeEnvelopeToo) {
  const auto finding = FindingIn(
      R"({"version":"0","id":"e","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333",)"
      R"("time":"2026-11-28T00:00:00Z","region":"us-east-1","resources":[],"detail":)" +
      ApiFinding() + "}");
  ASSERT_TRUE(finding.ok()) << finding.error().message;
  EXPECT_THAT(finding->hosts, SizeIs(1));
}

TEST(GuardDutyApiForm, ANameInBothSpellingsIsDamage) {
  const auto finding = FindingIn(
      R"({"Type":"Recon:EC2/Portscan","Arn":"a","arn":"b","Service":{},"Resource":{},"Severity":5,"Id":"f"})");
  EXPECT_FALSE(finding.ok());
}

TEST(GuardDutyHubForm, IsReadToTheOriginalFinding) {
  const auto finding = FindingIn(HubFinding("TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS"));
  ASSERT_TRUE(finding.ok()) << finding.error().message;
  EXPECT_EQ(finding->id, "f1");
  EXPECT_EQ(finding->type, "Backdoor:EC2/C&CActivity.B!DNS");
  EXPECT_EQ(finding->severity, 5);
  EXPECT_EQ(finding->count, 108);
  EXPECT_EQ(finding->role, ResourceRole::kActor);
  EXPECT_FALSE(finding->archived);
  EXPECT_FALSE(finding->sample);
  ASSERT_THAT(finding->hosts, SizeIs(1));
  EXPECT_EQ(finding->hosts[0].instance.value, kFormsInstance);
  EXPECT_THAT(finding->hosts[0].tags.value(), ElementsAre(Tag{"Team", "shop"}));
}

TEST(GuardDutyHubForm, AFindingAboutAnAccessKeyIsNotAboutTheInstanceOfItsCaller) {
  const auto finding = FindingIn(HubFinding("Unusual Behaviors/User/Persistence:IAMUser-NetworkPermissions"));
  ASSERT_TRUE(finding.ok()) << finding.error().message;
  EXPECT_EQ(finding->type, "Persistence:IAMUser/NetworkPermissions");
  EXPECT_THAT(finding->hosts, SizeIs(0));
  EXPECT_NE(finding->no_host_reason, "");
}

TEST(GuardDutyHubForm, AnArchivedRecordIsAnArchivedFinding) {
  EXPECT_TRUE(FindingIn(HubFinding("TTPs/Discovery/Recon:EC2-Portscan", "ARCHIVED"))->archived);
}

TEST(GuardDutyHubForm, InAnEventOfAnotherAccountTheEnvelopeSaysWhoDeliveredIt) {
  const auto arrivals = ParseInput(
      R"({"id":"h","source":"aws.securityhub","detail-type":"Security Hub Findings - Imported","account":"444455556666",)"
      R"("region":"us-east-1","detail":{"findings":[)" +
          HubFinding("TTPs/Discovery/Recon:EC2-Portscan") + "]}}",
      "in", ProductTables().Forms());
  ASSERT_THAT(arrivals, SizeIs(1));
  EXPECT_EQ(arrivals[0].event->account, "444455556666");
  EXPECT_EQ(ReadGuardDutyFinding(*arrivals[0].event)->account, "111122223333");
}

TEST(GuardDutyBareForm, AFindingWithoutResourceIsKnownByItsArn) {
  const auto finding =
      FindingIn(R"({"schemaVersion":"2.0","accountId":"111122223333","region":"us-east-1","id":"f",)"
                R"("arn":"arn:aws:guardduty:us-east-1:111122223333:detector/d/finding/f","severity":8,)"
                R"("type":"PrivilegeEscalation:IAMUser/AdministrativePermissions","service":{"count":1}})");
  ASSERT_TRUE(finding.ok()) << finding.error().message;
  EXPECT_THAT(finding->no_host_reason, HasSubstr("resource"));
}

TEST(MacieBareForm, IsReadFromAList) {
  const auto arrivals =
      ParseInput(R"({"findings":[{"id":"m1","type":"SensitiveData:S3Object/Personal","category":"CLASSIFICATION",)"
                 R"("accountId":"111122223333","region":"us-east-1","severity":{"score":3},)"
                 R"("resourcesAffected":{"s3Bucket":{"name":"example-customers"}}}]})",
                 "in", ProductTables().Forms());
  ASSERT_THAT(arrivals, SizeIs(1));
  ASSERT_TRUE(arrivals[0].event.ok());
  EXPECT_EQ(arrivals[0].event->source, "aws.macie");
}

}  // namespace
}  // namespace sallyport
