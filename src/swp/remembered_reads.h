// SPDX-License-Identifier: Apache-2.0
//
// Reads that are asked once: a repeat is answered with what was answered before, a failure too. For the plans that are
// made of one event; what acting is based on is asked anew.
#pragma once

#include <map>
#include <tuple>

#include "swp/service.h"

namespace sallyport::swp {

// Belongs to one thread. `inner` outlives it. What depends on more than its arguments at that moment (CheckScan) is
// never remembered.
class RememberedReads final : public Reads {
 public:
  explicit RememberedReads(Reads& inner) : inner_(inner) {}

  // Lists of a whole estate are not remembered: who asks for them keeps them.
  EstateReads* estate() override { return inner_.estate(); }
  Result<std::vector<Computer>> FindComputers(const InstanceId& instance) override {
    return Once(found_, instance.value, [&] { return inner_.FindComputers(instance); });
  }
  Result<std::vector<Computer>> FindNamesakes(ComputerId computer) override {
    return Once(namesakes_, computer.value, [&] { return inner_.FindNamesakes(computer); });
  }
  Result<std::vector<ScheduledTask>> FindOurTasks(ComputerId computer) override {
    return Once(tasks_, computer.value, [&] { return inner_.FindOurTasks(computer); });
  }
  Result<std::vector<ScheduledTask>> FindTasksLeft(Duration idle) override { return inner_.FindTasksLeft(idle); }
  Result<Computer> GetComputer(ComputerId computer) override {
    return Once(computers_, computer.value, [&] { return inner_.GetComputer(computer); });
  }
  Result<ScanProgress> CheckScan(ScanKind kind, ComputerId computer, TimePoint since) override {
    return inner_.CheckScan(kind, computer, since);
  }
  Result<Assignments> GetAssignments(Scope scope, RuleModule module) override {
    return Once(assignments_, std::make_pair(ToString(scope), module),
                [&] { return inner_.GetAssignments(scope, module); });
  }
  Result<Rule> GetRule(RuleModule module, RuleId rule) override {
    return Once(rules_, std::make_pair(module, rule.value), [&] { return inner_.GetRule(module, rule); });
  }
  Result<Policy> GetPolicy(PolicyId policy) override {
    return Once(policies_, policy.value, [&] { return inner_.GetPolicy(policy); });
  }
  Result<std::vector<Computer>> ComputersOf(PolicyId policy, std::size_t most) override {
    return Once(members_, std::make_pair(policy.value, most), [&] { return inner_.ComputersOf(policy, most); });
  }
  Result<std::vector<PolicyId>> PoliciesBelow(PolicyId policy, std::size_t most) override {
    return Once(below_, std::make_pair(policy.value, most), [&] { return inner_.PoliciesBelow(policy, most); });
  }

 private:
  template <class Key, class T, class Ask>
  static Result<T> Once(std::map<Key, Result<T>>& known, const Key& key, Ask ask) {
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    return known.emplace(key, ask()).first->second;
  }

  Reads& inner_;
  std::map<std::string, Result<std::vector<Computer>>> found_;
  std::map<std::int32_t, Result<std::vector<Computer>>> namesakes_;
  std::map<std::int32_t, Result<std::vector<ScheduledTask>>> tasks_;
  std::map<std::int32_t, Result<Computer>> computers_;
  std::map<std::pair<std::string, RuleModule>, Result<Assignments>> assignments_;
  std::map<std::pair<RuleModule, std::int32_t>, Result<Rule>> rules_;
  std::map<std::int32_t, Result<Policy>> policies_;
  std::map<std::pair<std::int32_t, std::size_t>, Result<std::vector<Computer>>> members_;
  std::map<std::pair<std::int32_t, std::size_t>, Result<std::vector<PolicyId>>> below_;
};

}  // namespace sallyport::swp
