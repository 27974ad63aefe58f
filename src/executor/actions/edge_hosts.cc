// SPDX-License-Identifier: Apache-2.0
#include "executor/actions/edge_hosts.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace sallyport {

Status TakeTagsOfNow(edge::Reads& reads, std::vector<Host>& hosts) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> places;
  for (const Host& host : hosts) places[{host.account, host.region}].push_back(host.instance.value);
  std::map<std::string, std::vector<swp::Tag>> tags;
  for (const auto& [place, ids] : places) {
    const auto read = reads.ReadTags(place.first, place.second, ids);
    if (!read.ok()) return read.error();
    for (const edge::TagsNow& one : *read) {
      auto& of_host = tags[one.instance];
      for (const auto& [key, value] : one.tags) of_host.push_back({key, value});
    }
  }
  for (Host& host : hosts) {
    if (const auto read = tags.find(host.instance.value); read != tags.end()) host.tags = read->second;
  }
  return Ok();
}

bool HaveTags(const std::vector<Host>& hosts) {
  return std::all_of(hosts.begin(), hosts.end(), [](const Host& host) { return host.tags.has_value(); });
}

}  // namespace sallyport
