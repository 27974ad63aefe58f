// SPDX-License-Identifier: Apache-2.0
#include "reach/remembered_reads.h"

#include <gtest/gtest.h>

namespace sallyport::reach {
namespace {

class CountingReads final : public Reads {
 public:
  Result<Answer> WhoCan(const Ask& ask) override {
    ++asked;
    if (ask.bucket == "unread") return Error{ErrorCode::kUnavailable, "away", ""};
    Answer answer;
    answer.bucket = ask.bucket;
    answer.prefix = ask.prefix;
    return answer;
  }
  int asked = 0;
};

TEST(RememberedReach, AnswersARepeatWithoutAsking) {
  CountingReads inner;
  RememberedReads reads(inner);
  Ask ask;
  ask.bucket = "one";
  EXPECT_EQ(reads.WhoCan(ask)->bucket, "one");
  EXPECT_EQ(reads.WhoCan(ask)->bucket, "one");
  EXPECT_EQ(inner.asked, 1);
  ask.prefix = "a/";
  EXPECT_EQ(reads.WhoCan(ask)->prefix, "a/") << "another question";
  EXPECT_EQ(inner.asked, 2);
}

TEST(RememberedReach, RemembersAFailureToo) {
  CountingReads inner;
  RememberedReads reads(inner);
  Ask ask;
  ask.bucket = "unread";
  EXPECT_FALSE(reads.WhoCan(ask).ok());
  EXPECT_EQ(reads.WhoCan(ask).error().message, "away");
  EXPECT_EQ(inner.asked, 1);
}

}  // namespace
}  // namespace sallyport::reach
