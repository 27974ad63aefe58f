// SPDX-License-Identifier: Apache-2.0
#include "lambda/trace_variable.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace sallyport::lambda {
namespace {

TEST(TraceVariable, FollowsTheInvocationAndGoesAway) {
  {
    TraceVariable variable;
    EXPECT_STREQ(std::getenv("_X_AMZN_TRACE_ID"), "");
    variable.Set("Root=1-5bef4de7;Sampled=1");
    EXPECT_STREQ(std::getenv("_X_AMZN_TRACE_ID"), "Root=1-5bef4de7;Sampled=1");
    variable.Set("short");
    EXPECT_STREQ(std::getenv("_X_AMZN_TRACE_ID"), "short");
  }
  EXPECT_EQ(std::getenv("_X_AMZN_TRACE_ID"), nullptr);
}

TEST(TraceVariable, HoldsAnIdOfAKilobyteAndLeavesALongerOneOut) {
  TraceVariable variable;
  variable.Set(std::string(1024, 'x'));
  EXPECT_EQ(std::string(std::getenv("_X_AMZN_TRACE_ID")).size(), 1024U);
  variable.Set(std::string(2000, 'x'));
  EXPECT_STREQ(std::getenv("_X_AMZN_TRACE_ID"), "");
}

}  // namespace
}  // namespace sallyport::lambda
