// SPDX-License-Identifier: Apache-2.0
//
// Deletes the SWP task of a finished scan; SWP may not delete one-time tasks itself.
#pragma once

#include <string>
#include <string_view>

#include "action/action.h"

namespace sallyport {

struct DeleteTask {
  static constexpr std::string_view kKind = "delete-task";
  static constexpr std::string_view kVerb = "carry out";
  static constexpr std::string_view kNoun = "SWP task deletion";
  ScheduledTaskId task;
  ComputerId computer;
  Host host;  // without an instance: the computer is none, or is gone; then its tags are known to be none
  bool operator==(const DeleteTask&) const = default;

  std::string What() const;
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Swp(); }
  std::string Undo() const;
  // Of a computer that is gone, or is no EC2 instance, there is no host.
  const Host* About() const { return host.instance.value.empty() ? nullptr : &host; }
  bool OwnerHears() const { return false; }  // housekeeping of our own
  Targets Touches() const { return Targets::One(computer, host); }
  bool IsExclusive() const { return false; }
  // What is gone cannot be wished back.
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const DeleteTask& now) const { return task == now.task && computer == now.computer; }
  void DescribeJson(Members& json);
};

}  // namespace sallyport
