// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/delete_task.h"

#include "action/delete_task.h"

namespace sallyport {
namespace {

class TaskDeleter final : public ActorOf<DeleteTask> {
 public:
  TaskDeleter(swp::Reads& reads, swp::TaskWrites& writes) : reads_(reads), writes_(writes) {}

 protected:
  Done Act(const DeleteTask& task, const ActorTask&) override {
    const Status deleted = writes_.DeleteTask(task.task);
    // To delete once more does no harm: whatever asked for it asks again.
    if (!deleted.ok() && deleted.error().code == ErrorCode::kOutcomeUnknown) {
      return {ActionState::kFailed, deleted.error().ToText(), {}};
    }
    if (!deleted.ok()) return Failed(deleted.error());
    return {ActionState::kVerified, "SWP task deleted, or already gone", {}};
  }

  std::string WouldDo(const DeleteTask& task, const ActorTask&) const override {
    return writes_.DescribeDeleteTask(task.task);
  }

  // Deleting what is gone does no harm, and its answer is the proof.
  std::optional<Done> FindOut(const DeleteTask&, const ActorTask&) override { return std::nullopt; }

  Result<DeleteTask> WithHostsOfNow(const DeleteTask& task, const ActorTask& on_its_way) override {
    auto host = HostOfNow(task.host, task.computer, on_its_way, reads_);
    // A computer that is gone is nobody's: its task stays behind all the same.
    if (!host.ok() && host.error().code == ErrorCode::kNotFound) return task;
    if (!host.ok()) return host.error();
    return DeleteTask{task.task, task.computer, *std::move(host)};
  }

  std::optional<Question> AsksForEnd(const DeleteTask&, const ActorTask&) const override { return std::nullopt; }

 private:
  swp::Reads& reads_;
  swp::TaskWrites& writes_;
};

}  // namespace

ActionRow DeleteTaskRow() {
  return RowOf<DeleteTask>(
      [](const ActorSeams& seams) { return std::make_unique<TaskDeleter>(seams.reads, seams.writes); });
}

}  // namespace sallyport
