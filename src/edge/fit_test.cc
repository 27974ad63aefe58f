// SPDX-License-Identifier: Apache-2.0
#include "edge/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::edge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> NamesOf(const std::vector<AppClass>& classes) {
  std::vector<std::string> names;
  names.reserve(classes.size());
  for (const AppClass& one : classes) names.push_back(one.name);
  return names;
}

TEST(EdgeFit, ClassesComeFromApplicationTypesAndRuleNames) {
  const auto classes = ClassesOf({{"1", "Apache Struts OGNL Remote Code Execution", "Web Application Common"},
                                  {"2", "HTTP Protocol Decoding", "Web Server Apache"},
                                  {"3", "DNS Something", "DNS Server"}});
  EXPECT_THAT(NamesOf(classes), ElementsAre("apache", "struts", "web"));
  EXPECT_EQ(classes[1].rules, 1U);
  EXPECT_EQ(classes[1].evidence[0].rule, "1 - Apache Struts OGNL Remote Code Execution");
  EXPECT_TRUE(ClassesOf({{"4", "MySQL overflow", "Database MySQL"}}).empty());
}

TEST(EdgeFit, TrendMicrosGroupIsChosenFromTheOfferAndAwssAreAdviceThen) {
  const OfferedGroup trend{"", "", "", "Trend_Micro", "Apache-Nginx-Rules", 1000, ""};
  const OfferedGroup core{"", "", "", "AWS", "AWSManagedRulesCommonRuleSet", 700, ""};
  const std::vector<AppClass> classes = {{"tomcat", {}, 3}};
  const auto with = WantedGroups(classes, false, {&trend, &core}, {});
  ASSERT_FALSE(with.empty());
  EXPECT_EQ(ToString(with[0].group), "Trend_Micro/Apache-Nginx-Rules");
  EXPECT_FALSE(with[0].advice_only);
  EXPECT_TRUE(with[1].advice_only);
  const auto without = WantedGroups(classes, false, {&core}, {});
  EXPECT_EQ(ToString(without[0].group), "AWS/AWSManagedRulesCommonRuleSet");
  EXPECT_TRUE(without[0].offered);
  EXPECT_FALSE(without[0].advice_only);
  EXPECT_FALSE(without[1].offered);
}

TEST(EdgeFit, OneRuleForAContentManagementSystemIsNotEnough) {
  EXPECT_TRUE(WantedGroups({{"wordpress", {}, 1}}, false, {}, {}).empty());
  EXPECT_FALSE(WantedGroups({{"wordpress", {}, 2}}, false, {}, {}).empty());
}

TEST(EdgeFit, HostsOnWindowsGetNoLinuxGroups) {
  for (const Wanted& wanted : WantedGroups({{"apache", {}, 3}, {"iis", {}, 3}}, true, {}, {})) {
    EXPECT_EQ(wanted.group.name.find("Linux"), std::string::npos);
    EXPECT_EQ(wanted.group.name.find("Unix"), std::string::npos);
  }
}

TEST(EdgeFit, SettingsReplaceALine) {
  const auto settings = ReadFitSettings({"php = Trend_Micro/CMS + AWS/AWSManagedRulesPHPRuleSet"});
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  const auto wanted = WantedGroups({{"php", {}, 1}}, false, {}, *settings);
  ASSERT_EQ(wanted.size(), 2U);
  EXPECT_EQ(ToString(wanted[0].group), "Trend_Micro/CMS");
  for (const auto& [line, why] : std::map<std::string, std::string>{{"php", "there is no `=`"},
                                                                    {"cobol=AWS/X", "no class `cobol`"},
                                                                    {"php=AWS", "no VENDOR/NAME"},
                                                                    {"php=A/<b>", "no VENDOR/NAME"}}) {
    const auto bad = ReadFitSettings({line});
    ASSERT_FALSE(bad.ok()) << line;
    EXPECT_THAT(bad.error().message, HasSubstr(why));
  }
  EXPECT_FALSE(ReadFitSettings({"php=A/B", "php=A/C"}).ok());
}

TEST(EdgeFit, EveryClassHasGroupsAndANameOfItsOwn) {
  std::map<std::string_view, int> names;
  for (const FitRow& row : FitRows()) {
    EXPECT_EQ(++names[row.name], 1) << row.name;
    EXPECT_FALSE(row.aws.empty()) << row.name;
    EXPECT_FALSE(row.application_types.empty()) << row.name;
  }
}

}  // namespace
}  // namespace sallyport::edge
