// SPDX-License-Identifier: Apache-2.0
//
// IAM: policies, and everything at once in pages that run through users, roles and policies. A role's record has beside
// the wire's members: `inline` (name -> document text), `attached` (policy ARNs), `allow` and `deny` (what the
// simulator lets its sessions call).
#include <cstdio>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr PageRule kIamPages{.token_in = "Marker",
                             .token_out = "Marker",
                             .size_in = "MaxItems",
                             .more = "IsTruncated",
                             .bad_token = "ValidationError"};

std::string EncodedDocument(std::string_view document) {
  std::string out;
  for (const char c : document) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += plain ? std::string(1, c) : escaped;
  }
  return out;
}

json::object ShowRole(const json::object& role) {
  auto shown = Without(role, {"inline", "attached", "allow", "deny"});
  shown["AssumeRolePolicyDocument"] = EncodedDocument(TextOf(role, "AssumeRolePolicyDocument"));
  return shown;
}

json::object ShowProfile(Account& account, const json::object& profile) {
  auto shown = Without(profile, {"roles"});
  json::array roles;
  for (const std::string& name : TextsOf(profile, "roles")) {
    const json::object* role = FindRecord(account.Set("roles"), "RoleName", name);
    if (role == nullptr) continue;
    roles.push_back(Without(ShowRole(*role), {"PermissionsBoundary", "RoleLastUsed", "Tags", "Description"}));
  }
  shown["Roles"] = std::move(roles);
  return shown;
}

const json::object* FindPolicy(World& world, Account& account, const std::string& arn) {
  if (const auto* own = FindRecord(account.Set("policies"), "Arn", arn)) return own;
  // AWS's own policies (account `aws`) are listed in any account of the file.
  if (SplitArn(arn).account != "aws") return nullptr;
  for (auto& [id, other] : world.accounts) {
    if (const auto* found = FindRecord(other.Set("policies"), "Arn", arn)) return found;
  }
  return nullptr;
}

json::array AttachedPolicies(const std::vector<std::string>& arns) {
  json::array list;
  for (const std::string& arn : arns) list.push_back(json::object{{"PolicyName", LastPart(arn)}, {"PolicyArn", arn}});
  return list;
}

Records ProfilesOfRole(Account& account, const std::string& role_name) {
  Records found;
  for (const json::object& profile : account.Set("instanceProfiles")) {
    if (Contains(TextsOf(profile, "roles"), role_name)) found.push_back(ShowProfile(account, profile));
  }
  return found;
}

Failure NoPolicy(const std::string& arn) {
  return Fail(404, "NoSuchEntity", "Policy " + Printable(arn, 200) + " does not exist or is not attachable.");
}

Answer GetPolicy(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "PolicyArn");
  if (SplitArn(arn).service != "iam") return Fail(400, "ValidationError", "Invalid ARN: " + Printable(arn, 200));
  const auto* policy = FindPolicy(world, *call.account, arn);
  if (policy == nullptr) return NoPolicy(arn);
  return json::object{{"Policy", Without(*policy, {"versions"})}};
}

Answer GetPolicyVersion(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "PolicyArn");
  const auto* policy = FindPolicy(world, *call.account, arn);
  if (policy == nullptr) return NoPolicy(arn);
  const auto version = TextOf(call.in, "VersionId");
  if (!Has(ObjectOf(*policy, "versions"), version)) {
    return Fail(404, "NoSuchEntity",
                "Policy " + arn + " version " + Printable(version, 20) + " does not exist or is not attachable.");
  }
  json::object shown{{"Document", EncodedDocument(TextOf(ObjectOf(*policy, "versions"), version))},
                     {"VersionId", version},
                     {"IsDefaultVersion", version == TextOf(*policy, "DefaultVersionId")},
                     {"CreateDate", TextOf(*policy, "CreateDate")}};
  return json::object{{"PolicyVersion", std::move(shown)}};
}

json::array InlineList(const json::object& record) {
  json::array list;
  for (const auto& policy : ObjectOf(record, "inline")) {
    const std::string text = policy.value().is_string() ? std::string(policy.value().get_string()) : "";
    list.push_back(json::object{{"PolicyName", policy.key()}, {"PolicyDocument", EncodedDocument(text)}});
  }
  return list;
}

json::object UserDetail(const json::object& user) {
  auto shown = Pick(user, {"Path", "UserName", "UserId", "Arn", "CreateDate", "Tags"});
  shown["UserPolicyList"] = InlineList(user);
  shown["GroupList"] = json::array();
  shown["AttachedManagedPolicies"] = AttachedPolicies(TextsOf(user, "attached"));
  return shown;
}

json::object RoleDetail(Account& account, const json::object& role) {
  auto shown = Without(ShowRole(role), {"Description", "MaxSessionDuration"});
  json::array profiles;
  for (auto& profile : ProfilesOfRole(account, TextOf(role, "RoleName"))) profiles.emplace_back(std::move(profile));
  shown["InstanceProfileList"] = std::move(profiles);
  shown["RolePolicyList"] = InlineList(role);
  shown["AttachedManagedPolicies"] = AttachedPolicies(TextsOf(role, "attached"));
  return shown;
}

json::object PolicyDetail(const json::object& policy) {
  auto shown = Without(policy, {"versions"});
  json::array versions;
  for (const auto& version : ObjectOf(policy, "versions")) {
    const std::string text = version.value().is_string() ? std::string(version.value().get_string()) : "";
    versions.push_back(json::object{{"Document", EncodedDocument(text)},
                                    {"VersionId", version.key()},
                                    {"IsDefaultVersion", version.key() == TextOf(policy, "DefaultVersionId")},
                                    {"CreateDate", TextOf(policy, "CreateDate")}});
  }
  shown["PolicyVersionList"] = std::move(versions);
  return shown;
}

struct Detail {
  enum Kind { kUser, kRole, kPolicy } kind;
  const json::object* record;
};

bool Wanted(const std::vector<std::string>& filter, std::string_view kind) {
  return filter.empty() || Contains(filter, kind);
}

std::vector<Detail> Details(World& world, Account& account, const std::vector<std::string>& filter) {
  std::vector<Detail> places;
  if (Wanted(filter, "User")) {
    for (const auto& user : account.Set("users")) places.push_back({Detail::kUser, &user});
  }
  std::vector<std::string> attached;
  for (const auto& role : account.Set("roles")) {
    if (Wanted(filter, "Role")) places.push_back({Detail::kRole, &role});
    for (auto& arn : TextsOf(role, "attached")) {
      if (!Contains(attached, arn)) attached.push_back(std::move(arn));
    }
  }
  if (Wanted(filter, "LocalManagedPolicy")) {
    for (const auto& policy : account.Set("policies")) {
      if (SplitArn(TextOf(policy, "Arn")).account == account.id) places.push_back({Detail::kPolicy, &policy});
    }
  }
  if (!Wanted(filter, "AWSManagedPolicy")) return places;
  for (const std::string& arn : attached) {
    const auto* policy = SplitArn(arn).account == "aws" ? FindPolicy(world, account, arn) : nullptr;
    if (policy != nullptr) places.push_back({Detail::kPolicy, policy});
  }
  return places;
}

Answer GetAccountAuthorizationDetails(World& world, const Call& call) {
  const auto filter = TextsOf(call.in, "Filter");
  for (const std::string& kind : filter) {
    if (!Contains({"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}, kind)) {
      return Fail(400, "ValidationError", "1 validation error detected: Value at 'filter' is not a known entity type");
    }
  }
  const auto places = Details(world, *call.account, filter);
  Page page;
  if (auto problem = TakePage(call, places.size(), kIamPages, page)) return *problem;
  json::array users;
  json::array roles;
  json::array policies;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    const Detail& place = places[i];
    if (place.kind == Detail::kUser) users.push_back(UserDetail(*place.record));
    if (place.kind == Detail::kRole) roles.push_back(RoleDetail(*call.account, *place.record));
    if (place.kind == Detail::kPolicy) policies.push_back(PolicyDetail(*place.record));
  }
  json::object out{{"UserDetailList", std::move(users)},
                   {"GroupDetailList", json::array()},
                   {"RoleDetailList", std::move(roles)},
                   {"Policies", std::move(policies)}};
  PutPage(out, page, kIamPages);
  return out;
}

// Of the user that is named.
Answer ListAccessKeys(World&, const Call& call) {
  const auto name = TextOf(call.in, "UserName");
  const auto* user = FindRecord(call.account->Set("users"), "UserName", name);
  if (user == nullptr) {
    return Fail(404, "NoSuchEntity", "The user with name " + Printable(name, 130) + " cannot be found.");
  }
  json::array keys;
  for (const json::value& value : ArrayOf(*user, "accessKeys")) {
    const auto& key = value.get_object();
    keys.push_back(json::object{{"UserName", name},
                                {"AccessKeyId", TextOf(key, "id")},
                                {"Status", TextOf(key, "status", "Active")},
                                {"CreateDate", TextOf(*user, "CreateDate")}});
  }
  return OnePage(call, "AccessKeyMetadata", keys, kIamPages);
}

constexpr OperationSpec kIamOperations[] = {
    {"GetPolicy", "PolicyArn*", GetPolicy},
    {"GetPolicyVersion", "PolicyArn* VersionId*", GetPolicyVersion},
    {"GetAccountAuthorizationDetails", "Filter MaxItems Marker", GetAccountAuthorizationDetails},
    {"ListAccessKeys", "UserName Marker MaxItems", ListAccessKeys},
};

}  // namespace

const ServiceSpec kIamService{
    "iam", "iam", "2010-05-08", Protocol::kQuery, "", "https://iam.amazonaws.com/doc/2010-05-08/", kIamOperations};

}  // namespace sallyport::aws_sim
