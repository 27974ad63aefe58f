// SPDX-License-Identifier: Apache-2.0
//
// Changes one managed rule group in a web ACL of WAFv2: adds it in Count, sets it to enforce, or takes it out again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"

namespace sallyport {

struct UpdateWebAcl {
  static constexpr std::string_view kKind = "update-web-acl";
  std::string change;  // "add", "promote", "remove"
  std::string account;
  std::string region;  // where its API is: us-east-1 of one for CloudFront
  std::string arn;
  std::string acl;     // its name, for people
  std::string vendor;  // of the group
  std::string group;
  std::vector<std::string> in_front_of;  // ARNs of what it guards, for people
  // Every host behind it; `unknown_hosts`: why they are not known.
  std::vector<Host> hosts;
  std::string unknown_hosts;
  std::string watch_until;  // of `add`: when its promotion is to be proposed; a time, or empty: never
  bool operator==(const UpdateWebAcl&) const = default;

  std::string What() const { return change; }
  std::string Subject() const;
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Aws(account, region); }
  std::string Undo() const;
  const Host* About() const { return nullptr; }
  bool OwnerHears() const { return false; }
  Targets Touches() const;
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const;
  bool SameDecision(const UpdateWebAcl& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport
