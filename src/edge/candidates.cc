// SPDX-License-Identifier: Apache-2.0
#include "edge/candidates.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kMostNamed = 20;

std::string PlaceKey(std::string_view account, std::string_view region, std::string_view scope) {
  return std::string(account) + "/" + std::string(region) + "/" + std::string(scope);
}

std::string Shown(std::string_view text) {
  return Printable(text, 200);
}

// The ACL of a way that stands nearest to the host: what is put there guards the direct ways too.
std::optional<std::size_t> NearestAcl(const Way& way) {
  for (auto hop = way.hops.rbegin(); hop != way.hops.rend(); ++hop) {
    if (hop->acl) return hop->acl;
  }
  return std::nullopt;
}

const AclRule* FindGroupIn(const WebAcl& acl, const GroupName& group) {
  const AclRule* found = nullptr;
  for (const AclRule& rule : acl.rules) {
    if (rule.kind != AclRule::Kind::kManagedGroup || rule.vendor != group.vendor || rule.group != group.name) continue;
    if (found == nullptr || rule.mode == RuleMode::kEnforce) found = &rule;
  }
  return found;
}

std::string PlaceWords(const WebAcl& acl, const AclRule& rule) {
  std::string text =
      "rule " + Shown(rule.name) + " (priority " + std::to_string(rule.priority) + ") of web ACL " + Shown(acl.name);
  if (rule.place == AclRule::Place::kFirst) text += ", among Firewall Manager's first rule groups";
  if (rule.place == AclRule::Place::kLast) text += ", among Firewall Manager's last rule groups";
  if (rule.mode == RuleMode::kCount) text += ": it only counts";
  if (rule.counted > 0) text += "; " + std::to_string(rule.counted) + " of its rules are overridden";
  if (rule.scoped_down) text += "; a scope-down statement lets it look at a part of the requests";
  return text;
}

class CandidateFinder {
 public:
  CandidateFinder(const Estate& estate, const Map& map, const FitSettings& settings)
      : estate_(estate), map_(map), settings_(settings) {}

  std::vector<Candidate> Find() {
    for (const OfferedGroup& group : estate_.offered) {
      offer_[PlaceKey(group.account, group.region, group.scope)].push_back(&group);
    }
    for (const OfferRead& read : estate_.offers) {
      unread_[PlaceKey(read.account, read.region, read.scope)] = read.unread_why;
    }
    for (std::size_t i = 0; i < estate_.hosts.size(); ++i) LookAtHost(i);
    std::vector<Candidate> found;
    for (auto& [key, candidate] : by_acl_) {
      Complete(candidate);
      found.push_back(std::move(candidate));
    }
    for (auto& [key, candidate] : by_thing_) {
      NameOwners(candidate);
      found.push_back(std::move(candidate));
    }
    std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
      if (a.kind != b.kind) return a.kind < b.kind;
      return a.hosts.size() > b.hosts.size();
    });
    return found;
  }

 private:
  void LookAtHost(std::size_t at) {
    const Host& host = estate_.hosts[at];
    std::set<std::size_t> acls;
    for (const Way& way : map_.hosts[at].ways) {
      if (const auto acl = NearestAcl(way)) acls.insert(*acl);
      LookAtOpenWay(at, way);
    }
    if (!host.swp.classes) return;
    for (const std::size_t acl : acls) {
      behind_[acl].insert(at);
      LookAtAcl(at, acl, *host.swp.classes);
    }
  }

  void LookAtAcl(std::size_t at, std::size_t acl_at, const std::vector<AppClass>& classes) {
    const WebAcl& acl = estate_.acls[acl_at];
    const std::string place = PlaceKey(acl.account, acl.region, acl.scope);
    static const std::vector<const OfferedGroup*> nothing;
    const auto offer = offer_.find(place);
    const auto& groups = offer == offer_.end() ? nothing : offer->second;
    for (const Wanted& wanted : WantedGroups(classes, estate_.hosts[at].windows, groups, settings_)) {
      auto [entry, is_new] = by_acl_.try_emplace({acl_at, wanted.group});
      Candidate& candidate = entry->second;
      if (is_new) Begin(acl_at, wanted, place, candidate);
      candidate.advice_only = candidate.advice_only && wanted.advice_only;
      candidate.hosts.push_back(at);
      for (const std::string& name : wanted.classes) {
        if (std::find(candidate.classes.begin(), candidate.classes.end(), name) == candidate.classes.end()) {
          candidate.classes.push_back(name);
        }
      }
    }
  }

  void Begin(std::size_t acl_at, const Wanted& wanted, const std::string& place, Candidate& candidate) {
    const WebAcl& acl = estate_.acls[acl_at];
    candidate.acl = acl_at;
    candidate.account = acl.account;
    candidate.region = acl.region;
    candidate.group = wanted.group;
    candidate.advice_only = wanted.advice_only;
    const AclRule* there = FindGroupIn(acl, wanted.group);
    const auto read = unread_.find(place);
    const bool offer_is_read = read != unread_.end() && read->second.empty();
    if (!acl.unread_why.empty()) {
      candidate.kind = CandidateKind::kUnread;
      candidate.notes.push_back("the rules of the web ACL were not read: " + Shown(acl.unread_why));
    } else if (there != nullptr) {
      candidate.kind = there->mode == RuleMode::kEnforce ? CandidateKind::kAlready : CandidateKind::kPromote;
      candidate.where = PlaceWords(acl, *there);
    } else if (!offer_is_read) {
      candidate.kind = CandidateKind::kUnread;
      candidate.notes.push_back("which groups the account may use was not read: " +
                                (read == unread_.end() ? std::string("not asked") : Shown(read->second)));
    } else {
      candidate.kind = wanted.offered ? CandidateKind::kAdd : CandidateKind::kUnavailable;
    }
  }

  const OfferedGroup* FindOffered(const WebAcl& acl, const GroupName& group) const {
    const auto offer = offer_.find(PlaceKey(acl.account, acl.region, acl.scope));
    if (offer == offer_.end()) return nullptr;
    for (const OfferedGroup* one : offer->second) {
      if (one->vendor == group.vendor && one->name == group.name) return one;
    }
    return nullptr;
  }

  void Complete(Candidate& candidate) {
    const WebAcl& acl = estate_.acls[*candidate.acl];
    if (candidate.kind == CandidateKind::kAdd) {
      CountCapacity(acl, candidate);
      NoteWriter(acl, candidate);
    }
    if (candidate.kind == CandidateKind::kUnavailable) {
      candidate.notes.push_back(candidate.group.vendor == "AWS"
                                    ? "AWS does not offer this group here"
                                    : "subscribe to the group in AWS Marketplace first; nothing is written before");
    }
    if (candidate.kind == CandidateKind::kAdd || candidate.kind == CandidateKind::kPromote) NoteSight(acl, candidate);
    if (candidate.advice_only)
      candidate.notes.push_back(
          "complements Trend Micro's group, which has no generic SQL injection and cross-site scripting rules: advice "
          "only");
    NoteVersions(acl, candidate);
    NameShared(acl, candidate);
    NameOwners(candidate);
  }

  void CountCapacity(const WebAcl& acl, Candidate& candidate) const {
    candidate.capacity_before = acl.capacity;
    const OfferedGroup* group = FindOffered(acl, candidate.group);
    if (group == nullptr || !group->capacity) {
      candidate.notes.push_back("the capacity of the group was not read: it is checked before anything is written");
      return;
    }
    candidate.capacity_after = acl.capacity + *group->capacity;
    if (*candidate.capacity_after > kMostCapacity) {
      candidate.kind = CandidateKind::kNoRoom;
      candidate.notes.push_back("over the limit of " + std::to_string(kMostCapacity) +
                                " WCU for one web ACL: take out a group first");
    } else if (*candidate.capacity_after > kCapacityInPrice) {
      candidate.notes.push_back("over the " + std::to_string(kCapacityInPrice) +
                                " WCU of the base price: AWS bills more for each request");
    }
  }

  static void NoteWriter(const WebAcl& acl, Candidate& candidate) {
    if (OwnerOf(acl) == AclOwner::kFirewallManager) {
      candidate.notes.push_back("the web ACL belongs to Firewall Manager: its administrator changes the policy");
    } else if (OwnerOf(acl) == AclOwner::kCode) {
      candidate.notes.push_back("the web ACL is made by code (" + Shown(acl.managed_by) +
                                "): change it there, the patch is printed by sallyport waf --patch");
    } else if (OwnerOf(acl) == AclOwner::kUndetermined) {
      candidate.notes.push_back("who made the web ACL is undetermined, so it is not changed: " +
                                Shown(acl.tags_unread_why));
    }
  }

  // WAF refuses every update of an ACL with an expired version of a group in it (edge case W12).
  void NoteVersions(const WebAcl& acl, Candidate& candidate) const {
    for (const AclRule& rule : acl.rules) {
      if (rule.kind != AclRule::Kind::kManagedGroup || rule.version.empty()) continue;
      const std::string version = "version " + Shown(rule.version) + " of the group in rule " + Shown(rule.name);
      if (rule.expired) {
        candidate.notes.push_back(version + " expired: WAF refuses any update of the web ACL before it is replaced");
        continue;
      }
      if (rule.expiry_unread) {
        candidate.notes.push_back("whether " + version + " expired was not read");
        continue;
      }
      if (GroupName{rule.vendor, rule.group} != candidate.group) continue;
      const OfferedGroup* offered = FindOffered(acl, candidate.group);
      if (offered != nullptr && !offered->version.empty() && offered->version != rule.version) {
        candidate.notes.push_back(version + " is fixed; the default one is " + Shown(offered->version));
      }
    }
  }

  static void NoteSight(const WebAcl& acl, Candidate& candidate) {
    const AclRule* there = FindGroupIn(acl, candidate.group);
    if (there != nullptr && !there->sampled) {
      candidate.notes.push_back("sampled requests of rule " + Shown(there->name) +
                                " are off: what it counts can hardly be judged");
    }
    if (acl.logs && !*acl.logs) {
      candidate.notes.push_back("logging of the web ACL is off: what a group counts can hardly be judged");
    }
  }

  void NameShared(const WebAcl& acl, Candidate& candidate) const {
    std::vector<std::string> all = acl.resources;
    for (std::size_t i = 0; i < estate_.distributions.size(); ++i) {
      if (map_.acl_of_distribution[i] == candidate.acl) all.push_back(estate_.distributions[i].arn);
    }
    for (const std::string& arn : all) {
      if (candidate.shared_with.size() < kMostNamed) candidate.shared_with.push_back(Shown(arn));
    }
    if (all.size() > kMostNamed) {
      candidate.shared_with.push_back("and " + std::to_string(all.size() - kMostNamed) + " more");
    }
    if (!acl.resources_unread_why.empty()) {
      candidate.notes.push_back("what else the web ACL is in front of was not all read: " +
                                Shown(acl.resources_unread_why));
    }
  }

  void NameOwners(Candidate& candidate) const {
    std::set<std::string> owners;
    const auto add = [&](std::size_t host) {
      if (!estate_.hosts[host].owner.empty()) owners.insert(Shown(estate_.hosts[host].owner));
    };
    for (const std::size_t host : candidate.hosts) add(host);
    if (candidate.acl) {
      const auto behind = behind_.find(*candidate.acl);
      if (behind != behind_.end()) std::for_each(behind->second.begin(), behind->second.end(), add);
    }
    for (const std::string& owner : owners) {
      if (candidate.owners.size() < kMostNamed) candidate.owners.push_back(owner);
    }
  }

  // --- ways without an ACL

  void LookAtOpenWay(std::size_t at, const Way& way) {
    if (way.may_be != kOpen || way.hops.empty()) return;
    // An ACL would be put as near to the host as one can be: there it guards every way that passes.
    const Hop* best = nullptr;
    for (const Hop& hop : way.hops) {
      const bool takes_one =
          hop.kind == Hop::Kind::kDistribution || estate_.balancers[hop.at].kind == BalancerKind::kApplication;
      if (takes_one) best = &hop;
    }
    Candidate& candidate = best != nullptr ? NeedsAcl(*best) : NotPossible(way.hops.front());
    // Hosts come in their order.
    if (candidate.hosts.empty() || candidate.hosts.back() != at) candidate.hosts.push_back(at);
  }

  Candidate& Thing(CandidateKind kind, const std::string& arn) {
    Candidate& candidate = by_thing_[{kind, arn}];
    candidate.kind = kind;
    candidate.thing = arn;
    return candidate;
  }

  Candidate& NeedsAcl(const Hop& hop) {
    if (hop.kind == Hop::Kind::kDistribution) {
      const Distribution& one = estate_.distributions[hop.at];
      Candidate& candidate = Thing(CandidateKind::kNeedsAcl, one.arn);
      if (candidate.account.empty()) {
        candidate.thing_name = "distribution " + Shown(one.id);
        candidate.account = one.account;
        candidate.notes = {"associate a web ACL of scope CLOUDFRONT (us-east-1); Sallyport makes and associates none"};
      }
      return candidate;
    }
    const Balancer& one = estate_.balancers[hop.at];
    Candidate& candidate = Thing(CandidateKind::kNeedsAcl, one.arn);
    if (candidate.account.empty()) {
      candidate.thing_name = std::string(Words(one.kind)) + " " + Shown(one.name);
      candidate.account = one.account;
      candidate.region = one.region;
      candidate.notes = {"associate a regional web ACL: aws wafv2 associate-web-acl --web-acl-arn ARN --resource-arn " +
                         Shown(one.arn) + "; Sallyport makes and associates none"};
    }
    return candidate;
  }

  Candidate& NotPossible(const Hop& hop) {
    const Balancer& one = estate_.balancers[hop.at];
    Candidate& candidate = Thing(CandidateKind::kNotPossible, one.arn);
    if (candidate.account.empty()) {
      candidate.thing_name = std::string(Words(one.kind)) + " " + Shown(one.name);
      candidate.account = one.account;
      candidate.region = one.region;
      candidate.notes = {
          one.kind == BalancerKind::kClassic
              ? "no web ACL can be put on a Classic load balancer: move to an ALB, or put CloudFront in "
                "front and allow its addresses alone"
              : "no web ACL can be put on an NLB: put an ALB behind it, or CloudFront in front and allow "
                "its addresses alone"};
    }
    return candidate;
  }

  const Estate& estate_;
  const Map& map_;
  const FitSettings& settings_;
  std::unordered_map<std::string, std::vector<const OfferedGroup*>> offer_;
  std::unordered_map<std::string, std::string> unread_;
  std::map<std::pair<std::size_t, GroupName>, Candidate> by_acl_;
  std::map<std::pair<CandidateKind, std::string>, Candidate> by_thing_;
  std::map<std::size_t, std::set<std::size_t>> behind_;
};

}  // namespace

std::string_view ToString(CandidateKind kind) {
  switch (kind) {
    case CandidateKind::kAdd:
      return "add";
    case CandidateKind::kPromote:
      return "promote";
    case CandidateKind::kAlready:
      return "already";
    case CandidateKind::kUnavailable:
      return "unavailable";
    case CandidateKind::kNoRoom:
      return "no-room";
    case CandidateKind::kUnread:
      return "unread";
    case CandidateKind::kNeedsAcl:
      return "needs-acl";
    case CandidateKind::kNotPossible:
      return "not-possible";
  }
  return "";
}

AclOwner OwnerOf(const WebAcl& acl) {
  if (acl.of_firewall_manager || acl.name.starts_with("FMManagedWebACLV2-")) return AclOwner::kFirewallManager;
  if (!acl.tags_unread_why.empty()) return AclOwner::kUndetermined;
  return acl.managed_by.empty() ? AclOwner::kAnybody : AclOwner::kCode;
}

std::vector<Candidate> FindCandidates(const Estate& estate, const Map& map, const FitSettings& settings) {
  return CandidateFinder(estate, map, settings).Find();
}

}  // namespace sallyport::edge
