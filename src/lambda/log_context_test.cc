// SPDX-License-Identifier: Apache-2.0
#include "lambda/log_context.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "base/json.h"

namespace sallyport::lambda {
namespace {

TEST(LogContext, PutsTheIdsOfTheInvocationIntoEveryLine) {
  LogContext context;
  std::string out;
  FakeClock clock;
  Logger log(clock, LogLevel::kInfo, context.Around([&](std::string_view line) { out = line; }));
  log.Info("before");
  EXPECT_TRUE(Json::Parse(out)->operator[]("request_id").IsMissing());
  context.Set("id-1", "Root=\"1\"");
  log.Info("within", {{"text", "a } b"}});
  const auto line = Json::Parse(out);
  ASSERT_TRUE(line.ok()) << out;
  EXPECT_EQ((*line)["request_id"].StringOr(""), "id-1");
  EXPECT_EQ((*line)["trace_id"].StringOr(""), "Root=\"1\"");
  EXPECT_EQ((*line)["text"].StringOr(""), "a } b");
  EXPECT_TRUE(out.ends_with("}\n"));
  context.Clear();
  log.Info("after");
  EXPECT_TRUE(Json::Parse(out)->operator[]("request_id").IsMissing());
}

TEST(LogContext, LeavesTheTraceIdOutWhenThereIsNone) {
  LogContext context;
  std::string out;
  context.Set("id-1", "");
  context.Around([&](std::string_view line) { out = line; })("{\"a\":1}\n");
  EXPECT_EQ(out, "{\"a\":1,\"request_id\":\"id-1\"}\n");
}

}  // namespace
}  // namespace sallyport::lambda
