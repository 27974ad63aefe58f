// SPDX-License-Identifier: Apache-2.0
//
// A policy compiled for evaluation: patterns, conditions and principals are prepared once, and the statements that can
// concern a service are found without looking at the others. Never changes after it is made, so threads may share it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "policy/condition.h"
#include "policy/document.h"
#include "policy/patterns.h"
#include "policy/principal.h"

namespace sallyport::policy {

enum class PolicyType : std::uint8_t { kIdentity, kBoundary, kSession, kScp, kRcp, kEndpoint, kResource };
// `identity`, `pb`, `session`, `scp`, `rcp`, `vpce`, `resource`: the words of blockedBy and of the trace.
std::string_view ToString(PolicyType type);
// For people: "permissions boundary".
std::string_view DisplayName(PolicyType type);

// `service:Name`, prepared for comparing without case.
struct ActionName {
  ActionName() = default;
  explicit ActionName(std::string_view action);

  std::string text;  // as given
  std::string lower;
  std::uint64_t hash = 0;
  std::uint64_t service_hash = 0;
  // Actions that have a rule of their own.
  enum class Rule : std::uint8_t {
    kNone,
    kListAllMyBuckets,
    kBucketPolicy,  // Get, Put, DeleteBucketPolicy
    kGetCallerIdentity,
    kGetSessionToken,
    kKms,
    kRetireGrant,  // of KMS
  };
  Rule rule = Rule::kNone;
  bool is_s3 = false;
  bool is_kms() const { return rule == Rule::kKms || rule == Rule::kRetireGrant; }

  std::string_view service() const { return std::string_view(lower).substr(0, lower.find(':')); }
};

class CompiledStatement {
 public:
  CompiledStatement(Statement statement, std::size_t index, PolicyType type, bool variables);

  bool MatchesAction(const ActionName& action) const;
  // kUnknown: a variable is not known. `why` is kVariableMissing where a variable without a value decided.
  Tri MatchesResource(const Arn& arn, const Context& context, Why& why) const;

  const Statement& source() const { return source_; }
  Effect effect() const { return source_.effect; }
  // The Sid, or the place in the document: `#2`.
  std::string Name() const;
  const std::optional<PrincipalMatcher>& principal() const { return principal_; }
  const std::vector<ResourcePattern>& resources() const { return resources_; }
  const std::vector<Condition>& conditions() const { return conditions_; }
  // Whether the statement's answer can depend on the caller's condition keys.
  bool depends_on_context() const { return depends_on_context_; }

 private:
  Statement source_;
  std::size_t index_;
  std::optional<PrincipalMatcher> principal_;
  std::vector<std::uint64_t> exact_actions_;  // hashes, sorted
  std::vector<std::string> exact_texts_;      // in the same order
  std::vector<Glob> action_globs_;
  std::vector<ResourcePattern> resources_;
  std::vector<Condition> conditions_;
  bool depends_on_context_ = false;
};

class Policy;
using PolicyPtr = std::shared_ptr<const Policy>;

class Policy {
 public:
  // From JSON text. A text that is not a policy gives a policy that is broken: whoever evaluates with it gets "could
  // not decide" and the error. `name` is for people.
  static PolicyPtr FromText(std::string name, PolicyType type, std::string_view text);
  static PolicyPtr FromDocument(std::string name, PolicyType type, Document document);
  // One that could not be read at all.
  static PolicyPtr Unreadable(std::string name, PolicyType type, Error error);

  const std::string& name() const { return name_; }
  PolicyType type() const { return type_; }
  const std::optional<Error>& error() const { return error_; }
  const std::vector<CompiledStatement>& statements() const { return statements_; }
  // The statements that may concern an action of this service: those that name it, and those that may mean any.
  using StatementList = std::vector<const CompiledStatement*>;
  const StatementList& ForService(std::uint64_t service_hash) const {
    for (const auto& [hash, statements] : by_service_) {
      if (hash >= service_hash) return hash == service_hash ? statements : none_;
    }
    return none_;
  }
  const StatementList& ForAnyService() const { return any_service_; }

  // For a bucket policy: whether S3 calls it public (public_access.h).
  Tri is_public() const { return is_public_; }

  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

 private:
  Policy(std::string name, PolicyType type) : name_(std::move(name)), type_(type) {}
  void Index();

  std::string name_;
  PolicyType type_;
  std::optional<Error> error_;
  std::vector<CompiledStatement> statements_;
  StatementList none_;
  StatementList any_service_;
  std::vector<std::pair<std::uint64_t, StatementList>> by_service_;  // by hash of the name; most have one to five
  Tri is_public_ = Tri::kFalse;
};

}  // namespace sallyport::policy
