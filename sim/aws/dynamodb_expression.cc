// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/dynamodb_expression.h"

#include <cstdlib>

#include "base/text.h"

namespace sallyport::aws_sim {
namespace {

constexpr int kMaxExpressionDepth = 50;

// Thrown inside this file only.
struct ExpressionProblem {
  std::string text;
};

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '#' ||
         c == ':' || c == '.' || c == '-';
}

std::vector<std::string> ExpressionTokens(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\t') {
      ++i;
    } else if (IsWordChar(c) && c != '-') {
      const auto begin = i;
      while (i < text.size() && IsWordChar(text[i])) ++i;
      tokens.emplace_back(text.substr(begin, i - begin));
    } else {
      const bool two = text.substr(i, 2) == "<>" || text.substr(i, 2) == "<=" || text.substr(i, 2) == ">=";
      tokens.emplace_back(text.substr(i, two ? 2 : 1));
      i += two ? 2 : 1;
    }
  }
  return tokens;
}

std::string_view TypeOf(const json::value& attribute) {
  if (!attribute.is_object() || attribute.get_object().empty()) return {};
  return attribute.get_object().begin()->key();
}

const json::value& Inner(const json::value& attribute) {
  return attribute.get_object().begin()->value();
}

double NumberIn(const json::value& attribute) {
  const auto& inner = Inner(attribute);
  return inner.is_string() ? std::strtod(std::string(inner.get_string()).c_str(), nullptr) : 0;
}

std::string TextIn(const json::value& attribute) {
  const auto& inner = Inner(attribute);
  return inner.is_string() ? std::string(inner.get_string()) : json::serialize(inner);
}

std::string NumberText(double number) {
  if (number == static_cast<double>(static_cast<std::int64_t>(number))) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  auto text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

class Expression {
 public:
  Expression(std::string_view text, const ExpressionContext& context)
      : tokens_(ExpressionTokens(text)), context_(context) {}

  bool Condition() {
    const bool holds = Or();
    if (!AtEnd()) throw ExpressionProblem{"Syntax error; token: " + Printable(tokens_[at_], 40)};
    return holds;
  }

  json::object Update() {
    json::object item = context_.item;
    while (!AtEnd()) {
      if (Word("SET")) {
        do SetOne(item);
        while (Take(","));
      } else if (Word("REMOVE")) {
        do Remove(item, Path(Next()));
        while (Take(","));
      } else if (Word("ADD")) {
        do AddOne(item);
        while (Take(","));
      } else {
        throw ExpressionProblem{"Syntax error; token: " + Printable(tokens_[at_], 40)};
      }
    }
    return item;
  }

 private:
  using Parts = std::vector<std::string>;

  bool AtEnd() const { return at_ == tokens_.size(); }
  std::string Next() {
    if (AtEnd()) throw ExpressionProblem{"Syntax error; the expression ends too early"};
    return tokens_[at_++];
  }
  bool Take(std::string_view token) {
    if (AtEnd() || tokens_[at_] != token) return false;
    ++at_;
    return true;
  }
  bool Word(std::string_view word) {
    if (AtEnd() || !EqualsIgnoreCase(tokens_[at_], word)) return false;
    ++at_;
    return true;
  }
  void Expect(std::string_view token) {
    if (!Take(token)) throw ExpressionProblem{"Syntax error; expected: " + std::string(token)};
  }

  bool Or() {
    if (++depth_ > kMaxExpressionDepth) throw ExpressionProblem{"The expression is nested too deeply"};
    bool holds = And();
    while (Word("OR")) holds = And() || holds;
    --depth_;
    return holds;
  }

  bool And() {
    bool holds = Not();
    while (Word("AND")) holds = Not() && holds;
    return holds;
  }

  bool Not() {
    if (Word("NOT")) {
      if (++depth_ > kMaxExpressionDepth) throw ExpressionProblem{"The expression is nested too deeply"};
      const bool holds = !Not();
      --depth_;
      return holds;
    }
    if (Take("(")) {
      const bool holds = Or();
      Expect(")");
      return holds;
    }
    return Test();
  }

  bool Test() {
    if (Word("attribute_exists")) return Argument() != nullptr;
    if (Word("attribute_not_exists")) return Argument() == nullptr;
    if (Word("begins_with")) return TwoTexts(true);
    if (Word("contains")) return TwoTexts(false);
    const auto left = Operand();
    if (Word("BETWEEN")) {
      const auto low = Operand();
      if (!Word("AND")) throw ExpressionProblem{"Syntax error; expected: AND"};
      const auto high = Operand();
      return left && low && high && !AttributeLess(*left, *low) && !AttributeLess(*high, *left);
    }
    if (Word("IN")) return In(left);
    const auto op = Next();
    return Compare(left, op, Operand());
  }

  bool In(const std::optional<json::value>& left) {
    Expect("(");
    bool found = false;
    do {
      const auto one = Operand();
      found = found || (left && one && SameAttribute(*left, *one));
    } while (Take(","));
    Expect(")");
    return found;
  }

  static bool Compare(const std::optional<json::value>& left, std::string_view op,
                      const std::optional<json::value>& right) {
    if (op != "=" && op != "<>" && op != "<" && op != "<=" && op != ">" && op != ">=") {
      throw ExpressionProblem{"Syntax error; token: " + Printable(op, 40)};
    }
    if (!left || !right) return op == "<>" && (left || right);
    if (op == "=") return SameAttribute(*left, *right);
    if (op == "<>") return !SameAttribute(*left, *right);
    if (TypeOf(*left) != TypeOf(*right)) return false;
    if (op == "<") return AttributeLess(*left, *right);
    if (op == "<=") return !AttributeLess(*right, *left);
    return op == ">" ? AttributeLess(*right, *left) : !AttributeLess(*left, *right);
  }

  const json::value* Argument() {
    Expect("(");
    const auto* found = Find(context_.item, Path(Next()));
    Expect(")");
    return found;
  }

  bool TwoTexts(bool at_start) {
    Expect("(");
    const auto left = Operand();
    Expect(",");
    const auto right = Operand();
    Expect(")");
    if (!left || !right || TypeOf(*left) != "S" || TypeOf(*right) != "S") return false;
    return at_start ? TextIn(*left).starts_with(TextIn(*right))
                    : TextIn(*left).find(TextIn(*right)) != std::string::npos;
  }

  // A value of the call, an attribute, size(attribute) or if_not_exists(attribute, operand).
  std::optional<json::value> Operand() {
    if (Word("size")) {
      const auto* found = Argument();
      if (found == nullptr) return std::nullopt;
      const auto& inner = Inner(*found);
      const auto size = inner.is_array() ? inner.get_array().size() : TextIn(*found).size();
      return json::object{{"N", std::to_string(size)}};
    }
    if (Word("if_not_exists")) {
      Expect("(");
      const auto* found = Find(context_.item, Path(Next()));
      Expect(",");
      auto otherwise = Operand();
      Expect(")");
      return found != nullptr ? std::optional<json::value>(*found) : otherwise;
    }
    const auto token = Next();
    if (token.starts_with(':')) {
      const auto* value = context_.values.if_contains(token);
      if (value == nullptr || TypeOf(*value).empty())
        throw ExpressionProblem{"An expression attribute value used in expression is not defined; attribute value: " +
                                Printable(token, 60)};
      return *value;
    }
    const auto* found = Find(context_.item, Path(token));
    return found == nullptr ? std::nullopt : std::optional<json::value>(*found);
  }

  Parts Path(const std::string& token) {
    Parts parts;
    std::string_view rest = token;
    for (;;) {
      const auto dot = rest.find('.');
      std::string part(rest.substr(0, dot));
      if (part.starts_with('#')) {
        if (!Has(context_.names, part))
          throw ExpressionProblem{
              "An expression attribute name used in the document path is not defined; attribute name: " +
              Printable(part, 60)};
        part = TextOf(context_.names, part);
      }
      if (part.empty() || part.starts_with(':'))
        throw ExpressionProblem{"Syntax error; token: " + Printable(token, 60)};
      parts.push_back(std::move(part));
      if (dot == std::string_view::npos) return parts;
      rest.remove_prefix(dot + 1);
    }
  }

  static const json::value* Find(const json::object& item, const Parts& path) {
    const json::object* from = &item;
    for (std::size_t i = 0;; ++i) {
      const json::value* value = from->if_contains(path[i]);
      if (value == nullptr || i + 1 == path.size()) return value;
      if (TypeOf(*value) != "M" || !Inner(*value).is_object()) return nullptr;
      from = &Inner(*value).get_object();
    }
  }

  // The object that holds the last part of the path.
  static json::object& Holder(json::object& item, const Parts& path) {
    json::object* from = &item;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      json::value* value = from->if_contains(path[i]);
      const bool map = value != nullptr && value->is_object() && value->get_object().contains("M");
      if (!map) throw ExpressionProblem{"The document path provided in the update expression is invalid for update"};
      from = &value->get_object()["M"].get_object();
    }
    return *from;
  }

  void Remove(json::object& item, const Parts& path) { Holder(item, path).erase(path.back()); }

  void SetOne(json::object& item) {
    const auto path = Path(Next());
    Expect("=");
    auto value = Operand();
    if (!value)
      throw ExpressionProblem{"The provided expression refers to an attribute that does not exist in the item"};
    while (!AtEnd() && (tokens_[at_] == "+" || tokens_[at_] == "-")) {
      const double sign = Next() == "+" ? 1 : -1;
      const auto more = Operand();
      if (!more || TypeOf(*more) != "N" || TypeOf(*value) != "N") {
        throw ExpressionProblem{"An operand in the update expression has an incorrect data type"};
      }
      value = json::object{{"N", NumberText(NumberIn(*value) + sign * NumberIn(*more))}};
    }
    Holder(item, path)[path.back()] = *value;
  }

  void AddOne(json::object& item) {
    const auto path = Path(Next());
    const auto more = Operand();
    if (!more || TypeOf(*more) != "N") throw ExpressionProblem{"The simulator adds numbers only"};
    const auto* before = Find(item, path);
    if (before != nullptr && TypeOf(*before) != "N") {
      throw ExpressionProblem{"An operand in the update expression has an incorrect data type"};
    }
    const double sum = (before == nullptr ? 0 : NumberIn(*before)) + NumberIn(*more);
    Holder(item, path)[path.back()] = json::object{{"N", NumberText(sum)}};
  }

  std::vector<std::string> tokens_;
  const ExpressionContext& context_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

bool SameAttribute(const json::value& a, const json::value& b) {
  if (TypeOf(a) != TypeOf(b)) return false;
  if (TypeOf(a) == "N") return NumberIn(a) == NumberIn(b);
  return a == b;
}

bool AttributeLess(const json::value& a, const json::value& b) {
  if (TypeOf(a) != TypeOf(b)) return TypeOf(a) < TypeOf(b);
  if (TypeOf(a) == "N") return NumberIn(a) < NumberIn(b);
  return TextIn(a) < TextIn(b);
}

Result<bool> ConditionHolds(std::string_view expression, const ExpressionContext& context) {
  try {
    return Expression(expression, context).Condition();
  } catch (const ExpressionProblem& problem) {
    return Error{ErrorCode::kInvalidInput, problem.text, ""};
  }
}

Result<json::object> UpdatedItem(std::string_view expression, const ExpressionContext& context) {
  try {
    return Expression(expression, context).Update();
  } catch (const ExpressionProblem& problem) {
    return Error{ErrorCode::kInvalidInput, problem.text, ""};
  }
}

}  // namespace sallyport::aws_sim
