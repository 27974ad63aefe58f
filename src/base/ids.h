// SPDX-License-Identifier: Apache-2.0
//
// Identifiers that must not be swapped, each with its own type. Parse* check the form that AWS documents; an id that
// was parsed can go into a search, a message or a file name without further thought.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport {

// `i-` and 8 to 17 lower-case hexadecimal digits. (AWS makes 8 and 17; captured findings with other lengths in between
// exist, and accepting them is harmless: they name no instance.)
struct InstanceId {
  std::string value;
  auto operator<=>(const InstanceId&) const = default;
};
Result<InstanceId> ParseInstanceId(std::string_view text);

// Twelve digits.
struct AccountId {
  std::string value;
  auto operator<=>(const AccountId&) const = default;
};
Result<AccountId> ParseAccountId(std::string_view text);

// An AWS region, `us-east-1`. Not checked against a list: regions are added every year.
struct Region {
  std::string value;
  auto operator<=>(const Region&) const = default;
};
Result<Region> ParseRegion(std::string_view text);

// SWP object ids: int32, positive, per tenant.
struct ComputerId {
  std::int32_t value = 0;
  auto operator<=>(const ComputerId&) const = default;
};
struct PolicyId {
  std::int32_t value = 0;
  auto operator<=>(const PolicyId&) const = default;
};
struct RuleId {
  std::int32_t value = 0;
  auto operator<=>(const RuleId&) const = default;
};
struct ScheduledTaskId {
  std::int32_t value = 0;
  auto operator<=>(const ScheduledTaskId&) const = default;
};

}  // namespace sallyport
