// SPDX-License-Identifier: Apache-2.0
#include "report/phrasebook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "report/waf_phrases.h"

namespace sallyport::report {
namespace {

std::string Chinese(std::string_view sentence) {
  return Phrasebook(WafPhrases()).Find(sentence).value_or("");
}

TEST(Phrasebook, NamesStayAndOrderIsFree) {
  const std::vector<Phrase> phrases = {{"{} sees {}", "{2} by {1}"}, {"a dog", "Hund"}, {"quiet", "still"}};
  const Phrasebook book(phrases);
  EXPECT_EQ(book.Find("the cat sees a dog"), "Hund by the cat");
  EXPECT_EQ(book.Find("quiet"), "still");
  EXPECT_EQ(book.Find("quiet "), std::nullopt);
  EXPECT_EQ(book.Find(" sees a dog"), std::nullopt);   // a name is never empty
  EXPECT_EQ(book.Find("<b> sees {2}"), "{2} by <b>");  // what is filled in is not read again
  // However deep a sentence nests, it ends.
  std::string deep = "a dog";
  for (int i = 0; i < 1'000; ++i) deep.insert(0, "x sees ");
  EXPECT_TRUE(book.Find(deep));
}

TEST(Phrasebook, SentencesInSentencesAreTranslated) {
  EXPECT_EQ(Chinese("security group sg-1 of ALB web not read"), "無法讀取 ALB web 的安全群組 sg-1");
  EXPECT_EQ(Chinese("web ACLs of account 111122223333 in us-east-1 not read: AccessDenied: no"),
            "無法讀取帳戶 111122223333 在 us-east-1 的 web ACL：AccessDenied: no");
  EXPECT_EQ(Chinese("web ACL shop not read: it was deleted while the estate was read"),
            "無法讀取 web ACL shop：讀取期間已被刪除");
  EXPECT_EQ(Chinese("Errors of AWS have no phrase"), "");
}

// Each phrase names in Chinese what it names in English, and fits a sentence made of it: none hides behind an earlier
// one.
TEST(Phrasebook, PhrasesAreWhole) {
  std::set<std::string_view> seen;
  for (const Phrase& phrase : WafPhrases()) {
    EXPECT_TRUE(seen.insert(phrase.from).second) << phrase.from;
    std::string sentence(phrase.from);
    std::size_t holes = 0;
    for (auto at = sentence.find("{}"); at != std::string::npos; at = sentence.find("{}")) {
      sentence.replace(at, 2, "n" + std::to_string(++holes));
      EXPECT_NE(phrase.to.find("{" + std::to_string(holes) + "}"), std::string_view::npos) << phrase.from;
    }
    std::string wanted(phrase.to);
    for (std::size_t i = 1; i <= holes; ++i) {
      for (const std::string hole = "{" + std::to_string(i) + "}"; wanted.find(hole) != std::string::npos;) {
        wanted.replace(wanted.find(hole), 3, "n" + std::to_string(i));
      }
    }
    EXPECT_EQ(Chinese(sentence), wanted) << phrase.from;
  }
}

}  // namespace
}  // namespace sallyport::report
