// SPDX-License-Identifier: Apache-2.0
//
// A GuardDuty finding as this program uses it: what happened, how bad, and which EC2 hosts it names. Pure.
//
// Names follow the finding format of the GuardDuty user guide ("Finding details"). All text is as AWS sent it, and
// partly chosen by an attacker: every output escapes it for itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "event/bare_form.h"
#include "event/event.h"

namespace sallyport {

// ACTOR: the resource did it, so it is probably compromised. TARGET: it was done to the resource.
enum class ResourceRole { kTarget, kActor, kUnknown };

struct Tag {
  std::string key;
  std::string value;
  bool operator==(const Tag&) const = default;
};

// One EC2 instance that the finding names.
struct AffectedHost {
  InstanceId instance;
  std::string account;  // of the host: resources of an attack sequence carry their own; twelve digits, or empty
  std::string arn;      // of the host, where the finding has it (attack sequence, Security Hub); may be no ARN
  std::string region;   // of the host, or empty
  // Nothing: the finding does not carry them, so they are unknown. Empty: the host has none.
  std::optional<std::vector<Tag>> tags;
  bool tags_unreadable = false;  // it carries more than are read: whatever others say of them, they are unknown
  std::string state;             // "running", "terminated", ... as of the finding; may be empty
  std::string name;              // Name tag or resource name; may be empty
  std::string vpc;
  std::string public_ip;
  std::string private_ip;
  std::string found_in;     // the JSON path that named it: "detail.resource.instanceDetails.instanceId"
  std::string launched_by;  // its Auto Scaling group, from the tag `aws:autoscaling:groupName`; may be empty
  bool operator==(const AffectedHost&) const = default;
};

struct GuardDutyFinding {
  std::string id;
  std::string arn;
  std::string type;  // "UnauthorizedAccess:EC2/SSHBruteForce"
  std::string title;
  std::string description;
  std::string account;    // the finding's own, else the envelope's, all digits; empty when neither says
  std::string region;     // the finding's own, else the envelope's; empty when neither says
  std::string partition;  // "aws", "aws-cn", "aws-us-gov"
  double severity = 0;    // 0 to 10
  std::optional<TimePoint> updated_at;
  std::optional<TimePoint> created_at;
  std::optional<TimePoint> first_seen;
  std::optional<TimePoint> last_seen;
  std::int64_t count = 1;  // how often it was seen; 1 when the finding does not say
  bool archived = false;
  bool sample = false;  // generated for testing: nothing happened
  ResourceRole role = ResourceRole::kUnknown;
  std::string resource_type;        // "Instance", "ECSCluster", "AccessKey", ...
  std::vector<AffectedHost> hosts;  // at most bounds::kHostsPerFinding, each once
  // The other resources, in words: "ECS task `arn:...` on Fargate".
  std::vector<std::string> beyond_hosts;
  std::string no_host_reason;  // why there are no hosts; empty when there are
  std::vector<std::string> notes;
};

inline constexpr std::string_view kGuardDutySource = "aws.guardduty";
inline constexpr std::string_view kGuardDutyDetailType = "GuardDuty Finding";

// The finding without its envelope, as a transformed target input of EventBridge delivers it.
BareForm GuardDutyBareForm();

// Errors (kInvalidInput) name the JSON path: `type`, `severity` (0 to 10) and `id` must be there; a member that is used
// must have its documented type; an account, region or instance id must have its form. Unknown members are skipped.
// Names that begin with a capital letter, as the API's tools print them, are read too.
Result<GuardDutyFinding> ReadGuardDutyFinding(const Event& as_it_came);

}  // namespace sallyport
