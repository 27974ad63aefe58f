// SPDX-License-Identifier: Apache-2.0
//
// What a way may be, reckoned with as sets (map.h). Pure.
#pragma once

#include <array>

#include "edge/map.h"

namespace sallyport::edge {

inline constexpr WaySet kAnyAcl = kEnforced | kCounted;
inline constexpr WaySet kAnything = kEnforced | kCounted | kOpen;

// The way goes on through what may have these ACLs.
WaySet Through(WaySet way, WaySet acl);

bool IsOneThing(WaySet way);

// Every union of ways that is possible, as a set of numbers 0 to 7.
class Possible {
 public:
  void Add(WaySet way);
  HostState State() const;

 private:
  std::array<bool, 8> unions_ = {true};
};

}  // namespace sallyport::edge
