// SPDX-License-Identifier: Apache-2.0
//
// Decides one question for many principals: conditional answers are settled (settle.h), each kind of them once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "policy/evaluate.h"
#include "policy/settle.h"

namespace sallyport::policy {

class SettledDecider {
 public:
  // Without a memory it does the same for everyone anew; for tests.
  explicit SettledDecider(bool remembers = true) : remembers_(remembers) {}

  // `salt` tells apart what is asked: the same number, the same action and resource.
  Decision Decide(const RequestView& request, const PolicySet& policies, std::uint64_t salt);
  Decision Decide(const RequestView& request, const PolicySet& policies, const Arn& resource_that_stays) {
    return Decide(request, policies,
                  static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&resource_that_stays)));
  }

  // Fewer than limits::kAssignments: this is asked for many principals, and an answer that is not settled stays
  // conditional.
  static constexpr std::size_t kAssignmentsEach = 2'000;
  // What preparing one search costs beside its assignments, in assignments.
  static constexpr std::size_t kPreparation = 20;

  // An answer that is not settled any more, since all that may be spent is, stays conditional.
  const SettleWork& work() const { return work_; }

 private:
  bool remembers_;
  std::unordered_map<std::uint64_t, Decision> settled_;
  SettleWork work_{limits::kAnswerAssignments, {limits::kAnswerCutWork}};
};

}  // namespace sallyport::policy
