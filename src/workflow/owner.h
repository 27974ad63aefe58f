// SPDX-License-Identifier: Apache-2.0
//
// Who owns a host: the routing ladder. Pure.
//
// Tags are written by whoever may tag an instance: what they say is text, and becomes an address only when the mapping
// file (`notify.owners_file`) has it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "swp/computer.h"

namespace sallyport {

// One owner of the mapping file, and where they can be reached. All but the name may be empty.
struct OwnerAddress {
  std::string name{};
  std::string display{};  // for people
  std::string email{};
  std::string slack_user{};     // "U012AB3CD", or "S012AB3CD" of a user group
  std::string slack_channel{};  // "C012AB3CD"
  std::string teams{};          // user principal name, or an object id of Entra ID
  bool operator==(const OwnerAddress&) const = default;
};

// The mapping file.
struct OwnerDirectory {
  std::vector<OwnerAddress> owners;
  std::map<std::string, std::string, std::less<>> accounts;  // account id -> name of an owner
  std::map<std::string, std::string, std::less<>> groups;    // group in lower case -> name of an owner
  // The owner that `text` names by name, display, e-mail, Slack or Teams id, in any case; nullptr when there is none.
  const OwnerAddress* Find(std::string_view text) const;
  bool operator==(const OwnerDirectory&) const = default;
};

struct OwnerSettings {
  // Tag names that name an owner, tried in this order, in any case.
  std::vector<std::string> owner_tags = {"Owner", "Team", "CostCenter", "Application"};
  std::string default_owner;  // when nothing else does; empty: nobody is named
  OwnerDirectory directory;
};

struct Owner {
  // Names of the directory where it has them, otherwise the text; several are divided by ", ". Empty: nobody is named.
  std::string name;
  std::string source;  // where the name comes from, for people
  std::vector<OwnerAddress> addresses;
};

// The first of: an owner tag; the group that AWS tags name (Auto Scaling group, CloudFormation stack, ECS service or
// cluster, EKS cluster) when the directory maps it; the account when the directory maps it; the default owner.
Owner FindOwner(const std::optional<std::vector<swp::Tag>>& tags, std::string_view account,
                const OwnerSettings& settings);

// The single names in `owner` (as Owner::name has them), at most 10.
std::vector<std::string> OwnersIn(std::string_view owner);

// Those of the names in `owner` (as Owner::name has them) that the directory knows, at most 10, none twice.
std::vector<OwnerAddress> AddressesOf(std::string_view owner, const OwnerDirectory& directory);

}  // namespace sallyport
