// SPDX-License-Identifier: Apache-2.0
#include "edge/run.h"

#include <algorithm>

#include "base/text.h"
#include "edge/candidates.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kMostListed = 500;  // of hosts in one candidate

std::string_view WordOf(AclOwner owner) {
  if (owner == AclOwner::kFirewallManager) return "firewall-manager";
  if (owner == AclOwner::kUndetermined) return "undetermined";
  return owner == AclOwner::kCode ? "code" : "anybody";
}

class RunMaker {
 public:
  RunMaker(const Estate& estate, const Map& map) : estate_(estate), map_(map) {}

  Run Make(const std::vector<Candidate>& candidates, TimePoint at) {
    Run run;
    run.at = at;
    run.places = estate_.places;
    run.gaps = estate_.gaps;
    run.notes = map_.notes;
    run.breaks = map_.breaks;
    run.calls = estate_.calls;
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) run.hosts.push_back(HostOf(i));
    for (const WebAcl& acl : estate_.acls) run.acls.push_back(AclOf(acl));
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) run.things.push_back(DistributionOf(i));
    for (std::size_t i = 0; i < estate_.balancers.size(); ++i) run.things.push_back(BalancerOf(i));
    for (const Candidate& candidate : candidates) run.candidates.push_back(CandidateOf(candidate));
    return run;
  }

 private:
  std::string ArnOf(std::optional<std::size_t> acl) const { return acl ? estate_.acls[*acl].arn : ""; }

  RunHost HostOf(std::size_t at) const {
    const Host& host = estate_.hosts[at];
    const HostVerdict& verdict = map_.hosts[at];
    RunHost made;
    made.account = host.account;
    made.region = host.region;
    made.id = host.id;
    made.name = host.name;
    made.state = verdict.state;
    made.runs = host.state;
    made.owner = host.owner;
    made.team = host.team;
    made.swp = host.swp;
    made.more_ways = verdict.more_ways;
    made.why = verdict.why;
    for (const Way& way : verdict.ways) made.ways.push_back(WayOf(way));
    return made;
  }

  RunWay WayOf(const Way& way) const {
    RunWay made;
    made.state = edge::WordOf(way.may_be);
    made.entry = way.entry;
    made.target_state = way.target_state;
    made.why = way.why;
    if (way.group) made.group = estate_.groups[*way.group].name;
    for (const Hop& hop : way.hops) {
      const bool distribution = hop.kind == Hop::Kind::kDistribution;
      made.hops.push_back({distribution ? "distribution" : "balancer",
                           distribution ? estate_.distributions[hop.at].arn : estate_.balancers[hop.at].arn,
                           ArnOf(hop.acl)});
    }
    return made;
  }

  static RunAcl AclOf(const WebAcl& acl) {
    RunAcl made;
    made.arn = acl.arn;
    made.name = acl.name;
    made.id = acl.id;
    made.scope = acl.scope;
    made.account = acl.account;
    made.region = acl.region;
    made.strength = edge::WordOf(StrengthOf(acl));
    made.capacity = acl.capacity;
    made.owner = WordOf(OwnerOf(acl));
    made.managed_by = acl.managed_by;
    made.tags_unread_why = acl.tags_unread_why;
    made.logs = acl.logs;
    made.resources = acl.resources;
    made.ip_sets = acl.ip_sets;
    made.has_own_groups = std::any_of(acl.rules.begin(), acl.rules.end(),
                                      [](const AclRule& rule) { return rule.kind == AclRule::Kind::kOwnGroup; });
    made.unread_why = acl.unread_why;
    for (const AclRule& rule : acl.rules) {
      if (rule.kind != AclRule::Kind::kManagedGroup) continue;
      if (rule.expired) made.expired.push_back(rule.vendor + "/" + rule.group + " " + rule.version);
      made.groups.push_back(rule.vendor + "/" + rule.group + ": " +
                            (rule.mode == RuleMode::kEnforce ? "enforce" : "count"));
    }
    return made;
  }

  RunThing DistributionOf(std::size_t at) const {
    const Distribution& one = estate_.distributions[at];
    const std::string name = one.aliases.empty() ? one.id : one.id + " (" + one.aliases.front() + ")";
    return {"distribution", one.arn, name, one.account, "", ArnOf(map_.acl_of_distribution[at]), ""};
  }

  RunThing BalancerOf(std::size_t at) const {
    const Balancer& one = estate_.balancers[at];
    return {std::string(Words(one.kind)), one.arn, one.name, one.account, one.region, ArnOf(map_.acl_of_balancer[at]),
            map_.direct_to_balancer[at]};
  }

  RunCandidate CandidateOf(const Candidate& candidate) const {
    RunCandidate made;
    made.kind = candidate.kind;
    made.acl = ArnOf(candidate.acl);
    made.thing = candidate.thing;
    made.thing_name = candidate.acl ? estate_.acls[*candidate.acl].name : candidate.thing_name;
    made.account = candidate.account;
    made.region = candidate.region;
    made.group = candidate.group;
    made.advice_only = candidate.advice_only;
    made.classes = candidate.classes;
    made.capacity_before = candidate.capacity_before;
    made.capacity_after = candidate.capacity_after;
    made.where = candidate.where;
    made.shared_with = candidate.shared_with;
    made.owners = candidate.owners;
    made.notes = candidate.notes;
    for (const std::size_t host : candidate.hosts) {
      if (made.hosts.size() < kMostListed) made.hosts.push_back(estate_.hosts[host].id);
    }
    if (candidate.hosts.size() > kMostListed) {
      made.notes.push_back("for " + CountText(candidate.hosts.size(), "host") + ", of which " +
                           std::to_string(kMostListed) + " are listed");
    }
    return made;
  }

  const Estate& estate_;
  const Map& map_;
};

}  // namespace

Run MakeRun(const Estate& estate, const Map& map, const std::vector<Candidate>& candidates, TimePoint at) {
  return RunMaker(estate, map).Make(candidates, at);
}

}  // namespace sallyport::edge
