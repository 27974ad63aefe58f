// SPDX-License-Identifier: Apache-2.0
#include "base/severity.h"

#include <gtest/gtest.h>

#include <limits>

namespace sallyport {
namespace {

TEST(SeverityBand, BeginsAtItsNumber) {
  EXPECT_EQ(BandOf(0), SeverityBand::kLow);
  EXPECT_EQ(BandOf(3.9), SeverityBand::kLow);
  EXPECT_EQ(BandOf(4), SeverityBand::kMedium);
  EXPECT_EQ(BandOf(6.9), SeverityBand::kMedium);
  EXPECT_EQ(BandOf(7), SeverityBand::kHigh);
  EXPECT_EQ(BandOf(8.9), SeverityBand::kHigh);
  EXPECT_EQ(BandOf(9), SeverityBand::kCritical);
  EXPECT_EQ(BandOf(1e9), SeverityBand::kCritical);
  EXPECT_EQ(BandOf(std::numeric_limits<double>::quiet_NaN()), SeverityBand::kLow);
}

TEST(SeverityBand, HasAWord) {
  EXPECT_EQ(ToString(BandOf(2)), "low");
  EXPECT_EQ(ToString(BandOf(5)), "medium");
  EXPECT_EQ(DisplayName(BandOf(8)), "High");
  EXPECT_EQ(DisplayName(BandOf(9.5)), "Critical");
}

TEST(SeverityText, HasOneDigitAfterThePointAndTheBand) {
  EXPECT_EQ(SeverityText(8), "8.0 (High)");
  EXPECT_EQ(SeverityText(10), "10.0 (Critical)");
  EXPECT_EQ(SeverityText(2.25), "2.3 (Low)");
  EXPECT_EQ(SeverityText(0), "0.0 (Low)");
  EXPECT_EQ(SeverityText(10.1), "unknown");
  EXPECT_EQ(SeverityText(-1), "unknown");
  EXPECT_EQ(SeverityText(std::numeric_limits<double>::quiet_NaN()), "unknown");
}

}  // namespace
}  // namespace sallyport
