// SPDX-License-Identifier: Apache-2.0
#include "policy/object_set.h"

#include <algorithm>
#include <map>

namespace sallyport::policy {
namespace {

struct Pattern {
  std::string text;
  bool allows = false;  // has it from an Allow statement
  bool denies = false;
};

// The patterns of all statements that are about the request's action.
class Patterns {
 public:
  Patterns(const RequestView& request, std::string_view set) : request_(request) {
    Add(ResourcePattern(set, ShortArn::kOpen, false), nullptr);
  }

  void Add(const std::vector<PolicyPtr>& policies) {
    for (const PolicyPtr& policy : policies) {
      if (policy != nullptr) Add(*policy);
    }
  }

  // Into `own`, unless the cache has or takes it.
  const Regions& Cut(RegionCache* cache, Regions& own) const {
    const auto cut = [this] { return CutIntoRegions(parts_, true); };
    if (cache == nullptr) return own = cut();
    std::string key;
    for (const Pattern& pattern : list_) key += std::to_string(pattern.text.size()) + ":" + pattern.text;
    const auto found = cache->cuts.find(key);
    if (found != cache->cuts.end()) return found->second;
    if (cache->cuts.size() >= RegionCache::kMost) return own = cut();
    return cache->cuts.emplace(std::move(key), cut()).first->second;
  }
  const std::vector<Pattern>& list() const { return list_; }
  bool cut_exactly() const { return cut_exactly_; }

 private:
  void Add(const Policy& policy) {
    for (const CompiledStatement& statement : policy.statements()) {
      if (!statement.MatchesAction(request_.action)) continue;
      for (const ResourcePattern& pattern : statement.resources()) Add(pattern, &statement);
    }
  }

  void Add(const ResourcePattern& pattern, const CompiledStatement* statement) {
    auto state = Template::Resolved::State::kComplete;
    std::vector<ResourcePattern::Part> parts = pattern.Flatten(request_.context, state);
    if (state == Template::Resolved::State::kMissing || parts.empty()) return;
    // Where an unknown variable's pattern lies is not known, so neither is where it cuts.
    cut_exactly_ = cut_exactly_ && state == Template::Resolved::State::kComplete;
    std::string text;
    for (const ResourcePattern::Part& part : parts) text += ToText({part.token});
    // The first pattern is the set itself, and stays first.
    const auto [found, fresh] = places_.emplace(text, list_.size());
    if (fresh) {
      list_.push_back({std::move(text), false, false});
      parts_.push_back(std::move(parts));
    }
    if (statement == nullptr) return;
    Pattern& entry = list_[found->second];
    const bool negated = statement->source().resource->negated;
    entry.allows = entry.allows || (statement->effect() == Effect::kAllow && !negated);
    entry.denies = entry.denies || (statement->effect() == Effect::kDeny && !negated);
  }

  const RequestView request_;
  std::map<std::string, std::size_t> places_;
  std::vector<Pattern> list_;
  std::vector<std::vector<ResourcePattern::Part>> parts_;
  bool cut_exactly_ = true;
};

int Rank(Decision decision) {
  switch (decision) {
    case Decision::kAllowed:
      return 4;
    case Decision::kConditional:
      return 3;
    case Decision::kUndecided:
      return 2;
    case Decision::kImplicitlyDenied:
      return 1;
    case Decision::kExplicitlyDenied:
      break;
  }
  return 0;
}

void AddOnce(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  for (const std::string& text : more) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
}

void Summarise(SetAnswer& answer) {
  for (const SetRegion& region : answer.regions) {
    if (Rank(region.decision) >= Rank(Decision::kConditional)) AddOnce(answer.granted, region.allows);
  }
  for (const SetRegion& region : answer.regions) {
    if (region.decision != Decision::kExplicitlyDenied) continue;
    const bool inside = std::any_of(region.allows.begin(), region.allows.end(), [&answer](const std::string& text) {
      return std::find(answer.granted.begin(), answer.granted.end(), text) != answer.granted.end();
    });
    if (inside) AddOnce(answer.except, region.denies);
  }
}

}  // namespace

Decision Better(Decision a, Decision b) {
  return Rank(a) >= Rank(b) ? a : b;
}

SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies,
                       RegionCache* cache) {
  Patterns patterns(request, pattern);
  for (const auto* group : {&policies.identity, &policies.boundary, &policies.session, &policies.endpoint}) {
    patterns.Add(*group);
  }
  patterns.Add({policies.resource});
  for (const auto* levels : {&policies.scps, &policies.rcps}) {
    for (const PolicyLevel& level : *levels) patterns.Add(level.policies);
  }
  SetAnswer answer;
  Regions own;
  const Regions& regions = patterns.Cut(cache, own);
  answer.complete = regions.complete && patterns.cut_exactly();
  Decision best = Decision::kExplicitlyDenied;
  for (const Region& region : regions.list) {
    const Arn resource(region.text);
    SetRegion entry;
    entry.example = region.text;
    entry.decision = Decide(RequestView(request.caller, request.action, resource, request.resource_account,
                                        request.context, request.three_valued),
                            policies);
    for (std::size_t i = 0; i < region.matches.size(); ++i) {
      if (!region.matches[i]) continue;
      if (patterns.list()[i].allows) entry.allows.push_back(patterns.list()[i].text);
      if (patterns.list()[i].denies) entry.denies.push_back(patterns.list()[i].text);
    }
    best = Better(best, entry.decision);
    answer.regions.push_back(std::move(entry));
  }
  const bool unsure = !regions.complete || regions.list.empty();
  answer.decision = unsure && Rank(best) < Rank(Decision::kConditional) ? Decision::kUndecided : best;
  Summarise(answer);
  return answer;
}

}  // namespace sallyport::policy
