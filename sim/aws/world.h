// SPDX-License-Identifier: Apache-2.0
//
// What the simulated cloud holds. Instances are plain structs, since an estate may have a hundred thousand; everything
// else is a record: a JSON object whose members have the names of the wire (RoleName, taskArn), so that answering is
// mostly picking. What a record holds beyond the wire has names that no wire uses and is left out of answers.
//
// Not thread-safe; the simulator holds one lock around every operation.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sim/aws/call.h"

namespace sallyport::aws_sim {

using Records = std::vector<json::object>;

struct NetworkInterface {
  std::string id;
  std::vector<std::string> private_addresses;  // the primary one first
  std::string public_address;
  std::vector<std::string> ipv6_addresses;
};

struct Instance {
  std::string id;
  std::string image_id;
  std::string type;
  std::string state;  // pending, running, shutting-down, terminated, stopping, stopped
  std::string platform_details;
  std::string launch_time;
  std::string private_address;
  std::string public_address;
  std::string private_dns;
  std::string public_dns;
  std::string vpc;
  std::string subnet;
  std::string zone;
  std::string profile_arn;
  std::string profile_id;
  std::string association_state;  // of the profile
  bool windows = false;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<std::pair<std::string, std::string>> groups;  // id, name
  std::vector<NetworkInterface> interfaces;
};

// One account in one region.
struct Regional {
  std::vector<Instance> instances;                           // by id
  std::map<std::string, Records, std::less<>> sets;          // by the section's name in the estate file
  std::unordered_map<std::string, std::size_t> instance_at;  // id -> place in `instances`

  Records& Set(std::string_view section);
  const Instance* FindInstance(const std::string& id) const;
};

struct Account {
  std::string id;
  std::string name;
  std::string canonical_id;  // of S3 ACLs
  json::object public_access_block;
  std::vector<std::string> closed_regions;           // known to the partition, not enabled here
  std::map<std::string, Records, std::less<>> sets;  // users, roles, policies, instanceProfiles, buckets, distributions
  std::map<std::string, Regional, std::less<>> regions;

  Records& Set(std::string_view section);
  bool IsOpen(std::string_view region) const;
};

struct AccessKey {
  std::string secret;
  std::string token;  // empty: a user's own key
  TimePoint expires{};
  Principal who;
};

// A rate as estate files and the control plane give it. `*` and `?` work in all four names.
struct RateLimit {
  std::string account = "*";
  std::string region = "*";
  std::string service = "*";
  std::string action = "*";
  double per_second = 0;
  double burst = 0;
};

struct QueuedMessage {
  std::string id;
  std::string body;
  std::string group;
  std::string attributes;  // JSON text of MessageAttributes; may be empty
  TimePoint sent{};
  TimePoint visible{};
  int received = 0;
  std::string handle;  // of the last receive; empty when never
};

class World {
 public:
  std::string partition = "aws";
  std::vector<std::string> regions;  // all there are; never empty
  std::map<std::string, Account, std::less<>> accounts;
  std::unordered_map<std::string, AccessKey> keys;  // users' keys and those of sessions
  std::vector<RateLimit> limits;                    // the first that matches counts
  // {Id, MasterAccountId, delegated, parents: {child: parent}, policies: [..]}; empty: no organization.
  json::object organization;

  // What calls have left behind, messages by queue.
  std::map<std::string, std::vector<QueuedMessage>, std::less<>> messages;
  Records published;    // sns
  Records evaluations;  // config
  // Evaluations that PutEvaluations answers with as failed: of resources that match, so many times; -1 = for ever.
  struct EvaluationFault {
    std::string resource;
    std::int64_t times = 1;
  };
  std::vector<EvaluationFault> evaluation_faults;
  std::uint64_t serial = 0;

  std::string GlobalRegion() const;
  std::string Suffix() const;  // amazonaws.com
  // arn:PARTITION:service:region:account:rest
  std::string Arn(std::string_view service, std::string_view region, std::string_view account,
                  std::string_view rest) const;
  Account* FindAccount(std::string_view id);
  // An id of `digits` hexadecimal digits, never the same twice in one run.
  std::string NextId(std::string_view prefix, int digits);
  std::string NextUuid();
  // Drops the sessions that have expired, once there are many. New ones are refused (false) when there are still too
  // many.
  bool RoomForSession(TimePoint now);
};

inline constexpr std::size_t kMaxSessions = 20'000;

// {"Name": "web"} -> [{"Key": "Name", "Value": "web"}], with the names that the service uses.
json::array TagList(const json::object& tags, std::string_view key_name = "Key", std::string_view value_name = "Value");

// arn:partition:service:region:account:rest, taken apart; empty parts when it is not one.
struct ArnParts {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string rest;
};
ArnParts SplitArn(std::string_view arn);
std::string LastPart(std::string_view path);  // behind the last `/`

}  // namespace sallyport::aws_sim
