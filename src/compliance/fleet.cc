// SPDX-License-Identifier: Apache-2.0
#include "compliance/fleet.h"

#include <algorithm>

namespace sallyport::compliance {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kKeepPolicy = std::chrono::minutes(10);
constexpr std::size_t kMostPoliciesKept = 10'000;
constexpr std::size_t kMostPlacesKept = 1'000;
constexpr std::size_t kMostKindsKept = 20'000;
constexpr int kMostLevels = 50;
// 10 million computers: only a manager that repeats itself gets there.
constexpr int kMostFleetPages = 10'000;
// A page with fewer is the end of its list: no manager gives so few at once when there are more.
constexpr std::size_t kSurelyLast = 5;

bool IsFresh(TimePoint read_at, Duration good, TimePoint now) {
  return now >= read_at && now - read_at < good;
}

}  // namespace

std::vector<swp::FleetComputer> Snapshot::Of(const InstanceId& instance) const {
  const auto found = records_.find(instance.value);
  return found == records_.end() ? std::vector<swp::FleetComputer>() : found->second;
}

// A manager that fills a page has ended with the first one that is not full; one that never fills a page is asked until
// a page is empty (contract swp-api 4.3).
Result<Snapshot> Snapshot::Read(Reads& reads, TimePoint now) {
  Snapshot snapshot;
  snapshot.read_at_ = now;
  std::int64_t last = 0;
  bool fills_pages = false;
  while (snapshot.pages_ < kMostFleetPages) {
    auto page = reads.FleetPage(last, kFleetPage);
    if (!page.ok()) return page.error();
    ++snapshot.pages_;
    const std::size_t size = page->size();
    if (size > 0) last = page->back().computer.id.value;
    snapshot.computers_ += size;
    for (swp::FleetComputer& one : *page) {
      if (one.computer.instance_id.empty()) continue;
      snapshot.records_[one.computer.instance_id].push_back(std::move(one));
    }
    const bool is_full = size >= kFleetPage;
    if (size < kSurelyLast || (fills_pages && !is_full)) return snapshot;
    fills_pages = is_full;
  }
  return Error{ErrorCode::kTooLarge, "SWP's list of computers does not end", ""};
}

Result<std::shared_ptr<const Snapshot>> Fleet::All(Reads& reads, TimePoint now) {
  const auto known = [&]() -> std::shared_ptr<const Snapshot> {
    const std::lock_guard lock(mutex_);
    return snapshot_ != nullptr && IsFresh(snapshot_->read_at(), kSnapshotIsGood, now) ? snapshot_ : nullptr;
  };
  if (auto snapshot = known()) return snapshot;
  const std::lock_guard one_reads(reading_);
  if (auto snapshot = known()) return snapshot;
  auto read = Snapshot::Read(reads, now);
  if (!read.ok()) return read.error();
  auto made = std::make_shared<const Snapshot>(*std::move(read));
  const std::lock_guard lock(mutex_);
  snapshot_ = made;
  return std::shared_ptr<const Snapshot>(made);
}

bool Fleet::MayAskSingly(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (snapshot_ != nullptr && IsFresh(snapshot_->read_at(), kSnapshotIsGood, now)) return false;
  while (!singles_.empty() && !IsFresh(singles_.front(), kMinute, now)) singles_.pop_front();
  if (singles_.size() >= kSingleReads) return false;
  singles_.push_back(now);
  return true;
}

Result<std::vector<swp::FleetComputer>> Fleet::Find(const Resource& resource, Reads& reads, TimePoint now) {
  if (MayAskSingly(now)) return AskSingly(resource, reads, now);
  const auto all = All(reads, now);
  if (!all.ok()) return all.error();
  return (*all)->Of(resource.instance);
}

swp::RecordKind Fleet::AskedFirst(const Resource& resource, TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (const std::string* of : {&resource.instance.value, &resource.account}) {
    const auto kept = kinds_.find(*of);
    if (kept != kinds_.end() && IsFresh(kept->second.seen_at, kKeepPolicy, now)) return kept->second.kind;
  }
  return swp::RecordKind::kOfConnector;
}

// SWP has two kinds of records of instances, and no search for either: in an account without a connector the second
// search would always be needed.
Result<std::vector<swp::FleetComputer>> Fleet::AskSingly(const Resource& resource, Reads& reads, TimePoint now) {
  const swp::RecordKind first = AskedFirst(resource, now);
  auto found = reads.FleetOf(resource.instance, first);
  if (!found.ok() || found->empty()) return found;
  const bool by_connector = std::any_of(found->begin(), found->end(), [](const swp::FleetComputer& one) {
    return one.computer.instance_source == swp::InstanceSource::kEc2VirtualMachineSummary;
  });
  // Whether there is a connector by now is not seen where agents' own records were enough.
  if (!by_connector && first == swp::RecordKind::kReported) return found;
  const KeptKind kind{now, by_connector ? swp::RecordKind::kOfConnector : swp::RecordKind::kReported};
  const std::lock_guard lock(mutex_);
  if (kinds_.size() >= kMostKindsKept) kinds_.clear();
  kinds_.insert_or_assign(resource.instance.value, kind);
  kinds_.insert_or_assign(resource.account, kind);
  return found;
}

std::map<PolicyId, Result<swp::Policy>> Fleet::PolicyLine(PolicyId policy, Reads& reads, TimePoint now) {
  std::map<PolicyId, Result<swp::Policy>> line;
  std::optional<PolicyId> next = policy;
  while (next && line.size() < kMostLevels && !line.contains(*next)) {
    std::optional<swp::Policy> known;
    {
      const std::lock_guard lock(mutex_);
      const auto kept = policies_.find(*next);
      if (kept != policies_.end() && IsFresh(kept->second.read_at, kKeepPolicy, now)) known = kept->second.policy;
    }
    auto read = known ? Result<swp::Policy>(*std::move(known)) : reads.GetPolicy(*next);
    const PolicyId at = *next;
    next = read.ok() ? read->parent : std::nullopt;
    if (read.ok()) {
      // Names and places in the tree are all that is asked for: a policy is some 20 kB long.
      swp::Policy kept;
      kept.id = read->id;
      kept.parent = read->parent;
      kept.name = read->name;
      const std::lock_guard lock(mutex_);
      if (policies_.size() >= kMostPoliciesKept) policies_.clear();
      const auto [place, is_new] = policies_.try_emplace(at, KeptPolicy{now, kept});
      if (!is_new && !IsFresh(place->second.read_at, kKeepPolicy, now)) place->second = {now, kept};
      read = std::move(kept);
    }
    line.emplace(at, std::move(read));
  }
  return line;
}

std::string Fleet::ClusterOf(const Place& place, const InstanceId& instance, Reads& reads, TimePoint now) {
  const std::string key = place.account + "/" + place.region;
  const auto look = [&](const KeptHosts& kept) {
    const auto found = kept.hosts.find(instance);
    return found == kept.hosts.end() ? std::string() : found->second;
  };
  const std::lock_guard lock(mutex_);
  const auto kept = container_hosts_.find(key);
  if (kept != container_hosts_.end() && IsFresh(kept->second.read_at, kKeepPolicy, now)) return look(kept->second);
  // Read with the lock held: a thousand evaluations that begin together ask once. What cannot be read is asked for
  // again later; the note that it is about decides nothing.
  auto read = reads.ContainerHosts(place);
  KeptHosts made{now, read.ok() ? *std::move(read) : std::map<InstanceId, std::string>()};
  if (container_hosts_.size() >= kMostPlacesKept) container_hosts_.clear();
  return look(container_hosts_.insert_or_assign(key, std::move(made)).first->second);
}

}  // namespace sallyport::compliance
