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
  const std::string whose = host.instance.value.empty() ? NameOf(computer) : NameOf(host) + ", " + NameOf(computer);
  return "deletion of SWP task " + std::to_string(task.value) + " (scan on " + whose + ")";
}

std::string DeleteTask::Undo() const {
  return "nothing to undo: a task that ran";
}

void DeleteTask::DescribeJson(Members& json) {
  bool no_host = host.instance.value.empty();
  if (json.reads() || no_host) json("no_host", no_host);
  if (!no_host) {
    json("host", host);
  } else if (json.reads()) {
    host = Host();
    host.tags.emplace();
  }
  json("task", task)("computer", computer);
}

}  // namespace sallyport
