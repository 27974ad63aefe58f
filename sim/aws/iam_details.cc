// SPDX-License-Identifier: Apache-2.0
//
// GetAccountAuthorizationDetails: everything at once, in pages that run through users, roles and policies.
#include "sim/aws/iam_records.h"

namespace sallyport::aws_sim {
namespace {

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

struct DetailPlace {
  enum Kind { kUser, kRole, kPolicy } kind;
  const json::object* record;
};

bool Wanted(const std::vector<std::string>& filter, std::string_view kind) {
  return filter.empty() || Contains(filter, kind);
}

std::vector<DetailPlace> Places(World& world, Account& account, const std::vector<std::string>& filter) {
  std::vector<DetailPlace> places;
  if (Wanted(filter, "User")) {
    for (const auto& user : account.Set("users")) places.push_back({DetailPlace::kUser, &user});
  }
  std::vector<std::string> attached;
  for (const auto& role : account.Set("roles")) {
    if (Wanted(filter, "Role")) places.push_back({DetailPlace::kRole, &role});
    for (auto& arn : TextsOf(role, "attached")) {
      if (!Contains(attached, arn)) attached.push_back(std::move(arn));
    }
  }
  if (Wanted(filter, "LocalManagedPolicy")) {
    for (const auto& policy : account.Set("policies")) {
      if (SplitArn(TextOf(policy, "Arn")).account == account.id) places.push_back({DetailPlace::kPolicy, &policy});
    }
  }
  if (!Wanted(filter, "AWSManagedPolicy")) return places;
  for (const std::string& arn : attached) {
    const auto* policy = SplitArn(arn).account == "aws" ? FindPolicy(world, account, arn) : nullptr;
    if (policy != nullptr) places.push_back({DetailPlace::kPolicy, policy});
  }
  return places;
}

}  // namespace

Answer GetAccountAuthorizationDetails(World& world, const Call& call) {
  const auto filter = TextsOf(call.in, "Filter");
  for (const std::string& kind : filter) {
    if (!Contains({"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}, kind)) {
      return Fail(400, "ValidationError", "1 validation error detected: Value at 'filter' is not a known entity type");
    }
  }
  const auto places = Places(world, *call.account, filter);
  Page page;
  if (auto problem = TakePage(call, places.size(), kIamPages, page)) return *problem;
  json::array users;
  json::array roles;
  json::array policies;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    const DetailPlace& place = places[i];
    if (place.kind == DetailPlace::kUser) users.push_back(UserDetail(*place.record));
    if (place.kind == DetailPlace::kRole) roles.push_back(RoleDetail(*call.account, *place.record));
    if (place.kind == DetailPlace::kPolicy) policies.push_back(PolicyDetail(*place.record));
  }
  json::object out{{"UserDetailList", std::move(users)},
                   {"GroupDetailList", json::array()},
                   {"RoleDetailList", std::move(roles)},
                   {"Policies", std::move(policies)}};
  PutPage(out, page, kIamPages);
  return out;
}

}  // namespace sallyport::aws_sim
