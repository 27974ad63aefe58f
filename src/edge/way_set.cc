// SPDX-License-Identifier: Apache-2.0
#include "edge/way_set.h"

#include <algorithm>

namespace sallyport::edge {
namespace {

WaySet StrongerOf(WaySet one, WaySet other) {
  if (one == kEnforced || other == kEnforced) return kEnforced;
  return one == kCounted || other == kCounted ? kCounted : kOpen;
}

// The state of a host of which it is known what its ways are; `ways` is the union of them.
HostState Settled(WaySet ways) {
  const bool enforced = (ways & kEnforced) != 0;
  const bool weaker = (ways & (kCounted | kOpen)) != 0;
  if (enforced) return weaker ? HostState::kPartly : HostState::kBehind;
  if ((ways & kOpen) != 0) return HostState::kNot;
  return (ways & kCounted) != 0 ? HostState::kCounts : HostState::kNoWay;
}

}  // namespace

WaySet Through(WaySet way, WaySet acl) {
  WaySet made = way & kNone;
  for (const WaySet a : {kEnforced, kCounted, kOpen}) {
    for (const WaySet b : {kEnforced, kCounted, kOpen}) {
      if ((way & a) != 0 && (acl & b) != 0) made |= StrongerOf(a, b);
    }
  }
  return made;
}

bool IsOneThing(WaySet way) {
  return way != 0 && (way & (way - 1)) == 0;
}

void Possible::Add(WaySet way) {
  std::array<bool, 8> next{};
  for (std::size_t known = 0; known < 8; ++known) {
    if (!unions_.at(known)) continue;
    for (const WaySet one : {kEnforced, kCounted, kOpen}) {
      if ((way & one) != 0) next.at(known | one) = true;
    }
    if ((way & kNone) != 0) next.at(known) = true;
  }
  unions_ = next;
}

HostState Possible::State() const {
  std::optional<HostState> state;
  for (std::size_t known = 0; known < 8; ++known) {
    if (!unions_.at(known)) continue;
    const HostState one = Settled(static_cast<WaySet>(known));
    if (state && *state != one) return HostState::kUndetermined;
    state = one;
  }
  return state.value_or(HostState::kNoWay);
}

std::string_view WordOf(WaySet way) {
  if (!IsOneThing(way)) return "undetermined";
  if (way == kEnforced) return "enforced";
  if (way == kCounted) return "counted";
  return way == kOpen ? "open" : "none";
}

WaySet StrengthOf(const WebAcl& acl) {
  if (!acl.unread_why.empty()) return kAnyAcl;
  const bool enforces =
      acl.blocks_by_default || std::any_of(acl.rules.begin(), acl.rules.end(),
                                           [](const AclRule& rule) { return rule.mode == RuleMode::kEnforce; });
  return enforces ? kEnforced : kCounted;
}

HostState StateOf(const std::vector<WaySet>& ways) {
  Possible possible;
  for (const WaySet way : ways) possible.Add(way);
  return possible.State();
}

}  // namespace sallyport::edge
