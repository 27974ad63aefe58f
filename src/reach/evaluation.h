// SPDX-License-Identifier: Apache-2.0
//
// One principal, one action: the bucket's side directly and through its access points, then the key. Pure.
#pragma once

#include <string>
#include <vector>

#include "policy/object_set.h"
#include "policy/who_can.h"
#include "reach/answer.h"
#include "reach/world.h"

namespace sallyport::reach {

bool IsDenied(policy::Decision decision);

class Evaluation {
 public:
  Evaluation(const Facts& facts, const Ask& ask, World& world);

  // The asks on the bucket itself, and the same on an access point.
  const policy::Question& question() const { return world_.question; }
  policy::Question QuestionAt(const policy::AccessPoint& point) const;

  ActionAnswer Decide(const policy::Principal& principal, std::size_t ask, bool detailed) const;
  std::size_t size() const { return world_.question.asks.size(); }

 private:
  // The best place among all that are asked for: one resource, what is decided about it, and where else it is so.
  struct Best {
    policy::Decision decision = policy::Decision::kImplicitlyDenied;
    policy::Arn example;
    std::vector<std::string> objects;
    std::vector<std::string> except;
    std::size_t point = kDirect;
    static constexpr std::size_t kDirect = static_cast<std::size_t>(-1);
  };
  struct Asking;

  static Asking AtPoint(const Asking& asking, const policy::AccessPoint& point);
  policy::PolicySet SetFor(const policy::Principal& principal) const;
  Best Directly(const Asking& asking, const policy::Question::Ask& ask) const;
  Best Through(const Asking& asking, const policy::Question::Ask& ask, std::size_t point) const;
  policy::Decision ByKey(const Asking& asking, const policy::RequestView& request, ActionAnswer& answer) const;
  void Describe(const Asking& asking, const policy::Question::Ask& ask, const Best& best, ActionAnswer& answer) const;
  bool MayBeCutOff(const policy::Principal& principal, const Best& best) const;

  const Facts& facts_;
  const Ask& ask_;
  const World& world_;
};

}  // namespace sallyport::reach
