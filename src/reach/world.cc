// SPDX-License-Identifier: Apache-2.0
#include "reach/world.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "policy/arn.h"
#include "policy/document.h"
#include "reach/outsiders.h"

namespace sallyport::reach {
namespace {

using policy::KeyState;
using policy::Policy;
using policy::PolicyPtr;
using policy::PolicyType;

// "inline policy `read-customers`"
std::string Named(std::string_view kind, const std::string& name) {
  std::string text(kind);
  text += " `";
  text += name;
  text += "`";
  return text;
}

std::string LastPart(std::string_view arn) {
  const std::size_t slash = arn.rfind('/');
  return std::string(slash == std::string_view::npos ? arn : arn.substr(slash + 1));
}

// Compiles the managed policies of one account, each at most once.
class ManagedPolicies {
 public:
  ManagedPolicies(const AccountFacts& account, const Roles& roles) : account_(account), roles_(roles) {}

  PolicyPtr Find(const std::string& arn, PolicyType type) {
    PolicyPtr& place = type == PolicyType::kBoundary ? boundaries_[arn] : identity_[arn];
    if (place != nullptr) return place;
    const std::string name = Named("policy", LastPart(arn));
    const auto found = roles_.managed.find(arn);
    if (found != roles_.managed.end()) return place = Policy::FromText(name, type, found->second);
    return place = Policy::Unreadable(
               name, type,
               Error{ErrorCode::kNotFound,
                     "the sweep of account " + account_.account + " does not hold `" + Printable(arn, 200) + "`", ""});
  }

 private:
  const AccountFacts& account_;
  const Roles& roles_;
  // By ARN, as the facts have it.
  std::unordered_map<std::string_view, PolicyPtr> identity_;
  std::unordered_map<std::string_view, PolicyPtr> boundaries_;
};

// What is known of the requests of every role of an account (contract iam-evaluation, section 7).
policy::Context ContextOfAccount(const std::string& account, bool roles_are_known, const Facts& facts) {
  policy::Context context(KeyState::kUnknown);
  context.Set("aws:PrincipalAccount", account);
  context.Set("aws:PrincipalType", "AssumedRole");
  context.Set("aws:PrincipalIsAWSService", "false");
  context.SetAbsent("aws:username");
  context.SetAbsent("aws:FederatedProvider");
  if (roles_are_known) context.SetAbsentWithPrefix("aws:PrincipalTag/");  // those that the role has come before
  const auto here = std::find_if(facts.accounts.begin(), facts.accounts.end(),
                                 [&account](const AccountFacts& one) { return one.account == account; });
  const bool is_member = here != facts.accounts.end() && here->controls.ok() && !here->controls->empty();
  if (is_member && !facts.organization.empty()) context.Set("aws:PrincipalOrgID", facts.organization);
  return context;
}

// Whether the bucket's policy speaks of access points that are, or may be, of other accounts than the owner's.
bool NamesOtherAccessPoints(const BucketFacts& bucket) {
  if (!bucket.policy.ok() || !bucket.policy->has_value()) return false;
  const auto document = policy::ParseDocument(**bucket.policy);
  if (!document.ok()) return false;  // nothing is decided with such a policy
  const auto is_ours = [&bucket](const std::string& value) {
    const auto arn = policy::SplitArn(value);
    return (arn ? arn->account() : std::string_view(value)) == bucket.account;
  };
  for (const policy::Statement& statement : document->statements) {
    for (const policy::ConditionElement& condition : statement.conditions) {
      const bool names_point = EqualsIgnoreCase(condition.key, "s3:DataAccessPointArn") ||
                               EqualsIgnoreCase(condition.key, "s3:DataAccessPointAccount");
      if (names_point && !std::all_of(condition.values.begin(), condition.values.end(), is_ours)) return true;
    }
  }
  return false;
}

class WorldMaker {
 public:
  WorldMaker(const Facts& facts, const Ask& ask) : facts_(facts), ask_(ask) {}

  World Make() {
    AddBucket();
    for (const AccountFacts& account : facts_.accounts) AddAccount(account);
    for (const auto& [account, why] : facts_.unread_accounts) {
      std::string& line = world_.not_considered.emplace_back("account ");
      line += account;
      line += ": ";
      line += why;
    }
    AddNamedPrincipals();
    AddOutsiders(facts_, world_);
    return std::move(world_);
  }

 private:
  void AddRole(const AccountFacts& account, const RoleFacts& role, ManagedPolicies& managed) {
    auto caller = policy::ParseCaller(role.arn, role.arn);
    if (!caller.ok()) {
      world_.gaps.push_back("role `" + Printable(role.name, 100) + "` of account " + account.account + ": " +
                            caller.error().message);
      return;
    }
    policy::Principal principal;
    principal.caller = *std::move(caller);
    for (const NamedText& text : role.inline_policies) {
      principal.identity.push_back(
          Policy::FromText(Named("inline policy", text.name), PolicyType::kIdentity, text.text));
    }
    for (const std::string& arn : role.attached) {
      principal.identity.push_back(managed.Find(arn, PolicyType::kIdentity));
    }
    if (!role.boundary.empty()) principal.boundary.push_back(managed.Find(role.boundary, PolicyType::kBoundary));
    principal.context = ContextOf(role.arn, account.account, &role);
    roles_[role.arn] = world_.principals.size();
    by_name_[account.account][role.name] = world_.principals.size();
    world_.principals.push_back(std::move(principal));
    world_.notes.push_back({account.account, role.name, &role, false});
  }

  void AddAccount(const AccountFacts& account) {
    if (!account.controls.ok()) {
      world_.not_considered.push_back("service control policies of account " + account.account + ": " +
                                      account.controls.error().message);
    } else {
      AddControls(account);
    }
    if (!account.roles.ok()) {
      world_.gaps.push_back(
          "the roles of account " + account.account +
          " could not be read, so it could not be decided who of them can: " + account.roles.error().ToText());
      return;
    }
    ManagedPolicies managed(account, *account.roles);
    for (const RoleFacts& role : account.roles->roles) AddRole(account, role, managed);
  }

  void AddControls(const AccountFacts& account) {
    std::vector<policy::PolicyLevel> scps;
    std::vector<policy::PolicyLevel> rcps;
    for (const ControlLevel& level : *account.controls) {
      policy::PolicyLevel& scp = scps.emplace_back();
      scp.name = level.name;
      for (const NamedText& text : level.scps) {
        scp.policies.push_back(Policy::FromText(Named("SCP", text.name), PolicyType::kScp, text.text));
      }
      policy::PolicyLevel& rcp = rcps.emplace_back();
      rcp.name = level.name;
      for (const NamedText& text : level.rcps) {
        rcp.policies.push_back(Policy::FromText(Named("RCP", text.name), PolicyType::kRcp, text.text));
      }
    }
    world_.scps[account.account] = std::move(scps);
    if (account.account == facts_.bucket.account) world_.question.rcps = std::move(rcps);
  }

  void AddBucket() {
    const BucketFacts& bucket = facts_.bucket;
    policy::Question& question = world_.question;
    question.resource_account = bucket.account;
    question.resource_policy = ResourcePolicy("bucket policy", bucket.policy);
    question.context.Set("aws:ResourceAccount", bucket.account);
    question.context.Set("s3:ResourceAccount", bucket.account);
    if (!bucket.region.empty()) question.context.Set("aws:RequestedRegion", bucket.region);
    if (!ask_.prefix.empty()) question.context.Set("s3:prefix", ask_.prefix);
    AddSettings();
    AddPoints();
    AddDirectKeys();
    AddKey();
  }

  PolicyPtr ResourcePolicy(const std::string& name, const Result<std::optional<std::string>>& text) {
    if (!text.ok()) {
      world_.gaps.push_back("the " + name + " could not be read: " + text.error().ToText());
      return Policy::Unreadable(name, PolicyType::kResource, text.error());
    }
    if (!text->has_value()) return nullptr;
    PolicyPtr policy = Policy::FromText(name, PolicyType::kResource, **text);
    if (policy->error()) world_.gaps.push_back("the " + name + " cannot be evaluated: " + policy->error()->message);
    return policy;
  }

  void AddSettings() {
    const BucketFacts& bucket = facts_.bucket;
    auto settings = std::make_shared<policy::S3Settings>();
    for (const auto* block : {&bucket.block, &bucket.account_block}) {
      if (!block->ok()) {
        world_.block_unknown = true;
        world_.gaps.push_back("the block of public access could not be read: " + block->error().ToText());
        continue;
      }
      settings->restrict_public_buckets = settings->restrict_public_buckets || (*block)->restrict_buckets;
      settings->ignore_public_acls = settings->ignore_public_acls || (*block)->ignore_acls;
    }
    if (!bucket.acls_disabled.ok()) {
      world_.gaps.push_back("object ownership could not be read, so its ACL is taken to count: " +
                            bucket.acls_disabled.error().ToText());
    }
    settings->acls_disabled = bucket.acls_disabled.ok() && *bucket.acls_disabled;
    if (!settings->acls_disabled) AddAcl(*settings);
    world_.question.s3 = std::move(settings);
  }

  void AddAcl(policy::S3Settings& settings) {
    const Result<AclFacts>& acl = facts_.bucket.acl;
    world_.not_considered.emplace_back("ACLs of single objects: they can grant to others beside the bucket's owner");
    if (!acl.ok()) {
      world_.gaps.push_back("the bucket's ACL could not be read; it may let in others: " + acl.error().ToText());
      return;
    }
    for (const AclGrantFacts& grant : acl->grants) {
      const auto permission = policy::ParseAclPermission(grant.permission);
      if (!permission) {
        world_.gaps.push_back("the bucket's ACL has a permission that is not known: `" +
                              Printable(grant.permission, 40) + "`");
        continue;
      }
      policy::AclGrant compiled;
      compiled.permission = *permission;
      if (!grant.group_uri.empty()) {
        compiled.grantee = policy::ParseAclGroup(grant.group_uri);
      } else {
        compiled.grantee = policy::AclGrant::Grantee::kAccount;
        // Whose account another canonical id is cannot be asked.
        compiled.account = grant.canonical_id == acl->owner ? facts_.bucket.account : "canonical " + grant.canonical_id;
      }
      settings.bucket_acl.push_back(std::move(compiled));
    }
  }

  void AddPoints() {
    const auto& points = facts_.bucket.access_points;
    if (!points.ok()) {
      world_.gaps.push_back("the access points could not be read; they may let in others: " + points.error().ToText());
      return;
    }
    for (const AccessPointFacts& point : *points) {
      world_.points.push_back({point.arn, point.account,
                               ResourcePolicy(Named("policy of access point", point.name), point.policy),
                               point.vpc_origin, point.block.ok() && point.block->restrict_buckets});
      world_.point_names.push_back(point.name);
      world_.point_block_unknown.push_back(!point.block.ok());
      if (!point.block.ok()) {
        world_.gaps.push_back(Named("the block of public access of access point", point.name) +
                              " could not be read: " + point.block.error().ToText());
      }
    }
  }

  // A request to the bucket itself has none of the keys that an access point adds. That is all there is besides the
  // access points that were read, unless the bucket's policy knows of others.
  void AddDirectKeys() {
    if (!facts_.bucket.access_points.ok() || NamesOtherAccessPoints(facts_.bucket)) return;
    for (const char* key : {"s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin"}) {
      world_.question.context.SetAbsent(key);
    }
  }

  void AddKey() {
    const auto& key = facts_.bucket.key;
    if (!key.ok()) {
      world_.key_unknown = true;
      world_.key_error = key.error().message;
      world_.gaps.push_back("the bucket's encryption could not be read: " + key.error().ToText());
      return;
    }
    if (!key->has_value()) return;
    const KeyFacts& facts = **key;
    policy::EncryptionKey compiled{facts.arn, facts.account, facts.is_aws_managed, nullptr, {}};
    if (!facts.is_aws_managed) {
      compiled.policy = facts.policy.ok()
                            ? Policy::FromText("key policy", PolicyType::kResource, *facts.policy)
                            : Policy::Unreadable("key policy", PolicyType::kResource, facts.policy.error());
      if (compiled.policy->error()) {
        world_.gaps.push_back("the policy of the bucket's key cannot be used: " + compiled.policy->error()->message);
      }
      if (facts.account == facts_.bucket.account) compiled.rcps = world_.question.rcps;
    }
    if (!facts.grants.ok()) {
      world_.gaps.push_back("the grants of the bucket's key could not be read: " + facts.grants.error().message);
    }
    world_.with_bucket_key = facts.with_bucket_key;
    world_.key = std::move(compiled);
  }

  // Sessions that a policy names, and roles of accounts whose roles were not read.
  void AddNamedPrincipals() {
    std::set<std::string> named;
    const auto collect = [&named](const PolicyPtr& policy) {
      if (policy == nullptr) return;
      for (const policy::CompiledStatement& statement : policy->statements()) {
        if (statement.effect() != policy::Effect::kAllow || !statement.principal()) continue;
        const policy::PrincipalElement& who = statement.principal()->element();
        if (!who.negated) named.insert(who.aws.begin(), who.aws.end());
      }
    };
    collect(world_.question.resource_policy);
    for (const policy::AccessPoint& point : world_.points) collect(point.policy);
    for (const std::string& arn : named) AddNamed(arn);
  }

  void AddNamed(const std::string& arn) {
    const auto parts = policy::SplitArn(arn);
    if (!parts || roles_.contains(arn)) return;
    const bool is_session = parts->service() == "sts" && parts->resource().starts_with("assumed-role/");
    if (!is_session && !(parts->service() == "iam" && parts->resource().starts_with("role/"))) return;
    const std::string account(parts->account());
    const std::string name = RoleNameOf(arn);
    const auto& of_account = by_name_[account];
    const auto role = of_account.find(name);
    const bool is_known = role != of_account.end();
    const std::string role_arn = is_known ? world_.principals[role->second].caller.text : std::string();
    auto caller = policy::ParseCaller(arn, role_arn);
    if (!caller.ok()) return;
    policy::Principal principal;
    principal.caller = *std::move(caller);
    PrincipalNote note{account, name, nullptr, is_session};
    if (is_known) {
      const policy::Principal& of_role = world_.principals[role->second];
      principal.identity = of_role.identity;
      principal.boundary = of_role.boundary;
      principal.context = of_role.context;
      note.facts = world_.notes[role->second].facts;
    } else if (!AddUnknownRole(account, name, principal)) {
      return;
    }
    if (is_session) {
      const std::string session = LastPart(arn);
      if (note.facts != nullptr) principal.context.Set("aws:userid", note.facts->id + ":" + session);
    }
    world_.principals.push_back(std::move(principal));
    world_.notes.push_back(std::move(note));
  }

  // False: the account was read and has no such role, so nobody is let in.
  bool AddUnknownRole(const std::string& account, const std::string& name, policy::Principal& principal) {
    const auto here = std::find_if(facts_.accounts.begin(), facts_.accounts.end(),
                                   [&account](const AccountFacts& one) { return one.account == account; });
    if (here != facts_.accounts.end() && here->roles.ok()) {
      world_.outsiders.push_back({"role `" + Printable(name, 100) + "` of account " + account,
                                  "the account has no such role (any more)", "a resource policy"});
      return false;
    }
    const std::string why = here == facts_.accounts.end() ? "account " + account + " was not read"
                                                          : "the roles of account " + account + " could not be read";
    principal.identity = {
        Policy::Unreadable("policies of the role", PolicyType::kIdentity, Error{ErrorCode::kUnavailable, why, ""})};
    principal.context = ContextOf(principal.caller.role_arn, account, nullptr);
    return true;
  }

  // What is known of one role's requests. `role`: null when nothing but its name is known.
  policy::Context ContextOf(const std::string& role_arn, const std::string& account, const RoleFacts* role) {
    std::unique_ptr<policy::Context>& shared = world_.account_contexts[{account, role != nullptr}];
    if (shared == nullptr) {
      shared = std::make_unique<policy::Context>(ContextOfAccount(account, role != nullptr, facts_));
    }
    policy::Context context(KeyState::kUnknown, shared.get());
    context.Set("aws:PrincipalArn", role_arn);
    if (role == nullptr) return context;
    for (const Tag& tag : role->tags) context.Set("aws:PrincipalTag/" + tag.key, tag.value);
    return context;
  }

  const Facts& facts_;
  const Ask& ask_;
  World world_;
  // Places in world_.principals, by ARN and by account and name, as the facts have them.
  std::unordered_map<std::string_view, std::size_t> roles_;
  std::unordered_map<std::string, std::unordered_map<std::string_view, std::size_t>> by_name_;
};

}  // namespace

std::string RoleNameOf(std::string_view arn) {
  const auto parts = policy::SplitArn(arn);
  if (!parts) return std::string(arn);
  std::string_view resource = parts->resource();
  if (resource.starts_with("assumed-role/")) {
    resource.remove_prefix(std::string_view("assumed-role/").size());
    return std::string(resource.substr(0, resource.find('/')));
  }
  return LastPart(resource);
}

World MakeWorld(const Facts& facts, const Ask& ask) {
  return WorldMaker(facts, ask).Make();
}

policy::Principal AsInstance(const policy::Principal& role, const PrincipalNote& note, const InstanceFacts& instance) {
  policy::Principal session = role;
  const std::string& partition = role.caller.partition;
  const std::string head = "arn:" + partition + ":sts::" + note.account + ":assumed-role/";
  const std::string role_arn =
      role.caller.kind == policy::Caller::Kind::kRole ? role.caller.text : role.caller.role_arn;
  auto caller = policy::ParseCaller(head + note.role + "/" + instance.id.value, role_arn);
  if (caller.ok()) session.caller = *std::move(caller);
  if (note.facts != nullptr) session.context.Set("aws:userid", note.facts->id + ":" + instance.id.value);
  session.context.Set("ec2:SourceInstanceARN", "arn:" + partition + ":ec2:" + instance.region + ":" + instance.account +
                                                   ":instance/" + instance.id.value);
  if (!instance.vpc.empty()) session.context.Set("aws:Ec2InstanceSourceVpc", instance.vpc);
  if (!instance.private_ip.empty()) session.context.Set("aws:Ec2InstanceSourcePrivateIPv4", instance.private_ip);
  return session;
}

}  // namespace sallyport::reach
