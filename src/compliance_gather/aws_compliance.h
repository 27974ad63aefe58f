// SPDX-License-Identifier: Apache-2.0
//
// What compliance reads of AWS, and the verdicts that it tells AWS Config (compliance/seams.h), over typed calls.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "aws/call.h"
#include "base/secret.h"
#include "compliance/seams.h"

namespace sallyport::compliance {

// Thread-safe if the way is.
class AwsCompliance {
 public:
  // The way to an account: with the role of the settings, or with the one that the place names. Errors: no credentials.
  using WayTo = std::function<Result<aws::Transport*>(const Place& place)>;
  explicit AwsCompliance(WayTo way_to) : way_to_(std::move(way_to)) {}

  Status VisitInstances(const Place& place, const std::function<void(Resource)>& visit) const;
  Result<std::map<InstanceId, std::string>> ContainerHosts(const Place& place) const;
  Status VisitJudged(const Place& place, const std::string& rule_name,
                     const std::function<void(const std::string& resource_id)>& visit) const;
  Result<Resource> RecordedItem(const Place& place, const InstanceId& instance, TimePoint captured) const;
  Result<std::vector<Evaluation>> PutEvaluations(const Place& place, const std::vector<Evaluation>& evaluations,
                                                 TimePoint ordering, const Secret& token, bool test_mode) const;

 private:
  Result<aws::Aws> At(const Place& place) const;

  const WayTo way_to_;
};

}  // namespace sallyport::compliance
