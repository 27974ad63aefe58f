// SPDX-License-Identifier: Apache-2.0
//
// Policy variables: `${aws:PrincipalTag/team}`, `${aws:username, 'nobody'}`, and the literal characters `${*}`, `${?}`,
// `${$}`. Source: IAM User Guide, "IAM policy elements: Variables and tags".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/context.h"
#include "policy/glob.h"

namespace sallyport::policy {

// A pattern with variables in it: literal text, wildcards and places to fill in.
class Template {
 public:
  // With `wildcards`, `*` and `?` outside of variables are wildcards; without, they are text.
  Template(std::string_view text, bool wildcards);

  static bool HasVariables(std::string_view text) { return text.find("${") != std::string_view::npos; }

  struct Resolved {
    enum class State {
      kComplete,
      kMissing,  // a variable is null: its key is absent, empty or a list, and it has no default. Matches nothing
      kUnknown,  // a variable's key is not known; its place is a `*`
    };
    State state = State::kComplete;
    std::vector<GlobToken> tokens;
    std::string variable;  // the first that is missing or not known
  };
  // What was filled in is literal: its `*` is no wildcard.
  Resolved Resolve(const Context& context) const;

  // The same answer as a Glob of the resolved tokens gives for `text`, without making one; only for a template whose
  // only wildcard is a star at its end (IsPrefix), which nearly all are.
  Resolved::State MatchesPrefix(const Context& context, std::string_view text, bool& matches) const;
  bool IsPrefix() const { return is_prefix_; }

  // The keys whose values are filled in.
  std::vector<KeyName> Keys() const;

 private:
  struct Variable {
    KeyName key;
    std::optional<std::string> fallback;
  };
  struct Part {
    GlobToken token;
    std::optional<Variable> variable;  // then `token` means nothing
  };
  static bool HasValue(const KeyValue& value);
  static bool TakesFallback(const Variable& variable, const KeyValue& value);
  void AddText(std::string_view text, bool wildcards);
  void AddVariable(std::string_view inside);

  std::vector<Part> parts_;
  bool is_prefix_ = true;
};

// The text of tokens as a person reads it: `reports/*`.
std::string ToText(const std::vector<GlobToken>& tokens);

}  // namespace sallyport::policy
