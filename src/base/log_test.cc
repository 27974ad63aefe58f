// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include "base/fake_clock.h"
#include "base/json.h"

namespace sallyport {
namespace {

struct Captured {
  FakeClock clock;
  std::string lines;
  Logger log{clock, LogLevel::kInfo, [this](std::string_view line) { lines += line; }};
};

TEST(Logger, WritesOneJsonObjectPerLine) {
  Captured c;
  c.log.Info("scan requested", {{"computer", 34}, {"kind", "integrity"}, {"ok", true}});
  EXPECT_EQ(c.lines,
            "{\"time\":\"2025-11-24T16:00:00Z\",\"level\":\"info\",\"message\":\"scan requested\",\"computer\":34,"
            "\"kind\":\"integrity\",\"ok\":true}\n");
}

TEST(Logger, NeverShowsASecretAndKeepsHostileTextOnOneLine) {
  Captured c;
  c.log.Info("call", {{"key", Secret("tmc-very-secret")}, {"host", "a\nb"}});
  EXPECT_EQ(c.lines.find("very-secret"), std::string::npos);
  EXPECT_NE(c.lines.find("\"key\":\"***\""), std::string::npos);
  EXPECT_EQ(std::count(c.lines.begin(), c.lines.end(), '\n'), 1);
}

TEST(Logger, SaysReasonAndAdviceOfAnError) {
  Captured c;
  c.log.Failure("could not ask", Error{ErrorCode::kForbidden, "the role lacks a right", "add it"});
  const Result<Json> line = Json::Parse(c.lines.substr(0, c.lines.size() - 1));
  ASSERT_TRUE(line.ok());
  EXPECT_EQ((*line)["error"].StringOr(""), "forbidden");
  EXPECT_EQ((*line)["advice"].StringOr(""), "add it");
}

TEST(Logger, LeavesOutWhatIsBelowItsLevel) {
  Captured c;
  c.log.Debug("detail");
  EXPECT_TRUE(c.lines.empty());
}

TEST(Logger, OfAPieceOfWorkSaysInEachLineWhatItIsAbout) {
  Captured c;
  Logger work = Logger::For(c.log);
  work.AddContext({"event", 7});
  work.AddContext({"host", "a\"b"});
  work.Info("scan requested", {{"computer", 34}});
  c.log.Info("other");
  EXPECT_EQ(c.lines,
            "{\"time\":\"2025-11-24T16:00:00Z\",\"level\":\"info\",\"message\":\"scan requested\",\"computer\":34,"
            "\"event\":7,\"host\":\"a\\\"b\"}\n"
            "{\"time\":\"2025-11-24T16:00:00Z\",\"level\":\"info\",\"message\":\"other\"}\n");
}

}  // namespace
}  // namespace sallyport
