// SPDX-License-Identifier: Apache-2.0
//
// Decides who can reach the bucket, and on which hosts they are. Pure.
//
//   Judge judge(facts, ask);
//   judge.profiles()            which instance profiles to look for
//   judge.AddUses(uses);
//   Answer answer = judge.Take();
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/who_can.h"
#include "reach/answer.h"
#include "reach/facts.h"
#include "reach/trust.h"
#include "reach/world.h"

namespace sallyport::reach {

class Evaluation;
struct Inquiry;

class Judge {
 public:
  // `ask` has passed CheckAsk. The facts must outlive the judge.
  Judge(const Facts& facts, const Ask& ask);
  ~Judge();

  const Answer& answer() const { return answer_; }
  // Where to look for what uses the roles of the answer: ARNs of instance profiles; and whether a role of the account
  // is made for ECS tasks.
  std::set<std::string> ProfilesOf(const std::string& account) const;
  bool HasTaskRoles(const std::string& account) const;

  void AddUses(const UseFacts& uses);

  // Users of the account who are in the answer, by name; and what became known about their access keys. Those who have
  // none that is active leave it: they reach the bucket by the console, if at all.
  std::vector<std::string> UsersOf(const std::string& account) const;
  void AddKeys(const std::string& account, const std::map<std::string, Result<bool>>& has_active_keys);

  Answer Take();

  static constexpr std::size_t kRolesOfPart = 2'000;         // that are in memory together, by whole accounts
  static constexpr std::size_t kMostDetailed = 500;          // principals whose statements are named
  static constexpr std::size_t kMostHostDecisions = 20'000;  // instances decided for one by one
  static constexpr std::size_t kMostTargets = 50;            // roles that others are looked for who can assume them

 private:
  void DecidePrincipals();
  void DecidePart(const WorldPart& part, std::vector<std::pair<std::size_t, PrincipalAnswer>>& found);
  void Keep(World&& world, std::vector<std::pair<std::size_t, PrincipalAnswer>>&& of_part,
            std::vector<std::pair<std::size_t, PrincipalAnswer>>& found);
  void AddNotes(const Evaluation& evaluation);
  void AddInOrder(std::vector<std::pair<std::size_t, PrincipalAnswer>> found);
  void DecideEveryone();
  void AddEveryone(const std::string& who, const policy::Principal& principal);
  void CountUnlisted();
  void AddIndirect();
  std::map<std::size_t, Inquiry> Candidates(const World& world, const Evaluation& evaluation) const;
  const Trust& TrustOf(const RoleFacts& role) const { return world_.trusts.at(role.trust); }
  static void DescribePrincipal(const World& world, std::size_t place, PrincipalAnswer& answer);
  void AddInstance(const InstanceFacts& instance, std::size_t at);
  void AddTask(const TaskFacts& task, const UseFacts& uses, std::size_t at);
  void DecideOn(const InstanceFacts& instance, const policy::Principal& principal, HostAnswer& host);
  bool IsDecidedForEach(const PrincipalAnswer& answer);

  const Facts& facts_;
  const Ask ask_;
  World world_;  // the bucket's side, and whoever is in the answer
  // Those of the parts, which the principals kept are based on.
  std::vector<decltype(World::account_contexts)> contexts_;
  std::unique_ptr<Evaluation> evaluation_;
  std::vector<std::string> notes_;
  Answer answer_;
  std::vector<std::size_t> places_;  // in the world, of each of answer_.principals
  std::size_t host_decisions_ = 0;
  // Endpoints of S3, by account, region and VPC; and the places where they are known.
  struct Endpoint {
    std::string id;
    policy::PolicyPtr policy;
  };
  std::map<std::string, std::vector<Endpoint>> endpoints_;
  std::set<std::pair<std::string, std::string>> endpoints_read_;
  std::size_t keyless_users_ = 0;
};

}  // namespace sallyport::reach
