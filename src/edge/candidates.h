// SPDX-License-Identifier: Apache-2.0
//
// Candidates: where a managed rule group would add protection, and where a web ACL is missing. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/estate.h"
#include "edge/fit.h"
#include "edge/map.h"

namespace sallyport::edge {

enum class CandidateKind {
  kAdd,          // "add": behind WAF, and this group would add protection
  kPromote,      // "promote": the group is in the ACL and only counts
  kAlready,      // "already": the group is in the ACL and enforces
  kUnavailable,  // "unavailable": the place does not offer the group
  kNoRoom,       // "no-room": it does not fit under the limit of 5,000 WCU
  kUnread,       // "unread": the offer or the ACL was not read, nothing can be said
  kNeedsAcl,     // "needs-acl": an ALB or a distribution without a web ACL in front of hosts
  kNotPossible,  // "not-possible": an NLB or a Classic load balancer that the internet reaches
};
inline constexpr std::array kCandidateKinds = {
    CandidateKind::kAdd,    CandidateKind::kPromote, CandidateKind::kAlready,  CandidateKind::kUnavailable,
    CandidateKind::kNoRoom, CandidateKind::kUnread,  CandidateKind::kNeedsAcl, CandidateKind::kNotPossible};
std::string_view ToString(CandidateKind kind);

// Who may change an ACL.
enum class AclOwner { kAnybody, kFirewallManager, kCode, kUndetermined };
AclOwner OwnerOf(const WebAcl& acl);

// WCU: in the base price, and the hard limit of one ACL (contract waf-facts).
inline constexpr std::int64_t kCapacityInPrice = 1'500;
inline constexpr std::int64_t kMostCapacity = 5'000;

struct Candidate {
  CandidateKind kind = CandidateKind::kAdd;
  std::optional<std::size_t> acl;  // in Estate::acls
  // Of kNeedsAcl and kNotPossible: the distribution or the load balancer, by ARN and name.
  std::string thing;
  std::string thing_name;
  std::string account;
  std::string region;
  GroupName group;
  bool advice_only = false;
  std::vector<std::string> classes;
  std::vector<std::size_t> hosts;  // in Estate::hosts, that it is for
  std::optional<std::int64_t> capacity_before;
  std::optional<std::int64_t> capacity_after;  // nothing: the group's capacity is not known
  std::string where;                           // of kAlready and kPromote: the rule and whose it is
  std::vector<std::string> shared_with;        // what else the ACL is in front of
  std::vector<std::string> owners;             // of all hosts behind the ACL
  std::vector<std::string> notes;              // cost, logging off, version, what to do instead
};

std::vector<Candidate> FindCandidates(const Estate& estate, const Map& map, const FitSettings& settings);

}  // namespace sallyport::edge
