// SPDX-License-Identifier: Apache-2.0
//
// Whole answers or none, and what dates and tasks prove.
#include <gtest/gtest.h>

#include <functional>

#include "swp_client/client.h"
#include "swp_client/client_fixture_for_test.h"

namespace sallyport::swp {
namespace {

// A cache may answer a read with what was true hours ago; no cache answers a write or a search.
TEST_F(ClientTest, AnOldDateSetsTheClockBackOnlyWhereNoCacheCanAnswer) {
  const HttpHeader old = {"Date", "Mon, 24 Nov 2025 11:00:00 GMT"};
  http_.Answer(200, R"({"ID":34})", {kDate});
  (void)client_.GetComputer(ComputerId{34});
  http_.Answer(200, R"({"ID":34})", {old});
  (void)client_.GetComputer(ComputerId{34});
  EXPECT_EQ(client_.ClockDifference(), Duration(5s));
  EXPECT_EQ(client_.SeenClockDifference(), Duration(-5h));
  http_.Answer(200, R"({"scheduledTasks":[]})", {old});
  (void)client_.FindOurTasks(ComputerId{34});
  EXPECT_EQ(client_.ClockDifference(), Duration(-5h));
}

// Nothing is reckoned by a clock that cannot be one: neither when a scan was asked for nor what lies in the future.
TEST_F(ClientTest, AClockThatIsFarOffIsNotBelieved) {
  for (const char* date :
       {"Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2500 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT", "Sun, 16 Nov 2025 16:00:00 GMT", "Tue, 02 Dec 2025 16:00:00 GMT"}) {
    http_.Answer(200, kCreated, {{"Date", date}});
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_TRUE(accepted.ok()) << date;
    EXPECT_EQ(accepted->accepted_at, clock_.Now()) << date;
    EXPECT_EQ(client_.ClockDifference(), std::nullopt) << date;
    EXPECT_NE(client_.SeenClockDifference(), std::nullopt) << date;
    EXPECT_EQ(client_.ManagerNow(), clock_.Now()) << date;
  }
}

// With an older date any scan that ended before the request would be taken for the one that was asked for.
TEST_F(ClientTest, ADateOlderThanTheRequestIsNotWhenItWasTaken) {
  http_.Answer(200, R"({"ID":34})", {kDate});
  (void)client_.GetComputer(ComputerId{34});
  for (const char* date : {"Mon, 24 Nov 2025 11:00:00 GMT", "Mon, 24 Nov 2025 16:00:04 GMT"}) {
    const TimePoint asked = client_.ManagerNow();
    http_.Answer(200, kCreated, {{"Date", date}});
    EXPECT_GE(client_.RequestScan(kScan)->accepted_at, asked) << date;
    http_.Answer(200, R"({"ID":34})", {kDate});
    (void)client_.GetComputer(ComputerId{34});
    http_.Answer(200, R"({"assignedRuleIDs":[5]})", {{"Date", date}});
    EXPECT_GE(client_.AssignRules(Scope::Of(ComputerId{34}), RuleModule::kLogInspection, {{5}})->accepted_at, asked)
        << date;
    http_.Answer(200, R"({"ID":34})", {kDate});
    (void)client_.GetComputer(ComputerId{34});
  }
}

// ---- whole answers or none -----------------------------------------------------------------------------------------

std::string List(const std::string& key, int first, int count, const std::string& members = "") {
  std::string list;
  for (int id = first; id < first + count; ++id) {
    list += (list.empty() ? "" : ",") + std::string(R"({"ID":)") + std::to_string(id) + members + "}";
  }
  return "{\"" + key + "\":[" + list + "]}";
}

// Every search of the client, as a number of what it found.
struct Searching {
  std::string key;
  std::string members;  // that make an object count
  std::function<Result<std::size_t>(Client&)> search;
};

template <class T>
Result<std::size_t> CountOf(const Result<std::vector<T>>& list) {
  if (!list.ok()) return list.error();
  return list->size();
}

std::vector<Searching> Searches() {
  const std::string agent = R"(,"agentFingerPrint":"14:F3")";
  const std::string task = Task(1, kScanName).substr(std::string(R"({"ID":1)").size());
  return {
      {"computers", agent, [](Client& c) { return CountOf(c.FindComputers(kInstance)); }},
      {"computers", "", [](Client& c) { return CountOf(c.ComputersOf(PolicyId{12}, 5000)); }},
      {"policies", "", [](Client& c) { return CountOf(c.PoliciesBelow(PolicyId{12}, 5000)); }},
      {"policies", "", [](Client& c) { return CountOf(c.FindPolicies("x")); }},
      {"intrusionPreventionRules", R"(,"CVE":["CVE-2021-44228"])",
       [](Client& c) { return CountOf(c.FindRulesByCve("CVE-2021-44228")); }},
      {"applicationTypes", "", [](Client& c) { return CountOf(c.FindApplicationTypes("%")); }},
      {"scheduledTasks", task.substr(0, task.size() - 1),
       [](Client& c) { return CountOf(c.FindOurTasks(ComputerId{34})); }},
  };
}

// However many a manager gives at once: 1,000 policies in pages of 100, 21 records in pages of 20, or of 7.
TEST_F(ClientTest, EveryListIsReadToItsEnd) {
  for (const Searching& one : Searches()) {
    for (const auto& [page, pages] : {std::pair{20, 1}, {20, 2}, {7, 3}, {100, 9}, {250, 3}}) {
      for (int i = 0; i < pages; ++i) http_.Answer(200, List(one.key, 1 + i * page, page, one.members));
      http_.Answer(200, List(one.key, 1 + pages * page, 1, one.members));
      // A list that ends with a page of one is told by its shortness alone, or by the empty page behind it.
      http_.Answer(200, List(one.key, 1, 0));
      const auto found = one.search(client_);
      ASSERT_TRUE(found.ok()) << one.key << ": " << found.error().ToText();
      EXPECT_EQ(*found, static_cast<std::size_t>(page * pages + 1)) << one.key << page;
      while (http_.Left() > 0) (void)http_.Send({});
    }
  }
}

TEST_F(ClientTest, AListThatCannotBeReadToItsEndIsNoList) {
  for (const Searching& one : Searches()) {
    const std::function<void()> failures[] = {
        [&] { http_.Fail(ErrorCode::kUnavailable); },
        [&] { http_.Answer(500); },
        [&] { http_.Answer(429); },
        [&] { http_.Answer(206, List(one.key, 21, 1, one.members)); },
        [&] { http_.Answer(200, List(one.key, 21, 3, one.members).substr(0, 30)); },
        [&] { http_.Answer(200, List(one.key, 20, 1, one.members)); },  // the last one again
        [&] { http_.Answer(200, List(one.key, 1, 20, one.members)); },  // the first page again
        [&] { http_.Answer(200, "{}"); },
        [&] { http_.Answer(200, R"({")" + one.key + R"(":[{"ID":"x"}]})"); },
        [&] { http_.Answer(200, R"({"message":"shard down",")" + one.key + R"(":[]})"); },
        [&] { http_.Answer(200, R"({")" + one.key + R"(":[{"ID":21}],")" + one.key + R"(":[]})"); },
    };
    for (const auto& fail : failures) {
      http_.Answer(200, List(one.key, 1, 20, one.members));
      fail();
      const auto found = one.search(client_);
      EXPECT_FALSE(found.ok()) << one.key;
      EXPECT_EQ(http_.Left(), 0U) << one.key;
    }
  }
}

TEST_F(ClientTest, AListWithoutAnEndIsAnError) {
  for (int i = 0; i < 5; ++i) http_.Answer(200, List("computers", 1 + i * 250, 250, R"(,"agentFingerPrint":"14:F3")"));
  const auto found = client_.FindComputers(kInstance);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error(),
            (Error{ErrorCode::kTooLarge, "SWP's list of computers has more than 1000 entries for one question", ""}));
  http_.Answer(200, List("computers", 1, 10'000));  // at once
  EXPECT_EQ(client_.FindComputers(kInstance).error().code, ErrorCode::kTooLarge);
}

TEST_F(ClientTest, AnAnswerAboutAnotherObjectIsNoAnswer) {
  http_.Answer(200, R"({"ID":35})");
  EXPECT_EQ(client_.GetComputer(ComputerId{34}).error(),
            (Error{ErrorCode::kBadAnswer, "SWP was asked for computer 34 and answered with 35", ""}));
  http_.Answer(200, R"({"ID":13})");
  EXPECT_EQ(client_.GetPolicy(PolicyId{12}).error().code, ErrorCode::kBadAnswer);
  http_.Answer(200, R"({"ID":6})");
  EXPECT_EQ(client_.GetRule(RuleModule::kIntrusionPrevention, RuleId{5}).error().code, ErrorCode::kBadAnswer);
}

// ---- dates in the future -------------------------------------------------------------------------------------------

// A scan that ended after now has not ended: its date is a fault or somebody's invention.
TEST_F(ClientTest, ADateInTheFutureProvesNoScan) {
  const std::int64_t now = 1764000000000;
  for (const std::int64_t ahead : {std::int64_t{61'000}, std::int64_t{3'600'000}, std::int64_t{86'400'000},
                                   std::int64_t{31'536'000'000}, std::int64_t{15'000'000'000'000}}) {
    const std::string date = std::to_string(now + ahead);
    http_.Answer(200, Scanned(now + ahead, "valid"));
    EXPECT_FALSE(client_.CheckScan(ScanKind::kRecommendation, ComputerId{34}, FromEpochMilliseconds(now)).ok()) << date;
    for (const ScanKind kind : {ScanKind::kIntegrity, ScanKind::kMalware}) {
      http_.Answer(200, std::string(R"({"ID":34,"antiMalware":{"lastManualScan":)")
                            .append(date)
                            .append(R"(},"integrityMonitoring":{"lastIntegrityScan":)")
                            .append(date)
                            .append("}}"));
      const auto progress = client_.CheckScan(kind, ComputerId{34}, FromEpochMilliseconds(now));
      EXPECT_FALSE(progress.ok()) << date;
    }
    http_.Answer(200, std::string(R"({"ID":34,"lastAgentCommunication":)")
                          .append(date)
                          .append(R"(,"lastSendPolicySuccess":)")
                          .append(date)
                          .append("}"));
    const auto computer = client_.GetComputer(ComputerId{34});
    ASSERT_TRUE(computer.ok());
    EXPECT_EQ(computer->last_send_policy_success, std::nullopt);
    EXPECT_EQ(computer->last_agent_communication, std::nullopt);
    EXPECT_NE(computer->Damage("lastSendPolicySuccess"), nullptr);
    EXPECT_NE(computer->Damage("lastAgentCommunication"), nullptr);
    http_.Answer(200, R"({"scheduledTasks":[)" + Task(1, kScanName, R"(,"lastRunTime":)" + date) + "]}");
    EXPECT_EQ(client_.FindOurTasks(ComputerId{34}).error().code, ErrorCode::kBadAnswer) << date;
  }
  // By the manager's own clock, which may be ahead of ours.
  http_.Answer(200, Scanned(now + 3'600'000, "valid"), {{"Date", "Mon, 24 Nov 2025 17:00:00 GMT"}});
  EXPECT_TRUE(client_.CheckScan(ScanKind::kRecommendation, ComputerId{34}, FromEpochMilliseconds(now))->finished);
}

TEST_F(ClientTest, ADamagedDateOrTaskIsNotAScanThatHasNotEnded) {
  const ScanRequest scan{ScanKind::kMalware, ComputerId{34}, kScan.token};
  for (const char* computer :
       {R"({"ID":34,"antiMalware":{"lastManualScan":"soon"}})",
        R"({"ID":34,"antiMalware":{"lastManualScan":1764000005}})", R"({"ID":34,"antiMalware":"on"})",
        R"({"ID":34,"tasks":7})", R"({"ID":34,"tasks":{"agentTasks":"Scanning"}})",
        R"({"ID":34,"tasks":{"agentTasks":[7]}})"}) {
    http_.Answer(200, computer);
    const auto progress = client_.CheckScan(scan.kind, scan.computer, kDateTime);
    ASSERT_FALSE(progress.ok()) << computer;
    EXPECT_EQ(progress.error().code, ErrorCode::kBadAnswer);
  }
  // One of the two dates is enough when it is late enough.
  http_.Answer(200, R"({"ID":34,"antiMalware":{"lastManualScan":"soon","lastScheduledScan":1764000005001}})");
  EXPECT_TRUE(client_.CheckScan(scan.kind, scan.computer, kDateTime)->finished);
}

// ---- whose task it is ----------------------------------------------------------------------------------------------

struct SomeTask {
  std::string json;  // of one task
  enum { kOurs, kNot, kUnclear } whose;
};

std::vector<SomeTask> SomeTasks() {
  const std::string ours = Task(301, kScanName);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = ours;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  return {
      {ours, SomeTask::kOurs},
      {with(R"("enabled":true)", R"("enabled":false,"lastRunTime":1763999999000)"), SomeTask::kOurs},  // it ran
      {with(R"("enabled":true)", R"("enabled":false)"), SomeTask::kNot},  // it will not run
      {with(R"("type":"scan-for-recommendations")", R"("type":"scan-for-malware")"), SomeTask::kNot},
      {with(R"("type":"scan-for-recommendations")", R"("type":"send-policy")"), SomeTask::kNot},
      {with(R"("computerID":34)", R"("computerID":35)"), SomeTask::kNot},
      {with(kScanName, kScanName + " "), SomeTask::kNot},
      {with(kScanName, "nightly scan"), SomeTask::kNot},
      {with(R"("type":"scan-for-recommendations",)", ""), SomeTask::kUnclear},
      {with(R"("computerFilter":{"type":"computer","computerID":34})", ""), SomeTask::kUnclear},
      {with(R"("type":"computer","computerID":34)", R"("type":"all-computers")"), SomeTask::kUnclear},
      {with(R"("computerID":34)", R"("computerID":"34x")"), SomeTask::kUnclear},
      {with(R"("enabled":true)", R"("enabled":"true")"), SomeTask::kUnclear},
      {with(R"("enabled":true)", R"("enabled":true,"lastRunTime":1764000000)"), SomeTask::kUnclear},
      {with("\"name\":\"" + kScanName + "\"", R"("name":7)"), SomeTask::kUnclear},
  };
}

TEST_F(ClientTest, ATaskIsOursByNameTypeComputerAndState) {
  for (const SomeTask& task : SomeTasks()) {
    SCOPED_TRACE(task.json);
    const std::string list = R"({"scheduledTasks":[)" + task.json + "]}";
    http_.Answer(200, list);
    const auto tasks = client_.FindOurTasks(ComputerId{34});
    EXPECT_EQ(tasks.ok(), task.whose != SomeTask::kUnclear);
    if (tasks.ok()) {
      EXPECT_EQ(tasks->size(), task.whose == SomeTask::kOurs ? 1U : 0U);
    }
    http_.Answer(200, list);
    const auto requested = client_.FindRequestedScan(kScan);
    EXPECT_EQ(requested.ok(), task.whose != SomeTask::kUnclear);
    if (requested.ok()) {
      EXPECT_EQ(requested->has_value(), task.whose == SomeTask::kOurs);
    }
    // After a lost answer it is found, or nobody knows what came of the request.
    http_.Fail(ErrorCode::kOutcomeUnknown);
    http_.Answer(200, list);
    const auto accepted = client_.RequestScan(kScan);
    EXPECT_EQ(accepted.ok(), task.whose == SomeTask::kOurs);
    if (accepted.ok()) {
      EXPECT_TRUE(accepted->found_again);
    } else {
      EXPECT_EQ(accepted.error().code, ErrorCode::kOutcomeUnknown);
    }
  }
}

// Names are the same when the same is asked for again (a replay): a task that ran before it was asked for is an old
// one.
TEST_F(ClientTest, ATaskThatRanBeforeTheRequestIsNotItsTask) {
  const auto ran = [&](int id, TimePoint at) {
    return Task(id, kScanName, R"(,"lastRunTime":)" + std::to_string(ToEpochMilliseconds(at)));
  };
  const TimePoint old = clock_.Now() - std::chrono::hours(1);
  http_.Fail(ErrorCode::kOutcomeUnknown);
  http_.Answer(200, R"({"scheduledTasks":[)" + ran(301, old) + "]}");
  EXPECT_EQ(client_.RequestScan(kScan).error().code, ErrorCode::kOutcomeUnknown);
  const std::string ours = ran(302, clock_.Now());
  for (const auto& pair : {ran(301, old) + "," + ours, ours + "," + ran(303, old)}) {
    http_.Fail(ErrorCode::kOutcomeUnknown);
    http_.Answer(200, R"({"scheduledTasks":[)" + pair + "]}");
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_TRUE(accepted.ok()) << accepted.error().ToText();
    EXPECT_EQ(accepted->task, ScheduledTaskId{302});
  }
}

TEST_F(ClientTest, ACreatedTaskThatIsAnotherOneIsALostAnswer) {
  for (const char* created : {R"({"ID":302,"name":"nightly"})", R"({"ID":302,"type":"send-policy"})",
                              R"({"ID":302,"type":"scan-for-recommendations","scanForRecommendationsTaskParameters":)"
                              R"({"computerFilter":{"type":"computer","computerID":35}}})"}) {
    http_.Answer(200, created);
    http_.Answer(200, R"({"scheduledTasks":[)" + Task(301, kScanName) + "]}");
    const auto accepted = client_.RequestScan(kScan);
    ASSERT_TRUE(accepted.ok()) << created;
    EXPECT_EQ(accepted->task, ScheduledTaskId{301});
    EXPECT_TRUE(accepted->found_again);
  }
}

}  // namespace
}  // namespace sallyport::swp
