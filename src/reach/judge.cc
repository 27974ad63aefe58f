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

}  // namespace

Judge::Judge(const Facts& facts, const Ask& ask) : facts_(facts), ask_(ask), world_(MakeWorld(facts, ask_)) {
  evaluation_ = std::make_unique<Evaluation>(facts_, ask_, world_);
  index_ = std::make_unique<policy::WhoCanIndex>(world_.principals, world_.scps);
  answer_.bucket = facts.bucket.name;
  answer_.account = facts.bucket.account;
  answer_.region = facts.bucket.region;
  answer_.actions = ask_.actions;
  answer_.prefix = ask_.prefix;
  DecidePrincipals();
  DecideAnonymous();
  if (ask_.indirect) AddIndirect();
  answer_.outsiders = world_.outsiders;
  answer_.gaps = world_.gaps;
  answer_.not_considered = world_.not_considered;
}

Judge::~Judge() = default;

// Those for whom the index finds anything, on the bucket or on one of its access points, and for which asks.
std::map<std::size_t, Inquiry> Judge::Candidates() const {
  const auto asks_of = [](const policy::WhoCanRow& row) {
    std::uint64_t asks = 0;
    for (std::size_t i = 0; i < row.decisions.size(); ++i) {
      if (!policy::IsDenied(row.decisions[i])) asks |= std::uint64_t{1} << i;
    }
    return asks;
  };
  std::map<std::size_t, Inquiry> found;
  for (policy::WhoCanRow& row : index_->Ask(world_.question)) {
    found.emplace_hint(found.end(), row.principal, Inquiry{asks_of(row), std::move(row.decisions), false});
  }
  for (const policy::AccessPoint& point : world_.points) {
    for (const policy::WhoCanRow& row : index_->Ask(evaluation_->QuestionAt(point))) {
      const auto [place, fresh] = found.emplace(row.principal, Inquiry{0, {}, false});
      if (fresh) place->second.direct.assign(row.decisions.size(), Decision::kImplicitlyDenied);
      place->second.asks |= asks_of(row);
    }
  }
  return found;
}

void Judge::DecidePrincipals() {
  std::map<std::size_t, Inquiry> candidates;
  answer_.examined = world_.principals.size();
  if (ask_.principal.empty()) {
    candidates = Candidates();
  } else {
    answer_.examined = 0;
    for (std::size_t i = 0; i < world_.principals.size(); ++i) {
      if (world_.principals[i].caller.text != ask_.principal) continue;
      candidates[i] = {};
      ++answer_.examined;
    }
    if (candidates.empty()) {
      world_.gaps.push_back("`" + Printable(ask_.principal, 200) +
                            "` is no role of the accounts that were read, and no policy of the bucket names it");
    }
  }
  std::vector<std::pair<std::size_t, PrincipalAnswer>> found;
  for (auto& [place, inquiry] : candidates) {
    inquiry.detailed = found.size() < kMostDetailed;
    if (inquiry.detailed && ask_.with_trace) inquiry.asks = ~std::uint64_t{0};  // why not is asked for too
    PrincipalAnswer answer = AnswerFor(place, inquiry);
    const bool reaches = std::any_of(answer.actions.begin(), answer.actions.end(), [](const ActionAnswer& action) {
      return !policy::IsDenied(action.without_key) || !policy::IsDenied(action.decision);
    });
    if (reaches || !ask_.principal.empty()) found.emplace_back(place, std::move(answer));
  }
  if (found.size() > kMostDetailed) {
    world_.not_considered.push_back("statements, conditions and objects of more than " + std::to_string(kMostDetailed) +
                                    " principals; --principal names those of any one");
  }
  AddInOrder(std::move(found));
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
      places_.push_back(found[i].first);
      answer_.principals.push_back(std::move(found[i].second));
    }
  }
  answer_.undecided = static_cast<std::size_t>(std::count(ranks.begin(), ranks.end(), Rank(Decision::kUndecided)));
}

void Judge::DecideAnonymous() {
  policy::Principal anonymous;
  anonymous.context.Set("aws:PrincipalType", "Anonymous");
  anonymous.context.SetAbsent("aws:PrincipalArn");
  anonymous.context.SetAbsent("aws:PrincipalAccount");
  anonymous.context.SetAbsent("aws:PrincipalOrgID");
  anonymous.context.SetAbsentWithPrefix("aws:PrincipalTag/");
  std::string can;
  for (const ActionAnswer& action : evaluation_->Decide(anonymous, {})) {
    if (action.decision != Decision::kAllowed && action.decision != Decision::kConditional) continue;
    can += (can.empty() ? "" : ", ") + action.action + " " + std::string(Word(action.decision));
    if (action.decision == Decision::kConditional) can += " conditions hold";
  }
  if (!can.empty()) {
    world_.outsiders.insert(world_.outsiders.begin(), Outsider{"anyone on the internet, without signing in", can, ""});
  }
}

PrincipalAnswer Judge::AnswerFor(std::size_t place, const Inquiry& inquiry) {
  PrincipalAnswer answer;
  DescribePrincipal(place, answer);
  answer.actions = evaluation_->Decide(world_.principals[place], inquiry);
  return answer;
}

const Trust& Judge::TrustOf(const RoleFacts& role) const {
  const auto known = trusts_.find(role.trust);
  return known != trusts_.end() ? known->second : trusts_.emplace(role.trust, ReadTrust(role)).first->second;
}

void Judge::DescribePrincipal(std::size_t place, PrincipalAnswer& answer) const {
  const PrincipalNote& note = world_.notes[place];
  answer.arn = world_.principals[place].caller.text;
  answer.account = note.account;
  answer.role = note.role;
  answer.is_session = note.is_session;
  if (note.facts == nullptr) return;
  const Trust& trust = TrustOf(*note.facts);
  answer.consumers = trust.others;
  if (trust.ecs_tasks) answer.consumers.insert(answer.consumers.begin(), "ECS tasks");
  if (IsReserved(note.role)) answer.consumers.emplace_back("people through IAM Identity Center");
  for (const std::string& profile : note.facts->profiles) answer.profiles.push_back(ProfileName(profile));
}

// Roles that can assume a role that reaches the bucket (edge case M9): one step.
void Judge::AddIndirect() {
  std::vector<std::pair<std::size_t, PrincipalAnswer>> found;
  const std::size_t direct = answer_.principals.size();
  for (std::size_t i = 0, looked = 0; i < direct && looked < kMostTargets; ++i) {
    const PrincipalNote& target = world_.notes[places_[i]];
    const Decision best = answer_.principals[i].Best();
    if (target.facts == nullptr || target.is_session || policy::IsDenied(best) || best == Decision::kUndecided)
      continue;
    ++looked;
    policy::Question question;
    question.asks.push_back({policy::ActionName("sts:AssumeRole"), policy::Arn(target.facts->arn), false});
    question.resource_account = target.account;
    question.resource_policy =
        policy::Policy::FromText("trust policy", policy::PolicyType::kResource, target.facts->trust);
    for (const policy::WhoCanRow& row : index_->Ask(question)) {
      if (row.principal == places_[i] || row.decisions.front() == Decision::kUndecided) continue;
      PrincipalAnswer indirect;
      DescribePrincipal(row.principal, indirect);
      indirect.assumes = target.facts->arn;
      ActionAnswer assume;
      assume.action = "sts:AssumeRole";
      // What it can do then is no more than what the role can.
      assume.decision = policy::Both(row.decisions.front(), best);
      assume.without_key = assume.decision;
      if (assume.decision == Decision::kConditional)
        assume.condition = "what the trust policy or the role asks for holds";
      indirect.actions.push_back(std::move(assume));
      found.emplace_back(row.principal, std::move(indirect));
    }
  }
  for (auto& [place, answer] : found) {
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
}

Decision Judge::DecideFor(std::size_t place, const InstanceFacts& instance) {
  return evaluation_->DecideBest(AsInstance(world_.principals[place], world_.notes[place], instance));
}

void Judge::AddInstance(const InstanceFacts& instance, std::size_t at) {
  PrincipalAnswer& answer = answer_.principals[at];
  // The session of an EC2 instance has the instance's id as its name.
  if (answer.is_session && !answer.arn.ends_with("/" + instance.id.value)) return;
  HostAnswer host{instance.account, instance.region,
                  instance.id,      instance.state,
                  instance.tags,    "instance profile `" + Printable(ProfileName(instance.profile), 130) + "`",
                  answer.Best()};
  const bool one_by_one = answer.assumes.empty() && host_decisions_++ < kMostHostDecisions;
  if (one_by_one) host.decision = DecideFor(places_[at], instance);
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
  HostAnswer host{task.account, task.region, *task.instance, "", {}, what, answer.Best()};
  const auto machine =
      std::find_if(uses.instances.begin(), uses.instances.end(), [&task](const InstanceFacts& instance) {
        return instance.id == *task.instance && instance.account == task.account && instance.region == task.region;
      });
  if (machine != uses.instances.end()) {
    if (HasEnded(machine->state)) return;
    host.state = machine->state;
    host.tags = machine->tags;
  }
  // Several tasks of one service on one machine are one host.
  const bool known = std::any_of(answer.hosts.begin(), answer.hosts.end(), [&host](const HostAnswer& one) {
    return one.instance == host.instance && one.how == host.how;
  });
  if (!known) answer.hosts.push_back(std::move(host));
}

}  // namespace sallyport::reach
