// SPDX-License-Identifier: Apache-2.0
//
// From facts to what the policy engine works with: policies compiled once, principals with what is known of their
// requests, the bucket's side.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/s3_access.h"
#include "policy/who_can.h"
#include "reach/answer.h"
#include "reach/facts.h"
#include "reach/trust.h"

namespace sallyport::reach {

// Beside a policy::Principal, at the same place in its list.
struct PrincipalNote {
  std::string account{};
  std::string role{};                // its name
  const RoleFacts* facts = nullptr;  // null: known by its name in a policy only
  bool is_session = false;
  const UserFacts* user = nullptr;
};

struct World {
  // What the principals of one kind and account have in common; their contexts are based on it.
  enum class Kind { kUnknownRole, kRole, kTaggableRole, kUser };
  std::map<std::pair<std::string, Kind>, std::unique_ptr<policy::Context>> account_contexts{};
  // What trust policies say, by their text, which many roles share.
  std::unordered_map<std::string_view, Trust> trusts{};
  std::vector<policy::Principal> principals{};
  std::vector<PrincipalNote> notes{};
  std::map<std::string, std::vector<policy::PolicyLevel>> scps{};  // by account

  policy::Question question{};  // the bucket's side, without asks
  std::vector<policy::AccessPoint> points{};
  std::vector<std::string> point_names{};
  std::optional<policy::EncryptionKey> key{};
  bool with_bucket_key = false;
  bool key_unknown = false;  // whether there is a key could not be read
  std::string key_error{};
  // Settings that could not be read may be either way: with the bucket's side as strict, or as generous, as it may be.
  // What comes out differently is not decided. Null: nothing of the kind was left unread.
  std::shared_ptr<const policy::S3Settings> strict{};
  std::vector<policy::AccessPoint> strict_points{};
  std::string strict_reason{};
  std::shared_ptr<const policy::S3Settings> generous{};
  std::string generous_reason{};
  // Control policies that could not be read, by the account whose principals they limit, and of the bucket's own.
  std::map<std::string, std::string> unread_scps{};
  std::string unread_rcps{};
  std::string unread_key_rcps{};  // of the key's account, where that is another

  std::vector<Outsider> outsiders{};
  std::vector<std::string> gaps{};          // of the bucket's side
  std::vector<std::string> account_gaps{};  // of the accounts of this part
  std::vector<std::string> not_considered{};
};

// Some of the accounts of the facts, so that not all principals of a thousand accounts are in memory at once. The first
// part also has those whom policies name and whose accounts were not read.
struct WorldPart {
  std::size_t first = 0;
  std::size_t count = static_cast<std::size_t>(-1);
};
// Views into `facts` are kept: they must outlive the world. With no account it is the bucket's side alone.
World MakeWorld(const Facts& facts, const Ask& ask, const WorldPart& part = {});

// A principal for the question as the session of an instance: `arn:..:assumed-role/NAME/i-...`, with what is known of
// its requests.
policy::Principal AsInstance(const policy::Principal& role, const PrincipalNote& note, const InstanceFacts& instance);

// `arn:aws:iam::1:role/path/name` -> `name`; of `assumed-role/name/session` too.
std::string RoleNameOf(std::string_view arn);

}  // namespace sallyport::reach
