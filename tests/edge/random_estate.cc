// SPDX-License-Identifier: Apache-2.0
#include "tests/edge/random_estate.h"

#include <initializer_list>
#include <random>
#include <vector>

namespace sallyport::edge {
namespace {

std::string Joined(std::initializer_list<std::string> parts) {
  std::string whole;
  for (const std::string& part : parts) whole += part;
  return whole;
}

class EstateMaker {
 public:
  explicit EstateMaker(std::uint64_t seed) : random_(seed) {}

  std::string Make() {
    for (std::size_t i = 0; i < Below(4); ++i) balancers_.push_back("alb" + std::to_string(i));
    for (std::size_t i = 0; i < Below(3); ++i) balancers_.push_back("nlb" + std::to_string(i));
    if (One(4)) balancers_.push_back("clb0");
    if (One(8)) balancers_.push_back("gwlb0");
    const std::size_t hosts = 1 + Below(4);
    for (std::size_t i = 0; i < hosts; ++i) hosts_.push_back("i-" + std::to_string(i));
    AddAcls();
    AddDistributions();
    for (const std::string& name : balancers_) AddBalancer(name);
    AddGroups();
    for (const std::string& name : hosts_) AddHost(name);
    AddOthers();
    return text_;
  }

 private:
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool One(std::size_t of) { return Below(of) == 0; }
  const std::string& Any(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  void Line(const std::string& line) { text_ += line + "\n"; }
  std::string Address() { return "10.0.0." + std::to_string(Below(5)); }

  std::string Groups() {
    std::string has;
    for (const char* group :
         {"AWS/AWSManagedRulesCommonRuleSet", "AWS/AWSManagedRulesPHPRuleSet", "Trend_Micro/WebServer"}) {
      if (!One(4)) continue;
      has += std::string(has.empty() ? "" : ",") + group + (One(2) ? ":enforce" : ":count");
    }
    return has.empty() ? "" : " has=" + has;
  }

  void AddAcls() {
    const std::size_t count = Below(4);
    for (std::size_t i = 0; i < count; ++i) {
      const bool edge = One(3);
      std::string line = "acl a" + std::to_string(i) + (One(2) ? " count" : " enforce") + (edge ? " edge" : "");
      if (edge) edge_acls_.push_back("a" + std::to_string(i));
      if (!edge && !balancers_.empty()) line += " on=" + Any(balancers_) + (One(3) ? "," + Any(balancers_) : "");
      if (One(8)) line += " unread=gone";
      Line(line + " cap=" + std::to_string(Below(10) * 550) + Groups());
    }
  }

  void AddDistributions() {
    const std::size_t count = Below(4);
    for (std::size_t i = 0; i < count; ++i) {
      std::string line = "dist E" + std::to_string(i) + " alias=e" + std::to_string(i) + ".example.com origins=";
      const std::size_t origins = 1 + Below(3);
      for (std::size_t n = 0; n < origins; ++n) line += (n == 0 ? "" : ",") + AnyOrigin(count);
      if (!edge_acls_.empty() && !One(3))
        line += " acl=" + Any(edge_acls_);
      else if (One(10))
        line += " acl=classic";
      else if (One(10))
        line += " acl=arn:aws:wafv2:us-east-1:111122223333:global/webacl/unread/1";
      if (One(10)) line += " off";
      if (One(12)) line += " tenants";
      Line(line + (One(8) ? " account=444455556666" : ""));
    }
  }

  std::string AnyOrigin(std::size_t distributions) {
    switch (Below(8)) {
      case 0:
        return "files.s3.us-east-1.amazonaws.com";
      case 1:
        return "e" + std::to_string(Below(distributions)) + ".example.com";
      case 2:
        return "vo-" + std::to_string(Below(3));
      case 3:
        return "ec2-" + Any(hosts_) + ".amazonaws.com";
      case 4:
        return "same.elb.amazonaws.com";
      default:
        return balancers_.empty() ? "gone.elb.amazonaws.com" : Any(balancers_);
    }
  }

  void AddBalancer(const std::string& name) {
    const std::string kind = name.substr(0, name.size() - 1);
    std::string line = kind + " " + name;
    if (One(4)) line += " internal";
    const char* const who[] = {"", "", "", " closed", " cloudfront", " named", " unread", " nogroups"};
    line += who[Below(8)];
    if (kind == "alb" && One(3)) {
      const char* const headers[] = {" header", " noheader", " header-unread"};
      line += headers[Below(3)];
    }
    if (One(8)) line += " dns=same.elb.amazonaws.com";
    if (kind == "clb") line += " hosts=" + Any(hosts_) + (One(2) ? ",i-gone" : "");
    Line(line);
  }

  std::string BalancersOf(const std::string& kind) {
    std::vector<std::string> fit;
    for (const std::string& name : balancers_) {
      if (kind.empty() || name.starts_with(kind)) fit.push_back(name);
    }
    if (fit.empty() || One(12)) return "unknown";
    return Any(fit) + (One(6) ? "," + Any(fit) : "");
  }

  void AddGroups() {
    const std::size_t count = Below(6);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = "group g" + std::to_string(i);
      const std::string vpc = One(6) ? " vpc=vpc-2" : "";
      const std::string unread = One(12) ? " unread=AccessDenied" : "";
      switch (Below(5)) {
        case 0:
          Line(Joined({name, " lambda lb=", BalancersOf("alb"), " targets=f", unread}));
          break;
        // As AWS has it: an NLB in front of an ALB, never the other way round.
        case 1:
          Line(Joined({name, " alb lb=", BalancersOf("nlb"), " targets=", BalancersOf("alb")}));
          break;
        case 2:
          Line(Joined({name, " ip lb=", BalancersOf(""), vpc, unread, " targets=", Address(), ",", Address(),
                       One(4) ? "!" : ""}));
          break;
        default:
          Line(Joined({name, " instance lb=", BalancersOf(""), vpc, unread, " targets=", Any(hosts_),
                       One(3) ? "," + Any(hosts_) + ":9000" : "", One(8) ? ",i-gone" : ""}));
      }
    }
  }

  void AddHost(const std::string& name) {
    std::string line = "host " + name + " ip=" + Address();
    if (One(4)) line += " vpc=vpc-2";
    if (One(4))
      line += " public=198.51.100.1" + std::string(One(3)   ? " closed"
                                                   : One(3) ? " unread"
                                                   : One(3) ? " port=9000"
                                                            : "");
    if (One(5)) line += " windows";
    const char* const classes[] = {
        "", " classes=apache", " classes=php,wordpress*1", " classes=wordpress*3", " classes=iis,aspnet", " noclasses"};
    Line(line + classes[Below(6)] + (One(8) ? " account=444455556666" : ""));
  }

  void AddOthers() {
    for (std::size_t i = 0; i < Below(3); ++i) {
      Line("task ip=" + Address() + (One(3) ? "" : " on=" + Any(hosts_)));
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (One(2))
        Line("vpcorigin vo-" + std::to_string(i) + " " +
             (balancers_.empty() || One(4) ? Any(hosts_) : Any(balancers_)));
    }
    if (One(3)) Line("eni lambda vpc=vpc-1 ip=" + Address());
    for (const char* scope : {"", " edge"}) {
      if (One(4)) continue;
      if (!One(4)) Line("offer AWS/AWSManagedRulesCommonRuleSet 700" + std::string(scope));
      if (!One(3)) Line("offer AWS/AWSManagedRulesPHPRuleSet 100" + std::string(scope));
      if (One(2)) Line("offer Trend_Micro/WebServer 1000" + std::string(scope));
      if (One(2)) Line("offer Trend_Micro/CMS" + std::string(scope));
    }
    const char* const parts[] = {"distributions", "acls",   "groups",      "classic", "tasks",
                                 "instances",     "region", "vpc-origins", "account", "edge-acls"};
    for (std::size_t i = 0; i < 10; ++i) {
      if (One(40)) Line("gap " + std::string(parts[i]) + " AccessDenied" + (One(4) ? " account=444455556666" : ""));
    }
  }

  std::mt19937_64 random_;
  std::string text_;
  std::vector<std::string> balancers_;
  std::vector<std::string> hosts_;
  std::vector<std::string> edge_acls_;
};

}  // namespace

std::string RandomEstateText(std::uint64_t seed) {
  return EstateMaker(seed).Make();
}

}  // namespace sallyport::edge
