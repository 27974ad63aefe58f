// SPDX-License-Identifier: Apache-2.0
//
// A managed rule group counts in a web ACL: what did it count, and may it enforce? The promotion is an action that
// always waits for a person.
#pragma once

#include <string>
#include <vector>

#include "edge/reads.h"
#include "workflow/question_kind.h"

namespace sallyport {

struct WafCounted {
  static constexpr std::string_view kName = "waf-group-counted";
  std::string account;
  std::string region;
  std::string arn;  // of the web ACL
  std::string acl;
  std::string vendor;
  std::string group;
  std::string until;  // a time: before it only what was counted is looked at
  std::vector<Host> hosts;
  std::string unknown_hosts;
  bool operator==(const WafCounted&) const = default;

  std::string Subject(const Matter&) const { return arn + " " + vendor + "/" + group; }
  std::string Key(const Matter& matter, std::int64_t) const { return Subject(matter); }
  // Once a day, whatever the settings say of other questions.
  static const Schedule& ScheduleIn(const FollowUpSettings& settings);
  void DescribeJson(Members& json);
};

struct WafCountedFacts {
  Result<edge::AclNow> acl = Error{};
  Result<edge::Sampled> sampled = Error{};
};

QuestionOf<WafCounted, WafCountedFacts> WafCountedQuestion();

}  // namespace sallyport
