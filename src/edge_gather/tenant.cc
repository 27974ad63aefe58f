// SPDX-License-Identifier: Apache-2.0
#include "edge_gather/tenant.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"

namespace sallyport::edge {
namespace {

constexpr int kComputersEachPage = 250;

class TenantReader {
 public:
  TenantReader(swp::Client& client, const ProtectionCriteria& criteria, TimePoint now, const SurveyAsk& ask,
               Estate& estate)
      : client_(client), criteria_(criteria), now_(now), ask_(ask), estate_(estate) {}

  std::map<std::int32_t, IpsRule> Read() {
    if (!FindComputers()) return {};
    for (Host& host : estate_.hosts) Judge(host);
    for (Host& host : estate_.hosts) AddClasses(host);
    return std::move(used_);
  }

 private:
  bool FindComputers() {
    for (const Host& host : estate_.hosts) computers_[host.id];
    const Status visited =
        client_.VisitComputers(swp::SearchBody(kComputersEachPage), [this](const swp::Computer& computer) {
          const auto wanted = computers_.find(computer.instance_id);
          if (wanted != computers_.end()) wanted->second.push_back(computer);
          return true;
        });
    if (visited.ok()) return true;
    for (Host& host : estate_.hosts) {
      host.swp.why = visited.error().ToText();
      host.swp.classes_why = "SWP could not be read";
      host.swp.unread = true;
    }
    return false;
  }

  void Judge(Host& host) {
    const auto id = ParseInstanceId(host.id);
    if (!id.ok()) {
      host.swp.why = id.error().ToText();
      return;
    }
    const Protection protection = JudgeProtection({*id, host.account}, computers_[host.id], criteria_, now_);
    host.swp.guard = protection.state == ProtectionState::kProtected      ? Guard::kProtected
                     : protection.state == ProtectionState::kNotProtected ? Guard::kNotProtected
                                                                          : Guard::kUndetermined;
    for (const ProtectionNote& note : protection.decisive) {
      host.swp.why += (host.swp.why.empty() ? "" : "; ") + Printable(note.text, 200);
    }
    if (!protection.computer) {
      host.swp.classes_why = "no computer of SWP, so no policy";
      return;
    }
    host.swp.computer = protection.computer->id.value;
    if (protection.computer->Damage("policyID") != nullptr) {
      host.swp.classes_why = "the policy cannot be read: " + Printable(*protection.computer->Damage("policyID"), 200);
      host.swp.unread = true;
    } else if (protection.computer->policy) {
      host.swp.policy = protection.computer->policy->value;
    } else {
      host.swp.classes_why = "no SWP policy";
    }
  }

  struct PolicyFacts {
    std::string name;
    std::optional<std::vector<AppClass>> classes;
    std::string why;
  };

  void AddClasses(Host& host) {
    if (host.swp.policy == 0) return;
    const PolicyFacts& policy = PolicyOf(host.swp.policy);
    host.swp.policy_name = policy.name;
    host.swp.classes = policy.classes;
    host.swp.classes_why = policy.why;
    host.swp.unread = !policy.classes;
  }

  const PolicyFacts& PolicyOf(std::int32_t id) {
    const auto known = policies_.find(id);
    if (known != policies_.end()) return known->second;
    PolicyFacts& facts = policies_[id];
    const auto policy = client_.GetPolicy(PolicyId{id});
    if (!policy.ok()) {
      facts.why = policy.error().ToText();
      return facts;
    }
    facts.name = policy->name;
    const auto state = policy->module_states.find(swp::Module::kIntrusionPrevention);
    if (state != policy->module_states.end() && state->second == "off") {
      facts.classes.emplace();  // its rules protect nothing
      facts.why = "intrusion prevention of the policy is off";
      return facts;
    }
    const auto rules = policy->rules.find(swp::Module::kIntrusionPrevention);
    std::vector<IpsRule> read;
    for (const RuleId rule : rules == policy->rules.end() ? std::vector<RuleId>{} : rules->second) {
      const auto one = RuleOf(rule);
      if (!one.ok()) {
        facts.why = "rule " + std::to_string(rule.value) + " of the policy was not read: " + one.error().ToText();
        return facts;
      }
      read.push_back(*one);
    }
    facts.classes = ClassesOf(read);
    return facts;
  }

  Result<IpsRule> RuleOf(RuleId id) {
    if (const auto used = used_.find(id.value); used != used_.end()) return used->second;
    if (const auto known = ask_.known_rules.find(id.value); known != ask_.known_rules.end()) {
      return used_[id.value] = known->second;
    }
    if (asked_ >= kMostRulesAsked) {
      return Error{ErrorCode::kTooLarge, "more than " + std::to_string(kMostRulesAsked) + " rules in one run", ""};
    }
    ++asked_;
    const auto rule = client_.GetRule(swp::RuleModule::kIntrusionPrevention, id);
    if (!rule.ok()) return rule.error();
    const auto type = TypeOf(rule->application_type);
    if (!type.ok()) return type.error();
    return used_[id.value] = {rule->identifier, rule->name, *type};
  }

  Result<std::string> TypeOf(std::optional<std::int32_t> id) {
    if (!id) return std::string();
    if (!types_) types_ = client_.FindApplicationTypes("%");
    if (!types_->ok()) return types_->error();
    for (const swp::ApplicationType& type : **types_) {
      if (type.id == *id) return type.name;
    }
    return std::string();
  }

  swp::Client& client_;
  const ProtectionCriteria& criteria_;
  const TimePoint now_;
  const SurveyAsk& ask_;
  Estate& estate_;
  std::unordered_map<std::string, std::vector<swp::Computer>> computers_;
  std::map<std::int32_t, PolicyFacts> policies_;
  std::map<std::int32_t, IpsRule> used_;
  std::optional<Result<std::vector<swp::ApplicationType>>> types_;
  std::size_t asked_ = 0;
};

}  // namespace

std::map<std::int32_t, IpsRule> ReadTenant(swp::Client& client, const ProtectionCriteria& criteria, TimePoint now,
                                           const SurveyAsk& ask, Estate& estate) {
  return TenantReader(client, criteria, now, ask, estate).Read();
}

}  // namespace sallyport::edge
