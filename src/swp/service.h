// SPDX-License-Identifier: Apache-2.0
//
// The two seams to the SWP manager: what workflows may read, and what the executor may write. The client behind both is
// swp_client/. Every failure is an Error: an answer that did not come, or could not be understood, is never an empty
// one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"
#include "swp/rules.h"
#include "swp/scheduled_task.h"

namespace sallyport::swp {

// How far a scan that was requested has come.
struct ScanProgress {
  bool finished = false;
  std::optional<TimePoint> finished_at;  // when such a scan ended last, by the manager's clock
  std::string scan_status;               // of a recommendation scan: "valid", ...
  // What the question needed to read: the computer (what the agent does, whether it is in touch), and, for a
  // recommendation scan, its Intrusion Prevention assignments.
  std::optional<Computer> computer;
  std::optional<Assignments> assignments;
  bool operator==(const ScanProgress&) const = default;
};

class EstateReads;  // swp/estate.h

class Reads {
 public:
  virtual ~Reads() = default;
  // Reads of a whole estate at a time (all rules, all computers, all policies); nullptr: there are none here. Whoever
  // asks about one event has no use for them.
  virtual EstateReads* estate() { return nullptr; }
  // Every record of that EC2 instance, from the AWS connector's inventory and from what agents report. Empty: SWP
  // answered, and has none. One call for a host with an agent, two otherwise.
  virtual Result<std::vector<Computer>> FindComputers(const InstanceId& instance) = 0;
  // Records with an agent and without an instance that have the host name and an address of this one: an agent that
  // could not learn which instance it runs on. Two calls.
  virtual Result<std::vector<Computer>> FindNamesakes(ComputerId computer) = 0;
  // The scan tasks of ours on that computer that SWP still holds: waiting, running, or left behind. One call.
  virtual Result<std::vector<ScheduledTask>> FindOurTasks(ComputerId computer) = 0;
  // The scan tasks of ours, of all computers, that ran last longer ago than `idle` by the manager's clock and that SWP
  // still holds: left behind. All of them, in the order of their ids. One call for each page.
  virtual Result<std::vector<ScheduledTask>> FindTasksLeft(Duration idle) = 0;
  virtual Result<Computer> GetComputer(ComputerId computer) = 0;
  // Whether a scan of that kind ended later than `since` (the manager's clock). One call, and one more for a
  // recommendation scan that has not ended.
  virtual Result<ScanProgress> CheckScan(ScanKind kind, ComputerId computer, TimePoint since) = 0;
  // What is in force there, inherited rules included, and what the last recommendation scan says.
  virtual Result<Assignments> GetAssignments(Scope scope, RuleModule module) = 0;
  virtual Result<Rule> GetRule(RuleModule module, RuleId rule) = 0;
  virtual Result<Policy> GetPolicy(PolicyId policy) = 0;
  // The computers that have exactly this policy, with their cloud records alone, in the order of their ids: all of
  // them, or kTooLarge when there are more than `most`. One call for each page.
  virtual Result<std::vector<Computer>> ComputersOf(PolicyId policy, std::size_t most) = 0;
  // The policies directly below this one, in the order of their ids: all of them, or kTooLarge. One call for each page.
  virtual Result<std::vector<PolicyId>> PoliciesBelow(PolicyId policy, std::size_t most) = 0;
};

// A scan that SWP accepted.
struct AcceptedScan {
  ScheduledTaskId task;
  // When, by the manager's own clock: a scan that ended later than this may be ours.
  TimePoint accepted_at;
  bool found_again = false;  // the first answer was lost; the task was found by its name
  bool operator==(const AcceptedScan&) const = default;
};

// Rules that SWP took.
struct AcceptedRules {
  Assignments now;        // what is assigned there after it
  TimePoint accepted_at;  // by the manager's own clock: a policy sent later than this holds the rules
  bool operator==(const AcceptedRules&) const = default;
};

// The manager's clock, as far as it is known.
class ManagerClock {
 public:
  virtual ~ManagerClock() = default;
  virtual TimePoint ManagerNow() const = 0;
};

// Each kind of action has its own part of the seam.
class ScanWrites : public virtual ManagerClock {
 public:
  // Creates a task that runs once, now. When the answer is lost, looks for the task by name before it tries again, so
  // that one call asks for one scan. kOutcomeUnknown: it could not be found out.
  virtual Result<AcceptedScan> RequestScan(const ScanRequest& request) = 0;
  // The HTTP call that RequestScan would make, for a dry run: "POST https://.../scheduledtasks {...}". No secrets.
  virtual std::string DescribeRequestScan(const ScanRequest& request) const = 0;
  // The scan of exactly this request, if SWP still holds its task: for a request whose outcome is not known.
  virtual Result<std::optional<AcceptedScan>> FindRequestedScan(const ScanRequest& request) = 0;
};

class RuleWrites : public virtual ManagerClock {
 public:
  // Adds, never replaces (design, rule 6). May be repeated: assigning what is assigned changes nothing.
  virtual Result<AcceptedRules> AssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) = 0;
  virtual std::string DescribeAssignRules(Scope scope, RuleModule module, const std::vector<RuleId>& rules) const = 0;
  // Takes one rule away that is assigned directly there; what is inherited stays, and what another rule needs is
  // refused. May be repeated.
  virtual Result<Assignments> RemoveAssignment(Scope, RuleModule, RuleId) {
    return Error{ErrorCode::kInternal, "rules cannot be removed here", ""};
  }
  // Overrides at that place whether an intrusion prevention rule only detects; whatever else is set there stays. May be
  // repeated.
  virtual Status SetDetectOnly(Scope, RuleId, bool) {
    return Error{ErrorCode::kInternal, "rules cannot be overridden here", ""};
  }
  virtual std::string DescribeSetDetectOnly(Scope scope, RuleId rule, bool detect_only) const {
    return "set rule " + std::to_string(rule.value) + " at " + ToString(scope) +
           (detect_only ? " to detect-only" : " to prevent");
  }
};

// A policy that inherits everything from the one above it.
struct NewPolicy {
  PolicyId parent;
  std::string name;
  std::string description;
};

class PolicyWrites {
 public:
  virtual ~PolicyWrites() = default;
  // The policy of exactly that name directly below `parent`; nothing: there is none. kBadAnswer: there are several.
  virtual Result<std::optional<Policy>> FindChildPolicy(PolicyId, std::string_view) { return NotHere(); }
  // Not to be repeated. When the answer is lost, looks for it by its name. kOutcomeUnknown: it could not be found out.
  virtual Result<Policy> CreatePolicy(const NewPolicy&) { return NotHere(); }
  virtual std::string DescribeCreatePolicy(const NewPolicy& policy) const { return "create policy " + policy.name; }
  // May be repeated: a computer that has it has it.
  virtual Status GivePolicy(ComputerId, PolicyId) { return NotHere(); }

 private:
  static Error NotHere() { return {ErrorCode::kInternal, "policies cannot be changed here", ""}; }
};

class TaskWrites {
 public:
  virtual ~TaskWrites() = default;
  // Not there any more is success.
  virtual Status DeleteTask(ScheduledTaskId task) = 0;
  virtual std::string DescribeDeleteTask(ScheduledTaskId task) const = 0;
};

// All of them: what the client of SWP implements.
class Writes : public ScanWrites, public RuleWrites, public PolicyWrites, public TaskWrites {};

}  // namespace sallyport::swp
