// SPDX-License-Identifier: Apache-2.0
#include "reach/judge.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "policy/arn.h"
#include "reach/evaluation.h"

namespace sallyport::reach {
namespace {

using policy::Decision;

std::string ProfileName(std::string_view arn) {
  return std::string(arn.substr(arn.rfind('/') + 1));
}

constexpr int kLastRank = 3;
constexpr std::size_t kShownUser = 80;

int Rank(Decision decision) {
  switch (decision) {
    case Decision::kAllowed:
      return 0;
    case Decision::kConditional:
      return 1;
    case Decision::kUndecided:
      return kLastRank;
    default:
      return 2;  // the bucket's side lets it in, the key does not
  }
}

bool HasEnded(const std::string& state) {
  return state == "terminated" || state == "shutting-down";
}

bool IsReserved(const std::string& role) {
  return role.starts_with("AWSReservedSSO_");
}

// Keys that only a signed request has, or one that a service makes, or one with a session (IAM User Guide, "AWS global
// condition context keys"; S3 User Guide, "Amazon S3 Signature Version 4 authentication specific policy keys").
void SetUnsigned(policy::Context& context) {
  context.Set("aws:PrincipalType", "Anonymous");
  context.Set("aws:userid", "anonymous");
  context.Set("aws:ViaAWSService", "false");
  for (const char* key : {"aws:PrincipalArn",
                          "aws:PrincipalAccount",
                          "aws:PrincipalOrgID",
                          "aws:PrincipalOrgPaths",
                          "aws:PrincipalIsAWSService",
                          "aws:PrincipalServiceName",
                          "aws:PrincipalServiceNamesList",
                          "aws:username",
                          "aws:FederatedProvider",
                          "aws:TokenIssueTime",
                          "aws:MultiFactorAuthPresent",
                          "aws:MultiFactorAuthAge",
                          "aws:SourceIdentity",
                          "aws:SourceArn",
                          "aws:SourceAccount",
                          "aws:SourceOrgID",
                          "aws:SourceOrgPaths",
                          "aws:SourceOwner",
                          "aws:CalledVia",
                          "aws:CalledViaFirst",
                          "aws:CalledViaLast",
                          "aws:AssumedRoot",
                          "aws:ChatbotSourceArn",
                          "aws:Ec2InstanceSourceVpc",
                          "aws:Ec2InstanceSourcePrivateIPv4",
                          "ec2:RoleDelivery",
                          "ec2:SourceInstanceARN",
                          "ssm:SourceInstanceARN",
                          "lambda:SourceFunctionArn",
                          "identitystore:UserId",
                          "s3:authType",
                          "s3:signatureversion",
                          "s3:signatureAge"}) {
    context.SetAbsent(key);
  }
  for (const char* keys : {"aws:PrincipalTag/", "saml:", "cognito-identity.amazonaws.com:", "graph.facebook.com:",
                           "accounts.google.com:", "www.amazon.com:", "sts:"}) {
    context.SetAbsentWithPrefix(keys);
  }
}

}  // namespace

Judge::Judge(const Facts& facts, const Ask& ask) : facts_(facts), ask_(ask), world_(MakeWorld(facts, ask_, {0, 0})) {
  answer_.bucket = facts.bucket.name;
  answer_.account = facts.bucket.account;
  answer_.region = facts.bucket.region;
  answer_.actions = ask_.actions;
  answer_.prefix = ask_.prefix;
  DecidePrincipals();
  evaluation_ = std::make_unique<Evaluation>(facts_, ask_, world_);
  DecideEveryone();
  CountUnlisted();
  if (ask_.indirect) AddIndirect();
  answer_.outsiders.insert(answer_.outsiders.end(), world_.outsiders.begin(), world_.outsiders.end());
  answer_.gaps = world_.account_gaps;
  answer_.gaps.insert(answer_.gaps.end(), world_.gaps.begin(), world_.gaps.end());
  answer_.not_considered = world_.not_considered;
}

Answer Judge::Take() {
  AddNotes(*evaluation_);
  answer_.gaps.insert(answer_.gaps.end(), notes_.begin(), notes_.end());
  if (keyless_users_ > 0) {
    answer_.not_considered.push_back(CountText(static_cast<std::uint64_t>(keyless_users_), "IAM user") +
                                     " without active access keys, who may reach the bucket through the console");
  }
  for (const PrincipalAnswer& principal : answer_.principals) {
    if (std::find(principal.consumers.begin(), principal.consumers.end(),
                  "AWS service `access-grants.s3.amazonaws.com`") == principal.consumers.end()) {
      continue;
    }
    answer_.not_considered.push_back("S3 Access Grants: principals with a grant use role `" +
                                     Printable(principal.role, 80) + "`");
  }
  return std::move(answer_);
}

Judge::~Judge() = default;

// Those for whom the index finds anything, on the bucket or on one of its access points, and for which asks.
std::map<std::size_t, Inquiry> Judge::Candidates(const World& world, const Evaluation& evaluation) const {
  const policy::WhoCanIndex index(world.principals, world.scps);
  const auto asks_of = [](const policy::WhoCanRow& row) {
    std::uint64_t asks = 0;
    for (std::size_t i = 0; i < row.decisions.size(); ++i) {
      if (!policy::IsDenied(row.decisions[i])) asks |= std::uint64_t{1} << i;
    }
    return asks;
  };
  std::map<std::size_t, Inquiry> found;
  for (policy::WhoCanRow& row : index.Ask(world.question)) {
    found.emplace_hint(found.end(), row.principal, Inquiry{asks_of(row), std::move(row.decisions), false});
  }
  for (const policy::AccessPoint& point : world.points) {
    for (const policy::WhoCanRow& row : index.Ask(evaluation.QuestionAt(point))) {
      const auto [place, fresh] = found.emplace(row.principal, Inquiry{0, {}, false});
      if (fresh) place->second.direct.assign(row.decisions.size(), Decision::kImplicitlyDenied);
      place->second.asks |= asks_of(row);
    }
  }
  return found;
}

// In parts, so that of a thousand accounts only those stay in memory who are in the answer. Who can be assumed by whom
// is asked of all.
void Judge::DecidePrincipals() {
  std::vector<std::pair<std::size_t, PrincipalAnswer>> found;
  for (std::size_t first = 0; first < facts_.accounts.size();) {
    std::size_t count = 0;
    std::size_t roles = 0;
    while (first + count < facts_.accounts.size() && (ask_.indirect || roles < kRolesOfPart)) {
      const AccountFacts& account = facts_.accounts[first + count++];
      if (account.roles.ok()) roles += account.roles->roles.size() + account.roles->users.size();
    }
    DecidePart({first, count}, found);
    first += count;
  }
  if (!ask_.principal.empty() && found.empty()) {
    const std::string unknown =
        "`" + Printable(ask_.principal, 200) +
        "` is no role or user of the accounts that were read, and no policy of the bucket names it";
    // What was not read may have it.
    if (world_.account_gaps.empty() && world_.gaps.empty()) {
      answer_.unknown_principal = unknown;
    } else {
      world_.gaps.push_back(unknown);
    }
  }
  if (found.size() > kMostDetailed) {
    world_.not_considered.push_back("statements, conditions and objects of more than " + std::to_string(kMostDetailed) +
                                    " principals; --principal names those of any one");
  }
  AddInOrder(std::move(found));
}

void Judge::DecidePart(const WorldPart& part, std::vector<std::pair<std::size_t, PrincipalAnswer>>& found) {
  World world = MakeWorld(facts_, ask_, part);
  Evaluation evaluation(facts_, ask_, world);
  std::map<std::size_t, Inquiry> candidates;
  for (std::size_t i = 0; i < world.principals.size(); ++i) {
    const bool is_asked = ask_.principal.empty() || world.principals[i].caller.text == ask_.principal;
    if (is_asked) ++(world.notes[i].user != nullptr ? answer_.users_examined : answer_.examined);
    if (is_asked && !ask_.principal.empty()) candidates[i] = {};
  }
  if (ask_.principal.empty()) candidates = Candidates(world, evaluation);
  std::vector<std::pair<std::size_t, PrincipalAnswer>> of_part;
  for (auto& [place, inquiry] : candidates) {
    inquiry.detailed = found.size() + of_part.size() < kMostDetailed;
    if (inquiry.detailed && ask_.with_trace) inquiry.asks = ~std::uint64_t{0};  // why not is asked for too
    PrincipalAnswer answer;
    DescribePrincipal(world, place, answer);
    answer.actions = evaluation.Decide(world.principals[place], inquiry);
    const bool reaches = std::any_of(answer.actions.begin(), answer.actions.end(), [](const ActionAnswer& action) {
      return !policy::IsDenied(action.without_key) || !policy::IsDenied(action.decision);
    });
    if (reaches || !ask_.principal.empty()) of_part.emplace_back(place, std::move(answer));
  }
  AddNotes(evaluation);
  Keep(std::move(world), std::move(of_part), found);
}

// Takes over whoever is in the answer, or all.
void Judge::Keep(World&& world, std::vector<std::pair<std::size_t, PrincipalAnswer>>&& of_part,
                 std::vector<std::pair<std::size_t, PrincipalAnswer>>& found) {
  const auto take = [&](std::size_t place) {
    world_.principals.push_back(std::move(world.principals[place]));
    world_.notes.push_back(world.notes[place]);
    return world_.principals.size() - 1;
  };
  std::vector<std::size_t> places;
  for (std::size_t i = 0; ask_.indirect && i < world.principals.size(); ++i) places.push_back(take(i));
  for (auto& [place, answer] : of_part) {
    found.emplace_back(ask_.indirect ? places[place] : take(place), std::move(answer));
  }
  contexts_.push_back(std::move(world.account_contexts));
  world_.trusts.merge(world.trusts);
  world_.scps.merge(world.scps);
  world_.unread_scps.merge(world.unread_scps);
  world_.account_gaps.insert(world_.account_gaps.end(), world.account_gaps.begin(), world.account_gaps.end());
  // Roles that policies name and that are gone.
  for (Outsider& outsider : world.outsiders) {
    const bool known = std::find(world_.outsiders.begin(), world_.outsiders.end(), outsider) != world_.outsiders.end();
    if (!known) world_.outsiders.push_back(std::move(outsider));
  }
}

void Judge::AddNotes(const Evaluation& evaluation) {
  for (const std::string& note : evaluation.notes()) {
    if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
  }
}

// Who can, who may, whom the key stops, and for whom it could not be decided.
void Judge::AddInOrder(std::vector<std::pair<std::size_t, PrincipalAnswer>> found) {
  std::vector<int> ranks;
  ranks.reserve(found.size());
  for (const auto& [place, answer] : found) ranks.push_back(Rank(answer.Best()));
  answer_.principals.reserve(found.size());
  for (int rank = 0; rank <= kLastRank; ++rank) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (ranks[i] != rank) continue;
      if (found[i].second.is_user) {
        answer_.users.push_back(std::move(found[i].second));
        continue;
      }
      if (rank == kLastRank) ++answer_.undecided;
      places_.push_back(found[i].first);
      answer_.principals.push_back(std::move(found[i].second));
    }
  }
}

// What the whole of the policies gives those who are nobody in particular.
void Judge::DecideEveryone() {
  policy::Principal anonymous;
  SetUnsigned(anonymous.context);
  AddEveryone("anyone on the internet, without signing in", anonymous);
  // A role of an account that no policy names, whose own policies allow everything.
  policy::Principal stranger;
  auto caller = policy::ParseCaller("arn:" + facts_.bucket.partition + ":iam::000000000000:role/any", "");
  if (!caller.ok()) return;
  stranger.caller = *std::move(caller);
  stranger.identity = {policy::Policy::FromText(
      "its own policies", policy::PolicyType::kIdentity,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})")};
  for (const char* key : {"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid"}) {
    stranger.context.SetPresent(key);
  }
  stranger.context.Set("aws:PrincipalIsAWSService", "false");
  AddEveryone("everyone with an AWS account", stranger);
}

void Judge::AddEveryone(const std::string& who, const policy::Principal& principal) {
  EveryoneAnswer everyone{who, {}};
  std::string can;
  for (ActionAnswer& action : evaluation_->Decide(principal, {.detailed = true})) {
    if (policy::IsDenied(action.decision)) continue;
    can += (can.empty() ? "" : "; ") + action.action + " " + std::string(Word(action.decision));
    if (!action.condition.empty()) can += " " + Printable(action.condition, 300);
    if (action.decision == Decision::kUndecided && !action.reason.empty()) can += ": " + Printable(action.reason, 300);
    everyone.actions.push_back(std::move(action));
  }
  if (can.empty()) return;
  answer_.outsiders.push_back({who, can, ""});
  answer_.everyone.push_back(std::move(everyone));
}

// Where the bucket's ACL could not be read, whoever is denied so far may be let in by it: said once, not for each.
void Judge::CountUnlisted() {
  if (world_.generous == nullptr || !ask_.principal.empty()) return;
  const auto lets_in =
      std::find_if(answer_.everyone.begin(), answer_.everyone.end(), [this](const EveryoneAnswer& one) {
        return std::any_of(one.actions.begin(), one.actions.end(), [this](const ActionAnswer& action) {
          return action.decision == Decision::kUndecided && action.reason == world_.generous_reason;
        });
      });
  if (lets_in == answer_.everyone.end()) return;
  answer_.unlisted_undecided = answer_.denied();
  answer_.unlisted_reason = world_.generous_reason;
}

std::vector<std::string> Judge::UsersOf(const std::string& account) const {
  std::vector<std::string> names;
  for (const PrincipalAnswer& user : answer_.users) {
    if (user.account == account) names.push_back(user.role);
  }
  return names;
}

void Judge::AddKeys(const std::string& account, const std::map<std::string, Result<bool>>& has_active_keys) {
  const bool all = !ask_.principal.empty();
  std::vector<std::string> open;
  std::string why;
  std::erase_if(answer_.users, [&](PrincipalAnswer& user) {
    if (user.account != account) return false;
    const auto known = has_active_keys.find(user.role);
    if (known == has_active_keys.end()) {
      user.keys = "its access keys were not looked at";
      open.push_back(user.role);
      why = "more users of the account are in the answer than are asked about";
    } else if (!known->second.ok()) {
      user.keys = "its access keys could not be read";
      open.push_back(user.role);
      why = known->second.error().ToText();
    } else if (*known->second) {
      user.keys = "has active access keys";
    } else {
      user.keys = "has no active access key";
      if (!all) ++keyless_users_;
      return !all;
    }
    return false;
  });
  if (open.empty()) return;
  answer_.gaps.push_back("the access keys of " +
                         (open.size() == 1 ? "user `" + Printable(open.front(), kShownUser) + "`"
                                           : std::to_string(open.size()) + " users") +
                         " of account " + account +
                         " could not be read, so whether they have any is undetermined: " + why);
}

void Judge::DescribePrincipal(const World& world, std::size_t place, PrincipalAnswer& answer) {
  const PrincipalNote& note = world.notes[place];
  answer.arn = world.principals[place].caller.text;
  answer.account = note.account;
  answer.role = note.role;
  answer.is_session = note.is_session;
  answer.is_user = note.user != nullptr;
  if (note.facts == nullptr) return;
  const Trust& trust = world.trusts.at(note.facts->trust);
  answer.consumers = trust.others;
  if (trust.ecs_tasks) answer.consumers.insert(answer.consumers.begin(), "ECS tasks");
  if (IsReserved(note.role)) answer.consumers.emplace_back("people through IAM Identity Center");
  for (const std::string& profile : note.facts->profiles) answer.profiles.push_back(ProfileName(profile));
}

// Roles that can assume a role that reaches the bucket (edge case M9): one step.
void Judge::AddIndirect() {
  const policy::WhoCanIndex index(world_.principals, world_.scps);
  std::vector<std::pair<std::size_t, PrincipalAnswer>> found;
  const std::size_t direct = answer_.principals.size();
  for (std::size_t i = 0, looked = 0; i < direct && looked < kMostTargets; ++i) {
    const PrincipalNote& target = world_.notes[places_[i]];
    const Decision best = answer_.principals[i].Best();
    if (target.facts == nullptr || target.is_session || policy::IsDenied(best)) continue;
    ++looked;
    if (looked == kMostTargets && i + 1 < direct) {
      answer_.not_considered.push_back("who can assume others than the first " + std::to_string(kMostTargets) +
                                       " roles of the answer; --principal asks about any one");
    }
    policy::Question question;
    question.asks.push_back({policy::ActionName("sts:AssumeRole"), policy::Arn(target.facts->arn), false});
    question.resource_account = target.account;
    question.resource_policy =
        policy::Policy::FromText("trust policy", policy::PolicyType::kResource, target.facts->trust);
    for (const policy::WhoCanRow& row : index.Ask(question)) {
      const bool is_user = world_.notes[row.principal].user != nullptr;
      if (row.principal == places_[i] || is_user || row.decisions.front() == Decision::kUndecided) continue;
      PrincipalAnswer indirect;
      DescribePrincipal(world_, row.principal, indirect);
      indirect.assumes = target.facts->arn;
      ActionAnswer assume;
      assume.action = "sts:AssumeRole";
      // What it can do then is no more than what the role can.
      assume.decision = assume.as_read = policy::Both(row.decisions.front(), best);
      if (best == Decision::kUndecided) assume.reason = "what the role that it can assume may do is undetermined";
      const auto unread = world_.unread_scps.find(world_.notes[row.principal].account);
      if (ask_.controls_decide && unread != world_.unread_scps.end()) {
        assume.decision = Decision::kUndecided;
        assume.reason = unread->second;
      }
      assume.without_key = assume.decision;
      if (assume.decision == Decision::kConditional)
        assume.condition = "what the trust policy or the role asks for holds";
      indirect.actions.push_back(std::move(assume));
      found.emplace_back(row.principal, std::move(indirect));
    }
  }
  for (auto& [place, answer] : found) {
    if (answer.Best() == Decision::kUndecided) ++answer_.undecided;
    places_.push_back(place);
    answer_.principals.push_back(std::move(answer));
  }
  answer_.examined += found.size();
}

std::set<std::string> Judge::ProfilesOf(const std::string& account) const {
  std::set<std::string> profiles;
  for (const std::size_t place : places_) {
    const PrincipalNote& note = world_.notes[place];
    if (note.facts == nullptr || note.account != account) continue;
    profiles.insert(note.facts->profiles.begin(), note.facts->profiles.end());
  }
  return profiles;
}

bool Judge::HasTaskRoles(const std::string& account) const {
  return std::any_of(places_.begin(), places_.end(), [&](std::size_t place) {
    const PrincipalNote& note = world_.notes[place];
    return note.facts != nullptr && note.account == account && TrustOf(*note.facts).ecs_tasks;
  });
}

void Judge::AddUses(const UseFacts& uses) {
  endpoints_read_ = uses.endpoints_read;
  for (const VpcEndpointFacts& endpoint : uses.endpoints) {
    endpoints_[endpoint.account + "/" + endpoint.region + "/" + endpoint.vpc].push_back(
        {endpoint.id,
         policy::Policy::FromText("policy of " + endpoint.id, policy::PolicyType::kEndpoint, endpoint.policy)});
  }
  std::multimap<std::string_view, std::size_t> by_profile;
  std::multimap<std::string_view, std::size_t> by_role;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const PrincipalNote& note = world_.notes[places_[i]];
    if (note.facts == nullptr) continue;
    for (const std::string& profile : note.facts->profiles) by_profile.emplace(profile, i);
    if (!note.is_session) by_role.emplace(note.facts->arn, i);
  }
  for (const InstanceFacts& instance : uses.instances) {
    if (HasEnded(instance.state)) continue;
    const auto [first, last] = by_profile.equal_range(instance.profile);
    for (auto it = first; it != last; ++it) AddInstance(instance, it->second);
  }
  for (const TaskFacts& task : uses.tasks) {
    const auto [first, last] = by_role.equal_range(task.role);
    for (auto it = first; it != last; ++it) AddTask(task, uses, it->second);
  }
  answer_.gaps.insert(answer_.gaps.end(), uses.gaps.begin(), uses.gaps.end());
  answer_.not_considered.insert(answer_.not_considered.end(), uses.not_looked_at.begin(), uses.not_looked_at.end());
}

// By each way that requests from the instance may take: through an endpoint of its VPC, or through none.
void Judge::DecideOn(const InstanceFacts& instance, const policy::Principal& principal, HostAnswer& host) {
  // An endpoint serves buckets of its own region.
  const bool known = !instance.vpc.empty() && instance.region == facts_.bucket.region &&
                     endpoints_read_.contains({instance.account, instance.region});
  if (!known) {
    host.decision = evaluation_->DecideBest(principal);
    return;
  }
  host.decision = evaluation_->DecideBest(principal, {});
  const auto endpoints = endpoints_.find(instance.account + "/" + instance.region + "/" + instance.vpc);
  if (endpoints == endpoints_.end()) return;
  std::vector<std::pair<std::string, Decision>> ways = {{"through no endpoint", host.decision}};
  for (const Endpoint& endpoint : endpoints->second) {
    ways.emplace_back("through " + endpoint.id,
                      evaluation_->DecideBest(principal, {instance.vpc, endpoint.id, endpoint.policy}));
  }
  const bool alike = std::all_of(ways.begin(), ways.end(),
                                 [&](const auto& way) { return Word(way.second) == Word(ways.front().second); });
  if (alike) return;
  Decision best = Decision::kImplicitlyDenied;
  for (const auto& [way, decision] : ways) best = policy::Better(best, decision);
  for (const auto& [way, decision] : ways) {
    if (Word(decision) == Word(best)) host.condition += (host.condition.empty() ? "" : " or ") + way;
  }
  // Which way it takes its subnet's routes tell, and they are not read.
  host.decision = best == Decision::kAllowed ? Decision::kConditional : best;
}

bool Judge::IsDecidedForEach(const PrincipalAnswer& answer) {
  if (!answer.assumes.empty()) return false;
  if (host_decisions_++ == kMostHostDecisions) {
    answer_.not_considered.push_back(
        "what is known of single hosts, and the endpoints of their VPCs, beyond the first " +
        std::to_string(kMostHostDecisions) + " hosts");
  }
  return host_decisions_ <= kMostHostDecisions;
}

void Judge::AddInstance(const InstanceFacts& instance, std::size_t at) {
  PrincipalAnswer& answer = answer_.principals[at];
  // The session of an EC2 instance has the instance's id as its name.
  if (answer.is_session && !answer.arn.ends_with("/" + instance.id.value)) return;
  HostAnswer host{instance.account, instance.region,
                  instance.id,      instance.state,
                  instance.tags,    "instance profile `" + Printable(ProfileName(instance.profile), 130) + "`",
                  answer.Best(),    ""};
  const std::size_t place = places_[at];
  if (IsDecidedForEach(answer)) {
    DecideOn(instance, AsInstance(world_.principals[place], world_.notes[place], instance), host);
  }
  answer.hosts.push_back(std::move(host));
}

void Judge::AddTask(const TaskFacts& task, const UseFacts& uses, std::size_t at) {
  PrincipalAnswer& answer = answer_.principals[at];
  const std::string what = "ECS task of `" + Printable(task.group, 100) + "`";
  if (!task.instance) {
    answer.other_uses.push_back(what + " on " + (task.launch_type.empty() ? "no EC2 instance" : task.launch_type) +
                                ", " + task.account + "/" + task.region);
    return;
  }
  HostAnswer host{task.account, task.region, *task.instance, "", {}, what, answer.Best(), ""};
  const auto machine =
      std::find_if(uses.instances.begin(), uses.instances.end(), [&task](const InstanceFacts& instance) {
        return instance.id == *task.instance && instance.account == task.account && instance.region == task.region;
      });
  // Several tasks of one service on one machine are one host.
  const bool known = std::any_of(answer.hosts.begin(), answer.hosts.end(), [&host](const HostAnswer& one) {
    return one.instance == host.instance && one.how == host.how;
  });
  if (known) return;
  if (machine != uses.instances.end()) {
    if (HasEnded(machine->state)) return;
    host.state = machine->state;
    host.tags = machine->tags;
    // A task's network interface is its machine's, or is attached to it: they are in one VPC. Of its session nothing
    // more is known than of the role's.
    if (IsDecidedForEach(answer)) DecideOn(*machine, world_.principals[places_[at]], host);
  }
  answer.hosts.push_back(std::move(host));
}

}  // namespace sallyport::reach
