// SPDX-License-Identifier: Apache-2.0
//
// The bounds of the policy engine, each with its reason. Every one has a test at the bound and one past it.
#pragma once

#include <cstddef>

namespace sallyport::policy::limits {

// The largest document AWS accepts is a KMS key policy of 32 kB; white space, which AWS does not count, may quadruple
// it.
inline constexpr std::size_t kPolicyBytes = std::size_t{128} * 1024;
// States of the automaton that cuts the objects of a bucket into regions. Real policies need some hundreds.
inline constexpr std::size_t kRegionStates = 20'000;
// Regions looked at for one question; past it the answer says that it is not complete.
inline constexpr std::size_t kRegions = 256;
// Assignments of unknown keys tried to find out whether a conditional answer can be both.
inline constexpr std::size_t kAssignments = 20'000;
// Nodes of one expression shown to a person, who cannot follow even these.
inline constexpr std::size_t kExpressionNodes = 512;

}  // namespace sallyport::policy::limits
