// SPDX-License-Identifier: Apache-2.0
//
// Actions: all that Sallyport can do to the outside, as data. Workflows make them, the executor alone carries them out.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"
#include "swp/rules.h"
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
  // A task that asks for this scan already: nothing is requested, this decision waits for that scan's end.
  struct Running {
    ScheduledTaskId task;
    TimePoint since;  // by the manager's clock: a scan that ended later is the one
    bool operator==(const Running&) const = default;
  };
  std::optional<Running> joins;
  bool operator==(const RequestScan&) const = default;
};

struct RuleToAssign {
  RuleId id;
  std::string identifier;  // the vendor's public number; may be empty
  std::string name;
  bool operator==(const RuleToAssign&) const = default;
};

// Adds rules that a recommendation scan of `computer` recommends, there or at its policy. Additive.
struct AssignRules {
  static constexpr std::string_view kKind = "assign-rules";
  swp::RuleModule module = swp::RuleModule::kIntrusionPrevention;
  swp::Scope scope;
  ComputerId computer;
  Host host;
  std::vector<RuleToAssign> rules;
  bool operator==(const AssignRules&) const = default;
};

// Removes a scan task of ours whose scan has ended; SWP is not sure to remove it itself.
struct DeleteTask {
  static constexpr std::string_view kKind = "delete-task";
  ScheduledTaskId task;
  ComputerId computer;
  Host host;
  bool operator==(const DeleteTask&) const = default;
};

// How the matter of a message stands.
enum class MatterStatus { kOpen, kResolved, kFailed };
std::string_view ToString(MatterStatus status);  // "open", "resolved", "failed"

// What became of something that was begun for the case.
struct DoneNote {
  std::string word;  // the ledger's: "verified", "not-verifiable", "failed", ...
  std::string what;
  std::string reason;
  bool operator==(const DoneNote&) const = default;
};

struct NotifyOwner {
  static constexpr std::string_view kKind = "notify-owner";
  Host host;
  std::string owner;         // as the tag or the setting names it; empty: nobody is named
  std::string owner_source;  // "tag `Owner`", "the default owner of the settings"
  std::string reason;        // the decisive protection reason: "not-activated"; or "outcome"
  std::string headline;
  MatterStatus status = MatterStatus::kOpen;
  std::string protection_state;  // "protected", "not protected"; empty: the message is not about that
  std::vector<std::string> why_now;
  std::vector<std::string> protection;
  std::vector<DoneNote> done;
  std::vector<std::string> to_do;
  std::vector<std::string> links;
  bool operator==(const NotifyOwner&) const = default;

  // Which message of its case this is: a later one with the same name is an update of it.
  std::string MessageName() const;
};

using Action = std::variant<RequestScan, AssignRules, DeleteTask, NotifyOwner>;

// Every kind of action there is, in alphabetical order: what the allow-list may name.
inline constexpr std::array<std::string_view, 4> kActionKinds = {AssignRules::kKind, DeleteTask::kKind,
                                                                 NotifyOwner::kKind, RequestScan::kKind};

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
// The action that such a JSON text stands for: a plan of the ledger is carried out later, or by another process.
// kInvalidInput, with the path, for anything else.
Result<Action> ActionFromJson(const Json& json);

void WriteHost(JsonWriter& out, const Host& host);
Result<Host> HostFromJson(const Json& json);

// Whether carrying it out changes something in SWP or AWS. A message does not, nor does joining a scan.
bool Writes(const Action& action);

}  // namespace sallyport
