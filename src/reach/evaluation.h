// SPDX-License-Identifier: Apache-2.0
//
// One principal, some actions: the bucket's side directly and through its access points, then the key. Pure. What
// principals have in common is worked out once, so that the next one costs little; not thread-safe for that reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "policy/limits.h"
#include "policy/object_set.h"
#include "policy/s3_access.h"
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

  // A way that a host's requests may take to S3.
  struct Way {
    std::string vpc{};       // whose endpoint it takes; empty: none
    std::string endpoint{};  // its id
    policy::PolicyPtr policy{};
  };
  policy::Decision DecideBest(const policy::Principal& principal, const Way& way);

  // What was unread and made a difference, and cuts that were not made: for the lines below an answer.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  // What KMS says about one object.
  struct ByKey {
    policy::Decision decision = policy::Decision::kAllowed;
    std::string statement{};  // a grant that lets it in
    std::string condition{};
    std::string reason{};
  };
  // The place with most access among all that are asked for: one resource, and what is decided about it.
  struct Best {
    policy::Decision decision = policy::Decision::kImplicitlyDenied;     // with the key
    policy::Decision without_key = policy::Decision::kImplicitlyDenied;  // of any resource
    policy::Arn example;
    ByKey key;
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
  Best Find(std::size_t number, const Inquiry& inquiry, const std::vector<policy::AccessPoint>& points);
  Best FindWith(std::size_t number, const std::shared_ptr<const policy::S3Settings>& settings,
                const std::vector<policy::AccessPoint>& points);
  Best Directly(std::size_t number);
  Best Through(std::size_t number, std::size_t point, const policy::AccessPoint& through);
  // Notes `decision` of S3 about an example, and what the key makes of it.
  policy::Decision Weigh(std::size_t number, policy::Decision decision, const policy::Arn& example, Best& best);
  ByKey AskKey(const policy::RequestView& request) const;
  ByKey AskGrants(const policy::KeyRequest& request, const policy::RequestView& s3_request,
                  const std::string& operation) const;
  ByKey WithOtherEncryption(const policy::RequestView& request, ByKey by_key) const;
  void Describe(const policy::Question::Ask& ask, const Best& best, ActionAnswer& answer);
  void NarrowByKey(const policy::Question::Ask& ask, ActionAnswer& answer);
  std::string WhyUndecided(const Best& best) const;
  std::string WhyOpen(std::size_t number, const Best& best);
  void AddCircumstances(const policy::Question::Ask& ask, ActionAnswer& answer);
  policy::Decision BestInUse();
  void Note(std::string note);
  bool CutsByKey(const policy::ActionName& action) const;

  const Facts& facts_;
  const Ask& ask_;
  const World& world_;
  Asking asking_;  // as the principal that was asked for last
  policy::SettledDecider decider_;
  policy::PolicySet key_policies_;  // of the principal, as KMS checks them
  policy::CutWork work_{policy::limits::kAnswerCutWork};
  policy::CutWork described_{policy::limits::kAnswerCutWork};
  std::size_t described_places_ = 0;
  std::deque<policy::WitnessFinder> finders_;                    // one for each ask, on the bucket
  std::deque<std::deque<policy::WitnessFinder>> point_finders_;  // the same for each access point
  std::vector<std::string> notes_;
};

}  // namespace sallyport::reach
