// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.h"
#include "workflow/own_key.h"

namespace sallyport {

struct WafSettings {
  // Names of EventBridge rules and schedules that start a run; empty: those whose name has `waf` in it.
  std::vector<std::string> schedules;
  // Accounts beside our own and those of aws.accounts.
  std::vector<std::string> accounts;
  // What else web ACLs are put on: each is one call for each ACL, at one a second.
  std::vector<std::string> resource_types = {
      "API_GATEWAY", "APPSYNC", "COGNITO_USER_POOL", "APP_RUNNER_SERVICE", "VERIFIED_ACCESS_INSTANCE", "AMPLIFY"};
  // "CLASS=VENDOR/NAME+VENDOR/NAME", instead of the groups of the mapping (edge/fit.h).
  std::vector<std::string> groups;
  std::string team_tag = "Team";
  bool tell_owners = true;
  // Plan `update-web-acl` for what is missing.
  bool change = false;
  int max_changes = 3;  // in one run
  // How long a counted group is watched before promotion is proposed.
  Duration watch = std::chrono::hours(24 * 7);
  // So long the rules of SWP that a run read are good for the next ones.
  Duration keep_rules = std::chrono::hours(24 * 7);
  bool operator==(const WafSettings&) const = default;
};

// Of section `waf`.
std::vector<OwnKey> WafKeys();

}  // namespace sallyport
