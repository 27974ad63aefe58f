// SPDX-License-Identifier: Apache-2.0
//
// Asks SWP for one scan of one computer, or waits for the end of one that runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "action/action.h"
#include "base/time.h"
#include "swp/scheduled_task.h"

namespace sallyport {

struct RequestScan {
  static constexpr std::string_view kKind = "request-scan";
  static constexpr std::string_view kVerb = "request";
  static constexpr std::string_view kNoun = "scan";
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  ComputerId computer;
  Host host;
  // Of a recommendation scan: whether what it recommends is to be applied when it has finished.
  bool apply_results = false;
  // A task that asks for this scan already: nothing is requested, this decision waits for that scan's end.
  struct Running {
    ScheduledTaskId task;
    TimePoint since;  // by the manager's clock: a scan that ended later is the one
    bool operator==(const Running&) const = default;
  };
  std::optional<Running> joins;
  bool operator==(const RequestScan&) const = default;

  std::string What() const;
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const;
  std::string Undo() const;
  const Host* About() const { return &host; }
  bool OwnerHears() const { return true; }
  Targets Touches() const { return Targets::One(computer, host); }
  bool IsExclusive() const { return !joins; }
  // A scan is asked for or not; nobody wishes that there be none.
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const RequestScan& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport
