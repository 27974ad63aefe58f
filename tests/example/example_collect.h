// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "swp/rules.h"
#include "workflow/question_kind.h"
#include "workflow/workflow.h"

namespace sallyport {

// What the workflow understands of an event: a team's own scanner found something on a host that a rule of SWP covers.
struct Advisory {
  std::string id;  // "ADV-1"
  Host host;       // its tags are not known
  RuleId rule;     // of intrusion prevention
  std::optional<TimePoint> time;
};

// It reads nothing: its events join the question below.
struct NoFacts {};

WorkflowOf<Advisory, NoFacts> AdvisoryWorkflow();

// What is to be done about all advisories of one SWP tenant that came together.
struct AdvisoryRules {
  static constexpr std::string_view kName = "advisory-rules";
  std::string tenant;
  bool operator==(const AdvisoryRules&) const = default;

  std::string Subject(const Matter&) const { return "tenant " + tenant; }
  // Events with the same key are answered together.
  std::string Key(const Matter&, std::int64_t) const { return tenant; }
  // How often it is asked again, and how long; when it is asked first is said by who joins.
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.rules; }
  void DescribeJson(Members& json);
};

// What it reads about one member.
struct AdvisoryHost {
  Host host;
  RuleId rule;
  Result<std::vector<swp::Computer>> computers = Error{};
};
using AdvisoryFacts = std::vector<Result<AdvisoryHost>>;  // one for each member

QuestionOf<AdvisoryRules, AdvisoryFacts> AdvisoryQuestion();

}  // namespace sallyport
