// SPDX-License-Identifier: Apache-2.0
//
// Which scans a GuardDuty finding type asks for. The table itself is in guardduty_families.cc: one row a family, read
// from the top, the first match wins. docs/guardduty.md explains it to users.
#pragma once

#include <string_view>
#include <vector>

#include "swp/scheduled_task.h"

namespace sallyport {

// What a finding of the family says about the host when the finding itself does not (resourceRole ACTOR always means
// that the host acts, so it is probably compromised).
enum class Posture {
  kAttacked,     // somebody works on the host from outside: harden first
  kCompromised,  // the host itself behaves badly: look for malware and changes first, keep the evidence
};

struct Family {
  std::string_view name;
  std::string_view pattern;  // of finding types: `*` is any run of characters
  Posture posture = Posture::kAttacked;
  std::vector<swp::ScanKind> scans;  // for a host that is attacked; a compromised one gets all three
  std::string_view why;
};

// Never fails: a type that no row names belongs to the last row, "unmapped".
const Family& FamilyOf(std::string_view finding_type);
const std::vector<Family>& AllFamilies();

inline constexpr std::string_view kUnmappedFamily = "unmapped";

// `*` stands for any run of characters, everything else for itself. Linear in the product of the lengths at worst.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace sallyport
