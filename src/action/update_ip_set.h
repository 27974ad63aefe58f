// SPDX-License-Identifier: Apache-2.0
//
// Changes the addresses of one IP set of WAFv2 so that it has what an IP list of SWP has: adds and removes blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"

namespace sallyport {

struct UpdateIpSet {
  static constexpr std::string_view kKind = "update-ip-set";
  std::string account;
  std::string region;  // where its API is: us-east-1 of one for CloudFront
  std::string scope;   // "REGIONAL", "CLOUDFRONT"
  std::string name;
  std::string id;
  std::string arn;
  std::string version;               // "IPV4", "IPV6"
  std::string list;                  // of SWP, its name
  std::vector<std::string> add;      // CIDR blocks
  std::vector<std::string> remove;   // as the set writes them
  std::vector<std::string> used_by;  // names of web ACLs that use the set, or may, for people
  // Every host behind these; `unknown_hosts`: why they are not known.
  std::vector<Host> hosts;
  std::string unknown_hosts;
  bool operator==(const UpdateIpSet&) const = default;

  std::string What() const { return ""; }
  std::string Subject() const { return arn; }
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Aws(account, region); }
  std::string Undo() const;
  const Host* About() const { return nullptr; }
  bool OwnerHears() const { return false; }
  Targets Touches() const;
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const;
  bool SameDecision(const UpdateIpSet& now) const;
  void DescribeJson(Members& json);
};

}  // namespace sallyport
