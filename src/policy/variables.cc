// SPDX-License-Identifier: Apache-2.0
#include "policy/variables.h"

#include "base/text.h"

namespace sallyport::policy {
namespace {

GlobToken Literal(std::string_view text) {
  return GlobToken{GlobToken::Kind::kText, std::string(text)};
}

}  // namespace

Template::Template(std::string_view text, bool wildcards) {
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    // A variable that is never closed is text.
    if (close == std::string_view::npos) break;
    AddText(text.substr(0, open), wildcards);
    AddVariable(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 1);
  }
  AddText(text, wildcards);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const bool star_at_end = i + 1 == parts_.size() && parts_[i].token.kind == GlobToken::Kind::kRun;
    if (!parts_[i].variable && parts_[i].token.kind != GlobToken::Kind::kText && !star_at_end) is_prefix_ = false;
  }
}

void Template::AddText(std::string_view text, bool wildcards) {
  if (!wildcards) {
    if (!text.empty()) parts_.push_back({Literal(text), std::nullopt});
    return;
  }
  for (GlobToken& token : ParseGlob(text)) parts_.push_back({std::move(token), std::nullopt});
}

void Template::AddVariable(std::string_view inside) {
  if (inside == "*" || inside == "?" || inside == "$") {
    parts_.push_back({Literal(inside), std::nullopt});
    return;
  }
  const std::size_t comma = inside.find(',');
  Variable variable{KeyName(Trim(inside.substr(0, comma))), std::nullopt};
  if (comma != std::string_view::npos) {
    std::string_view fallback = Trim(inside.substr(comma + 1));
    if (fallback.size() >= 2 && fallback.front() == '\'' && fallback.back() == '\'') {
      fallback = fallback.substr(1, fallback.size() - 2);
    }
    variable.fallback = std::string(fallback);
  }
  parts_.push_back({GlobToken{}, std::move(variable)});
}

// A value that is null is no value: an empty one, or several, which cannot be filled in.
bool Template::HasValue(const KeyValue& value) {
  return value.state == KeyState::kKnown && !value.multivalued && !value.values.front().empty();
}

// "If a key has no value" the default counts; a list has values, only none that could be filled in.
bool Template::TakesFallback(const Variable& variable, const KeyValue& value) {
  return variable.fallback && !value.multivalued;
}

Template::Resolved Template::Resolve(const Context& context) const {
  Resolved resolved;
  const auto note = [&resolved](Resolved::State state, const Variable& variable) {
    if (resolved.state == Resolved::State::kComplete) resolved.variable = variable.key.text;
    // Missing outweighs unknown: whatever the other one turns out to be, the value matches nothing.
    if (resolved.state != Resolved::State::kMissing) resolved.state = state;
  };
  for (const Part& part : parts_) {
    if (!part.variable) {
      resolved.tokens.push_back(part.token);
      continue;
    }
    const KeyValue& value = context.Find(part.variable->key);
    if (HasValue(value)) {
      resolved.tokens.push_back(Literal(value.values.front()));
    } else if (value.state == KeyState::kPresent || value.state == KeyState::kUnknown) {
      if (!value.prefix.empty()) resolved.tokens.push_back(Literal(value.prefix));
      resolved.tokens.push_back({GlobToken::Kind::kRun, ""});
      note(Resolved::State::kUnknown, *part.variable);
    } else if (TakesFallback(*part.variable, value)) {
      resolved.tokens.push_back(Literal(*part.variable->fallback));
    } else {
      note(Resolved::State::kMissing, *part.variable);
    }
  }
  return resolved;
}

Template::Resolved::State Template::MatchesPrefix(const Context& context, std::string_view text, bool& matches) const {
  using State = Resolved::State;
  State state = State::kComplete;
  matches = true;
  bool open_end = false;
  for (const Part& part : parts_) {
    std::string_view piece = part.token.text;
    if (part.variable) {
      const KeyValue& value = context.Find(part.variable->key);
      if (value.state == KeyState::kPresent || value.state == KeyState::kUnknown) {
        // An unknown value may be anything, so what follows cannot be compared from the left.
        return State::kUnknown;
      }
      const bool one = HasValue(value);
      if (!one && !TakesFallback(*part.variable, value)) {
        state = State::kMissing;
        continue;
      }
      piece = one ? std::string_view(value.values.front()) : std::string_view(*part.variable->fallback);
    } else if (part.token.kind == GlobToken::Kind::kRun) {
      open_end = true;
      continue;
    }
    matches = matches && text.starts_with(piece);
    if (matches) text.remove_prefix(piece.size());
  }
  matches = matches && (open_end || text.empty());
  return state;
}

std::vector<KeyName> Template::Keys() const {
  std::vector<KeyName> keys;
  for (const Part& part : parts_) {
    if (part.variable) keys.push_back(part.variable->key);
  }
  return keys;
}

std::string ToText(const std::vector<GlobToken>& tokens) {
  std::string text;
  for (const GlobToken& token : tokens) {
    text += token.kind == GlobToken::Kind::kRun ? "*" : token.kind == GlobToken::Kind::kOne ? "?" : token.text;
  }
  return text;
}

}  // namespace sallyport::policy
