// SPDX-License-Identifier: Apache-2.0
#include "tests/edge/reference.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "edge/fit.h"
#include "edge/map.h"

namespace sallyport::edge {
namespace {

// What one way may be: 'E' passes an ACL that enforces, 'C' one that counts, 'O' none, 'N' it does not exist.
using Letters = std::set<char>;

// One way, as it was walked.
struct Walk {
  Letters letters;
  std::vector<std::string> nodes;  // "d3", "b1"
  std::size_t host = 0;
};

char Stronger(char a, char b) {
  const std::string order = "OCE";
  return order.find(a) > order.find(b) ? a : b;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string Dns(const std::string& name) {
  std::string plain = Lower(name);
  if (!plain.empty() && plain.back() == '.') plain.pop_back();
  return plain.substr(0, 10) == "dualstack." ? plain.substr(10) : plain;
}

class Reference {
 public:
  explicit Reference(const Estate& estate) : e_(estate) {
    for (std::size_t d = 0; d < e_.distributions.size(); ++d) {
      if (e_.distributions[d].enabled) FromDistribution(d, {'O'}, {});
    }
    for (std::size_t b = 0; b < e_.balancers.size(); ++b) {
      for (const Letters& letters : Doors(b)) FromBalancer(b, letters, {});
    }
    OwnAddresses();
    Unread();
  }

  const std::vector<Walk>& walks() const { return walks_; }

  std::string State(std::size_t host) const {
    std::set<std::set<char>> worlds = {{}};
    for (const Walk& walk : walks_) {
      if (walk.host != host) continue;
      std::set<std::set<char>> next;
      for (const auto& world : worlds) {
        for (const char letter : walk.letters) {
          auto made = world;
          if (letter != 'N') made.insert(letter);
          next.insert(made);
        }
      }
      worlds = next;
    }
    std::set<std::string> words;
    for (const auto& world : worlds) words.insert(Word(world));
    return words.size() == 1 ? *words.begin() : "undetermined";
  }

  // The ACL of the last thing on the walk that has one.
  const WebAcl* Nearest(const Walk& walk) const {
    for (auto node = walk.nodes.rbegin(); node != walk.nodes.rend(); ++node) {
      const std::size_t at = static_cast<std::size_t>(std::stoul(node->substr(1)));
      const WebAcl* acl = (*node)[0] == 'd' ? AclOfDistribution(e_.distributions[at]) : AclOfBalancer(e_.balancers[at]);
      if (acl != nullptr) return acl;
    }
    return nullptr;
  }

 private:
  static std::string Word(const std::set<char>& world) {
    if (world.empty()) return "no-way";
    if (!world.contains('E')) return world.contains('O') ? "not" : "counts";
    return world.size() == 1 ? "behind" : "partly";
  }

  const Gap* GapOf(Part part, const std::string& account, const std::string& region) const {
    for (const Gap& gap : e_.gaps) {
      if (gap.account != account) continue;
      if (gap.part == part && gap.region == region) return &gap;
      if (gap.part == Part::kRegion && (gap.region.empty() || gap.region == region)) return &gap;
    }
    return nullptr;
  }

  static Letters LettersOf(const WebAcl& acl) {
    if (!acl.unread_why.empty()) return {'E', 'C'};
    if (acl.blocks_by_default) return {'E'};
    for (const AclRule& rule : acl.rules) {
      if (rule.mode == RuleMode::kEnforce) return {'E'};
    }
    return {'C'};
  }

  const WebAcl* AclOfDistribution(const Distribution& one) const {
    for (const WebAcl& acl : e_.acls) {
      if (acl.arn == one.web_acl) return &acl;
    }
    return nullptr;
  }

  const WebAcl* AclOfBalancer(const Balancer& one) const {
    if (one.kind != BalancerKind::kApplication) return nullptr;
    const WebAcl* found = nullptr;
    for (const WebAcl& acl : e_.acls) {
      for (const std::string& arn : acl.resources) {
        if (arn == one.arn) found = &acl;
      }
    }
    return found;
  }

  Letters GuardOf(const Distribution& one) const {
    if (one.tenants_only) return {'E', 'C', 'O'};
    if (const WebAcl* acl = AclOfDistribution(one)) return LettersOf(*acl);
    const bool classic = one.web_acl.size() == 36 && one.web_acl.find(':') == std::string::npos;
    if (one.web_acl.empty() || classic) return {'O'};
    return {'E', 'C'};
  }

  Letters GuardOf(const Balancer& one) const {
    if (one.kind != BalancerKind::kApplication) return {'O'};
    if (const WebAcl* acl = AclOfBalancer(one)) return LettersOf(*acl);
    if (GapOf(Part::kRegionalAcls, one.account, one.region) != nullptr) return {'E', 'C', 'O'};
    return {'O'};
  }

  static Letters Pass(const Letters& way, const Letters& guard) {
    Letters made;
    for (const char a : way) {
      if (a == 'N') made.insert('N');
      for (const char b : guard) {
        if (a != 'N') made.insert(Stronger(a, b));
      }
    }
    return made;
  }

  // 'y' the internet, 'n' nobody of it, '?' not known.
  char MayCome(const std::vector<std::string>& groups, const std::string& account, const std::string& region,
               const std::vector<std::int64_t>& ports) const {
    bool unread = false;
    for (const std::string& id : groups) {
      bool known = false;
      for (const SecurityGroup& group : e_.security_groups) {
        if (group.id != id || group.account != account || group.region != region) continue;
        known = true;
        for (const auto& ingress : group.ingress) {
          bool covers = ports.empty();
          for (const std::int64_t port : ports) covers |= ingress.first_port <= port && port <= ingress.last_port;
          if (covers && ingress.from == Openness::kOpen) return 'y';
          unread |= covers && ingress.from == Openness::kUnread;
        }
      }
      unread |= !known;
    }
    return unread ? '?' : 'n';
  }

  // The ways in which the internet may stand before a load balancer, without those through another thing that was read.
  std::vector<Letters> Doors(std::size_t at) const {
    const Balancer& b = e_.balancers[at];
    std::vector<Letters> doors;
    if (b.kind == BalancerKind::kGateway) return doors;
    if (b.internet_facing && b.header_check != HeaderCheck::kAll) {
      const char come = b.groups.empty() ? 'y' : MayCome(b.groups, b.account, b.region, {});
      if (come == 'y') doors.push_back(b.header_check == HeaderCheck::kUnread ? Letters{'O', 'N'} : Letters{'O'});
      if (come == '?') doors.push_back({'O', 'N'});
    }
    for (const Gap& gap : e_.gaps) {
      const bool global = gap.part == Part::kDistributions || (gap.part == Part::kRegion && gap.region.empty());
      if (global) doors.push_back({'E', 'C', 'O', 'N'});
    }
    for (const TargetGroup& group : e_.groups) {
      if (group.kind != TargetKind::kBalancer) continue;
      for (const Target& target : group.targets) {
        if (target.id != b.arn) continue;
        for (const std::string& arn : group.balancers) {
          const bool known =
              std::any_of(e_.balancers.begin(), e_.balancers.end(), [&](const auto& x) { return x.arn == arn; });
          if (!known) doors.push_back({'E', 'C', 'O', 'N'});
        }
      }
    }
    return doors;
  }

  static bool Has(const std::vector<std::string>& nodes, const std::string& node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  }

  void FromDistribution(std::size_t at, Letters letters, std::vector<std::string> nodes) {
    const std::string me = "d" + std::to_string(at);
    if (Has(nodes, me)) return;
    nodes.push_back(me);
    const Distribution& d = e_.distributions[at];
    letters = Pass(letters, GuardOf(d));
    if (!d.enabled) return;
    for (const Origin& origin : d.origins) {
      if (!origin.vpc_origin.empty()) {
        ThroughVpcOrigin(d, origin, letters, nodes);
        continue;
      }
      std::vector<std::size_t> balancers;
      for (std::size_t b = 0; b < e_.balancers.size(); ++b) {
        if (Dns(e_.balancers[b].dns) == Dns(origin.domain)) balancers.push_back(b);
      }
      Letters next = letters;
      if (balancers.size() > 1) next.insert('N');
      for (const std::size_t b : balancers) FromBalancer(b, next, nodes);
      if (!balancers.empty()) continue;
      bool is_distribution = false;
      for (std::size_t other = 0; other < e_.distributions.size(); ++other) {
        bool same = Dns(e_.distributions[other].domain) == Dns(origin.domain);
        for (const std::string& alias : e_.distributions[other].aliases) same |= Dns(alias) == Dns(origin.domain);
        if (!same) continue;
        is_distribution = true;
        FromDistribution(other, letters, nodes);
      }
      if (is_distribution) continue;
      for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
        const std::string& dns = e_.hosts[h].public_dns;
        if (!dns.empty() && Dns(dns) == Dns(origin.domain)) walks_.push_back({letters, nodes, h});
      }
    }
  }

  void ThroughVpcOrigin(const Distribution& d, const Origin& origin, const Letters& letters,
                        const std::vector<std::string>& nodes) {
    for (const VpcOrigin& known : e_.vpc_origins) {
      if (known.account != d.account || known.id != origin.vpc_origin) continue;
      for (std::size_t b = 0; b < e_.balancers.size(); ++b) {
        if (e_.balancers[b].arn == known.target) return FromBalancer(b, letters, nodes);
      }
      for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
        if (known.target.ends_with("instance/" + e_.hosts[h].id)) walks_.push_back({letters, nodes, h});
      }
      return;
    }
    if (GapOf(Part::kVpcOrigins, d.account, "") == nullptr) return;
    Letters maybe = letters;
    maybe.insert('N');
    for (std::size_t b = 0; b < e_.balancers.size(); ++b) {
      if (e_.balancers[b].account == d.account) FromBalancer(b, maybe, nodes);
    }
    for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
      if (e_.hosts[h].account == d.account) walks_.push_back({maybe, nodes, h});
    }
  }

  void FromBalancer(std::size_t at, Letters letters, std::vector<std::string> nodes) {
    const std::string me = "b" + std::to_string(at);
    if (Has(nodes, me)) return;
    nodes.push_back(me);
    const Balancer& b = e_.balancers[at];
    letters = Pass(letters, GuardOf(b));
    for (const std::string& id : b.instances) ToInstance(id, letters, nodes);
    for (const TargetGroup& group : e_.groups) {
      if (!Has(group.balancers, b.arn)) continue;
      ThroughGroup(group, letters, nodes);
    }
  }

  void ToInstance(const std::string& id, const Letters& letters, const std::vector<std::string>& nodes) {
    for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
      if (e_.hosts[h].id == id) walks_.push_back({letters, nodes, h});
    }
  }

  void ToAnyOf(const std::string& vpc, Letters letters, const std::vector<std::string>& nodes) {
    letters.insert('N');
    for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
      if (e_.hosts[h].vpc == vpc) walks_.push_back({letters, nodes, h});
    }
  }

  void ThroughGroup(const TargetGroup& group, const Letters& letters, const std::vector<std::string>& nodes) {
    if (!group.unread_why.empty()) {
      if (group.kind == TargetKind::kInstance || group.kind == TargetKind::kIp) ToAnyOf(group.vpc, letters, nodes);
      if (group.kind != TargetKind::kBalancer) return;
    }
    for (const Target& target : group.targets) {
      if (group.kind == TargetKind::kInstance) ToInstance(target.id, letters, nodes);
      if (group.kind == TargetKind::kIp) ToAddress(group, target, letters, nodes);
      if (group.kind != TargetKind::kBalancer) continue;
      for (std::size_t b = 0; b < e_.balancers.size(); ++b) {
        if (e_.balancers[b].arn == target.id) FromBalancer(b, letters, nodes);
      }
    }
  }

  void ToAddress(const TargetGroup& group, const Target& target, Letters letters,
                 const std::vector<std::string>& nodes) {
    std::vector<std::size_t> here;
    std::vector<std::size_t> there;
    for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
      if (!Has(e_.hosts[h].addresses, target.id)) continue;
      (e_.hosts[h].vpc == group.vpc && !target.outside_vpc ? here : there).push_back(h);
    }
    if (here.size() > 1) letters.insert('N');
    for (const std::size_t h : here) walks_.push_back({letters, nodes, h});
    if (!here.empty()) return;
    if (!target.outside_vpc) {
      bool is_task = false;
      for (const Task& task : e_.tasks) {
        if (task.account != group.account || task.region != group.region || !Has(task.addresses, target.id)) continue;
        is_task = true;
        for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
          if (e_.hosts[h].id != task.instance || e_.hosts[h].vpc != group.vpc) continue;
          walks_.push_back({letters, nodes, h});
          return;
        }
      }
      if (is_task) return;
    }
    letters.insert('N');
    for (const std::size_t h : there) walks_.push_back({letters, nodes, h});
    if (!there.empty() || target.outside_vpc) return;
    for (const Interface& one : e_.interfaces) {
      if (one.vpc == group.vpc && Has(one.addresses, target.id)) return;
    }
    const bool blind = GapOf(Part::kTasks, group.account, group.region) != nullptr ||
                       GapOf(Part::kInstances, group.account, group.region) != nullptr;
    if (blind) ToAnyOf(group.vpc, letters, nodes);
  }

  void OwnAddresses() {
    for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
      const Host& host = e_.hosts[h];
      if (host.public_ip.empty()) continue;
      const char come = MayCome(host.groups, host.account, host.region, PortsOf(host));
      if (come == 'y') walks_.push_back({{'O'}, {}, h});
      if (come == '?') walks_.push_back({{'O', 'N'}, {}, h});
    }
  }

  std::vector<std::int64_t> PortsOf(const Host& host) const {
    std::vector<std::int64_t> ports = {80, 443, 8080, 8443};
    for (const TargetGroup& group : e_.groups) {
      for (const Target& target : group.targets) {
        if (target.id == host.id && target.port > 0) ports.push_back(target.port);
      }
    }
    return ports;
  }

  bool AnyoneMayCome(const Host& host) const {
    if (MayCome(host.groups, host.account, host.region, PortsOf(host)) != 'n') return true;
    for (const SecurityGroup& group : e_.security_groups) {
      if (!Has(host.groups, group.id) || group.account != host.account || group.region != host.region) continue;
      for (const auto& ingress : group.ingress) {
        for (const std::int64_t port : PortsOf(host)) {
          if (ingress.first_port <= port && port <= ingress.last_port) return true;
        }
      }
    }
    return false;
  }

  // Ways from what was not read: a load balancer that a target group names, a part of a place, all of CloudFront.
  void Unread() {
    const Letters anything = {'E', 'C', 'O', 'N'};
    for (const TargetGroup& group : e_.groups) {
      for (const std::string& arn : group.balancers) {
        const bool known =
            std::any_of(e_.balancers.begin(), e_.balancers.end(), [&](const auto& b) { return b.arn == arn; });
        if (!known && group.kind != TargetKind::kBalancer) ThroughGroup(group, anything, {});
      }
    }
    for (const Gap& gap : e_.gaps) {
      for (std::size_t h = 0; h < e_.hosts.size(); ++h) {
        const Host& host = e_.hosts[h];
        const bool here = host.account == gap.account && host.region == gap.region;
        const bool part = gap.part == Part::kTargetGroups || gap.part == Part::kClassic || gap.part == Part::kRegion;
        if (here && part) walks_.push_back({anything, {}, h});
        const bool global = gap.part == Part::kDistributions || (gap.part == Part::kRegion && gap.region.empty());
        if (global && !host.public_dns.empty() && AnyoneMayCome(host)) walks_.push_back({anything, {}, h});
      }
    }
  }

  const Estate& e_;
  std::vector<Walk> walks_;
};

bool IsTrends(const OfferedGroup& group, const std::string& product) {
  if (Lower(group.vendor).find("trend") == std::string::npos) return false;
  const std::string name = Lower(group.name);
  const std::vector<std::string> words = product == "cms"
                                             ? std::vector<std::string>{"cms", "content", "wordpress", "joomla"}
                                             : std::vector<std::string>{"webserver", "web_server", "apache", "nginx"};
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return name.find(word) != std::string::npos; });
}

std::string KindFor(const Estate& estate, const WebAcl& acl, const std::string& vendor, const std::string& name) {
  if (!acl.unread_why.empty()) return "unread";
  bool there = false;
  for (const AclRule& rule : acl.rules) {
    if (rule.kind != AclRule::Kind::kManagedGroup || rule.vendor != vendor || rule.group != name) continue;
    if (rule.mode == RuleMode::kEnforce) return "already";
    there = true;
  }
  if (there) return "promote";
  bool asked = false;
  for (const OfferRead& read : estate.offers) {
    asked |=
        read.account == acl.account && read.region == acl.region && read.scope == acl.scope && read.unread_why.empty();
  }
  if (!asked) return "unread";
  for (const OfferedGroup& group : estate.offered) {
    if (group.account != acl.account || group.region != acl.region || group.scope != acl.scope) continue;
    if (group.vendor != vendor || group.name != name) continue;
    return group.capacity && acl.capacity + *group.capacity > 5'000 ? "no-room" : "add";
  }
  return "unavailable";
}

}  // namespace

std::vector<std::string> ReferenceStates(const Estate& estate) {
  const Reference reference(estate);
  std::vector<std::string> states;
  for (std::size_t h = 0; h < estate.hosts.size(); ++h) states.push_back(reference.State(h));
  return states;
}

std::vector<std::string> ReferenceCandidates(const Estate& estate) {
  const Reference reference(estate);
  std::set<std::string> lines;
  for (const Walk& walk : reference.walks()) {
    const Host& host = estate.hosts[walk.host];
    if (walk.letters == Letters{'O'} && !walk.nodes.empty()) {
      std::string thing;
      for (const std::string& node : walk.nodes) {
        const std::size_t at = static_cast<std::size_t>(std::stoul(node.substr(1)));
        if (node[0] == 'd') thing = "needs-acl " + estate.distributions[at].arn;
        if (node[0] == 'b' && estate.balancers[at].kind == BalancerKind::kApplication) {
          thing = "needs-acl " + estate.balancers[at].arn;
        }
      }
      if (thing.empty()) {
        thing = "not-possible " + estate.balancers[static_cast<std::size_t>(std::stoul(walk.nodes[0].substr(1)))].arn;
      }
      lines.insert(thing + " " + host.id);
    }
    const WebAcl* acl = reference.Nearest(walk);
    if (acl == nullptr || !host.swp.classes) continue;
    for (const AppClass& one : *host.swp.classes) {
      for (const FitRow& row : FitRows()) {
        if (row.name != one.name || one.rules < row.least_rules) continue;
        std::vector<std::pair<std::string, std::string>> groups;
        for (const OfferedGroup& group : estate.offered) {
          const bool here = group.account == acl->account && group.region == acl->region && group.scope == acl->scope;
          if (!here || row.trend.empty() || !IsTrends(group, std::string(row.trend))) continue;
          groups.emplace_back(group.vendor, group.name);
          break;
        }
        for (const std::string_view name : row.aws) {
          const bool other =
              host.windows ? name.find("Linux") != std::string_view::npos || name.find("Unix") != std::string_view::npos
                           : name.find("Windows") != std::string_view::npos;
          if (!other) groups.emplace_back("AWS", name);
        }
        for (const auto& [vendor, name] : groups) {
          std::string line = KindFor(estate, *acl, vendor, name);
          line.append(" ").append(acl->name).append(" ").append(vendor).append("/").append(name).append(" ");
          lines.insert(line.append(host.id));
        }
      }
    }
  }
  return {lines.begin(), lines.end()};
}

}  // namespace sallyport::edge
