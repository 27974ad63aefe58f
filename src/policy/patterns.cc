// SPDX-License-Identifier: Apache-2.0
#include "policy/patterns.h"

#include <algorithm>

namespace sallyport::policy {
namespace {

bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool OnlyStars(std::string_view text) {
  return !text.empty() && text.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace

ResourcePattern::ResourcePattern(std::string_view pattern, ShortArn short_arn, bool variables) : text_(pattern) {
  everything_ = OnlyStars(pattern);
  if (everything_) return;
  std::array<std::string_view, kArnParts> parts;
  const std::size_t count = SplitArnPattern(pattern, parts);
  if (count < kArnParts) {
    never_ = short_arn == ShortArn::kClosed && pattern.find('*') == std::string_view::npos;
    std::fill(parts.begin() + static_cast<std::ptrdiff_t>(count), parts.end(), "*");
  }
  for (std::size_t i = 0; i + 1 < kArnParts; ++i) head_.append(parts[i]) += ':';
  if (HasWildcard(head_)) {
    Head head;
    for (std::size_t i = 0; i + 1 < kArnParts; ++i) head[i] = Glob(parts[i]);
    wild_parts_ = std::make_shared<const Head>(std::move(head));
  }
  // AWS refuses a wildcard in the place of the service when a policy is written.
  never_ = never_ || (count > 2 && HasWildcard(parts[2]));
  if (variables && Template::HasVariables(Last())) {
    last_template_ = std::make_shared<const Template>(Last(), true);
  } else {
    last_ = Glob(Last());
  }
}

// A pattern that is too short to have one has a star in its place.
std::string_view ResourcePattern::Last() const {
  return text_.size() >= head_.size() && std::string_view(text_).starts_with(head_)
             ? std::string_view(text_).substr(head_.size())
             : std::string_view("*");
}

bool ResourcePattern::HeadMatches(const Arn& arn) const {
  if (wild_parts_ == nullptr) return arn.head() == head_;
  for (std::size_t i = 0; i + 1 < kArnParts; ++i) {
    if (!(*wild_parts_)[i].Matches(arn.part(i))) return false;
  }
  return true;
}

Hit ResourcePattern::Matches(const Arn& arn, const Context& context) const {
  if (everything_) return Hit::kYes;
  if (never_ || !arn.valid() || !HeadMatches(arn)) return Hit::kNo;
  if (last_template_ == nullptr) return last_.Matches(arn.resource()) ? Hit::kYes : Hit::kNo;
  if (last_template_->IsPrefix()) {
    bool matches = false;
    const auto state = last_template_->MatchesPrefix(context, arn.resource(), matches);
    if (state == Template::Resolved::State::kComplete) return matches ? Hit::kYes : Hit::kNo;
    if (state == Template::Resolved::State::kMissing) return Hit::kMissing;
  }
  const Template::Resolved resolved = last_template_->Resolve(context);
  if (resolved.state == Template::Resolved::State::kMissing) return Hit::kMissing;
  const bool matches = Glob(resolved.tokens).Matches(arn.resource());
  // An unknown variable stood as `*`: what does not match then, matches with no value of it.
  if (resolved.state == Template::Resolved::State::kUnknown) return matches ? Hit::kUnknown : Hit::kNo;
  return matches ? Hit::kYes : Hit::kNo;
}

std::vector<ResourcePattern::Part> ResourcePattern::Flatten(const Context& context,
                                                            Template::Resolved::State& state) const {
  std::vector<Part> flat;
  state = Template::Resolved::State::kComplete;
  if (never_) return flat;
  if (everything_) return {{GlobToken{GlobToken::Kind::kRun, ""}, false}};
  const auto add = [&flat](std::vector<GlobToken> tokens, bool in_head) {
    flat.reserve(flat.size() + tokens.size());
    for (GlobToken& token : tokens) flat.push_back({std::move(token), in_head});
  };
  if (last_template_ == nullptr) {
    std::vector<GlobToken> last = ParseGlob(Last());
    flat.reserve(last.size() + 1);
    add(ParseGlob(head_), true);
    add(std::move(last), false);
    return flat;
  }
  add(ParseGlob(head_), true);
  Template::Resolved resolved = last_template_->Resolve(context);
  state = resolved.state;
  add(std::move(resolved.tokens), false);
  return flat;
}

std::vector<KeyName> ResourcePattern::VariableKeys() const {
  return last_template_ == nullptr ? std::vector<KeyName>() : last_template_->Keys();
}

ArnGlob::ArnGlob(const std::vector<GlobToken>& tokens) {
  std::array<std::vector<GlobToken>, kArnParts> parts;
  std::size_t part = 0;
  for (const GlobToken& token : tokens) {
    std::string_view text = token.text;
    while (token.kind == GlobToken::Kind::kText && part + 1 < kArnParts) {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) break;
      parts[part++].push_back({GlobToken::Kind::kText, std::string(text.substr(0, colon))});
      text.remove_prefix(colon + 1);
    }
    parts[part].push_back({token.kind, std::string(text)});
  }
  valid_ = part + 1 == kArnParts;
  for (std::size_t i = 0; i < kArnParts; ++i) parts_[i] = Glob(parts[i]);
}

bool ArnGlob::Matches(std::string_view value) const {
  const std::optional<ArnView> arn = valid_ ? SplitArn(value) : std::nullopt;
  if (!arn) return false;
  for (std::size_t i = 0; i < kArnParts; ++i) {
    if (!parts_[i].Matches(arn->parts[i])) return false;
  }
  return true;
}

}  // namespace sallyport::policy
