// SPDX-License-Identifier: Apache-2.0
//
// Fleet: what the evaluations of one process know together of SWP's computers, so that a thousand of them do not ask a
// thousand times. A snapshot of all computers is read page by page, once for all who want one at that time; single
// instances are asked for one by one while they are few.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "compliance/seams.h"

namespace sallyport::compliance {

// All of SWP's computers at one moment, by instance; those of no instance are left out.
class Snapshot {
 public:
  // Records of that instance; none: SWP had none.
  std::vector<swp::FleetComputer> Of(const InstanceId& instance) const;
  TimePoint read_at() const { return read_at_; }
  std::size_t computers() const { return computers_; }
  int pages() const { return pages_; }

  // Reads it anew. kBadAnswer, kUnavailable, ...: no part of it counts. `now`: when it is begun, which is its age.
  static Result<Snapshot> Read(Reads& reads, TimePoint now);

 private:
  std::map<std::string, std::vector<swp::FleetComputer>, std::less<>> records_;
  TimePoint read_at_{};
  std::size_t computers_ = 0;
  int pages_ = 0;
};

// How many computers a page of the snapshot has.
inline constexpr int kFleetPage = 1'024;
// A snapshot answers for so long. What changes meanwhile is judged at its next change, or by the next scheduled run.
inline constexpr Duration kSnapshotIsGood = std::chrono::seconds(60);
// So many instances in a minute are asked for one by one; with the next one all computers are read.
inline constexpr std::size_t kSingleReads = 2;

// Thread-safe.
class Fleet {
 public:
  // The records of one instance. `now`: of the evaluation. One call; two for a host without an agent, and for one whose
  // records are of another kind than those that were found last for it, or else in its account, in the last ten
  // minutes.
  Result<std::vector<swp::FleetComputer>> Find(const Resource& resource, Reads& reads, TimePoint now);
  // All of them, at most kSnapshotIsGood old.
  Result<std::shared_ptr<const Snapshot>> All(Reads& reads, TimePoint now);
  // A policy and those above it, each known for ten minutes. Those that could not be read are there with their error.
  std::map<PolicyId, Result<swp::Policy>> PolicyLine(PolicyId policy, Reads& reads, TimePoint now);
  // The ECS cluster that the instance belongs to; empty: none, or not known. Known for ten minutes for each place.
  std::string ClusterOf(const Place& place, const InstanceId& instance, Reads& reads, TimePoint now);

 private:
  bool MayAskSingly(TimePoint now);
  Result<std::vector<swp::FleetComputer>> AskSingly(const Resource& resource, Reads& reads, TimePoint now);

  std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::mutex reading_;  // one reads a snapshot, the others wait for it
  std::deque<TimePoint> singles_;
  struct KeptKind {
    TimePoint seen_at;
    swp::RecordKind kind = swp::RecordKind::kOfConnector;
  };
  swp::RecordKind AskedFirst(const Resource& resource, TimePoint now);
  std::map<std::string, KeptKind> kinds_;  // by instance, and by account
  struct KeptPolicy {
    TimePoint read_at;
    swp::Policy policy;
  };
  std::map<PolicyId, KeptPolicy> policies_;
  struct KeptHosts {
    TimePoint read_at;
    std::map<InstanceId, std::string> hosts;
  };
  std::map<std::string, KeptHosts> container_hosts_;
};

}  // namespace sallyport::compliance
