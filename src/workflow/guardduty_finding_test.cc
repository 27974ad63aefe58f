// SPDX-License-Identifier: Apache-2.0
//
// The finding as a whole: this repository's own events in tests/events/guardduty, and the errors.
#include "workflow/guardduty_finding.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/test_files.h"
#include "event/parse.h"

namespace sallyport {
namespace {

Result<GuardDutyFinding> Read(std::string_view text) {
  const std::vector<Arrival> arrivals = ParseDocument(text, "test", {GuardDutyBareForm()});
  EXPECT_EQ(arrivals.size(), 1U);
  if (!arrivals.at(0).event.ok()) return arrivals[0].event.error();
  return ReadGuardDutyFinding(*arrivals[0].event);
}

Result<GuardDutyFinding> ReadOwn(const std::string& name) {
  return Read(ReadFile(std::filesystem::path(SALLYPORT_SOURCE_DIR) / "tests/events/guardduty" / (name + ".json")));
}

// The finding in one line: what the workflow decides by.
std::string Summary(const Result<GuardDutyFinding>& finding) {
  if (!finding.ok()) return "error: " + finding.error().message;
  std::string line;
  for (const AffectedHost& host : finding->hosts) line += host.instance.value + " ";
  if (finding->hosts.empty()) line += finding->no_host_reason + " ";
  if (finding->role != ResourceRole::kUnknown) line += finding->role == ResourceRole::kActor ? "ACTOR" : "TARGET";
  if (finding->sample) line += " sample";
  if (finding->archived) line += " archived";
  return line;
}

std::map<std::string, std::string> SummariesOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> summaries;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    summaries[entry.path().stem().string()] = Summary(Read(ReadFile(entry.path())));
  }
  return summaries;
}

// Tells the first difference by name.
void ExpectSame(const std::map<std::string, std::string>& got, const std::map<std::string, std::string>& want) {
  for (const auto& [name, summary] : got) {
    if (want.contains(name)) {
      EXPECT_EQ(summary, want.at(name)) << name;
    } else {
      ADD_FAILURE() << "{\"" << name << "\", R\"(" << summary << ")\"},";
    }
  }
  EXPECT_EQ(got.size(), want.size());
}

TEST(GuardDutyFinding, EveryEventOfThisRepositoryReadsAsItShould) {
  ExpectSame(
      SummariesOf(std::filesystem::path(SALLYPORT_SOURCE_DIR) / "tests/events/guardduty"),
      {
          {"attack-sequence-no-host", R"(the attack sequence names no EC2 instance ACTOR)"},
          {"attack-sequence-two-accounts", R"(i-0a1b2c3d4e5f60718 i-0ffffffffffffff01 ACTOR)"},
          {"bare-finding", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"container-malicious-file",
           R"(the finding is about a container and does not name the instance that it runs on TARGET)"},
          {"ec2-china", R"(i-0a1b2c3d4e5f60718 ACTOR)"},
          {"ec2-of-a-member-account", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"ec2-port-sweep-actor", R"(i-0ffffffffffffff01 ACTOR)"},
          {"ec2-runtime-terminated-archived", R"(i-0a1b2c3d4e5f60718 ACTOR archived)"},
          {"ec2-sample-new-form", R"(i-0a1b2c3d4e5f60718 TARGET sample)"},
          {"ec2-sample-old-form", R"(i-99999999 TARGET sample)"},
          {"ec2-sample-text-true", R"(i-0a1b2c3d4e5f60718 TARGET sample)"},
          {"ec2-sample-title-only", R"(i-0a1b2c3d4e5f60718 TARGET sample)"},
          {"ec2-sparse", R"(i-0a1b2c3d4e5f60718 )"},
          {"ec2-ssh-brute-force", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"ec2-two-interfaces-no-tags", R"(i-0a1b2c3d4e5f60718 ACTOR)"},
          {"ecs-container-instance", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"ecs-ec2-host-not-named",
           R"(the ECS task runs on an ECS container instance that the finding does not name TARGET)"},
          {"ecs-fargate", R"(the ECS task runs on Fargate: there is no EC2 instance that could run an agent ACTOR)"},
          {"ecs-launch-type-unknown",
           R"(the finding names neither the instance that the ECS task runs on nor whether it runs on one (launch type) TARGET)"},
          {"eks-api-call",
           R"(the finding is about an EKS cluster and does not name the node (EC2 instance) that it happened on )"},
          {"eks-runtime-node", R"(i-0a1b2c3d4e5f60718 ACTOR)"},
          {"iam-instance-credentials-outside", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"iam-instance-credentials-unnamed",
           R"(the credentials belong to an instance role, and detail.resource.accessKeyDetails.principalId does not name the instance: `GeneratedFindingPrincipalId` TARGET)"},
          {"iam-key-with-instance-details",
           R"(the finding is about the access key of `build`: credentials, not a host TARGET)"},
          {"lambda-tor", R"(the finding is about a Lambda function, not a host that can run an agent TARGET)"},
          {"partial-envelope", R"(i-0a1b2c3d4e5f60718 TARGET)"},
          {"rds-failed-login", R"(the finding is about an RDS database, not a host that can run an agent TARGET)"},
          {"s3-with-instance-details", R"(the finding is about an S3 bucket, not a host that can run an agent TARGET)"},
          {"unknown-resource-type",
           R"(the finding is about a resource of type `QuantumLedger`, which names no host that this version knows TARGET)"},
      });
}

TEST(GuardDutyFinding, EverySharedSampleReadsAsItShould) {
  const char* shared = std::getenv("SALLYPORT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set: the shared sample events were not read";
  ExpectSame(
      SummariesOf(std::filesystem::path(shared) / "events/guardduty"),
      {
          {"attack-sequence-ec2-instance-group", R"(i-0618726e20846a8dc i-0aaaabbbbccccdddd ACTOR)"},
          {"backdoor-ec2-cc-activity-dns", R"(i-99999999 TARGET sample)"},
          {"backdoor-ec2-cc-minimal", R"(i-0123456789abcdef0  sample)"},
          {"backdoor-ec2-dos-tcp", R"(i-99999999 ACTOR sample)"},
          {"backdoor-ec2-dos-udp", R"(i-99999999 ACTOR sample)"},
          {"bare-finding-canary-ec2", R"(i-05746eb48123455e0 TARGET)"},
          {"bare-finding-iam-recon-archived",
           R"(the finding is about the access key of `GeneratedFindingUserName`: credentials, not a host TARGET sample archived)"},
          {"bare-finding-s3-pentest-archived",
           R"(the finding is about an S3 bucket, not a host that can run an agent TARGET sample archived)"},
          {"china-partition-portscan", R"(i-095aafabdd2d17d30 ACTOR)"},
          {"container-malicious-file",
           R"(the finding is about a container and does not name the instance that it runs on  sample)"},
          {"crypto-currency-bitcointool", R"(i-0e8dfbd8c13eca8ad TARGET)"},
          {"ecs-fargate-runtime-finding",
           R"(the ECS task runs on Fargate: there is no EC2 instance that could run an agent ACTOR)"},
          {"ecs-runtime-privilege-escalation-cgroups",
           R"(the finding names neither the instance that the ECS task runs on nor whether it runs on one (launch type) TARGET sample)"},
          {"eks-kubernetes-exec",
           R"(the finding is about an EKS cluster and does not name the node (EC2 instance) that it happened on )"},
          {"execution-ec2-malicious-file", R"(i-095aafabdd2d17d30 TARGET)"},
          {"execution-ecs-malicious-file-on-container-instance", R"(i-095aafabdd2d17d30 TARGET)"},
          {"iam-stealth-cloudtrail-disabled",
           R"(the finding is about the access key of `abc@abc.com`: credentials, not a host TARGET)"},
          {"iam-unauthorized-tor-ip-caller",
           R"(the finding is about the access key of `GeneratedFindingUserName`: credentials, not a host TARGET sample)"},
          {"impact-ec2-port-sweep", R"(i-095aafabdd2d17d30 ACTOR)"},
          {"mozdef-crypto-currency-bitcointool", R"(i-99999999 TARGET sample)"},
          {"mozdef-iam-tor-ip-caller",
           R"(the finding is about the access key of `GeneratedFindingUserName`: credentials, not a host TARGET sample)"},
          {"mozdef-rdp-brute-force", R"(i-095aafabdd2d17d30 TARGET)"},
          {"mozdef-recon-port-probe", R"(i-0618726e20846a8dc TARGET)"},
          {"multi-eni-rdp-brute-force", R"(i-095aafabdd2d17d30 TARGET)"},
          {"partial-envelope-ssh-brute-force", R"(i-99999999 TARGET sample)"},
          {"rds-failed-login",
           R"(the finding is about an RDS database, not a host that can run an agent TARGET sample)"},
          {"recon-ec2-port-probe", R"(i-0e8dfbd8c13eca8ad TARGET)"},
          {"recon-ec2-portscan", R"(i-0e8dfbd8c13eca8ad ACTOR)"},
          {"runtime-coverage-unhealthy", R"(error: detail.type: expected a string, found nothing)"},
          {"runtime-ec2-crypto-bitcointool", R"(i-095aafabdd2d17d30 ACTOR)"},
          {"s3-unauthorized-tor-ip-caller",
           R"(the finding is about an S3 bucket, not a host that can run an agent TARGET sample)"},
          {"trojan-ec2-dga-domain-request", R"(i-99999999 ACTOR sample)"},
          {"trojan-ec2-dns-data-exfiltration", R"(i-095aafabdd2d17d30 ACTOR)"},
          {"unauthorized-access-ec2-instance-role-exfil-iam", R"(i-0618726e20846a8dc TARGET)"},
          {"unauthorized-access-ec2-malicious-ip-caller-custom", R"(i-0e8dfbd8c13eca8ad TARGET)"},
          {"unauthorized-access-ec2-rdp-brute-force", R"(i-0bc12345678910 TARGET)"},
          {"unauthorized-access-ec2-ssh-brute-force", R"(i-08eb5518ab527d5aa TARGET)"},
          {"unauthorized-access-ec2-tor-client", R"(i-99999999 TARGET sample)"},
      });
}

TEST(GuardDutyFinding, ReadsEveryMember) {
  const Result<GuardDutyFinding> finding = ReadOwn("ec2-ssh-brute-force");
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->id, "00000000000000000000000000abc001");
  EXPECT_EQ(
      finding->arn,
      "arn:aws:guardduty:eu-west-1:111122223333:detector/d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0/finding/" + finding->id);
  EXPECT_EQ(finding->type, "UnauthorizedAccess:EC2/SSHBruteForce");
  EXPECT_EQ(finding->title, "A finding of type UnauthorizedAccess:EC2/SSHBruteForce.");
  EXPECT_EQ(finding->description, "Invented for a test.");
  EXPECT_EQ(finding->account, "111122223333");
  EXPECT_EQ(finding->region, "eu-west-1");
  EXPECT_EQ(finding->partition, "aws");
  EXPECT_EQ(finding->severity, 2);
  EXPECT_EQ(FormatTime(finding->created_at.value()), "2026-11-20T10:05:00Z");
  EXPECT_EQ(FormatTime(finding->updated_at.value()), "2026-11-20T10:31:00Z");
  EXPECT_EQ(FormatTime(finding->first_seen.value()), "2026-11-20T10:00:00Z");
  EXPECT_EQ(FormatTime(finding->last_seen.value()), "2026-11-20T10:20:00.500Z");
  EXPECT_EQ(finding->count, 57);
  EXPECT_FALSE(finding->archived);
  EXPECT_FALSE(finding->sample);
  EXPECT_EQ(finding->role, ResourceRole::kTarget);
  EXPECT_EQ(finding->resource_type, "Instance");
  EXPECT_EQ(finding->notes, std::vector<std::string>());
}

TEST(GuardDutyFinding, WhatASparseFindingLeavesOutComesFromItsEnvelopeOrIsUnknown) {
  const Result<GuardDutyFinding> finding = ReadOwn("ec2-sparse");
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->account, "111122223333");
  EXPECT_EQ(finding->region, "eu-west-1");
  EXPECT_EQ(finding->partition, "aws");
  EXPECT_EQ(finding->severity, 8.7);
  EXPECT_EQ(finding->count, 1);
  EXPECT_EQ(finding->role, ResourceRole::kUnknown);
  EXPECT_FALSE(finding->created_at.has_value());
  EXPECT_FALSE(finding->hosts.at(0).tags.has_value());
}

TEST(GuardDutyFinding, SaysThatNoAccountIsNamed) {
  const Result<GuardDutyFinding> finding = ReadOwn("partial-envelope");
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->account, "");
  EXPECT_EQ(finding->region, "eu-west-1");
  EXPECT_EQ(finding->notes, std::vector<std::string>{"neither the finding nor its envelope names an account"});
}

TEST(GuardDutyFinding, TheFindingsOwnAccountCountsAndNotTheAdministratorsEnvelope) {
  EXPECT_EQ(ReadOwn("ec2-of-a-member-account")->account, "444455556666");
  EXPECT_EQ(ReadOwn("ec2-of-a-member-account")->hosts.at(0).account, "444455556666");
}

// A finding with these members besides the least that must be there.
std::string With(const std::string& members, const std::string& severity = "5") {
  // No name may stand twice.
  const char* id = members.starts_with(R"("id":)") ? "" : R"("id":"f1",)";
  const char* type = members.starts_with(R"("type":)") ? "" : R"("type":"Recon:EC2/Portscan",)";
  return R"({"detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333","region":"eu-west-1",)"
         R"("detail":{)" +
         std::string(id) + type + R"("severity":)" + severity + (members.empty() ? "" : ",") + members + "}}";
}

TEST(GuardDutyFinding, PartitionComesFromTheArnOrTheRegionWhenItIsNotSaid) {
  EXPECT_EQ(Read(With(""))->partition, "aws");
  EXPECT_EQ(Read(With(R"("arn":"arn:aws-us-gov:guardduty:x")"))->partition, "aws-us-gov");
  EXPECT_EQ(Read(With(R"("arn":"arn:")"))->partition, "aws");
  EXPECT_EQ(Read(With(R"("region":"cn-north-1")"))->partition, "aws-cn");
  EXPECT_EQ(Read(With(R"("region":"us-gov-west-1")"))->partition, "aws-us-gov");
  EXPECT_EQ(Read(With(R"("partition":"aws-iso","region":"cn-north-1")"))->partition, "aws-iso");
}

TEST(GuardDutyFinding, NullCountsAsAbsentAndUnknownMembersAreSkipped) {
  const Result<GuardDutyFinding> finding = Read(With(
      R"("accountId":null,"region":null,"title":null,"updatedAt":null,"laun  chTime":[],"resource":null,)"
      R"("service":{"count":null,"archived":null,"resourceRole":null,"additionalInfo":null,"eventFirstSeen":null})"));
  ASSERT_TRUE(finding.ok()) << finding.error().message;
  EXPECT_EQ(finding->account, "111122223333");
  EXPECT_EQ(finding->no_host_reason, "the finding does not say what it is about (resource.resourceType)");
}

TEST(GuardDutyFinding, SeverityIsFromZeroToTen) {
  for (const char* good : {"0", "10", "3.9", "1e0"}) EXPECT_TRUE(Read(With("", good)).ok()) << good;
  EXPECT_EQ(Read(With("", "10.1")).error().message, "detail.severity: expected a number from 0 to 10, found 1.01E1");
  EXPECT_EQ(Read(With("", "-1")).error().message, "detail.severity: expected a number from 0 to 10, found -1");
  EXPECT_EQ(Read(With("", "\"8\"")).error().message, "detail.severity: expected a number, found a string");
  EXPECT_EQ(Read(With("", "null")).error().message, "detail.severity: expected a number, found null");
}

TEST(GuardDutyFinding, ErrorsNameThePath) {
  struct Case {
    std::string members;
    std::string_view want;
  };
  const Case cases[] = {
      {R"("type":"")", "detail.type: expected text, found an empty string"},
      {R"("type":null)", "detail.type: expected a string, found null"},
      {R"("id":"")", "detail.id: expected text, found an empty string"},
      {R"("id":7)", "detail.id: expected a string, found a number"},
      {R"("arn":7)", "detail.arn: expected a string, found a number"},
      {R"("title":7)", "detail.title: expected a string, found a number"},
      {R"("description":{})", "detail.description: expected a string, found an object"},
      {R"("partition":7)", "detail.partition: expected a string, found a number"},
      {R"("accountId":111122223333)", "detail.accountId: expected a string, found a number"},
      {R"("accountId":"1234\n")", "detail.accountId: `1234\\x0a` is not an AWS account id"},
      {R"("region":"Mars")", "detail.region: `Mars` is not an AWS region"},
      {R"("updatedAt":7)", "detail.updatedAt: expected a string, found a number"},
      {R"("createdAt":[])", "detail.createdAt: expected a string, found an array"},
      {R"("service":7)", "detail.service: expected an object, found a number"},
      {R"("service":{"archived":"maybe"})", "detail.service.archived: expected true or false, found a string"},
      {R"("service":{"count":1.5})", "detail.service.count: expected a whole number, found a number"},
      {R"("service":{"resourceRole":7})", "detail.service.resourceRole: expected a string, found a number"},
      {R"("service":{"eventFirstSeen":7})", "detail.service.eventFirstSeen: expected a string, found a number"},
      {R"("service":{"eventLastSeen":7})", "detail.service.eventLastSeen: expected a string, found a number"},
      {R"("resource":7)", "detail.resource: expected an object, found a number"},
      {R"("resource":{"resourceType":7})", "detail.resource.resourceType: expected a string, found a number"},
  };
  for (const Case& c : cases) {
    const Result<GuardDutyFinding> finding = Read(With(c.members));
    ASSERT_FALSE(finding.ok()) << c.members;
    EXPECT_EQ(finding.error().message, c.want);
    EXPECT_EQ(finding.error().code, ErrorCode::kInvalidInput);
  }
  EXPECT_EQ(Read(R"({"detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"seven","detail":)"
                 R"({"id":"f1","type":"t","severity":5}})")
                .error()
                .message,
            "envelope: `seven` is not an AWS account id");
}

TEST(GuardDutyFinding, AnAccountIdThatLostADigitIsNotedAndTheFindingKept) {
  const Result<GuardDutyFinding> finding = Read(With(R"("accountId":"11112222333")"));
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->account, "11112222333");
  EXPECT_EQ(finding->notes, std::vector<std::string>{"the account id `11112222333` does not have twelve digits"});
}

TEST(GuardDutyFinding, ATimeThatCannotBeReadIsNotedAndTheFindingKept) {
  const Result<GuardDutyFinding> finding = Read(With(R"("updatedAt":"Wed Sep 04")"));
  ASSERT_TRUE(finding.ok());
  EXPECT_FALSE(finding->updated_at.has_value());
  EXPECT_EQ(finding->notes, std::vector<std::string>{"detail.updatedAt: `Wed Sep 04` is not a time; left out"});
}

TEST(GuardDutyFinding, ArchivedMayBeWrittenAsText) {
  EXPECT_TRUE(Read(With(R"("service":{"archived":true})"))->archived);
  EXPECT_TRUE(Read(With(R"("service":{"archived":"True"})"))->archived);
  EXPECT_FALSE(Read(With(R"("service":{"archived":"False"})"))->archived);
}

TEST(GuardDutyFinding, AdditionalInfoOfAnyFormIsNoError) {
  for (const char* info :
       {"7", "[]", R"({"value":7})", R"({"sample":7})", R"({"value":""})", R"({"value":"[]"})", R"({"sample":"no"})"}) {
    const Result<GuardDutyFinding> finding = Read(With(R"("service":{"additionalInfo":)" + std::string(info) + "}"));
    ASSERT_TRUE(finding.ok()) << info;
    EXPECT_FALSE(finding->sample) << info;
    EXPECT_EQ(finding->notes.size(), 0U) << info;
  }
  EXPECT_TRUE(Read(With(R"("service":{"additionalInfo":{"value":{"sample":true}}})"))->sample);
  EXPECT_EQ(Read(With(R"("service":{"additionalInfo":{"value":"{\"samp"}})"))->notes,
            std::vector<std::string>{
                "detail.service.additionalInfo.value: not JSON, so it does not say whether this is a sample finding"});
}

// A finding without its envelope, as a transformed target input delivers it.
constexpr std::string_view kBare =
    R"({"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","id":"f1","type":"Recon:EC2/Portscan",)"
    R"("resource":{},"service":{},"severity":5,"updatedAt":"2026-11-24T03:00:00.000Z"})";

TEST(GuardDutyBareForm, IsGivenTheEnvelopeThatGuardDutyWouldHaveGivenIt) {
  const auto event = ParseDocument(kBare, "test", {GuardDutyBareForm()}).at(0).event;
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->source, "aws.guardduty");
  EXPECT_EQ(event->detail_type, "GuardDuty Finding");
  EXPECT_EQ(event->account, "111122223333");
  EXPECT_EQ(event->region, "eu-west-1");
  EXPECT_EQ(FormatTime(event->time.value()), "2026-11-24T03:00:00Z");
  EXPECT_EQ(event->id, "");
  EXPECT_EQ(event->detail.ToText(), kBare);
}

TEST(GuardDutyBareForm, IsToldByTheMembersThatOnlyAFindingHasTogether) {
  const BareForm form = GuardDutyBareForm();
  EXPECT_TRUE(form.is(Json::Parse(kBare).value()));
  for (const char* other : {R"({"type":"t","resource":{}})", R"({"type":"t","service":{}})",
                            R"({"resource":{},"service":{}})", R"({"type":null,"resource":{},"service":{}})", "7"}) {
    EXPECT_FALSE(form.is(Json::Parse(other).value())) << other;
  }
}

TEST(GuardDutyBareForm, ErrorsNameThePath) {
  const auto event =
      ParseDocument(R"({"type":"x","resource":{},"service":{},"accountId":5})", "", {GuardDutyBareForm()}).at(0).event;
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(event.error().message, "accountId: expected a string, found a number");
}

}  // namespace
}  // namespace sallyport
