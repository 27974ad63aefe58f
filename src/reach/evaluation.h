// SPDX-License-Identifier: Apache-2.0
//
// One principal, some actions: the bucket's side directly and through its access points, then the key. Pure. What
// principals have in common is worked out once, so that the next one costs little; not thread-safe for that reason.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/object_set.h"
#include "policy/settled_decider.h"
#include "policy/who_can.h"
#include "policy/witnesses.h"
#include "reach/answer.h"
#include "reach/world.h"

namespace sallyport::reach {

// What is asked about one principal.
struct Inquiry {
  std::uint64_t asks = ~std::uint64_t{0};  // a bit for each; the others are known to be denied
  // What the index decided about the bucket itself, for each ask; empty: it was not asked.
  std::vector<policy::Decision> direct{};
  bool detailed = false;  // with statements, conditions and objects
};

class Evaluation {
 public:
  // Completes the world's question with the asks. Everything must outlive it.
  Evaluation(const Facts& facts, const Ask& ask, World& world);

  // The asks on the bucket itself, and the same on an access point.
  const policy::Question& question() const { return world_.question; }
  policy::Question QuestionAt(const policy::AccessPoint& point) const;

  // One answer for each ask.
  std::vector<ActionAnswer> Decide(const policy::Principal& principal, const Inquiry& inquiry);
  // The best of them, without the details.
  policy::Decision DecideBest(const policy::Principal& principal);

 private:
  // The place with most access among all that are asked for: one resource, and what is decided about it.
  struct Best {
    policy::Decision decision = policy::Decision::kImplicitlyDenied;
    policy::Arn example;
    std::size_t point = kDirect;
    static constexpr std::size_t kDirect = static_cast<std::size_t>(-1);
  };
  struct Asking {
    policy::Caller caller;
    policy::PolicySet policies;
    policy::Context context{policy::KeyState::kUnknown};

    policy::RequestView View(const policy::ActionName& action, const policy::Arn& resource,
                             std::string_view owner) const {
      return {caller, action, resource, owner, context, true};
    }
  };

  void Use(const policy::Principal& principal);
  Asking AtPoint(const policy::AccessPoint& point) const;
  ActionAnswer Decide(std::size_t number, const Inquiry& inquiry);
  Best Find(std::size_t number, const Inquiry& inquiry);
  Best Directly(std::size_t number);
  Best Through(std::size_t number, std::size_t point);
  policy::Decision ByKey(const policy::RequestView& request, ActionAnswer& answer) const;
  void Describe(const policy::Question::Ask& ask, const Best& best, ActionAnswer& answer);
  bool MayBeCutOff(const Best& best) const;

  const Facts& facts_;
  const Ask& ask_;
  const World& world_;
  Asking asking_;  // as the principal that was asked for last
  policy::SettledDecider decider_;
  policy::RegionCache regions_;
  std::vector<policy::WitnessFinder> finders_;                     // one for each ask, on the bucket
  std::vector<std::vector<policy::WitnessFinder>> point_finders_;  // the same for each access point
};

}  // namespace sallyport::reach
