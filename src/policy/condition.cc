// SPDX-License-Identifier: Apache-2.0
#include "policy/condition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace sallyport::policy {
namespace {

struct NamedOperator {
  std::string_view name;
  Comparison comparison;
  bool negated;
};

constexpr std::array<NamedOperator, 27> kOperators = {{
    {"stringequals", Comparison::kStringEquals, false},
    {"stringnotequals", Comparison::kStringEquals, true},
    {"stringequalsignorecase", Comparison::kStringEqualsIgnoreCase, false},
    {"stringnotequalsignorecase", Comparison::kStringEqualsIgnoreCase, true},
    {"stringlike", Comparison::kStringLike, false},
    {"stringnotlike", Comparison::kStringLike, true},
    {"numericequals", Comparison::kNumericEquals, false},
    {"numericnotequals", Comparison::kNumericEquals, true},
    {"numericlessthan", Comparison::kNumericLess, false},
    {"numericlessthanequals", Comparison::kNumericLessEquals, false},
    {"numericgreaterthan", Comparison::kNumericGreater, false},
    {"numericgreaterthanequals", Comparison::kNumericGreaterEquals, false},
    {"dateequals", Comparison::kDateEquals, false},
    {"datenotequals", Comparison::kDateEquals, true},
    {"datelessthan", Comparison::kDateLess, false},
    {"datelessthanequals", Comparison::kDateLessEquals, false},
    {"dategreaterthan", Comparison::kDateGreater, false},
    {"dategreaterthanequals", Comparison::kDateGreaterEquals, false},
    {"bool", Comparison::kBool, false},
    {"binaryequals", Comparison::kBinaryEquals, false},
    {"ipaddress", Comparison::kIpAddress, false},
    {"notipaddress", Comparison::kIpAddress, true},
    {"arnequals", Comparison::kArn, false},
    {"arnlike", Comparison::kArn, false},
    {"arnnotequals", Comparison::kArn, true},
    {"arnnotlike", Comparison::kArn, true},
    {"null", Comparison::kNull, false},
}};

bool TakesVariables(Comparison comparison) {
  return comparison == Comparison::kStringEquals || comparison == Comparison::kStringEqualsIgnoreCase ||
         comparison == Comparison::kStringLike || comparison == Comparison::kArn;
}

bool Compare(Comparison comparison, auto request, auto value) {
  switch (comparison) {
    case Comparison::kNumericLess:
    case Comparison::kDateLess:
      return request < value;
    case Comparison::kNumericLessEquals:
    case Comparison::kDateLessEquals:
      return request <= value;
    case Comparison::kNumericGreater:
    case Comparison::kDateGreater:
      return request > value;
    case Comparison::kNumericGreaterEquals:
    case Comparison::kDateGreaterEquals:
      return request >= value;
    default:
      return request == value;
  }
}

template <class T, class Variant>
Variant OrNothing(std::optional<T> value) {
  return value ? Variant(*std::move(value)) : Variant();
}

Hit ToHit(bool matches) {
  return matches ? Hit::kYes : Hit::kNo;
}

}  // namespace

Operator ParseOperator(std::string_view name) {
  constexpr std::string_view kAll = "forallvalues:";
  constexpr std::string_view kAny = "foranyvalue:";
  constexpr std::string_view kIfExists = "ifexists";
  const std::string lower = ToLowerAscii(name);
  std::string_view rest = lower;
  Operator op;
  if (rest.starts_with(kAll)) {
    op.set = SetOperator::kForAllValues;
    rest.remove_prefix(kAll.size());
  } else if (rest.starts_with(kAny)) {
    op.set = SetOperator::kForAnyValue;
    rest.remove_prefix(kAny.size());
  }
  if (rest.ends_with(kIfExists)) {
    op.if_exists = true;
    rest.remove_suffix(kIfExists.size());
  }
  for (const NamedOperator& known : kOperators) {
    if (known.name != rest) continue;
    op.comparison = known.comparison;
    op.negated = known.negated;
  }
  // "You can add IfExists to the end of any condition operator name except the Null condition."
  if (op.comparison == Comparison::kNull && op.if_exists) op.comparison = Comparison::kUnsupported;
  return op;
}

std::string_view ToString(Why why) {
  switch (why) {
    case Why::kCompared:
      return "compared";
    case Why::kKeyAbsent:
      return "the key is not in the request";
    case Why::kKeyUnknown:
      return "the key's value is not known";
    case Why::kWrongType:
      return "the request's value is of another type";
    case Why::kSeveralValues:
      return "the key has several values and the operator is for one";
    case Why::kVariableMissing:
      return "a policy variable has no value";
    case Why::kVariableUnknown:
      return "a policy variable's value is not known";
    case Why::kOperatorUnsupported:
      return "the operator is not one that AWS documents";
  }
  return "";
}

Condition::Condition(const ConditionElement& element, bool variables)
    : element_(element), op_(ParseOperator(element.op)), key_(element.key) {
  for (const std::string& text : element_.values) values_.push_back(Compile(text, variables));
  for (const Value& value : values_) has_variables_ = has_variables_ || std::holds_alternative<Template>(value);
}

Condition::Value Condition::Compile(const std::string& text, bool variables) const {
  const bool wildcards = op_.comparison == Comparison::kStringLike || op_.comparison == Comparison::kArn;
  if (variables && TakesVariables(op_.comparison) && Template::HasVariables(text)) return Template(text, wildcards);
  switch (op_.comparison) {
    case Comparison::kStringEquals:
      return text;
    case Comparison::kStringEqualsIgnoreCase:
      return ToLowerAscii(text);
    case Comparison::kStringLike:
      return Glob(text);
    case Comparison::kArn:
      return ArnGlob(ParseGlob(text));
    case Comparison::kNumericEquals:
    case Comparison::kNumericLess:
    case Comparison::kNumericLessEquals:
    case Comparison::kNumericGreater:
    case Comparison::kNumericGreaterEquals:
      return OrNothing<double, Value>(ParseNumber(text));
    case Comparison::kDateEquals:
    case Comparison::kDateLess:
    case Comparison::kDateLessEquals:
    case Comparison::kDateGreater:
    case Comparison::kDateGreaterEquals:
      return OrNothing<std::int64_t, Value>(ParseDate(text));
    case Comparison::kBool:
    case Comparison::kNull:
      return OrNothing<bool, Value>(ParseBool(text));
    case Comparison::kBinaryEquals:
      return OrNothing<std::string, Value>(ParseBase64(text));
    case Comparison::kIpAddress:
      return OrNothing<Cidr, Value>(ParseCidr(text));
    case Comparison::kUnsupported:
      break;
  }
  return {};
}

Hit Condition::MatchesTemplate(const Template& value, std::string_view request, const Context& context) const {
  if (value.IsPrefix() && (op_.comparison == Comparison::kStringEquals || op_.comparison == Comparison::kStringLike)) {
    bool matches = false;
    const auto state = value.MatchesPrefix(context, request, matches);
    if (state == Template::Resolved::State::kComplete) return ToHit(matches);
    if (state == Template::Resolved::State::kMissing) return Hit::kMissing;
  }
  const Template::Resolved resolved = value.Resolve(context);
  if (resolved.state == Template::Resolved::State::kMissing) return Hit::kMissing;
  if (op_.comparison == Comparison::kArn) {
    // A star in the place of an unknown variable would stop at colons, which its value need not.
    if (resolved.state == Template::Resolved::State::kUnknown) return Hit::kUnknown;
    return ToHit(ArnGlob(resolved.tokens).Matches(request));
  }
  std::vector<GlobToken> tokens = resolved.tokens;
  std::string lower;
  if (op_.comparison == Comparison::kStringEqualsIgnoreCase) {
    for (GlobToken& token : tokens) token.text = ToLowerAscii(token.text);
    lower = ToLowerAscii(request);
    request = lower;
  }
  const bool matches = Glob(tokens).Matches(request);
  if (resolved.state == Template::Resolved::State::kUnknown) return matches ? Hit::kUnknown : Hit::kNoOrMissing;
  return ToHit(matches);
}

Hit Condition::Matches(const Value& value, std::string_view request, const Context& context) const {
  if (const auto* text = std::get_if<std::string>(&value)) return ToHit(*text == request);
  if (const auto* glob = std::get_if<Glob>(&value)) return ToHit(glob->Matches(request));
  if (const auto* arn = std::get_if<ArnGlob>(&value)) return ToHit(arn->Matches(request));
  if (const auto* text = std::get_if<Template>(&value)) return MatchesTemplate(*text, request, context);
  return Hit::kNo;
}

// Strings and ARNs: alternatives, or none of them under a negated operator.
Tri Condition::TestText(std::string_view request, const Context& context, Why& why) const {
  bool missing = false;
  bool unknown = false;
  for (const Value& value : values_) {
    const Hit hit = Matches(value, request, context);
    if (hit == Hit::kYes) return ToTri(!op_.negated);
    missing = missing || hit == Hit::kMissing;
    unknown = unknown || hit == Hit::kUnknown || (op_.negated && hit == Hit::kNoOrMissing);
  }
  if (unknown) {
    why = Why::kVariableUnknown;
    return Tri::kUnknown;
  }
  if (missing) {
    why = Why::kVariableMissing;
    return op_.negated ? Tri::kUnknown : Tri::kFalse;
  }
  return ToTri(op_.negated);
}

// Numbers and dates. What is not one is neither equal nor different.
template <class T>
Tri Condition::TestOrdered(const std::optional<T>& request, Why& why) const {
  if (!request) {
    why = Why::kWrongType;
    return Tri::kFalse;
  }
  for (const Value& value : values_) {
    const T* wanted = std::get_if<T>(&value);
    if (wanted == nullptr) {
      if (op_.negated) return Tri::kFalse;
    } else if (Compare(op_.comparison, *request, *wanted)) {
      return ToTri(!op_.negated);
    }
  }
  return ToTri(op_.negated);
}

Tri Condition::Test(std::string_view request, const Context& context, Why& why) const {
  why = Why::kCompared;
  switch (op_.comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringLike:
    case Comparison::kArn:
      return TestText(request, context, why);
    case Comparison::kStringEqualsIgnoreCase:
      return TestText(ToLowerAscii(request), context, why);
    case Comparison::kNumericEquals:
    case Comparison::kNumericLess:
    case Comparison::kNumericLessEquals:
    case Comparison::kNumericGreater:
    case Comparison::kNumericGreaterEquals:
      return TestOrdered<double>(ParseNumber(request), why);
    case Comparison::kDateEquals:
    case Comparison::kDateLess:
    case Comparison::kDateLessEquals:
    case Comparison::kDateGreater:
    case Comparison::kDateGreaterEquals:
      return TestOrdered<std::int64_t>(ParseDate(request), why);
    case Comparison::kBool: {
      const std::optional<bool> value = ParseBool(request);
      if (!value) why = Why::kWrongType;
      return ToTri(value && HasBool(*value));
    }
    case Comparison::kBinaryEquals: {
      const std::optional<std::string> bytes = ParseBase64(request);
      if (!bytes) why = Why::kWrongType;
      return bytes ? TestText(*bytes, context, why) : Tri::kFalse;
    }
    case Comparison::kIpAddress: {
      const std::optional<Cidr> address = ParseCidr(request);
      if (!address) why = Why::kWrongType;
      const bool inside = address && std::any_of(values_.begin(), values_.end(), [&address](const Value& value) {
                            const Cidr* range = std::get_if<Cidr>(&value);
                            return range != nullptr && Contains(*range, *address);
                          });
      return ToTri(inside != op_.negated);
    }
    case Comparison::kNull:
      return TestNull(false);
    case Comparison::kUnsupported:
      break;
  }
  why = Why::kOperatorUnsupported;
  return Tri::kUnknown;
}

bool Condition::HasBool(bool wanted) const {
  return std::any_of(values_.begin(), values_.end(), [wanted](const Value& value) {
    const bool* flag = std::get_if<bool>(&value);
    return flag != nullptr && *flag == wanted;
  });
}

Tri Condition::TestNull(bool absent) const {
  return ToTri(HasBool(absent));
}

Tri Condition::WhenAbsent() const {
  if (op_.comparison == Comparison::kNull) return TestNull(true);
  // IfExists does not help ForAnyValue: there is no value that could pass. So it is with AWS too (re:Post,
  // "ForAnyValue: StringEqualsIfExists behaving unexpectedly").
  if (op_.set == SetOperator::kForAnyValue) return Tri::kFalse;
  if (op_.if_exists || op_.set == SetOperator::kForAllValues) return Tri::kTrue;
  return ToTri(op_.negated);
}

Tri Condition::Evaluate(const Context& context, Why& why) const {
  why = Why::kCompared;
  if (op_.comparison == Comparison::kUnsupported) {
    why = Why::kOperatorUnsupported;
    return Tri::kUnknown;
  }
  const KeyValue& value = context.Find(key_);
  if (value.state == KeyState::kAbsent) {
    why = Why::kKeyAbsent;
    return WhenAbsent();
  }
  if (value.state == KeyState::kUnknown || (value.state == KeyState::kPresent && op_.comparison != Comparison::kNull)) {
    why = Why::kKeyUnknown;
    return Tri::kUnknown;
  }
  if (op_.comparison == Comparison::kNull) return TestNull(false);
  if (op_.set == SetOperator::kNone) {
    if (!value.multivalued) return Test(value.values.front(), context, why);
    why = Why::kSeveralValues;
    return Tri::kFalse;
  }
  const bool all = op_.set == SetOperator::kForAllValues;
  Tri result = ToTri(all);
  for (const std::string& one : value.values) {
    Why one_why = Why::kCompared;
    const Tri one_result = Test(one, context, one_why);
    const Tri joined = all ? And(result, one_result) : Or(result, one_result);
    if (joined != result) why = one_why;
    result = joined;
  }
  return result;
}

std::vector<std::string> Condition::ValuesFor(const Context& context) const {
  std::vector<std::string> texts = element_.values;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto* text = std::get_if<Template>(&values_[i]);
    if (text == nullptr) continue;
    const Template::Resolved resolved = text->Resolve(context);
    if (resolved.state == Template::Resolved::State::kComplete) texts[i] = ToText(resolved.tokens);
  }
  return texts;
}

std::vector<std::vector<GlobToken>> Condition::PatternsFor(const Context& context) const {
  std::vector<std::vector<GlobToken>> patterns;
  const bool wildcards = op_.comparison == Comparison::kStringLike || op_.comparison == Comparison::kArn;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::string& text = element_.values[i];
    if (const auto* variables = std::get_if<Template>(&values_[i])) {
      Template::Resolved resolved = variables->Resolve(context);
      if (resolved.state == Template::Resolved::State::kComplete) patterns.push_back(std::move(resolved.tokens));
    } else if (wildcards) {
      patterns.push_back(ParseGlob(text));
    } else {
      patterns.push_back({GlobToken{GlobToken::Kind::kText, text}});
    }
  }
  return patterns;
}

std::vector<KeyName> Condition::VariableKeys() const {
  std::vector<KeyName> keys;
  for (const Value& value : values_) {
    const auto* text = std::get_if<Template>(&value);
    if (text == nullptr) continue;
    for (KeyName& key : text->Keys()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace sallyport::policy
