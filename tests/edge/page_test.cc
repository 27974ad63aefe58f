// SPDX-License-Identifier: Apache-2.0
//
// The page of the map in Chinese: every sentence of ours about the drawn estates and about many made-up ones has its
// translation.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "edge/candidates.h"
#include "edge/map.h"
#include "edge/run.h"
#include "report/waf_page.h"
#include "tests/edge/estate_text.h"
#include "tests/edge/random_estate.h"

namespace sallyport::edge {
namespace {

// "我" and the like begin with 0xe3 to 0xe9 in UTF-8.
bool HasChinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xf0U) == 0xe0U; });
}

void ExpectChinese(const report::Page& page, const std::string& text, const std::string& where) {
  const auto zh = page.zh.find(text);
  if (zh == page.zh.end()) {
    ADD_FAILURE() << where << ": no Chinese for `" << text << "`";
  } else {
    EXPECT_TRUE(HasChinese(zh->second)) << where << ": `" << text << "` is `" << zh->second << "`";
  }
}

std::size_t CheckPage(const std::string& estate_text, const std::string& where) {
  const Estate estate = EstateFromText(estate_text);
  const Map map = MakeMap(estate);
  const Run run = MakeRun(estate, map, FindCandidates(estate, map, {}), {});
  const report::Page page = report::WafPage(run);
  std::size_t checked = 0;
  const auto check = [&](const std::string& text) {
    ExpectChinese(page, text, where);
    ++checked;
  };
  for (const report::Row& row : page.rows) {
    for (const report::Way& way : row.ways) check(way.note);
  }
  for (const RunHost& host : run.hosts) {
    for (const std::string& why : host.why) check(why);
  }
  for (const RunCandidate& candidate : run.candidates) {
    if (!candidate.where.empty()) check(candidate.where);
    for (const std::string& note : candidate.notes) check(note);
  }
  for (const Break& one : run.breaks) check(one.why);
  for (const std::string& note : run.notes) check(note);
  return checked;
}

TEST(WafPage, EverySentenceAboutADrawnEstateHasItsChinese) {
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SALLYPORT_SOURCE_DIR "/tests/edge/estates")) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string whole = text.str();
    checked += CheckPage(whole.substr(0, whole.find("--- wanted\n")), entry.path().filename());
  }
  EXPECT_GT(checked, 80U);
}

TEST(WafPage, EverySentenceAboutMadeUpEstatesHasItsChinese) {
  std::size_t checked = 0;
  for (std::uint64_t seed = 1; seed <= 100 && !testing::Test::HasFailure(); ++seed) {
    checked += CheckPage(RandomEstateText(seed), "seed " + std::to_string(seed));
  }
  EXPECT_GT(checked, 400U);
}

}  // namespace
}  // namespace sallyport::edge
