// SPDX-License-Identifier: Apache-2.0
//
// Do the channels take a message? One that is marked as a sample goes to each. Asked when an operator says so
// (`sallyport notify test`), never by itself.
#pragma once

#include <string>
#include <vector>

#include "workflow/question_kind.h"

namespace sallyport {

struct ChannelsWork {
  static constexpr std::string_view kName = "channels-work";
  std::vector<std::string> channels;  // by their names in `notify.channels`
  TimePoint asked_at;                 // each test is a decision of its own
  bool operator==(const ChannelsWork&) const = default;

  std::string Subject(const Matter& matter) const { return matter.subject; }
  std::string Key(const Matter& matter, std::int64_t) const { return matter.subject; }
  static const Schedule& ScheduleIn(const FollowUpSettings& settings) { return settings.outcome; }
  void DescribeJson(Members& json);
};

// Asked now. The plan that answers it has one message for each channel, in this order.
Question AskWhetherChannelsWork(std::vector<std::string> channels, TimePoint now);

struct ChannelsWorkFacts {};  // whether they do shows when the messages are sent

QuestionOf<ChannelsWork, ChannelsWorkFacts> ChannelsWorkQuestion();

}  // namespace sallyport
