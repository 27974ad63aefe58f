// SPDX-License-Identifier: Apache-2.0
#include "workflow/own_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

enum class Color { kRed, kBlue };

struct MadeUpSettings {
  double least = 2.5;
  int most = 7;
  Duration pause = minutes(30);
  bool loud = true;
  std::string greeting = "hello";
  std::vector<std::string> names = {"a", "b"};
  Color color = Color::kBlue;
};

std::vector<OwnKey> MadeUpKeys() {
  return OwnKeys<MadeUpSettings>("made_up")
      .Number("least", &MadeUpSettings::least, 0, 10, "a least")
      .Whole("most", &MadeUpSettings::most, 1, 100, "a most")
      .Time("pause", &MadeUpSettings::pause, Duration{0}, hours(72), "a pause")
      .Flag("loud", &MadeUpSettings::loud, "whether it is loud")
      .Text("greeting", &MadeUpSettings::greeting, 32, "what is said")
      .List("names", &MadeUpSettings::names, 5, "to whom")
      .Choice("color", &MadeUpSettings::color, {"red", "blue"}, {Color::kRed, Color::kBlue}, "how it looks")
      .Take();
}

TEST(OwnKeys, SayPathDefaultAndWhatIsAllowed) {
  std::vector<std::string> lines;
  for (const OwnKey& key : MadeUpKeys()) lines.push_back(key.path + " | " + key.fallback + " | " + key.allowed);
  EXPECT_THAT(lines,
              testing::ElementsAre(
                  "made_up.least | 2.5 | a number from 0 to 10", "made_up.most | 7 | a whole number from 1 to 100",
                  "made_up.pause | 30m | a number and ms, s, m, h or d, from 0s to 3d, like `30m`",
                  "made_up.loud | true | `true` or `false`", "made_up.greeting | hello | text of at most 32 bytes",
                  "made_up.names | [a, b] | a list of at most 5 texts; may be empty",
                  "made_up.color | blue | `red` or `blue`"));
}

TEST(OwnKeys, WriteIntoTheStructOfTheirRowAlone) {
  const auto keys = MadeUpKeys();
  RowSettings settings;
  std::get<OwnNumber>(keys[0].value).place(settings) = 9;
  std::get<OwnChoice>(keys[6].value).take(settings, 0);
  EXPECT_EQ(settings.Get<MadeUpSettings>().least, 9);
  EXPECT_EQ(settings.Get<MadeUpSettings>().color, Color::kRed);
  EXPECT_EQ(settings.Get<MadeUpSettings>().most, 7);
  EXPECT_EQ(keys[0].text(settings), "9");
  EXPECT_EQ(keys[6].text(settings), "red");
  const RowSettings copy = settings;
  std::get<OwnNumber>(keys[0].value).place(settings) = 1;
  EXPECT_EQ(copy.Get<MadeUpSettings>().least, 9) << "a copy is of its own";
  struct Other {
    int number = 3;
  };
  EXPECT_EQ(settings.Get<Other>().number, 3);
}

TEST(YamlText, OfADurationIsInTheLargestUnitThatHoldsIt) {
  EXPECT_EQ(YamlText(Duration{0}), "0s");
  EXPECT_EQ(YamlText(Duration{1'500}), "1500ms");
  EXPECT_EQ(YamlText(Duration(minutes(90))), "90m");
  EXPECT_EQ(YamlText(Duration(hours(24))), "24h");
  EXPECT_EQ(YamlText(Duration(hours(72))), "3d");
}

}  // namespace
}  // namespace sallyport
