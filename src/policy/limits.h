// SPDX-License-Identifier: Apache-2.0
//
// The bounds of the policy engine, each with its reason. Every one has a test at the bound and one past it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sallyport::policy::limits {

// The largest document AWS accepts is a KMS key policy of 32 kB; white space, which AWS does not count, may quadruple
// it.
inline constexpr std::size_t kPolicyBytes = std::size_t{128} * 1024;
// Work of one cut of a set of objects into regions, in places of patterns looked at (regions.h). Real policies need
// some thousands; this much takes about a millisecond.
inline constexpr std::uint64_t kCutWork = 200'000;
// The same for all cuts that belong to one answer, whatever the policies of its principals: less than a tenth of a
// second.
inline constexpr std::uint64_t kAnswerCutWork = 5'000'000;
// Regions looked at for one question; past it the answer says that it is not complete.
inline constexpr std::size_t kRegions = 256;
// Assignments of unknown keys tried to find out whether a conditional answer can be both: for one request, and for all
// of an answer about many principals.
inline constexpr std::size_t kAssignments = 20'000;
inline constexpr std::size_t kAnswerAssignments = 200'000;
// Nodes of one expression shown to a person, who cannot follow even these.
inline constexpr std::size_t kExpressionNodes = 512;

}  // namespace sallyport::policy::limits
