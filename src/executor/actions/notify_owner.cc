// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/notify_owner.h"

#include "action/notify_owner.h"
#include "notify/message_for.h"
#include "notify/render_text.h"

namespace sallyport {
namespace {

class OwnerNotifier final : public ActorOf<NotifyOwner> {
 public:
  OwnerNotifier(Notifier& notifier, const Clock& clock, const OwnerDirectory& directory)
      : notifier_(notifier), clock_(clock), directory_(directory) {}

 protected:
  Done Act(const NotifyOwner& content, const ActorTask& task) override {
    const auto sent = notifier_.Send(ToSend(content, task));
    if (!sent.ok()) return Failed(sent.error());
    return {ActionState::kSent, *sent, {}};
  }

  std::string WouldDo(const NotifyOwner& content, const ActorTask& task) const override {
    return ConsoleText(ToSend(content, task));
  }

  // A message told twice beats one never told.
  std::optional<Done> FindOut(const NotifyOwner&, const ActorTask&) override { return std::nullopt; }

  // It is never held.
  Result<NotifyOwner> WithHostsOfNow(const NotifyOwner& content, const ActorTask&) override { return content; }

  std::optional<Question> AsksForEnd(const NotifyOwner&, const ActorTask&) const override { return std::nullopt; }

 private:
  Message ToSend(const NotifyOwner& content, const ActorTask& task) const {
    const TimePoint now = clock_.Now();
    return MessageFor(content, {task.case_number.value, task.plan.matter.severity, task.plan.matter.sample, now, now},
                      directory_);
  }

  Notifier& notifier_;
  const Clock& clock_;
  const OwnerDirectory& directory_;
};

}  // namespace

ActionRow NotifyOwnerRow() {
  return RowOf<NotifyOwner>([](const ActorSeams& seams) {
    return std::make_unique<OwnerNotifier>(seams.notifier, seams.clock, seams.directory);
  });
}

}  // namespace sallyport
