// SPDX-License-Identifier: Apache-2.0
//
// The map: by which ways the internet reaches each host, and whether each of them passes a web ACL that enforces. Pure.
//
// A way begins at a CloudFront distribution, at a load balancer that the internet reaches itself, or at the host's own
// public address. It passes the web ACLs of what it goes through; the strongest counts. A host is
//   behind        there are ways, and each passes an ACL that enforces (edge case W4)
//   counts        each passes an ACL, and one or more only ACLs that count
//   partly        one way passes an ACL that enforces, and another does not
//   not           no way passes an ACL that enforces, and one passes none at all
//   no-way        the internet reaches it by none of the ways that are looked at
//   undetermined  what could not be read decides which of these it is
// What is unread is tried as everything that it may be: only when that makes no difference a host has a state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edge/estate.h"

namespace sallyport::edge {

enum class HostState { kBehind, kCounts, kPartly, kNot, kNoWay, kUndetermined };
inline constexpr std::array kHostStates = {HostState::kBehind, HostState::kCounts, HostState::kPartly,
                                           HostState::kNot,    HostState::kNoWay,  HostState::kUndetermined};
std::string_view ToString(HostState state);  // "behind", "counts", "partly", "not", "no-way", "undetermined"
std::optional<HostState> HostStateFrom(std::string_view word);

// What a way may be, as a set of bits.
using WaySet = std::uint8_t;
inline constexpr WaySet kEnforced = 1;  // passes an ACL that enforces
inline constexpr WaySet kCounted = 2;   // passes an ACL, none that enforces
inline constexpr WaySet kOpen = 4;      // passes none
inline constexpr WaySet kNone = 8;      // there is no such way
// "enforced", "counted", "open", "undetermined" (more than one bit).
std::string_view WordOf(WaySet way);

// What a rule set makes of a request: kEnforced or kCounted; of an ACL whose rules are not read either.
WaySet StrengthOf(const WebAcl& acl);

struct Hop {
  enum class Kind { kDistribution, kBalancer };
  Kind kind = Kind::kDistribution;
  std::size_t at = 0;              // in Estate::distributions or Estate::balancers
  std::optional<std::size_t> acl;  // in Estate::acls
  bool operator==(const Hop&) const = default;
};
struct Way {
  WaySet may_be = kOpen;
  std::string entry;                 // how the internet gets in: "CloudFront distribution E1 (shop.example.com)", ...
  std::vector<Hop> hops;             // outermost first; none: the host's own address
  std::optional<std::size_t> group;  // in Estate::groups
  std::string target_state;          // "healthy"; empty: not known or of no group
  std::string why;                   // why it is undetermined; empty: it is not
  bool operator==(const Way&) const = default;
};

struct HostVerdict {
  HostState state = HostState::kNoWay;
  std::vector<Way> ways;      // at most kMostWays, undetermined and open ones first
  std::size_t more_ways = 0;  // that are not listed
  // Why it is undetermined; empty: it is not.
  std::vector<std::string> why;
  bool operator==(const HostVerdict&) const = default;
};

// Where a way ends without a host.
struct Break {
  std::string where;  // "distribution E1, origin shop (files.s3.amazonaws.com)"
  std::string why;    // "S3 bucket: no host"
  bool operator==(const Break&) const = default;
};

struct Map {
  std::vector<HostVerdict> hosts;  // as Estate::hosts
  std::vector<Break> breaks;
  // Which ACL each distribution and balancer has; as Estate::distributions and Estate::balancers.
  std::vector<std::optional<std::size_t>> acl_of_distribution;
  std::vector<std::optional<std::size_t>> acl_of_balancer;
  // How the internet reaches each balancer itself, as a sentence; empty: it does not.
  std::vector<std::string> direct_to_balancer;
  std::vector<std::string> notes;  // WAF Classic ids, and the like
};

inline constexpr std::size_t kMostWays = 12;       // that are listed of a host
inline constexpr std::size_t kMostBreaks = 2'000;  // that are listed

Map MakeMap(const Estate& estate);

// The state of a host with these ways. For tests too.
HostState StateOf(const std::vector<WaySet>& ways);

// Whether the name of an origin is one of a load balancer: case does not matter, `dualstack.` and a last dot do not
// count.
std::string PlainDns(std::string_view name);

}  // namespace sallyport::edge
