// SPDX-License-Identifier: Apache-2.0
//
// Who asks, and whether a Principal or NotPrincipal element means them.
// Source: IAM User Guide, "AWS JSON policy elements: Principal", "... NotPrincipal".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/document.h"

namespace sallyport::policy {

struct Caller {
  enum class Kind : std::uint8_t {
    kAnonymous,
    kService,    // `ec2.amazonaws.com`
    kRoot,       // arn:aws:iam::ACCOUNT:root: the root user, who needs no policy to be allowed something
    kUser,       // arn:aws:iam::ACCOUNT:user/...
    kRole,       // arn:aws:iam::ACCOUNT:role/...: the role itself, as long as no session is known
    kSession,    // arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION
    kFederated,  // arn:aws:sts::ACCOUNT:federated-user/NAME
  };
  Kind kind = Kind::kAnonymous;
  std::string text;  // the ARN or the name of the service
  // Whose session the caller is. kRole and kSession: the role, with its path, which a session's ARN does not carry.
  // kFederated: the user that the session was made for.
  std::string role_arn;
  std::string partition;
  std::string account;       // empty for kAnonymous and kService
  std::string canonical_id;  // of the account, when it is known

  bool IsSigned() const { return kind != Kind::kAnonymous; }
  bool is_service_linked = false;  // such roles are outside of SCPs and RCPs
};

// `text` is an ARN, the name of a service, or `anonymous`. `role_arn` is the role's own ARN for a session (empty: the
// role is taken to have no path), and the user's for a federated user (empty: one of that name without a path). Errors:
// kInvalidInput for what this engine does not evaluate, like a group.
Result<Caller> ParseCaller(std::string_view text, std::string_view role_arn);

// How a Principal element means the caller; the order is that of strength.
enum class Means : std::uint8_t {
  kNot,
  kAccount,  // the caller's account, which may then delegate
  kRole,     // the role or the user whose session the caller is, or the role itself
  kDirect,   // the session, the user or the service itself
  kEveryone,
};
std::string_view ToString(Means means);

class PrincipalMatcher {
 public:
  explicit PrincipalMatcher(const PrincipalElement& element);

  struct Match {
    Means means = Means::kNot;
    // A Deny with NotPrincipal that lists the caller without its account: "may be denied", says the documentation, so
    // nobody can tell whether the statement means the caller. `means` is then kEveryone.
    bool half_listed = false;
    bool because_of_boundary = false;  // see below
  };
  // `has_boundary`: a Deny with NotPrincipal applies to every caller with a permissions boundary, listed or not.
  Match Matches(const Caller& caller, Effect effect, bool has_boundary) const;

  const PrincipalElement& element() const { return element_; }

 private:
  struct Account {
    std::string partition;  // empty: written as the id alone
    std::string id;
  };
  Means Strongest(const Caller& caller) const;
  bool ListsAccount(const Caller& caller) const;

  PrincipalElement element_;
  bool everyone_ = false;
  std::vector<Account> accounts_;
  std::vector<std::string> arns_;  // without those of accounts
};

}  // namespace sallyport::policy
