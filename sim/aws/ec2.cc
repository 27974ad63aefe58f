// SPDX-License-Identifier: Apache-2.0
//
// EC2: instances and regions. Members have the names of the ec2 protocol.
#include <algorithm>
#include <functional>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr PageRule kEc2Pages{.default_size = 1000, .smallest = 5, .bad_size = "InvalidParameterValue"};
constexpr std::size_t kMaxFilterValues = 200;
constexpr std::size_t kMaxIds = 1000;

struct Filter {
  std::string name;
  std::vector<std::string> values;

  bool Match(std::string_view text) const {
    return std::any_of(values.begin(), values.end(), [&](const auto& value) { return WildcardMatch(value, text); });
  }
};

std::optional<Failure> ReadFilters(const Call& call, std::vector<Filter>& filters) {
  for (const json::value& element : ArrayOf(call.in, "Filter")) {
    if (!element.is_object()) return Fail(400, "InvalidParameterValue", "A filter has no name");
    Filter filter{TextOf(element.get_object(), "Name"), TextsOf(element.get_object(), "Value")};
    if (filter.values.size() > kMaxFilterValues) {
      return Fail(400, "FilterLimitExceeded", "The maximum number of filter values is 200");
    }
    filters.push_back(std::move(filter));
  }
  return std::nullopt;
}

Failure UnknownFilter(const std::string& name) {
  return Fail(400, "InvalidParameterValue", "The filter '" + Printable(name, 60) + "' is invalid");
}

// What a filter of DescribeInstances looks at; nothing when there is no such filter.
std::optional<std::vector<std::string_view>> Looked(const Instance& at, std::string_view name) {
  using Texts = std::vector<std::string_view>;
  if (name == "instance-id") return Texts{at.id};
  if (name == "image-id") return Texts{at.image_id};
  if (name == "instance-type") return Texts{at.type};
  if (name == "instance-state-name") return Texts{at.state};
  if (name == "private-ip-address") return Texts{at.private_address};
  if (name == "ip-address") return Texts{at.public_address};
  if (name == "private-dns-name") return Texts{at.private_dns};
  if (name == "dns-name") return Texts{at.public_dns};
  if (name == "vpc-id") return Texts{at.vpc};
  if (name == "subnet-id") return Texts{at.subnet};
  if (name == "availability-zone") return Texts{at.zone};
  if (name == "iam-instance-profile.arn") return Texts{at.profile_arn};
  if (name == "iam-instance-profile.id") return Texts{at.profile_id};
  Texts found;
  if (name == "instance.group-id") {
    for (const auto& group : at.groups) found.emplace_back(group.first);
    return found;
  }
  if (name == "network-interface.private-ip-address" || name == "network-interface.addresses.private-ip-address") {
    for (const auto& one : at.interfaces)
      found.insert(found.end(), one.private_addresses.begin(), one.private_addresses.end());
    return found;
  }
  if (name == "network-interface.network-interface-id") {
    for (const auto& one : at.interfaces) found.emplace_back(one.id);
    return found;
  }
  if (name == "tag-key") {
    for (const auto& tag : at.tags) found.emplace_back(tag.first);
    return found;
  }
  if (!name.starts_with("tag:")) return std::nullopt;
  for (const auto& tag : at.tags) {
    if (tag.first == name.substr(4)) found.emplace_back(tag.second);
  }
  return found;
}

bool Passes(const Instance& instance, const std::vector<Filter>& filters) {
  return std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
    const auto looked = Looked(instance, filter.name);
    return looked && std::any_of(looked->begin(), looked->end(), [&](auto text) { return filter.Match(text); });
  });
}

std::optional<Failure> CheckInstanceFilters(const std::vector<Filter>& filters) {
  const Instance any;
  for (const Filter& filter : filters) {
    if (!Looked(any, filter.name)) return UnknownFilter(filter.name);
  }
  return std::nullopt;
}

bool WellFormedId(std::string_view id) {
  return id.starts_with("i-") && (id.size() == 10 || id.size() == 19) &&
         id.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

std::optional<Failure> InstancesById(const Call& call, const std::vector<std::string>& ids,
                                     std::vector<const Instance*>& found) {
  if (ids.size() > kMaxIds) return Fail(400, "InvalidParameterValue", "Too many instance IDs");
  for (const std::string& id : ids) {
    if (!WellFormedId(id)) return Fail(400, "InvalidInstanceID.Malformed", "Invalid id: \"" + Printable(id, 40) + "\"");
    const Instance* instance = call.regional->FindInstance(id);
    if (instance == nullptr) {
      return Fail(400, "InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
    }
    found.push_back(instance);
  }
  return std::nullopt;
}

// Exact ids in a filter save looking at every instance.
const Filter* ExactIds(const std::vector<Filter>& filters) {
  for (const Filter& filter : filters) {
    const bool exact = std::all_of(filter.values.begin(), filter.values.end(),
                                   [](const auto& v) { return v.find_first_of("*?") == std::string::npos; });
    if (filter.name == "instance-id" && exact) return &filter;
  }
  return nullptr;
}

std::vector<const Instance*> InstancesByFilter(const Call& call, const std::vector<Filter>& filters) {
  std::vector<const Instance*> found;
  if (const Filter* ids = ExactIds(filters)) {
    for (const std::string& id : ids->values) {
      const Instance* instance = call.regional->FindInstance(id);
      if (instance != nullptr && Passes(*instance, filters)) found.push_back(instance);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }
  for (const Instance& instance : call.regional->instances) {
    if (Passes(instance, filters)) found.push_back(&instance);
  }
  return found;
}

json::array GroupSet(const Instance& instance) {
  json::array groups;
  for (const auto& [id, name] : instance.groups) groups.push_back(json::object{{"groupId", id}, {"groupName", name}});
  return groups;
}

json::object ShowInterface(const Instance& instance, const NetworkInterface& one) {
  json::array addresses;
  for (const std::string& address : one.private_addresses) {
    addresses.push_back(json::object{{"privateIpAddress", address}, {"primary", address == one.private_addresses[0]}});
  }
  json::array six;
  for (const std::string& address : one.ipv6_addresses) six.push_back(json::object{{"ipv6Address", address}});
  json::object shown{{"networkInterfaceId", one.id},
                     {"subnetId", instance.subnet},
                     {"vpcId", instance.vpc},
                     {"status", "in-use"},
                     {"privateIpAddress", one.private_addresses.empty() ? "" : one.private_addresses[0]},
                     {"privateIpAddressesSet", std::move(addresses)},
                     {"ipv6AddressesSet", std::move(six)},
                     {"groupSet", GroupSet(instance)}};
  if (!one.public_address.empty()) shown["association"] = json::object{{"publicIp", one.public_address}};
  return shown;
}

void PutIfAny(json::object& to, std::string_view key, const std::string& text) {
  if (!text.empty()) to[key] = text;
}

int StateCode(std::string_view state) {
  constexpr std::pair<std::string_view, int> kCodes[] = {{"pending", 0},     {"running", 16},  {"shutting-down", 32},
                                                         {"terminated", 48}, {"stopping", 64}, {"stopped", 80}};
  for (const auto& [name, code] : kCodes) {
    if (name == state) return code;
  }
  return 0;
}

json::object ShowInstance(const Instance& instance) {
  json::object shown{{"instanceId", instance.id}, {"imageId", instance.image_id}};
  shown["instanceState"] = json::object{{"code", StateCode(instance.state)}, {"name", instance.state}};
  shown["privateDnsName"] = instance.private_dns;
  shown["dnsName"] = instance.public_dns;
  shown["instanceType"] = instance.type;
  shown["launchTime"] = instance.launch_time;
  shown["placement"] = json::object{{"availabilityZone", instance.zone}, {"tenancy", "default"}};
  if (instance.windows) shown["platform"] = "windows";
  shown["platformDetails"] = instance.platform_details;
  PutIfAny(shown, "subnetId", instance.subnet);
  PutIfAny(shown, "vpcId", instance.vpc);
  PutIfAny(shown, "privateIpAddress", instance.private_address);
  PutIfAny(shown, "ipAddress", instance.public_address);
  shown["groupSet"] = GroupSet(instance);
  json::array tags;
  for (const auto& [key, value] : instance.tags) tags.push_back(json::object{{"key", key}, {"value", value}});
  if (!tags.empty()) shown["tagSet"] = std::move(tags);
  json::array interfaces;
  for (const auto& one : instance.interfaces) interfaces.push_back(ShowInterface(instance, one));
  shown["networkInterfaceSet"] = std::move(interfaces);
  if (!instance.profile_arn.empty() && instance.state != "terminated") {
    shown["iamInstanceProfile"] = json::object{{"arn", instance.profile_arn}, {"id", instance.profile_id}};
  }
  return shown;
}

Answer DescribeInstances(World&, const Call& call) {
  std::vector<Filter> filters;
  if (auto problem = ReadFilters(call, filters)) return *problem;
  if (auto problem = CheckInstanceFilters(filters)) return *problem;
  const auto ids = TextsOf(call.in, "InstanceId");
  if (!ids.empty() && Has(call.in, "MaxResults")) {
    return Fail(400, "InvalidParameterCombination",
                "The parameter instancesSet cannot be used with the parameter maxResults");
  }
  std::vector<const Instance*> found;
  if (ids.empty()) {
    found = InstancesByFilter(call, filters);
  } else {
    if (auto problem = InstancesById(call, ids, found)) return *problem;
    found.erase(std::remove_if(found.begin(), found.end(), [&](const auto* one) { return !Passes(*one, filters); }),
                found.end());
  }
  Page page;
  PageRule rule = kEc2Pages;
  if (!ids.empty()) rule.default_size = rule.largest = static_cast<std::int64_t>(kMaxIds);
  if (auto problem = TakePage(call, found.size(), rule, page)) return *problem;
  json::array reservations;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    reservations.push_back(json::object{{"reservationId", "r-" + found[i]->id.substr(2)},
                                        {"ownerId", call.account->id},
                                        {"groupSet", json::array()},
                                        {"instancesSet", json::array{ShowInstance(*found[i])}}});
  }
  json::object out{{"reservationSet", std::move(reservations)}};
  PutPage(out, page, {.token_out = "nextToken"});
  return out;
}

Answer DescribeRegions(World& world, const Call& call) {
  const auto wanted = TextsOf(call.in, "RegionName");
  std::vector<Filter> filters;
  if (auto problem = ReadFilters(call, filters)) return *problem;
  for (const std::string& name : wanted) {
    if (!Contains(world.regions, name)) {
      return Fail(400, "InvalidParameterValue", "Invalid region provided: " + Printable(name, 40));
    }
  }
  json::array shown;
  for (const std::string& region : world.regions) {
    const bool open = call.account->IsOpen(region);
    if (!open && !FlagOf(call.in, "AllRegions")) continue;
    if (!wanted.empty() && !Contains(wanted, region)) continue;
    const std::string status = open ? "opt-in-not-required" : "not-opted-in";
    bool passes = true;
    for (const Filter& filter : filters) {
      if (filter.name != "region-name" && filter.name != "opt-in-status") return UnknownFilter(filter.name);
      passes = passes && filter.Match(filter.name == "region-name" ? region : status);
    }
    if (!passes) continue;
    shown.push_back(json::object{
        {"regionName", region}, {"regionEndpoint", "ec2." + region + "." + world.Suffix()}, {"optInStatus", status}});
  }
  return json::object{{"regionInfo", std::move(shown)}};
}

Answer DescribeVpcEndpoints(World&, const Call& call) {
  std::vector<Filter> filters;
  if (auto problem = ReadFilters(call, filters)) return *problem;
  std::vector<const json::object*> found;
  for (const json::object& endpoint : call.regional->Set("vpcEndpoints")) {
    bool passes = true;
    for (const Filter& filter : filters) {
      const bool by_vpc = filter.name == "vpc-id";
      if (!by_vpc && filter.name != "service-name") return UnknownFilter(filter.name);
      passes = passes && filter.Match(TextOf(endpoint, by_vpc ? "VpcId" : "ServiceName"));
    }
    if (passes) found.push_back(&endpoint);
  }
  Page page;
  if (auto problem = TakePage(call, found.size(), kEc2Pages, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    shown.push_back(json::object{{"vpcEndpointId", TextOf(*found[i], "VpcEndpointId")},
                                 {"vpcEndpointType", TextOf(*found[i], "VpcEndpointType")},
                                 {"vpcId", TextOf(*found[i], "VpcId")},
                                 {"serviceName", TextOf(*found[i], "ServiceName")},
                                 {"state", TextOf(*found[i], "State")},
                                 {"policyDocument", TextOf(*found[i], "Policy")}});
  }
  json::object out{{"vpcEndpointSet", std::move(shown)}};
  PutPage(out, page, {.token_out = "nextToken"});
  return out;
}

// Those of instances, and the records of the estate (tasks', functions', load balancers').
json::array AllInterfaces(const Call& call) {
  json::array all;
  for (const Instance& instance : call.regional->instances) {
    for (const NetworkInterface& one : instance.interfaces) {
      auto shown = ShowInterface(instance, one);
      shown["description"] = "";
      shown["interfaceType"] = "interface";
      shown["attachment"] = json::object{{"instanceId", instance.id}, {"status", "attached"}};
      all.push_back(std::move(shown));
    }
  }
  for (const json::object& record : call.regional->Set("networkInterfaces")) {
    const auto address = TextOf(record, "PrivateIpAddress");
    all.push_back(json::object{
        {"networkInterfaceId", TextOf(record, "NetworkInterfaceId")},
        {"vpcId", TextOf(record, "VpcId")},
        {"description", TextOf(record, "Description")},
        {"interfaceType", TextOf(record, "InterfaceType")},
        {"status", "in-use"},
        {"privateIpAddress", address},
        {"privateIpAddressesSet", json::array{json::object{{"privateIpAddress", address}, {"primary", true}}}}});
  }
  // A load balancer shows its security groups there too, under a description that AWS documents.
  for (const json::object& one : call.regional->Set("classicLoadBalancers")) {
    json::array groups;
    for (const std::string& id : TextsOf(one, "SecurityGroups")) groups.push_back(json::object{{"groupId", id}});
    all.push_back(json::object{{"networkInterfaceId", "eni-elb-" + TextOf(one, "LoadBalancerName")},
                               {"vpcId", TextOf(one, "VPCId")},
                               {"description", "ELB " + TextOf(one, "LoadBalancerName")},
                               {"interfaceType", "interface"},
                               {"status", "in-use"},
                               {"groupSet", std::move(groups)}});
  }
  return all;
}

Answer PageOf(const Call& call, std::string_view key, const json::array& all, const PageRule& rule) {
  Page page;
  if (auto problem = TakePage(call, all.size(), rule, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) shown.push_back(all[i]);
  json::object out{{key, std::move(shown)}};
  PutPage(out, page, {.token_out = "nextToken"});
  return out;
}

Answer DescribeNetworkInterfaces(World&, const Call& call) {
  std::vector<Filter> filters;
  if (auto problem = ReadFilters(call, filters)) return *problem;
  json::array found;
  for (const json::value& value : AllInterfaces(call)) {
    bool passes = true;
    for (const Filter& filter : filters) {
      constexpr std::pair<std::string_view, std::string_view> kMembers[] = {
          {"vpc-id", "vpcId"}, {"description", "description"}, {"addresses.private-ip-address", "privateIpAddress"}};
      const auto* member = std::find_if(std::begin(kMembers), std::end(kMembers),
                                        [&](const auto& known) { return known.first == filter.name; });
      if (member == std::end(kMembers)) return UnknownFilter(filter.name);
      passes = passes && filter.Match(TextOf(value.get_object(), member->second));
    }
    if (passes) found.push_back(value);
  }
  return PageOf(call, "networkInterfaceSet", found, kEc2Pages);
}

json::array Wrapped(const std::vector<std::string>& texts, std::string_view name) {
  json::array list;
  for (const std::string& text : texts) list.push_back(json::object{{name, text}});
  return list;
}

// {protocol: tcp, from: 443, to: 443, cidrs: [..], prefixLists: [..], groups: [..]}
json::object ShowPermission(const json::object& record) {
  const auto protocol = TextOf(record, "protocol", "tcp");
  json::object shown{{"ipProtocol", protocol}};
  if (protocol != "-1") {
    shown["fromPort"] = NumberOf(record, "from", 0);
    shown["toPort"] = NumberOf(record, "to", 65535);
  }
  std::vector<std::string> four;
  std::vector<std::string> six;
  for (const std::string& cidr : TextsOf(record, "cidrs"))
    (cidr.find(':') == std::string::npos ? four : six).push_back(cidr);
  shown["ipRanges"] = Wrapped(four, "cidrIp");
  shown["ipv6Ranges"] = Wrapped(six, "cidrIpv6");
  shown["prefixListIds"] = Wrapped(TextsOf(record, "prefixLists"), "prefixListId");
  shown["groups"] = Wrapped(TextsOf(record, "groups"), "groupId");
  return shown;
}

Answer DescribeSecurityGroups(World&, const Call& call) {
  std::vector<Filter> filters;
  if (auto problem = ReadFilters(call, filters)) return *problem;
  json::array found;
  for (const json::object& record : call.regional->Set("securityGroups")) {
    bool passes = true;
    for (const Filter& filter : filters) {
      if (filter.name != "group-id" && filter.name != "vpc-id") return UnknownFilter(filter.name);
      passes = passes && filter.Match(TextOf(record, filter.name == "group-id" ? "GroupId" : "VpcId"));
    }
    if (!passes) continue;
    json::array permissions;
    for (const json::value& one : ArrayOf(record, "ingress")) permissions.push_back(ShowPermission(one.get_object()));
    found.push_back(json::object{{"groupId", TextOf(record, "GroupId")},
                                 {"groupName", TextOf(record, "GroupName")},
                                 {"vpcId", TextOf(record, "VpcId")},
                                 {"ownerId", call.account->id},
                                 {"ipPermissions", std::move(permissions)}});
  }
  return PageOf(call, "securityGroupInfo", found, kEc2Pages);
}

Answer DescribeManagedPrefixLists(World&, const Call& call) {
  json::array all;
  for (const json::object& record : call.regional->Set("prefixLists")) {
    all.push_back(json::object{{"prefixListId", TextOf(record, "PrefixListId")},
                               {"prefixListName", TextOf(record, "PrefixListName")},
                               {"ownerId", TextOf(record, "OwnerId")},
                               {"addressFamily", "IPv4"}});
  }
  PageRule rule = kEc2Pages;
  rule.smallest = 1;
  rule.largest = rule.default_size = 100;
  return PageOf(call, "prefixListSet", all, rule);
}

constexpr OperationSpec kEc2Operations[] = {
    {"DescribeInstances", "InstanceId IncludeManagedResources DryRun Filter NextToken MaxResults", DescribeInstances},
    {"DescribeRegions", "RegionName AllRegions DryRun Filter", DescribeRegions},
    {"DescribeVpcEndpoints", "DryRun VpcEndpointId Filter MaxResults NextToken", DescribeVpcEndpoints},
    {"DescribeNetworkInterfaces", "DryRun NetworkInterfaceId Filter MaxResults NextToken", DescribeNetworkInterfaces},
    {"DescribeSecurityGroups", "DryRun GroupId Filter MaxResults NextToken", DescribeSecurityGroups},
    {"DescribeManagedPrefixLists", "DryRun PrefixListId Filter MaxResults NextToken", DescribeManagedPrefixLists},
};

}  // namespace

const ServiceSpec kEc2Service{
    "ec2", "ec2", "2016-11-15", Protocol::kEc2, "", "http://ec2.amazonaws.com/doc/2016-11-15/", kEc2Operations};

}  // namespace sallyport::aws_sim
