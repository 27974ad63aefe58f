// SPDX-License-Identifier: Apache-2.0
#include "policy/object_set.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/witnesses.h"

namespace sallyport::policy {
namespace {

// Patterns of one kind that are looked at, and cuts of two patterns with each other, for one question.
constexpr std::size_t kMostPatterns = 200;
constexpr std::size_t kMostPairs = 4;

using Parts = std::vector<ResourcePattern::Part>;

// A pattern of statements that are about the request's action.
struct Pattern {
  std::string text;  // variables filled in
  Parts parts;
  std::vector<const ResourcePattern*> sources;
  std::size_t side = 0;  // of the policies that each have to allow: identity and resource policies, boundary, ...
};

bool Includes(const Pattern& pattern, const Arn& resource, const Context& context) {
  return std::any_of(pattern.sources.begin(), pattern.sources.end(), [&](const ResourcePattern* source) {
    const Hit hit = source->Matches(resource, context);
    return hit == Hit::kYes || hit == Hit::kUnknown;
  });
}

bool IsAccess(Decision decision) {
  return decision == Decision::kAllowed || decision == Decision::kConditional;
}

class Describer {
 public:
  Describer(const RequestView& request, const PolicySet& policies, std::string_view set, CutWork& work)
      : request_(request), policies_(policies), set_(set, ShortArn::kOpen, false), finder_(set, work), work_(work) {
    beginning_ = ResourceSet(set).beginning;
    finder_.AddResources(request.action, set);
    AddPatterns(policies.identity);
    AddPatterns({policies.resource});
    for (const auto* limiting : {&policies.boundary, &policies.session, &policies.endpoint}) {
      ++side_;
      AddPatterns(*limiting);
    }
    for (const auto* levels : {&policies.scps, &policies.rcps}) {
      for (const PolicyLevel& level : *levels) {
        ++side_;
        AddPatterns(level.policies);
      }
    }
  }

  SetAnswer Describe() {
    const WitnessFinder::Exact exact = finder_.Regions({{0, &policies_}}, request_.context);
    answer_.complete = exact.complete && cut_exactly_;
    Decision best = Decision::kExplicitlyDenied;
    for (const std::size_t number : exact.examples) {
      const Arn& resource = finder_.examples()[number].arns.front();
      answer_.regions.push_back({resource.text(), DecideAt(resource)});
      best = Better(best, answer_.regions.back().decision);
    }
    const bool unsure = !exact.complete || exact.examples.empty();
    NameGranted(best);
    NameExceptions();
    answer_.decision = unsure && !IsAccess(best) ? Decision::kUndecided : best;
    return std::move(answer_);
  }

 private:
  void AddPatterns(const std::vector<PolicyPtr>& policies) {
    for (const PolicyPtr& policy : policies) {
      if (policy == nullptr) continue;
      for (const CompiledStatement& statement : policy->statements()) {
        if (!statement.source().resource || statement.source().resource->negated) continue;
        if (!statement.MatchesAction(request_.action)) continue;
        for (const ResourcePattern& pattern : statement.resources()) AddPattern(pattern, statement.effect());
      }
    }
  }

  void AddPattern(const ResourcePattern& pattern, Effect effect) {
    auto state = Template::Resolved::State::kComplete;
    Parts parts = pattern.Flatten(request_.context, state);
    if (state == Template::Resolved::State::kMissing || parts.empty() || !MayOverlap(pattern, set_.text())) return;
    // Where an unknown variable's pattern lies is not known, so neither is where it cuts.
    cut_exactly_ = cut_exactly_ && state == Template::Resolved::State::kComplete;
    std::vector<Pattern>& list = effect == Effect::kAllow ? allows_ : denies_;
    std::string text;
    for (const ResourcePattern::Part& part : parts) text += ToText({part.token});
    const std::string name = std::to_string(effect == Effect::kAllow ? side_ : 0) + text;
    const auto [found, fresh] = (effect == Effect::kAllow ? allow_numbers_ : deny_numbers_).emplace(name, list.size());
    if (!fresh) {
      list[found->second].sources.push_back(&pattern);
    } else if (list.size() < kMostPatterns) {
      list.push_back({std::move(text), std::move(parts), {&pattern}, side_});
    } else {
      answer_.all_named = false;
    }
  }

  Decision DecideAt(const Arn& resource) const {
    return Decide(RequestView(request_.caller, request_.action, resource, request_.resource_account, request_.context,
                              request_.three_valued),
                  policies_);
  }

  // A resource of the set made from the pattern's own text; not a valid one when there is none.
  Arn SampleOf(const Pattern& pattern) const {
    for (const char* filler : {"", "x"}) {
      std::string text;
      for (const ResourcePattern::Part& part : pattern.parts) {
        if (part.token.kind == GlobToken::Kind::kText) text += part.token.text;
        if (part.token.kind == GlobToken::Kind::kOne) text += 'x';
        if (part.token.kind == GlobToken::Kind::kRun && !part.in_head) text += filler;
      }
      Arn resource(std::move(text));
      const bool is_key = !resource.valid() || resource.part(2) != "s3" || !resource.resource().ends_with('/') ||
                          resource.resource().find('/') + 1 < resource.resource().size();
      if (resource.valid() && is_key && set_.Matches(resource, request_.context) == Hit::kYes) return resource;
    }
    return Arn();
  }

  // One that both include, as the usual ones have it: `prefix/*` and `*/secret/*`, `*.key`. Not a valid one when that
  // is not so simple.
  Arn SampleOfBoth(const Pattern& outer, const Pattern& inner) const {
    std::string end;
    for (const ResourcePattern::Part& part : inner.parts) {
      if (part.token.kind == GlobToken::Kind::kText) end += part.token.text;
      if (part.token.kind == GlobToken::Kind::kOne) end += 'x';
    }
    if (end.starts_with(beginning_)) end.erase(0, beginning_.size());
    std::size_t last = outer.parts.size();
    for (std::size_t i = 0; i < outer.parts.size(); ++i) {
      if (outer.parts[i].token.kind == GlobToken::Kind::kRun && !outer.parts[i].in_head) last = i;
    }
    if (last == outer.parts.size()) return Arn();
    std::string text;
    for (std::size_t i = 0; i < outer.parts.size(); ++i) {
      const GlobToken& token = outer.parts[i].token;
      if (token.kind == GlobToken::Kind::kText) text += token.text;
      if (token.kind == GlobToken::Kind::kOne) text += 'x';
      if (i == last) text += end;
    }
    Arn resource(std::move(text));
    return resource.valid() && set_.Matches(resource, request_.context) == Hit::kYes ? resource : Arn();
  }

  // Patterns of Allow statements in which some resource is granted.
  void NameGranted(Decision best) {
    if (!IsAccess(best)) return;
    for (const Pattern& pattern : allows_) {
      bool granted = std::any_of(answer_.regions.begin(), answer_.regions.end(), [&](const SetRegion& region) {
        return IsAccess(region.decision) && Includes(pattern, Arn(region.example), request_.context);
      });
      if (!granted) {
        const Arn sample = SampleOf(pattern);
        granted = sample.valid() && IsAccess(DecideAt(sample));
      }
      if (granted) granted_.push_back(&pattern);
    }
    // Whoever lets everything in does not narrow it down.
    std::set<std::size_t> open_sides;
    for (const Pattern* pattern : granted_) {
      if (IncludesAll(*pattern)) open_sides.insert(pattern->side);
    }
    for (const Pattern* pattern : granted_) {
      if (!open_sides.contains(pattern->side)) answer_.granted.push_back(pattern->text);
    }
    if (!answer_.granted.empty()) return;
    for (const Pattern* pattern : granted_) {
      if (pattern->side == 0 && IncludesAll(*pattern)) answer_.granted.push_back(pattern->text);
    }
  }

  // The whole set.
  bool IncludesAll(const Pattern& pattern) const {
    std::vector<GlobToken> tokens;
    for (const ResourcePattern::Part& part : pattern.parts) {
      if (part.in_head && part.token.kind != GlobToken::Kind::kText) return false;
      tokens.push_back(part.token);
    }
    return ReachBehind(tokens, beginning_) == Reach::kAll;
  }

  bool IsInGranted(const Arn& resource) const {
    return std::any_of(granted_.begin(), granted_.end(),
                       [&](const Pattern* pattern) { return Includes(*pattern, resource, request_.context); });
  }

  // Patterns of Deny statements in which some resource of those is denied.
  void NameExceptions() {
    if (granted_.empty()) return;
    // Where no part of the set is denied there is nothing to be found.
    const bool some = std::any_of(answer_.regions.begin(), answer_.regions.end(), [](const SetRegion& region) {
      return region.decision == Decision::kExplicitlyDenied;
    });
    if (answer_.complete && !some) return;
    for (const Pattern& pattern : denies_) {
      const Arn sample = SampleOf(pattern);
      bool denied = sample.valid() && CutsOut(pattern, sample);
      for (const SetRegion& region : answer_.regions) {
        denied = denied || (region.decision == Decision::kExplicitlyDenied && CutsOut(pattern, Arn(region.example)));
      }
      for (const Pattern* granted : granted_) {
        if (denied) break;
        const Arn both = SampleOfBoth(*granted, pattern);
        denied = both.valid() && CutsOut(pattern, both);
      }
      for (const Pattern* granted : granted_) denied = denied || CutsOutOf(pattern, *granted);
      if (denied) answer_.except.push_back(pattern.text);
    }
  }

  bool CutsOut(const Pattern& pattern, const Arn& resource) const {
    return Includes(pattern, resource, request_.context) && IsInGranted(resource) &&
           DecideAt(resource) == Decision::kExplicitlyDenied;
  }

  // Looks for a resource that both patterns include.
  bool CutsOutOf(const Pattern& pattern, const Pattern& granted) {
    if (pairs_++ >= kMostPairs) {
      answer_.all_named = false;
      return false;
    }
    auto state = Template::Resolved::State::kComplete;
    const std::vector<PatternGroup> groups = {
        {set_.Flatten(request_.context, state)}, {pattern.parts}, {granted.parts}};
    const Regions regions = CutIntoRegions(groups, {.only_first = true}, work_);
    return std::any_of(regions.list.begin(), regions.list.end(), [&](const Region& region) {
      return region.matches[1] && region.matches[2] && CutsOut(pattern, Arn(region.text));
    });
  }

  const RequestView request_;
  const PolicySet& policies_;
  ResourcePattern set_;
  WitnessFinder finder_;
  CutWork& work_;
  std::vector<Pattern> allows_;
  std::vector<Pattern> denies_;
  std::map<std::string, std::size_t> allow_numbers_;
  std::map<std::string, std::size_t> deny_numbers_;
  std::vector<const Pattern*> granted_;
  std::size_t pairs_ = 0;
  std::size_t side_ = 0;
  std::string beginning_;
  bool cut_exactly_ = true;
  SetAnswer answer_;
};

}  // namespace

SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies, CutWork& work) {
  return Describer(request, policies, pattern, work).Describe();
}

SetAnswer DecideForSet(const RequestView& request, std::string_view pattern, const PolicySet& policies) {
  CutWork work;
  return DecideForSet(request, pattern, policies, work);
}

}  // namespace sallyport::policy
