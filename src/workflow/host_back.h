// SPDX-License-Identifier: Apache-2.0
//
// Is a host that could not be scanned protected by now? Then its scans are asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "action/host.h"
#include "swp/scheduled_task.h"
#include "workflow/question_kind.h"
#include "workflow/scans.h"

namespace sallyport {

struct HostBack {
  static constexpr std::string_view kName = "host-back";
  Host host;
  std::vector<WantedScan> scans;
  bool owner_was_told = false;
  bool operator==(const HostBack&) const = default;

  std::string Subject(const Matter&) const { return host.Subject(); }
  std::string Key(const Matter& matter, std::int64_t case_number) const;
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.host; }
  void DescribeJson(Members& json);
};

struct HostBackFacts {
  Protection protection;
  std::optional<Result<std::vector<swp::ScheduledTask>>> our_tasks;
};

QuestionOf<HostBack, HostBackFacts> HostBackQuestion();

}  // namespace sallyport
