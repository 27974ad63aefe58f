// SPDX-License-Identifier: Apache-2.0
//
// Matter: what a plan, a case, a question and a message are about. A workflow's row makes it once from the event
// (workflow.h, `about`); everything behind the row takes it from there. One event may be about several.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/link.h"
#include "base/json.h"
#include "base/own_json.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport {

struct Matter {
  std::string service;  // whose event it is, for people: "GuardDuty"; never empty
  std::string subject;  // events of one account with the same subject are one case: the finding's id
  std::string title;    // for people: the finding's type
  std::string account;  // twelve digits, or what the event says instead; may be empty
  std::string region;   // may be empty
  double severity = 0;  // 0 to 10, as GuardDuty's
  bool sample = false;  // planned in full, never acted on
  // When it was last updated; of a follow-up when it is asked. Nothing: not known.
  std::optional<TimePoint> time;
  std::vector<Link> links;  // to the finding, for people
  // Its subject is one finding: what is older than an update that was decided about tells nothing new. Not recorded.
  bool newer_wins = false;
  bool operator==(const Matter&) const = default;
};

// The members of a question's `matter`.
void WriteMatter(JsonWriter& out, const Matter& matter);
// `format`: of the plan or question that it is of. kInvalidInput, with the path, when it names no service: only records
// of format 1, which migrated files hold, may say none and mean GuardDuty.
Result<Matter> MatterFromJson(const Json& json, std::int64_t format);

}  // namespace sallyport
