// SPDX-License-Identifier: Apache-2.0
#include "policy/who_can.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "base/check.h"
#include "policy/object_set.h"
#include "policy/settled_decider.h"
#include "policy/witnesses.h"

namespace sallyport::policy {
namespace {

// Evaluates for one principal after the other.
class Evaluator {
 public:
  Evaluator(const Question& question, const std::map<std::string, std::vector<PolicyLevel>>& scps, bool remembers)
      : question_(question), scps_(scps), remembers_(remembers), context_(question.context), decider_(remembers) {
    policies_.resource = question.resource_policy;
    policies_.rcps = question.rcps;
    policies_.endpoint = question.endpoint;
    policies_.s3 = question.s3;
    std::map<std::string, std::shared_ptr<WitnessFinder::Ends>> ends;
    for (const Question::Ask& ask : question.asks) {
      const std::string& set = ask.resource.text();
      auto& shared = ends[set];
      if (shared == nullptr) shared = std::make_shared<WitnessFinder::Ends>();
      finders_.emplace_back(set, work_, shared).AddResources(ask.action, set);
    }
  }

  std::optional<WhoCanRow> Row(std::size_t place, const Principal& principal, std::uint64_t mask) {
    if (mask == 0) return std::nullopt;
    policies_.identity = principal.identity;
    policies_.boundary = principal.boundary;
    UseAccount(principal.caller.account);
    context_.SetBase(&principal.context);
    WhoCanRow row{place, std::vector<Decision>(question_.asks.size(), Decision::kImplicitlyDenied)};
    bool can = false;
    for (std::size_t i = 0; i < question_.asks.size(); ++i) {
      if (((mask >> i) & 1U) == 0) continue;
      row.decisions[i] = Decided(i, principal.caller);
      // Which kind of denial is not told: for those that were not evaluated it is not known either.
      if (IsDenied(row.decisions[i])) row.decisions[i] = Decision::kImplicitlyDenied;
      can = can || !IsDenied(row.decisions[i]);
    }
    return can ? std::optional(std::move(row)) : std::nullopt;
  }

 private:
  void UseAccount(const std::string& account) {
    if (have_account_ && account == account_) return;
    have_account_ = true;
    account_ = account;
    const auto found = scps_.find(account);
    policies_.scps = found == scps_.end() ? std::vector<PolicyLevel>() : found->second;
  }

  Decision Decided(std::size_t ask, const Caller& caller) {
    const Question::Ask& asked = question_.asks[ask];
    if (!asked.is_set) return decider_.Decide(View(asked, asked.resource, caller), policies_, asked.resource);
    if (!remembers_) return DecidedForSetAlone(asked, caller);
    const auto at_best = [&](const WitnessFinder::BestViews& views) {
      RequestView request = View(asked, asked.resource, caller);
      request.view = views.front();
      return decider_.Decide(request, policies_, asked.resource);
    };
    const auto at_example = [&](const WitnessFinder::Example& example) {
      return decider_.Decide(View(asked, example.arns.front(), caller), policies_, example.arns.front());
    };
    return finders_[ask].Best({{0, &policies_}}, context_, at_best, at_example).decision;
  }

  RequestView View(const Question::Ask& asked, const Arn& resource, const Caller& caller) const {
    return {caller, asked.action, resource, question_.resource_account, context_, true};
  }

  // Without anything that is shared between principals.
  Decision DecidedForSetAlone(const Question::Ask& asked, const Caller& caller) {
    const SetAnswer answer = DecideForSet(View(asked, asked.resource, caller), asked.resource.text(), policies_);
    Decision best = Decision::kExplicitlyDenied;
    for (const SetRegion& region : answer.regions) {
      const Arn example(region.example);
      best = Better(best, decider_.Decide(View(asked, example, caller), policies_, example));
    }
    return answer.decision == Decision::kUndecided ? Better(best, answer.decision) : best;
  }

  const Question& question_;
  const std::map<std::string, std::vector<PolicyLevel>>& scps_;
  bool remembers_;
  Context context_;
  PolicySet policies_;
  bool have_account_ = false;
  std::string account_;
  SettledDecider decider_;
  CutWork work_{limits::kAnswerCutWork};
  std::deque<WitnessFinder> finders_;  // one for each ask
};

// Whether the statement can concern what is asked for, whatever is not known.
bool MayConcern(const CompiledStatement& statement, const Question::Ask& ask) {
  static const Context nothing_known(KeyState::kUnknown);
  if (!statement.MatchesAction(ask.action)) return false;
  if (!ask.is_set) {
    Why why = Why::kCompared;
    return statement.MatchesResource(ask.resource, nothing_known, why) != Tri::kFalse;
  }
  const auto& resources = statement.resources();
  if (!statement.source().resource || statement.source().resource->negated) return true;
  return std::any_of(resources.begin(), resources.end(),
                     [&ask](const ResourcePattern& pattern) { return MayOverlap(pattern, ask.resource.text()); });
}

}  // namespace

// What the resource's policy and ACLs might allow, and to whom.
struct WhoCanIndex::ResourceSide {
  Mask everyone = 0;                              // also: NotPrincipal, and a policy that could not be read
  Mask always = 0;                                // to be evaluated for everybody: the answer may be "could not decide"
  std::unordered_map<std::string, Mask> by_name;  // role and session ARNs
};

WhoCanIndex::WhoCanIndex(const std::vector<Principal>& principals, std::map<std::string, std::vector<PolicyLevel>> scps)
    : principals_(principals), scps_(std::move(scps)) {
  std::unordered_map<const Policy*, std::uint32_t> places;
  const auto is_broken = [](const PolicyPtr& policy) { return policy->error().has_value(); };
  std::map<std::string, bool> broken_accounts;
  for (const auto& [account, levels] : scps_) {
    broken_accounts[account] = std::any_of(levels.begin(), levels.end(), [&](const PolicyLevel& level) {
      return std::any_of(level.policies.begin(), level.policies.end(), is_broken);
    });
  }
  for (const Principal& principal : principals_) {
    Entry& entry = entries_.emplace_back();
    for (const PolicyPtr& policy : principal.identity) {
      const auto [found, fresh] = places.emplace(policy.get(), static_cast<std::uint32_t>(policies_.size()));
      if (fresh) policies_.push_back(policy);
      entry.policies.push_back(found->second);
    }
    const auto account = broken_accounts.find(principal.caller.account);
    entry.broken = std::any_of(principal.boundary.begin(), principal.boundary.end(), is_broken) ||
                   (account != broken_accounts.end() && account->second);
  }
}

WhoCanIndex::Mask WhoCanIndex::MayAllow(const Policy& policy, const Question& question) const {
  if (policy.error()) return ~Mask{0};
  Mask mask = 0;
  for (std::size_t i = 0; i < question.asks.size(); ++i) {
    const Question::Ask& ask = question.asks[i];
    const auto may = [&](const CompiledStatement* statement) {
      return statement->effect() == Effect::kAllow && MayConcern(*statement, ask);
    };
    const auto& named = policy.ForService(ask.action.service_hash);
    const auto& any = policy.ForAnyService();
    if (std::any_of(named.begin(), named.end(), may) || std::any_of(any.begin(), any.end(), may)) mask |= Mask{1} << i;
  }
  return mask;
}

WhoCanIndex::ResourceSide WhoCanIndex::Inspect(const Question& question) const {
  ResourceSide side;
  for (const PolicyPtr& policy : question.endpoint) {
    if (policy->error()) side.always = ~Mask{0};
  }
  for (const PolicyLevel& level : question.rcps) {
    for (const PolicyPtr& policy : level.policies) {
      if (policy->error()) side.always = ~Mask{0};
    }
  }
  // ACL grants are few, and are left to the evaluation.
  if (question.s3 != nullptr && !question.s3->acls_disabled &&
      (!question.s3->bucket_acl.empty() || !question.s3->object_acl.empty())) {
    side.everyone = ~Mask{0};
  }
  for (std::size_t i = 0; i < question.asks.size(); ++i) {
    const std::string& action = question.asks[i].action.lower;
    if (action == "sts:getcalleridentity" || action == "sts:getsessiontoken") side.always |= Mask{1} << i;
  }
  if (question.resource_policy == nullptr) return side;
  if (question.resource_policy->error()) side.always = ~Mask{0};
  for (const CompiledStatement& statement : question.resource_policy->statements()) {
    if (statement.effect() != Effect::kAllow || !statement.principal()) continue;
    Mask mask = 0;
    for (std::size_t i = 0; i < question.asks.size(); ++i) {
      mask |= MayConcern(statement, question.asks[i]) ? Mask{1} << i : 0;
    }
    const PrincipalElement& who = statement.principal()->element();
    const bool star = std::find(who.aws.begin(), who.aws.end(), "*") != who.aws.end();
    if (who.everyone || who.negated || star || !who.service.empty()) side.everyone |= mask;
    for (const std::string& value : who.aws) side.by_name[value] |= mask;
  }
  return side;
}

std::vector<WhoCanIndex::Mask> WhoCanIndex::Candidates(const Question& question) const {
  Check(question.asks.size() <= Question::kMostAsks, "no more asks than bits");
  std::vector<Mask> of_policy;
  of_policy.reserve(policies_.size());
  for (const PolicyPtr& policy : policies_) of_policy.push_back(MayAllow(*policy, question));
  const ResourceSide side = Inspect(question);
  const auto named = [&side](const std::string& name) {
    const auto found = side.by_name.find(name);
    return found == side.by_name.end() ? Mask{0} : found->second;
  };
  std::vector<Mask> masks;
  masks.reserve(principals_.size());
  for (std::size_t i = 0; i < principals_.size(); ++i) {
    const Caller& caller = principals_[i].caller;
    Mask mask = side.everyone | side.always;
    if (!side.by_name.empty()) mask |= named(caller.text) | named(caller.role_arn);
    bool broken = entries_[i].broken;
    for (const std::uint32_t policy : entries_[i].policies) {
      mask |= of_policy[policy];
      broken = broken || policies_[policy]->error().has_value();
    }
    masks.push_back(broken ? ~Mask{0} : mask);
  }
  return masks;
}

std::size_t WhoCanIndex::CountCandidates(const Question& question) const {
  const std::vector<Mask> masks = Candidates(question);
  return static_cast<std::size_t>(std::count_if(masks.begin(), masks.end(), [](Mask mask) { return mask != 0; }));
}

std::vector<WhoCanRow> WhoCanIndex::Ask(const Question& question) const {
  const std::vector<Mask> masks = Candidates(question);
  Evaluator evaluator(question, scps_, true);
  std::vector<WhoCanRow> rows;
  for (std::size_t i = 0; i < principals_.size(); ++i) {
    if (auto row = evaluator.Row(i, principals_[i], masks[i])) rows.push_back(*std::move(row));
  }
  return rows;
}

std::vector<WhoCanRow> WhoCanIndex::AskEveryone(const Question& question) const {
  Evaluator evaluator(question, scps_, false);
  std::vector<WhoCanRow> rows;
  for (std::size_t i = 0; i < principals_.size(); ++i) {
    if (auto row = evaluator.Row(i, principals_[i], ~Mask{0})) rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace sallyport::policy
