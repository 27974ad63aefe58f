// SPDX-License-Identifier: Apache-2.0
#include "reach/outsiders.h"

#include <algorithm>

#include "base/text.h"
#include "policy/arn.h"

namespace sallyport::reach {
namespace {

constexpr std::size_t kShownPrincipal = 200;

bool WasRead(const Facts& facts, std::string_view account) {
  return std::any_of(facts.accounts.begin(), facts.accounts.end(),
                     [account](const AccountFacts& one) { return one.account == account && one.roles.ok(); });
}

bool HasUser(const Facts& facts, std::string_view account, std::string_view arn) {
  return std::any_of(facts.accounts.begin(), facts.accounts.end(), [&](const AccountFacts& one) {
    return one.account == account && one.roles.ok() &&
           std::any_of(one.roles->users.begin(), one.roles->users.end(),
                       [arn](const UserFacts& user) { return user.arn == arn; });
  });
}

// What a value of `Principal.AWS` means, when it is nobody whose policies were read.
std::optional<Outsider> OutsiderFromAws(const std::string& value, const Facts& facts) {
  if (value == "*") return std::nullopt;  // everyone is asked for by the whole of the policies
  const auto arn = policy::SplitArn(value);
  const std::string account(arn ? arn->account() : std::string_view(value));
  if (policy::IsAccountId(account) && (!arn || arn->resource() == "root")) {
    if (WasRead(facts, account)) return std::nullopt;
    return Outsider{"account " + account, "can delegate to any of its users and roles; they were not read", ""};
  }
  if (!arn) {
    // IAM writes the unique id when the role or user that was named is gone.
    return Outsider{"`" + Printable(value, kShownPrincipal) + "`", "the ID of a user or role that no longer exists", "",
                    false};
  }
  if (arn->service() == "iam" && arn->resource().starts_with("user/")) {
    if (HasUser(facts, account, value)) return std::nullopt;
    if (WasRead(facts, account)) {
      return Outsider{"user `" + Printable(value, kShownPrincipal) + "`", "the account has no such user", "", false};
    }
    return Outsider{"user `" + Printable(value, kShownPrincipal) + "`", "a person or program with access keys, no host",
                    ""};
  }
  if (arn->service() == "sts" && arn->resource().starts_with("federated-user/")) {
    return Outsider{"federated user `" + Printable(value, kShownPrincipal) + "`", "no host", ""};
  }
  return std::nullopt;  // roles and sessions are principals of the world
}

std::string Conditions(const policy::CompiledStatement& statement) {
  std::string text;
  for (const policy::ConditionElement& condition : statement.source().conditions) {
    text += (text.empty() ? "if " : " and ") + condition.op + " " + condition.key;
    std::string values;
    for (const std::string& value : condition.values) values += (values.empty() ? " " : ", ") + value;
    text += Printable(values, kShownPrincipal);
  }
  return text;
}

void AddFrom(const policy::CompiledStatement& statement, const std::string& policy, const Facts& facts,
             std::vector<Outsider>& outsiders) {
  if (statement.effect() != policy::Effect::kAllow || !statement.principal()) return;
  const policy::PrincipalElement& who = statement.principal()->element();
  const std::string from = policy + " `" + Printable(statement.Name(), 100) + "`";
  const auto add = [&](Outsider outsider) {
    const std::string conditions = Conditions(statement);
    if (!conditions.empty()) outsider.what += (outsider.what.empty() ? "" : "; ") + conditions;
    outsider.from = from;
    outsiders.push_back(std::move(outsider));
  };
  if (who.negated) {
    add({"everyone but those listed (NotPrincipal)", "also callers who are not signed in", ""});
    return;
  }
  for (const std::string& value : who.aws) {
    if (auto outsider = OutsiderFromAws(value, facts)) add(*std::move(outsider));
  }
  for (const std::string& value : who.service)
    add({"AWS service `" + Printable(value, kShownPrincipal) + "`", "no host", ""});
  for (const std::string& value : who.federated) {
    add({"identity provider `" + Printable(value, kShownPrincipal) + "`", "no host", ""});
  }
  for (const std::string& value : who.canonical_user) {
    add({"canonical user `" + Printable(value, kShownPrincipal) + "`", "an account or a CloudFront identity", ""});
  }
}

void AddFromPolicy(const policy::PolicyPtr& policy, const std::string& name, const Facts& facts,
                   std::vector<Outsider>& outsiders) {
  if (policy == nullptr) return;
  for (const policy::CompiledStatement& statement : policy->statements()) AddFrom(statement, name, facts, outsiders);
}

void AddFromAcl(const Facts& facts, const policy::S3Settings& settings, std::vector<Outsider>& outsiders) {
  if (settings.acls_disabled || !facts.bucket.acl.ok()) return;
  for (const AclGrantFacts& grant : facts.bucket.acl->grants) {
    const std::string from = "ACL, " + Printable(grant.permission, 40);
    if (grant.group_uri.empty()) {
      if (grant.canonical_id == facts.bucket.acl->owner) continue;
      outsiders.push_back({"canonical user `" + Printable(grant.canonical_id, 80) + "`", "another account", from});
      continue;
    }
    const auto group = policy::ParseAclGroup(grant.group_uri);
    const bool is_public =
        group == policy::AclGrant::Grantee::kAllUsers || group == policy::AclGrant::Grantee::kAuthenticatedUsers;
    if (!is_public) {
      outsiders.push_back({"group `" + Printable(grant.group_uri, kShownPrincipal) + "`", "", from});
    } else if (settings.ignore_public_acls) {
      const std::string who = group == policy::AclGrant::Grantee::kAllUsers ? "everyone" : "every AWS account";
      outsiders.push_back({who, "Block Public Access ignores public ACLs", from, false});
    }
  }
}

}  // namespace

void AddOutsiders(const Facts& facts, World& world) {
  AddFromPolicy(world.question.resource_policy, "bucket policy", facts, world.outsiders);
  for (std::size_t i = 0; i < world.points.size(); ++i) {
    AddFromPolicy(world.points[i].policy, "access point `" + world.point_names[i] + "`", facts, world.outsiders);
  }
  AddFromAcl(facts, *world.question.s3, world.outsiders);
}

}  // namespace sallyport::reach
