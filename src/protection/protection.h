// SPDX-License-Identifier: Apache-2.0
//
// The protection state of an EC2 instance: what every workflow about hosts begins with. A pure function from what SWP
// says (or that it said nothing, or that asking failed) to protected / not protected / undetermined, with reasons.
//
// Unknown is not unprotected: a failed read, an answer without the fields that decide, or a word newer than this
// program never becomes "not protected".
//
// Rule source: vendor guide "Report on Computer Status" (no agent fingerprint means no agent; agentStatus must be
// `active`; a module protects only if it is on and its status is active); contract swp-api 3.6 and 3.7.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "swp/computer.h"

namespace sallyport {

enum class ProtectionState { kProtected, kNotProtected, kUndetermined };
std::string_view ToString(ProtectionState state);  // "protected", "not protected", "undetermined"

enum class ProtectionReason {
  // Why not protected, or undetermined, as a whole.
  kReadFailed,         // SWP could not be asked
  kNotInManager,       // no record: no connector for the account, or not synchronized yet
  kNotActivated,       // a record from the AWS connector, but no agent is installed and activated
  kOffline,            // the agent missed its heartbeats
  kAgentError,         // in touch, but its status is error
  kAgentNotSupported,  // the agent cannot run on this platform
  kAgentDeactivated,   // an agent fingerprint, but status inactive
  kStatusMissing,      // the answer holds no agent status
  kStatusUnknown,      // a status word this program does not know
  kAccountMismatch,    // the record belongs to another AWS account
  kInstanceMismatch,   // the record names another instance
  kNoModuleOn,         // an agent, but no module of the criteria protects
  kRequiredModule,     // a module that the criteria require does not protect; the module's own reason says why
  // About one module.
  kModuleOff,
  kModuleNotActive,  // on, but its status on the agent is not active (engine offline, not licensed, ...)
  kModuleUnknown,    // its state or status is missing or a word this program does not know
  kNotRealTime,      // anti-malware or integrity monitoring without real-time
  kDetectOnly,       // intrusion prevention logs and does not block
  kNoRules,          // on, but with no rule
  // Worth knowing; decides nothing alone.
  kNoPolicy,
  kAgentWarning,
  kDuplicateRecords,  // several records for one instance; which was chosen and which not
  kBusy,              // the agent has work pending
  kSilentSince,       // said to be active, yet its last communication is older than the offline threshold
};
std::string_view ToString(ProtectionReason reason);  // "not-in-manager", "detect-only", ...

// One reason, in words a security engineer would use.
struct ProtectionNote {
  ProtectionReason reason;
  std::optional<swp::Module> module;
  std::string text;    // "Intrusion Prevention is in detect mode: it logs and does not block"
  std::string advice;  // what to do; may be empty
  bool operator==(const ProtectionNote&) const = default;
};

enum class ModuleProtection { kProtects, kPartly, kOff, kFaulty, kUnknown };
std::string_view ToString(ModuleProtection protection);  // "protects", "partly", "off", "faulty", "unknown"

struct ProtectionCriteria {
  // Each of these must protect. Empty: at least one of the modules that protect a host must.
  std::vector<swp::Module> required_modules;
  // When an agent that is not `active` counts as offline rather than as faulty. SWP's default is five missed heartbeats
  // of ten minutes.
  Duration offline_after = std::chrono::minutes(50);
  bool operator==(const ProtectionCriteria&) const = default;
};

struct Protection {
  ProtectionState state = ProtectionState::kUndetermined;
  std::vector<ProtectionNote> decisive;  // why it is not protected, or cannot be determined; empty when protected
  std::vector<ProtectionNote> gaps;      // what is weak though it decides nothing
  std::map<swp::Module, ModuleProtection> modules;
  std::optional<swp::Computer> computer;  // the record that was judged
  std::vector<ComputerId> other_records;  // of the same instance
  bool operator==(const Protection&) const = default;

  // An agent that is there and in touch: it will carry out a scan.
  bool CanScan() const;
};

// Who is being asked about.
struct WantedInstance {
  InstanceId instance;
  std::string account;  // empty: not checked
};

// Judges the answer to "which computers have this instance id". Never fails: what cannot be decided is
// kUndetermined with the reason.
Protection JudgeProtection(const WantedInstance& wanted, const Result<std::vector<swp::Computer>>& answer,
                           const ProtectionCriteria& criteria, TimePoint now);

}  // namespace sallyport
