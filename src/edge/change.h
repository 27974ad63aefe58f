// SPDX-License-Identifier: Apache-2.0
//
// The change of a web ACL: one managed rule group is added in Count, set to enforce, or taken out again; everything
// else goes back member for member as it came, unknown members inside rules included. Pure.
//
// UpdateWebACL replaces everything, and drops what a client does not send (contract aws-api, section 6). So an unknown
// member of the ACL itself, which may or may not be one that an update takes, means that nothing is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "edge/candidates.h"
#include "edge/fit.h"
#include "edge/reads.h"

namespace sallyport::edge {

enum class ChangeKind {
  kAdd,      // "add": the group, counting
  kPromote,  // "promote": the rule of ours that counts it enforces
  kRemove,   // "remove": the rule of ours
};
std::string_view ToString(ChangeKind kind);
std::optional<ChangeKind> ChangeKindFrom(std::string_view word);

// The name of the rule that Sallyport adds, and of its metric: "sallyport-AWSManagedRulesPHPRuleSet".
std::string RuleNameFor(const GroupName& group);

struct AclChange {
  bool nothing_to_do = false;  // it is there already
  std::string where;           // of what is there; or where the rule goes: "priority 4, behind ..."
  Json rules;                  // all rules after the change
  std::int64_t priority = 0;   // of the rule
};

// kRefused, with why and what to do instead: the ACL belongs to Firewall Manager or to code, has an unknown member, a
// rule of another group with the name, or no free priority. kNotFound: there is no rule of ours to promote or remove.
Result<AclChange> ChangeOf(const AclNow& now, ChangeKind kind, const GroupName& group);

// Members that GetWebACL is known to answer beside those that UpdateWebACL takes; whatever is in neither is unknown.
bool IsKnownAclMember(std::string_view member);

// What whoever owns the ACL elsewhere would write instead: Terraform and CloudFormation, ready to be pasted.
std::string PatchFor(std::string_view acl_name, const GroupName& group);

}  // namespace sallyport::edge
