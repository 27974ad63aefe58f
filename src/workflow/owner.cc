// SPDX-License-Identifier: Apache-2.0
#include "workflow/owner.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

// More names in one tag are more than anybody reads.
constexpr std::size_t kNames = 10;

// AWS itself writes these (`aws:` is reserved), each on the instances of the group that it names; EKS writes its own.
constexpr std::array<std::string_view, 5> kGroupTags = {"aws:autoscaling:groupName", "aws:ecs:serviceName",
                                                        "aws:ecs:clusterName", "eks:cluster-name",
                                                        "aws:cloudformation:stack-name"};

// The texts between commas, trimmed, without the empty ones; at most kNames.
std::vector<std::string_view> NamesIn(std::string_view list) {
  std::vector<std::string_view> names;
  while (!list.empty() && names.size() < kNames) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const std::string_view name = Trim(list.substr(0, comma)); !name.empty()) names.push_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

Owner Named(std::string_view list, const OwnerDirectory& directory, std::string source) {
  Owner owner;
  owner.source = std::move(source);
  for (const std::string_view name : NamesIn(list)) {
    const OwnerAddress* known = directory.Find(name);
    owner.name += (owner.name.empty() ? "" : ", ") + (known == nullptr ? std::string(name) : known->name);
  }
  owner.addresses = AddressesOf(owner.name, directory);
  return owner;
}

const swp::Tag* FindTag(const std::vector<swp::Tag>& tags, std::string_view name) {
  for (const swp::Tag& tag : tags) {
    if (EqualsIgnoreCase(tag.name, name) && !NamesIn(tag.value).empty()) return &tag;
  }
  return nullptr;
}

std::optional<Owner> FromTags(const std::vector<swp::Tag>& tags, const OwnerSettings& settings) {
  for (const std::string& wanted : settings.owner_tags) {
    if (const swp::Tag* tag = FindTag(tags, wanted)) {
      return Named(tag->value, settings.directory, "tag `" + Printable(tag->name, 60) + "`");
    }
  }
  const auto& groups = settings.directory.groups;
  for (const std::string_view wanted : kGroupTags) {
    const swp::Tag* tag = FindTag(tags, wanted);
    if (tag == nullptr) continue;
    const auto group = groups.find(ToLowerAscii(Trim(tag->value)));
    if (group == groups.end()) continue;
    return Named(group->second, settings.directory, "owners file, by tag `" + std::string(wanted) + "`");
  }
  return std::nullopt;
}

bool Is(std::string_view known, std::string_view text) {
  return !known.empty() && EqualsIgnoreCase(known, text);
}

}  // namespace

const OwnerAddress* OwnerDirectory::Find(std::string_view text) const {
  for (const OwnerAddress& owner : owners) {
    if (Is(owner.name, text)) return &owner;
  }
  for (const OwnerAddress& owner : owners) {
    if (Is(owner.email, text) || Is(owner.display, text) || Is(owner.slack_user, text) ||
        Is(owner.slack_channel, text) || Is(owner.teams, text)) {
      return &owner;
    }
  }
  return nullptr;
}

std::vector<std::string> OwnersIn(std::string_view owner) {
  const std::vector<std::string_view> names = NamesIn(owner);
  return {names.begin(), names.end()};
}

std::vector<OwnerAddress> AddressesOf(std::string_view owner, const OwnerDirectory& directory) {
  std::vector<OwnerAddress> addresses;
  for (const std::string_view name : NamesIn(owner)) {
    const OwnerAddress* known = directory.Find(name);
    if (known == nullptr) continue;
    if (std::find(addresses.begin(), addresses.end(), *known) == addresses.end()) addresses.push_back(*known);
  }
  return addresses;
}

Owner FindOwner(const std::optional<std::vector<swp::Tag>>& tags, std::string_view account,
                const OwnerSettings& settings) {
  if (tags) {
    if (auto owner = FromTags(*tags, settings)) return *std::move(owner);
  }
  const auto& accounts = settings.directory.accounts;
  if (const auto mapped = accounts.find(account); mapped != accounts.end()) {
    return Named(mapped->second, settings.directory, "owners file, by account");
  }
  if (!Trim(settings.default_owner).empty()) {
    return Named(settings.default_owner, settings.directory, "notify.default_owner");
  }
  const char* why = tags ? "no owner tag, no entry in the owners file, no notify.default_owner"
                         : "undetermined: the tags of the host could not be read";
  return {"", why, {}};
}

}  // namespace sallyport
