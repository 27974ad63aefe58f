// SPDX-License-Identifier: Apache-2.0
#include "tests/edge/estate_text.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

namespace sallyport::edge {
namespace {

constexpr std::string_view kAccount = "111122223333";
constexpr std::string_view kRegion = "us-east-1";

[[noreturn]] void Bad(const std::string& line, const std::string& why) {
  std::cerr << "estate text: `" << line << "`: " << why << "\n";
  std::abort();
}

std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::string Spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

struct Line {
  std::string whole;
  std::vector<std::string> words;
  std::map<std::string, std::string> named;
  std::string account;
  std::string region;

  bool Has(std::string_view word) const { return std::find(words.begin(), words.end(), word) != words.end(); }
  std::string Of(const std::string& name) const {
    const auto found = named.find(name);
    return found == named.end() ? "" : found->second;
  }
  const std::string& Word(std::size_t at) const {
    if (at >= words.size()) Bad(whole, "too short");
    return words[at];
  }
};

Line ReadLine(const std::string& text) {
  Line line;
  line.whole = text;
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      line.words.push_back(word);
    } else {
      line.named[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  line.account = line.Of("account").empty() ? std::string(kAccount) : line.Of("account");
  line.region = line.Of("region").empty() ? std::string(kRegion) : line.Of("region");
  return line;
}

class Reader {
 public:
  Estate Read(std::string_view text) {
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      Take(ReadLine(line));
    }
    Resolve();
    return std::move(estate_);
  }

 private:
  void Take(const Line& line) {
    const std::string& kind = line.Word(0);
    if (kind == "acl") return TakeAcl(line);
    if (kind == "dist") return TakeDistribution(line);
    if (kind == "alb" || kind == "nlb" || kind == "gwlb" || kind == "clb") return TakeBalancer(line);
    if (kind == "group") return TakeGroup(line);
    if (kind == "host") return TakeHost(line);
    if (kind == "task") return TakeTask(line);
    if (kind == "offer") return TakeOffer(line);
    if (kind == "gap") return TakeGap(line);
    if (kind == "vpcorigin") {
      estate_.vpc_origins.push_back({line.Word(1), line.account, line.Word(2)});
    } else if (kind == "eni") {
      estate_.interfaces.push_back(
          {line.account, line.region, line.Of("vpc"), {line.Of("ip")}, "", Spaced(line.Word(1))});
    } else {
      Bad(line.whole, "unknown");
    }
  }

  static std::string ArnOf(const std::string& name) { return "arn:lb/" + name; }

  void TakeAcl(const Line& line) {
    WebAcl acl;
    acl.name = line.Word(1);
    acl.id = acl.name;
    acl.scope = line.Has("edge") ? "CLOUDFRONT" : "REGIONAL";
    acl.account = line.account;
    acl.region = line.region;
    acl.arn = "arn:aws:wafv2:" + acl.region + ":" + acl.account + ":webacl/" + acl.name;
    acl.capacity = std::atoll(line.Of("cap").c_str());
    AclRule rule;
    rule.name = "own";
    rule.mode = line.Has("enforce") ? RuleMode::kEnforce : RuleMode::kCount;
    acl.rules.push_back(rule);
    for (const std::string& has : Split(line.Of("has"), ',')) {
      const auto slash = has.find('/');
      const auto colon = has.find(':');
      AclRule group;
      group.kind = AclRule::Kind::kManagedGroup;
      group.priority = static_cast<std::int64_t>(acl.rules.size());
      group.vendor = has.substr(0, slash);
      group.group = has.substr(slash + 1, colon - slash - 1);
      group.name = group.group;
      group.mode = has.substr(colon + 1) == "enforce" ? RuleMode::kEnforce : RuleMode::kCount;
      if (line.Has("fms")) group.place = AclRule::Place::kFirst;
      acl.rules.push_back(group);
    }
    for (const std::string& on : Split(line.Of("on"), ',')) acl.resources.push_back(ArnOf(on));
    acl.of_firewall_manager = line.Has("fms");
    acl.managed_by = Spaced(line.Of("code"));
    acl.logs = !line.Has("nolog");
    acl.unread_why = Spaced(line.Of("unread"));
    acls_[acl.name] = acl.arn;
    estate_.acls.push_back(std::move(acl));
  }

  void TakeDistribution(const Line& line) {
    Distribution one;
    one.id = line.Word(1);
    one.arn = "arn:aws:cloudfront::" + line.account + ":distribution/" + one.id;
    one.account = line.account;
    one.domain = one.id + ".cloudfront.net";
    one.enabled = !line.Has("off");
    one.tenants_only = line.Has("tenants");
    one.web_acl = line.Of("acl");
    if (one.web_acl == "classic") one.web_acl = "01234567-89ab-cdef-0123-456789abcdef";
    if (!line.Of("alias").empty()) one.aliases = Split(line.Of("alias"), ',');
    for (const std::string& name : Split(line.Of("origins"), ',')) {
      Origin origin;
      origin.id = name;
      if (name.starts_with("vo-")) {
        origin.vpc_origin = name;
      } else {
        origin.domain = name;
      }
      one.origins.push_back(origin);
    }
    estate_.distributions.push_back(std::move(one));
  }

  void TakeBalancer(const Line& line) {
    Balancer one;
    one.name = line.Word(1);
    one.arn = ArnOf(one.name);
    one.account = line.account;
    one.region = line.region;
    const std::string& kind = line.Word(0);
    one.kind = kind == "alb"    ? BalancerKind::kApplication
               : kind == "nlb"  ? BalancerKind::kNetwork
               : kind == "gwlb" ? BalancerKind::kGateway
                                : BalancerKind::kClassic;
    one.dns = line.Of("dns").empty() ? one.name + ".elb.amazonaws.com" : line.Of("dns");
    one.internet_facing = !line.Has("internal");
    one.vpc = "vpc-1";
    Openness openness = Openness::kOpen;
    if (line.Has("closed")) openness = Openness::kClosed;
    if (line.Has("cloudfront")) openness = Openness::kCloudFront;
    if (line.Has("named")) openness = Openness::kNamed;
    if (!line.Has("nogroups")) one.groups = {"sg-" + one.name};
    if (!line.Has("unread")) AddGroup("sg-" + one.name, line, openness, 0, 65535);
    one.header_check = line.Has("header")          ? HeaderCheck::kAll
                       : line.Has("noheader")      ? HeaderCheck::kNone
                       : line.Has("header-unread") ? HeaderCheck::kUnread
                                                   : HeaderCheck::kNotAsked;
    one.instances = Split(line.Of("hosts"), ',');
    estate_.balancers.push_back(std::move(one));
  }

  void AddGroup(const std::string& id, const Line& line, Openness from, std::int64_t first, std::int64_t last) {
    SecurityGroup group{id, line.account, line.region, {}};
    if (from != Openness::kClosed) group.ingress.push_back({from, first, last});
    estate_.security_groups.push_back(std::move(group));
  }

  void TakeGroup(const Line& line) {
    TargetGroup one;
    one.name = line.Word(1);
    one.arn = "arn:tg/" + one.name;
    one.account = line.account;
    one.region = line.region;
    const std::string& kind = line.Word(2);
    one.kind = kind == "instance" ? TargetKind::kInstance
               : kind == "ip"     ? TargetKind::kIp
               : kind == "lambda" ? TargetKind::kLambda
                                  : TargetKind::kBalancer;
    one.vpc = line.Of("vpc").empty() ? "vpc-1" : line.Of("vpc");
    for (const std::string& name : Split(line.Of("lb"), ',')) one.balancers.push_back(ArnOf(name));
    for (std::string target : Split(line.Of("targets"), ',')) {
      Target made;
      made.state = "healthy";
      if (target.ends_with('!')) {  // an address outside the VPC
        made.outside_vpc = true;
        target.pop_back();
      }
      const auto port = target.find(':');
      if (port != std::string::npos) {
        made.port = std::atoll(target.substr(port + 1).c_str());
        target.resize(port);
      }
      made.id = one.kind == TargetKind::kBalancer ? ArnOf(target) : target;
      one.targets.push_back(std::move(made));
    }
    one.unread_why = Spaced(line.Of("unread"));
    estate_.groups.push_back(std::move(one));
  }

  void TakeHost(const Line& line) {
    Host host;
    host.account = line.account;
    host.region = line.region;
    host.id = line.Word(1);
    host.state = "running";
    host.windows = line.Has("windows");
    host.vpc = line.Of("vpc").empty() ? "vpc-1" : line.Of("vpc");
    if (!line.Of("ip").empty()) host.addresses = Split(line.Of("ip"), ',');
    host.public_ip = line.Of("public");
    if (!host.public_ip.empty()) host.public_dns = "ec2-" + host.id + ".amazonaws.com";
    host.groups = {"sg-" + host.id};
    host.owner = line.Of("owner");
    const std::int64_t port = line.Of("port").empty() ? 443 : std::atoll(line.Of("port").c_str());
    if (!line.Has("unread")) {
      AddGroup("sg-" + host.id, line, line.Has("closed") ? Openness::kClosed : Openness::kOpen, port, port);
    }
    host.swp.guard = Guard::kProtected;
    if (!line.Has("noclasses")) host.swp.classes.emplace();
    for (const std::string& name : Split(line.Of("classes"), ',')) {
      const auto star = name.find('*');
      AppClass made;
      made.name = name.substr(0, star);
      made.rules = star == std::string::npos ? 3 : static_cast<std::size_t>(std::atoi(name.substr(star + 1).c_str()));
      host.swp.classes->push_back(std::move(made));
    }
    estate_.hosts.push_back(std::move(host));
  }

  void TakeTask(const Line& line) {
    Task task;
    task.account = line.account;
    task.region = line.region;
    task.service = line.Of("service");
    if (!line.Of("ip").empty()) task.addresses = Split(line.Of("ip"), ',');
    task.instance = line.Of("on");
    estate_.tasks.push_back(std::move(task));
  }

  void TakeOffer(const Line& line) {
    OfferedGroup group;
    group.account = line.account;
    group.region = line.region;
    group.scope = line.Has("edge") ? "CLOUDFRONT" : "REGIONAL";
    const std::string& name = line.Word(1);
    const auto slash = name.find('/');
    group.vendor = name.substr(0, slash);
    group.name = name.substr(slash + 1);
    if (line.words.size() > 2 && line.Word(2) != "edge") group.capacity = std::atoll(line.Word(2).c_str());
    estate_.offered.push_back(group);
    const OfferRead read{group.account, group.region, group.scope, ""};
    if (std::find(estate_.offers.begin(), estate_.offers.end(), read) == estate_.offers.end()) {
      estate_.offers.push_back(read);
    }
  }

  void TakeGap(const Line& line) {
    static const std::map<std::string, Part> parts = {{"distributions", Part::kDistributions},
                                                      {"edge-acls", Part::kGlobalAcls},
                                                      {"acls", Part::kRegionalAcls},
                                                      {"balancers", Part::kLoadBalancers},
                                                      {"classic", Part::kClassic},
                                                      {"groups", Part::kTargetGroups},
                                                      {"instances", Part::kInstances},
                                                      {"security-groups", Part::kSecurityGroups},
                                                      {"tasks", Part::kTasks},
                                                      {"vpc-origins", Part::kVpcOrigins},
                                                      {"region", Part::kRegion},
                                                      {"account", Part::kRegion}};
    const auto part = parts.find(line.Word(1));
    if (part == parts.end()) Bad(line.whole, "no such part");
    const bool global = part->second == Part::kDistributions || part->second == Part::kGlobalAcls ||
                        part->second == Part::kVpcOrigins || part->first == "account";
    estate_.gaps.push_back({part->second, line.account, global ? "" : line.region, Spaced(line.Word(2))});
  }

  void Resolve() {
    std::map<std::string, std::string> dns;
    for (const Balancer& one : estate_.balancers) dns.emplace(one.name, one.dns);
    for (Distribution& one : estate_.distributions) {
      if (const auto acl = acls_.find(one.web_acl); acl != acls_.end()) one.web_acl = acl->second;
      for (Origin& origin : one.origins) {
        if (const auto found = dns.find(origin.domain); found != dns.end()) origin.domain = found->second;
      }
    }
    for (VpcOrigin& origin : estate_.vpc_origins) {
      if (dns.contains(origin.target))
        origin.target = ArnOf(origin.target);
      else
        origin.target = "arn:aws:ec2:us-east-1:111122223333:instance/" + origin.target;
    }
  }

  Estate estate_;
  std::map<std::string, std::string> acls_;
};

std::string HopText(const Estate& estate, const Hop& hop) {
  std::string text =
      hop.kind == Hop::Kind::kDistribution ? estate.distributions[hop.at].id : estate.balancers[hop.at].name;
  if (hop.acl) text += "[" + estate.acls[*hop.acl].name + "]";
  return text;
}

std::string WayText(const Estate& estate, const Way& way) {
  std::string text = "internet";
  for (const Hop& hop : way.hops) text += " > " + HopText(estate, hop);
  if (way.hops.empty() && !way.why.empty()) text = "?";
  if (way.group) text += " > " + estate.groups[*way.group].name;
  text += ": " + std::string(WordOf(way.may_be));
  if (!way.why.empty()) text += " (" + way.why + ")";
  return text;
}

std::string CandidateText(const Estate& estate, const Candidate& candidate) {
  std::string text = std::string(ToString(candidate.kind));
  if (candidate.acl) {
    text += " " + ToString(candidate.group) + " in " + estate.acls[*candidate.acl].name;
  } else {
    text += " " + candidate.thing_name;
  }
  text += " for";
  for (const std::size_t host : candidate.hosts) text += " " + estate.hosts[host].id;
  if (candidate.capacity_after) {
    text +=
        ", " + std::to_string(*candidate.capacity_before) + " to " + std::to_string(*candidate.capacity_after) + " WCU";
  }
  if (candidate.advice_only) text += ", advice";
  return text;
}

}  // namespace

Estate EstateFromText(std::string_view text) {
  return Reader().Read(text);
}

std::string TextOfMap(const Estate& estate, const Map& map, const std::vector<Candidate>& candidates) {
  std::string text;
  for (std::size_t i = 0; i < estate.hosts.size(); ++i) {
    text += estate.hosts[i].id + " " + std::string(ToString(map.hosts[i].state)) + "\n";
    for (const Way& way : map.hosts[i].ways) text += "  " + WayText(estate, way) + "\n";
  }
  for (const Break& one : map.breaks) text += "break " + one.where + ": " + one.why + "\n";
  for (const std::string& note : map.notes) text += "note " + note + "\n";
  for (const Candidate& candidate : candidates) text += CandidateText(estate, candidate) + "\n";
  return text;
}

}  // namespace sallyport::edge
