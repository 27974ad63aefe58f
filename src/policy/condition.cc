// SPDX-License-Identifier: Apache-2.0
#include "policy/condition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "policy/code_points.h"

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

// "... or if the key values resolve to a null data set, such as an empty string".
bool IsNullSet(const KeyValue& value) {
  return std::all_of(value.values.begin(), value.values.end(), [](const std::string& one) { return one.empty(); });
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
      return "the key's value is undetermined";
    case Why::kKeyUnread:
      return "the key's value could not be read";
    case Why::kWrongType:
      return "the request's value is of another type";
    case Why::kSeveralValues:
      return "the key has several values and the operator is for one";
    case Why::kVariableMissing:
      return "a policy variable has no value";
    case Why::kVariableUnknown:
      return "a policy variable's value is undetermined";
    case Why::kValueInvalid:
      return "a value of the policy is not of the operator's type, and what AWS makes of that is not documented";
    case Why::kPrincipalHalfListed:
      return "NotPrincipal lists the caller without its account";
    case Why::kOperatorUnsupported:
      return "the operator is not one that AWS documents";
  }
  return "";
}

Condition::Condition(const ConditionElement& element, bool variables)
    : element_(element), op_(ParseOperator(element.op)), key_(element.key) {
  for (const std::string& text : element_.values) values_.push_back(Compile(text, variables));
  for (const Value& value : values_) {
    has_variables_ = has_variables_ || std::holds_alternative<Template>(value);
    const auto* arn = std::get_if<ArnGlob>(&value);
    has_invalid_ = has_invalid_ || std::holds_alternative<std::monostate>(value) || (arn != nullptr && !arn->valid());
  }
}

Condition::Value Condition::Compile(const std::string& text, bool variables) const {
  const bool wildcards = op_.comparison == Comparison::kStringLike || op_.comparison == Comparison::kArn;
  if (variables && TakesVariables(op_.comparison) && Template::HasVariables(text)) return Template(text, wildcards);
  switch (op_.comparison) {
    case Comparison::kStringEquals:
      return text;
    case Comparison::kStringEqualsIgnoreCase:
      return FoldCase(text);
    case Comparison::kStringLike:
      return Glob(text);
    case Comparison::kArn:
      return ArnGlob(ParseGlob(text));
    case Comparison::kNumericEquals:
    case Comparison::kNumericLess:
    case Comparison::kNumericLessEquals:
    case Comparison::kNumericGreater:
    case Comparison::kNumericGreaterEquals:
      return OrNothing<Decimal, Value>(ParseNumber(text));
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
  std::string folded;
  if (op_.comparison == Comparison::kStringEqualsIgnoreCase) {
    for (GlobToken& token : tokens) token.text = FoldCase(token.text);
    folded = FoldCase(request);
    request = folded;
  }
  const bool matches = Glob(tokens).Matches(request);
  if (resolved.state == Template::Resolved::State::kUnknown) return matches ? Hit::kUnknown : Hit::kNo;
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
    unknown = unknown || hit == Hit::kUnknown;
  }
  if (unknown) {
    why = Why::kVariableUnknown;
    return Tri::kUnknown;
  }
  // "Inverted condition operators ... do match against a null value."
  if (missing) why = Why::kVariableMissing;
  return NoneMatched(why);
}

// None of the values is the request's. Of one that is not of the operator's type AWS does not say whether it differs.
Tri Condition::NoneMatched(Why& why) const {
  if (!op_.negated || !has_invalid_) return ToTri(op_.negated);
  why = Why::kValueInvalid;
  return Tri::kUnknown;
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
    if (wanted != nullptr && Compare(op_.comparison, *request, *wanted)) return ToTri(!op_.negated);
  }
  return NoneMatched(why);
}

Tri Condition::Test(std::string_view request, const Context& context, Why& why) const {
  why = Why::kCompared;
  switch (op_.comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringLike:
    case Comparison::kArn:
      return TestText(request, context, why);
    case Comparison::kStringEqualsIgnoreCase:
      return TestText(FoldCase(request), context, why);
    case Comparison::kNumericEquals:
    case Comparison::kNumericLess:
    case Comparison::kNumericLessEquals:
    case Comparison::kNumericGreater:
    case Comparison::kNumericGreaterEquals:
      return TestOrdered<Decimal>(ParseNumber(request), why);
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
      return inside ? ToTri(!op_.negated) : NoneMatched(why);
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
  if (value.state == KeyState::kPresent && op_.comparison != Comparison::kNull && !value.prefix.empty()) {
    return TestBeginning(value.prefix, context, why);
  }
  const bool has_choices = value.state != KeyState::kKnown && !value.values.empty();
  if (has_choices && op_.comparison != Comparison::kNull) return TestChoices(value, context, why);
  if (value.state == KeyState::kUnknown || (value.state == KeyState::kPresent && op_.comparison != Comparison::kNull)) {
    why = value.unread ? Why::kKeyUnread : Why::kKeyUnknown;
    return Tri::kUnknown;
  }
  if (op_.comparison == Comparison::kNull) return TestNull(false);
  if (op_.set != SetOperator::kNone && IsNullSet(value)) return WhenAbsent();
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

// Of the value only is known which it may be. What comes out alike for all is certain.
Tri Condition::TestChoices(const KeyValue& value, const Context& context, Why& why) const {
  std::vector<Tri> results;
  for (const std::string& one : value.values) results.push_back(Test(one, context, why));
  if (value.state == KeyState::kUnknown) results.push_back(WhenAbsent());
  const bool alike = std::all_of(results.begin(), results.end(), [&](Tri one) { return one == results.front(); });
  if (!alike) why = Why::kKeyUnknown;
  return alike ? results.front() : Tri::kUnknown;
}

// Of the value only its beginning is known.
Tri Condition::TestBeginning(std::string_view prefix, const Context& context, Why& why) const {
  const bool text = op_.comparison == Comparison::kStringEquals || op_.comparison == Comparison::kStringLike;
  why = text ? Why::kCompared : Why::kKeyUnknown;
  if (!text) return Tri::kUnknown;
  Reach best = Reach::kNone;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto* variables = std::get_if<Template>(&values_[i]);
    if (variables == nullptr) {
      const bool wild = op_.comparison == Comparison::kStringLike;
      const std::string& value = element_.values[i];
      best = std::max(best, wild ? ReachBehind(ParseGlob(value), prefix)
                                 : ReachBehind({GlobToken{GlobToken::Kind::kText, value}}, prefix));
      continue;
    }
    const Template::Resolved resolved = variables->Resolve(context);
    if (resolved.state == Template::Resolved::State::kMissing) continue;
    const Reach reach = ReachBehind(resolved.tokens, prefix);
    best =
        std::max(best, resolved.state == Template::Resolved::State::kUnknown ? std::min(reach, Reach::kSome) : reach);
  }
  if (best == Reach::kSome) {
    why = Why::kKeyUnknown;
    return Tri::kUnknown;
  }
  return ToTri((best == Reach::kAll) != op_.negated);
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

std::vector<std::vector<ResourcePattern::Part>> Condition::PatternsFor(const Context& context) const {
  std::vector<std::vector<ResourcePattern::Part>> patterns;
  const bool is_arn = op_.comparison == Comparison::kArn;
  const auto add = [&](const std::vector<GlobToken>& tokens) {
    std::size_t colons = 0;
    std::vector<ResourcePattern::Part> parts;
    for (const GlobToken& token : tokens) {
      if (token.kind == GlobToken::Kind::kText) {
        colons += static_cast<std::size_t>(std::count(token.text.begin(), token.text.end(), ':'));
      }
      const bool wild = token.kind != GlobToken::Kind::kText;
      parts.push_back({token, is_arn && wild && colons + 1 < kArnParts});
    }
    if (!is_arn || colons + 1 >= kArnParts) patterns.push_back(std::move(parts));
  };
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::string& text = element_.values[i];
    if (const auto* variables = std::get_if<Template>(&values_[i])) {
      const Template::Resolved resolved = variables->Resolve(context);
      if (resolved.state == Template::Resolved::State::kComplete) add(resolved.tokens);
    } else if (is_arn || op_.comparison == Comparison::kStringLike) {
      add(ParseGlob(text));
    } else {
      add({GlobToken{GlobToken::Kind::kText, text}});
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
