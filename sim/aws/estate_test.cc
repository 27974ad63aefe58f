// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/estate.h"

#include <gtest/gtest.h>

namespace sallyport::aws_sim {
namespace {

std::string ProblemIn(std::string_view yaml) {
  const auto world = ReadAwsEstate(yaml, "file.yaml");
  return world.ok() ? "" : world.error().message;
}

std::string InAccount(std::string_view body) {
  return "accounts:\n  - id: \"111122223333\"\n" + std::string(body);
}

TEST(AwsEstate, SaysWhereAFileIsWrong) {
  const struct {
    std::string yaml;
    std::string_view says;
  } cases[] = {
      {"accounts: [", "file.yaml line 1"},
      {"a: 1\na: 2\n", "file.yaml line 2: `a` is there twice"},
      {"[1]", "expected names and values"},
      {"accounts: []", "`accounts` is empty"},
      {"regions: [us-east-1]", "`accounts` is missing in `estate`"},
      {"acounts: []\naccounts: []", "unknown key `acounts` in `estate`"},
      {"accounts: [{ id: 111122223333 }]", "account: `id` must be twelve digits in quotes"},
      {"accounts: [{ id: \"111122223333\" }, { id: \"111122223333\" }]", "account 111122223333 is there twice"},
      {InAccount("    rolls: []\n"), "unknown key `rolls`"},
      {InAccount("    roles: {}\n"), "account 111122223333"},
      {InAccount("    roles: [{ RoleName: a }]\n"), "`trust` is missing in `roles`"},
      {InAccount("    roles: [{ RoleName: a, trust: {}, color: red }]\n"), "unknown key `color` in `roles`"},
      {InAccount("    buckets: [{ Name: a, Region: nowhere }]\n"), "region `nowhere` is not in `regions`"},
      {InAccount("    policies: [{ PolicyName: a, DefaultVersionId: v2, document: {} }]\n"),
       "the default version has no document"},
      {InAccount("    regions: { nowhere: {} }\n"), "region `nowhere` is not in `regions`"},
      {InAccount("    regions: { us-east-1: { instances: [{ id: i-1, profile: none }] } }\n"),
       "there is no instance profile `none`"},
      {InAccount("    regions: { us-east-1: { targetGroups: [{ TargetGroupName: t, loadBalancers: [x] }] } }\n"),
       "there is no load balancer `x`"},
      {InAccount("    regions: { us-east-1: { webAcls: [{ Name: w, resources: [x] }] } }\n"),
       "there is no load balancer `x`"},
      {InAccount("    regions: { eu-west-1: { webAcls: [{ Name: w, scope: CLOUDFRONT }] } }\n"),
       "scope CLOUDFRONT belongs to us-east-1"},
      {"limits: [{ service: ec2 }]\n" + InAccount(""), "`perSecond` is missing in `limits`"},
      {"limits: [{ perSecond: many, burst: 1 }]\n" + InAccount(""), "`perSecond` and `burst` are numbers"},
  };
  for (const auto& one : cases) {
    EXPECT_NE(ProblemIn(one.yaml).find(one.says), std::string::npos) << one.yaml << "\nsaid: " << ProblemIn(one.yaml);
  }
}

TEST(AwsEstate, NestingHasABound) {
  const auto nested = [](int depth) {
    return "shared: " + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "\n" + InAccount("");
  };
  EXPECT_EQ(ProblemIn(nested(40)), "");
  EXPECT_NE(ProblemIn(nested(41)).find("nested too deeply"), std::string::npos);
}

TEST(AwsEstate, QuotedScalarsAreTexts) {
  auto world = ReadAwsEstate(
      InAccount(
          "    regions: { us-east-1: { configItems: [{ resourceType: t, resourceId: \"7\", tags: { a: 7, b: 7.5, c: "
          "true, d: \"true\", e: null } }] } }\n"),
      "f");
  ASSERT_TRUE(world.ok()) << world.error().message;
  const auto& item = world->accounts["111122223333"].regions["us-east-1"].Set("configItems").at(0);
  EXPECT_EQ(json::serialize(item.at("tags")), R"({"a":7,"b":7.5E0,"c":true,"d":"true","e":null})");
}

TEST(AwsEstate, AFileThatIsNotThereIsNamed) {
  const auto world = ReadAwsEstateFile("/nonexistent.yaml");
  ASSERT_FALSE(world.ok());
  EXPECT_EQ(world.error().message, "cannot read estate file `/nonexistent.yaml`");
}

TEST(AwsEstate, TheDemonstrationIsReadable) {
  auto world = DemoAwsEstate();
  EXPECT_EQ(world.accounts.size(), 3U);
  auto& us = world.accounts["111122223333"].regions["us-east-1"];
  ASSERT_NE(us.FindInstance("i-0a1b2c3d4e5f60718"), nullptr);
  EXPECT_EQ(us.FindInstance("i-0a1b2c3d4e5f60718")->profile_arn, "arn:aws:iam::111122223333:instance-profile/batch");
}

TEST(Generator, MakesTheSameWorldFromTheSameSeed) {
  auto first = GenerateAwsWorld({5, 500});
  auto second = GenerateAwsWorld({5, 500});
  auto other = GenerateAwsWorld({6, 500});
  const auto ids = [](World& world) {
    std::string all;
    for (auto& [id, account] : world.accounts) {
      for (auto& [region, regional] : account.regions) {
        all += id + region + ":";
        for (const Instance& instance : regional.instances) all += instance.id + instance.type + instance.profile_arn;
        for (const auto& group : regional.Set("targetGroups")) all += json::serialize(group);
        for (const auto& finding : regional.Set("inspectorFindings")) all += json::serialize(finding);
      }
    }
    return all;
  };
  EXPECT_EQ(ids(first), ids(second));
  EXPECT_NE(ids(first), ids(other));
}

TEST(Generator, MakesAsManyHostsAsAskedFor) {
  for (const int hosts : {1, 10, 999, 20'000}) {
    auto world = GenerateAwsWorld({1, hosts});
    std::size_t found = 0;
    for (auto& [id, account] : world.accounts) {
      for (auto& [region, regional] : account.regions) found += regional.instances.size();
    }
    EXPECT_EQ(found, static_cast<std::size_t>(hosts));
  }
}

}  // namespace
}  // namespace sallyport::aws_sim
