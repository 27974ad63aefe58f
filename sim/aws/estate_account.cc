// SPDX-License-Identifier: Apache-2.0
//
// The sections of an account that belong to no region: IAM, buckets, distributions. And instances.
#include <cctype>

#include "base/text.h"
#include "sim/aws/estate_sections.h"

namespace sallyport::aws_sim {
namespace {

// Ids derived from names, so that the same file gives the same ids.
std::string IdFrom(std::string_view prefix, const std::string& seed) {
  std::uint64_t hash = 14695981039346656037ULL;
  std::string out(prefix);
  for (int i = 0; i < 17; ++i) {
    for (const char c : seed) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(hash >> 20U) % 32];
  }
  return out;
}

void TagsToList(json::object& record) {
  if (!Has(record, "tags")) return;
  record["Tags"] = TagList(ObjectOf(record, "tags"));
  record.erase("tags");
}

void InlineToText(json::object& record) {
  json::object texts = ObjectOf(record, "inline");
  for (auto& policy : texts) {
    if (!policy.value().is_string()) policy.value() = json::value(json::serialize(policy.value()));
  }
  record["inline"] = std::move(texts);
}

// What the keys and sessions of a principal may call.
void RightsOf(const json::object& record, Principal& who) {
  who.allow = TextsOf(record, "allow");
  who.deny = TextsOf(record, "deny");
}

Status CompleteUser(const SectionPlace& place, json::object& user) {
  const auto name = TextOf(user, "UserName");
  const auto arn = place.world.Arn("iam", "", place.account.id, "user" + TextOf(user, "Path", "/") + name);
  Default(user, "Path", "/");
  Default(user, "UserId", IdFrom("AIDA", arn));
  Default(user, "Arn", arn);
  Default(user, "CreateDate", kSomeDate);
  Default(user, "allow", json::array{"*"});
  TagsToList(user);
  InlineToText(user);
  for (const json::value& value : ArrayOf(user, "accessKeys")) {
    if (!value.is_object()) return BadEstate("`accessKeys`: expected names and values");
    auto checked = CheckKeys(value.get_object(), "id* secret* status", "accessKeys");
    if (!checked.ok()) return checked;
    AccessKey key;
    key.secret = TextOf(value.get_object(), "secret");
    key.who.account = place.account.id;
    key.who.arn = arn;
    key.who.user_id = TextOf(user, "UserId");
    RightsOf(user, key.who);
    place.world.keys[TextOf(value.get_object(), "id")] = std::move(key);
  }
  return Ok();
}

Status CompleteRole(const SectionPlace& place, json::object& role) {
  const auto name = TextOf(role, "RoleName");
  Default(role, "Path", "/");
  const auto arn = place.world.Arn("iam", "", place.account.id, "role" + TextOf(role, "Path") + name);
  Default(role, "RoleId", IdFrom("AROA", arn));
  Default(role, "Arn", arn);
  Default(role, "CreateDate", kSomeDate);
  role["AssumeRolePolicyDocument"] = role.at("trust");
  DocumentToText(role, "AssumeRolePolicyDocument");
  role.erase("trust");
  Default(role, "MaxSessionDuration", 3600);
  Default(role, "allow", json::array{"*"});
  if (Has(role, "boundary")) {
    role["PermissionsBoundary"] =
        json::object{{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", TextOf(role, "boundary")}};
    role.erase("boundary");
  }
  TagsToList(role);
  InlineToText(role);
  return Ok();
}

Status CompletePolicy(const SectionPlace& place, json::object& policy) {
  const auto name = TextOf(policy, "PolicyName");
  Default(policy, "Path", "/");
  const bool of_aws = FlagOf(policy, "awsManaged");
  policy.erase("awsManaged");
  const auto arn =
      place.world.Arn("iam", "", of_aws ? "aws" : place.account.id, "policy" + TextOf(policy, "Path") + name);
  Default(policy, "Arn", arn);
  Default(policy, "PolicyId", IdFrom("ANPA", arn));
  Default(policy, "DefaultVersionId", "v1");
  Default(policy, "AttachmentCount", 1);
  Default(policy, "PermissionsBoundaryUsageCount", 0);
  Default(policy, "IsAttachable", true);
  Default(policy, "CreateDate", kSomeDate);
  Default(policy, "UpdateDate", kSomeDate);
  if (Has(policy, "document")) {
    policy["versions"] = json::object{{"v1", policy.at("document")}};
    policy.erase("document");
  }
  json::object versions = ObjectOf(policy, "versions");
  for (auto& version : versions) {
    if (!version.value().is_string()) version.value() = json::value(json::serialize(version.value()));
  }
  if (!Has(versions, TextOf(policy, "DefaultVersionId"))) return BadEstate("the default version has no document");
  policy["versions"] = std::move(versions);
  return Ok();
}

Status CompleteProfile(const SectionPlace& place, json::object& profile) {
  const auto name = TextOf(profile, "InstanceProfileName");
  Default(profile, "Path", "/");
  const auto arn = place.world.Arn("iam", "", place.account.id, "instance-profile" + TextOf(profile, "Path") + name);
  Default(profile, "InstanceProfileId", IdFrom("AIPA", arn));
  Default(profile, "Arn", arn);
  Default(profile, "CreateDate", kSomeDate);
  Default(profile, "roles", json::array());
  TagsToList(profile);
  return Ok();
}

Status CompleteBucket(const SectionPlace& place, json::object& bucket) {
  if (!Contains(place.world.regions, TextOf(bucket, "Region"))) {
    return BadEstate("region `" + Printable(TextOf(bucket, "Region"), 40) + "` is not in `regions`");
  }
  DocumentToText(bucket, "Policy");
  json::array points = ArrayOf(bucket, "accessPoints");
  for (json::value& point : points) {
    if (!point.is_object()) return BadEstate("`accessPoints`: expected names and values");
    auto checked = CheckKeys(point.get_object(), "Name* VpcId Policy PublicAccessBlock", "accessPoints");
    if (!checked.ok()) return checked;
    DocumentToText(point.get_object(), "Policy");
  }
  bucket["accessPoints"] = std::move(points);
  return Ok();
}

Status CompleteVpcOrigin(const SectionPlace& place, json::object& origin) {
  Default(origin, "Name", TextOf(origin, "Id"));
  Default(origin, "Status", "Deployed");
  Default(origin, "CreatedTime", kSomeDate);
  Default(origin, "LastModifiedTime", kSomeDate);
  Default(origin, "Arn", place.world.Arn("cloudfront", "", place.account.id, "vpcorigin/" + TextOf(origin, "Id")));
  Default(origin, "AccountId", place.account.id);
  return Ok();
}

Status CompleteDistribution(const SectionPlace& place, json::object& distribution) {
  const auto id = TextOf(distribution, "Id");
  Default(distribution, "ARN", place.world.Arn("cloudfront", "", place.account.id, "distribution/" + id));
  Default(distribution, "Status", "Deployed");
  Default(distribution, "DomainName", ToLowerAscii(id) + ".cloudfront.net");
  Default(distribution, "LastModifiedTime", kSomeDate);
  return Ok();
}

constexpr Section kAccountSections[] = {
    {"users", "UserName* Path UserId accessKeys inline attached allow deny tags", CompleteUser},
    {"roles", "RoleName* Path RoleId Description MaxSessionDuration trust* inline attached boundary allow deny tags",
     CompleteRole},
    {"policies", "PolicyName* Path PolicyId Description awsManaged document versions DefaultVersionId", CompletePolicy},
    {"instanceProfiles", "InstanceProfileName* Path InstanceProfileId roles tags", CompleteProfile},
    {"buckets",
     "Name* Region* Policy grants ObjectOwnership PublicAccessBlock Encryption accessPoints RequestPayer Versioning "
     "MfaDelete",
     CompleteBucket},
    {"distributions", "Id* DomainName Status config* ConnectionMode Staging", CompleteDistribution},
    {"vpcOrigins", "Id* Name OriginEndpointArn*", CompleteVpcOrigin},
};

// --- instances

Result<NetworkInterface> MakeInterface(const json::value& value) {
  if (!value.is_object()) return BadEstate("`interfaces`: expected names and values");
  const auto& record = value.get_object();
  const auto checked = CheckKeys(record, "id* privateIps* publicIp ipv6", "interfaces");
  if (!checked.ok()) return checked.error();
  return NetworkInterface{TextOf(record, "id"), TextsOf(record, "privateIps"), TextOf(record, "publicIp"),
                          TextsOf(record, "ipv6")};
}

Status ReadInterfaces(const json::object& record, Instance& made) {
  for (const json::value& value : ArrayOf(record, "interfaces")) {
    auto one = MakeInterface(value);
    if (!one) return one.error();
    made.interfaces.push_back(std::move(one).value());
  }
  if (!made.interfaces.empty() || made.private_address.empty()) return Ok();
  made.interfaces.push_back({"eni-" + made.id.substr(2), {made.private_address}, made.public_address, {}});
  return Ok();
}

Status ReadProfile(const SectionPlace& place, const json::object& record, Instance& made) {
  const auto name = TextOf(record, "profile");
  if (name.empty()) return Ok();
  const auto* profile = FindRecord(place.account.Set("instanceProfiles"), "InstanceProfileName", name);
  if (profile == nullptr) return BadEstate("there is no instance profile `" + Printable(name, 100) + "`");
  made.profile_arn = TextOf(*profile, "Arn");
  made.profile_id = TextOf(*profile, "InstanceProfileId");
  made.association_state = TextOf(record, "associationState", "associated");
  return Ok();
}

std::string DnsFor(const std::string& address, std::string_view prefix, std::string_view suffix) {
  if (address.empty()) return "";
  std::string name(prefix);
  for (const char c : address) name += c == '.' ? '-' : c;
  return name + std::string(suffix);
}

}  // namespace

Result<Instance> MakeInstance(const SectionPlace& place, const json::object& record) {
  Instance made;
  made.id = TextOf(record, "id");
  made.image_id = TextOf(record, "image", "ami-0aabbccddeeff0011");
  made.type = TextOf(record, "type", "t3.medium");
  made.state = TextOf(record, "state", "running");
  made.windows = FlagOf(record, "windows");
  made.platform_details = made.windows ? "Windows" : "Linux/UNIX";
  made.launch_time = TextOf(record, "launched", "2024-05-01T08:30:00.000Z");
  made.private_address = TextOf(record, "privateIp");
  made.public_address = TextOf(record, "publicIp");
  const bool first = place.region == "us-east-1";
  made.private_dns =
      DnsFor(made.private_address, "ip-", first ? ".ec2.internal" : "." + place.region + ".compute.internal");
  made.public_dns = TextOf(record, "publicDns",
                           DnsFor(made.public_address, "ec2-",
                                  first ? ".compute-1.amazonaws.com" : "." + place.region + ".compute.amazonaws.com"));
  made.vpc = TextOf(record, "vpc");
  made.subnet = TextOf(record, "subnet");
  made.zone = TextOf(record, "zone", place.region + "a");
  for (const auto& tag : ObjectOf(record, "tags")) {
    made.tags.emplace_back(
        tag.key(), tag.value().is_string() ? std::string(tag.value().get_string()) : json::serialize(tag.value()));
  }
  for (const auto& group : ObjectOf(record, "groups")) {
    made.groups.emplace_back(group.key(), TextOf(ObjectOf(record, "groups"), group.key()));
  }
  auto read = ReadInterfaces(record, made);
  if (!read.ok()) return read.error();
  read = ReadProfile(place, record, made);
  if (!read.ok()) return read.error();
  return made;
}

std::span<const Section> AccountSections() {
  return kAccountSections;
}

}  // namespace sallyport::aws_sim
