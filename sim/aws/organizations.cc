// SPDX-License-Identifier: Apache-2.0
//
// Organizations. World::organization: Id, MasterAccountId, delegated (account ids), parents ({child id: parent id}),
// policies ([{Id, Name, Type, AwsManaged, Content, targets}]).
#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr PageRule kOrganizationsPages{
    .default_size = 20, .largest = 20, .bad_token = "InvalidInputException", .bad_size = "InvalidInputException"};

std::optional<Failure> InUse(World& world) {
  if (!world.organization.empty()) return std::nullopt;
  return Fail(400, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}

// Policies and the tree are for the management account and delegated administrators.
std::optional<Failure> MayRead(World& world, const Call& call) {
  if (auto problem = InUse(world)) return problem;
  const auto& who = call.account->id;
  if (who == TextOf(world.organization, "MasterAccountId") || Contains(TextsOf(world.organization, "delegated"), who)) {
    return std::nullopt;
  }
  return Fail(400, "AccessDeniedException", "You don't have permissions to access this resource.");
}

std::string MasterArn(World& world, std::string_view rest) {
  return world.Arn("organizations", "", TextOf(world.organization, "MasterAccountId"), rest);
}

Answer DescribeOrganization(World& world, const Call&) {
  if (auto problem = InUse(world)) return *problem;
  const auto id = TextOf(world.organization, "Id");
  const auto master = TextOf(world.organization, "MasterAccountId");
  json::object shown{
      {"Id", id},
      {"Arn", MasterArn(world, "organization/" + id)},
      {"FeatureSet", "ALL"},
      {"MasterAccountArn", MasterArn(world, "account/" + id + "/" + master)},
      {"MasterAccountId", master},
      {"MasterAccountEmail", "management@example.com"},
      {"AvailablePolicyTypes", json::array{json::object{{"Type", "SERVICE_CONTROL_POLICY"}, {"Status", "ENABLED"}}}}};
  return json::object{{"Organization", std::move(shown)}};
}

json::object PolicySummary(World& world, const json::object& policy) {
  const auto type = TextOf(policy, "Type", "SERVICE_CONTROL_POLICY");
  const bool of_aws = FlagOf(policy, "AwsManaged");
  const auto rest = "policy/" + (of_aws ? std::string() : TextOf(world.organization, "Id") + "/") + ToLowerAscii(type) +
                    "/" + TextOf(policy, "Id");
  return {{"Id", TextOf(policy, "Id")},
          {"Arn", of_aws ? world.Arn("organizations", "", "aws", rest) : MasterArn(world, rest)},
          {"Name", TextOf(policy, "Name")},
          {"Description", TextOf(policy, "Description")},
          {"Type", type},
          {"AwsManaged", of_aws}};
}

bool IsInTree(World& world, const std::string& id) {
  for (const auto& link : ObjectOf(world.organization, "parents")) {
    if (link.key() == id || (link.value().is_string() && link.value().get_string() == id)) return true;
  }
  return false;
}

Answer ListPoliciesForTarget(World& world, const Call& call) {
  if (auto problem = MayRead(world, call)) return *problem;
  const auto target = TextOf(call.in, "TargetId");
  if (!IsInTree(world, target)) {
    return Fail(400, "TargetNotFoundException", "You specified a target that doesn't exist.");
  }
  json::array found;
  for (const json::value& value : ArrayOf(world.organization, "policies")) {
    const auto& policy = value.get_object();
    if (TextOf(policy, "Type", "SERVICE_CONTROL_POLICY") != TextOf(call.in, "Filter")) continue;
    if (Contains(TextsOf(policy, "targets"), target)) found.push_back(PolicySummary(world, policy));
  }
  return OnePage(call, "Policies", found, kOrganizationsPages);
}

Answer DescribePolicy(World& world, const Call& call) {
  if (auto problem = MayRead(world, call)) return *problem;
  for (const json::value& value : ArrayOf(world.organization, "policies")) {
    const auto& policy = value.get_object();
    if (TextOf(policy, "Id") != TextOf(call.in, "PolicyId")) continue;
    const auto* content = policy.if_contains("Content");
    const bool text = content != nullptr && content->is_string();
    return json::object{
        {"Policy", json::object{{"PolicySummary", PolicySummary(world, policy)},
                                {"Content", text ? TextOf(policy, "Content")
                                                 : json::serialize(content == nullptr ? json::value() : *content)}}}};
  }
  return Fail(400, "PolicyNotFoundException", "You specified a policy that doesn't exist.");
}

std::string_view ParentType(std::string_view id) {
  return id.starts_with("r-") ? "ROOT" : "ORGANIZATIONAL_UNIT";
}

Answer ListParents(World& world, const Call& call) {
  if (auto problem = MayRead(world, call)) return *problem;
  const auto child = TextOf(call.in, "ChildId");
  if (!IsInTree(world, child) || child.starts_with("r-")) {
    return Fail(400, "ChildNotFoundException", "You specified a child that doesn't exist.");
  }
  const auto parent = TextOf(ObjectOf(world.organization, "parents"), child);
  return OnePage(call, "Parents", {json::object{{"Id", parent}, {"Type", ParentType(parent)}}}, kOrganizationsPages);
}

// All accounts of the estate that stand in the tree.
Answer ListAccounts(World& world, const Call& call) {
  if (auto problem = MayRead(world, call)) return *problem;
  json::array found;
  for (const auto& [id, account] : world.accounts) {
    if (!IsInTree(world, id)) continue;
    found.push_back(json::object{{"Id", id},
                                 {"Arn", MasterArn(world, "account/" + TextOf(world.organization, "Id") + "/" + id)},
                                 {"Name", account.name},
                                 {"Email", id + "@example.com"},
                                 {"Status", "ACTIVE"},
                                 {"JoinedMethod", "CREATED"}});
  }
  return OnePage(call, "Accounts", found, kOrganizationsPages);
}

constexpr OperationSpec kOrganizationsOperations[] = {
    {"DescribeOrganization", "", DescribeOrganization},
    {"ListPoliciesForTarget", "TargetId* Filter* NextToken MaxResults", ListPoliciesForTarget},
    {"DescribePolicy", "PolicyId*", DescribePolicy},
    {"ListParents", "ChildId* NextToken MaxResults", ListParents},
    {"ListAccounts", "NextToken MaxResults", ListAccounts},
};

}  // namespace

const ServiceSpec kOrganizationsService{
    "organizations",         "organizations", "2016-11-28", Protocol::kJson11, "AWSOrganizationsV20161128.", "",
    kOrganizationsOperations};

}  // namespace sallyport::aws_sim
