// SPDX-License-Identifier: Apache-2.0
#include "action/delete_task.h"

namespace sallyport {

std::string DeleteTask::What() const {
  return "task " + std::to_string(task.value);
}

std::string DeleteTask::Subject() const {
  return NameOf(computer);
}

std::string DeleteTask::Describe() const {
  return "removal of the ended scan task " + std::to_string(task.value) + " of " + NameOf(computer);
}

std::string DeleteTask::Undo() const {
  return "nothing to undo: a task that ran";
}

void DeleteTask::DescribeJson(Members& json) {
  json("host", host)("task", task)("computer", computer);
}

}  // namespace sallyport
