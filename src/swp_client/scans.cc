// SPDX-License-Identifier: Apache-2.0
//
// Scans: scheduled tasks that run at once, whether one was made, and whether the scan has ended.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "swp/reading.h"
#include "swp_client/client_parts.h"

namespace sallyport::swp {
namespace {

// What one page asks for, and how many of them a whole list may have: more is no answer that could be judged.
constexpr int kTasksPerComputer = 100;
constexpr int kTasksPerSearch = 250;
// SQL LIKE: whoever calls his task like ours is sorted out by what it does.
constexpr std::string_view kNamesOfOurs = "sallyport %";
constexpr std::size_t kMostTasks = 10'000;

constexpr Operation kSearchTasks = {"search scheduled tasks", "scheduledTaskRights.canViewScheduledTasks"};
constexpr Operation kCreateTask = {"create a scheduled task",
                                   "scheduledTaskRights.canCreateNewScheduledTasks and canExecuteScheduledTasks"};
constexpr Operation kDeleteTask = {"delete a scheduled task", "scheduledTaskRights.canDeleteScheduledTasks"};

// What the manager made of our request. A member that it leaves out is no contradiction.
Result<ScheduledTask> ReadCreatedTask(const Result<Json>& json, const ScanRequest& request) {
  if (!json.ok()) return json.error();
  auto task = ReadScheduledTask(*json);
  if (!task.ok()) return task;
  const bool other = (!task->name.empty() && task->name != TaskName(request)) ||
                     (!task->type.empty() && task->type != ApiName(request.kind)) ||
                     (task->computer && *task->computer != request.computer);
  if (!other) return task;
  return Error{ErrorCode::kBadAnswer, "SWP answered with another task than the one that was asked for", ""};
}

enum class Whose { kOurs, kSomebodyElses, kUnclear };

// A name alone can be anybody's: a task of ours also has the scan's type and scans the computer that its name says. One
// that is switched off and never ran will not run.
Whose WhoseTask(const ScheduledTask& task) {
  const auto request = ParseTaskName(task.name);
  if (!request) return Whose::kSomebodyElses;
  const bool other_type = !task.type.empty() && task.type != ApiName(request->kind);
  const bool other_computer = task.computer && *task.computer != request->computer;
  if (other_type || other_computer || (!task.enabled && !task.last_run)) return Whose::kSomebodyElses;
  return task.type.empty() || !task.computer ? Whose::kUnclear : Whose::kOurs;
}

Error UnclearTask(const ScheduledTask& task) {
  return {ErrorCode::kBadAnswer,
          "scheduled task " + std::to_string(task.id.value) +
              " has a name like those of Sallyport, and SWP's answer does not say " +
              (task.type.empty() ? "its type" : "which computer it scans"),
          "look at the task in SWP"};
}

Error Unread(const std::string& damage) {
  return {ErrorCode::kBadAnswer, "SWP's answer about the scan cannot be read: " + Printable(damage, 200), ""};
}

// What of a module's scan times cannot be read; null: nothing.
const std::string* UnreadScanTime(const ModuleState& module) {
  for (const std::string& one : module.damaged) {
    if (one.starts_with("last") || one.starts_with("expected")) return &one;
  }
  return nullptr;
}

}  // namespace

Result<std::vector<ScheduledTask>> Client::SearchTasks(const SearchBody& criteria) {
  auto tasks = SearchAll<ScheduledTask>(
      {"scheduled tasks", "/scheduledtasks/search", &kSearchTasks, criteria, kMostTasks, ReadScheduledTasks});
  if (!tasks.ok()) return tasks;
  for (const ScheduledTask& task : *tasks) {
    if (WhoseTask(task) == Whose::kSomebodyElses) continue;
    if (WhoseTask(task) == Whose::kUnclear) return UnclearTask(task);
    if (task.last_run && *task.last_run > ManagerNow() + kAheadOfClock) {
      return InTheFuture("the last run of scheduled task " + std::to_string(task.id.value), *task.last_run);
    }
  }
  std::erase_if(*tasks, [](const ScheduledTask& task) { return WhoseTask(task) != Whose::kOurs; });
  return tasks;
}

Result<std::vector<ScheduledTask>> Client::FindOurTasks(ComputerId computer) {
  auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringLike("name", TaskNamePattern(computer)));
  if (tasks.ok()) std::erase_if(*tasks, [&](const ScheduledTask& task) { return task.computer != computer; });
  return tasks;
}

// Tasks carry the manager's dates, so it is the manager's clock that tells which are old.
Result<std::vector<ScheduledTask>> Client::FindTasksLeft(Duration idle) {
  auto tasks = SearchTasks(SearchBody(kTasksPerSearch).StringLike("name", kNamesOfOurs));
  if (!tasks.ok()) return tasks;
  const TimePoint before = ManagerNow() - idle;
  std::erase_if(*tasks, [&](const ScheduledTask& task) { return !task.last_run || *task.last_run >= before; });
  return tasks;
}

std::string Client::DescribeRequestScan(const ScanRequest& request) const {
  return "POST " + options_.base_url + "/scheduledtasks " + CreateTaskBody(request);
}

Result<AcceptedScan> Client::RequestScan(const ScanRequest& request) {
  const TimePoint sent_at = ManagerNow();
  const auto answer = Send(MakeWrite("POST", "/scheduledtasks", CreateTaskBody(request)));
  if (!answer.ok() && !IsLost(answer.error())) return answer.error().In("could not create a scheduled task");
  if (!answer.ok()) return FindLostScan(request, sent_at, answer.error().message);
  const auto json = ReadAnswer(*answer, kCreateTask);
  if (!json.ok() && IsRefusal(answer->status)) return json.error();
  const auto task = ReadCreatedTask(json, request);
  if (task.ok()) return AcceptedScan{task->id, AcceptedAt(*answer, sent_at), false};
  return FindLostScan(request, sent_at, task.error().message);
}

// The task may exist: a lost answer, a 5xx after the act, or a 200 that cannot be read. When it is not there SWP may
// still be about to make it: a second request could become a second scan, so that is not for us to try.
Result<AcceptedScan> Client::FindLostScan(const ScanRequest& request, TimePoint sent_at, const std::string& why) {
  auto found = FindScan(request, sent_at);
  // One that ran before it was asked for is left over from an earlier request: it proves nothing about this one.
  if (found.ok() && found->has_value() && (*found)->accepted_at < sent_at - kAheadOfClock) found->reset();
  if (found.ok() && found->has_value()) return **found;
  const std::string look =
      found.ok() ? "SWP holds no task for it yet" : "and it could not be looked up: " + found.error().message;
  return Error{ErrorCode::kOutcomeUnknown, "the scan may have been requested: " + why + "; " + look,
               "look for the task `" + TaskName(request) + "` in SWP before asking again"};
}

Result<std::optional<AcceptedScan>> Client::FindRequestedScan(const ScanRequest& request) {
  return FindScan(request, ManagerNow());
}

// The newest of them. `at_latest`: since when one that has not run yet is there.
Result<std::optional<AcceptedScan>> Client::FindScan(const ScanRequest& request, TimePoint at_latest) {
  const auto tasks = SearchTasks(SearchBody(kTasksPerComputer).StringEquals("name", TaskName(request)));
  if (!tasks.ok()) return tasks.error();
  std::optional<AcceptedScan> newest;
  for (const ScheduledTask& task : *tasks) {
    if (!IsTaskFor(task, request)) continue;
    const AcceptedScan scan{task.id, task.last_run.value_or(at_latest), true};
    if (!newest || newest->accepted_at < scan.accepted_at) newest = scan;
  }
  return newest;
}

Result<ScanProgress> Client::CheckRecommendationScan(ComputerId computer, TimePoint since) {
  const auto assignments = GetAssignments(Scope::Of(computer), RuleModule::kIntrusionPrevention);
  if (!assignments.ok()) return assignments.error();
  ScanProgress progress;
  progress.finished_at = assignments->last_scan;
  progress.scan_status = assignments->scan_status;
  progress.assignments = *assignments;
  progress.finished = assignments->last_scan && *assignments->last_scan > since && progress.scan_status == "valid";
  return progress;
}

Result<ScanProgress> Client::CheckScan(ScanKind kind, ComputerId computer, TimePoint since) {
  ScanProgress progress;
  if (kind == ScanKind::kRecommendation) {
    auto checked = CheckRecommendationScan(computer, since);
    if (!checked.ok() || checked->finished) return checked;
    progress = *std::move(checked);
  }
  auto read = GetComputer(computer);
  if (!read.ok()) return read.error();
  progress.computer = *std::move(read);
  if (kind != ScanKind::kRecommendation) {
    const ModuleState* module =
        progress.computer->Find(kind == ScanKind::kIntegrity ? Module::kIntegrityMonitoring : Module::kAntiMalware);
    if (module != nullptr) progress.finished_at = module->last_scan;
    progress.finished = progress.finished_at && *progress.finished_at > since;
    // Which of two dates is the later one is not known when one of them cannot be read, but one that is late enough
    // does.
    const std::string* unread = module == nullptr ? nullptr : UnreadScanTime(*module);
    if (!progress.finished && unread != nullptr) return Unread(*unread);
  }
  const std::string* unread = progress.computer->Damage("tasks");
  if (!progress.finished && unread != nullptr) return Unread(*unread);
  return progress;
}

std::string Client::DescribeDeleteTask(ScheduledTaskId task) const {
  return "DELETE " + options_.base_url + "/scheduledtasks/" + std::to_string(task.value);
}

Status Client::DeleteTask(ScheduledTaskId task) {
  HttpRequest request = MakeWrite("DELETE", "/scheduledtasks/" + std::to_string(task.value), "");
  // What is gone cannot be deleted twice.
  request.repeat = Repeat::kSafe;
  const auto answer = Send(request);
  if (!answer.ok()) return answer.error().In("could not delete a scheduled task");
  const int status = answer->status;
  if (status == 404 || status == 200 || status == 202 || status == 204) return Ok();
  return ReadAnswer(*answer, kDeleteTask).error();
}

}  // namespace sallyport::swp
