// SPDX-License-Identifier: Apache-2.0
#include "workflow/waf_hosts.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::size_t kMostHostsOfChange = 1'000;  // behind what one action changes

Host HostFor(const edge::RunHost& host, const edge::Estate* estate) {
  Host made;
  made.account = host.account;
  made.region = host.region;
  made.instance = InstanceId{host.id};
  made.name = host.name;
  const edge::Host* known = estate == nullptr ? nullptr : FindHostOf(*estate, host);
  if (known == nullptr) return made;  // its tags are not known
  made.tags.emplace();
  for (const auto& [key, value] : known->tags) made.tags->push_back({key, value});
  return made;
}

bool IsBehind(const edge::RunHost& host, const std::vector<std::string>& acls) {
  return std::any_of(host.ways.begin(), host.ways.end(), [&](const edge::RunWay& way) {
    return std::any_of(way.hops.begin(), way.hops.end(), [&](const edge::RunHop& hop) {
      return std::find(acls.begin(), acls.end(), hop.acl) != acls.end();
    });
  });
}

}  // namespace

const edge::Host* FindHostOf(const edge::Estate& estate, const edge::RunHost& host) {
  const auto found = std::find_if(estate.hosts.begin(), estate.hosts.end(), [&](const edge::Host& one) {
    return one.id == host.id && one.account == host.account && one.region == host.region;
  });
  return found == estate.hosts.end() ? nullptr : &*found;
}

void AddHostsBehind(const edge::Run& run, const edge::Estate* estate, const std::vector<std::string>& acls,
                    std::vector<Host>& hosts, std::string& unknown) {
  if (acls.empty()) return;
  for (const edge::RunHost& host : run.hosts) {
    if (host.more_ways > 0) unknown = "not all ways of " + host.id + " are listed";
    if (IsBehind(host, acls)) hosts.push_back(HostFor(host, estate));
  }
  if (hosts.size() <= kMostHostsOfChange) return;
  hosts.clear();
  unknown = "more than " + std::to_string(kMostHostsOfChange) + " hosts are behind it";
}

std::vector<std::string> PartsOfArn(const std::string& arn) {
  std::vector<std::string> parts(1);
  for (const char c : arn) {
    if (c == ':' && parts.size() < 6)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

}  // namespace sallyport
