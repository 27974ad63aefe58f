// SPDX-License-Identifier: Apache-2.0
#include "swp/scheduled_task.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "swp/reading.h"

namespace sallyport::swp {
namespace {

struct ScanKindNames {
  ScanKind kind;
  std::string_view api;
  std::string_view display;
  std::string_view parameters;  // the member that holds this type's parameters
};

constexpr std::array<ScanKindNames, 3> kScanKinds = {{
    {ScanKind::kRecommendation, "scan-for-recommendations", "recommendation scan",
     "scanForRecommendationsTaskParameters"},
    {ScanKind::kIntegrity, "scan-for-integrity-changes", "integrity scan", "scanForIntegrityChangesTaskParameters"},
    {ScanKind::kMalware, "scan-for-malware", "malware scan", "scanForMalwareTaskParameters"},
}};

constexpr std::string_view kOurs = "sallyport ";
constexpr std::string_view kComputerWord = " computer ";
constexpr std::size_t kTokenLength = 16;

const ScanKindNames& NamesOf(ScanKind kind) {
  return kScanKinds[static_cast<std::size_t>(kind)];
}

bool IsToken(std::string_view text) {
  return text.size() == kTokenLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string_view ApiName(ScanKind kind) {
  return NamesOf(kind).api;
}
std::string_view DisplayName(ScanKind kind) {
  return NamesOf(kind).display;
}

std::optional<ScanKind> ScanKindFromApiName(std::string_view name) {
  for (const ScanKindNames& names : kScanKinds) {
    if (names.api == name) return names.kind;
  }
  return std::nullopt;
}

std::string TaskName(const ScanRequest& request) {
  return std::string(kOurs) + std::string(ApiName(request.kind)) + std::string(kComputerWord) +
         std::to_string(request.computer.value) + " " + request.token;
}

std::optional<ScanRequest> ParseTaskName(std::string_view name) {
  const std::string_view whole = name;
  if (!name.starts_with(kOurs)) return std::nullopt;
  name.remove_prefix(kOurs.size());
  const auto kind = ScanKindFromApiName(name.substr(0, name.find(' ')));
  if (!kind) return std::nullopt;
  name.remove_prefix(ApiName(*kind).size());
  if (!name.starts_with(kComputerWord)) return std::nullopt;
  name.remove_prefix(kComputerWord.size());
  std::int32_t computer = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), computer);
  if (error != std::errc{} || computer <= 0) return std::nullopt;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  if (name.empty() || name.front() != ' ' || !IsToken(name.substr(1))) return std::nullopt;
  ScanRequest request{*kind, ComputerId{computer}, std::string(name.substr(1))};
  // Only the one way in which we write it: `computer 034` is somebody else's.
  if (TaskName(request) != whole) return std::nullopt;
  return request;
}

std::string TaskNamePattern(ComputerId computer) {
  return std::string(kOurs) + "%" + std::string(kComputerWord) + std::to_string(computer.value) + " %";
}

std::string CreateTaskBody(const ScanRequest& request) {
  JsonWriter out;
  out.BeginObject().Member("name", TaskName(request)).Member("type", ApiName(request.kind));
  // "Once, now": recurrenceCount 1 asks SWP to delete the task after its run; startTime is required and not used.
  out.Key("scheduleDetails").BeginObject().Member("recurrenceType", "none").Member("recurrenceCount", 1);
  out.Key("onceOnlyScheduleParameters").BeginObject().Member("startTime", 0).EndObject().EndObject();
  out.Member("enabled", true).Member("runNow", true);
  out.Key(NamesOf(request.kind).parameters).BeginObject();
  out.Key("computerFilter").BeginObject();
  out.Member("type", "computer").Member("computerID", request.computer.value).EndObject();
  if (request.kind == ScanKind::kIntegrity) out.Member("trustedComputers", "all-computers");
  if (request.kind == ScanKind::kMalware) out.Member("timeout", "never");
  return out.EndObject().EndObject().Take();
}

bool IsTaskFor(const ScheduledTask& task, const ScanRequest& request) {
  return task.name == TaskName(request) && task.type == ApiName(request.kind) && task.computer == request.computer;
}

Result<ScheduledTask> ReadScheduledTask(const Json& json) {
  const auto id = InsistOnId<ScheduledTaskId>(json["ID"]);
  if (!id.ok()) return id.error();
  std::vector<std::string> damaged;
  const FieldReader fields(json, "", damaged);
  ScheduledTask task;
  task.id = *id;
  task.name = fields.Text("name");
  task.type = fields.Text("type");
  task.enabled = fields.Flag("enabled", false);
  task.last_run = fields.Time("lastRunTime");
  for (const ScanKindNames& names : kScanKinds) {
    // Only the parameters of its own type say whom it scans.
    const FieldReader filter = fields.Object(names.parameters).Object("computerFilter");
    if (names.api == task.type && filter.Text("type") == "computer") {
      task.computer = filter.IdOf<ComputerId>("computerID");
    }
  }
  if (!damaged.empty()) {
    return Error{ErrorCode::kBadAnswer, "scheduled task " + std::to_string(id->value) + ": " + damaged.front(), ""};
  }
  return task;
}

Result<std::vector<ScheduledTask>> ReadScheduledTasks(const Json& json) {
  return ReadList<ScheduledTask>(json, "scheduledTasks", ReadScheduledTask);
}

}  // namespace sallyport::swp
