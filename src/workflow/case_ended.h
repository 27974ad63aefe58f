// SPDX-License-Identifier: Apache-2.0
//
// Has everything that was begun for the case ended? Then its owner is told what came of it. Asked of the ledger alone.
#pragma once

#include <string>

#include "workflow/case_results.h"
#include "workflow/question_kind.h"

namespace sallyport {

struct CaseEnded {
  static constexpr std::string_view kName = "case-ended";
  bool operator==(const CaseEnded&) const = default;

  std::string Subject(const Matter& matter) const { return matter.subject; }
  std::string Key(const Matter&, std::int64_t case_number) const { return "case " + std::to_string(case_number); }
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.outcome; }
  void DescribeJson(Members&) {}
};

struct CaseEndedFacts {
  ResultFacts results;  // the context has the rest
};

QuestionOf<CaseEnded, CaseEndedFacts> CaseEndedQuestion();

}  // namespace sallyport
