// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "action/assign_rules.h"
#include "executor/actor.h"
#include "swp/service.h"

namespace sallyport {

struct GoneRules {
  std::vector<RuleId> rules;
  std::string text;               // "rule 7, 9", for people; empty: all are there, or it is not known
  std::vector<std::string> left;  // CVEs that a rule lists that is still there
};
// SWP takes all of the rules or none. One that an update removed since the plan was made must not keep the others out:
// takes out of `rules` what surely does not exist. `cves`: what they are for.
GoneRules TakeOutWhatIsGone(swp::Reads& reads, const std::vector<std::string>& cves, std::vector<RuleToAssign>& rules);

// As ReadPolicyTargets (action/policy_targets.h), from lists of 1,000 computers: one call for each policy and thousand,
// and one for the policies below each. `reads` has an estate.
Result<std::vector<Target>> ReadTargetsInPages(swp::Reads& reads, PolicyId policy, std::size_t most);

// Rules at a place with its hosts as they are now: their tags, and what findings say of them. An Error: that could not
// be read.
Result<AssignRules> PlaceOfNow(const AssignRules& assigned, const ActorTask& task, swp::Reads& reads,
                               HostHistory* history);

// Each of them; the first that fails is the error. May be repeated.
Status SetDetectOnlyAt(swp::RuleWrites& writes, swp::Scope scope, const std::vector<RuleId>& rules, bool detect_only);

// What the actions on virtual patches share: where they act is `kPlace` of them, and their end is asked about by what
// they themselves ask.
template <class A, AssignRules A::*kPlace>
class PatchActor : public ActorOf<A> {
 public:
  explicit PatchActor(const ActorSeams& seams)
      : reads_(seams.reads), writes_(seams.writes), log_(seams.log), history_(seams.history) {}

 protected:
  Result<A> WithHostsOfNow(const A& patches, const ActorTask& task) override {
    auto place = PlaceOfNow(patches.*kPlace, task, reads_, history_);
    if (!place.ok()) return place.error();
    A now = patches;
    now.*kPlace = *std::move(place);
    return now;
  }
  std::optional<Question> AsksForEnd(const A&, const ActorTask&) const override { return std::nullopt; }

  swp::Reads& reads_;
  swp::RuleWrites& writes_;
  Logger& log_;

 private:
  HostHistory* history_;
};

}  // namespace sallyport
