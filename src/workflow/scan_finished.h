// SPDX-License-Identifier: Apache-2.0
//
// Has a scan that was asked for ended? And if it was a recommendation scan: what does it recommend?
#pragma once

#include <optional>
#include <string>

#include "action/host.h"
#include "swp/scheduled_task.h"
#include "workflow/question_kind.h"
#include "workflow/recommendations.h"

namespace sallyport {

struct ScanFinished {
  static constexpr std::string_view kName = "scan-finished";
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  ComputerId computer;
  std::optional<ScheduledTaskId> task;  // nothing: SWP removed it before we knew its id
  TimePoint since;                      // by the manager's clock: a scan that ended later is the one
  Host host;
  bool operator==(const ScanFinished&) const = default;

  std::string Subject(const Matter&) const { return NameOf(computer); }
  std::string Key(const Matter& matter, std::int64_t case_number) const;
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.scan; }
  void DescribeJson(Members& json);
};

struct ScanFinishedFacts {
  Result<swp::ScanProgress> progress = Error{};
  std::optional<RecommendationFacts> recommendations;  // of a recommendation scan that ended
  std::optional<std::string> gone{};                   // what became of a computer that does not exist any more
};

QuestionOf<ScanFinished, ScanFinishedFacts> ScanFinishedQuestion();

}  // namespace sallyport
