// SPDX-License-Identifier: Apache-2.0
#include "tests/edge/big_estate.h"

#include <algorithm>
#include <cstdio>

namespace sallyport::edge {
namespace {

constexpr std::size_t kAclsOfPlace = 6;

std::string Hex(std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%017zx", number);
  return text;
}

class BigMaker {
 public:
  explicit BigMaker(const BigEstate& wanted) : wanted_(wanted) {}

  Estate Make() {
    for (std::size_t place = 0; place < wanted_.accounts * wanted_.regions; ++place) AddPlace(place);
    for (std::size_t i = 0; i < wanted_.balancers; ++i) AddBalancer(i);
    for (std::size_t i = 0; i < wanted_.distributions; ++i) AddDistribution(i);
    for (std::size_t i = 0; i < wanted_.hosts; ++i) AddHost(i);
    return std::move(estate_);
  }

 private:
  std::size_t Places() const { return std::max<std::size_t>(wanted_.accounts * wanted_.regions, 1); }
  std::size_t Balancers() const { return std::max<std::size_t>(wanted_.balancers, 1); }
  std::string AccountOf(std::size_t place) const {
    constexpr std::string_view kAccounts[] = {"111122223333", "444455556666", "123456789012", "555555555555"};
    return std::string(kAccounts[place / wanted_.regions % 4]);
  }
  std::string RegionOf(std::size_t place) const {
    constexpr std::string_view kRegions[] = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1"};
    return std::string(kRegions[place % wanted_.regions % 4]);
  }
  std::string BalancerArn(std::size_t i) const { return "arn:lb/" + std::to_string(i); }

  void AddPlace(std::size_t place) {
    for (std::size_t i = 0; i < kAclsOfPlace; ++i) {
      WebAcl acl;
      acl.account = AccountOf(place);
      acl.region = RegionOf(place);
      acl.scope = "REGIONAL";
      acl.name = "acl-" + std::to_string(place) + "-" + std::to_string(i);
      acl.arn = "arn:acl/" + acl.name;
      acl.capacity = static_cast<std::int64_t>(700 + 100 * i);
      AclRule rule;
      rule.kind = AclRule::Kind::kManagedGroup;
      rule.vendor = "AWS";
      rule.group = "AWSManagedRulesCommonRuleSet";
      rule.mode = i % 3 == 2 ? RuleMode::kCount : RuleMode::kEnforce;
      acl.rules.push_back(rule);
      estate_.acls.push_back(std::move(acl));
    }
    for (const char* name :
         {"AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet",
          "AWSManagedRulesPHPRuleSet", "AWSManagedRulesLinuxRuleSet", "AWSManagedRulesUnixRuleSet"}) {
      estate_.offered.push_back({AccountOf(place), RegionOf(place), "REGIONAL", "AWS", name, 200, ""});
    }
    estate_.offers.push_back({AccountOf(place), RegionOf(place), "REGIONAL", ""});
  }

  void AddBalancer(std::size_t i) {
    const std::size_t place = i % Places();
    Balancer one;
    one.arn = BalancerArn(i);
    one.name = "lb-" + std::to_string(i);
    one.account = AccountOf(place);
    one.region = RegionOf(place);
    one.kind = i % 10 == 9 ? BalancerKind::kNetwork : i % 25 == 3 ? BalancerKind::kClassic : BalancerKind::kApplication;
    one.dns = one.name + ".elb.amazonaws.com";
    one.internet_facing = i % 7 != 0;
    one.groups = {"sg-" + std::to_string(i)};
    estate_.security_groups.push_back(
        {one.groups[0], one.account, one.region, {{i % 5 == 0 ? Openness::kCloudFront : Openness::kOpen, 443, 443}}});
    if (one.kind == BalancerKind::kApplication && i % 2 == 0) {
      estate_.acls[place * kAclsOfPlace + i / Places() % kAclsOfPlace].resources.push_back(one.arn);
    }
    TargetGroup group;
    group.arn = "arn:tg/" + std::to_string(i);
    group.name = "tg-" + std::to_string(i);
    group.account = one.account;
    group.region = one.region;
    group.vpc = "vpc-" + std::to_string(place);
    group.balancers = {one.arn};
    for (std::size_t host = i; host < wanted_.hosts; host += wanted_.balancers) {
      if (one.kind == BalancerKind::kClassic)
        one.instances.push_back("i-" + Hex(host));
      else
        group.targets.push_back({"i-" + Hex(host), 8080, "healthy", false});
    }
    if (one.kind != BalancerKind::kClassic) estate_.groups.push_back(std::move(group));
    estate_.balancers.push_back(std::move(one));
  }

  void AddDistribution(std::size_t i) {
    Distribution one;
    one.id = "E" + std::to_string(i);
    one.account = AccountOf(i % wanted_.accounts * wanted_.regions);
    one.arn = "arn:aws:cloudfront::" + one.account + ":distribution/" + one.id;
    one.domain = one.id + ".cloudfront.net";
    one.aliases = {"shop-" + std::to_string(i) + ".example.com"};
    if (i % 3 != 0) {
      if (estate_.acls.back().scope != "CLOUDFRONT") AddEdgeAcl();
      one.web_acl = estate_.acls.back().arn;
    }
    for (std::size_t n = 0; n < 3; ++n) {
      const std::size_t at = (i * 5 + n) % Balancers();
      one.origins.push_back({"o" + std::to_string(n), "LB-" + std::to_string(at) + ".elb.amazonaws.com", ""});
    }
    estate_.distributions.push_back(std::move(one));
  }

  void AddEdgeAcl() {
    WebAcl acl;
    acl.account = AccountOf(0);
    acl.region = "us-east-1";
    acl.scope = "CLOUDFRONT";
    acl.name = "edge";
    acl.arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/1";
    acl.blocks_by_default = true;
    estate_.acls.push_back(std::move(acl));
  }

  void AddHost(std::size_t i) {
    const std::size_t place = i % Balancers() % Places();
    Host host;
    host.account = AccountOf(place);
    host.region = RegionOf(place);
    host.id = "i-" + Hex(i);
    host.name = wanted_.name + "-" + std::to_string(i);
    host.state = "running";
    host.vpc = "vpc-" + std::to_string(place);
    host.addresses = {"10." + std::to_string(i / 65'536) + "." + std::to_string(i / 256 % 256) + "." +
                      std::to_string(i % 256)};
    host.owner = "team-" + std::to_string(i % 40) + "@example.com";
    host.team = "team-" + std::to_string(i % 8);
    host.swp.guard = i % 11 == 0 ? Guard::kNotProtected : Guard::kProtected;
    host.swp.policy = static_cast<std::int32_t>(1 + i % 20);
    host.swp.policy_name = "Policy " + std::to_string(i % 20);
    host.swp.classes.emplace();
    for (const auto& [every, name] : {std::pair<std::size_t, const char*>{2, "apache"}, {3, "php"}, {5, "tomcat"}}) {
      if (i % every != 0) continue;
      host.swp.classes->push_back(
          {name, {{"1008839 - Example rule about " + std::string(name), "Web Server Common"}}, 4});
    }
    estate_.hosts.push_back(std::move(host));
  }

  const BigEstate wanted_;
  Estate estate_;
};

}  // namespace

Estate MakeBigEstate(const BigEstate& wanted) {
  return BigMaker(wanted).Make();
}

}  // namespace sallyport::edge
