// SPDX-License-Identifier: Apache-2.0
//
// What compliance reads besides the records of one host, and where verdicts go. One workflow alone needs this; so it
// hangs on the seams that every row and every actor is given, and who needs it asks for it (docs/decisions/0040):
//
//   auto* reads = compliance::OfferedBy<compliance::Reads>(sources.reach);
//
// Every failure is an Error: an answer that did not come is never an empty one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "compliance/evaluation.h"
#include "compliance/rules.h"
#include "swp/fleet.h"
#include "swp/rules.h"

namespace sallyport::compliance {

// The seam `Wanted` of what was given, when it has that too; nullptr: nobody offers it here.
template <class Wanted, class Given>
Wanted* OfferedBy(Given* given) {
  return dynamic_cast<Wanted*>(given);
}

class Reads {
 public:
  virtual ~Reads() = default;
  // SWP's computers in the order of their ids: at most `most` after that id. One call.
  virtual Result<std::vector<swp::FleetComputer>> FleetPage(std::int64_t after, int most) = 0;
  // Every record of that instance. Records of the kind `first` are asked for first; when one of them has an agent (of
  // kReported: one that is active), that was the only call.
  virtual Result<std::vector<swp::FleetComputer>> FleetOf(const InstanceId& instance, swp::RecordKind first) = 0;
  virtual Result<swp::Policy> GetPolicy(PolicyId policy) = 0;
  virtual Result<swp::Assignments> GetAssignments(ComputerId computer, swp::RuleModule module) = 0;
  // Every instance there, terminated ones included, page by page. When it ends early, what was visited is not all.
  virtual Status VisitInstances(const Place& place, const std::function<void(Resource)>& visit) = 0;
  // The container instances of every ECS cluster there, with the cluster's name.
  virtual Result<std::map<InstanceId, std::string>> ContainerHosts(const Place& place) = 0;
  // Instances that AWS Config holds a verdict of that rule for, NOT_APPLICABLE ones apart.
  virtual Status VisitJudged(const Place& place, const std::string& rule_name,
                             const std::function<void(const std::string& resource_id)>& visit) = 0;
  // The tags of an instance as they were recorded then; of an item that was too large to be sent.
  virtual Result<Resource> RecordedItem(const Place& place, const InstanceId& instance, TimePoint captured) = 0;
};

class Writes {
 public:
  virtual ~Writes() = default;
  // One call. Those that AWS Config did not take: they must be sent again. Putting the same again does no harm.
  virtual Result<std::vector<Evaluation>> PutEvaluations(const Place& place, const std::vector<Evaluation>& evaluations,
                                                         TimePoint ordering, const Secret& token, bool test_mode) = 0;
};

}  // namespace sallyport::compliance
