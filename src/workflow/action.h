// SPDX-License-Identifier: Apache-2.0
//
// Actions: all that Sallyport can do to the outside, as data. Workflows make them, the executor alone carries them out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "swp/computer.h"
#include "swp/scheduled_task.h"

namespace sallyport {

// One EC2 instance, as AWS names it.
struct Host {
  std::string account;
  std::string region;
  InstanceId instance;
  std::string name;  // for people; may be empty, may be anything
  // Nothing: not known, which is not the same as none.
  std::optional<std::vector<swp::Tag>> tags;
  bool operator==(const Host&) const = default;

  // "111122223333/us-east-1/i-0123456789abcdef0"
  std::string Subject() const;
};

struct RequestScan {
  static constexpr std::string_view kKind = "request-scan";
  swp::ScanKind kind = swp::ScanKind::kRecommendation;
  ComputerId computer;
  Host host;
  // Of a recommendation scan: whether what it recommends is to be applied when it has finished.
  bool apply_results = false;
  bool operator==(const RequestScan&) const = default;
};

struct NotifyOwner {
  static constexpr std::string_view kKind = "notify-owner";
  Host host;
  std::string owner;         // as the tag or the setting names it; empty: nobody is named
  std::string owner_source;  // "tag `Owner`", "the default owner of the settings"
  std::string reason;        // the decisive protection reason: "not-activated"
  std::string headline;
  std::vector<std::string> why_now;
  std::vector<std::string> protection;
  std::vector<std::string> to_do;
  std::vector<std::string> links;
  bool operator==(const NotifyOwner&) const = default;
};

using Action = std::variant<RequestScan, NotifyOwner>;

// "request-scan", "notify-owner": the names that the allow-list uses.
std::string_view KindOf(const Action& action);
// The sort within the kind: "scan-for-recommendations", or the reason of a message.
std::string WhatOf(const Action& action);
// What it acts on: "computer 34", or the host.
std::string SubjectOf(const Action& action);
const Host& HostOf(const Action& action);
// One line for people: "integrity scan of computer 34 (web-01)".
std::string Describe(const Action& action);
std::string ActionToJson(const Action& action);

// Whether carrying it out changes something in SWP or AWS. A message does not.
bool Writes(const Action& action);

}  // namespace sallyport
