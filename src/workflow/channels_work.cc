// SPDX-License-Identifier: Apache-2.0
#include "workflow/channels_work.h"

#include "action/notify_owner.h"
#include "workflow/answers.h"

namespace sallyport {
namespace {

constexpr double kSampleSeverity = 5;

// What messages look like, about a host of the documentation.
NotifyOwner SampleFor(const std::string& channel) {
  NotifyOwner message;
  message.channel = channel;
  message.host.account = "111122223333";
  message.host.region = "us-east-1";
  message.host.instance = {"i-0123456789abcdef0"};
  message.host.name = "web-01";
  message.owner_source = "a real message names the owner";
  message.reason = "test";
  message.headline = "This is a test of Sallyport's messages: nothing has happened";
  message.protection_state = "not protected";
  message.why_now = {"an operator ran `sallyport notify test`",
                     "a real message names the finding, its severity, and how often it was seen"};
  message.protection = {"a real message says why: no agent, not activated, offline since, module off"};
  message.done = {{"verified", "recommendation scan of computer 34 (web-01)", ""},
                  {"waiting", "intrusion prevention rule 1011242", "the agent has not been in touch yet"}};
  message.to_do = {"check that this message reached the right place"};
  message.links = {{"Instance",
                    "https://console.aws.amazon.com/ec2/home?region=us-east-1#InstanceDetails:instanceId="
                    "i-0123456789abcdef0"}};
  return message;
}

ChannelsWorkFacts GatherChannelsWork(const FollowUpContext&, const ChannelsWork&, Sources&, const WorkflowSettings&) {
  return {};
}

void DecideChannelsWork(const FollowUpContext&, const ChannelsWork& ask, const ChannelsWorkFacts&,
                        const WorkflowSettings&, TimePoint, Plan& plan) {
  for (const std::string& channel : ask.channels) {
    PlannedAction planned;
    planned.action = SampleFor(channel);
    planned.key = IdempotencyKey({std::string(ChannelsWork::kName), channel, FormatTime(ask.asked_at)});
    planned.why = {"an operator wants to see whether the channel takes a message"};
    plan.actions.push_back(std::move(planned));
  }
  Answered(Answer::Kind::kVerified, "a sample message for each channel", plan);
  plan.decision = Decision::kNotify;
}

}  // namespace

void ChannelsWork::DescribeJson(Members& json) {
  json("channels", channels)("asked_at", asked_at);
}

Question AskWhetherChannelsWork(std::vector<std::string> channels, TimePoint now) {
  Question question;
  question.ask = ChannelsWork{std::move(channels), now};
  question.matter.service = "Sallyport";
  question.matter.subject = "test of channels of " + FormatTime(now);
  question.matter.title = "Test of channels";
  question.matter.severity = kSampleSeverity;
  question.matter.sample = true;
  question.matter.time = now;
  return question;
}

QuestionOf<ChannelsWork, ChannelsWorkFacts> ChannelsWorkQuestion() {
  return {GatherChannelsWork, DecideChannelsWork};
}

}  // namespace sallyport
