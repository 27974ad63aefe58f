// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "ledger/sqlite.h"
#include "ledger/test_data.h"

namespace sallyport {
namespace {

using ::testing::HasSubstr;

TEST(Fields, EachValueHasItsForm) {
  EXPECT_EQ(Fields().Text("abc").Text("").Int(-7).Null().Double(7.5).bytes(), "3:abc,0:,2:-7,-,3:7.5,");
  EXPECT_EQ(Fields().Double(7).Double(-1e300).Double(std::numeric_limits<double>::denorm_min()).bytes(),
            "1:7,7:-1e+300,6:5e-324,");
  EXPECT_EQ(Fields().IntOrNull(std::nullopt).IntOrNull(0).bytes(), "-,1:0,");
  EXPECT_EQ(Fields().Text("abc").Digest(), Sha256Hex("3:abc,"));
  EXPECT_EQ(Fields().Digest(), Sha256Hex(""));
}

TEST(Fields, ListsThatDifferHaveOtherBytes) {
  const Fields lists[] = {Fields().Text("a").Text("b"),
                          Fields().Text("ab").Text(""),
                          Fields().Text("").Text("ab"),
                          Fields().Text("ab"),
                          Fields().Text("1:a,"),
                          Fields().Text("a"),
                          Fields().Null(),
                          Fields().Text("-,"),
                          Fields().Text(""),
                          Fields(),
                          Fields().Null().Null(),
                          Fields().Text("-"),
                          Fields().Text("a,1:b"),
                          Fields().Text("a").Text("b,"),
                          Fields().Text("a").Null()};
  std::set<std::string> bytes;
  for (const Fields& list : lists) bytes.insert(list.bytes());
  EXPECT_EQ(bytes.size(), std::size(lists));
}

TEST(LineHash, DependsOnEveryPart) {
  ChainLine line;
  line.number = 5;
  line.at = 1000;
  line.kind = "action";
  line.event = 2;
  line.subject = 3;
  line.case_number = 1;
  line.state = "sent";
  line.reason_sha256 = Sha256Hex("reason");
  line.record = Sha256Hex("record");
  std::set<std::string> hashes = {LineHash(kNoLineBefore, line), LineHash(Sha256Hex("other"), line)};
  const auto with = [&](auto change) {
    ChainLine other = line;
    change(other);
    hashes.insert(LineHash(kNoLineBefore, other));
  };
  with([](ChainLine& other) { other.number = 6; });
  with([](ChainLine& other) { other.at = 1001; });
  with([](ChainLine& other) { other.kind = "event"; });
  with([](ChainLine& other) { other.event = 3; });
  with([](ChainLine& other) { other.event = std::nullopt; });
  with([](ChainLine& other) { other.subject = 4; });
  with([](ChainLine& other) { other.case_number = 2; });
  with([](ChainLine& other) { other.case_number = std::nullopt; });
  with([](ChainLine& other) { other.format = 2; });
  with([](ChainLine& other) { other.state = "failed"; });
  with([](ChainLine& other) { other.reason_sha256 = Sha256Hex(""); });
  with([](ChainLine& other) { other.record = ""; });
  EXPECT_EQ(hashes.size(), 14U);
}

// docs/ledger-format.md has the numbers of this event.
TEST(LedgerFormat, TheExampleOfTheDocumentationIsWhatTheProgramWrites) {
  const TempFolder folder;
  const std::string path = folder / "ledger.db";
  const FakeClock clock;
  NewEvent event = EventAbout("f1");
  event.title = "Recon:EC2/Portscan";
  event.origin = "file a.json, line 1";
  event.body = "{}";
  const auto ledger = OpenOrDie(path, clock);
  ASSERT_TRUE(ledger->AddEvent(event).ok());
  const auto database = sqlite::Database::Open(path, Duration{1000}).value();

  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/docs/ledger-format.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  const std::string record = database->QueryText("SELECT record FROM history").value();
  const std::string hash = database->QueryText("SELECT hash FROM history").value();
  EXPECT_THAT(page, HasSubstr("`record` is `" + record + "`"));
  EXPECT_THAT(page, HasSubstr("the line's `hash`, is `" + hash + "`"));
  // The lists between the fences are those that have these digests.
  std::vector<std::string> lists;
  for (std::size_t at = 0; (at = page.find("```\n", at)) != std::string::npos;) {
    const std::size_t end = page.find("\n```", at + 4);
    lists.push_back(page.substr(at + 4, end - at - 4));
    at = end + 5;
  }
  ASSERT_EQ(lists.size(), 3U);
  EXPECT_EQ(Sha256Hex(lists[0]), record);
  EXPECT_THAT(page, HasSubstr("Its SHA-256 is `" + Sha256Hex(lists[1]) + "`"));
  EXPECT_THAT(lists[1], HasSubstr(record));
  EXPECT_THAT(lists[2], HasSubstr(Sha256Hex(lists[1])));
  EXPECT_EQ(Sha256Hex(lists[2]), hash);
}

}  // namespace
}  // namespace sallyport
