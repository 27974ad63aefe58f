// SPDX-License-Identifier: Apache-2.0
//
// Scheduled tasks: the only way to start a scan through the SWP API. Pure: types, readers, request bodies.
// Source: Workload Security API 50.0.827, schema `ScheduledTask`; vendor sample scheduled_task_examples.py for "once,
// now".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::swp {

enum class ScanKind { kRecommendation, kIntegrity, kMalware };
std::string_view ApiName(ScanKind kind);      // "scan-for-recommendations", "scan-for-integrity-changes", ...
std::string_view DisplayName(ScanKind kind);  // "recommendation scan", "integrity scan", "malware scan"
std::optional<ScanKind> ScanKindFromApiName(std::string_view name);

// What to ask for: one scan, of one computer, once, now.
struct ScanRequest {
  ScanKind kind = ScanKind::kRecommendation;
  ComputerId computer;
  // Distinguishes this decision from others about the same computer: 16 hexadecimal digits of its idempotency key.
  std::string token;
  bool operator==(const ScanRequest&) const = default;
};

struct ScheduledTask {
  ScheduledTaskId id;
  std::string name;
  std::string type;  // the API's word, known here or not
  bool enabled = false;
  std::optional<TimePoint> last_run;
  std::optional<ComputerId> computer;  // of the `computer` filter of its type's own parameters
  bool operator==(const ScheduledTask&) const = default;
};

// "sallyport scan-for-recommendations computer 34 1f2e3d4c5b6a7988": deterministic, so that a scan whose answer was
// lost is found again by name, and so that tasks of ours that were left behind can be recognized.
std::string TaskName(const ScanRequest& request);
// The request that a task name of ours stands for; nothing when the task is not ours.
std::optional<ScanRequest> ParseTaskName(std::string_view name);
// A search pattern (SQL LIKE) for every task of ours on that computer.
std::string TaskNamePattern(ComputerId computer);

// The body of POST /scheduledtasks.
std::string CreateTaskBody(const ScanRequest& request);

// A task that was made for exactly this request: by name, type and computer. A name alone can be anybody's.
bool IsTaskFor(const ScheduledTask& task, const ScanRequest& request);

// kBadAnswer for one of which a member cannot be read: it could be ours.
Result<ScheduledTask> ReadScheduledTask(const Json& json);
Result<std::vector<ScheduledTask>> ReadScheduledTasks(const Json& json);

}  // namespace sallyport::swp
