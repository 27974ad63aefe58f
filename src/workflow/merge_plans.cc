// SPDX-License-Identifier: Apache-2.0
#include "workflow/merge_plans.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace sallyport {
namespace {

// An action by its place: vectors of actions do not move while these are used.
struct PlaceOfAction {
  std::size_t plan;
  std::size_t action;
};

std::string DeedOf(const Action& action) {
  return std::string(KindOf(action)) + "\n" + WhatOf(action) + "\n" + SubjectOf(action);
}

void TakeReasons(const PlannedAction& from, PlannedAction& into) {
  for (const std::string& why : from.why) {
    if (std::find(into.why.begin(), into.why.end(), why) == into.why.end()) into.why.push_back(why);
  }
  into.together = std::max(into.together, from.together);
  into.after = std::min(into.after, from.after);
}

// Keeps the first of equal actions.
class EqualActions {
 public:
  EqualActions(std::vector<Plan>& plans, std::size_t recorded) : plans_(plans), recorded_(recorded) {}

  void Merge() {
    for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
      if (plan >= recorded_) LeaveOutEarlier(plan);
      // Actions of one plan are not compared with each other: a plan may mean to do the same twice.
      for (std::size_t action = 0; action < plans_[plan].actions.size(); ++action) Remember({plan, action});
    }
  }

 private:
  void LeaveOutEarlier(std::size_t plan) {
    std::vector<PlannedAction> kept;
    std::vector<PlannedAction> own = std::move(plans_[plan].actions);
    for (PlannedAction& planned : own) {
      if (const auto same = FindEarlier(planned)) {
        if (same->plan >= recorded_) TakeReasons(planned, plans_[same->plan].actions[same->action]);
        plans_[plan].reasons.push_back("planned by workflow " + plans_[same->plan].workflow +
                                       " already: " + Describe(planned.action));
        continue;
      }
      kept.push_back(std::move(planned));
    }
    plans_[plan].actions = std::move(kept);
  }

  std::optional<PlaceOfAction> FindEarlier(const PlannedAction& planned) const {
    if (const auto same_key = by_key_.find(planned.key); same_key != by_key_.end()) return same_key->second;
    const auto [begin, end] = by_deed_.equal_range(DeedOf(planned.action));
    for (auto it = begin; it != end; ++it) {
      if (plans_[it->second.plan].actions[it->second.action].action == planned.action) return it->second;
    }
    return std::nullopt;
  }

  void Remember(PlaceOfAction place) {
    const PlannedAction& planned = plans_[place.plan].actions[place.action];
    by_key_.emplace(planned.key, place);
    by_deed_.emplace(DeedOf(planned.action), place);
  }

  std::vector<Plan>& plans_;
  const std::size_t recorded_;
  std::map<std::string, PlaceOfAction> by_key_;
  std::multimap<std::string, PlaceOfAction> by_deed_;
};

void Hold(PlannedAction& planned, const std::string& thing, const std::string& wanted, const std::string& workflow) {
  if (!planned.needs_person.empty()) return;
  planned.needs_person = "workflow " + workflow + " wants the opposite for the same event: " + thing + " " + wanted;
}

void HoldOpposites(std::vector<Plan>& plans, std::size_t recorded) {
  struct Wish {
    PlaceOfAction place;
    std::string state;
  };
  std::map<std::string, std::vector<Wish>> wishes;
  for (std::size_t plan = 0; plan < plans.size(); ++plan) {
    for (std::size_t action = 0; action < plans[plan].actions.size(); ++action) {
      for (Effect& effect : EffectsOf(plans[plan].actions[action].action)) {
        wishes[effect.thing].push_back({{plan, action}, std::move(effect.state)});
      }
    }
  }
  for (const auto& [thing, of_thing] : wishes) {
    for (const Wish& wish : of_thing) {
      if (wish.place.plan < recorded) continue;
      const auto opposite =
          std::find_if(of_thing.begin(), of_thing.end(), [&](const Wish& other) { return other.state != wish.state; });
      if (opposite == of_thing.end()) break;
      Hold(plans[wish.place.plan].actions[wish.place.action], thing, opposite->state,
           plans[opposite->place.plan].workflow);
    }
  }
}

}  // namespace

void MergePlans(std::vector<Plan>& plans, std::size_t recorded) {
  EqualActions(plans, recorded).Merge();
  HoldOpposites(plans, recorded);
}

}  // namespace sallyport
