// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "action/action.h"

namespace sallyport {

// Puts a host on the watch list of the people on duty, with the reason.
struct WatchHost {
  static constexpr std::string_view kKind = "watch-host";
  ComputerId computer;
  Host host;
  std::string reason;  // one line
  bool operator==(const WatchHost&) const = default;

  std::string What() const { return ""; }
  std::string Subject() const { return host.Subject(); }
  std::string Describe() const;
  WritesTo Writes() const { return WritesTo::Elsewhere(); }
  std::string Undo() const;
  const Host* About() const { return &host; }
  bool OwnerHears() const { return true; }
  Targets Touches() const { return Targets::One(computer, host); }
  bool IsExclusive() const { return false; }
  std::vector<Effect> Effects() const { return {}; }
  bool SameDecision(const WatchHost& now) const { return Subject() == now.Subject(); }
  void DescribeJson(Members& json);
};

}  // namespace sallyport
