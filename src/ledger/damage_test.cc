// SPDX-License-Identifier: Apache-2.0
//
// Files that lost their end, logs that lost theirs, bytes that are others than were written, clocks that go back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_files.h"
#include "ledger/full_ledger.h"
#include "ledger/sqlite.h"

namespace sallyport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DamageTest : public ::testing::Test {
 protected:
  // Everything that a ledger tells, or that it is not whole.
  std::string Told(Ledger& ledger) {
    const auto verified = ledger.Verify();
    if (!verified.ok()) {
      EXPECT_EQ(verified.error().code, ErrorCode::kStorage);
      return "not whole";
    }
    if (!verified->broken.empty()) return "not whole";
    std::string all;
    for (const HistoryLine& line : ledger.History(0, 1000).value()) all += line.hash + line.reason;
    for (const EventRecord& event : ledger.List({.limit = 100, .state = {}, .text = "", .cases_only = false}).value()) {
      all += ledger.GetEvent(event.number).value().event.body;
    }
    return all;
  }
  // The same of the file with these bytes.
  std::string ToldBy(std::string_view bytes) {
    WriteFile(copy_, bytes);
    auto ledger = SqliteLedger::Open(copy_, clock_);
    if (ledger.ok()) return Told(**ledger);
    EXPECT_EQ(ledger.error().code, ErrorCode::kStorage);
    EXPECT_THAT(ledger.error().message, HasSubstr("ledger `" + copy_ + "`: "));
    EXPECT_NE(ledger.error().advice, "");
    return "not whole";
  }

  TempFolder folder_;
  FakeClock clock_;
  const std::string path_ = folder_ / "ledger.db";
  const std::string copy_ = folder_ / "copy.db";
};

TEST_F(DamageTest, AFileWithoutItsEndIsNeverTakenForWhole) {
  FillLedger(*OpenOrDie(path_, clock_), clock_);
  const std::string bytes = ReadFile(path_);
  for (std::size_t tenth = 1; tenth < 10; ++tenth) {
    EXPECT_EQ(ToldBy(std::string_view(bytes).substr(0, bytes.size() * tenth / 10)), "not whole") << tenth;
  }
  EXPECT_NE(ToldBy(bytes), "not whole");
}

TEST_F(DamageTest, BytesThatAreOthersThanWrittenAreFoundOrDoNoHarm) {
  FillLedger(*OpenOrDie(path_, clock_), clock_);
  const std::string bytes = ReadFile(path_);
  const std::string told = ToldBy(bytes);
  int found = 0;
  // A step without a common factor with the size of a page.
  for (std::size_t at = 100; at + 16 < bytes.size(); at += 7919) {
    std::string other = bytes;
    for (std::size_t i = at; i < at + 16; ++i) other[i] = static_cast<char>(other[i] ^ 0x5A);
    const std::string now = ToldBy(other);
    if (now == "not whole") {
      ++found;
    } else {
      EXPECT_EQ(now, told) << at;
    }
    std::filesystem::remove(copy_ + "-wal");
    std::filesystem::remove(copy_ + "-shm");
  }
  EXPECT_GT(found, 3);
}

TEST_F(DamageTest, ALogWithoutItsEndLosesOnlyWhatWasNotSyncedYet) {
  auto ledger = OpenOrDie(path_, clock_);
  constexpr std::size_t kEventsAdded = 8;
  for (std::size_t i = 0; i < kEventsAdded; ++i) ASSERT_TRUE(ledger->AddEvent(EventAbout("f")).ok());
  // As it would lie there after a crash: not brought into the file yet.
  const std::string file = ReadFile(path_);
  const std::string log = ReadFile(path_ + "-wal");
  ASSERT_GT(log.size(), 4096U * kEventsAdded);
  std::size_t before = 0;
  for (std::size_t part = 0; part <= 20; ++part) {
    WriteFile(copy_, file);
    WriteFile(copy_ + "-wal", log.substr(0, log.size() * part / 20));
    std::filesystem::remove(copy_ + "-shm");
    const auto copy = OpenOrDie(copy_, clock_);
    EXPECT_THAT(copy->Verify().value().broken, IsEmpty()) << part;
    const std::size_t events = copy->List({.limit = 100, .state = {}, .text = "", .cases_only = false}).value().size();
    EXPECT_GE(events, before);
    before = events;
  }
  EXPECT_EQ(before, kEventsAdded);
}

TEST_F(DamageTest, AClockThatGoesBackChangesNoOrder) {
  const auto ledger = OpenOrDie(path_, clock_);
  const EventNumber event = ledger->AddEvent(EventAbout("f1")).value().number;
  clock_.Advance(-std::chrono::hours(48));
  ASSERT_TRUE(ledger->AddPlan(event, PlanOf({})).ok());
  clock_.Advance(std::chrono::hours(24));
  ExpectOk(ledger->SetEventState(event, EventState::kDone, ""));
  std::vector<std::string> states;
  for (const HistoryLine& line : ledger->Show(event).value().history) states.push_back(line.state);
  EXPECT_THAT(states, ElementsAre("received", "in-progress", "planned", "planned", "in-progress", "closed", "closed"));
  EXPECT_THAT(ledger->Verify().value().broken, IsEmpty());
}

}  // namespace
}  // namespace sallyport
