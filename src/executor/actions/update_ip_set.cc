// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/update_ip_set.h"

#include <algorithm>
#include <utility>

#include "action/update_ip_set.h"
#include "edge/addresses.h"
#include "executor/actions/edge_hosts.h"

namespace sallyport {
namespace {

// Somebody else changes the set at the same time: read it again, and make the change anew.
constexpr int kIpSetAttempts = 3;
constexpr std::string_view kIpSetLockConflict = "WAFOptimisticLockException";

class IpSetUpdater final : public ActorOf<UpdateIpSet> {
 public:
  explicit IpSetUpdater(std::unique_ptr<edge::Access> access) : access_(std::move(access)) {}

 protected:
  Done Act(const UpdateIpSet& update, const ActorTask&) override {
    if (access_ == nullptr) return Failed({ErrorCode::kUnavailable, "AWS cannot be asked here", ""});
    Error last{ErrorCode::kUnavailable, "", ""};
    for (int attempt = 0; attempt < kIpSetAttempts; ++attempt) {
      auto done = Try(update, last);
      if (done) return *std::move(done);
    }
    return Failed({ErrorCode::kUnavailable, "the IP set is changed by other clients all the time: " + last.message,
                   "run it again later"});
  }

  std::string WouldDo(const UpdateIpSet& update, const ActorTask&) const override {
    return "wafv2 UpdateIPSet " + update.arn + ": " + std::to_string(update.add.size()) + " blocks added, " +
           std::to_string(update.remove.size()) + " removed, all others as they are then";
  }

  std::optional<Done> FindOut(const UpdateIpSet& update, const ActorTask&) override {
    if (access_ == nullptr) return std::nullopt;
    const auto now = access_->ReadIpSet(PlaceOf(update));
    if (!now.ok())
      return Done{ActionState::kIntended, "whether it was changed could not be read: " + now.error().ToText(), {}};
    if (!IsDone(*now, update)) return std::nullopt;
    return Done{ActionState::kVerified, "it was done already", {}};
  }

  Result<UpdateIpSet> WithHostsOfNow(const UpdateIpSet& update, const ActorTask& task) override {
    if (access_ == nullptr || (HaveTags(update.hosts) && !task.goes_on && !task.intended_at)) return update;
    UpdateIpSet now = update;
    if (const Status taken = TakeTagsOfNow(*access_, now.hosts); !taken.ok()) return taken.error();
    return now;
  }

  std::optional<Question> AsksForEnd(const UpdateIpSet&, const ActorTask&) const override { return std::nullopt; }

 private:
  static edge::IpSetPlace PlaceOf(const UpdateIpSet& update) {
    return {update.account, update.region, update.scope, update.name, update.id};
  }

  static bool IsDone(const edge::IpSetNow& now, const UpdateIpSet& update) {
    return edge::IsApplied({update.add, update.remove}, now.addresses);
  }

  // Nothing: somebody else was faster, and `last` says so.
  std::optional<Done> Try(const UpdateIpSet& update, Error& last) {
    auto now = access_->ReadIpSet(PlaceOf(update));
    if (!now.ok()) return Failed(now.error());
    if (now->version != update.version) {
      return Failed({ErrorCode::kRefused, "the IP set is of " + now->version + ", the blocks are of " + update.version,
                     "run it again"});
    }
    if (IsDone(*now, update)) return Done{ActionState::kVerified, "nothing to do: it has these blocks", {}};
    now->addresses = edge::Apply({update.add, update.remove}, now->addresses);
    if (now->addresses.size() > edge::kMostAddresses) {
      return Failed({ErrorCode::kRefused,
                     "the IP set would have " + std::to_string(now->addresses.size()) + " blocks of " +
                         std::to_string(edge::kMostAddresses),
                     "others add to it too: use a set of its own for the list"});
    }
    const Status written = access_->UpdateIpSet(PlaceOf(update), *now);
    if (!written.ok() && written.error().RemoteCode() == kIpSetLockConflict) {
      last = written.error();
      return std::nullopt;
    }
    if (!written.ok() && written.error().code != ErrorCode::kOutcomeUnknown) return Failed(written.error());
    Done done = ReadBack(update);
    // A lost answer says nothing; what is there now may say that it arrived. Else it may still arrive.
    return written.ok() || done.state == ActionState::kVerified ? done : Failed(written.error());
  }

  Done ReadBack(const UpdateIpSet& update) {
    const auto now = access_->ReadIpSet(PlaceOf(update));
    if (now.ok() && IsDone(*now, update)) {
      return {ActionState::kVerified, "read back: it has " + std::to_string(now->addresses.size()) + " blocks", {}};
    }
    return NotReadBack("", now.ok() ? Ok() : Status(now.error()));
  }

  std::unique_ptr<edge::Access> access_;
};

}  // namespace

ActionRow UpdateIpSetRow(MakeEdgeAccess make) {
  return RowOf<UpdateIpSet>(
      [make = std::move(make)](const ActorSeams& seams) {
        return std::make_unique<IpSetUpdater>(make ? make(seams) : nullptr);
      },
      {.allowed = false, .windowed = false});
}

}  // namespace sallyport
