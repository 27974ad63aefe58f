// SPDX-License-Identifier: Apache-2.0
//
// Under which conditions a request is allowed: an expression of conditions whose truth is not known, for people and
// tickets. Not a language of its own; whoever wants to know what it gives for certain values asks the engine with them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/condition.h"
#include "policy/policy.h"

namespace sallyport::policy {

// One condition that is not known, or the resource of a statement with a variable that is not known.
struct Leaf {
  std::string op;                   // `StringEquals`; empty for a resource
  std::string key;                  // empty for a resource
  std::vector<std::string> values;  // with variables filled in as far as they are known
  bool negated = false;             // the expression wants it not to hold
  std::string statement;            // `bucket policy/DenyPlainHttp`; the first one that has it
  Why why = Why::kKeyUnknown;

  bool SameTest(const Leaf& other) const { return op == other.op && key == other.key && values == other.values; }
};

class Expression {
 public:
  enum class Kind { kTrue, kFalse, kLeaf, kAll, kAny };

  Expression() = default;  // true
  static Expression True() { return Expression(); }
  static Expression False() { return Expression(Kind::kFalse, nullptr); }
  static Expression Of(Leaf leaf);
  // Constants, doubles, and what another part already says fall away.
  static Expression And(const Expression& a, const Expression& b) { return Join(Kind::kAll, a, b); }
  static Expression Or(const Expression& a, const Expression& b) { return Join(Kind::kAny, a, b); }
  Expression Not() const;

  Kind kind() const { return kind_; }
  bool IsTrue() const { return kind_ == Kind::kTrue; }
  bool IsFalse() const { return kind_ == Kind::kFalse; }
  const Leaf& leaf() const { return node_->leaf; }
  const std::vector<Expression>& parts() const { return node_->parts; }
  // The leaves, each once, in the order in which they are read.
  std::vector<Leaf> Leaves() const;
  std::size_t size() const;

  bool operator==(const Expression& other) const;

  // On one line: `aws:SourceVpce is vpce-1a2b (StringEquals) and not (...)`.
  std::string ToText() const;
  // As JSON: {"all": [...]}, {"any": [...]}, or {"operator", "key", "values", "negated", "statement"}.
  std::string ToJson() const;

 private:
  struct Node {
    Leaf leaf;
    std::vector<Expression> parts;
  };
  Expression(Kind kind, std::shared_ptr<const Node> node) : kind_(kind), node_(std::move(node)) {}
  static Expression Join(Kind kind, const Expression& a, const Expression& b);
  static Expression Make(Kind kind, std::vector<Expression> parts);
  std::vector<Expression> PartsAs(Kind kind) const;

  Kind kind_ = Kind::kTrue;
  std::shared_ptr<const Node> node_;
};

// One leaf for people: "aws:SecureTransport is true", "aws:SourceIp is not in 10.0.0.0/8".
std::string ToText(const Leaf& leaf);

}  // namespace sallyport::policy
