// SPDX-License-Identifier: Apache-2.0
//
// The sections of an account in one region.
#include "base/text.h"
#include "sim/aws/estate_sections.h"

namespace sallyport::aws_sim {
namespace {

// Sixteen hexadecimal digits that come from a name, for ids that the file does not give.
std::string HexFrom(const std::string& seed) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : seed) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::string out;
  for (int i = 0; i < 16; ++i) {
    out += "0123456789abcdef"[hash & 15U];
    hash = (hash >> 4U) | (hash << 60U);
  }
  return out;
}

std::string UuidFrom(const std::string& seed) {
  const auto a = HexFrom(seed);
  const auto b = HexFrom(seed + "/");
  return a.substr(0, 8) + "-" + a.substr(8, 4) + "-4" + a.substr(13, 3) + "-a" + b.substr(1, 3) + "-" + b.substr(4, 12);
}

std::string ArnHere(const SectionPlace& place, std::string_view service, const std::string& rest) {
  return place.world.Arn(service, place.region, place.account.id, rest);
}

Records& SetHere(const SectionPlace& place, std::string_view name) {
  return place.account.regions[place.region].Set(name);
}

Status CompleteLoadBalancer(const SectionPlace& place, json::object& one) {
  const auto name = TextOf(one, "LoadBalancerName");
  Default(one, "Type", "application");
  Default(one, "Scheme", "internet-facing");
  Default(one, "VpcId", "vpc-0a1b2c3d");
  const auto type = TextOf(one, "Type");
  const auto short_type = type == "application" ? "app" : type == "network" ? "net" : "gwy";
  const auto arn = ArnHere(place, "elasticloadbalancing",
                           "loadbalancer/" + std::string(short_type) + "/" + name + "/" + HexFrom(name));
  Default(one, "LoadBalancerArn", arn);
  Default(one, "DNSName",
          name + "-" + HexFrom(name).substr(0, 8) + "." + place.region + ".elb." + place.world.Suffix());
  Default(one, "CreatedTime", kSomeDate);
  Default(one, "State", json::object{{"Code", "active"}});
  Default(one, "IpAddressType", "ipv4");
  return Ok();
}

Status CompleteClassic(const SectionPlace& place, json::object& one) {
  const auto name = TextOf(one, "LoadBalancerName");
  Default(one, "Scheme", "internet-facing");
  Default(one, "VPCId", "vpc-0a1b2c3d");
  Default(one, "DNSName", name + "-1234567890." + place.region + ".elb." + place.world.Suffix());
  Default(one, "CreatedTime", kSomeDate);
  json::array instances;
  for (const std::string& id : TextsOf(one, "instances")) instances.push_back(json::object{{"InstanceId", id}});
  one["Instances"] = std::move(instances);
  one.erase("instances");
  json::array listeners;
  for (const json::value& listener : ArrayOf(one, "listeners"))
    listeners.push_back(json::object{{"Listener", listener}});
  one["ListenerDescriptions"] = std::move(listeners);
  one.erase("listeners");
  return Ok();
}

Status CompleteTargetGroup(const SectionPlace& place, json::object& one) {
  const auto name = TextOf(one, "TargetGroupName");
  Default(one, "TargetGroupArn", ArnHere(place, "elasticloadbalancing", "targetgroup/" + name + "/" + HexFrom(name)));
  Default(one, "TargetType", "instance");
  if (TextOf(one, "TargetType") != "lambda") {
    Default(one, "Protocol", "HTTP");
    Default(one, "Port", 80);
    Default(one, "VpcId", "vpc-0a1b2c3d");
  }
  json::array arns;
  for (const std::string& balancer : TextsOf(one, "loadBalancers")) {
    const auto* found = FindRecord(SetHere(place, "loadBalancers"), "LoadBalancerName", balancer);
    if (found == nullptr) return BadEstate("there is no load balancer `" + Printable(balancer, 60) + "`");
    arns.emplace_back(TextOf(*found, "LoadBalancerArn"));
  }
  one["LoadBalancerArns"] = std::move(arns);
  one.erase("loadBalancers");
  Default(one, "targets", json::array());
  return Ok();
}

// Actions may name a group: {Type: forward, targetGroup: web}.
Status NameGroups(const SectionPlace& place, json::object& holder, std::string_view key) {
  json::array actions = ArrayOf(holder, key);
  for (json::value& value : actions) {
    if (!value.is_object()) return BadEstate("`" + std::string(key) + "`: expected names and values");
    auto& action = value.get_object();
    if (!Has(action, "targetGroup")) continue;
    const auto name = TextOf(action, "targetGroup");
    const auto* group = FindRecord(SetHere(place, "targetGroups"), "TargetGroupName", name);
    if (group == nullptr) return BadEstate("there is no target group `" + Printable(name, 60) + "`");
    const auto arn = TextOf(*group, "TargetGroupArn");
    action["TargetGroupArn"] = arn;
    json::object weighted{{"TargetGroupArn", arn}, {"Weight", 1}};
    action["ForwardConfig"] = json::object{{"TargetGroups", json::array{std::move(weighted)}}};
    action.erase("targetGroup");
  }
  holder[key] = std::move(actions);
  return Ok();
}

Status CompleteListener(const SectionPlace& place, json::object& one) {
  const auto name = TextOf(one, "loadBalancer");
  const auto* balancer = FindRecord(SetHere(place, "loadBalancers"), "LoadBalancerName", name);
  if (balancer == nullptr) return BadEstate("there is no load balancer `" + Printable(name, 60) + "`");
  const auto balancer_arn = TextOf(*balancer, "LoadBalancerArn");
  const auto path = balancer_arn.substr(balancer_arn.find("loadbalancer/") + 13);
  const auto id = path + "/" + HexFrom(name + std::to_string(NumberOf(one, "Port", 80)));
  one.erase("loadBalancer");
  Default(one, "ListenerArn", ArnHere(place, "elasticloadbalancing", "listener/" + id));
  one["LoadBalancerArn"] = balancer_arn;
  Default(one, "Protocol", "HTTP");
  auto named = NameGroups(place, one, "DefaultActions");
  if (!named.ok()) return named;
  json::array rules = ArrayOf(one, "rules");
  for (json::value& value : rules) {
    if (!value.is_object()) return BadEstate("`rules`: expected names and values");
    auto& rule = value.get_object();
    named = NameGroups(place, rule, "Actions");
    if (!named.ok()) return named;
    Default(rule, "RuleArn",
            ArnHere(place, "elasticloadbalancing", "listener-rule/" + id + "/" + HexFrom(TextOf(rule, "Priority"))));
    Default(rule, "IsDefault", false);
    Default(rule, "Conditions", json::array());
  }
  rules.push_back(json::object{{"RuleArn", ArnHere(place, "elasticloadbalancing", "listener-rule/" + id + "/default")},
                               {"Priority", "default"},
                               {"Conditions", json::array()},
                               {"Actions", ArrayOf(one, "DefaultActions")},
                               {"IsDefault", true}});
  one["rules"] = std::move(rules);
  return Ok();
}

// `resources` may name load balancers.
Status CompleteWebAcl(const SectionPlace& place, json::object& acl) {
  if (!Has(acl, "Name")) return BadEstate("`Name` is missing in `webAcls`");
  const auto name = TextOf(acl, "Name");
  Default(acl, "scope", "REGIONAL");
  const bool global = TextOf(acl, "scope") == "CLOUDFRONT";
  if (global && place.region != place.world.GlobalRegion())
    return BadEstate("scope CLOUDFRONT belongs to " + place.world.GlobalRegion());
  Default(acl, "Id", UuidFrom(name));
  Default(acl, "ARN",
          ArnHere(place, "wafv2", (global ? "global/webacl/" : "regional/webacl/") + name + "/" + TextOf(acl, "Id")));
  Default(acl, "DefaultAction", json::object{{"Allow", json::object()}});
  Default(acl, "Description", "");
  Default(acl, "Rules", json::array());
  Default(acl, "VisibilityConfig",
          json::object{{"SampledRequestsEnabled", true}, {"CloudWatchMetricsEnabled", true}, {"MetricName", name}});
  Default(acl, "Capacity", 0);
  Default(acl, "ManagedByFirewallManager", false);
  Default(acl, "LabelNamespace", "awswaf:" + place.account.id + ":webacl:" + name + ":");
  Default(acl, "lockToken", UuidFrom(name + "-lock"));
  json::array arns;
  for (const std::string& resource : TextsOf(acl, "resources")) {
    const auto* balancer = FindRecord(SetHere(place, "loadBalancers"), "LoadBalancerName", resource);
    if (balancer == nullptr && !resource.starts_with("arn:"))
      return BadEstate("there is no load balancer `" + Printable(resource, 60) + "`");
    arns.emplace_back(balancer == nullptr ? resource : TextOf(*balancer, "LoadBalancerArn"));
  }
  acl["resources"] = std::move(arns);
  return Ok();
}

Status CompleteRuleGroup(const SectionPlace&, json::object& group) {
  Default(group, "VersioningSupported", Has(group, "versions"));
  Default(group, "Description", TextOf(group, "Name"));
  Default(group, "Capacity", 100);
  Default(group, "Rules", json::array());
  return Ok();
}

// 32 hexadecimal digits for the nth record of a list of a cluster.
std::string PartId(std::string seed, std::string_view list, int number) {
  seed.append(list).append(std::to_string(number));
  return HexFrom(seed) + "0123456789abcdef";
}

Status CompletePart(const SectionPlace& place, json::object& cluster, std::string_view list, std::string_view arn_key,
                    std::string_view kind) {
  const auto name = TextOf(cluster, "clusterName");
  json::array records = ArrayOf(cluster, list);
  int number = 0;
  for (json::value& value : records) {
    if (!value.is_object()) return BadEstate("`" + std::string(list) + "`: expected names and values");
    auto& record = value.get_object();
    const auto own = TextOf(record, "serviceName", PartId(name, list, ++number));
    std::string path(kind);
    path.append("/").append(name).append("/").append(own);
    Default(record, arn_key, ArnHere(place, "ecs", path));
    if (list != "containerInstances") Default(record, "clusterArn", TextOf(cluster, "clusterArn"));
    Default(record, list == "tasks" ? "lastStatus" : "status", list == "tasks" ? "RUNNING" : "ACTIVE");
    if (list == "tasks") Default(record, "desiredStatus", "RUNNING");
    if (list == "containerInstances") Default(record, "agentConnected", true);
  }
  cluster[list] = std::move(records);
  return Ok();
}

// A task's containerInstanceArn may be the EC2 instance's id.
void PlaceTasks(json::object& cluster) {
  json::array tasks = ArrayOf(cluster, "tasks");
  for (json::value& value : tasks) {
    auto& task = value.get_object();
    const auto on = TextOf(task, "containerInstanceArn");
    for (const json::value& instance : ArrayOf(cluster, "containerInstances")) {
      if (!on.empty() && TextOf(instance.get_object(), "ec2InstanceId") == on) {
        task["containerInstanceArn"] = TextOf(instance.get_object(), "containerInstanceArn");
      }
    }
  }
  cluster["tasks"] = std::move(tasks);
}

Status CompleteCluster(const SectionPlace& place, json::object& cluster) {
  Default(cluster, "clusterArn", ArnHere(place, "ecs", "cluster/" + TextOf(cluster, "clusterName")));
  Default(cluster, "status", "ACTIVE");
  auto done = CompletePart(place, cluster, "containerInstances", "containerInstanceArn", "container-instance");
  if (done.ok()) done = CompletePart(place, cluster, "services", "serviceArn", "service");
  if (done.ok()) done = CompletePart(place, cluster, "tasks", "taskArn", "task");
  if (done.ok()) PlaceTasks(cluster);
  return done;
}

Status CompleteTaskDefinition(const SectionPlace& place, json::object& definition) {
  Default(definition, "revision", 1);
  const auto name = TextOf(definition, "family") + ":" + std::to_string(NumberOf(definition, "revision", 1));
  Default(definition, "taskDefinitionArn", ArnHere(place, "ecs", "task-definition/" + name));
  Default(definition, "status", "ACTIVE");
  Default(definition, "containerDefinitions", json::array());
  return Ok();
}

Status CompleteKey(const SectionPlace& place, json::object& key) {
  Default(key, "Arn", ArnHere(place, "kms", "key/" + TextOf(key, "KeyId")));
  Default(key, "AWSAccountId", place.account.id);
  Default(key, "Enabled", true);
  Default(key, "KeyUsage", "ENCRYPT_DECRYPT");
  Default(key, "KeyState", "Enabled");
  Default(key, "Origin", "AWS_KMS");
  Default(key, "KeyManager", "CUSTOMER");
  Default(key, "KeySpec", "SYMMETRIC_DEFAULT");
  Default(key, "MultiRegion", false);
  DocumentToText(key, "policy");
  return Ok();
}

Status CompleteTopic(const SectionPlace& place, json::object& topic) {
  Default(topic, "TopicArn", ArnHere(place, "sns", TextOf(topic, "Name")));
  return Ok();
}

Status CompleteConfigItem(const SectionPlace& place, json::object& item) {
  for (const std::string_view key : {"resourceType", "resourceId"}) {
    if (!Has(item, key)) return BadEstate("`" + std::string(key) + "` is missing in `configItems`");
  }
  Default(item, "version", "1.3");
  Default(item, "accountId", place.account.id);
  Default(item, "awsRegion", place.region);
  Default(item, "configurationItemStatus", "OK");
  Default(item, "configurationItemCaptureTime", 1709283600.0);
  Default(item, "configurationStateId", "1");
  DocumentToText(item, "configuration");
  json::object extra = ObjectOf(item, "supplementaryConfiguration");
  for (auto& part : extra) {
    if (!part.value().is_string()) part.value() = json::value(json::serialize(part.value()));
  }
  item["supplementaryConfiguration"] = std::move(extra);
  return Ok();
}

Status CompleteInspectorFinding(const SectionPlace& place, json::object& finding) {
  if (!Has(finding, "resources")) return BadEstate("`resources` is missing in `inspectorFindings`");
  Default(finding, "awsAccountId", place.account.id);
  Default(finding, "findingArn",
          ArnHere(place, "inspector2",
                  "finding/" + HexFrom(json::serialize(finding)) + HexFrom(json::serialize(finding) + "/")));
  Default(finding, "type", "PACKAGE_VULNERABILITY");
  Default(finding, "status", "ACTIVE");
  Default(finding, "severity", "HIGH");
  Default(finding, "title", "A finding");
  Default(finding, "description", "A finding of the simulator");
  Default(finding, "remediation", json::object{{"recommendation", json::object{{"text", "None Provided"}}}});
  for (const std::string_view time : {"firstObservedAt", "lastObservedAt", "updatedAt"})
    Default(finding, time, 1709283600.0);
  return Ok();
}

template <const auto& Key>
Status NeedKey(const SectionPlace&, json::object& record) {
  return Has(record, Key) ? Ok() : Status(BadEstate("`" + std::string(Key) + "` is missing"));
}
constexpr std::string_view kId = "id";
constexpr std::string_view kResourceId = "resourceId";

Status CompleteVpcEndpoint(const SectionPlace& place, json::object& endpoint) {
  Default(endpoint, "ServiceName", "com.amazonaws." + place.region + ".s3");
  Default(endpoint, "VpcEndpointType", "Gateway");
  Default(endpoint, "State", "available");
  Default(
      endpoint, "Policy",
      json::object{{"Version", "2008-10-17"},
                   {"Statement", json::array{json::object{
                                     {"Effect", "Allow"}, {"Principal", "*"}, {"Action", "*"}, {"Resource", "*"}}}}});
  DocumentToText(endpoint, "Policy");
  return Ok();
}

Status CompleteSecurityGroup(const SectionPlace&, json::object& group) {
  Default(group, "GroupName", TextOf(group, "GroupId"));
  Default(group, "VpcId", "vpc-0a1b2c3d");
  for (const json::value& one : ArrayOf(group, "ingress")) {
    if (!one.is_object()) return BadEstate("`ingress`: expected names and values");
    auto checked = CheckKeys(one.get_object(), "protocol from to cidrs prefixLists groups", "ingress");
    if (!checked.ok()) return checked;
  }
  return Ok();
}

Status CompleteInterface(const SectionPlace&, json::object& one) {
  Default(one, "VpcId", "vpc-0a1b2c3d");
  Default(one, "Description", "");
  Default(one, "InterfaceType", "interface");
  return Ok();
}

Status CompletePrefixList(const SectionPlace&, json::object& list) {
  Default(list, "OwnerId", "AWS");
  return Ok();
}

Status CompleteIpSet(const SectionPlace& place, json::object& set) {
  const auto name = TextOf(set, "Name");
  Default(set, "scope", "REGIONAL");
  const bool global = TextOf(set, "scope") == "CLOUDFRONT";
  Default(set, "Id", UuidFrom(name + "-ipset"));
  Default(set, "ARN",
          ArnHere(place, "wafv2", (global ? "global/ipset/" : "regional/ipset/") + name + "/" + TextOf(set, "Id")));
  Default(set, "Description", "");
  Default(set, "Addresses", json::array());
  set["lockToken"] = UuidFrom(name + "-ipset-lock");
  return Ok();
}

constexpr Section kRegionalSections[] = {
    {"instances",
     "id* image type state windows launched privateIp publicIp publicDns vpc subnet zone tags groups interfaces "
     "profile "
     "associationState",
     nullptr},
    {"vpcEndpoints", "VpcEndpointId* VpcId* ServiceName VpcEndpointType State Policy", CompleteVpcEndpoint},
    {"loadBalancers",
     "LoadBalancerName* Type Scheme DNSName VpcId LoadBalancerArn State IpAddressType CreatedTime SecurityGroups",
     CompleteLoadBalancer},
    {"classicLoadBalancers", "LoadBalancerName* Scheme DNSName VPCId instances listeners SecurityGroups",
     CompleteClassic},
    {"securityGroups", "GroupId* GroupName VpcId ingress", CompleteSecurityGroup},
    {"networkInterfaces", "NetworkInterfaceId* VpcId Description InterfaceType PrivateIpAddress*", CompleteInterface},
    {"prefixLists", "PrefixListId* PrefixListName* OwnerId", CompletePrefixList},
    {"ipSets", "Name* scope Id ARN IPAddressVersion* Description Addresses", CompleteIpSet},
    {"targetGroups", "TargetGroupName* TargetGroupArn TargetType Protocol Port VpcId loadBalancers targets",
     CompleteTargetGroup},
    {"listeners", "loadBalancer* ListenerArn Port* Protocol DefaultActions* rules", CompleteListener},
    {"webAcls", "", CompleteWebAcl},
    {"managedRuleGroups",
     "VendorName* Name* scope Description VersioningSupported Capacity Rules versions expiredVersions "
     "currentVersion subscribed",
     CompleteRuleGroup},
    {"clusters", "clusterName* clusterArn status containerInstances services tasks", CompleteCluster},
    {"taskDefinitions", "family* revision taskDefinitionArn taskRoleArn status containerDefinitions",
     CompleteTaskDefinition},
    {"keys", "KeyId* Description KeyState Enabled KeyUsage KeyManager Origin CreationDate aliases policy* grants",
     CompleteKey},
    {"queues", "QueueName* VisibilityTimeout messages", nullptr},
    {"topics", "Name* TopicArn", CompleteTopic},
    {"configItems", "", CompleteConfigItem},
    {"configRules", "Name* resultToken*", nullptr},
    {"inspectorFindings", "", CompleteInspectorFinding},
    {"inspectorCoverage", "", NeedKey<kResourceId>},
    {"detectors", "detectorId*", nullptr},
    {"guardDutyFindings", "", NeedKey<kId>},
    {"macieFindings", "", NeedKey<kId>},
};

}  // namespace

std::span<const Section> RegionalSections() {
  return kRegionalSections;
}

}  // namespace sallyport::aws_sim
