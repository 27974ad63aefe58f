// SPDX-License-Identifier: Apache-2.0
//
// Who owns a host: the routing ladder. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "swp/computer.h"

namespace sallyport {

struct OwnerSettings {
  // Tag names that name an owner, tried in this order, in any case.
  std::vector<std::string> owner_tags = {"Owner", "Team", "CostCenter", "Application"};
  std::string default_owner;  // when no tag does; empty: nobody is named
};

struct Owner {
  std::string name;    // empty: nobody is named
  std::string source;  // where the name comes from, for people
};

Owner FindOwner(const std::optional<std::vector<swp::Tag>>& tags, const OwnerSettings& settings);

}  // namespace sallyport
