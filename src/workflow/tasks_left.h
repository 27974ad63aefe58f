// SPDX-License-Identifier: Apache-2.0
//
// Which scan tasks of ours has SWP been left with? They are deleted. Asked when an operator says so
// (`sallyport doctor --clean-up`), never by itself.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "swp/scheduled_task.h"
#include "workflow/question_kind.h"

namespace sallyport {

struct TasksLeft {
  static constexpr std::string_view kName = "tasks-left";
  TimePoint asked_at;  // each clean-up is a decision of its own
  bool operator==(const TasksLeft&) const = default;

  std::string Subject(const Matter& matter) const { return matter.subject; }
  std::string Key(const Matter& matter, std::int64_t) const { return matter.subject; }
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.outcome; }
  void DescribeJson(Members& json);
};

// Asked now, about everything.
Question AskForTasksLeft(TimePoint now);

struct TasksLeftFacts {
  Result<std::vector<swp::ScheduledTask>> tasks = Error{};  // the first of them, at most bounds::kTasksPerCleanUp
  std::size_t more = 0;                                     // so many came behind them
  std::map<std::int32_t, Result<swp::Computer>> computers;  // of each task
};

QuestionOf<TasksLeft, TasksLeftFacts> TasksLeftQuestion();

}  // namespace sallyport
