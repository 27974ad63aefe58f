// SPDX-License-Identifier: Apache-2.0
#include "workflow/tasks_left.h"

#include "action/delete_task.h"
#include "base/bounds.h"
#include "base/text.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

TasksLeftFacts GatherTasksLeft(const FollowUpContext&, const TasksLeft&, Sources& sources,
                               const WorkflowSettings& settings) {
  TasksLeftFacts facts;
  facts.tasks = sources.swp.FindTasksLeft(settings.cool_down);
  if (!facts.tasks.ok()) return facts;
  if (facts.tasks->size() > bounds::kTasksPerCleanUp) {
    facts.more = facts.tasks->size() - bounds::kTasksPerCleanUp;
    facts.tasks->resize(bounds::kTasksPerCleanUp);
  }
  for (const swp::ScheduledTask& task : *facts.tasks) {
    if (!task.computer || facts.computers.contains(task.computer->value)) continue;
    facts.computers.emplace(task.computer->value, sources.swp.GetComputer(*task.computer));
  }
  return facts;
}

// The host that the deletion is about. That there is none is known of a computer that is gone, and of one that is no
// EC2 instance; nobody's tags can speak for it.
Result<Host> HostOfLeftTask(ComputerId computer, const TasksLeftFacts& facts) {
  const auto& read = facts.computers.at(computer.value);
  const bool is_gone = !read.ok() && read.error().code == ErrorCode::kNotFound;
  if (!read.ok() && !is_gone) return read.error();
  if (!is_gone && !read->instance_id.empty()) return TargetOf(*read).host;
  Host none;
  none.tags.emplace();
  return none;
}

OtherSubject LeftAlone(const swp::ScheduledTask& task, const std::string& why) {
  OtherSubject subject;
  subject.kind = "SWP task";
  subject.id = std::to_string(task.id.value);
  subject.name = Printable(task.name, 100);
  subject.found_in = "SWP's list of scheduled tasks";
  subject.undetermined_why = "not deleted: " + why;
  return subject;
}

void DecideTasksLeft(const FollowUpContext&, const TasksLeft& ask, const TasksLeftFacts& facts,
                     const WorkflowSettings& settings, TimePoint, Plan& plan) {
  if (!facts.tasks.ok()) {
    plan.decision = Decision::kUndetermined;
    return Answered(Answer::Kind::kFailed, "SWP's tasks could not be read: " + facts.tasks.error().ToText(), plan);
  }
  for (const swp::ScheduledTask& task : *facts.tasks) {
    // FindTasksLeft gives none without: whoever makes it up deletes nothing.
    if (!task.computer) {
      plan.others.push_back(LeftAlone(task, "it does not name the computer that it scans"));
      continue;
    }
    const auto host = HostOfLeftTask(*task.computer, facts);
    if (!host.ok()) {
      plan.others.push_back(
          LeftAlone(task, NameOf(*task.computer) + " could not be read: " + Printable(host.error().message, 400)));
      continue;
    }
    PlannedAction planned;
    planned.action = DeleteTask{task.id, *task.computer, *host};
    planned.key = IdempotencyKey({std::string(TasksLeft::kName), std::to_string(task.id.value),
                                  FormatTime(task.last_run.value_or(TimePoint{})), FormatTime(ask.asked_at)});
    planned.why = {"its scan was started at " + TimeText(task.last_run.value_or(TimePoint{})) +
                   ", longer ago than gates.cool_down (" + FormatDuration(settings.cool_down) +
                   "), and SWP still has it"};
    plan.actions.push_back(std::move(planned));
  }
  std::string found =
      facts.tasks->empty() ? "no leftover SWP task" : CountText(facts.tasks->size() + facts.more, "leftover SWP task");
  if (facts.more > 0) {
    found += "; the first " + std::to_string(facts.tasks->size()) + " are handled now, clean up again for the rest";
  }
  Answered(Answer::Kind::kVerified, std::move(found), plan);
}

}  // namespace

void TasksLeft::DescribeJson(Members& json) {
  json("asked_at", asked_at);
}

Question AskForTasksLeft(TimePoint now) {
  Question question;
  question.ask = TasksLeft{now};
  question.matter.service = "Sallyport";
  // A case of its own each time.
  question.matter.subject = "clean-up of " + FormatTime(now);
  question.matter.title = "Clean-up of SWP tasks";
  question.matter.time = now;
  return question;
}

QuestionOf<TasksLeft, TasksLeftFacts> TasksLeftQuestion() {
  return {GatherTasksLeft, DecideTasksLeft};
}

}  // namespace sallyport
