// SPDX-License-Identifier: Apache-2.0
#include "intake/exit_code.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

EventReport ReportIn(EventState state) {
  EventReport report;
  report.number = EventNumber{1};
  report.state = state;
  return report;
}

TEST(ExitCodeFor, FollowsTheStateOfTheEvent) {
  EXPECT_EQ(ExitCodeFor(ReportIn(EventState::kDone)), ExitCode::kOk);
  EXPECT_EQ(ExitCodeFor(ReportIn(EventState::kOutOfScope)), ExitCode::kOk);
  EXPECT_EQ(ExitCodeFor(ReportIn(EventState::kUnreadable)), ExitCode::kUnreadable);
  EXPECT_EQ(ExitCodeFor(ReportIn(EventState::kUndetermined)), ExitCode::kUndetermined);
  EXPECT_EQ(ExitCodeFor(ReportIn(EventState::kFailed)), ExitCode::kFailed);
}

TEST(ExitCodeFor, ALedgerThatDoesNotHoldItIsWorseThanAll) {
  EventReport report = ReportIn(EventState::kDone);
  report.ledger_failed = true;
  EXPECT_EQ(ExitCodeFor(report), ExitCode::kStorage);
}

TEST(Worse, TheGreatestCounts) {
  EXPECT_EQ(Worse(ExitCode::kOk, ExitCode::kUnreadable), ExitCode::kUnreadable);
  EXPECT_EQ(Worse(ExitCode::kFailed, ExitCode::kUndetermined), ExitCode::kFailed);
}

}  // namespace
}  // namespace sallyport
