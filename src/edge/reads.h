// SPDX-License-Identifier: Apache-2.0
//
// The seams of the map: what is read of AWS and SWP for it, and how one web ACL is read and written. Every failure is
// an Error or a Gap; an answer that did not come is never an empty one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "edge/estate.h"
#include "edge/fit.h"

namespace sallyport::edge {

struct SurveyAsk {
  // Beyond our own account and those of aws.accounts: 12 digits each.
  std::vector<std::string> accounts;
  // Of what an ACL can be put on beside ALBs and distributions: each is one call for each ACL, at one a second.
  std::vector<std::string> resource_types;
  // Groups beside those of the mapping whose capacity is wanted.
  std::vector<GroupName> groups;
  // Rules of SWP that an earlier run read, by their number in SWP: not asked for again.
  std::map<std::int32_t, IpsRule> known_rules;
};

// Where an ACL is.
struct AclPlace {
  std::string account;
  std::string region;
  std::string arn;
  bool operator==(const AclPlace&) const = default;
};

// An ACL as it is now: what an update has to send back comes from `web_acl`.
struct AclNow {
  Json web_acl;
  std::string lock_token;
  std::string scope;
  WebAcl facts;  // with who made it and whether it logs
};

struct GroupNow {
  std::optional<std::int64_t> capacity;
  std::string default_version;
};

// Requests that a rule counted, of the last three hours at most; what they held is not kept.
struct Sampled {
  std::int64_t requests = 0;  // with those that a sample stands for
  std::map<std::string, std::int64_t> by_rule;
  bool operator==(const Sampled&) const = default;
};

// Where an IP set is.
struct IpSetPlace {
  std::string account;
  std::string region;
  std::string scope;  // CLOUDFRONT, REGIONAL
  std::string name;
  std::string id;  // empty: not known, the name is looked for
  bool operator==(const IpSetPlace&) const = default;
};
struct IpSetNow {
  std::string name;
  std::string id;
  std::string arn;
  std::string version;  // IPV4, IPV6
  std::string description;
  std::vector<std::string> addresses;
  std::string lock_token;
};

// An IP list of SWP, its items as they were typed.
struct IpListNow {
  std::string name;
  std::vector<std::string> items;
};

// Tags of an instance, as EC2 has them now.
struct TagsNow {
  std::string instance;
  std::vector<std::pair<std::string, std::string>> tags;
};

class Reads {
 public:
  virtual ~Reads() = default;
  // All of AWS that the map needs. Hosts lack what SWP says of them.
  virtual Result<Estate> ReadEstate(const SurveyAsk& ask) = 0;
  // What SWP says of these hosts; gives the rules that were read for it, by number.
  virtual std::map<std::int32_t, IpsRule> AddSwp(const SurveyAsk& ask, TimePoint now, Estate& estate) = 0;

  virtual Result<AclNow> ReadAcl(const AclPlace& place) = 0;
  // kNotFound: the place does not offer it.
  virtual Result<GroupNow> ReadGroup(const AclPlace& place, const GroupName& group) = 0;
  // What these rules would use, as WAF counts it.
  virtual Result<std::int64_t> CapacityOf(const AclPlace& place, const Json& rules) = 0;
  virtual Result<Sampled> ReadSampled(const AclPlace& place, const std::string& metric, TimePoint from,
                                      TimePoint to) = 0;
  // kNotFound: there is no set of this name and scope.
  virtual Result<IpSetNow> ReadIpSet(const IpSetPlace& place) = 0;
  // Of SWP. kNotFound: it has no list of this name.
  virtual Result<IpListNow> ReadIpList(const std::string& name) = 0;
  // Of those of these instances that are there still.
  virtual Result<std::vector<TagsNow>> ReadTags(const std::string& account, const std::string& region,
                                                const std::vector<std::string>& instances) = 0;
};

class Writes {
 public:
  virtual ~Writes() = default;
  // `rules` in place of its own, everything else as it was read. kRefused, with the remote code
  // WAFOptimisticLockException: somebody changed the ACL meanwhile.
  virtual Status UpdateAcl(const AclPlace& place, const AclNow& read, const Json& rules) = 0;
  // All addresses of the set; the description stays. Conflicts as above.
  virtual Status UpdateIpSet(const IpSetPlace& place, const IpSetNow& set) = 0;
};

// Both, for whoever changes an ACL.
class Access : public Reads, public Writes {};

}  // namespace sallyport::edge
