// SPDX-License-Identifier: Apache-2.0
//
// From a document to a World: walks accounts, regions and sections.
#include <algorithm>

#include "base/text.h"
#include "sim/aws/estate_sections.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::string_view kDefaultRegions[] = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1"};

bool IsAccountId(std::string_view id) {
  return id.size() == 12 && id.find_first_not_of("0123456789") == std::string_view::npos;
}

const Section* FindSection(std::span<const Section> sections, std::string_view name) {
  for (const Section& section : sections) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

std::string NameOf(const json::object& record) {
  for (const std::string_view key : {"Name", "RoleName", "UserName", "id", "InstanceProfileName", "LoadBalancerName",
                                     "name", "arn", "Arn", "clusterName"}) {
    if (Has(record, key)) return " `" + Printable(TextOf(record, key), 60) + "`";
  }
  return "";
}

Status AddAll(std::span<const Section> sections, const json::value& list, const std::string& section, const auto& add) {
  if (FindSection(sections, section) == nullptr) return BadEstate("unknown key `" + Printable(section, 60) + "`");
  if (!list.is_array()) return BadEstate("`" + section + "`: expected a list");
  for (const json::value& element : list.get_array()) {
    if (!element.is_object()) return BadEstate("`" + section + "`: expected names and values");
    auto added = add(element.get_object());
    if (!added.ok()) return added.error().In(section + NameOf(element.get_object()));
  }
  return Ok();
}

Status ReadRegion(World& world, Account& account, const std::string& region, const json::value& value) {
  if (!value.is_object()) return BadEstate("region `" + region + "`: expected names and values");
  if (!Contains(world.regions, region)) return BadEstate("region `" + region + "` is not in `regions`");
  Regional& regional = account.regions[region];
  for (const auto& member : value.get_object()) {
    const std::string section(member.key());
    auto added = AddAll(RegionalSections(), member.value(), section, [&](const json::object& record) {
      return AddRegionalRecord(world, account, region, section, record);
    });
    if (!added.ok()) return added;
  }
  FinishRegional(regional);
  return Ok();
}

Status ReadAccount(World& world, const json::object& record) {
  const auto id = TextOf(record, "id");
  if (!IsAccountId(id)) return BadEstate("account: `id` must be twelve digits in quotes");
  if (world.FindAccount(id) != nullptr) return BadEstate("account " + id + " is there twice");
  Account& account = world.accounts[id];
  account.id = id;
  account.name = TextOf(record, "name", id);
  account.canonical_id = TextOf(record, "canonicalId", std::string(52, '0') + id);
  account.public_access_block = ObjectOf(record, "publicAccessBlock");
  account.closed_regions = TextsOf(record, "closedRegions");
  for (const std::string& region : world.regions) account.regions[region];
  for (const auto& member : record) {
    const std::string key(member.key());
    if (Contains({"id", "name", "canonicalId", "publicAccessBlock", "closedRegions", "regions"}, key)) continue;
    auto added = AddAll(AccountSections(), member.value(), key,
                        [&](const json::object& element) { return AddAccountRecord(world, account, key, element); });
    if (!added.ok()) return added.error().In("account " + id);
  }
  for (const auto& region : ObjectOf(record, "regions")) {
    auto read = ReadRegion(world, account, std::string(region.key()), region.value());
    if (!read.ok()) return read.error().In("account " + id);
  }
  return Ok();
}

Result<RateLimit> ReadLimit(const json::value& value) {
  if (!value.is_object()) return BadEstate("`limits`: expected names and values");
  const auto& record = value.get_object();
  const auto checked = CheckKeys(record, "account region service action perSecond* burst*", "limits");
  if (!checked.ok()) return checked.error();
  RateLimit limit{TextOf(record, "account", "*"), TextOf(record, "region", "*"), TextOf(record, "service", "*"),
                  TextOf(record, "action", "*")};
  if (!record.at("perSecond").is_number() || !record.at("burst").is_number()) {
    return BadEstate("`limits`: `perSecond` and `burst` are numbers");
  }
  limit.per_second = record.at("perSecond").to_number<double>();
  limit.burst = record.at("burst").to_number<double>();
  return limit;
}

}  // namespace

Status CheckKeys(const json::object& record, std::string_view keys, std::string_view section) {
  std::vector<std::string_view> known;
  while (!keys.empty()) {
    auto word = keys.substr(0, keys.find(' '));
    keys.remove_prefix(std::min(keys.size(), word.size() + 1));
    const bool required = word.ends_with('*');
    if (required) word.remove_suffix(1);
    if (required && !Has(record, word)) {
      return BadEstate("`" + std::string(word) + "` is missing in `" + std::string(section) + "`");
    }
    known.push_back(word);
  }
  for (const auto& member : record) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      return BadEstate("unknown key `" + Printable(member.key(), 60) + "` in `" + std::string(section) + "`");
    }
  }
  return Ok();
}

void DocumentToText(json::object& record, std::string_view key) {
  if (Has(record, key) && !record.at(key).is_string()) record[key] = json::serialize(record.at(key));
}

Status AddAccountRecord(World& world, Account& account, std::string_view section, json::object record) {
  const Section* found = FindSection(AccountSections(), section);
  if (found == nullptr) return BadEstate("unknown key `" + Printable(section, 60) + "`");
  auto checked = found->keys.empty() ? Ok() : CheckKeys(record, found->keys, section);
  if (!checked.ok()) return checked;
  if (found->complete != nullptr) {
    static const std::string no_region;
    auto completed = found->complete({world, account, no_region}, record);
    if (!completed.ok()) return completed;
  }
  account.Set(section).push_back(std::move(record));
  return Ok();
}

Status AddRegionalRecord(World& world, Account& account, const std::string& region, std::string_view section,
                         json::object record) {
  const SectionPlace place{world, account, region};
  const Section* found = FindSection(RegionalSections(), section);
  if (found == nullptr) return BadEstate("unknown key `" + Printable(section, 60) + "`");
  auto checked = found->keys.empty() ? Ok() : CheckKeys(record, found->keys, section);
  if (!checked.ok()) return checked;
  if (section == "instances") {
    auto instance = MakeInstance(place, record);
    if (!instance) return instance.error();
    account.regions[region].instances.push_back(std::move(instance).value());
    return Ok();
  }
  if (found->complete != nullptr) {
    auto completed = found->complete(place, record);
    if (!completed.ok()) return completed;
  }
  account.regions[region].Set(section).push_back(std::move(record));
  return Ok();
}

void FinishRegional(Regional& regional) {
  std::sort(regional.instances.begin(), regional.instances.end(),
            [](const Instance& a, const Instance& b) { return a.id < b.id; });
  regional.instance_at.clear();
  regional.instance_at.reserve(regional.instances.size());
  for (std::size_t i = 0; i < regional.instances.size(); ++i) regional.instance_at[regional.instances[i].id] = i;
}

Result<World> BuildWorld(const json::object& estate) {
  World world;
  const auto checked = CheckKeys(estate, "shared partition regions accounts* organization limits", "estate");
  if (!checked.ok()) return checked.error();
  world.partition = TextOf(estate, "partition", "aws");
  world.regions = TextsOf(estate, "regions");
  if (world.regions.empty()) world.regions.assign(std::begin(kDefaultRegions), std::end(kDefaultRegions));
  world.organization = ObjectOf(estate, "organization");
  for (const json::value& policy : ArrayOf(world.organization, "policies")) {
    if (!policy.is_object()) return BadEstate("`organization.policies`: expected names and values");
  }
  for (const json::value& value : ArrayOf(estate, "limits")) {
    auto limit = ReadLimit(value);
    if (!limit) return limit.error();
    world.limits.push_back(*limit);
  }
  for (const json::value& value : ArrayOf(estate, "accounts")) {
    if (!value.is_object()) return BadEstate("`accounts`: expected names and values");
    auto read = ReadAccount(world, value.get_object());
    if (!read.ok()) return read.error();
  }
  if (world.accounts.empty()) return BadEstate("`accounts` is empty");
  return world;
}

}  // namespace sallyport::aws_sim
