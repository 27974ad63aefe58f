// SPDX-License-Identifier: Apache-2.0
#include "gates/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Target Tagged(std::int32_t id, std::optional<std::vector<swp::Tag>> tags, const std::string& account = "111122223333") {
  return {ComputerId{id}, {account, "us-east-1", {"i-" + std::to_string(id)}, "", std::move(tags)}};
}

Target Free(std::int32_t id, const std::string& account = "111122223333") {
  return Tagged(id, std::vector<swp::Tag>{}, account);
}

Target Excluded(std::int32_t id) {
  return Tagged(id, std::vector<swp::Tag>{{"sallyport:exclude", "true"}});
}

// A computer without a cloud record.
Target OnPremises(std::int32_t id) {
  swp::Computer computer;
  computer.id = ComputerId{id};
  computer.host_name = "db-" + std::to_string(id);
  return TargetOf(computer);
}

GateSettings Enforce() {
  GateSettings settings;
  settings.mode = Mode::kEnforce;
  settings.account_modes = {{"444455556666", Mode::kObserve}};
  return settings;
}

TEST(SortTargets, KeepsApartWhatMustBeLeftAlone) {
  const auto sorted = SortTargets(Enforce(), {Free(1), Excluded(2), Tagged(3, std::nullopt), Free(4, "444455556666")});
  EXPECT_EQ(sorted.free, std::vector<Target>{Free(1)});
  ASSERT_THAT(sorted.excluded, SizeIs(2));
  EXPECT_EQ(sorted.excluded[0].target, Excluded(2));
  EXPECT_EQ(sorted.excluded[1].why, "its tags are undetermined");
  ASSERT_THAT(sorted.observed, SizeIs(1));
  EXPECT_EQ(sorted.observed[0].target, Free(4, "444455556666"));
  EXPECT_FALSE(sorted.AllFree());
  EXPECT_EQ(LeftAloneText(sorted),
            "3 of 4 hosts must be left alone: i-2 (exclusion tag `sallyport:exclude`=`true`), i-3 (its tags are "
            "undetermined), i-4 (observe mode for account 444455556666)");
}

// What no connector to a cloud knows has no EC2 tags, and no account whose mode could differ.
TEST(SortTargets, AComputerWithoutACloudRecordHasNoTags) {
  EXPECT_TRUE(SortTargets(Enforce(), {OnPremises(7)}).AllFree());
  GateSettings observe = Enforce();
  observe.mode = Mode::kObserve;
  EXPECT_THAT(SortTargets(observe, {OnPremises(7)}).observed, SizeIs(1));
}

TEST(SortTargets, TagsThatAreNotKnownAreAllowedWhereTheSettingsSaySo) {
  GateSettings settings = Enforce();
  settings.refuse_when_tags_unknown = false;
  EXPECT_TRUE(SortTargets(settings, {Tagged(3, std::nullopt)}).AllFree());
  EXPECT_THAT(SortTargets(settings, {Excluded(2)}).excluded, SizeIs(1));
}

// Fail closed: it may be in one of the accounts that only observe.
TEST(SortTargets, AnInstanceWhoseAccountIsNotKnownIsObservedWhereAnyAccountIs) {
  EXPECT_THAT(SortTargets(Enforce(), {Free(1, "")}).observed, SizeIs(1));
  GateSettings all = Enforce();
  all.account_modes = {{"444455556666", Mode::kEnforce}};
  EXPECT_TRUE(SortTargets(all, {Free(1, "")}).AllFree());
  all.mode = Mode::kObserve;
  EXPECT_THAT(SortTargets(all, {Free(1, "")}).observed, SizeIs(1));
}

TEST(LeftAloneText, NamesABoundedNumber) {
  std::vector<Target> targets;
  for (std::int32_t id = 1; id <= 9; ++id) targets.push_back(Excluded(id));
  const std::string text = LeftAloneText(SortTargets(Enforce(), targets));
  EXPECT_THAT(text, HasSubstr("i-5 (exclusion tag"));
  EXPECT_THAT(text, testing::EndsWith(" and 4 more"));
}

}  // namespace
}  // namespace sallyport
