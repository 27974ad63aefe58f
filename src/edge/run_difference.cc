// SPDX-License-Identifier: Apache-2.0
//
// What changed from one run to the next (run.h).
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "edge/run.h"

namespace sallyport::edge {
namespace {

std::string HostName(const RunHost& host) {
  return host.name.empty() ? host.id : Printable(host.name, 80) + " (" + host.id + ")";
}

bool CouldRead(const Run& run, const RunHost& host) {
  return std::none_of(run.gaps.begin(), run.gaps.end(), [&](const Gap& gap) {
    const bool part = gap.part == Part::kInstances || gap.part == Part::kRegion;
    return part && gap.account == host.account && (gap.region.empty() || gap.region == host.region);
  });
}

void CompareHosts(const Run& before, const Run& now, RunDifference& difference) {
  std::unordered_map<std::string, const RunHost*> old;
  for (const RunHost& host : before.hosts) old[host.id] = &host;
  for (const RunHost& host : now.hosts) {
    const auto known = old.find(host.id);
    if (known == old.end()) {
      const bool bare =
          host.state == HostState::kNot || host.state == HostState::kPartly || host.state == HostState::kCounts;
      if (bare && CouldRead(before, host)) {
        difference.exposed.push_back(HostName(host) + ": " + std::string(ToString(host.state)));
      }
      continue;
    }
    const HostState was = known->second->state;
    old.erase(known);
    const bool both_known = was != HostState::kUndetermined && host.state != HostState::kUndetermined;
    if (was == host.state || !both_known) continue;
    const std::string line =
        HostName(host) + ": " + std::string(ToString(was)) + " -> " + std::string(ToString(host.state));
    if (was == HostState::kBehind) difference.lost.push_back(line);
    if (host.state == HostState::kBehind) difference.gained.push_back(line);
    if (was == HostState::kNoWay && host.state != HostState::kBehind) difference.exposed.push_back(line);
  }
  for (const auto& [id, host] : old) {
    if (CouldRead(now, *host)) difference.gone.push_back(HostName(*host));
  }
  std::sort(difference.gone.begin(), difference.gone.end());
}

void CompareAcl(const RunAcl& before, const RunAcl& now, RunDifference& difference) {
  const std::string name = "web ACL " + Printable(now.name, 128);
  if (!before.unread_why.empty() || !now.unread_why.empty()) return;
  for (const std::string& group : before.groups) {
    if (std::find(now.groups.begin(), now.groups.end(), group) == now.groups.end()) {
      const std::string bare = group.substr(0, group.rfind(':'));
      const bool stays = std::any_of(now.groups.begin(), now.groups.end(),
                                     [&](const std::string& other) { return other.starts_with(bare + ":"); });
      difference.acls.push_back(name + ": " + Printable(group, 200) + (stays ? " changed" : " is gone"));
    }
  }
  for (const std::string& group : now.groups) {
    if (std::find(before.groups.begin(), before.groups.end(), group) == before.groups.end()) {
      difference.acls.push_back(name + ": " + Printable(group, 200) + " is new");
    }
  }
  if (before.strength != now.strength) difference.acls.push_back(name + ": " + before.strength + " -> " + now.strength);
  if (before.logs.value_or(false) && now.logs && !*now.logs) difference.acls.push_back(name + ": logging is off now");
}

}  // namespace

RunDifference DifferenceOf(const Run& before, const Run& now) {
  RunDifference difference;
  CompareHosts(before, now, difference);
  std::unordered_map<std::string, const RunAcl*> old;
  for (const RunAcl& acl : before.acls) old[acl.arn] = &acl;
  for (const RunAcl& acl : now.acls) {
    const auto known = old.find(acl.arn);
    if (known == old.end()) {
      difference.acls.push_back("web ACL " + Printable(acl.name, 128) + " is new");
      continue;
    }
    CompareAcl(*known->second, acl, difference);
    old.erase(known);
  }
  for (const auto& [arn, acl] : old) {
    const bool unread = std::any_of(now.gaps.begin(), now.gaps.end(), [&, place = acl](const Gap& gap) {
      return gap.account == place->account && (gap.region.empty() || gap.region == place->region);
    });
    if (!unread) difference.acls.push_back("web ACL " + Printable(acl->name, 128) + " is gone");
  }
  std::sort(difference.acls.begin(), difference.acls.end());
  return difference;
}

}  // namespace sallyport::edge
