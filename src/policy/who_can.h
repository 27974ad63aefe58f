// SPDX-License-Identifier: Apache-2.0
//
// Who can do these actions on this resource, out of thousands of roles? A role is only evaluated for the actions that
// one of its own policies, or the resource's, might allow; which policies those are is found out once for each policy
// and not once for each role. The answer is the same as that of evaluating every role for every action; a test compares
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/evaluate.h"

namespace sallyport::policy {

struct Principal {
  Caller caller;
  std::vector<PolicyPtr> identity;
  std::vector<PolicyPtr> boundary;
  // What is known about requests of this principal (contract section 7): `aws:PrincipalArn`, its tags, ... Made with
  // KeyState::kUnknown for what is not listed.
  Context context{KeyState::kUnknown};
};

struct Question {
  struct Ask {
    ActionName action;
    Arn resource;
    // The resource is a pattern and stands for all that it matches, like the objects of a bucket: some of them are
    // enough.
    bool is_set = false;
  };
  std::vector<Ask> asks;  // at most kMostAsks
  std::string resource_account;
  PolicyPtr resource_policy;  // may be null
  std::vector<PolicyLevel> rcps;
  std::vector<PolicyPtr> endpoint;
  std::shared_ptr<const S3Settings> s3;
  Context context{KeyState::kUnknown};  // what is known of the resource and the network; asked before the principal's

  static constexpr std::size_t kMostAsks = 64;
};

// One principal that can do, may do, or could not be decided for, at least one of the actions.
struct WhoCanRow {
  std::size_t principal = 0;        // its place in the list
  std::vector<Decision> decisions;  // one for each ask; conditional ones are settled (settle.h)

  bool operator==(const WhoCanRow&) const = default;
};

class WhoCanIndex {
 public:
  // `scps` by account; an account that is not listed has none. The principals stay the caller's, unchanged for as long
  // as the index lives.
  WhoCanIndex(const std::vector<Principal>& principals, std::map<std::string, std::vector<PolicyLevel>> scps);
  WhoCanIndex(std::vector<Principal>&& principals, std::map<std::string, std::vector<PolicyLevel>> scps) = delete;

  // In the order of the principals.
  std::vector<WhoCanRow> Ask(const Question& question) const;
  // The same without the index: every principal, every action. For tests.
  std::vector<WhoCanRow> AskEveryone(const Question& question) const;

  // How many principals Ask evaluates for this question.
  std::size_t CountCandidates(const Question& question) const;

 private:
  using Mask = std::uint64_t;  // one bit for each ask
  struct ResourceSide;
  struct Entry {
    std::vector<std::uint32_t> policies;  // places in policies_
    bool broken = false;                  // boundary or SCP
  };

  Mask MayAllow(const Policy& policy, const Question& question) const;
  ResourceSide Inspect(const Question& question) const;
  std::vector<Mask> Candidates(const Question& question) const;

  const std::vector<Principal>& principals_;
  std::map<std::string, std::vector<PolicyLevel>> scps_;
  std::vector<PolicyPtr> policies_;  // each once
  std::vector<Entry> entries_;       // one for each principal
};

}  // namespace sallyport::policy
