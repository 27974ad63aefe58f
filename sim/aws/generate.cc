// SPDX-License-Identifier: Apache-2.0
//
// Estates of any size from a seed. Instances are made as structs, everything else as records through the same checks as
// a file's, so that a generated estate cannot hold what a file could not.
#include <algorithm>
#include <cstdio>
#include <random>

#include "base/check.h"
#include "sim/aws/estate.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";

constexpr int kHostsPerRole = 50;
constexpr int kHostsPerBalancer = 40;
constexpr int kHostsPerCluster = 200;

std::string InstanceIdOf(int number) {
  char text[32];
  std::snprintf(text, sizeof text, "i-%017x", static_cast<unsigned>(number));
  return text;
}

std::string AddressOf(int number) {
  return "10." + std::to_string(number / 65536 % 256) + "." + std::to_string(number / 256 % 256) + "." +
         std::to_string(number % 256);
}

std::string ReadPolicy(const std::string& bucket) {
  const auto arn = "arn:aws:s3:::" + bucket;
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],)"
         R"("Resource":[")" +
         arn + R"(",")" + arn + R"(/*"]}]})";
}

// Where hosts stand: most in the first place.
struct Place {
  Account* account;
  std::string region;
  std::vector<std::string> hosts;
};

class Generator {
 public:
  explicit Generator(const GenerateOptions& options) : options_(options), random_(options.seed) {}

  World Make() {
    world_.regions = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1"};
    MakeAccounts();
    for (int number = 1; number <= options_.hosts; ++number) MakeHost(number);
    for (Place& place : places_) {
      MakeBalancers(place);
      MakeClusters(place);
      MakeFindings(place);
      FinishRegional(place.account->regions[place.region]);
    }
    MakeDistributions();
    return std::move(world_);
  }

 private:
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  void Put(Account& account, std::string_view section, json::object record) {
    const auto added = AddAccountRecord(world_, account, section, std::move(record));
    Check(added.ok(), added.ok() ? "" : added.error().message);
  }
  void Put(Place& place, std::string_view section, json::object record) {
    const auto added = AddRegionalRecord(world_, *place.account, place.region, section, std::move(record));
    Check(added.ok(), added.ok() ? "" : added.error().message);
  }

  void MakeAccounts() {
    for (const std::string_view id : {"111122223333", "444455556666"}) {
      Account& account = world_.accounts[std::string(id)];
      account.id = std::string(id);
      account.name = "generated-" + account.id;
      account.canonical_id = std::string(52, '0') + account.id;
      for (const std::string& region : world_.regions) account.regions[region];
    }
    Account& first = world_.accounts["111122223333"];
    Account& second = world_.accounts["444455556666"];
    Put(first, "users",
        {{"UserName", "sallyport"},
         {"accessKeys", json::array{json::object{{"id", "AKIAIOSFODNN7EXAMPLE"},
                                                 {"secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}}}});
    Put(second, "roles",
        {{"RoleName", "sallyport-reader"},
         {"trust",
          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},)"
          R"("Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"sallyport-demo"}}}]})"}});
    places_ = {
        {&first, "us-east-1", {}}, {&first, "eu-west-1", {}}, {&second, "us-east-1", {}}, {&second, "eu-west-1", {}}};
    for (Account* account : {&first, &second}) MakeRoles(*account);
    for (Place& place : places_) MakeRuleGroups(place);
  }

  void MakeRoles(Account& account) {
    for (int i = 0; i <= options_.hosts / kHostsPerRole; ++i) {
      const auto name = "app-" + std::to_string(i);
      const auto bucket = "generated-" + account.id + "-" + std::to_string(i);
      Put(account, "roles",
          {{"RoleName", name}, {"trust", kTrust}, {"inline", json::object{{"data", ReadPolicy(bucket)}}}});
      Put(account, "instanceProfiles", {{"InstanceProfileName", name}, {"roles", json::array{name}}});
      Put(account, "buckets", {{"Name", bucket}, {"Region", i % 4 == 0 ? "eu-west-1" : "us-east-1"}});
    }
  }

  void MakeRuleGroups(Place& place) {
    Put(place, "managedRuleGroups",
        {{"VendorName", "AWS"}, {"Name", "AWSManagedRulesCommonRuleSet"}, {"scope", "BOTH"}, {"Capacity", 700}});
    Put(place, "managedRuleGroups",
        {{"VendorName", "Cloud Security Vendor"},
         {"Name", "WebServer-Apache_Nginx"},
         {"scope", "BOTH"},
         {"Capacity", 1000}});
    Put(place, "detectors", {{"detectorId", "12abc34d567e8fa901bc2d34e56789f0"}});
    Put(place, "configRules", {{"Name", "swp-protected"}, {"resultToken", "sim-result-token-1"}});
  }

  // Of twenty hosts fourteen are in the first place.
  Place& PlaceForHost() {
    const auto lot = Below(20);
    if (options_.in_one_place) return places_[0];
    return places_[lot < 14 ? 0 : (lot - 14) / 2 + 1];
  }

  void MakeHost(int number) {
    Place& place = PlaceForHost();
    Instance host;
    host.id = InstanceIdOf(number);
    host.image_id = "ami-0aabbccddeeff0011";
    host.type = Below(4) == 0 ? "m5.large" : "t3.medium";
    host.state = Below(20) == 0 ? "stopped" : "running";
    host.windows = Below(10) == 0;
    host.platform_details = host.windows ? "Windows" : "Linux/UNIX";
    host.launch_time = "2025-06-01T08:30:00.000Z";
    host.private_address = AddressOf(number);
    host.private_dns = "ip-" + std::to_string(number) + ".ec2.internal";
    host.vpc = "vpc-0a1b2c3d";
    host.subnet = "subnet-0a1b2c3d";
    host.zone = place.region + "a";
    const auto profile = Below(static_cast<std::uint64_t>(options_.hosts) / kHostsPerRole + 2);
    const auto& profiles = place.account->Set("instanceProfiles");
    if (profile < profiles.size()) {  // the one number beyond is a host without a profile
      host.profile_arn = TextOf(profiles[profile], "Arn");
      host.profile_id = TextOf(profiles[profile], "InstanceProfileId");
      host.association_state = "associated";
    }
    host.tags = {{"Name", "host-" + std::to_string(number)}, {"Owner", "team-made-up@example.com"}};
    host.interfaces.push_back({"eni-" + host.id.substr(2), {host.private_address}, "", {}});
    place.hosts.push_back(host.id);
    place.account->regions[place.region].instances.push_back(std::move(host));
  }

  void MakeBalancers(Place& place) {
    for (std::size_t at = 0; at < place.hosts.size(); at += kHostsPerBalancer) {
      const auto name = "lb-" + std::to_string(at / kHostsPerBalancer);
      json::array targets;
      for (std::size_t i = at; i < std::min(place.hosts.size(), at + kHostsPerBalancer / 2); ++i) {
        targets.push_back(json::object{{"Id", place.hosts[i]}, {"Port", 80}});
      }
      Put(place, "loadBalancers", {{"LoadBalancerName", name}});
      Put(place, "targetGroups",
          {{"TargetGroupName", name}, {"loadBalancers", json::array{name}}, {"targets", std::move(targets)}});
      Put(place, "listeners",
          {{"loadBalancer", name},
           {"Port", 80},
           {"DefaultActions", json::array{json::object{{"Type", "forward"}, {"targetGroup", name}}}}});
      if (Below(3) == 0) Put(place, "webAcls", {{"Name", "acl-" + name}, {"resources", json::array{name}}});
    }
  }

  void MakeClusters(Place& place) {
    for (std::size_t at = 0; at < place.hosts.size(); at += kHostsPerCluster) {
      json::array instances;
      json::array tasks;
      for (std::size_t i = at; i < std::min(place.hosts.size(), at + kHostsPerCluster / 4); ++i) {
        instances.push_back(json::object{{"ec2InstanceId", place.hosts[i]}, {"runningTasksCount", 1}});
        tasks.push_back(json::object{
            {"containerInstanceArn", place.hosts[i]}, {"launchType", "EC2"}, {"group", "service:made-up"}});
      }
      Put(place, "clusters",
          {{"clusterName", "cluster-" + std::to_string(at / kHostsPerCluster)},
           {"containerInstances", std::move(instances)},
           {"tasks", std::move(tasks)}});
    }
  }

  // One host in twenty has a finding.
  void MakeFindings(Place& place) {
    constexpr std::string_view kVulnerabilities[] = {"CVE-2021-44228", "CVE-2019-11043", "CVE-2014-6271",
                                                     "CVE-2017-5638"};
    constexpr std::string_view kSeverities[] = {"CRITICAL", "HIGH", "MEDIUM", "LOW"};
    for (const std::string& id : place.hosts) {
      if (Below(20) != 0) continue;
      const auto kind = Below(4);
      Put(place, "inspectorFindings",
          {{"severity", kSeverities[kind]},
           {"packageVulnerabilityDetails",
            json::object{{"vulnerabilityId", kVulnerabilities[kind]}, {"source", "NVD"}}},
           {"resources", json::array{json::object{{"type", "AWS_EC2_INSTANCE"}, {"id", id}}}}});
    }
  }

  // One for every ten load balancers of the first account.
  void MakeDistributions() {
    Place& place = places_[0];
    const auto& balancers = place.account->regions[place.region].Set("loadBalancers");
    for (std::size_t i = 0; i < balancers.size(); i += 10) {
      char id[24];
      std::snprintf(id, sizeof id, "EGEN%09X", static_cast<unsigned>(i));
      json::object origin{{"Id", "web"}, {"DomainName", TextOf(balancers[i], "DNSName")}};
      json::object config{
          {"CallerReference", id},
          {"Aliases", json::object{{"Quantity", 0}}},
          {"Origins", json::object{{"Quantity", 1}, {"Items", json::object{{"Origin", json::array{origin}}}}}},
          {"DefaultCacheBehavior", json::object{{"TargetOriginId", "web"}, {"ViewerProtocolPolicy", "allow-all"}}},
          {"Comment", "made up"},
          {"Enabled", true},
          {"WebACLId", ""}};
      Put(*place.account, "distributions", {{"Id", id}, {"config", std::move(config)}});
    }
  }

  const GenerateOptions options_;
  std::mt19937_64 random_;
  World world_;
  std::vector<Place> places_;
};

}  // namespace

World GenerateAwsWorld(const GenerateOptions& options) {
  return Generator(options).Make();
}

}  // namespace sallyport::aws_sim
