// SPDX-License-Identifier: Apache-2.0
#include "workflow/owner.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

using Tags = std::vector<swp::Tag>;

TEST(FindOwner, TakesTheFirstTagOfTheLadderInAnyCase) {
  const Owner owner = FindOwner(Tags{{"team", "blue"}, {"OWNER", " ann@example.com "}}, {});
  EXPECT_EQ(owner.name, "ann@example.com");
  EXPECT_EQ(owner.source, "tag `OWNER`");
  EXPECT_EQ(FindOwner(Tags{{"team", "blue"}, {"Owner", "  "}}, {}).name, "blue");
}

TEST(FindOwner, FallsBackToTheDefaultOwner) {
  OwnerSettings settings;
  settings.default_owner = "secops@example.com";
  EXPECT_EQ(FindOwner(Tags{}, settings).name, "secops@example.com");
  EXPECT_EQ(FindOwner(std::nullopt, settings).name, "secops@example.com");
}

TEST(FindOwner, SaysWhyNobodyIsNamed) {
  EXPECT_EQ(FindOwner(Tags{{"Name", "x"}}, {}).source, "no owner tag, and no default owner in the settings");
  EXPECT_EQ(FindOwner(std::nullopt, {}).source, "the tags of the instance are not known");
  EXPECT_EQ(FindOwner(std::nullopt, {}).name, "");
}

}  // namespace
}  // namespace sallyport
