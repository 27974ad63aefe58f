// SPDX-License-Identifier: Apache-2.0
#include "policy/public_access.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "policy/arn.h"
#include "policy/condition.h"
#include "policy/values.h"

namespace sallyport::policy {
namespace {

bool IsFixed(std::string_view text) {
  return !text.empty() && text.find_first_of("*?") == text.npos && text.find("${") == text.npos;
}

bool HasFixedAccount(std::string_view text) {
  const std::optional<ArnView> arn = SplitArn(text);
  return arn && IsAccountId(arn->account());
}

// `AROAEXAMPLE:*`: the id before the colon must be fixed, the session may be anything.
bool HasFixedId(std::string_view text) {
  return IsFixed(text.substr(0, text.find(':')));
}

bool IsPrivateRange(const Cidr& range) {
  for (const std::string_view text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}) {
    if (Contains(*ParseCidr(text), range)) return true;
  }
  return false;
}

// "This includes values broader than /8 for IPv4 and /32 for IPv6 (excluding RFC1918 private ranges)."
bool IsNarrowRange(std::string_view text) {
  const std::optional<Cidr> range = ParseCidr(text);
  return range && (range->prefix >= (range->v6 ? 32U : 8U) || IsPrivateRange(*range));
}

bool ValueNarrows(std::string_view key, Comparison comparison, std::string_view value) {
  static constexpr std::array<std::string_view, 8> kFixedKeys = {
      "aws:principalorgid", "aws:principalaccount", "aws:principalorgpaths", "aws:sourcevpc",
      "aws:sourcevpce",     "aws:sourceaccount",    "aws:sourceowner",       "s3:dataaccesspointaccount"};
  if (key == "aws:sourceip") return comparison == Comparison::kIpAddress && IsNarrowRange(value);
  if (key == "aws:principalarn" || key == "s3:dataaccesspointarn") return HasFixedAccount(value);
  if (key == "aws:sourcearn") return IsFixed(value);
  if (key == "aws:userid") return HasFixedId(value);
  return std::find(kFixedKeys.begin(), kFixedKeys.end(), key) != kFixedKeys.end() && IsFixed(value);
}

// Whether stars in the values of this key make a policy public is not documented: an organization path below a fixed
// organization fixes who, and still has a star.
bool MayNarrow(std::string_view key, std::string_view value) {
  return key == "aws:principalorgpaths" && IsFixed(value.substr(0, value.find('/')));
}

// kUnknown: it may, see MayNarrow.
Tri Narrows(const ConditionElement& condition) {
  const Operator op = ParseOperator(condition.op);
  // Operators that are also true for a request without the key let everyone through.
  if (op.negated || op.if_exists || op.set == SetOperator::kForAllValues) return Tri::kFalse;
  const bool compares = op.comparison == Comparison::kStringEquals || op.comparison == Comparison::kStringLike ||
                        op.comparison == Comparison::kStringEqualsIgnoreCase || op.comparison == Comparison::kArn ||
                        op.comparison == Comparison::kIpAddress;
  if (!compares) return Tri::kFalse;
  const std::string key = ToLowerAscii(condition.key);
  // The values are alternatives: one wide one opens the statement.
  Tri all = Tri::kTrue;
  for (const std::string& value : condition.values) {
    const Tri one = ValueNarrows(key, op.comparison, value) ? Tri::kTrue
                    : MayNarrow(key, value)                 ? Tri::kUnknown
                                                            : Tri::kFalse;
    all = And(all, one);
  }
  return all;
}

bool IsForEveryone(const Statement& statement) {
  if (!statement.principal) return false;
  const PrincipalElement& principal = *statement.principal;
  const bool star = std::find(principal.aws.begin(), principal.aws.end(), "*") != principal.aws.end();
  return principal.everyone ? !principal.negated : star != principal.negated;
}

}  // namespace

Tri IsPublic(const Document& bucket_policy) {
  Tri is_public = Tri::kFalse;
  for (const Statement& statement : bucket_policy.statements) {
    if (statement.effect != Effect::kAllow || !IsForEveryone(statement)) continue;
    Tri narrowed = Tri::kFalse;
    for (const ConditionElement& condition : statement.conditions) narrowed = Or(narrowed, Narrows(condition));
    is_public = Or(is_public, Not(narrowed));
  }
  return is_public;
}

}  // namespace sallyport::policy
