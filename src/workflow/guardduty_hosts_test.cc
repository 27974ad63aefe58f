// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_hosts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/bounds.h"
#include "event/parse.h"

namespace sallyport {
namespace {

using Texts = std::vector<std::string>;
constexpr const char* kEventInstance = "i-0a1b2c3d4e5f60718";

GuardDutyFinding OwnFinding(const std::string& name) {
  std::ifstream file(std::filesystem::path(SALLYPORT_SOURCE_DIR) / "tests/events/guardduty" / (name + ".json"));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::vector<Arrival> arrivals = ParseDocument(text, name, {GuardDutyBareForm()});
  EXPECT_TRUE(arrivals.at(0).event.ok()) << name;
  const Result<GuardDutyFinding> finding = ReadGuardDutyFinding(*arrivals[0].event);
  EXPECT_TRUE(finding.ok()) << (finding.ok() ? "" : finding.error().message);
  return finding.value_or({});
}

// A finding with this resource and service.
Result<GuardDutyFinding> ReadResource(const std::string& resource, const std::string& service = "{}",
                                      const std::string& type = "Recon:EC2/Portscan") {
  const std::string text =
      R"({"detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333","region":"eu-west-1",)"
      R"("detail":{"id":"f1","severity":5,"type":")" +
      type + R"(","resource":)" + resource + R"(,"service":)" + service + "}}";
  const std::vector<Arrival> arrivals = ParseDocument(text, "test", {GuardDutyBareForm()});
  if (!arrivals.at(0).event.ok()) return arrivals[0].event.error();
  return ReadGuardDutyFinding(*arrivals[0].event);
}
std::string Sequence(const std::string& resources) {
  return R"({"detection":{"sequence":{"resources":[)" + resources + "]}}}";
}

TEST(GuardDutyHosts, ReadsTheInstanceOfAnInstanceFinding) {
  const GuardDutyFinding finding = OwnFinding("ec2-ssh-brute-force");
  ASSERT_EQ(finding.hosts.size(), 1U);
  const AffectedHost& host = finding.hosts[0];
  EXPECT_EQ(host.instance.value, kEventInstance);
  EXPECT_EQ(host.account, "111122223333");
  EXPECT_EQ(host.region, "eu-west-1");
  EXPECT_EQ(host.tags, (std::vector<Tag>{{"Name", "web-7"}, {"aws:autoscaling:groupName", "web-asg"}}));
  EXPECT_EQ(host.state, "running");
  EXPECT_EQ(host.name, "web-7");
  EXPECT_EQ(host.vpc, "vpc-0a0a0a0a0a0a0a0a0");
  EXPECT_EQ(host.public_ip, "203.0.113.7");
  EXPECT_EQ(host.private_ip, "10.20.0.7");
  EXPECT_EQ(host.found_in, "detail.resource.instanceDetails.instanceId");
  EXPECT_EQ(host.launched_by, "web-asg");
  EXPECT_EQ(finding.no_host_reason, "");
}

TEST(GuardDutyHosts, NoTagsAndUnknownTagsAreDifferent) {
  EXPECT_EQ(OwnFinding("ec2-port-sweep-actor").hosts.at(0).tags, std::vector<Tag>());
  EXPECT_EQ(OwnFinding("ec2-two-interfaces-no-tags").hosts.at(0).tags, std::nullopt);
  EXPECT_EQ(ReadResource(R"({"resourceType":"Instance","instanceDetails":{"instanceId":"i-01234567","tags":null}})")
                ->hosts.at(0)
                .tags,
            std::nullopt);
}

TEST(GuardDutyHosts, AddressesComeFromTheFirstInterfaceThatHasThem) {
  const AffectedHost host = OwnFinding("ec2-two-interfaces-no-tags").hosts.at(0);
  EXPECT_EQ(host.vpc, "vpc-0a0a0a0a0a0a0a0a0");
  EXPECT_EQ(host.private_ip, "10.20.0.7");
  EXPECT_EQ(host.public_ip, "203.0.113.7");
}

TEST(GuardDutyHosts, PathsInABareFindingStartAtTheFinding) {
  EXPECT_EQ(OwnFinding("bare-finding").hosts.at(0).found_in, "resource.instanceDetails.instanceId");
}

TEST(GuardDutyHosts, TheResourceTypeDecidesAndNotTheDetailsThatAreThere) {
  EXPECT_EQ(OwnFinding("s3-with-instance-details").beyond_hosts, Texts{"S3 bucket `example-invoices`"});
  EXPECT_EQ(OwnFinding("iam-key-with-instance-details").beyond_hosts, Texts{"access key of `build`"});
  EXPECT_EQ(OwnFinding("rds-failed-login").beyond_hosts, Texts{"RDS database `orders`"});
  EXPECT_EQ(OwnFinding("lambda-tor").beyond_hosts, Texts{"Lambda function `resize`"});
  EXPECT_EQ(ReadResource(R"({"resourceType":"Instance"})")->no_host_reason,
            "the finding is about an EC2 instance and does not name it");
}

TEST(GuardDutyHosts, AnEcsFindingNamesTheContainerInstanceOrSaysWhyNot) {
  const std::string task = "`arn:aws:ecs:eu-west-1:111122223333:task/prod/0123456789abcdef0123456789abcdef`";
  EXPECT_EQ(OwnFinding("ecs-fargate").beyond_hosts, (Texts{"ECS cluster `prod`", "ECS task " + task + " on Fargate"}));
  EXPECT_EQ(OwnFinding("ecs-container-instance").beyond_hosts, (Texts{"ECS cluster `prod`", "ECS task " + task}));
  EXPECT_EQ(OwnFinding("ecs-container-instance").hosts.at(0).found_in, "detail.resource.instanceDetails.instanceId");
  EXPECT_EQ(
      ReadResource(R"({"resourceType":"ECSCluster","ecsClusterDetails":{"name":"c","taskDetails":{"launchType":"EC2",)"
                   R"("containerInstanceArn":"arn:ci"}}})")
          ->beyond_hosts,
      (Texts{"ECS cluster `c`", "ECS task", "ECS container instance `arn:ci`"}));
  EXPECT_EQ(
      ReadResource(R"({"resourceType":"ECSCluster","ecsClusterDetails":{"taskDetails":{"launchType":"EXTERNAL"}}})")
          ->no_host_reason,
      "the ECS task runs on a host outside EC2 (ECS Anywhere) that the finding does not name");
}

TEST(GuardDutyHosts, AnInstanceIdInATitleIsNotRead) {
  EXPECT_TRUE(OwnFinding("ecs-ec2-host-not-named").hosts.empty());
}

TEST(GuardDutyHosts, AnEksFindingKeepsClusterWorkloadAndUser) {
  EXPECT_EQ(OwnFinding("eks-api-call").beyond_hosts,
            (Texts{"EKS cluster `shop`", "Kubernetes workload `default/cart`", "Kubernetes user `system:anonymous`"}));
}

TEST(GuardDutyHosts, AContainerFindingKeepsTheImage) {
  EXPECT_EQ(OwnFinding("container-malicious-file").beyond_hosts, Texts{"container `worker` of image `worker:9`"});
}

TEST(GuardDutyHosts, StolenInstanceCredentialsNameTheirInstance) {
  const GuardDutyFinding finding = OwnFinding("iam-instance-credentials-outside");
  ASSERT_EQ(finding.hosts.size(), 1U);
  EXPECT_EQ(finding.hosts[0].instance.value, kEventInstance);
  EXPECT_EQ(finding.hosts[0].found_in, "detail.resource.accessKeyDetails.principalId");
  EXPECT_EQ(finding.hosts[0].tags, std::nullopt);
  EXPECT_EQ(finding.beyond_hosts, Texts{"access key of `web-role`"});
}

TEST(GuardDutyHosts, DetailsOfAnotherInstanceAreNotTheDetailsOfTheOneWhoseRoleWasUsed) {
  const std::string type = "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS";
  const auto with = [&](const std::string& id) {
    return ReadResource(
        R"({"resourceType":"AccessKey","accessKeyDetails":{"principalId":"AROA:i-01234567"},"instanceDetails":)"
        R"({"instanceId":")" +
            id + R"(","tags":[],"instanceState":"running"}})",
        "{}", type);
  };
  EXPECT_EQ(with("i-01234567")->hosts.at(0).tags, std::vector<Tag>());
  EXPECT_EQ(with("i-01234567")->hosts.at(0).state, "running");
  EXPECT_EQ(with("i-0fffffff")->hosts.at(0).tags, std::nullopt);
  EXPECT_EQ(with("i-0fffffff")->hosts.at(0).instance.value, "i-01234567");
}

TEST(GuardDutyHosts, AnAttackSequenceNamesItsInstancesEachOnceWithTheirOwnAccountAndRegion) {
  const GuardDutyFinding finding = OwnFinding("attack-sequence-two-accounts");
  ASSERT_EQ(finding.hosts.size(), 2U);
  EXPECT_EQ(finding.hosts[0].instance.value, kEventInstance);
  EXPECT_EQ(finding.hosts[0].name, "web-7");
  EXPECT_EQ(finding.hosts[0].tags, std::vector<Tag>());
  EXPECT_EQ(finding.hosts[0].state, "running");
  EXPECT_EQ(finding.hosts[0].found_in, "detail.service.detection.sequence.resources[0].uid");
  EXPECT_EQ(finding.hosts[1].account, "444455556666");
  EXPECT_EQ(finding.hosts[1].region, "eu-central-1");
  EXPECT_EQ(finding.hosts[1].state, "stopped");
  EXPECT_EQ(finding.hosts[1].name, "batch-1");
  EXPECT_EQ(finding.hosts[1].launched_by, "batch");
  EXPECT_EQ(finding.beyond_hosts, Texts{"S3_BUCKET `arn:aws:s3:::example-invoices`"});
}

TEST(GuardDutyHosts, TheSameInstanceIdInAnotherAccountIsAnotherHost) {
  EXPECT_EQ(
      ReadResource("{}", Sequence(R"({"resourceType":"EC2_INSTANCE","uid":"i-01234567"},)"
                                  R"({"resourceType":"EC2_INSTANCE","uid":"i-01234567","accountId":"444455556666"},)"
                                  R"({"resourceType":"EC2_INSTANCE","uid":"i-01234567","region":"us-east-1"},)"
                                  R"({"resourceType":"EC2_INSTANCE","uid":"x/i-01234567"})"))
          ->hosts.size(),
      3U);
}

TEST(GuardDutyHosts, ASampleAttackSequenceIsTold) {
  EXPECT_TRUE(ReadResource("{}", Sequence(R"({"resourceType":"EC2_INSTANCE","uid":"i-99999999"})"))->sample);
}

TEST(GuardDutyHosts, AnUnreadableUidInASequenceCostsOnlyThatHostAndIsTold) {
  const Result<GuardDutyFinding> finding = ReadResource(
      "{}",
      Sequence(
          R"({"resourceType":"EC2_INSTANCE","uid":"server\n1"},{"resourceType":"EC2_INSTANCE","uid":"i-01234567"})"));
  ASSERT_TRUE(finding.ok());
  EXPECT_EQ(finding->hosts.size(), 1U);
  EXPECT_EQ(finding->notes,
            Texts{"detail.service.detection.sequence.resources[0].uid: `server\\x0a1` is not an EC2 instance id"});
  EXPECT_EQ(finding->beyond_hosts, Texts{"EC2_INSTANCE `server\\x0a1`"});
}

TEST(GuardDutyHosts, ErrorsNameThePathAndTheValue) {
  struct Case {
    std::string resource;
    std::string service;
    std::string_view want;
  };
  const auto instance = [](const std::string& details) {
    return R"({"resourceType":"Instance","instanceDetails":)" + details + "}";
  };
  const Case cases[] = {
      {instance("7"), "{}", "detail.resource.instanceDetails: expected an object, found a number"},
      {instance(R"({"instanceId":7})"), "{}",
       "detail.resource.instanceDetails.instanceId: expected a string, found a number"},
      {instance(R"({"instanceId":"i-XYZ\u001b"})"), "{}",
       "detail.resource.instanceDetails.instanceId: `i-XYZ\\x1b` is not an EC2 instance id"},
      {instance(R"({"instanceId":"i-01234567","tags":{}})"), "{}",
       "detail.resource.instanceDetails.tags: expected an array, found an object"},
      {instance(R"({"instanceId":"i-01234567","tags":[{"value":"x"}]})"), "{}",
       "detail.resource.instanceDetails.tags[0].key: expected a string, found nothing"},
      {instance(R"({"instanceId":"i-01234567","tags":[{"key":"k","value":1}]})"), "{}",
       "detail.resource.instanceDetails.tags[0].value: expected a string, found a number"},
      {instance(R"({"instanceId":"i-01234567","networkInterfaces":[{"publicIp":1}]})"), "{}",
       "detail.resource.instanceDetails.networkInterfaces[0].publicIp: expected a string, found a number"},
      {R"({"resourceType":"ECSCluster","ecsClusterDetails":[]})", "{}",
       "detail.resource.ecsClusterDetails: expected an object, found an array"},
      {R"({"resourceType":"AccessKey","accessKeyDetails":{"userName":1}})", "{}",
       "detail.resource.accessKeyDetails.userName: expected a string, found a number"},
      {"{}", R"({"detection":{"sequence":{"resources":{}}}})",
       "detail.service.detection.sequence.resources: expected an array, found an object"},
      {"{}", Sequence(R"({},{"uid":1})"),
       "detail.service.detection.sequence.resources[1]: uid: expected a string, found a number"},
      {"{}", Sequence(R"({"resourceType":"EC2_INSTANCE","uid":"i-01234567","accountId":"1x"})"),
       "detail.service.detection.sequence.resources[0]: accountId: `1x` is not an AWS account id"},
      {"{}", Sequence(R"({"resourceType":"EC2_INSTANCE","uid":"i-01234567","region":"?"})"),
       "detail.service.detection.sequence.resources[0]: region: `?` is not an AWS region"},
  };
  for (const Case& c : cases) {
    const Result<GuardDutyFinding> finding = ReadResource(c.resource, c.service);
    ASSERT_FALSE(finding.ok()) << c.want;
    EXPECT_EQ(finding.error().message, c.want);
  }
}

std::string ManyHosts(std::size_t count) {
  std::string resources;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) resources += ",";
    resources += R"({"resourceType":"EC2_INSTANCE","uid":"i-)" + std::to_string(10000000 + i) + R"("})";
  }
  return Sequence(resources);
}

TEST(GuardDutyHosts, BoundsTheHostsAtTheBoundAndOnePast) {
  const Result<GuardDutyFinding> at_bound = ReadResource("{}", ManyHosts(bounds::kHostsPerFinding));
  EXPECT_EQ(at_bound->hosts.size(), bounds::kHostsPerFinding);
  EXPECT_EQ(at_bound->notes, Texts{});
  const Result<GuardDutyFinding> over = ReadResource("{}", ManyHosts(bounds::kHostsPerFinding + 1));
  EXPECT_EQ(over->hosts.size(), bounds::kHostsPerFinding);
  EXPECT_EQ(over->notes, Texts{"1 more host of this finding left out, over the bound of 400"});
}

TEST(GuardDutyHosts, BoundsWhatIsBeyondHosts) {
  const auto buckets = [](std::size_t count) {
    std::string resources = R"({"resourceType":"S3_BUCKET","uid":"b"})";
    for (std::size_t i = 1; i < count; ++i) resources += R"(,{"resourceType":"S3_BUCKET","uid":"b"})";
    return Sequence(resources);
  };
  EXPECT_EQ(ReadResource("{}", buckets(bounds::kHostsPerFinding))->beyond_hosts.size(), bounds::kHostsPerFinding);
  EXPECT_EQ(ReadResource("{}", buckets(bounds::kHostsPerFinding + 1))->beyond_hosts.size(), bounds::kHostsPerFinding);
}

TEST(GuardDutyHosts, MoreTagsThanTheBoundAreUnknownTags) {
  const auto tags = [](std::size_t count) {
    std::string text = R"({"key":"k","value":"v"})";
    for (std::size_t i = 1; i < count; ++i) text += R"(,{"key":"k","value":"v"})";
    return R"({"resourceType":"Instance","instanceDetails":{"instanceId":"i-01234567","tags":[)" + text + "]}}";
  };
  EXPECT_EQ(ReadResource(tags(bounds::kTagsPerHost))->hosts.at(0).tags->size(), bounds::kTagsPerHost);
  const Result<GuardDutyFinding> over = ReadResource(tags(bounds::kTagsPerHost + 1));
  EXPECT_EQ(over->hosts.at(0).tags, std::nullopt);
  EXPECT_EQ(over->notes, Texts{"i-01234567 has 101 tags, over the bound of 100; treated as unknown"});
}

}  // namespace
}  // namespace sallyport
