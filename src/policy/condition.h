// SPDX-License-Identifier: Apache-2.0
//
// One condition of a statement, compiled: one operator, one key, its values.
// Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for multivalued context
// keys".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/context.h"
#include "policy/document.h"
#include "policy/patterns.h"
#include "policy/tri.h"
#include "policy/values.h"

namespace sallyport::policy {

enum class Comparison : std::uint8_t {
  kStringEquals,
  kStringEqualsIgnoreCase,
  kStringLike,
  kNumericEquals,
  kNumericLess,
  kNumericLessEquals,
  kNumericGreater,
  kNumericGreaterEquals,
  kDateEquals,
  kDateLess,
  kDateLessEquals,
  kDateGreater,
  kDateGreaterEquals,
  kBool,
  kBinaryEquals,
  kIpAddress,
  kArn,
  kNull,
  kUnsupported,  // an operator that AWS does not document: the statement cannot be decided
};

enum class SetOperator : std::uint8_t { kNone, kForAllValues, kForAnyValue };

struct Operator {
  Comparison comparison = Comparison::kUnsupported;
  bool negated = false;
  bool if_exists = false;
  SetOperator set = SetOperator::kNone;
};

// Names compare without case.
Operator ParseOperator(std::string_view name);

// Why a condition is what it is; for the trace, and to tell apart what is not known from what cannot be known.
enum class Why : std::uint8_t {
  kCompared,             // the values decided
  kKeyAbsent,            // the key is not in the request
  kKeyUnknown,           // nothing, or only the presence, of the key is known
  kKeyUnread,            // see Context::SetUnread
  kWrongType,            // the request's value is not of the operator's type
  kSeveralValues,        // a key with several values needs a set operator
  kVariableMissing,      // a policy variable has no value, and the policy's value is null
  kVariableUnknown,      // a policy variable's key is not known
  kValueInvalid,         // a value of the policy is not of the operator's type, and AWS does not say what that means
  kPrincipalHalfListed,  // no condition: NotPrincipal lists the caller without its account
  kOperatorUnsupported   // see Comparison::kUnsupported
};
std::string_view ToString(Why why);

class Condition {
 public:
  Condition(const ConditionElement& element, bool variables);

  // `why` explains the result.
  Tri Evaluate(const Context& context, Why& why) const;

  // For a single value of the key, as if it were the request's only one.
  Tri Test(std::string_view value, const Context& context, Why& why) const;

  const Operator& op() const { return op_; }
  const KeyName& key() const { return key_; }
  const ConditionElement& element() const { return element_; }
  bool has_variables() const { return has_variables_; }
  // The values with variables filled in, for people. One that cannot be resolved stays as it is written.
  std::vector<std::string> ValuesFor(const Context& context) const;
  // The patterns of a string or ARN operator, with variables filled in and marked where a star of an ARN stops at a
  // colon; those that cannot be resolved or match no value are left out.
  std::vector<std::vector<ResourcePattern::Part>> PatternsFor(const Context& context) const;
  // The keys of the variables in the values.
  std::vector<KeyName> VariableKeys() const;

 private:
  // std::monostate: text that is not of the operator's type.
  using Value = std::variant<std::monostate, std::string, Glob, ArnGlob, Decimal, std::int64_t, bool, Cidr, Template>;

  Value Compile(const std::string& text, bool variables) const;
  Hit Matches(const Value& value, std::string_view request, const Context& context) const;
  Hit MatchesTemplate(const Template& value, std::string_view request, const Context& context) const;
  Tri WhenAbsent() const;
  Tri TestText(std::string_view request, const Context& context, Why& why) const;
  Tri TestChoices(const KeyValue& value, const Context& context, Why& why) const;
  Tri TestBeginning(std::string_view prefix, const Context& context, Why& why) const;
  Tri NoneMatched(Why& why) const;
  bool HasBool(bool wanted) const;
  Tri TestNull(bool absent) const;
  template <class T>
  Tri TestOrdered(const std::optional<T>& request, Why& why) const;

  ConditionElement element_;
  Operator op_;
  KeyName key_;
  bool has_variables_ = false;
  bool has_invalid_ = false;  // a value that is not of the operator's type
  std::vector<Value> values_;
};

}  // namespace sallyport::policy
