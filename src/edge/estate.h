// SPDX-License-Identifier: Apache-2.0
//
// What was read of AWS and SWP for the map from the edge to the host: plain facts, without a judgment. What could not
// be read is a Gap or says so in its place; nothing is left out in silence.
//
// Names of the field: a *web ACL* is WAFv2's; *scope* is CLOUDFRONT (account-wide, us-east-1) or REGIONAL.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::edge {

// An account and a region of it.
struct Place {
  std::string account;
  std::string region;
  auto operator<=>(const Place&) const = default;
};

// A part of the estate that could not be read.
enum class Part {
  kDistributions,   // of an account
  kGlobalAcls,      // of an account
  kRegionalAcls,    // of an account in a region: which ACLs there are, and what they are associated with
  kLoadBalancers,   // ALB, NLB, gateway
  kClassic,         // Classic load balancers
  kTargetGroups,    // which there are, and which load balancer each belongs to
  kInstances,       // and their addresses
  kInterfaces,      // network interfaces: whose an address is
  kSecurityGroups,  // and prefix lists
  kTasks,           // ECS
  kVpcOrigins,      // of an account
  kRegion,          // the regions of an account, or a whole region
};
struct Gap {
  Part part = Part::kRegion;
  std::string account;
  std::string region;  // empty: of a global service
  std::string why;
  bool operator==(const Gap&) const = default;
};
std::string_view Words(Part part);  // "load balancers"

// --- web ACLs

enum class RuleMode { kEnforce, kCount, kAllow };
// One rule of a web ACL, or a rule group of Firewall Manager's first or last ones.
struct AclRule {
  enum class Kind { kManagedGroup, kOwnGroup, kRate, kIpSet, kOther };
  enum class Place { kRules, kFirst, kLast };  // kFirst, kLast: put there by Firewall Manager
  std::string name;
  std::int64_t priority = 0;
  Kind kind = Kind::kOther;
  Place place = Place::kRules;
  // Of a group: kEnforce lets its rules act, kCount makes all of them count. Of a rule: what its action does.
  RuleMode mode = RuleMode::kEnforce;
  std::string vendor;          // of a managed group
  std::string group;           // of a managed group: its name; of a group of one's own: its ARN
  std::string version;         // of a managed group; empty: its default version
  bool expired = false;        // that version is: WAF refuses every update of the ACL
  std::size_t counted = 0;     // of a group: so many of its rules are overridden to count
  bool scoped_down = false;    // of a managed group: it looks at a part of the requests only
  bool sampled = true;         // sampled requests are kept
  bool expiry_unread = false;  // whether that version expired was not read
  bool operator==(const AclRule&) const = default;
};

struct WebAcl {
  std::string arn;
  std::string name;
  std::string id;
  std::string scope;
  std::string account;
  std::string region;  // of a global one: where its API is
  bool blocks_by_default = false;
  std::int64_t capacity = 0;  // WCU in use
  std::vector<AclRule> rules;
  bool of_firewall_manager = false;
  std::string managed_by;              // "CloudFormation stack shop", "Terraform"; empty: no tag says so
  std::string tags_unread_why;         // its tags could not be read, so who made it is not known; empty: they were
  std::optional<bool> logs;            // nothing: not known
  std::vector<std::string> ip_sets;    // ARNs that its own rules name, at whatever depth
  std::vector<std::string> resources;  // ARNs that it is associated with; of a global one the distributions name it
  std::string unread_why;              // its rules could not be read (deleted meanwhile, say); empty: they were
  std::string resources_unread_why;    // what else it may be associated with; empty: all types asked for were read
  bool operator==(const WebAcl&) const = default;
};

// A managed rule group that an account may put into its ACLs.
struct OfferedGroup {
  std::string account;
  std::string region;
  std::string scope;
  std::string vendor;
  std::string name;
  std::optional<std::int64_t> capacity;  // nothing: not asked or not read
  std::string version;                   // its default version; empty: it has none, or it is not known
  bool operator==(const OfferedGroup&) const = default;
};
// Whether the offer of a place is known.
struct OfferRead {
  std::string account;
  std::string region;
  std::string scope;
  std::string unread_why;  // empty: it was read
  bool operator==(const OfferRead&) const = default;
};

// --- the way to the host

struct Origin {
  std::string id;
  std::string domain;
  std::string vpc_origin;  // its id; empty: reached over the internet
  bool operator==(const Origin&) const = default;
};
struct Distribution {
  std::string id;
  std::string arn;
  std::string account;
  std::string domain;
  std::vector<std::string> aliases;
  bool enabled = true;
  bool tenants_only = false;  // its tenants may have web ACLs of their own
  std::string web_acl;        // as CloudFront has it: empty, an ARN, or an id of WAF Classic
  std::vector<Origin> origins;
  bool operator==(const Distribution&) const = default;
};
struct VpcOrigin {
  std::string id;
  std::string account;
  std::string target;  // ARN of a load balancer or an instance
  bool operator==(const VpcOrigin&) const = default;
};

enum class BalancerKind { kApplication, kNetwork, kGateway, kClassic };
std::string_view Words(BalancerKind kind);  // "ALB", "NLB", "gateway load balancer", "Classic load balancer"
// Whether whoever calls the load balancer itself has to show a header that only its distribution sends.
enum class HeaderCheck { kNone, kAll, kNotAsked, kUnread };
struct Balancer {
  std::string arn;
  std::string name;
  std::string account;
  std::string region;
  BalancerKind kind = BalancerKind::kApplication;
  std::string dns;
  bool internet_facing = false;
  std::string vpc;
  std::vector<std::string> groups;     // security groups; none: it has none, everybody may come
  std::vector<std::string> instances;  // of a Classic one
  HeaderCheck header_check = HeaderCheck::kNotAsked;
  std::string header_why;  // of kUnread
  bool operator==(const Balancer&) const = default;
};

enum class TargetKind { kInstance, kIp, kLambda, kBalancer, kOther };
struct Target {
  std::string id;  // instance id, address, or ARN
  std::int64_t port = 0;
  std::string state;         // "healthy", "unhealthy", "draining", ...
  bool outside_vpc = false;  // of an address: AvailabilityZone is `all`
  bool operator==(const Target&) const = default;
};
struct TargetGroup {
  std::string arn;
  std::string name;
  std::string account;
  std::string region;
  TargetKind kind = TargetKind::kInstance;
  std::string vpc;
  std::vector<std::string> balancers;  // ARNs
  std::vector<Target> targets;
  std::string unread_why;  // its targets could not be read; empty: they were
  bool operator==(const TargetGroup&) const = default;
};

// Who may come, as far as it matters here.
enum class Openness {
  kClosed,      // nobody from the internet
  kCloudFront,  // the addresses of CloudFront alone
  kNamed,       // some addresses of the internet, that are named
  kOpen,        // the internet
  kUnread,      // refers to what was not read
};
struct SecurityGroup {
  struct Ingress {
    Openness from = Openness::kClosed;
    std::int64_t first_port = 0;  // TCP
    std::int64_t last_port = 65535;
    bool operator==(const Ingress&) const = default;
  };
  std::string id;
  std::string account;
  std::string region;
  std::vector<Ingress> ingress;  // what lets in none from the internet is left out
  bool operator==(const SecurityGroup&) const = default;
};

// Whose an address is that is no instance's: an ECS task's, a function's, a load balancer's.
struct Interface {
  std::string account;
  std::string region;
  std::string vpc;
  std::vector<std::string> addresses;
  std::string instance;     // it hangs on; empty: on none
  std::string description;  // for people
  bool operator==(const Interface&) const = default;
};
struct Task {
  std::string account;
  std::string region;
  std::string arn;
  std::string cluster;
  std::string service;                 // "shop"; empty: of none
  std::string launch_type;             // EC2, FARGATE, EXTERNAL
  std::vector<std::string> addresses;  // of its own network interface; empty: it has the host's
  std::string instance;                // that it runs on; `mi-...` for an external one; empty: none
  bool operator==(const Task&) const = default;
};

// --- hosts

// A class of software that a host's SWP policy protects, with what says so.
struct AppClass {
  std::string name;  // "apache", see fit.h
  struct Evidence {
    std::string rule;  // "1008839 - Apache Struts OGNL ...": identifier and name
    std::string application_type;
    bool operator==(const Evidence&) const = default;
  };
  std::vector<Evidence> evidence;  // the first few
  std::size_t rules = 0;           // how many in all
  bool operator==(const AppClass&) const = default;
};
enum class Guard { kProtected, kNotProtected, kUndetermined };
// What SWP says of a host.
struct SwpFacts {
  Guard guard = Guard::kUndetermined;
  std::string why;
  std::int32_t computer = 0;  // 0: none
  std::int32_t policy = 0;    // 0: none
  std::string policy_name;
  // The intrusion prevention rules that are assigned by policy, as classes; nothing: not known, and why.
  std::optional<std::vector<AppClass>> classes;
  std::string classes_why;
  bool unread = false;  // SWP could not be asked for something of it; `why` or `classes_why` says what
  bool operator==(const SwpFacts&) const = default;
};
struct Host {
  std::string account;
  std::string region;
  std::string id;  // of the EC2 instance
  std::string name;
  std::string state;  // running, stopped, ...
  bool windows = false;
  std::string vpc;
  std::vector<std::string> addresses;  // private ones
  std::string public_ip;
  std::string public_dns;
  std::vector<std::string> groups;                        // security groups
  std::string owner;                                      // FindOwner; empty: nobody is named
  std::string team;                                       // its group for the bars; empty: none
  std::vector<std::pair<std::string, std::string>> tags;  // of EC2
  SwpFacts swp;
  bool operator==(const Host&) const = default;
};

struct Estate {
  std::vector<Place> places;  // that were looked at; what is elsewhere is not known to be there or not
  std::vector<Gap> gaps;
  std::vector<WebAcl> acls;
  std::vector<OfferedGroup> offered;
  std::vector<OfferRead> offers;
  std::vector<Distribution> distributions;
  std::vector<VpcOrigin> vpc_origins;
  std::vector<Balancer> balancers;
  std::vector<TargetGroup> groups;
  std::vector<SecurityGroup> security_groups;
  std::vector<Interface> interfaces;
  std::vector<Task> tasks;
  std::vector<Host> hosts;
  // How often each operation was called, pages each: "wafv2 GetWebACL".
  std::map<std::string, std::size_t> calls;
};

// The first thing of AWS that was asked for and not read, as a sentence: a gap, the rules of a web ACL, targets,
// listener rules. Empty: the picture is whole.
std::string FirstUnread(const Estate& estate);

}  // namespace sallyport::edge
