// SPDX-License-Identifier: Apache-2.0
//
// Reading takes time that is linear in the size of what is read: for every list that an answer or an event can have,
// eight times as many elements may not take much more than eight times as long.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <functional>

#include "event/stream.h"
#include "swp/computer.h"
#include "swp/rules.h"
#include "swp/scheduled_task.h"
#include "workflow/guardduty_finding.h"

namespace sallyport {
namespace {

constexpr int kTimes = 8;
// Eight of them would be linear, sixty-four quadratic.
constexpr double kMostGrowth = 24;
constexpr std::size_t kFew = 300;
constexpr int kTries = 3;
// A time shorter than this is not worth measuring.
constexpr double kShortest = 0.0002;

double CpuSeconds() {
  timespec now = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The least of some tries: other work on the machine only adds to it.
double TimeOf(const std::function<void()>& work) {
  double least = 1e9;
  for (int i = 0; i < kTries; ++i) {
    const double begun = CpuSeconds();
    work();
    least = std::min(least, CpuSeconds() - begun);
  }
  return std::max(least, kShortest);
}

std::string ListOf(const std::string& element, std::size_t count) {
  std::string all = "[";
  for (std::size_t i = 1; i <= count; ++i) {
    std::string one = element;
    if (const std::size_t at = one.find("{n}"); at != std::string::npos) one.replace(at, 3, std::to_string(i));
    all += (i == 1 ? "" : ",") + one;
  }
  return all + "]";
}

void ExpectLinear(const std::string& what, const std::function<void(const std::string&)>& read,
                  const std::function<std::string(std::size_t)>& text) {
  const std::string few = text(kFew);
  const std::string many = text(kFew * kTimes);
  const double growth = TimeOf([&] { read(many); }) / TimeOf([&] { read(few); });
  EXPECT_LT(growth, kMostGrowth) << what;
}

void ReadAllOf(const std::string& text, const std::function<void(const Json&)>& read) {
  const auto json = Json::Parse(text, bounds::kAnswerBytes);
  ASSERT_TRUE(json.ok()) << json.error().ToText();
  read(*json);
}

TEST(Linear, EveryListOfAnAnswer) {
  const std::pair<std::string, std::function<void(const Json&)>> lists[] = {
      {"computers", [](const Json& json) { static_cast<void>(swp::ReadComputers(json)); }},
      {"policies", [](const Json& json) { static_cast<void>(swp::ReadPolicies(json)); }},
      {"scheduledTasks", [](const Json& json) { static_cast<void>(swp::ReadScheduledTasks(json)); }},
      {"applicationTypes", [](const Json& json) { static_cast<void>(swp::ReadApplicationTypes(json)); }},
      {"intrusionPreventionRules",
       [](const Json& json) { static_cast<void>(swp::ReadRules(json, swp::RuleModule::kIntrusionPrevention)); }}};
  // Bare ones, in which everything is missing; and those in which everything is there and of the wrong type.
  const std::string elements[] = {
      R"({"ID":{n}})",
      R"({"ID":{n},"name":{},"hostName":{},"policyID":{},"lastAgentCommunication":[],"computerStatus":[],)"
      R"("ec2VirtualMachineSummary":{"metadata":[{"name":1}]},"antiMalware":{"ruleIDs":["x",{},[]],"state":7},)"
      R"("type":3,"minimumAgentVersion":[]})"};
  for (const auto& list : lists) {
    const std::string key = list.first;
    const auto& read = list.second;
    for (const std::string& element : elements) {
      ExpectLinear(
          std::string(key).append(" of ").append(element), [&](const std::string& text) { ReadAllOf(text, read); },
          [&](std::size_t count) { return "{\"" + key + "\":" + ListOf(element, count) + "}"; });
    }
  }
}

TEST(Linear, EveryListOfOneComputer) {
  const std::string members[] = {R"("ec2VirtualMachineSummary":{"metadata":{list}})",
                                 R"("antiMalware":{"ruleIDs":{list}})", R"("tasks":{"agentTasks":{list}})",
                                 R"("computerStatus":{"agentStatusMessages":{list}})"};
  for (const std::string& member : members) {
    for (const std::string element : {R"({"name":"n{n}","value":"v"})", "{n}", R"("x{n}")", "{}", "null"}) {
      ExpectLinear(
          std::string(member).append(" of ").append(element),
          [](const std::string& text) {
            ReadAllOf(text, [](const Json& json) { static_cast<void>(swp::ReadComputer(json)); });
          },
          [&](std::size_t count) {
            std::string filled = member;
            filled.replace(filled.find("{list}"), 6, ListOf(element, count));
            return R"({"ID":34,)" + filled + "}";
          });
    }
  }
}

void ReadFindings(const std::string& text) {
  for (const Arrival& arrival : ParseDocument(text, "f", {})) {
    if (arrival.event.ok()) static_cast<void>(ReadGuardDutyFinding(*arrival.event));
  }
}

TEST(Linear, EveryListOfAnEvent) {
  const std::string envelope =
      R"({"version":"0","id":"e","detail-type":"GuardDuty Finding","source":"aws.guardduty","account":"111122223333",)"
      R"("region":"us-east-1","resources":{resources},"detail":{"schemaVersion":"2.0","accountId":"111122223333",)"
      R"("region":"us-east-1","id":"f","type":"AttackSequence:EC2/X","severity":5,"updatedAt":"2026-11-28T00:00:00Z",)"
      R"("resource":{"resourceType":"Instance","instanceDetails":{"instanceId":"i-0123456789abcdef0","tags":{tags},)"
      R"("networkInterfaces":{networks}},"s3BucketDetails":{buckets}},)"
      R"("service":{"detection":{"sequence":{"resources":{sequence}}}}}})";
  const std::pair<std::string, std::string> lists[] = {
      {"{resources}", R"("arn:aws:ec2:us-east-1:111122223333:instance/i-{n}")"},
      {"{tags}", R"({"key":"k{n}","value":"v"})"},
      {"{tags}", "{}"},
      {"{networks}", R"({"vpcId":""})"},
      {"{networks}", "7"},
      {"{buckets}", R"({"name":"b{n}"})"},
      {"{sequence}", R"({"resourceType":"EC2_INSTANCE","uid":"i-{n}"})"},
      {"{sequence}", R"({"resourceType":"X","uid":"u"})"}};
  for (const auto& [place, element] : lists) {
    const std::string where = place;
    const std::string what = element;
    ExpectLinear(std::string(where).append(" of ").append(what), ReadFindings, [&](std::size_t count) {
      std::string text = envelope;
      for (const std::string hole : {"{resources}", "{tags}", "{networks}", "{buckets}", "{sequence}"}) {
        text.replace(text.find(hole), hole.size(), hole == where ? ListOf(what, count) : "[]");
      }
      return text;
    });
  }
}

TEST(Linear, EveryWrapping) {
  for (const std::string element :
       {"{}", "0", R"({"eventSource":"aws:sqs","messageId":"m{n}","body":"{}"})", R"({"EventSource":"aws:sns"})"}) {
    ExpectLinear("array of " + element, ReadFindings, [&](std::size_t count) { return ListOf(element, count); });
    ExpectLinear("records of " + element, ReadFindings,
                 [&](std::size_t count) { return R"({"Records":)" + ListOf(element, count) + "}"; });
    ExpectLinear(
        "lines of " + element,
        [](const std::string& text) {
          EventStream stream("f", {});
          static_cast<void>(stream.Feed("{}\n"));
          static_cast<void>(stream.Feed(text));
          static_cast<void>(stream.Finish());
        },
        [&](std::size_t count) {
          std::string lines = ListOf(element, count);
          std::replace(lines.begin(), lines.end(), ',', '\n');
          return lines;
        });
  }
}

TEST(Linear, AnObjectWithManyNames) {
  ExpectLinear("names", ReadFindings, [](std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count * 10; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
    return text + "}";
  });
}

}  // namespace
}  // namespace sallyport
