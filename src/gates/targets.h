// SPDX-License-Identifier: Apache-2.0
//
// Which of the hosts that an action touches have to be left alone. Pure: gates ask it of every action, and a workflow
// asks it before it decides where to act.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "gates/gates.h"

namespace sallyport {

// The hosts of one action by what the settings say about them.
struct SortedTargets {
  std::vector<Target> free;
  struct LeftAlone {
    Target target;
    std::string why;  // "exclusion tag `sallyport:exclude`=`true`", "its tags are undetermined"
  };
  // With the exclusion tag, or with tags that are not known where the settings refuse that.
  std::vector<LeftAlone> excluded;
  // In an account that only observes, or that is not known where that may be one of those.
  std::vector<LeftAlone> observed;
  // Probably compromised: its rules stay as evidence (Host::evidence).
  std::vector<LeftAlone> evidence;

  bool AllFree() const { return excluded.empty() && observed.empty() && evidence.empty(); }
};
SortedTargets SortTargets(const GateSettings& settings, const std::vector<Target>& targets);

// "2 of 40 hosts must be left alone: web-01 (i-0123456789abcdef0) (exclusion tag ...), ... and 3 more".
std::string LeftAloneText(const SortedTargets& sorted);
// Each of them, as "left alone: web-01 (i-0123456789abcdef0) (exclusion tag ...)"; none when LeftAloneText names
// all.
std::vector<std::string> AllLeftAlone(const SortedTargets& sorted);

// The mode that holds for a host: that of its account; without an account (it is no EC2 instance) the default. kObserve
// when it is an instance whose account is not known and any account only observes.
Mode ModeFor(const GateSettings& settings, const Host& host);

}  // namespace sallyport
