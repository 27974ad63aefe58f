// SPDX-License-Identifier: Apache-2.0
//
// Public captures of real events, which are not part of this repository. SALLYPORT_SHARED names the folder that has
// them; without it these tests say that they were left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "event/parse.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

using testing::HasSubstr;

std::vector<Arrival> ParseFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return ParseInput(bytes, path.filename().string(), ProductTables().Forms());
}

class SharedSamples : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("SALLYPORT_SHARED");
    if (shared == nullptr) GTEST_SKIP() << "SALLYPORT_SHARED is not set: the shared sample events were not read";
    events_ = std::filesystem::path(shared) / "events";
  }

  // Every file of the folder, by name.
  std::map<std::string, std::vector<Arrival>> ReadFolder(const std::string& folder) const {
    std::map<std::string, std::vector<Arrival>> files;
    for (const auto& entry : std::filesystem::directory_iterator(events_ / folder)) {
      files[entry.path().filename().string()] = ParseFile(entry.path());
    }
    EXPECT_FALSE(files.empty()) << folder;
    return files;
  }

  std::filesystem::path events_;
};

TEST_F(SharedSamples, EveryFileOfAServiceIsOneEventOfThatService) {
  const std::map<std::string, std::string> sources = {
      {"guardduty", "aws.guardduty"}, {"macie", "aws.macie"}, {"securityhub", "aws.securityhub"}};
  for (const auto& [folder, source] : sources) {
    for (const auto& [name, arrivals] : ReadFolder(folder)) {
      ASSERT_EQ(arrivals.size(), 1U) << name;
      ASSERT_TRUE(arrivals[0].event.ok()) << name << ": " << arrivals[0].event.error().message;
      // Security Hub's of GuardDuty are read to the original finding.
      const bool is_guardduty = arrivals[0].event->source == "aws.guardduty" && folder == "securityhub";
      EXPECT_TRUE(arrivals[0].event->source == source || is_guardduty) << name;
      EXPECT_FALSE(arrivals[0].event->detail_type.empty()) << name;
      EXPECT_TRUE(arrivals[0].event->detail.IsObject()) << name;
    }
  }
}

TEST_F(SharedSamples, InspectorApiAnswersAndClassicMessagesAreNotEvents) {
  for (const auto& [name, arrivals] : ReadFolder("inspector")) {
    ASSERT_EQ(arrivals.size(), 1U) << name;
    ASSERT_EQ(arrivals[0].event.ok(), name.starts_with("inspector2-")) << name;
    if (arrivals[0].event.ok()) continue;
    EXPECT_THAT(arrivals[0].event.error().message, HasSubstr("of Inspector Classic, which AWS switched off")) << name;
  }
}

TEST_F(SharedSamples, ConfigRuleInvocationsAreEventsAndDeliveryNotificationsAreNot) {
  for (const auto& [name, arrivals] : ReadFolder("config")) {
    ASSERT_EQ(arrivals.size(), 1U) << name;
    ASSERT_EQ(arrivals[0].event.ok(), name != "oversized-sns-notification.json") << name;
    if (!arrivals[0].event.ok()) continue;
    EXPECT_EQ(arrivals[0].event->source, "aws.config") << name;
    EXPECT_EQ(arrivals[0].event->detail_type,
              name.starts_with("eventbridge-") ? "Config Configuration Item Change" : "AWS Config Rule Invocation")
        << name;
  }
}

TEST_F(SharedSamples, ASchedulerPayloadIsNotAnEventAndAScheduledEventIs) {
  for (const auto& [name, arrivals] : ReadFolder("eventbridge")) {
    ASSERT_EQ(arrivals.size(), 1U) << name;
    EXPECT_EQ(arrivals[0].event.ok(), name != "scheduler-universal-payload.json") << name;
  }
}

// 'e' for an event, '-' for an error, in the order of the records.
std::string Pattern(const std::vector<Arrival>& arrivals) {
  std::string pattern;
  for (const Arrival& arrival : arrivals) pattern += arrival.event.ok() ? 'e' : '-';
  return pattern;
}

TEST_F(SharedSamples, EveryRecordOfABatchGivesAnEventOrAnError) {
  const std::map<std::string, std::string> want = {
      {"sns-in-sqs-lambda.json", "-"},   {"sns-lambda-guardduty.json", "e"}, {"sns-lambda.json", "-"},
      {"sqs-batch-mixed.json", "ee-ee"}, {"sqs-dlq-trigger.json", "-"},      {"sqs-lambda-two-records.json", "--"},
      {"sqs-lambda.json", "-"}};
  for (const auto& [name, arrivals] : ReadFolder("envelopes")) {
    if (want.contains(name)) {
      EXPECT_EQ(Pattern(arrivals), want.at(name)) << name;
    }
    for (const Arrival& arrival : arrivals) {
      EXPECT_EQ(arrival.sqs_message_id.empty(), name.starts_with("sns-lambda")) << name;
    }
  }
}

}  // namespace
}  // namespace sallyport
