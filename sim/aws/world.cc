// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/world.h"

#include <algorithm>
#include <cstdio>

namespace sallyport::aws_sim {
namespace {

// A bijection (the finalizer of splitmix64), so that consecutive numbers look like ids and never collide.
std::uint64_t Scramble(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

}  // namespace

Records& Regional::Set(std::string_view section) {
  const auto found = sets.find(section);
  return found != sets.end() ? found->second : sets[std::string(section)];
}

const Instance* Regional::FindInstance(const std::string& id) const {
  const auto found = instance_at.find(id);
  return found == instance_at.end() ? nullptr : &instances[found->second];
}

Records& Account::Set(std::string_view section) {
  const auto found = sets.find(section);
  return found != sets.end() ? found->second : sets[std::string(section)];
}

bool Account::IsOpen(std::string_view region) const {
  return !Contains(closed_regions, region);
}

std::string World::GlobalRegion() const {
  if (partition == "aws-cn") return "cn-north-1";
  return partition == "aws-us-gov" ? "us-gov-west-1" : "us-east-1";
}

std::string World::Suffix() const {
  return partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

std::string World::Arn(std::string_view service, std::string_view region, std::string_view account,
                       std::string_view rest) const {
  std::string arn = "arn:" + partition;
  for (const std::string_view part : {service, region, account, rest}) arn.append(":").append(part);
  return arn;
}

Account* World::FindAccount(std::string_view id) {
  const auto found = accounts.find(id);
  return found == accounts.end() ? nullptr : &found->second;
}

std::string World::NextId(std::string_view prefix, int digits) {
  ++serial;
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(Scramble(serial)),
                static_cast<unsigned long long>(Scramble(serial + (1ULL << 40U))));
  return std::string(prefix) + std::string(text).substr(0, static_cast<std::size_t>(digits));
}

std::string World::NextUuid() {
  auto text = NextId("", 32);
  text[12] = '4';
  text[16] = 'a';
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, "-");
  return text;
}

bool World::RoomForSession(TimePoint now) {
  if (keys.size() < kMaxSessions) return true;
  for (auto key = keys.begin(); key != keys.end();) {
    const bool over = !key->second.token.empty() && key->second.expires <= now;
    key = over ? keys.erase(key) : std::next(key);
  }
  return keys.size() < kMaxSessions;
}

json::array TagList(const json::object& tags, std::string_view key_name, std::string_view value_name) {
  json::array list;
  for (const auto& tag : tags) list.push_back(json::object{{key_name, tag.key()}, {value_name, tag.value()}});
  return list;
}

ArnParts SplitArn(std::string_view arn) {
  ArnParts parts;
  if (!arn.starts_with("arn:")) return parts;
  arn.remove_prefix(4);
  for (std::string* part : {&parts.partition, &parts.service, &parts.region, &parts.account}) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    *part = std::string(arn.substr(0, colon));
    arn.remove_prefix(colon + 1);
  }
  parts.rest = std::string(arn);
  return parts;
}

std::string LastPart(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace sallyport::aws_sim
