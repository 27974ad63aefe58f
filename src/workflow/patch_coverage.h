// SPDX-License-Identifier: Apache-2.0
//
// Effective coverage: whether intrusion prevention on one host keeps out what a CVE lets in, and if not, why. A pure
// function from the rules for the CVE and what SWP says about the host. A rule that is assigned does not prevent by
// that: the module may be off or detect alone, the engine in tap mode, the rule detect-only, or the agent may not have
// received its policy.
//
// Sources: contract swp-api 3.2, 3.4, 6.2, 6.3, 8.3; edge cases I7, I9-I12, I19, I20.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "swp/estate.h"
#include "workflow/rule_catalog.h"

namespace sallyport {

enum class CoverageState {
  kNoRule,              // no rule lists the CVE, or those that do are obsolete or for another system
  kNotCovered,          // there are rules, and not all of them are assigned
  kAtComputer,          // prevents, assigned at the computer
  kByPolicy,            // prevents, assigned at its policy
  kByParent,            // prevents, inherited from a policy above that
  kNotPreventing,       // assigned, and does not block; or would not if it were
  kAtLastContact,       // prevented when the agent was in touch last: it goes on enforcing what it has
  kNeedsConfiguration,  // the rules do nothing before somebody configures them
  kNotProtected,        // SWP has no agent there
  kUndetermined,
};
std::string_view ToString(CoverageState state);  // "no-rule", "not-covered", "at-computer", ...
std::optional<CoverageState> CoverageStateFromWord(std::string_view word);
// Whether it keeps the attack out, as far as is known.
constexpr bool Prevents(CoverageState state) {
  return state == CoverageState::kAtComputer || state == CoverageState::kByPolicy ||
         state == CoverageState::kByParent || state == CoverageState::kAtLastContact;
}

// One policy of a chain: its effective rules, and those whose settings differ there from the vendor's.
struct PolicyView {
  swp::Policy policy;
  // Rule -> detect-only, of the rules that are assigned there; nothing: not read.
  std::optional<std::map<std::int32_t, bool>> detect_only;
  std::string rules_unread;  // why they could not be read; empty: they were, or nobody asked
};

// What SWP says about one host.
struct HostView {
  // Nothing: SWP answered, and has no record. An Error: could not be asked. kInvalidInput: several records.
  std::optional<Result<swp::EstateComputer>> computer;
  bool is_ambiguous = false;  // the Error is not that of a read: SWP answered, and it does not decide
  // What is set at the computer itself; an Error: could not be read.
  Result<swp::OwnValues> own = Error{};
  // Its policy, and those above it up to the top. An Error: could not be read. Empty: it has no policy.
  Result<std::vector<const PolicyView*>> policies = std::vector<const PolicyView*>{};
  // Rule -> detect-only at the computer, of the rules that are assigned there; nothing: not read.
  std::optional<std::map<std::int32_t, bool>> detect_only;
  std::string rules_unread;  // why they could not be read; empty: they were, or nobody asked
  std::string platform;      // as Inspector has it, where SWP names none
};

struct Coverage {
  CoverageState state = CoverageState::kUndetermined;
  std::string why;                        // one line
  std::vector<const PatchRule*> wanted;   // what would cover it: suitable, free of configuration, not detect-only
  std::vector<const PatchRule*> missing;  // of them, not assigned
  std::vector<RuleId> assigned;           // rules for the CVE that are assigned, whatever they do
  // When the agent received its policy last, which holds what covers it; nothing: not known.
  std::optional<TimePoint> received;
  // Assigned, and an agent that is in touch has not received its policy since then; nothing: that is not what is amiss.
  std::optional<TimePoint> awaited_since;
};

// `rules`: those of the catalog for the CVE.
Coverage EffectiveCoverage(const std::vector<const PatchRule*>& rules, const HostView& host);

// What about a host could not be read, and may be when it is asked for again; empty: nothing. What SWP answered
// (several records of one instance) stays as it is.
std::string UnreadOf(const HostView& host);

// Of the setting swp::kEngineModeSetting: packets are seen and none is blocked.
bool IsTapMode(std::string_view mode);

// The system of a host: SWP's word for its platform, else Inspector's.
HostSystem SystemOfHost(const HostView& host);

}  // namespace sallyport
