// SPDX-License-Identifier: Apache-2.0
//
// The question who can reach a bucket, asked once: a repeat is answered with what was answered before, a failure too.
// For the plans that are made of one event.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "reach/reads.h"

namespace sallyport::reach {

// Belongs to one thread. `inner` outlives it.
class RememberedReads final : public Reads {
 public:
  explicit RememberedReads(Reads& inner) : inner_(inner) {}

  Result<Answer> WhoCan(const Ask& ask) override {
    const auto known =
        std::find_if(known_.begin(), known_.end(), [&ask](const auto& asked) { return asked.first == ask; });
    if (known != known_.end()) return known->second;
    return known_.emplace_back(ask, inner_.WhoCan(ask)).second;
  }

  Result<std::string> InstanceState(const std::string& account, const std::string& region,
                                    const InstanceId& instance) override {
    return inner_.InstanceState(account, region, instance);
  }

 private:
  Reads& inner_;
  std::vector<std::pair<Ask, Result<Answer>>> known_;
};

}  // namespace sallyport::reach
