// SPDX-License-Identifier: Apache-2.0
//
// May this principal do this action on this resource? The decision, without explanation (explain.h gives one).
//
//   const Decision decision = Decide(request, policies);
//
// Two ways of asking: with a request that is fully given a key that is not listed is absent and the answer is allowed
// or denied; with unknown keys it may also be conditional. Sources: IAM User Guide, "How AWS enforcement code logic
// evaluates requests to allow or deny access", "Policy evaluation for requests within a single account", "Cross-account
// policy evaluation logic".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "policy/arn.h"
#include "policy/context.h"
#include "policy/policy.h"
#include "policy/principal.h"
#include "policy/s3.h"

namespace sallyport::policy {

struct Request {
  Caller caller;
  ActionName action;
  Arn resource;                      // `*` when the action has no resource type
  std::string resource_account;      // who owns the resource
  const Context* context = nullptr;  // set before it is evaluated; must outlive the request
  // Whether `context` may hold keys that are not known. Without, a condition that cannot be told makes the answer
  // kUndecided; with, kConditional.
  bool three_valued = false;
};

// Says for a statement whether its resources mean the request's, in place of comparing patterns.
class ResourceView {
 public:
  virtual ~ResourceView() = default;
  virtual Tri Matches(const CompiledStatement& statement) const = 0;
};

// A request by reference, for whoever asks the same with little changed. What it refers to must outlive it.
struct RequestView {
  RequestView(const Request& request)  // NOLINT(google-explicit-constructor)
      : RequestView(request.caller, request.action, request.resource, request.resource_account, ContextOf(request),
                    request.three_valued) {}
  RequestView(const Caller& the_caller, const ActionName& the_action, const Arn& the_resource, std::string_view owner,
              const Context& the_context, bool may_be_unknown)
      : caller(the_caller),
        action(the_action),
        resource(the_resource),
        resource_account(owner),
        context(the_context),
        three_valued(may_be_unknown) {}

  static const Context& ContextOf(const Request& request) {
    Check(request.context != nullptr, "a request has a context");
    return *request.context;
  }

  const Caller& caller;
  const ActionName& action;
  const Arn& resource;
  std::string_view resource_account;
  const Context& context;
  bool three_valued;
  const ResourceView* view = nullptr;  // not for explanations, which show the request's own resource
};

// One level of an organization: its root, a unit, or the account.
struct PolicyLevel {
  std::string name;
  std::vector<PolicyPtr> policies;
};

// All policies that apply to a request. Policies are shared, so that one attached to many roles is compiled once.
struct PolicySet {
  std::vector<PolicyPtr> identity;  // attached and inline; for users also those of their groups
  std::vector<PolicyPtr> boundary;  // empty: none
  std::vector<PolicyPtr> session;   // empty: none
  // Of the principal's account, root first. Empty: not in an organization, or its management account.
  std::vector<PolicyLevel> scps;
  // Of the resource's account. RCPFullAWSAccess is implied at every level.
  std::vector<PolicyLevel> rcps;
  std::vector<PolicyPtr> endpoint;       // of the VPC endpoint used; empty: none, or its default
  PolicyPtr resource;                    // may be null
  std::shared_ptr<const S3Settings> s3;  // may be null
};

enum class Decision : std::uint8_t {
  kAllowed,
  kConditional,       // depends on keys that are not known
  kExplicitlyDenied,  // a policy denies
  kImplicitlyDenied,  // no policy allows
  kUndecided,         // could not decide; never to be read as denied
};
// `Allowed`, `AllowedIf`, `ExplicitlyDenied`, `ImplicitlyDenied`, `CouldNotDecide`.
std::string_view ToString(Decision decision);
constexpr bool IsDenied(Decision decision) {
  return decision == Decision::kExplicitlyDenied || decision == Decision::kImplicitlyDenied;
}

Decision Decide(const RequestView& request, const PolicySet& policies);
// The one that gives more access; "could not decide" lies between a denial and a conditional answer.
Decision Better(Decision a, Decision b);

// The same with a number that is equal for two requests whose conditional answer depends in the same way on unknown
// keys; 0 when that cannot be told. For whoever asks one question for many principals.
struct Signed {
  Decision decision = Decision::kUndecided;
  std::uint64_t signature = 0;
};
Signed DecideSigned(const RequestView& request, const PolicySet& policies);

}  // namespace sallyport::policy
