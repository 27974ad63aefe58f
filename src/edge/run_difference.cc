// SPDX-License-Identifier: Apache-2.0
//
// What changed from one run to the next, and what the next one takes over of what it could not tell itself (run.h).
#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "edge/run.h"

namespace sallyport::edge {
namespace {

std::string HostName(const std::string& name, const std::string& id) {
  return name.empty() ? id : Printable(name, 80) + " (" + id + ")";
}

std::string HostKey(std::string_view account, std::string_view region, std::string_view id) {
  return std::string(account) + "/" + std::string(region) + "/" + std::string(id);
}

template <class OfHost>
std::string KeyOf(const OfHost& host) {
  return HostKey(host.account, host.region, host.id);
}

bool IsBare(HostState state) {
  return state == HostState::kNot || state == HostState::kPartly || state == HostState::kCounts;
}

bool LookedAt(const Run& run, const std::string& account, const std::string& region) {
  return run.places.empty() ||
         std::find(run.places.begin(), run.places.end(), Place{account, region}) != run.places.end();
}

bool LookedAtAccount(const Run& run, const std::string& account) {
  const auto is_of = [&](const Place& place) { return place.account == account; };
  return run.places.empty() || std::any_of(run.places.begin(), run.places.end(), is_of);
}

// Whether a run read all of a part that there is in a place; of a global one with the region "".
bool CouldRead(const Run& run, Part wanted, const std::string& account, const std::string& region) {
  return std::none_of(run.gaps.begin(), run.gaps.end(), [&](const Gap& gap) {
    if (gap.account != account) return false;
    if (gap.part == Part::kRegion) return gap.region.empty() || gap.region == region;
    return gap.part == wanted && gap.region == region;
  });
}

template <class OfHost>
bool CouldReadHost(const Run& run, const OfHost& host) {
  return CouldRead(run, Part::kInstances, host.account, host.region);
}

bool IsGlobal(const RunAcl& acl) {
  return acl.scope == "CLOUDFRONT";
}

bool LookedForAcl(const Run& run, const RunAcl& acl) {
  return IsGlobal(acl) ? LookedAtAccount(run, acl.account) : LookedAt(run, acl.account, acl.region);
}

bool CouldReadAcl(const Run& run, const RunAcl& acl) {
  return IsGlobal(acl) ? CouldRead(run, Part::kGlobalAcls, acl.account, "")
                       : CouldRead(run, Part::kRegionalAcls, acl.account, acl.region);
}

std::string Change(HostState was, HostState is) {
  return std::string(ToString(was)) + " -> " + std::string(ToString(is));
}

// --- hosts

class HostComparison {
 public:
  HostComparison(const Run& before, const Run& now, RunDifference& difference)
      : before_(before), now_(now), difference_(difference), last_(before) {}

  void Compare() {
    for (const RunHost& host : before_.hosts) seen_[KeyOf(host)] = {host.account, host.region, host.id, host.name, {}};
    for (const LastHost& host : before_.last_hosts) seen_.try_emplace(KeyOf(host), host);
    for (const RunHost& host : now_.hosts) {
      CompareHost(host);
      seen_.erase(KeyOf(host));
    }
    for (const auto& [key, host] : seen_) CompareMissing(host);
    std::sort(difference_.gone.begin(), difference_.gone.end());
    for (const auto& [place, hosts] : left_) {
      difference_.places.push_back(Printable(place.account, 20) + " " + Printable(place.region, 30) + " (" +
                                   CountText(hosts, "host") + ")");
    }
  }

 private:
  void CompareHost(const RunHost& host) {
    if (host.state == HostState::kUndetermined) return;
    const std::string name = HostName(host.name, host.id);
    const auto was = last_.Of(host);
    if (!was) return CompareNew(host, name);
    if (*was == host.state) return;
    const std::string line = name + ": " + Change(*was, host.state);
    if (*was == HostState::kBehind) difference_.lost.push_back(line);
    if (host.state == HostState::kBehind) difference_.gained.push_back(line);
    if (*was == HostState::kNoWay && host.state != HostState::kBehind) difference_.exposed.push_back(line);
  }

  // Only of a host that the run before would have seen can be said that it is new.
  void CompareNew(const RunHost& host, const std::string& name) {
    if (!IsBare(host.state)) return;
    const bool is_new =
        !seen_.contains(KeyOf(host)) && LookedAt(before_, host.account, host.region) && CouldReadHost(before_, host);
    auto& list = is_new ? difference_.exposed : difference_.found;
    list.push_back(name + ": " + std::string(ToString(host.state)));
  }

  void CompareMissing(const LastHost& host) {
    if (!LookedAt(now_, host.account, host.region)) {
      ++left_[{host.account, host.region}];
    } else if (CouldReadHost(now_, host)) {
      difference_.gone.push_back(HostName(host.name, host.id));
    }
  }

  const Run& before_;
  const Run& now_;
  RunDifference& difference_;
  const LastStates last_;
  std::unordered_map<std::string, LastHost> seen_;
  std::map<Place, std::size_t> left_;
};

// --- web ACLs

bool IsRead(const RunAcl& acl) {
  return acl.unread_why.empty();
}

void CompareAcl(const RunAcl& before, const RunAcl& now, RunDifference& difference) {
  const std::string name = "web ACL " + Printable(now.name, 128);
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

// By ARN, as it was read last; nullptr: a run saw it, and none could read it.
std::map<std::string, const RunAcl*> LastAcls(const Run& run) {
  std::map<std::string, const RunAcl*> acls;
  for (const RunAcl& acl : run.acls) acls[acl.arn] = IsRead(acl) ? &acl : nullptr;
  for (const RunAcl& acl : run.last_acls) {
    const auto [entry, is_new] = acls.try_emplace(acl.arn, &acl);
    if (!is_new && entry->second == nullptr) entry->second = &acl;
  }
  return acls;
}

void CompareAcls(const Run& before, const Run& now, RunDifference& difference) {
  auto old = LastAcls(before);
  for (const RunAcl& acl : now.acls) {
    const auto known = old.find(acl.arn);
    if (known == old.end()) {
      const bool is_new = LookedForAcl(before, acl) && CouldReadAcl(before, acl);
      if (is_new) difference.acls.push_back("web ACL " + Printable(acl.name, 128) + " is new");
      continue;
    }
    if (IsRead(acl) && known->second != nullptr) CompareAcl(*known->second, acl, difference);
    old.erase(known);
  }
  for (const RunAcl& acl : before.acls) {
    if (old.contains(acl.arn)) old[acl.arn] = &acl;
  }
  for (const auto& [arn, acl] : old) {
    const bool is_gone = LookedForAcl(now, *acl) && CouldReadAcl(now, *acl);
    if (is_gone) difference.acls.push_back("web ACL " + Printable(acl->name, 128) + " is gone");
  }
  std::sort(difference.acls.begin(), difference.acls.end());
}

// --- what is taken over: of what is gone, or no longer looked at, there is nothing to be compared with

void RememberHosts(const Run& before, Run& now) {
  std::unordered_map<std::string, HostState> here;
  for (const RunHost& host : now.hosts) here[KeyOf(host)] = host.state;
  std::set<std::string> taken;
  const auto take = [&](const LastHost& host) {
    const auto found = here.find(KeyOf(host));
    const bool unread = LookedAt(now, host.account, host.region) && !CouldReadHost(now, host);
    const bool wanted = found == here.end() ? unread : found->second == HostState::kUndetermined;
    if (!wanted || now.last_hosts.size() >= kMostRemembered || !taken.insert(KeyOf(host)).second) return;
    now.last_hosts.push_back(host);
  };
  for (const RunHost& host : before.hosts) {
    if (host.state != HostState::kUndetermined) {
      take({host.account, host.region, host.id, host.name, host.state});
    }
  }
  for (const LastHost& host : before.last_hosts) take(host);
}

void RememberAcls(const Run& before, Run& now) {
  std::map<std::string, bool> read;
  for (const RunAcl& acl : now.acls) read[acl.arn] = IsRead(acl);
  for (const auto& [arn, acl] : LastAcls(before)) {
    if (acl == nullptr || now.last_acls.size() >= kMostRemembered) continue;
    const auto here = read.find(arn);
    const bool unread = LookedForAcl(now, *acl) && !CouldReadAcl(now, *acl);
    if (here == read.end() ? unread : !here->second) now.last_acls.push_back(*acl);
  }
}

}  // namespace

LastStates::LastStates(const Run& run) {
  for (const RunHost& host : run.hosts) {
    if (host.state != HostState::kUndetermined) states_[KeyOf(host)] = host.state;
  }
  for (const LastHost& host : run.last_hosts) states_.try_emplace(KeyOf(host), host.state);
}

std::optional<HostState> LastStates::Of(const RunHost& host) const {
  const auto known = states_.find(KeyOf(host));
  return known == states_.end() ? std::nullopt : std::optional(known->second);
}

RunDifference DifferenceOf(const Run& before, const Run& now) {
  RunDifference difference;
  HostComparison(before, now, difference).Compare();
  CompareAcls(before, now, difference);
  return difference;
}

void Remember(const Run& before, Run& now) {
  RememberHosts(before, now);
  RememberAcls(before, now);
}

}  // namespace sallyport::edge
