// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/update_web_acl.h"

#include <algorithm>
#include <map>
#include <utility>

#include "action/update_ip_set.h"
#include "action/update_web_acl.h"
#include "base/text.h"
#include "edge/change.h"
#include "executor/actions/edge_hosts.h"
#include "executor/actions/update_ip_set.h"
#include "workflow/waf_counted.h"

namespace sallyport {
namespace {

// Somebody else changes the ACL at the same time: read it again, and make the change anew.
constexpr int kAttempts = 3;
constexpr std::string_view kLockConflict = "WAFOptimisticLockException";

class WebAclUpdater final : public ActorOf<UpdateWebAcl> {
 public:
  explicit WebAclUpdater(std::unique_ptr<edge::Access> access) : access_(std::move(access)) {}

 protected:
  Done Act(const UpdateWebAcl& update, const ActorTask& task) override {
    if (access_ == nullptr) return Failed({ErrorCode::kUnavailable, "AWS cannot be asked here", ""});
    Error last{ErrorCode::kUnavailable, "", ""};
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      auto done = Try(update, task, last);
      if (done) return *std::move(done);
    }
    // It was written by somebody else each time: nothing of ours is there, and no gate said no.
    return Failed({ErrorCode::kUnavailable, "the web ACL is changed by other clients all the time: " + last.message,
                   "start the run again later"});
  }

  std::string WouldDo(const UpdateWebAcl& update, const ActorTask&) const override {
    const edge::GroupName group{update.vendor, update.group};
    return "wafv2 UpdateWebACL " + update.arn + ": " + update.change + " rule " + edge::RuleNameFor(group) + " (" +
           ToString(group) + "), every other member as it is then";
  }

  std::optional<Done> FindOut(const UpdateWebAcl& update, const ActorTask& task) override {
    if (access_ == nullptr) return std::nullopt;
    const auto now = access_->ReadAcl(PlaceOf(update));
    if (!now.ok())
      return Done{ActionState::kIntended, "whether it was changed could not be read: " + now.error().ToText(), {}};
    if (!IsDone(*now, update)) return std::nullopt;
    return Verified(update, task, "it was done already");
  }

  Result<UpdateWebAcl> WithHostsOfNow(const UpdateWebAcl& update, const ActorTask& task) override {
    if (access_ == nullptr || (HaveTags(update.hosts) && !task.goes_on && !task.intended_at)) return update;
    UpdateWebAcl now = update;
    if (const Status taken = TakeTagsOfNow(*access_, now.hosts); !taken.ok()) return taken.error();
    return now;
  }

  std::optional<Question> AsksForEnd(const UpdateWebAcl&, const ActorTask&) const override { return std::nullopt; }

 private:
  static edge::AclPlace PlaceOf(const UpdateWebAcl& update) { return {update.account, update.region, update.arn}; }

  static edge::ChangeKind KindOfChange(const UpdateWebAcl& update) {
    return edge::ChangeKindFrom(update.change).value_or(edge::ChangeKind::kAdd);
  }

  // Nothing: somebody else was faster, and `last` says so.
  std::optional<Done> Try(const UpdateWebAcl& update, const ActorTask& task, Error& last) {
    const edge::GroupName group{update.vendor, update.group};
    const auto now = access_->ReadAcl(PlaceOf(update));
    if (!now.ok()) return Failed(now.error());
    const auto change = edge::ChangeOf(*now, KindOfChange(update), group);
    if (!change.ok()) return Failed(change.error());
    if (change->nothing_to_do) return Verified(update, task, "nothing to do: " + change->where);
    if (const auto room = CheckRoom(update, change->rules); !room.ok()) return Failed(room.error());
    const Status written = access_->UpdateAcl(PlaceOf(update), *now, change->rules);
    if (!written.ok() && written.error().RemoteCode() == kLockConflict) {
      last = written.error();
      return std::nullopt;
    }
    if (!written.ok()) return NotAnswered(update, task, change->where, written.error());
    return ReadBack(update, task, change->where);
  }

  // A lost answer says nothing; what is there now may say that it arrived. Else it may still arrive.
  Done NotAnswered(const UpdateWebAcl& update, const ActorTask& task, const std::string& where, const Error& error) {
    if (error.code != ErrorCode::kOutcomeUnknown) return Failed(error);
    const auto now = access_->ReadAcl(PlaceOf(update));
    return now.ok() && IsDone(*now, update) ? Verified(update, task, "read back: " + where) : Failed(error);
  }

  // WAF itself is never the first to say no.
  Status CheckRoom(const UpdateWebAcl& update, const Json& rules) {
    if (update.change != "add") return Ok();
    const auto capacity = access_->CapacityOf(PlaceOf(update), rules);
    if (!capacity.ok()) return capacity.error().In("the capacity of the rules");
    if (*capacity <= edge::kMostCapacity) return Ok();
    return Error{
        ErrorCode::kRefused,
        "the web ACL would use " + std::to_string(*capacity) + " WCU of " + std::to_string(edge::kMostCapacity),
        "take out a group first"};
  }

  Done ReadBack(const UpdateWebAcl& update, const ActorTask& task, const std::string& where) {
    const auto now = access_->ReadAcl(PlaceOf(update));
    if (now.ok() && IsDone(*now, update)) return Verified(update, task, "read back: " + where);
    return NotReadBack(" at " + where, now.ok() ? Ok() : Status(now.error()));
  }

  static bool IsDone(const edge::AclNow& now, const UpdateWebAcl& update) {
    const std::string name = edge::RuleNameFor({update.vendor, update.group});
    for (const edge::AclRule& rule : now.facts.rules) {
      if (rule.place != edge::AclRule::Place::kRules || rule.name != name || rule.group != update.group) continue;
      if (update.change == "add") return true;
      return update.change == "promote" && rule.mode == edge::RuleMode::kEnforce;
    }
    return update.change == "remove";
  }

  static Done Verified(const UpdateWebAcl& update, const ActorTask& task, std::string reason) {
    Done done{ActionState::kVerified, std::move(reason), {}};
    if (update.change == "add" && !update.watch_until.empty()) {
      done.ask.push_back({WafCounted{update.account, update.region, update.arn, update.acl, update.vendor, update.group,
                                     update.watch_until, update.hosts, update.unknown_hosts},
                          task.plan.matter});
    }
    return done;
  }

  std::unique_ptr<edge::Access> access_;
};

}  // namespace

ActionRow UpdateWebAclRow(MakeEdgeAccess make) {
  return RowOf<UpdateWebAcl>(
      [make = std::move(make)](const ActorSeams& seams) {
        return std::make_unique<WebAclUpdater>(make ? make(seams) : nullptr);
      },
      {.allowed = false, .windowed = true});
}

ActionTable BindEdge(ActionTable table, const MakeEdgeAccess& make) {
  for (ActionRow& row : table) {
    if (row.kind.name == UpdateWebAcl::kKind) row = UpdateWebAclRow(make);
    if (row.kind.name == UpdateIpSet::kKind) row = UpdateIpSetRow(make);
  }
  return table;
}

}  // namespace sallyport
