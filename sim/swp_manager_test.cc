// SPDX-License-Identifier: Apache-2.0
//
// The manager around the API: faults on the wire, rate limits, the control plane, starting and stopping.
#include "sim/swp_manager.h"

#include <gmock/gmock.h>

#include <thread>

#include "sim/swp_fixture_for_test.h"

namespace sallyport::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Faults = SwpManagerTest;

SwpFault FaultOf(SwpFaultKind kind) {
  SwpFault fault;
  fault.kind = kind;
  return fault;
}

TEST_F(Faults, ACutBeforeActingDoesNothing) {
  ASSERT_TRUE(manager_->AddFault(FaultOf(SwpFaultKind::kCutBefore)).ok());
  RawClient client(Port());
  const auto answer = client.Ask("POST", "/api/scheduledtasks", "api-version: v1\r\napi-secret-key: SIM-KEY-FULL\r\n",
                                 RecommendationScan(34));
  EXPECT_EQ(answer.status, 0);
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(Get("/scheduledtasks").body.ToText(), R"({"scheduledTasks":[]})");
}

TEST_F(Faults, ACutAfterActingLosesOnlyTheAnswer) {
  ASSERT_TRUE(manager_->AddFault(FaultOf(SwpFaultKind::kCutAfter)).ok());
  EXPECT_EQ(Post("/scheduledtasks", RecommendationScan(34)).status, 0);
  EXPECT_EQ(Get("/scheduledtasks").body["scheduledTasks"].Elements().size(), 1U);
  EXPECT_EQ(manager_->Requests().at(0).status, 0);
}

TEST_F(Faults, StatusesComeWithoutActing) {
  for (const int status : {429, 500, 503}) {
    auto fault = FaultOf(SwpFaultKind::kStatus);
    fault.method = "POST";
    fault.status = status;
    ASSERT_TRUE(manager_->AddFault(fault).ok());
    const auto heard = Post("/scheduledtasks", RecommendationScan(34));
    EXPECT_EQ(heard.status, status);
    EXPECT_EQ(heard.body["message"].StringOr(""), status == 429 ? "Too many API requests" : "Internal server error");
  }
  EXPECT_EQ(Get("/scheduledtasks").body.ToText(), R"({"scheduledTasks":[]})");
}

TEST_F(Faults, BodiesCanBeHtmlBrokenOrShort) {
  const std::string headers = "api-version: v1\r\napi-secret-key: SIM-KEY-FULL\r\n";
  auto html = FaultOf(SwpFaultKind::kHtmlError);
  html.status = 502;
  ASSERT_TRUE(manager_->AddFault(html).ok());
  const auto gateway = AskRaw("GET", "/api/computers/34", "", headers);
  EXPECT_EQ(gateway.status, 502);
  EXPECT_THAT(gateway.head, HasSubstr("Content-Type: text/html"));
  EXPECT_THAT(gateway.head, Not(HasSubstr("application/json")));

  ASSERT_TRUE(manager_->AddFault(FaultOf(SwpFaultKind::kMalformedJson)).ok());
  const auto malformed = AskRaw("GET", "/api/computers/34", "", headers);
  EXPECT_EQ(malformed.status, 200);
  EXPECT_FALSE(Json::Parse(malformed.body).ok());

  ASSERT_TRUE(manager_->AddFault(FaultOf(SwpFaultKind::kTruncatedBody)).ok());
  const auto truncated = AskRaw("GET", "/api/computers/34", "", headers);
  EXPECT_EQ(truncated.status, 200);
  EXPECT_FALSE(truncated.complete);
}

TEST_F(Faults, AStaleAnswerIsTheLastOneToTheSameQuestion) {
  const std::string path = "/computers/34/intrusionprevention/assignments";
  const auto old = Get(path).body.ToText();
  Post(path, R"({"ruleIDs":[6745]})");
  auto stale = FaultOf(SwpFaultKind::kStaleAnswer);
  stale.method = "GET";
  ASSERT_TRUE(manager_->AddFault(stale).ok());
  EXPECT_EQ(Get(path).body.ToText(), old);
  EXPECT_NE(Get(path).body.ToText(), old);
}

TEST_F(Faults, ADelayDoesNotHoldUpTheEnd) {
  auto slow = FaultOf(SwpFaultKind::kDelay);
  slow.delay_ms = 60'000;
  ASSERT_TRUE(manager_->AddFault(slow).ok());
  RawClient client(Port());
  client.Send("GET /api/computers HTTP/1.1\r\n\r\n");
  const auto before = std::chrono::steady_clock::now();
  manager_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST_F(Faults, ADelayDelays) {
  auto slow = FaultOf(SwpFaultKind::kDelay);
  slow.delay_ms = 30;
  ASSERT_TRUE(manager_->AddFault(slow).ok());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(Get("/computers/34").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(30));
}

using Limits = SwpManagerTest;

TEST_F(Limits, ApplyPerKeyOverSixtySeconds) {
  SwpManagerOptions options;
  options.calls_per_minute_and_key = 2;
  Start(options);
  EXPECT_EQ(Get("/computers/34").status, 200);
  Advance(std::chrono::seconds(20));
  EXPECT_EQ(Get("/computers/34").status, 200);
  const auto refused = Get("/computers/34");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body.ToText(), R"({"message":"Too many API requests"})");
  EXPECT_THAT(refused.head, Not(HasSubstr("Retry-After")));
  EXPECT_EQ(Ask("GET", "/computers/34", "", "SIM-KEY-AUDITOR").status, 200);
  Advance(std::chrono::seconds(40));
  EXPECT_EQ(Get("/computers/34").status, 200);
  EXPECT_EQ(Get("/computers/34").status, 429);
}

TEST_F(Limits, SayWhenToComeAgainIfSwitchedOn) {
  SwpManagerOptions options;
  options.calls_per_minute_and_tenant = 1;
  options.send_retry_after = true;
  Start(options);
  Get("/computers/34");
  Advance(std::chrono::seconds(15));
  EXPECT_THAT(Ask("GET", "/computers/34", "", "SIM-KEY-AUDITOR").head, HasSubstr("Retry-After: 45\r\n"));
}

class Control : public SwpManagerTest {
 protected:
  Heard Sim(std::string_view method, const std::string& path, const std::string& body = "") {
    const auto raw = AskRaw(method, "/_sim/" + path, body, "");
    auto json = Json::Parse(raw.body);
    return {raw.status, json.ok() ? *json : Json(), raw.head};
  }
};

TEST_F(Control, AddsAndClearsFaults) {
  EXPECT_EQ(Sim("POST", "faults",
                R"({"kind":"status","method":"GET","path":"^/computers","status":500,"times":-1,"probability":1})")
                .status,
            200);
  EXPECT_EQ(Get("/computers/34").status, 500);
  EXPECT_EQ(Get("/policies/12").status, 200);
  EXPECT_EQ(Sim("DELETE", "faults").status, 200);
  EXPECT_EQ(Get("/computers/34").status, 200);
}

TEST_F(Control, RefusesFaultsThatItDoesNotKnow) {
  EXPECT_EQ(Sim("POST", "faults", R"({"kind":"flood"})").body["message"].StringOr(""), "fault: unknown kind `flood`");
  EXPECT_EQ(Sim("POST", "faults", R"({"kind":"status","color":1})").status, 400);
  EXPECT_EQ(Sim("POST", "faults", R"({"kind":"status","path":"("})").status, 400);
  EXPECT_EQ(Sim("POST", "faults", "{").status, 400);
  EXPECT_EQ(Sim("GET", "other").status, 404);
}

TEST_F(Control, ShowsRequestsWithTheNameOfTheKeyNeverTheKey) {
  Get("/computers/34?expand=none");
  const auto log = Sim("GET", "requests").body["requests"].Elements();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(
      log[0].ToText(),
      R"({"time":1764000000000,"method":"GET","target":"/api/computers/34?expand=none","status":200,"key":"full"})");
  EXPECT_EQ(Sim("DELETE", "requests").status, 200);
  EXPECT_TRUE(manager_->Requests().empty());
}

TEST_F(Control, MovesTime) {
  const auto before = Now();
  EXPECT_EQ(Sim("POST", "advance", R"({"seconds":3600})").status, 200);
  EXPECT_EQ(Now(), before + 3'600'000);
  EXPECT_EQ(Sim("POST", "advance", R"({"seconds":-1})").status, 400);
  EXPECT_EQ(Sim("POST", "advance", "{}").status, 400);
}

TEST_F(Control, TellsWhatWasAskedAndChanged) {
  Post("/scheduledtasks", RecommendationScan(34));
  Post("/computers/40/intrusionprevention/assignments", R"({"ruleIDs":[6348]})");
  const auto state = Sim("GET", "state").body;
  EXPECT_EQ(state["computers"]["34"]["scan-for-recommendations"].ToText(),
            R"({"requested":1,"skipped":0,"running":1,"finished":0})");
  const auto changes = state["assignments"].Elements();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["operation"].StringOr(""), "add");
  EXPECT_EQ(changes[0]["ruleIDs"].ToText(), "[6348]");  // the policy brings 108 already
  EXPECT_EQ(state["scheduledTasks"].Int64Or(0), 1);
}

using Threads = SwpManagerTest;

TEST_F(Threads, ManyClientsCanReadAndWriteAtOnce) {
  SwpManagerOptions options;
  options.calls_per_minute_and_key = 0;
  options.calls_per_minute_and_tenant = 0;
  Start(options);
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        EXPECT_EQ(Post("/scheduledtasks", RecommendationScan(34)).status, 200);
        EXPECT_EQ(Get("/computers?expand=none").status, 200);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Get("/scheduledtasks").body["scheduledTasks"].Elements().size(), 80U);
}

}  // namespace
}  // namespace sallyport::sim
