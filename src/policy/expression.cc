// SPDX-License-Identifier: Apache-2.0
#include "policy/expression.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "policy/limits.h"

namespace sallyport::policy {
namespace {

constexpr std::size_t kShownValue = 120;

std::string_view Verb(const Operator& op) {
  switch (op.comparison) {
    case Comparison::kStringLike:
    case Comparison::kArn:
      return "is like";
    case Comparison::kNumericLess:
      return "is less than";
    case Comparison::kNumericLessEquals:
      return "is at most";
    case Comparison::kNumericGreater:
      return "is more than";
    case Comparison::kNumericGreaterEquals:
      return "is at least";
    case Comparison::kDateLess:
      return "is before";
    case Comparison::kDateLessEquals:
      return "is not after";
    case Comparison::kDateGreater:
      return "is after";
    case Comparison::kDateGreaterEquals:
      return "is not before";
    case Comparison::kIpAddress:
      return "is in";
    default:
      return "is";
  }
}

std::string Values(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += " or ";
    text += Printable(value, kShownValue);
  }
  return text.empty() ? "one of no values" : text;
}

std::string NullText(const Leaf& leaf) {
  const bool absent = !leaf.values.empty() && EqualsIgnoreCase(leaf.values.front(), "true");
  return leaf.key + (absent ? " is absent" : " is present");
}

}  // namespace

std::string ToText(const Leaf& leaf) {
  if (leaf.why == Why::kPrincipalHalfListed) {
    return std::string(leaf.negated ? "not: " : "") + "NotPrincipal means the caller, whose account it does not list";
  }
  if (leaf.op.empty()) return (leaf.negated ? "not: " : "") + ("the resource is " + Values(leaf.values));
  const Operator op = ParseOperator(leaf.op);
  std::string text;
  // Not to differ is to be: the key is then there as well.
  const bool is_double = leaf.negated && op.negated && op.set == SetOperator::kNone;
  if (is_double) {
    return leaf.key + " " + std::string(Verb(op)) + " " + Values(leaf.values);
  }
  if (op.comparison == Comparison::kNull) {
    text = NullText(leaf);
  } else if (op.comparison == Comparison::kUnsupported) {
    text = leaf.key + " passes the unknown operator " + Printable(leaf.op, kShownValue);
  } else {
    if (op.set == SetOperator::kForAllValues) text += "every value of ";
    if (op.set == SetOperator::kForAnyValue) text += "some value of ";
    text += leaf.key + (op.negated ? " is not such that it " : " ") + std::string(Verb(op)) + " " + Values(leaf.values);
    if (op.if_exists && op.set != SetOperator::kForAnyValue) text += ", or is absent";
  }
  return leaf.negated ? "not (" + text + ")" : text;
}

Expression Expression::Of(Leaf leaf) {
  auto node = std::make_shared<Node>();
  node->leaf = std::move(leaf);
  return Expression(Kind::kLeaf, std::move(node));
}

Expression Expression::Not() const {
  switch (kind_) {
    case Kind::kTrue:
      return False();
    case Kind::kFalse:
      return True();
    case Kind::kLeaf: {
      Leaf flipped = leaf();
      flipped.negated = !flipped.negated;
      return Of(std::move(flipped));
    }
    case Kind::kAll:
    case Kind::kAny:
      break;
  }
  Expression result = kind_ == Kind::kAll ? False() : True();
  for (const Expression& part : parts()) {
    result = kind_ == Kind::kAll ? Or(result, part.Not()) : And(result, part.Not());
  }
  return result;
}

std::vector<Expression> Expression::PartsAs(Kind kind) const {
  return kind_ == kind ? parts() : std::vector<Expression>{*this};
}

Expression Expression::Make(Kind kind, std::vector<Expression> parts) {
  if (parts.size() == 1) return parts.front();
  auto node = std::make_shared<Node>();
  node->parts = std::move(parts);
  return Expression(kind, std::move(node));
}

Expression Expression::Join(Kind kind, const Expression& a, const Expression& b) {
  const Kind neutral = kind == Kind::kAll ? Kind::kTrue : Kind::kFalse;
  const Kind absorbing = kind == Kind::kAll ? Kind::kFalse : Kind::kTrue;
  const Kind other = kind == Kind::kAll ? Kind::kAny : Kind::kAll;
  if (a.kind_ == absorbing || b.kind_ == neutral) return a;
  if (b.kind_ == absorbing || a.kind_ == neutral) return b;
  std::vector<Expression> parts = a.PartsAs(kind);
  for (Expression& part : b.PartsAs(kind)) {
    bool said = false;
    for (const Expression& one : parts) {
      // `x and x`, and `x and (x or y)`.
      const std::vector<Expression> alternatives = part.PartsAs(other);
      said = said || one == part || std::find(alternatives.begin(), alternatives.end(), one) != alternatives.end();
      // `x and not x`.
      const bool opposite = one.kind_ == Kind::kLeaf && part.kind_ == Kind::kLeaf && one.leaf().SameTest(part.leaf()) &&
                            one.leaf().negated != part.leaf().negated;
      if (opposite) return Expression(absorbing, nullptr);
    }
    if (said) continue;
    // `(x or y) and x`.
    std::erase_if(parts, [&](const Expression& one) {
      const std::vector<Expression> alternatives = one.PartsAs(other);
      return alternatives.size() > 1 && std::find(alternatives.begin(), alternatives.end(), part) != alternatives.end();
    });
    parts.push_back(std::move(part));
  }
  return Make(kind, std::move(parts));
}

bool Expression::operator==(const Expression& other) const {
  if (kind_ != other.kind_) return false;
  if (node_ == other.node_) return true;
  if (kind_ == Kind::kLeaf) return leaf().negated == other.leaf().negated && leaf().SameTest(other.leaf());
  return parts() == other.parts();
}

std::size_t Expression::size() const {
  if (kind_ != Kind::kAll && kind_ != Kind::kAny) return 1;
  std::size_t size = 1;
  for (const Expression& part : parts()) size += part.size();
  return size;
}

std::vector<Leaf> Expression::Leaves() const {
  if (kind_ == Kind::kLeaf) return {leaf()};
  std::vector<Leaf> leaves;
  if (kind_ == Kind::kTrue || kind_ == Kind::kFalse) return leaves;
  for (const Expression& part : parts()) {
    for (Leaf& one : part.Leaves()) {
      const bool known =
          std::any_of(leaves.begin(), leaves.end(), [&one](const Leaf& other) { return other.SameTest(one); });
      if (!known) leaves.push_back(std::move(one));
    }
  }
  return leaves;
}

std::string Expression::ToText() const {
  if (kind_ == Kind::kTrue) return "always";
  if (kind_ == Kind::kFalse) return "never";
  if (kind_ == Kind::kLeaf) return policy::ToText(leaf());
  if (size() > limits::kExpressionNodes) return "more conditions than can be shown";
  std::string text;
  for (const Expression& part : parts()) {
    if (!text.empty()) text += kind_ == Kind::kAll ? " and " : " or ";
    const bool bracket = part.kind_ == Kind::kAll || part.kind_ == Kind::kAny;
    text += bracket ? "(" + part.ToText() + ")" : part.ToText();
  }
  return text;
}

std::string Expression::ToJson() const {
  JsonWriter json;
  if (kind_ == Kind::kTrue || kind_ == Kind::kFalse) {
    json.Bool(kind_ == Kind::kTrue);
  } else if (kind_ == Kind::kLeaf) {
    json.BeginObject().Member("operator", leaf().op).Member("key", leaf().key).Member("values", leaf().values);
    json.Member("negated", leaf().negated).Member("statement", leaf().statement).EndObject();
  } else {
    json.BeginObject().Key(kind_ == Kind::kAll ? "all" : "any").BeginArray();
    if (size() <= limits::kExpressionNodes) {
      for (const Expression& part : parts()) json.Raw(part.ToJson());
    }
    json.EndArray().EndObject();
  }
  return json.Take();
}

}  // namespace sallyport::policy
