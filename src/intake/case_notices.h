// SPDX-License-Identifier: Apache-2.0
//
// What people are to be told about a case beside what its own plans tell them: that it was opened, that a plan needs
// approval, that it needs a person, that something failed, that it was closed. Pure: a function of what the ledger
// holds of the case. A notice has a key that follows from what it tells, so that it is told once, however often this is
// asked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "action/action.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "workflow/case_results.h"
#include "workflow/notice_settings.h"
#include "workflow/plan.h"

namespace sallyport {

// A case names at most so many hosts in messages of their own; of one with more the first are told about all.
inline constexpr std::size_t kHostsToldApart = 10;

// What messages are made of.
struct CaseToTell {
  const Case& shown;
  const ActionKinds& kinds;
  const QuestionKinds& questions;
  const NoticeSettings& settings;
  Duration news_last;  // what is older than this is no news (gates.max_event_age)
  TimePoint now;
  ResultFacts results{};  // what SWP reported of it
};

// A plan with the messages that are due and were not begun yet; no actions: there is nothing to tell. An Error: what
// the ledger holds cannot be read.
Result<Plan> NoticesOf(const CaseToTell& tell);

// The same for a reminder, the `attempt`th: of a case that needs a person still.
Result<Plan> ReminderOf(const CaseToTell& tell, int attempt);

// When to look at the case again for a reminder: before the first approval that it waits for expires, else after
// `reminder.first`. Nothing: nobody is to be reminded.
std::optional<TimePoint> FirstReminder(const CaseToTell& tell);

}  // namespace sallyport
