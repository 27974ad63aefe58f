// SPDX-License-Identifier: Apache-2.0
#include "reach/world.h"

#include <algorithm>
#include <array>
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
    const auto unread = roles_.unread.find(arn);
    if (unread != roles_.unread.end()) return place = Policy::Unreadable(name, type, unread->second);
    return place = Policy::Unreadable(
               name, type,
               Error{ErrorCode::kNotFound,
                     "the snapshot of account " + account_.account + " does not hold `" + Printable(arn, 200) + "`",
                     ""});
  }

 private:
  const AccountFacts& account_;
  const Roles& roles_;
  // By ARN, as the facts have it.
  std::unordered_map<std::string_view, PolicyPtr> identity_;
  std::unordered_map<std::string_view, PolicyPtr> boundaries_;
};

// The session tags of EKS Pod Identity (EKS User Guide, "Grant Pods access to AWS resources based on tags").
constexpr std::array kPodTags = {"eks-cluster-arn",      "eks-cluster-name",
                                 "kubernetes-namespace", "kubernetes-service-account",
                                 "kubernetes-pod-name",  "kubernetes-pod-uid"};

// "account 1", "12 accounts (1, 2, ...)"
std::string AccountsInWords(const std::vector<std::string>& accounts) {
  constexpr std::size_t kShown = 10;
  if (accounts.size() == 1) return "account " + accounts.front();
  std::string text = CountText(accounts.size(), "account") + " (";
  for (std::size_t i = 0; i < accounts.size() && i < kShown; ++i) text += (i == 0 ? "" : ", ") + accounts[i];
  return text + (accounts.size() > kShown ? ", ...)" : ")");
}

const AccountFacts* FindAccount(const Facts& facts, const std::string& account) {
  const auto here = std::find_if(facts.accounts.begin(), facts.accounts.end(),
                                 [&account](const AccountFacts& one) { return one.account == account; });
  return here == facts.accounts.end() ? nullptr : &*here;
}

// The organization's keys of a principal (`aws:Principal`) or of the bucket (`aws:Resource`).
void SetOrganization(const AccountFacts* account, const std::string& whose, policy::Context& context) {
  const std::string id = whose + "OrgID";
  const std::string paths = whose + "OrgPaths";
  if (account == nullptr) return;  // of another account nothing is known
  if (!account->place.ok()) {
    context.SetUnread(id);
    context.SetUnread(paths);
    return;
  }
  const OrganizationPlace& place = *account->place;
  if (place.organization.empty()) {
    context.SetAbsent(id);
    context.SetAbsent(paths);
    return;
  }
  context.Set(id, place.organization);
  if (place.path.empty()) {
    context.SetUnread(paths);
  } else {
    context.SetList(paths, {place.path});
  }
}

// What is known of the requests of every principal of a kind (contract iam-evaluation, section 7).
policy::Context ContextOfAccount(const std::string& account, World::Kind kind, const Facts& facts) {
  policy::Context context(KeyState::kUnknown);
  const bool is_user = kind == World::Kind::kUser;
  context.Set("aws:PrincipalAccount", account);
  context.Set("aws:PrincipalType", is_user ? "User" : "AssumedRole");
  context.Set("aws:PrincipalIsAWSService", "false");
  for (const char* key : {"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:FederatedProvider"}) {
    context.SetAbsent(key);
  }
  if (is_user) {
    // Of its keys: what GetSessionToken would add is not there.
    for (const char* key : {"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime",
                            "ec2:SourceInstanceARN", "aws:Ec2InstanceSourceVpc", "aws:Ec2InstanceSourcePrivateIPv4"}) {
      context.SetAbsent(key);
    }
  } else {
    context.SetAbsent("aws:username");
    context.SetPresent("aws:TokenIssueTime");
    context.SetAbsentOr("aws:MultiFactorAuthPresent", {"false"});
  }
  // Tags that a principal has come before.
  if (kind == World::Kind::kRole || is_user) context.SetAbsentWithPrefix("aws:PrincipalTag/");
  SetOrganization(FindAccount(facts, account), "aws:Principal", context);
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
  WorldMaker(const Facts& facts, const Ask& ask, const WorldPart& part)
      : facts_(facts), ask_(ask), first_(std::min(part.first, facts.accounts.size())) {
    count_ = std::min(part.count, facts.accounts.size() - first_);
  }

  World Make() {
    // The bucket's own account has control policies that count for all.
    if (first_ > 0 || count_ == 0) AddControlsOf(facts_.accounts, 0, 1);
    AddControlsOf(facts_.accounts, first_, count_);
    AddBucket();
    for (std::size_t i = first_; i < first_ + count_; ++i) AddAccount(facts_.accounts[i]);
    AddNamedPrincipals();
    // Behind all roles, so that these keep together.
    for (std::size_t i = first_; i < first_ + count_; ++i) AddUsers(facts_.accounts[i]);
    AddUnreadAccounts();
    AddOutsiders(facts_, world_);
    return std::move(world_);
  }

 private:
  void AddUnreadAccounts() {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const auto& [account, why] : facts_.unread_accounts) by_reason[why].push_back(account);
    for (const auto& [why, accounts] : by_reason) {
      world_.gaps.push_back(AccountsInWords(accounts) +
                            " may have access and was not read, so its roles may be missing here: " + why);
    }
    for (const std::string& others : facts_.unread_others) {
      world_.gaps.push_back(others + " may have access and were not read, so roles may be missing here");
    }
  }

  void AddUsers(const AccountFacts& account) {
    if (!account.roles.ok()) return;
    ManagedPolicies& managed = ManagedOf(account);
    for (const UserFacts& user : account.roles->users) {
      auto caller = policy::ParseCaller(user.arn, "");
      if (!caller.ok()) continue;  // a path that is none: IAM has no such user
      policy::Principal principal;
      principal.caller = *std::move(caller);
      AddPolicies(user, managed, principal);
      principal.context = policy::Context(KeyState::kUnknown, &SharedContext(account.account, World::Kind::kUser));
      principal.context.Set("aws:PrincipalArn", user.arn);
      principal.context.Set("aws:username", user.name);
      if (!user.id.empty()) principal.context.Set("aws:userid", user.id);
      for (const Tag& tag : user.tags) principal.context.Set("aws:PrincipalTag/" + tag.key, tag.value);
      world_.principals.push_back(std::move(principal));
      world_.notes.push_back({account.account, user.name, nullptr, false, &user});
    }
  }

  template <class RoleOrUser>
  static void AddPolicies(const RoleOrUser& of, ManagedPolicies& managed, policy::Principal& principal) {
    for (const NamedText& text : of.inline_policies) {
      principal.identity.push_back(
          Policy::FromText(Named("inline policy", text.name), PolicyType::kIdentity, text.text));
    }
    for (const std::string& arn : of.attached) {
      principal.identity.push_back(managed.Find(arn, PolicyType::kIdentity));
    }
    if (!of.boundary.empty()) principal.boundary.push_back(managed.Find(of.boundary, PolicyType::kBoundary));
  }

  ManagedPolicies& ManagedOf(const AccountFacts& account) {
    auto& managed = managed_[account.account];
    if (managed == nullptr) managed = std::make_unique<ManagedPolicies>(account, *account.roles);
    return *managed;
  }

  void AddRole(const AccountFacts& account, const RoleFacts& role, ManagedPolicies& managed) {
    auto caller = policy::ParseCaller(role.arn, role.arn);
    if (!caller.ok()) {
      world_.account_gaps.push_back("role `" + Printable(role.name, 100) + "` of account " + account.account + ": " +
                                    caller.error().message);
      return;
    }
    policy::Principal principal;
    principal.caller = *std::move(caller);
    AddPolicies(role, managed, principal);
    principal.context = ContextOf(role.arn, account.account, &role);
    world_.principals.push_back(std::move(principal));
    world_.notes.push_back({account.account, role.name, &role, false, nullptr});
  }

  void AddAccount(const AccountFacts& account) {
    if (!account.roles.ok()) {
      world_.account_gaps.push_back(
          "the roles of account " + account.account +
          " could not be read, so their access is undetermined: " + account.roles.error().ToText());
      return;
    }
    ManagedPolicies& managed = ManagedOf(account);
    for (const RoleFacts& role : account.roles->roles) AddRole(account, role, managed);
  }

  void AddControlsOf(const std::vector<AccountFacts>& accounts, std::size_t first, std::size_t count) {
    std::map<std::string, std::vector<std::string>> unread;
    for (std::size_t i = first; i < first + count && i < accounts.size(); ++i) {
      const AccountFacts& account = accounts[i];
      const bool is_owner = account.account == facts_.bucket.account;
      if (account.controls.ok()) {
        auto scps = LevelsOf(*account.controls, PolicyType::kScp);
        if (!scps.empty()) world_.scps[account.account] = std::move(scps);
        if (is_owner) world_.question.rcps = LevelsOf(*account.controls, PolicyType::kRcp);
        continue;
      }
      const std::string why = " of account " + account.account + " could not be read, and may deny it";
      world_.unread_scps[account.account] = "the service control policies" + why;
      if (is_owner) world_.unread_rcps = "the resource control policies" + why;
      if (i >= first_ && i < first_ + count_) unread[account.controls.error().ToText()].push_back(account.account);
    }
    for (const auto& [why, of] : unread) {
      world_.account_gaps.push_back("the control policies of " + AccountsInWords(of) +
                                    " could not be read; they may deny what is allowed otherwise: " + why);
    }
  }

  // An organization that does not use control policies of the type has none on any level. One that does has some on
  // every level, so that a level without an allow denies.
  static std::vector<policy::PolicyLevel> LevelsOf(const std::vector<ControlLevel>& controls, PolicyType type) {
    std::vector<policy::PolicyLevel> levels;
    const bool are_scps = type == PolicyType::kScp;
    bool some = false;
    for (const ControlLevel& control : controls) {
      policy::PolicyLevel& level = levels.emplace_back();
      level.name = control.name;
      for (const NamedText& text : are_scps ? control.scps : control.rcps) {
        level.policies.push_back(Policy::FromText(Named(are_scps ? "SCP" : "RCP", text.name), type, text.text));
        some = true;
      }
    }
    if (!some) levels.clear();
    return levels;
  }

  void AddBucket() {
    const BucketFacts& bucket = facts_.bucket;
    policy::Question& question = world_.question;
    question.resource_account = bucket.account;
    question.resource_policy = ResourcePolicy("bucket policy", bucket.policy);
    question.context.Set("aws:ResourceAccount", bucket.account);
    question.context.Set("s3:ResourceAccount", bucket.account);
    if (!bucket.region.empty()) question.context.Set("aws:RequestedRegion", bucket.region);
    SetOrganization(FindAccount(facts_, bucket.account), "aws:Resource", question.context);
    // Who lists what begins like this may as well ask for something that is longer.
    if (!ask_.prefix.empty()) question.context.SetBeginning(policy::KeyName("s3:prefix"), ask_.prefix);
    if (bucket.owner_unsure) {
      world_.gaps.push_back("S3 refused every read of the bucket: it may belong to another account than " +
                            bucket.account + " (--account)");
    }
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
    bool block_unknown = false;
    for (const auto* block : {&bucket.block, &bucket.account_block}) {
      if (!block->ok()) {
        block_unknown = true;
        world_.gaps.push_back("Block Public Access could not be read: " + block->error().ToText());
        continue;
      }
      settings->restrict_public_buckets = settings->restrict_public_buckets || (*block)->restrict_buckets;
      settings->ignore_public_acls = settings->ignore_public_acls || (*block)->ignore_acls;
    }
    if (!bucket.acls_disabled.ok()) {
      world_.gaps.push_back("object ownership could not be read, so whether the bucket's ACL counts is undetermined: " +
                            bucket.acls_disabled.error().ToText());
    }
    settings->acls_disabled = bucket.acls_disabled.ok() && *bucket.acls_disabled;
    if (!settings->acls_disabled) AddAcl(*settings);
    if (block_unknown) {
      policy::S3Settings& strict = Strict(*settings);
      strict.restrict_public_buckets = strict.ignore_public_acls = true;
      world_.strict_reason = "Block Public Access could not be read, and may deny other accounts";
    }
    if (!bucket.acls_disabled.ok()) {
      Strict(*settings).acls_disabled = true;
      world_.strict_reason = "object ownership could not be read, so whether the bucket's ACL counts is undetermined";
    }
    world_.question.s3 = std::move(settings);
  }

  policy::S3Settings& Strict(const policy::S3Settings& settings) {
    if (strict_ == nullptr) world_.strict = strict_ = std::make_shared<policy::S3Settings>(settings);
    return *strict_;
  }

  void AddAcl(policy::S3Settings& settings) {
    const Result<AclFacts>& acl = facts_.bucket.acl;
    world_.not_considered.emplace_back("ACLs of single objects: they can grant to others beside the bucket's owner");
    if (!acl.ok()) {
      world_.gaps.push_back("the bucket's ACL could not be read; it may allow other accounts: " + acl.error().ToText());
      auto generous = std::make_shared<policy::S3Settings>(settings);
      generous->bucket_acl.push_back({policy::AclGrant::Grantee::kAllUsers, "", policy::AclPermission::kFullControl});
      for (const AccountFacts& account : facts_.accounts) {
        generous->bucket_acl.push_back(
            {policy::AclGrant::Grantee::kAccount, account.account, policy::AclPermission::kFullControl});
      }
      world_.generous = std::move(generous);
      world_.generous_reason = "the bucket's ACL could not be read, and may grant it";
      return;
    }
    for (const AclGrantFacts& grant : acl->grants) {
      const auto permission = policy::ParseAclPermission(grant.permission);
      if (!permission) {
        world_.gaps.push_back("the bucket's ACL has a permission that this version does not know: `" +
                              Printable(grant.permission, 40) + "`");
        continue;
      }
      // "A grant to the owner's account gives nothing to its roles by itself", and its policies need none.
      if (grant.group_uri.empty() && grant.canonical_id == acl->owner) continue;
      policy::AclGrant compiled;
      compiled.permission = *permission;
      if (!grant.group_uri.empty()) {
        compiled.grantee = policy::ParseAclGroup(grant.group_uri);
      } else {
        compiled.grantee = policy::AclGrant::Grantee::kAccount;
        // Whose account another canonical id is cannot be asked.
        compiled.account = "canonical " + grant.canonical_id;
      }
      settings.bucket_acl.push_back(std::move(compiled));
    }
  }

  void AddPoints() {
    const auto& points = facts_.bucket.access_points;
    if (!points.ok()) {
      world_.gaps.push_back("the access points could not be read; they may allow other accounts: " +
                            points.error().ToText());
      return;
    }
    for (const AccessPointFacts& point : *points) {
      world_.points.push_back({point.arn, point.account,
                               ResourcePolicy(Named("policy of access point", point.name), point.policy),
                               point.vpc_origin, point.block.ok() && point.block->restrict_buckets});
      world_.point_names.push_back(point.name);
      if (!point.block.ok()) {
        world_.gaps.push_back(Named("the block of public access of access point", point.name) +
                              " could not be read: " + point.block.error().ToText());
      }
    }
    AddStrictPoints(*points);
    if (!points->empty()) {
      world_.not_considered.emplace_back("Object Lambda access points that are over the bucket's access points");
    }
  }

  void AddStrictPoints(const std::vector<AccessPointFacts>& points) {
    const bool some = std::any_of(points.begin(), points.end(), [](const auto& point) { return !point.block.ok(); });
    if (!some && world_.strict == nullptr) return;
    world_.strict_points = world_.points;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!points[i].block.ok()) world_.strict_points[i].restrict_public_buckets = true;
    }
    if (!some) return;
    Strict(*world_.question.s3);
    if (world_.strict_reason.empty()) {
      world_.strict_reason = "Block Public Access of an access point could not be read, and may deny other accounts";
    }
  }

  // A request to the bucket itself has none of the keys that an access point adds. That is all there is besides the
  // access points that were read, unless the bucket's policy knows of others.
  void AddDirectKeys() {
    const bool names_others = NamesOtherAccessPoints(facts_.bucket);
    if (names_others) {
      world_.not_considered.emplace_back(
          "access points of other accounts and Multi-Region Access Points, which the bucket's policy speaks of");
    }
    if (!facts_.bucket.access_points.ok() || names_others) return;
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
      compiled.rcps = RcpsOfKey(facts);
    }
    if (!facts.grants.ok()) {
      world_.gaps.push_back("the grants of the bucket's KMS key could not be read: " + facts.grants.error().message);
    }
    world_.with_bucket_key = facts.with_bucket_key;
    world_.key = std::move(compiled);
  }

  // The key's own account has control policies for it.
  std::vector<policy::PolicyLevel> RcpsOfKey(const KeyFacts& key) {
    if (key.account == facts_.bucket.account) return world_.question.rcps;
    const AccountFacts* owner = FindAccount(facts_, key.account);
    if (owner == nullptr && facts_.key_owner && facts_.key_owner->account == key.account) owner = &*facts_.key_owner;
    if (owner == nullptr) return {};
    if (owner->controls.ok()) return LevelsOf(*owner->controls, PolicyType::kRcp);
    const std::string why = " could not be read: " + owner->controls.error().ToText();
    world_.unread_key_rcps =
        "the resource control policies of account " + key.account + ", which owns the bucket's key," + why;
    if (facts_.key_owner) {
      world_.gaps.push_back("the control policies of account " + key.account + ", which owns the bucket's key," + why);
    }
    return {};
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
        // A star with aws:PrincipalArn names as well.
        for (const policy::Condition& condition : statement.conditions()) {
          if (condition.key().lower != "aws:principalarn" || condition.op().negated) continue;
          for (const std::string& value : condition.element().values) {
            if (value.find_first_of("*?$") == std::string::npos) named.insert(value);
          }
        }
      }
    };
    collect(world_.question.resource_policy);
    for (const policy::AccessPoint& point : world_.points) collect(point.policy);
    for (const std::string& arn : named) AddNamed(arn);
  }

  void AddNamed(const std::string& arn) {
    const auto parts = policy::SplitArn(arn);
    if (!parts) return;
    const bool is_session = parts->service() == "sts" && parts->resource().starts_with("assumed-role/");
    if (!is_session && !(parts->service() == "iam" && parts->resource().starts_with("role/"))) return;
    const std::string account(parts->account());
    if (!IsOfPart(account)) return;
    const std::string name = RoleNameOf(arn);
    const auto& of_account = NamesOf(account);
    const auto role = of_account.find(name);
    const bool is_known = role != of_account.end();
    if (is_known && world_.principals[role->second].caller.text == arn) return;  // it is there already
    const std::string role_arn = is_known ? world_.principals[role->second].caller.text : std::string();
    auto caller = policy::ParseCaller(arn, role_arn);
    if (!caller.ok()) return;
    policy::Principal principal;
    principal.caller = *std::move(caller);
    PrincipalNote note{account, name, nullptr, is_session, nullptr};
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

  // Places of an account's roles in world_.principals, by name. Made when a policy names one of them.
  const std::unordered_map<std::string_view, std::size_t>& NamesOf(const std::string& account) {
    const auto [names, fresh] = by_name_.try_emplace(account);
    for (std::size_t i = 0; fresh && i < world_.notes.size(); ++i) {
      const PrincipalNote& note = world_.notes[i];
      if (note.facts != nullptr && !note.is_session && note.account == account) names->second[note.facts->name] = i;
    }
    return names->second;
  }

  // Accounts that were not read at all belong to the first part.
  bool IsOfPart(const std::string& account) const {
    const AccountFacts* here = FindAccount(facts_, account);
    if (here == nullptr) return first_ == 0 && count_ > 0;
    const auto place = static_cast<std::size_t>(here - facts_.accounts.data());
    return place >= first_ && place < first_ + count_;
  }

  // False: the account was read and has no such role, so nobody is let in.
  bool AddUnknownRole(const std::string& account, const std::string& name, policy::Principal& principal) {
    const AccountFacts* here = FindAccount(facts_, account);
    if (here != nullptr && here->roles.ok()) {
      world_.outsiders.push_back({"role `" + Printable(name, 100) + "` of account " + account,
                                  "the account has no such role", "a resource policy"});
      return false;
    }
    const std::string why = here == nullptr ? "account " + account + " was not read"
                                            : "the roles of account " + account + " could not be read";
    principal.identity = {
        Policy::Unreadable("policies of the role", PolicyType::kIdentity, Error{ErrorCode::kUnavailable, why, ""})};
    principal.context = ContextOf(principal.caller.role_arn, account, nullptr);
    return true;
  }

  const policy::Context& SharedContext(const std::string& account, World::Kind kind) {
    std::unique_ptr<policy::Context>& shared = world_.account_contexts[{account, kind}];
    if (shared == nullptr) shared = std::make_unique<policy::Context>(ContextOfAccount(account, kind, facts_));
    return *shared;
  }

  const Trust& TrustOf(const RoleFacts& role) {
    const auto known = world_.trusts.find(role.trust);
    return known != world_.trusts.end() ? known->second
                                        : world_.trusts.emplace(role.trust, ReadTrust(role)).first->second;
  }

  // What is known of one role's requests. `role`: null when nothing but its name is known.
  policy::Context ContextOf(const std::string& role_arn, const std::string& account, const RoleFacts* role) {
    if (role == nullptr) {
      policy::Context context(KeyState::kUnknown, &SharedContext(account, World::Kind::kUnknownRole));
      context.Set("aws:PrincipalArn", role_arn);
      return context;
    }
    const Trust& trust = TrustOf(*role);
    const World::Kind kind = trust.session_tags ? World::Kind::kTaggableRole : World::Kind::kRole;
    policy::Context context(KeyState::kUnknown, &SharedContext(account, kind));
    static const policy::KeyName principal_arn_key("aws:PrincipalArn");
    static const policy::KeyName user_id_key("aws:userid");
    context.Set(principal_arn_key, role_arn);
    if (!role->id.empty()) context.SetBeginning(user_id_key, role->id + ":");
    // "Session tags override role tags with the same key."
    for (const Tag& tag : role->tags) {
      if (trust.session_tags) context.SetPresent("aws:PrincipalTag/" + tag.key);
      if (!trust.session_tags) context.Set("aws:PrincipalTag/" + tag.key, tag.value);
    }
    for (const char* tag : kPodTags) {
      if (trust.pod_tags && !trust.session_tags) context.SetUnknown(std::string("aws:PrincipalTag/") + tag);
    }
    if (trust.federated) context.SetUnknown("aws:FederatedProvider");
    return context;
  }

  const Facts& facts_;
  const Ask& ask_;
  std::size_t first_;
  std::size_t count_;
  World world_;
  // By account and name, as the facts have them.
  std::unordered_map<std::string, std::unordered_map<std::string_view, std::size_t>> by_name_;
  std::map<std::string, std::unique_ptr<ManagedPolicies>> managed_;  // by account
  std::shared_ptr<policy::S3Settings> strict_;
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

World MakeWorld(const Facts& facts, const Ask& ask, const WorldPart& part) {
  return WorldMaker(facts, ask, part).Make();
}

policy::Principal AsInstance(const policy::Principal& role, const PrincipalNote& note, const InstanceFacts& instance) {
  policy::Principal session = role;
  const std::string& partition = role.caller.partition;
  const std::string head = "arn:" + partition + ":sts::" + note.account + ":assumed-role/";
  const std::string role_arn =
      role.caller.kind == policy::Caller::Kind::kRole ? role.caller.text : role.caller.role_arn;
  auto caller = policy::ParseCaller(head + note.role + "/" + instance.id.value, role_arn);
  if (caller.ok()) session.caller = *std::move(caller);
  if (note.facts != nullptr) {
    session.context.Set("aws:userid", note.facts->id + ":" + instance.id.value);
    // The session of an instance carries no tags beside the role's, and comes from no provider.
    session.context.SetAbsentWithPrefix("aws:PrincipalTag/");
    for (const Tag& tag : note.facts->tags) session.context.Set("aws:PrincipalTag/" + tag.key, tag.value);
    for (const char* tag : kPodTags) {
      const std::string key = std::string("aws:PrincipalTag/") + tag;
      const bool is_own = std::any_of(note.facts->tags.begin(), note.facts->tags.end(),
                                      [tag](const Tag& one) { return EqualsIgnoreCase(one.key, tag); });
      if (!is_own) session.context.SetAbsent(key);
    }
    session.context.SetAbsent("aws:FederatedProvider");
  }
  session.context.SetPresent("ec2:RoleDelivery");
  session.context.Set("ec2:SourceInstanceARN", "arn:" + partition + ":ec2:" + instance.region + ":" + instance.account +
                                                   ":instance/" + instance.id.value);
  if (!instance.vpc.empty()) session.context.Set("aws:Ec2InstanceSourceVpc", instance.vpc);
  if (!instance.private_ip.empty()) session.context.Set("aws:Ec2InstanceSourcePrivateIPv4", instance.private_ip);
  return session;
}

}  // namespace sallyport::reach
