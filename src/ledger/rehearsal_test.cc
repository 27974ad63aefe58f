// SPDX-License-Identifier: Apache-2.0
#include "ledger/rehearsal.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ledger/full_ledger.h"
#include "ledger/sqlite_ledger.h"

namespace sallyport {
namespace {

std::string BytesOf(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(Rehearsal, ReadsTheRealLedgerAndLeavesItAsItIs) {
  TempFolder folder;
  FakeClock clock;
  const std::string path = folder / "ledger.db";
  FillLedger(*OpenOrDie(path, clock), clock);
  const std::string before = BytesOf(path);
  {
    auto real = SqliteLedger::OpenToLook(path, clock).value();
    const auto head = real->NewestHead().value();
    auto dry = OpenRehearsal(std::move(real), clock).value();
    EXPECT_EQ(dry->NewestHead().value()->hash, head->hash);
    EXPECT_TRUE(dry->GetEvent(EventNumber{1}).ok());
    EXPECT_TRUE(dry->FindOpenFollowUp("second").value().has_value());
    const auto added = dry->AddEvent(EventAbout("f1")).value();
    EXPECT_TRUE(IsRehearsed(added.number));
    EXPECT_FALSE(added.same_as) << "what was done before is no reason not to show it";
    const auto actions = dry->AddPlan(added.number, PlanOf({ScanOf("computer 34", "another")})).value();
    EXPECT_GT(actions.at(0).value, kRehearsedFrom);
    EXPECT_EQ(dry->GetAction(actions.at(0)).value().state, ActionState::kPlanned);
    EXPECT_TRUE(dry->ClaimDue(clock.Now() + std::chrono::hours(99), Duration{1000}, 10).value().empty());
    EXPECT_EQ(dry->Show(EventNumber{1}).value().updates.size(),
              SqliteLedger::OpenToLook(path, clock).value()->Show(EventNumber{1}).value().updates.size());
  }
  EXPECT_EQ(BytesOf(path), before);
}

TEST(Rehearsal, NeedsNoLedger) {
  FakeClock clock;
  auto dry = OpenRehearsal(nullptr, clock).value();
  EXPECT_FALSE(dry->NewestHead().value().has_value());
  const auto added = dry->AddEvent(EventAbout("f1")).value();
  EXPECT_EQ(dry->GetEvent(added.number).value().state, EventState::kReceived);
  EXPECT_EQ(dry->GetEvent(EventNumber{1}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace sallyport
