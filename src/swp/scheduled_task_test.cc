// SPDX-License-Identifier: Apache-2.0
#include "swp/scheduled_task.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

namespace sallyport::swp {
namespace {

constexpr ScanKind kKinds[] = {ScanKind::kRecommendation, ScanKind::kIntegrity, ScanKind::kMalware};
const char* const kToken = "1f2e3d4c5b6a7988";

Json TaskJson(std::string_view text) {
  Result<Json> json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? *json : Json();
}

TEST(CreateTaskBody, OfARecommendationScan) {
  EXPECT_EQ(CreateTaskBody({ScanKind::kRecommendation, ComputerId{34}, kToken}),
            R"({"name":"sallyport scan-for-recommendations computer 34 1f2e3d4c5b6a7988",)"
            R"("type":"scan-for-recommendations","scheduleDetails":{"recurrenceType":"none","recurrenceCount":1,)"
            R"("onceOnlyScheduleParameters":{"startTime":0}},"enabled":true,"runNow":true,)"
            R"("scanForRecommendationsTaskParameters":{"computerFilter":{"type":"computer","computerID":34}}})");
}

TEST(CreateTaskBody, OfAnIntegrityScan) {
  EXPECT_EQ(CreateTaskBody({ScanKind::kIntegrity, ComputerId{34}, kToken}),
            R"({"name":"sallyport scan-for-integrity-changes computer 34 1f2e3d4c5b6a7988",)"
            R"("type":"scan-for-integrity-changes","scheduleDetails":{"recurrenceType":"none","recurrenceCount":1,)"
            R"("onceOnlyScheduleParameters":{"startTime":0}},"enabled":true,"runNow":true,)"
            R"("scanForIntegrityChangesTaskParameters":{"computerFilter":{"type":"computer","computerID":34},)"
            R"("trustedComputers":"all-computers"}})");
}

TEST(CreateTaskBody, OfAMalwareScan) {
  EXPECT_EQ(CreateTaskBody({ScanKind::kMalware, ComputerId{34}, kToken}),
            R"({"name":"sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988",)"
            R"("type":"scan-for-malware","scheduleDetails":{"recurrenceType":"none","recurrenceCount":1,)"
            R"("onceOnlyScheduleParameters":{"startTime":0}},"enabled":true,"runNow":true,)"
            R"("scanForMalwareTaskParameters":{"computerFilter":{"type":"computer","computerID":34},)"
            R"("timeout":"never"}})");
}

TEST(ScanKind, HasItsNames) {
  for (const ScanKind kind : kKinds) EXPECT_EQ(ScanKindFromApiName(ApiName(kind)), kind);
  EXPECT_EQ(DisplayName(ScanKind::kRecommendation), "recommendation scan");
  EXPECT_EQ(DisplayName(ScanKind::kIntegrity), "integrity scan");
  EXPECT_EQ(DisplayName(ScanKind::kMalware), "malware scan");
  for (const char* name : {"", "send-policy", "scan-for-open-ports", "Scan-For-Malware", "scan-for-malware "}) {
    EXPECT_EQ(ScanKindFromApiName(name), std::nullopt) << name;
  }
}

TEST(TaskName, IsReadBackForEveryKindAndAnyComputer) {
  for (const ScanKind kind : kKinds) {
    for (const std::int32_t id : {1, 34, std::numeric_limits<std::int32_t>::max()}) {
      const ScanRequest request{kind, ComputerId{id}, kToken};
      EXPECT_EQ(ParseTaskName(TaskName(request)), request) << TaskName(request);
    }
  }
}

TEST(ParseTaskName, TakesNothingThatIsNotExactlyOurs) {
  const char* const names[] = {
      "",
      "sallyport",
      "sallyport ",
      "sallyport  scan-for-malware computer 34 1f2e3d4c5b6a7988",
      "Sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988",
      " sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware",
      "sallyport scan-for-malware computer",
      "sallyport scan-for-malware computer ",
      "sallyport scan-for-malware computer 34",
      "sallyport scan-for-malware computer 34 ",
      "sallyport scan-for-malware computer 34 1f2e3d4c5b6a798",
      "sallyport scan-for-malware computer 34 1f2e3d4c5b6a79880",
      "sallyport scan-for-malware computer 34 1F2E3D4C5B6A7988",
      "sallyport scan-for-malware computer 34 1f2e3d4c5b6a798%",
      "sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988 ",
      "sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988\n",
      "sallyport scan-for-malware computer 34  1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer 34x 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer 0 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer 034 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer +34 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer -34 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer 2147483648 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware computer  34 1f2e3d4c5b6a7988",
      "sallyport scan-for-malware Computer 34 1f2e3d4c5b6a7988",
      "sallyport send-policy computer 34 1f2e3d4c5b6a7988",
      "sallyport scan-for-malwarecomputer 34 1f2e3d4c5b6a7988",
      "on-demand scan-for-malware computer 34",
  };
  for (const char* name : names) EXPECT_EQ(ParseTaskName(name), std::nullopt) << name;
  const std::string with_zero_byte("sallyport scan-for-malware computer 34 1f2e3d4c5b6a7988\0", 56);
  EXPECT_EQ(ParseTaskName(with_zero_byte), std::nullopt);
}

TEST(TaskNamePattern, MatchesOneComputerOnly) {
  EXPECT_EQ(TaskNamePattern(ComputerId{34}), "sallyport % computer 34 %");
}

TEST(ReadScheduledTask, ReadsItsFields) {
  const auto task = ReadScheduledTask(TaskJson(R"({"ID":301,"name":"nightly","type":"scan-for-malware","enabled":true,
      "lastRunTime":1764000000000,"scanForMalwareTaskParameters":{"computerFilter":{"type":"computer",
      "computerID":34}}})"));
  ASSERT_TRUE(task.ok());
  EXPECT_EQ(*task, (ScheduledTask{ScheduledTaskId{301}, "nightly", "scan-for-malware", true,
                                  FromEpochMilliseconds(1764000000000), ComputerId{34}}));
}

TEST(ReadScheduledTask, ReadsTheComputerOfEveryKindAndOfNoOtherFilter) {
  const auto computer = [](const std::string& parameters, const std::string& filter) {
    const std::string type = parameters == "scanForRecommendationsTaskParameters"    ? "scan-for-recommendations"
                             : parameters == "scanForIntegrityChangesTaskParameters" ? "scan-for-integrity-changes"
                             : parameters == "scanForMalwareTaskParameters"          ? "scan-for-malware"
                                                                                     : "send-policy";
    return ReadScheduledTask(TaskJson(R"({"ID":1,"type":")" + type + R"(",")" + parameters + R"(":{"computerFilter":)" +
                                      filter + "}}"))
        ->computer;
  };
  for (const char* parameters : {"scanForRecommendationsTaskParameters", "scanForIntegrityChangesTaskParameters",
                                 "scanForMalwareTaskParameters"}) {
    EXPECT_EQ(computer(parameters, R"({"type":"computer","computerID":34})"), ComputerId{34}) << parameters;
    EXPECT_EQ(computer(parameters, R"({"type":"all-computers","computerID":34})"), std::nullopt) << parameters;
    EXPECT_EQ(computer(parameters, R"({"type":"computer","computerID":0})"), std::nullopt) << parameters;
  }
  EXPECT_EQ(computer("sendPolicyTaskParameters", R"({"type":"computer","computerID":34})"), std::nullopt);
}

TEST(ReadScheduledTask, TakesAbsentNullAndZeroAlike) {
  const ScheduledTask bare{ScheduledTaskId{1}, "", "", false, std::nullopt, std::nullopt};
  EXPECT_EQ(*ReadScheduledTask(TaskJson(R"({"ID":1})")), bare);
  EXPECT_EQ(*ReadScheduledTask(TaskJson(R"({"ID":1,"name":null,"type":null,"enabled":null,"lastRunTime":null,
      "scanForMalwareTaskParameters":null})")),
            bare);
  EXPECT_EQ(ReadScheduledTask(TaskJson(R"({"ID":1,"lastRunTime":0})"))->last_run, std::nullopt);
}

// One of which something cannot be read could be a task of ours that runs.
TEST(ReadScheduledTask, RefusesADamagedOne) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("name":5)", "scheduled task 1: name: expected a string, found 5"},
      {R"("type":{})", "scheduled task 1: type: expected a string, found an object"},
      {R"("enabled":"yes")", "scheduled task 1: enabled: expected true or false, found a string"},
      {R"("lastRunTime":[])", "scheduled task 1: lastRunTime: expected a time in milliseconds, found an array"},
      {R"("lastRunTime":1764000000)",
       "scheduled task 1: lastRunTime: expected a time in milliseconds, found 1764000000, which is none of the years "
       "2000 to 9999"},
      {R"("scanForMalwareTaskParameters":[1])",
       "scheduled task 1: scanForMalwareTaskParameters: expected an object, found an array"},
      {R"("type":"scan-for-malware","scanForMalwareTaskParameters":{"computerFilter":{"type":"computer","computerID":"x"}})",
       "scheduled task 1: scanForMalwareTaskParameters.computerFilter.computerID: expected an id, found a string"},
  };
  for (const auto& [members, message] : cases) {
    const auto task = ReadScheduledTask(TaskJson(R"({"ID":1,)" + std::string(members) + "}"));
    ASSERT_FALSE(task.ok()) << members;
    EXPECT_EQ(task.error(), (Error{ErrorCode::kBadAnswer, message, ""}));
  }
}

// By name, type and computer: each of them alone can be anybody's.
TEST(IsTaskFor, ComparesNameTypeAndComputer) {
  const ScanRequest request{ScanKind::kMalware, ComputerId{34}, kToken};
  const ScheduledTask ours{ScheduledTaskId{1}, TaskName(request), "scan-for-malware", true,
                           std::nullopt,       ComputerId{34}};
  EXPECT_TRUE(IsTaskFor(ours, request));
  ScheduledTask other = ours;
  other.name += " ";
  EXPECT_FALSE(IsTaskFor(other, request));
  other = ours;
  other.type = "scan-for-integrity-changes";
  EXPECT_FALSE(IsTaskFor(other, request));
  other = ours;
  other.computer = ComputerId{35};
  EXPECT_FALSE(IsTaskFor(other, request));
  other.computer = std::nullopt;
  EXPECT_FALSE(IsTaskFor(other, request));
}

TEST(ReadScheduledTask, KeepsATypeThatItDoesNotKnow) {
  EXPECT_EQ(ReadScheduledTask(TaskJson(R"({"ID":1,"type":"scheduled-agent-upgrade"})"))->type,
            "scheduled-agent-upgrade");
}

TEST(ReadScheduledTask, InsistsOnItsId) {
  const auto task = ReadScheduledTask(TaskJson(R"({"name":"x"})"));
  ASSERT_FALSE(task.ok());
  EXPECT_EQ(task.error(), (Error{ErrorCode::kBadAnswer, "ID: expected a whole number, found nothing", ""}));
}

TEST(ReadScheduledTasks, AnAnswerWithoutTheListIsAnError) {
  EXPECT_EQ(ReadScheduledTasks(TaskJson(R"({"scheduledTasks":[{"ID":1},{"ID":2}]})"))->size(), 2U);
  EXPECT_TRUE(ReadScheduledTasks(TaskJson(R"({"scheduledTasks":[]})"))->empty());
  const auto tasks = ReadScheduledTasks(TaskJson("{}"));
  ASSERT_FALSE(tasks.ok());
  EXPECT_EQ(tasks.error().message, "expected an object with the list `scheduledTasks`, found an object without it");
}

Json TaskExample(const std::string& name) {
  std::ifstream file(std::string(std::getenv("SALLYPORT_SHARED")) + "/contracts/swp-examples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return TaskJson(text.str());
}

// The example's body with its name replaced by ours is our body, member for member.
TEST(ScheduledTaskExamples, RequestsAreWrittenAlike) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  for (const ScanKind kind : kKinds) {
    const ScanRequest request{kind, ComputerId{34}, kToken};
    std::string wanted = TaskExample("scheduled-task-" + std::string(ApiName(kind)) + "-request.json").ToText();
    const std::string example_name = "on-demand " + std::string(ApiName(kind)) + " computer 34";
    const std::size_t at = wanted.find(example_name);
    ASSERT_NE(at, std::string::npos);
    wanted.replace(at, example_name.size(), TaskName(request));
    EXPECT_EQ(CreateTaskBody(request), wanted);
  }
}

TEST(ScheduledTaskExamples, AnswersAreRead) {
  if (std::getenv("SALLYPORT_SHARED") == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set";
  for (const ScanKind kind : kKinds) {
    const auto task = ReadScheduledTask(TaskExample("scheduled-task-" + std::string(ApiName(kind)) + "-response.json"));
    ASSERT_TRUE(task.ok());
    EXPECT_EQ(task->type, ApiName(kind));
    EXPECT_EQ(task->computer, ComputerId{34});
  }
  EXPECT_FALSE(ReadScheduledTasks(TaskExample("scheduled-tasks-list.json"))->empty());
}

}  // namespace
}  // namespace sallyport::swp
