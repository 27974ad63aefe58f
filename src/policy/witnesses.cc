// SPDX-License-Identifier: Apache-2.0
#include "policy/witnesses.h"

#include <algorithm>
#include <utility>

#include "policy/regions.h"

namespace sallyport::policy {
namespace {

std::string PrefixOf(const std::vector<ResourcePattern::Part>& parts) {
  std::string prefix;
  for (const ResourcePattern::Part& part : parts) {
    if (part.token.kind != GlobToken::Kind::kText) break;
    prefix += part.token.text;
  }
  return prefix;
}

std::string TextOf(const std::vector<ResourcePattern::Part>& parts) {
  std::string text;
  for (const ResourcePattern::Part& part : parts) {
    text += part.token.kind == GlobToken::Kind::kRun ? "*" : part.token.kind == GlobToken::Kind::kOne ? "?" : "";
    // Text filled in for a variable may hold a star of its own.
    if (part.token.kind == GlobToken::Kind::kText) text += '"' + part.token.text;
  }
  return text;
}

}  // namespace

bool MayOverlap(const ResourcePattern& pattern, std::string_view set) {
  static const Context nothing_known(KeyState::kUnknown);
  if (pattern.everything()) return true;
  auto state = Template::Resolved::State::kComplete;
  const auto parts = pattern.Flatten(nothing_known, state);
  if (parts.empty()) return false;
  const std::string mine = PrefixOf(parts);
  const std::string_view theirs = set.substr(0, set.find_first_of("*?"));
  return theirs.starts_with(mine) || std::string_view(mine).starts_with(theirs);
}

WitnessFinder::WitnessFinder(const ActionName& action, std::string_view set) : action_(action), set_(set) {
  auto state = Template::Resolved::State::kComplete;
  Number(ResourcePattern(set, ShortArn::kOpen, false).Flatten(Context(), state));
}

std::uint32_t WitnessFinder::Number(Parts parts) {
  const auto [found, fresh] = numbers_.emplace(TextOf(parts), static_cast<std::uint32_t>(patterns_.size()));
  if (fresh) patterns_.push_back(std::move(parts));
  return found->second;
}

const WitnessFinder::OfPolicy& WitnessFinder::Of(const Policy& policy) {
  const auto [found, fresh] = policies_.try_emplace(&policy);
  if (!fresh) return found->second;
  OfPolicy& of = found->second;
  for (const CompiledStatement& statement : policy.statements()) {
    if (!statement.MatchesAction(action_)) continue;
    for (const ResourcePattern& pattern : statement.resources()) {
      auto state = Template::Resolved::State::kComplete;
      if (pattern.everything() || !MayOverlap(pattern, set_)) continue;
      if (pattern.has_variables()) {
        of.with_variables.push_back(&pattern);
      } else {
        of.patterns.push_back(Number(pattern.Flatten(Context(), state)));
      }
    }
  }
  return of;
}

void WitnessFinder::Collect(const std::vector<PolicyPtr>& policies, const Context& context,
                            std::vector<std::uint32_t>& numbers) {
  for (const PolicyPtr& policy : policies) {
    const OfPolicy& of = Of(*policy);
    numbers.insert(numbers.end(), of.patterns.begin(), of.patterns.end());
    for (const ResourcePattern* pattern : of.with_variables) {
      auto state = Template::Resolved::State::kComplete;
      Parts parts = pattern->Flatten(context, state);
      if (state != Template::Resolved::State::kMissing) numbers.push_back(Number(std::move(parts)));
    }
  }
}

const WitnessFinder::Found& WitnessFinder::Find(const Context& context, const PolicySet& policies) {
  std::vector<std::uint32_t> numbers;
  for (const auto* group : {&policies.identity, &policies.boundary, &policies.session, &policies.endpoint}) {
    Collect(*group, context, numbers);
  }
  if (policies.resource != nullptr) Collect({policies.resource}, context, numbers);
  for (const auto* levels : {&policies.scps, &policies.rcps}) {
    for (const PolicyLevel& level : *levels) Collect(level.policies, context, numbers);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  // The set itself comes first.
  if (!numbers.empty() && numbers.front() == 0) numbers.erase(numbers.begin());
  const auto [found, fresh] = found_.try_emplace(numbers);
  if (!fresh) return found->second;
  std::vector<Parts> patterns = {patterns_.front()};
  for (const std::uint32_t number : numbers) patterns.push_back(patterns_[number]);
  const Regions regions = CutIntoRegions(patterns, true);
  for (const Region& region : regions.list) found->second.examples.emplace_back(region.text);
  found->second.complete = regions.complete;
  return found->second;
}

}  // namespace sallyport::policy
