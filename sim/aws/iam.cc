// SPDX-License-Identifier: Apache-2.0
//
// IAM: instance profiles, roles and policies, read only.
#include <cstdio>

#include "base/text.h"
#include "sim/aws/iam_records.h"

namespace sallyport::aws_sim {

Failure NoSuchEntity(std::string_view kind, const std::string& name) {
  return Fail(404, "NoSuchEntity",
              "The " + std::string(kind) + " with name " + Printable(name, 130) + " cannot be found.");
}

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

namespace {

// A page of `all` under `key`.
Answer PagedIam(const Call& call, std::string_view key, const json::array& all) {
  Page page;
  if (auto problem = TakePage(call, all.size(), kIamPages, page)) return *problem;
  json::object out{{key, json::array(all.begin() + page.begin, all.begin() + page.end)}};
  PutPage(out, page, kIamPages);
  return out;
}

bool UnderPrefix(const Call& call, const json::object& record) {
  return TextOf(record, "Path").starts_with(TextOf(call.in, "PathPrefix"));
}

const json::object* RoleOf(const Call& call) {
  return FindRecord(call.account->Set("roles"), "RoleName", TextOf(call.in, "RoleName"));
}

Answer GetInstanceProfile(World&, const Call& call) {
  const auto name = TextOf(call.in, "InstanceProfileName");
  const auto* profile = FindRecord(call.account->Set("instanceProfiles"), "InstanceProfileName", name);
  if (profile == nullptr) {
    return Fail(404, "NoSuchEntity", "Instance Profile " + Printable(name, 130) + " cannot be found.");
  }
  return json::object{{"InstanceProfile", ShowProfile(*call.account, *profile)}};
}

Answer ListInstanceProfiles(World&, const Call& call) {
  std::vector<const json::object*> found;
  for (const json::object& profile : call.account->Set("instanceProfiles")) {
    if (UnderPrefix(call, profile)) found.push_back(&profile);
  }
  Page page;
  if (auto problem = TakePage(call, found.size(), kIamPages, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) shown.push_back(ShowProfile(*call.account, *found[i]));
  json::object out{{"InstanceProfiles", std::move(shown)}};
  PutPage(out, page, kIamPages);
  return out;
}

Answer ListInstanceProfilesForRole(World&, const Call& call) {
  if (RoleOf(call) == nullptr) return NoSuchEntity("role", TextOf(call.in, "RoleName"));
  json::array all;
  for (auto& profile : ProfilesOfRole(*call.account, TextOf(call.in, "RoleName"))) all.emplace_back(std::move(profile));
  return PagedIam(call, "InstanceProfiles", all);
}

Answer GetRole(World&, const Call& call) {
  const auto* role = RoleOf(call);
  if (role == nullptr) return NoSuchEntity("role", TextOf(call.in, "RoleName"));
  return json::object{{"Role", ShowRole(*role)}};
}

Answer ListRoles(World&, const Call& call) {
  std::vector<const json::object*> found;
  for (const json::object& role : call.account->Set("roles")) {
    if (UnderPrefix(call, role)) found.push_back(&role);
  }
  Page page;
  if (auto problem = TakePage(call, found.size(), kIamPages, page)) return *problem;
  json::array shown;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    shown.push_back(Without(ShowRole(*found[i]), {"PermissionsBoundary", "RoleLastUsed", "Tags"}));
  }
  json::object out{{"Roles", std::move(shown)}};
  PutPage(out, page, kIamPages);
  return out;
}

Answer ListRolePolicies(World&, const Call& call) {
  const auto* role = RoleOf(call);
  if (role == nullptr) return NoSuchEntity("role", TextOf(call.in, "RoleName"));
  json::array names;
  for (const auto& policy : ObjectOf(*role, "inline")) names.emplace_back(policy.key());
  return PagedIam(call, "PolicyNames", names);
}

Answer GetRolePolicy(World&, const Call& call) {
  const auto* role = RoleOf(call);
  if (role == nullptr) return NoSuchEntity("role", TextOf(call.in, "RoleName"));
  const auto name = TextOf(call.in, "PolicyName");
  if (!Has(ObjectOf(*role, "inline"), name)) return NoSuchEntity("role policy", name);
  return json::object{{"RoleName", TextOf(call.in, "RoleName")},
                      {"PolicyName", name},
                      {"PolicyDocument", EncodedDocument(TextOf(ObjectOf(*role, "inline"), name))}};
}

Answer ListAttachedRolePolicies(World&, const Call& call) {
  const auto* role = RoleOf(call);
  if (role == nullptr) return NoSuchEntity("role", TextOf(call.in, "RoleName"));
  return PagedIam(call, "AttachedPolicies", AttachedPolicies(TextsOf(*role, "attached")));
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

// Of the user that is named.
Answer ListAccessKeys(World&, const Call& call) {
  const auto name = TextOf(call.in, "UserName");
  const auto* user = FindRecord(call.account->Set("users"), "UserName", name);
  if (user == nullptr) return NoSuchEntity("user", name);
  json::array keys;
  for (const json::value& value : ArrayOf(*user, "accessKeys")) {
    const auto& key = value.get_object();
    keys.push_back(json::object{{"UserName", name},
                                {"AccessKeyId", TextOf(key, "id")},
                                {"Status", TextOf(key, "status", "Active")},
                                {"CreateDate", TextOf(*user, "CreateDate")}});
  }
  return PagedIam(call, "AccessKeyMetadata", keys);
}

constexpr Binding kIamBindings[] = {{"GetInstanceProfile", GetInstanceProfile},
                                    {"ListInstanceProfiles", ListInstanceProfiles},
                                    {"ListInstanceProfilesForRole", ListInstanceProfilesForRole},
                                    {"GetRole", GetRole},
                                    {"ListRoles", ListRoles},
                                    {"ListRolePolicies", ListRolePolicies},
                                    {"GetRolePolicy", GetRolePolicy},
                                    {"ListAttachedRolePolicies", ListAttachedRolePolicies},
                                    {"GetPolicy", GetPolicy},
                                    {"GetPolicyVersion", GetPolicyVersion},
                                    {"GetAccountAuthorizationDetails", GetAccountAuthorizationDetails},
                                    {"ListAccessKeys", ListAccessKeys},
                                    {"SimulatePrincipalPolicy", SimulatePrincipalPolicy}};

}  // namespace

Bindings IamBindings() {
  return kIamBindings;
}

}  // namespace sallyport::aws_sim
