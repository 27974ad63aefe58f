// SPDX-License-Identifier: Apache-2.0
#include "edge/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <random>

namespace sallyport::edge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Items = std::vector<std::string>;

AddressBlocks Blocks(const Items& items) {
  const auto blocks = BlocksOf(items);
  EXPECT_TRUE(blocks.ok()) << (blocks.ok() ? "" : blocks.error().ToText());
  return blocks.value_or({});
}

TEST(Addresses, EveryFormOfSwpIsRead) {
  const AddressBlocks blocks =
      Blocks({"198.51.100.7", " 203.0.113.9/24 # scanners", "192.0.2.0/255.255.255.128", "192.0.2.200 - 192.0.2.203",
              "2001:DB8::/32", "2001:db9::1-2001:db9::2", "", "// nothing but a remark"});
  EXPECT_THAT(blocks.v4, ElementsAre("192.0.2.0/25", "192.0.2.200/30", "198.51.100.7/32", "203.0.113.0/24"));
  EXPECT_THAT(blocks.v6, ElementsAre("2001:db8::/32", "2001:db9::1/128", "2001:db9::2/128"));
}

TEST(Addresses, WhatTouchesIsJoined) {
  EXPECT_THAT(Blocks({"192.0.2.128/25", "192.0.2.0/25", "192.0.2.7"}).v4, ElementsAre("192.0.2.0/24"));
  EXPECT_THAT(Blocks({"255.255.255.255", "255.255.255.254"}).v4, ElementsAre("255.255.255.254/31"));
  EXPECT_THAT(Blocks({"::ffff:ffff:ffff:ffff", "0:0:0:1::"}).v6,
              ElementsAre("::ffff:ffff:ffff:ffff/128", "0:0:0:1::/128"));
  EXPECT_THAT(Blocks({"128.0.0.0/1"}).v4, ElementsAre("128.0.0.0/1"));
  EXPECT_THAT(Blocks({"8000::/1"}).v6, ElementsAre("8000::/1"));
}

TEST(Addresses, WhatIsNoneIsNamed) {
  for (const std::string bad : {"example.com", "192.0.2.1/33", "192.0.2.9 - 192.0.2.1", "192.0.2.1 - 2001:db8::1",
                                "192.0.2.0/255.0.255.0", "1.2.3", "-", "/", "2001:db8::/129", "192.0.2.1/-1"}) {
    const auto blocks = BlocksOf({"192.0.2.1", bad});
    ASSERT_FALSE(blocks.ok()) << bad;
    EXPECT_THAT(blocks.error().message, HasSubstr("item 2 of the list, `" + bad + "`"));
  }
  for (const Items& all : {Items{"0.0.0.0/0"}, Items{"::/0"}, Items{"0.0.0.0/1", "128.0.0.0/1"}}) {
    const auto blocks = BlocksOf(all);
    ASSERT_FALSE(blocks.ok());
    EXPECT_THAT(blocks.error().message, HasSubstr("all addresses of"));
  }
  Items many;
  for (int i = 0; i < 10'001; ++i) many.push_back("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
  EXPECT_EQ(BlocksOf(many).error().code, ErrorCode::kTooLarge);
}

// An IP set takes 10,000 blocks; ranges of IPv6 may need 250 each.
TEST(Addresses, MoreBlocksThanASetTakesAreAnError) {
  Items ranges;
  for (int i = 0; i < 100; ++i) {
    const std::string net = "2001:db8:" + std::to_string(i) + ":";
    std::string range = net;
    ranges.push_back(range.append(":1 - ").append(net).append("ffff:ffff:ffff:ffff:fffe"));
  }
  const auto blocks = BlocksOf(ranges);
  ASSERT_FALSE(blocks.ok());
  EXPECT_EQ(blocks.error().code, ErrorCode::kTooLarge);
}

// The fewest blocks for a set of addresses: full nodes of the tree of halves whose parent is not full.
std::size_t FewestBlocks(const std::bitset<1024>& wanted, std::size_t first, std::size_t size) {
  std::size_t there = 0;
  for (std::size_t i = first; i < first + size; ++i) there += wanted[i] ? 1 : 0;
  if (there == 0) return 0;
  if (there == size) return 1;
  return FewestBlocks(wanted, first, size / 2) + FewestBlocks(wanted, first + size / 2, size / 2);
}

std::string AddressAt(std::size_t at) {
  return "10.9." + std::to_string(at / 256) + "." + std::to_string(at % 256);
}

TEST(Addresses, BlocksAreTheFewestThatCoverExactlyTheList) {
  std::mt19937 random(12);
  for (int round = 0; round < 300; ++round) {
    std::bitset<1024> wanted;
    Items items;
    for (std::size_t n = random() % 12; n > 0; --n) {
      const std::size_t first = random() % 1024;
      const std::size_t last = std::min<std::size_t>(1023, first + random() % (random() % 3 == 0 ? 300 : 9));
      for (std::size_t i = first; i <= last; ++i) wanted.set(i);
      items.push_back(AddressAt(first) + "-" + AddressAt(last));
    }
    const AddressBlocks blocks = Blocks(items);
    std::bitset<1024> covered;
    for (const std::string& block : blocks.v4) {
      unsigned third = 0;
      unsigned fourth = 0;
      unsigned prefix = 0;
      ASSERT_EQ(std::sscanf(block.c_str(), "10.9.%u.%u/%u", &third, &fourth, &prefix), 3) << block;
      const std::size_t first = third * 256 + fourth;
      for (std::size_t i = first; i < first + (std::size_t{1} << (32 - prefix)); ++i) covered.set(i);
    }
    ASSERT_EQ(covered, wanted);
    ASSERT_EQ(blocks.v4.size(), FewestBlocks(wanted, 0, 1024));
  }
}

TEST(Addresses, ADifferenceAddsAndRemovesAndLeavesOtherFormsAlone) {
  const Items has = {"192.0.2.0/24", "198.51.100.7/32", "2001:0DB8:0:0::/32", "who knows"};
  const AddressDifference difference = DifferenceOfBlocks(has, {"192.0.2.0/24", "203.0.113.0/24", "2001:db8::/32"});
  EXPECT_THAT(difference.add, ElementsAre("203.0.113.0/24"));
  EXPECT_THAT(difference.remove, ElementsAre("198.51.100.7/32", "who knows"));
  EXPECT_FALSE(IsApplied(difference, has));
  // What others added since then stays.
  Items later = has;
  later.emplace_back("198.51.100.99/32");
  const Items after = Apply(difference, later);
  EXPECT_THAT(after, ElementsAre("192.0.2.0/24", "2001:0DB8:0:0::/32", "198.51.100.99/32", "203.0.113.0/24"));
  EXPECT_TRUE(IsApplied(difference, after));
  EXPECT_EQ(Apply(difference, after), after);
  EXPECT_TRUE(DifferenceOfBlocks({"192.0.2.0/25", "192.0.2.128/25"}, {"192.0.2.0/25", "192.0.2.128/25"}).empty());
  EXPECT_THAT(DifferenceOfBlocks({}, {}).add, IsEmpty());
}

}  // namespace
}  // namespace sallyport::edge
