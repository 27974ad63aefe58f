// SPDX-License-Identifier: Apache-2.0
//
// Ways to the bucket besides the direct one, and the hosts at the other end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reach/judge_for_test.h"

namespace sallyport::reach {
namespace {

using policy::Decision;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Access points.

TEST(JudgeAccessPoint, LetsInWhomTheBucketItselfDoesNot) {
  const std::string arn = "arn:aws:s3:us-east-1:111122223333:accesspoint/for-web";
  Facts facts = WithRoles(
      {Role("web", R"({"Sid":"At","Effect":"Allow","Action":"s3:GetObject","Resource":")" + arn + R"(/object/*"})")});
  AccessPointFacts point;
  point.name = "for-web";
  point.arn = arn;
  point.account = kAccount;
  facts.bucket.access_points = std::vector<AccessPointFacts>{point};
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":["arn:aws:s3:::example-customers","arn:aws:s3:::example-customers/*"],)"
      R"("Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}})"));
  const Answer answer = Decide(facts);
  ASSERT_NE(Find(answer, "web"), nullptr);
  const ActionAnswer& action = Find(answer, "web")->actions[0];
  EXPECT_EQ(action.decision, Decision::kAllowed);
  EXPECT_EQ(action.through, "for-web");
  EXPECT_THAT(action.statements, ElementsAre("inline policy `own`: At"));
}

TEST(JudgeAccessPoint, OfAVpcIsACondition) {
  const std::string arn = "arn:aws:s3:us-east-1:111122223333:accesspoint/inside";
  Facts facts =
      WithRoles({Role("web", R"({"Effect":"Allow","Action":"s3:GetObject","Resource":")" + arn + R"(/object/*"})")});
  AccessPointFacts point;
  point.name = "inside";
  point.arn = arn;
  point.account = kAccount;
  point.vpc_origin = true;
  facts.bucket.access_points = std::vector<AccessPointFacts>{point};
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}})"));
  const Answer answer = Decide(facts);
  const PrincipalAnswer* web = Find(answer, "web");
  ASSERT_NE(web, nullptr);
  EXPECT_EQ(Word(web->Best()), "allowed if");
  EXPECT_EQ(web->actions[0].condition, "from the access point's VPC");
}

TEST(JudgeAccessPoint, LetsInOnlyWhereTheBucketDoesToo) {
  const std::string arn = "arn:aws:s3:us-east-1:111122223333:accesspoint/all";
  const auto by_identity = [&arn](const std::string& more) {
    return R"({"Effect":"Allow","Action":"s3:GetObject","Resource":")" + arn + R"(/object/*"})" + more;
  };
  Facts facts = WithRoles(
      {Role("point", by_identity("")),
       Role("both",
            by_identity(
                R"(,{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/a/*"})")),
       Role("denied",
            by_identity(R"(,{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::example-customers/*"})"))});
  AccessPointFacts point;
  point.name = "all";
  point.arn = arn;
  point.account = kAccount;
  facts.bucket.access_points = std::vector<AccessPointFacts>{point};
  const Answer answer = Decide(facts);
  EXPECT_EQ(Said(answer, "point"), "denied");
  EXPECT_EQ(Said(answer, "both"), "allowed");
  EXPECT_EQ(Said(answer, "denied"), "denied");
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}})"));
  const Answer delegated = Decide(facts);
  EXPECT_EQ(Said(delegated, "point"), "allowed");
  EXPECT_EQ(Said(delegated, "denied"), "denied");
}

TEST(JudgeHosts, AreDecidedForEachWayThroughTheirVpc) {
  Facts facts = WithRoles({Role("web", kReads)});
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "web-profile")};
  uses.endpoints_read = {{kAccount, "us-east-1"}};
  const auto host = [&] { return Decide(facts, About(), uses).principals.at(0).hosts.at(0); };
  EXPECT_EQ(host().decision, policy::Decision::kAllowed);
  uses.endpoints = {{kAccount, "us-east-1", "vpce-1", "vpc-0a1b2c3d",
                     PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"})")}};
  EXPECT_EQ(host().decision, policy::Decision::kConditional);
  EXPECT_EQ(host().condition, "through no endpoint");
  // The bucket lets in nobody but through the endpoint, and the endpoint lets nobody read.
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}})"));
  EXPECT_EQ(host().decision, policy::Decision::kImplicitlyDenied);
  uses.endpoints[0].policy = PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"})");
  EXPECT_EQ(host().condition, "through vpce-1");
  uses.endpoints[0].vpc = "vpc-other";
  EXPECT_EQ(host().decision, policy::Decision::kImplicitlyDenied);
  // Not read: nothing is known of the way.
  uses.endpoints_read.clear();
  EXPECT_EQ(host().decision, policy::Decision::kConditional);
  EXPECT_EQ(host().condition, "");
}

TEST(JudgeAccessPoint, ItsOwnBlockCutsOthersOffFromItsPublicPolicy) {
  const std::string arn = "arn:aws:s3:us-east-1:111122223333:accesspoint/for-all";
  Facts facts = WithRoles({Role("own", kReads)});
  AccountFacts other;
  other.account = kOther;
  other.roles->roles = {Role("foreign", kReads, kOther)};
  facts.accounts.push_back(other);
  AccessPointFacts point;
  point.name = "for-all";
  point.arn = arn;
  point.account = kAccount;
  point.policy = std::optional(
      PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":")" + arn + R"(/object/*"})"));
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*",)"
      R"("Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}})"));
  const auto said_with = [&](const Result<PublicAccessBlock>& block) {
    point.block = block;
    facts.bucket.access_points = std::vector<AccessPointFacts>{point};
    return Said(Decide(facts), "foreign");
  };
  EXPECT_EQ(said_with(PublicAccessBlock{}), "allowed");
  EXPECT_EQ(said_with(PublicAccessBlock{false, true}), "denied");
  EXPECT_EQ(said_with(kRefused), "undetermined");
  EXPECT_EQ(Said(Decide(facts), "own"), "allowed");
  EXPECT_THAT(Decide(facts).gaps, ElementsAre(HasSubstr("the block of public access of access point `for-all`")));
}

TEST(JudgeAccessPoint, APolicyOnlyForThemDoesNotLetInDirectly) {
  Facts facts = WithRoles({Role("web", "")});
  const auto said_with = [&facts](const std::string& condition) {
    facts.bucket.policy = std::optional(PolicyOf(
        R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/web"},"Action":"s3:GetObject",)"
        R"("Resource":"arn:aws:s3:::example-customers/*","Condition":{"StringEquals":{)" +
        condition + "}}}"));
    return Said(Decide(facts), "web");
  };
  EXPECT_EQ(said_with(R"("s3:DataAccessPointAccount":"111122223333")"), "denied");
  // An access point of another account may be the way, and of those none is known.
  EXPECT_EQ(said_with(R"("s3:DataAccessPointAccount":["111122223333","444455556666"])"), "allowed if");
  EXPECT_EQ(said_with(R"("s3:dataaccesspointarn":"arn:aws:s3:us-east-1:444455556666:accesspoint/theirs")"),
            "allowed if");
  facts.bucket.access_points = kRefused;
  EXPECT_EQ(said_with(R"("s3:DataAccessPointAccount":"111122223333")"), "allowed if");
}

// Hosts.

TEST(JudgeHosts, FollowTheProfileAndNotTheName) {
  const Facts facts = WithRoles({Role("web", kReads), Role("db", kReads)});
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "web-profile"), Instance("i-0123456789abcdef1", "other-profile"),
                    Instance("i-0123456789abcdef2", "web-profile")};
  uses.instances[2].state = "terminated";
  Judge judge(facts, About());
  EXPECT_THAT(judge.ProfilesOf(kAccount), ElementsAre(ProfileArn("db-profile"), ProfileArn("web-profile")));
  judge.AddUses(uses);
  const Answer answer = judge.Take();
  ASSERT_EQ(Find(answer, "web")->hosts.size(), 1U);
  const HostAnswer& host = Find(answer, "web")->hosts[0];
  EXPECT_EQ(host.instance.value, "i-0123456789abcdef0");
  EXPECT_EQ(host.how, "instance profile `web-profile`");
  EXPECT_EQ(host.Name(), "host-f0");
  EXPECT_THAT(Find(answer, "db")->hosts, IsEmpty());
}

TEST(JudgeHosts, ASessionThatAPolicyNamesIsOneInstance) {
  Facts facts = WithRoles({Role("web", "")});
  facts.bucket.policy = std::optional(PolicyOf(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef1"},)"
      R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::example-customers/*"})"));
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "web-profile"), Instance("i-0123456789abcdef1", "web-profile")};
  const Answer answer = Decide(facts, About(), uses);
  ASSERT_EQ(answer.principals.size(), 1U);
  EXPECT_TRUE(answer.principals[0].is_session);
  ASSERT_EQ(answer.principals[0].hosts.size(), 1U);
  EXPECT_EQ(answer.principals[0].hosts[0].instance.value, "i-0123456789abcdef1");
}

TEST(JudgeHosts, AreToldApartByWhatIsKnownOfTheInstance) {
  Facts facts = WithRoles({Role("web", kReads)});
  facts.bucket.policy =
      std::optional(PolicyOf(R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",)"
                             R"("Condition":{"StringLike":{"aws:userid":"*:i-0123456789abcdef1"}}})"));
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "web-profile"), Instance("i-0123456789abcdef1", "web-profile")};
  const Answer answer = Decide(facts, About(), uses);
  EXPECT_EQ(Said(answer, "web"), "allowed if");
  ASSERT_EQ(answer.principals[0].hosts.size(), 2U);
  EXPECT_EQ(answer.principals[0].hosts[0].decision, Decision::kAllowed);
  EXPECT_EQ(Word(answer.principals[0].hosts[1].decision), "denied");
}

TEST(JudgeHosts, ATaskIsOnItsMachineOrNone) {
  RoleFacts task_role = Role("cart", kReads);
  task_role.trust =
      PolicyOf(R"({"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"})");
  task_role.profiles.clear();
  const Facts facts = WithRoles({task_role});
  UseFacts uses;
  uses.instances = {Instance("i-0123456789abcdef0", "node")};
  const TaskFacts on_ec2{
      kAccount, "us-east-1", "t1", RoleArn("cart"), "service:cart", "EC2", InstanceId{"i-0123456789abcdef0"}};
  TaskFacts on_fargate = on_ec2;
  on_fargate.instance = std::nullopt;
  on_fargate.launch_type = "FARGATE";
  uses.tasks = {on_ec2, on_ec2, on_fargate};
  Judge judge(facts, About());
  EXPECT_TRUE(judge.HasTaskRoles(kAccount));
  EXPECT_FALSE(judge.HasTaskRoles(kOther));
  judge.AddUses(uses);
  const Answer answer = judge.Take();
  ASSERT_EQ(answer.principals[0].hosts.size(), 1U);  // two tasks on one machine
  EXPECT_EQ(answer.principals[0].hosts[0].how, "ECS task of `service:cart`");
  EXPECT_EQ(answer.principals[0].hosts[0].Name(), "host-f0");
  EXPECT_THAT(answer.principals[0].other_uses,
              ElementsAre("ECS task of `service:cart` on FARGATE, 111122223333/us-east-1"));
  EXPECT_THAT(answer.principals[0].consumers, ElementsAre("ECS tasks"));
  // Its requests take the ways of the machine's VPC.
  uses.endpoints_read = {{kAccount, "us-east-1"}};
  uses.endpoints = {{kAccount, "us-east-1", "vpce-1", "vpc-0a1b2c3d",
                     PolicyOf(R"({"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"})")}};
  const Answer by_way = Decide(facts, About(), uses);
  EXPECT_EQ(by_way.principals[0].hosts[0].decision, Decision::kConditional);
  EXPECT_EQ(by_way.principals[0].hosts[0].condition, "through no endpoint");
}

TEST(JudgeHosts, GapsOfTheSearchAreGapsOfTheAnswer) {
  UseFacts uses;
  uses.gaps = {"instances of account 1 in x could not be read"};
  EXPECT_EQ(Decide(WithRoles({Role("web", kReads)}), About(), uses).gaps, uses.gaps);
}

}  // namespace
}  // namespace sallyport::reach
