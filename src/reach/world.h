// SPDX-License-Identifier: Apache-2.0
//
// From facts to what the policy engine works with: policies compiled once, principals with what is known of their
// requests, the bucket's side.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/s3_access.h"
#include "policy/who_can.h"
#include "reach/answer.h"
#include "reach/facts.h"

namespace sallyport::reach {

// Beside a policy::Principal, at the same place in its list.
struct PrincipalNote {
  std::string account{};
  std::string role{};                // its name
  const RoleFacts* facts = nullptr;  // null: known by its name in a policy only
  bool is_session = false;
};

struct World {
  // What the roles of an account have in common; the principals' contexts are based on it. By account, and whether its
  // roles could be read.
  std::map<std::pair<std::string, bool>, std::unique_ptr<policy::Context>> account_contexts{};
  std::vector<policy::Principal> principals{};
  std::vector<PrincipalNote> notes{};
  std::map<std::string, std::vector<policy::PolicyLevel>> scps{};  // by account

  policy::Question question{};  // the bucket's side, without asks
  std::vector<policy::AccessPoint> points{};
  std::vector<std::string> point_names{};
  std::vector<bool> point_block_unknown{};  // as block_unknown, of each access point's own
  std::optional<policy::EncryptionKey> key{};
  bool with_bucket_key = false;
  bool key_unknown = false;  // whether there is a key could not be read
  std::string key_error{};
  // Whether the block of public access of bucket or account could not be read: then it may cut off others.
  bool block_unknown = false;

  std::vector<Outsider> outsiders{};
  std::vector<std::string> gaps{};
  std::vector<std::string> not_considered{};
};

// Views into `facts` are kept: they must outlive the world.
World MakeWorld(const Facts& facts, const Ask& ask);

// A principal for the question as the session of an instance: `arn:..:assumed-role/NAME/i-...`, with what is known of
// its requests.
policy::Principal AsInstance(const policy::Principal& role, const PrincipalNote& note, const InstanceFacts& instance);

// `arn:aws:iam::1:role/path/name` -> `name`; of `assumed-role/name/session` too.
std::string RoleNameOf(std::string_view arn);

}  // namespace sallyport::reach
