// SPDX-License-Identifier: Apache-2.0
#include "protection/protection.h"

namespace sallyport {

std::string_view ToString(ProtectionState state) {
  switch (state) {
    case ProtectionState::kProtected:
      return "protected";
    case ProtectionState::kNotProtected:
      return "not protected";
    case ProtectionState::kUndetermined:
      break;
  }
  return "undetermined";
}

std::string_view ToString(ModuleProtection protection) {
  switch (protection) {
    case ModuleProtection::kProtects:
      return "protects";
    case ModuleProtection::kPartly:
      return "partly";
    case ModuleProtection::kOff:
      return "off";
    case ModuleProtection::kFaulty:
      return "faulty";
    case ModuleProtection::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view ToString(ProtectionReason reason) {
  switch (reason) {
    case ProtectionReason::kReadFailed:
      return "read-failed";
    case ProtectionReason::kNotInManager:
      return "not-in-manager";
    case ProtectionReason::kNotActivated:
      return "not-activated";
    case ProtectionReason::kOffline:
      return "offline";
    case ProtectionReason::kAgentError:
      return "agent-error";
    case ProtectionReason::kAgentNotSupported:
      return "agent-not-supported";
    case ProtectionReason::kAgentDeactivated:
      return "agent-deactivated";
    case ProtectionReason::kStatusMissing:
      return "status-missing";
    case ProtectionReason::kStatusUnknown:
      return "status-unknown";
    case ProtectionReason::kAccountMismatch:
      return "account-mismatch";
    case ProtectionReason::kInstanceMismatch:
      return "instance-mismatch";
    case ProtectionReason::kNoModuleOn:
      return "no-module-protects";
    case ProtectionReason::kRequiredModule:
      return "required-module";
    case ProtectionReason::kModuleOff:
      return "module-off";
    case ProtectionReason::kModuleNotActive:
      return "module-not-active";
    case ProtectionReason::kModuleUnknown:
      return "module-unknown";
    case ProtectionReason::kNotRealTime:
      return "not-real-time";
    case ProtectionReason::kDetectOnly:
      return "detect-only";
    case ProtectionReason::kNoRules:
      return "no-rules";
    case ProtectionReason::kNoPolicy:
      return "no-policy";
    case ProtectionReason::kAgentWarning:
      return "agent-warning";
    case ProtectionReason::kDuplicateRecords:
      return "duplicate-records";
    case ProtectionReason::kBusy:
      return "busy";
    case ProtectionReason::kSilentSince:
      break;
  }
  return "silent-since";
}

}  // namespace sallyport
