// SPDX-License-Identifier: Apache-2.0
//
// Questions that are asked later: has the scan ended, are the rules in effect, is the host back, has the case ended. A
// question is data; the ledger keeps it with a time (a follow-up), and when that comes it re-enters as an event of
// source kFollowUpSource. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "action/host.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/rules.h"
#include "swp/scheduled_task.h"
#include "workflow/matter.h"

namespace sallyport {

inline constexpr std::string_view kFollowUpSource = "sallyport";
inline constexpr std::string_view kFollowUpDetailType = "Sallyport Follow-up";

// Has a scan that was asked for ended? And if it was a recommendation scan: what does it recommend?
struct ScanFinished {
  static constexpr std::string_view kName = "scan-finished";
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  ComputerId computer;
  std::optional<ScheduledTaskId> task;  // nothing: SWP removed it before we knew its id
  TimePoint since;                      // by the manager's clock: a scan that ended later is the one
  Host host;
  bool operator==(const ScanFinished&) const = default;
};

// Are rules that were assigned in effect on the host?
struct RulesEffective {
  static constexpr std::string_view kName = "rules-effective";
  swp::RuleModule module = swp::RuleModule::kIntrusionPrevention;
  swp::Scope scope;
  ComputerId computer;
  std::vector<RuleId> rules;
  TimePoint since;  // by the manager's clock: a policy sent to the agent later holds them
  Host host;
  bool operator==(const RulesEffective&) const = default;
};

struct WantedScan {
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  bool apply_results = false;
  std::string why;
  bool operator==(const WantedScan&) const = default;
};

// Is a host that could not be scanned protected by now? Then these scans are asked for.
struct HostBack {
  static constexpr std::string_view kName = "host-back";
  Host host;
  std::vector<WantedScan> scans;
  bool owner_was_told = false;
  bool operator==(const HostBack&) const = default;
};

// Has everything that was begun for the case ended? Then its owner is told what came of it. Asked of the ledger alone.
struct CaseEnded {
  static constexpr std::string_view kName = "case-ended";
  bool operator==(const CaseEnded&) const = default;
};

struct Question {
  std::variant<ScanFinished, RulesEffective, HostBack, CaseEnded> ask;
  Matter matter;
  bool operator==(const Question&) const = default;
};

std::string_view NameOf(const Question& question);
// What it is about: "computer 34", a host, or the case.
std::string SubjectOf(const Question& question);
// Two open questions with the same key are one: several findings about one host share a running scan. `case_number` is
// part of it where the question belongs to one case.
std::string KeyOf(const Question& question, std::int64_t case_number);

// The format of a question's JSON, as kPlanFormat is of a plan's.
inline constexpr std::int64_t kQuestionFormat = 1;

std::string QuestionToJson(const Question& question);
Result<Question> QuestionFromJson(const Json& json);

// A question that a plan or an outcome wants asked. When it is asked first, how often and how long is the schedule's
// business (followup/schedule.h).
struct WantedFollowUp {
  Question question;
  bool operator==(const WantedFollowUp&) const = default;
};

}  // namespace sallyport
