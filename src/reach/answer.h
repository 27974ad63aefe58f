// SPDX-License-Identifier: Apache-2.0
//
// The question who can reach a bucket, and its answer. Plain data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "policy/evaluate.h"
#include "reach/facts.h"

namespace sallyport::reach {

struct Ask {
  std::string bucket{};
  std::string account{};  // who owns the bucket; empty: the account of our own credentials
  std::string region{};   // where the bucket is, if known
  std::vector<std::string> actions = DefaultActions();
  std::string prefix{};     // of object keys; empty: all objects
  std::string principal{};  // only this role or session, also when it is denied; an ARN
  bool with_trace = false;  // fill ActionAnswer::trace
  // What control policies that could not be read might deny is left undecided. Without, they are taken to deny nothing:
  // the safe side for whoever looks for hosts that may be exposed.
  bool controls_decide = false;
  bool indirect = false;  // also roles that can assume a role that reaches the bucket, one step

  static std::vector<std::string> DefaultActions();
  bool operator==(const Ask&) const = default;
};
// S3 User Guide, "General purpose bucket naming rules". Buckets of before 2018 in us-east-1 may have other names; they
// cannot be addressed with TLS by name, and are none here.
bool IsBucketName(std::string_view name);
// kInvalidInput for a bucket name, account, action or principal that cannot be one.
Status CheckAsk(const Ask& ask);

struct ActionAnswer {
  std::string action{};
  // Everything that it takes: the bucket's side, the caller's side, the key. Denials are not told apart.
  policy::Decision decision = policy::Decision::kUndecided;
  // Without the key. Another than `decision`: the objects can be reached and not be read.
  policy::Decision without_key = policy::Decision::kUndecided;
  // Where it could not be decided for what was not read: what it is as far as everything was.
  policy::Decision as_read = policy::Decision::kUndecided;
  std::string through{};                  // the access point that it takes; empty: directly
  std::vector<std::string> statements{};  // that let it in: "inline policy `read-customers`: #1"
  std::string condition{};                // allowed if this holds
  std::string reason{};                   // why it could not be decided, or why the key stops it
  std::vector<std::string> objects{};     // in which objects, as patterns of ARNs
  std::vector<std::string> except{};      // and not in these
  bool all_objects_named = true;          // false: there are more patterns than are looked at
  std::string trace{};                    // for people

  bool operator==(const ActionAnswer&) const = default;
};

// An EC2 instance that acts with the principal.
struct HostAnswer {
  std::string account{};
  std::string region{};
  InstanceId instance{};
  std::string state{};  // of EC2
  std::vector<Tag> tags{};
  std::string how{};  // "instance profile `web-profile`", "ECS task of `service:cart`"
  // Of its actions the best, with what is known about this instance.
  policy::Decision decision = policy::Decision::kUndecided;
  std::string condition{};  // which way the request has to take: "through vpce-1a2b"

  bool operator==(const HostAnswer&) const = default;
  std::string Name() const;  // its tag `Name`
};

struct PrincipalAnswer {
  std::string arn{};      // of the role or user, or of a session that a policy names
  std::string account{};  // of the principal
  std::string role{};     // the role's name
  bool is_session = false;
  bool is_user = false;   // `role` is then the user's name
  std::string keys{};     // of a user: "has active access keys"
  std::string assumes{};  // the ARN of the role that it takes to reach the bucket; empty: it needs none
  std::vector<ActionAnswer> actions{};
  std::vector<std::string> consumers{};  // what the role is made for besides EC2: "Lambda functions"
  std::vector<std::string> profiles{};   // names of instance profiles
  std::vector<HostAnswer> hosts{};
  std::vector<std::string> other_uses{};  // "ECS task `...` on Fargate"

  bool operator==(const PrincipalAnswer&) const = default;
  policy::Decision Best() const;
};

// What everyone may do, by the whole of the policies, denies included.
struct EveryoneAnswer {
  std::string who{};  // "anyone on the internet, without signing in"
  std::vector<ActionAnswer> actions{};

  bool operator==(const EveryoneAnswer&) const = default;
  policy::Decision Best() const;
};

// Somebody that a policy lets in and who is no role of an account that was read.
struct Outsider {
  std::string who{};       // "account 444455556666", "everyone"
  std::string what{};      // what that means here
  std::string from{};      // "bucket policy `Stage`"
  bool has_effect = true;  // false: the grant gives nobody access, and `what` says why
  bool operator==(const Outsider&) const = default;
};

struct Answer {
  // Why the only principal that was asked about does not exist; empty: it does, or that is undetermined.
  std::string unknown_principal{};
  std::string bucket{};
  std::string account{};
  std::string region{};
  std::vector<std::string> actions{};
  std::string prefix{};
  // Who can, who may, and for whom it could not be decided; in this order.
  std::vector<PrincipalAnswer> principals{};
  std::size_t examined = 0;   // of them, principals looked at
  std::size_t undecided = 0;  // of `principals`
  // Of `examined`, those that are denied as far as everything was read, and that something unread could let in. They
  // are not listed.
  std::size_t unlisted_undecided = 0;
  std::string unlisted_reason{};
  // IAM users with active access keys, in the same order: keys, and no hosts.
  std::vector<PrincipalAnswer> users{};
  std::size_t users_examined = 0;
  std::vector<EveryoneAnswer> everyone{};
  std::vector<Outsider> outsiders{};
  std::vector<std::string> gaps{};            // could not be read: the answer may lack somebody
  std::vector<std::string> not_considered{};  // and could only take access away, or is not evaluated here

  bool operator==(const Answer&) const = default;
  std::size_t denied() const;  // of `examined`
};

// `allowed`, `allowed if`, `denied`, `undetermined`.
std::string_view Word(policy::Decision decision);

}  // namespace sallyport::reach
