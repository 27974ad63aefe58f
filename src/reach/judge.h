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
  Answer Take() { return std::move(answer_); }

  static constexpr std::size_t kMostDetailed = 500;          // principals whose statements are named
  static constexpr std::size_t kMostHostDecisions = 20'000;  // instances decided for one by one
  static constexpr std::size_t kMostTargets = 50;            // roles that others are looked for who can assume them

 private:
  void DecidePrincipals();
  void AddInOrder(std::vector<std::pair<std::size_t, PrincipalAnswer>> found);
  void DecideAnonymous();
  void AddIndirect();
  std::map<std::size_t, Inquiry> Candidates() const;
  PrincipalAnswer AnswerFor(std::size_t place, const Inquiry& inquiry);
  const Trust& TrustOf(const RoleFacts& role) const;
  void DescribePrincipal(std::size_t place, PrincipalAnswer& answer) const;
  void AddInstance(const InstanceFacts& instance, std::size_t at);
  void AddTask(const TaskFacts& task, const UseFacts& uses, std::size_t at);
  policy::Decision DecideFor(std::size_t place, const InstanceFacts& instance);

  const Facts& facts_;
  const Ask ask_;
  World world_;
  std::unique_ptr<Evaluation> evaluation_;
  std::unique_ptr<policy::WhoCanIndex> index_;
  Answer answer_;
  mutable std::unordered_map<std::string_view, Trust> trusts_;  // by the text of the policy, which many roles share
  std::vector<std::size_t> places_;                             // in the world, of each of answer_.principals
  std::size_t host_decisions_ = 0;
};

}  // namespace sallyport::reach
