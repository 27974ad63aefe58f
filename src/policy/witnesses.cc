// SPDX-License-Identifier: Apache-2.0
#include "policy/witnesses.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "policy/code_points.h"

namespace sallyport::policy {
namespace {

using Part = ResourcePattern::Part;
using Parts = std::vector<Part>;

// S3: of an object's key, in UTF-8.
constexpr std::size_t kLongestKey = 1'024;
// Resources made from the patterns' own texts before anything is cut.
constexpr std::size_t kMostQuick = 4;

std::string PrefixOf(const Parts& parts) {
  std::string prefix;
  for (const Part& part : parts) {
    if (part.token.kind != GlobToken::Kind::kText) break;
    prefix += part.token.text;
  }
  return prefix;
}

// Tells any two patterns apart; text filled in for a variable may hold a star of its own.
std::string TextOf(const Parts& parts) {
  std::string text;
  for (const Part& part : parts) {
    text += part.token.kind == GlobToken::Kind::kRun ? "*" : part.token.kind == GlobToken::Kind::kOne ? "?" : "";
    if (part.in_head) text += ':';
    if (part.token.kind == GlobToken::Kind::kText) {
      text += '"' + std::to_string(part.token.text.size()) + '"' + part.token.text;
    }
  }
  return text;
}

// One character of a pattern.
struct PatternStep {
  GlobToken::Kind kind = GlobToken::Kind::kText;
  bool stops_at_colon = false;
  char32_t letter = 0;
};

std::vector<PatternStep> StepsOf(const Parts& parts) {
  std::vector<PatternStep> steps;
  for (const Part& part : parts) {
    if (part.token.kind != GlobToken::Kind::kText) {
      steps.push_back({part.token.kind, part.in_head, 0});
      continue;
    }
    for (const char32_t letter : ToCodePoints(part.token.text).value_or(std::u32string())) {
      steps.push_back({GlobToken::Kind::kText, false, letter});
    }
  }
  return steps;
}

Parts PartsFrom(const std::vector<PatternStep>& steps, std::size_t first) {
  Parts parts;
  for (std::size_t i = first; i < steps.size(); ++i) {
    if (steps[i].kind != GlobToken::Kind::kText) {
      // Two stars are one.
      const bool again = steps[i].kind == GlobToken::Kind::kRun && !parts.empty() &&
                         parts.back().token.kind == GlobToken::Kind::kRun &&
                         parts.back().in_head == steps[i].stops_at_colon;
      if (!again) parts.push_back({{steps[i].kind, ""}, steps[i].stops_at_colon});
      continue;
    }
    if (parts.empty() || parts.back().token.kind != GlobToken::Kind::kText) {
      parts.push_back({{GlobToken::Kind::kText, ""}, false});
    }
    AppendUtf8(parts.back().token.text, steps[i].letter);
  }
  return parts;
}

// The pattern without the text that it begins with, which is at least `length` bytes long.
Parts Without(const Parts& pattern, std::size_t length) {
  Parts rest;
  for (const Part& part : pattern) {
    const std::size_t cut = std::min(length, part.token.text.size());
    length -= cut;
    if (cut == 0 || cut < part.token.text.size()) {
      rest.push_back({{part.token.kind, part.token.text.substr(cut)}, part.in_head});
    }
  }
  return rest;
}

// What a text that begins like this has to go on with to match the pattern: one of these patterns.
PatternGroup RestOf(const Parts& pattern, const std::string& text) {
  // Most patterns begin with text.
  const std::string prefix = PrefixOf(pattern);
  if (prefix.starts_with(text)) return {Without(pattern, text.size())};
  if (!std::string_view(text).starts_with(prefix)) return {};
  const std::u32string beginning = ToCodePoints(text).value_or(std::u32string());
  const std::vector<PatternStep> steps = StepsOf(pattern);
  std::vector<std::size_t> places;
  std::vector<std::size_t> noted(steps.size() + 1, 0);
  const auto note = [&](std::size_t place, std::size_t round) {
    for (;; ++place) {
      if (noted[place] == round) return;
      noted[place] = round;
      places.push_back(place);
      if (place == steps.size() || steps[place].kind != GlobToken::Kind::kRun) return;
    }
  };
  note(0, 1);
  for (std::size_t i = 0; i < beginning.size() && !places.empty(); ++i) {
    const std::vector<std::size_t> before = std::exchange(places, {});
    for (const std::size_t place : before) {
      if (place == steps.size()) continue;
      const PatternStep& step = steps[place];
      if (step.kind == GlobToken::Kind::kText ? step.letter != beginning[i]
                                              : step.stops_at_colon && beginning[i] == U':') {
        continue;
      }
      note(step.kind == GlobToken::Kind::kRun ? place : place + 1, i + 2);
    }
  }
  PatternGroup rest;
  for (const std::size_t place : places) {
    // A star may stand for nothing: what follows it is within it.
    const bool within =
        place > 0 && steps[place - 1].kind == GlobToken::Kind::kRun && noted[place - 1] == beginning.size() + 1;
    if (!within) rest.push_back(PartsFrom(steps, place));
  }
  return rest;
}

bool IsOpen(const Parts& parts) {
  return parts.size() == 1 && parts.front().token.kind == GlobToken::Kind::kRun && !parts.front().in_head;
}

// Some text that the pattern matches.
std::string SampleOf(const Parts& parts) {
  std::string text;
  for (const Part& part : parts) {
    if (part.token.kind == GlobToken::Kind::kText) text += part.token.text;
    if (part.token.kind == GlobToken::Kind::kOne) text += 'x';
  }
  return text;
}

bool IsSample(const std::string& text, const ResourceSet& set) {
  if (text.size() > set.longest) return false;
  std::vector<GlobToken> tokens;
  for (const Part& part : set.ends.front()) tokens.push_back(part.token);
  return Glob(tokens).Matches(text);
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

ResourceSet::ResourceSet(std::string_view pattern) {
  const std::size_t wild = pattern.find_first_of("*?");
  const bool begins =
      wild != std::string_view::npos && pattern.substr(wild) == "*" && SplitArn(pattern.substr(0, wild)).has_value();
  if (!begins) {
    auto state = Template::Resolved::State::kComplete;
    ends.push_back(ResourcePattern(pattern, ShortArn::kOpen, false).Flatten(Context(), state));
    return;
  }
  beginning = pattern.substr(0, wild);
  const ArnView arn = *SplitArn(beginning);
  Parts& end = ends.emplace_back();
  if (arn.service() == "s3") {
    // Of a bucket `bucket/KEY`, of an access point `accesspoint/NAME/object/KEY`.
    const std::string_view resource = arn.resource();
    const std::size_t object = resource.find("/object/");
    const bool at_point = !arn.account().empty() && object != std::string_view::npos;
    const std::size_t slash = at_point ? object + std::string_view("/object").size() : resource.find('/');
    if (slash != std::string_view::npos) {
      const std::size_t begun = resource.size() - slash - 1;
      longest = begun < kLongestKey ? kLongestKey - begun : 0;
      if (begun == 0) end.push_back({{GlobToken::Kind::kOne, ""}, false});
    }
  }
  end.push_back({{GlobToken::Kind::kRun, ""}, false});
}

// What a statement's resources are in the best case, for one lens.
class WitnessFinder::BestView final : public ResourceView {
 public:
  explicit BestView(const Lens& lens) : lens_(lens) {}

  Tri Matches(const CompiledStatement& statement) const override {
    const auto found = lens_.covers.find(&statement);
    const Cover cover = found == lens_.covers.end() ? Cover::kSome : found->second;
    if (cover == Cover::kSome) return ToTri(statement.effect() == Effect::kAllow);
    const bool negated = statement.source().resource && statement.source().resource->negated;
    return ToTri((cover == Cover::kAll) != negated);
  }

 private:
  const Lens& lens_;
};

WitnessFinder::WitnessFinder(std::string_view set, CutWork& work, std::shared_ptr<Ends> ends)
    : set_(set), work_(work), ends_(ends != nullptr ? std::move(ends) : std::make_shared<Ends>()) {}

std::size_t WitnessFinder::AddResources(const ActionName& action, std::string_view set) {
  Check(examples_.empty(), "lenses are added before anything is looked for");
  lenses_.push_back({action, ResourceSet(set).beginning, std::nullopt, places_++, {}, {}});
  return lenses_.size() - 1;
}

std::size_t WitnessFinder::AddCondition(const ActionName& action, std::string_view key) {
  Check(examples_.empty(), "lenses are added before anything is looked for");
  lenses_.push_back({action, set_.beginning, KeyName(key), 0, {}, {}});
  return lenses_.size() - 1;
}

std::uint32_t WitnessFinder::Number(PatternGroup group) {
  std::vector<std::string> texts;
  texts.reserve(group.size());
  for (const Parts& parts : group) texts.push_back(TextOf(parts));
  std::sort(texts.begin(), texts.end());
  std::string name;
  for (const std::string& text : texts) name += text + '\n';
  const auto [found, fresh] = ends_->numbers.emplace(std::move(name), static_cast<Group>(ends_->groups.size()));
  if (fresh) ends_->groups.push_back(std::move(group));
  return found->second;
}

// `patterns` of whole ARNs.
WitnessFinder::OfStatement WitnessFinder::Place(const PatternGroup& patterns, const Lens& lens) {
  const Parts& all = set_.ends.front();
  const bool has_end = all.front().token.kind == GlobToken::Kind::kOne;  // an object's key is never empty
  PatternGroup group;
  for (const Parts& pattern : patterns) {
    for (Parts& rest : RestOf(pattern, lens.beginning)) {
      if (rest.empty() && has_end) continue;
      if (IsOpen(rest) || (rest.size() == all.size() && TextOf(rest) == TextOf(all))) return {Cover::kAll, 0};
      group.push_back(std::move(rest));
    }
  }
  if (group.empty()) return {Cover::kNone, 0};
  return {Cover::kSome, Number(std::move(group))};
}

void WitnessFinder::LookAt(Lens& lens, const CompiledStatement& statement, OfPolicy& of) {
  if (lens.key) {
    for (const Condition& condition : statement.conditions()) {
      if (condition.key().lower != lens.key->lower) continue;
      if (condition.has_variables()) {
        of.with_variables.push_back(&statement);
        return;
      }
      const OfStatement placed = Place(condition.PatternsFor(Context()), lens);
      if (placed.cover == Cover::kSome) of.groups.push_back(placed.group);
    }
    return;
  }
  if (!statement.source().resource) {
    lens.covers[&statement] = Cover::kAll;
    return;
  }
  const auto known_before = ends_->statements.find({&statement, lens.beginning});
  if (known_before != ends_->statements.end()) {
    lens.covers[&statement] = known_before->second.cover;
    if (known_before->second.cover == Cover::kSome) of.groups.push_back(known_before->second.group);
    return;
  }
  PatternGroup patterns;
  for (const ResourcePattern& pattern : statement.resources()) {
    if (pattern.has_variables()) {
      lens.covers[&statement] = Cover::kSome;
      of.with_variables.push_back(&statement);
      return;
    }
    auto state = Template::Resolved::State::kComplete;
    Parts parts = pattern.Flatten(Context(), state);
    if (!parts.empty()) patterns.push_back(std::move(parts));
  }
  const OfStatement placed = Place(patterns, lens);
  ends_->statements[{&statement, lens.beginning}] = placed;
  lens.covers[&statement] = placed.cover;
  if (placed.cover == Cover::kSome) of.groups.push_back(placed.group);
}

const WitnessFinder::OfPolicy& WitnessFinder::Of(Lens& lens, const Policy& policy) {
  const auto [found, fresh] = lens.policies.try_emplace(&policy);
  if (!fresh) return found->second;
  for (const CompiledStatement& statement : policy.statements()) {
    if (statement.MatchesAction(lens.action)) LookAt(lens, statement, found->second);
  }
  return found->second;
}

void WitnessFinder::Collect(Lens& lens, const std::vector<PolicyPtr>& policies, const Context& context,
                            std::vector<Group>& groups) {
  for (const PolicyPtr& policy : policies) {
    if (policy == nullptr) continue;
    const OfPolicy& of = Of(lens, *policy);
    groups.insert(groups.end(), of.groups.begin(), of.groups.end());
    for (const CompiledStatement* statement : of.with_variables) {
      PatternGroup patterns;
      for (const ResourcePattern& pattern : statement->resources()) {
        if (lens.key) break;
        auto state = Template::Resolved::State::kComplete;
        Parts parts = pattern.Flatten(context, state);
        if (!parts.empty() && state != Template::Resolved::State::kMissing) patterns.push_back(std::move(parts));
      }
      for (const Condition& condition : statement->conditions()) {
        if (!lens.key || condition.key().lower != lens.key->lower) continue;
        for (Parts& parts : condition.PatternsFor(context)) patterns.push_back(std::move(parts));
      }
      const OfStatement placed = Place(patterns, lens);
      if (placed.cover == Cover::kSome) groups.push_back(placed.group);
    }
  }
}

std::vector<WitnessFinder::Group> WitnessFinder::GroupsOf(const std::vector<Source>& sources, const Context& context) {
  std::vector<Group> groups;
  for (const Source& source : sources) {
    Lens& lens = lenses_[source.lens];
    const PolicySet& policies = *source.policies;
    for (const auto* list : {&policies.identity, &policies.boundary, &policies.session, &policies.endpoint}) {
      Collect(lens, *list, context, groups);
    }
    if (policies.resource != nullptr) Collect(lens, {policies.resource}, context, groups);
    for (const auto* levels : {&policies.scps, &policies.rcps}) {
      for (const PolicyLevel& level : *levels) Collect(lens, level.policies, context, groups);
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

std::size_t WitnessFinder::ExampleOf(std::string end) {
  const auto [found, fresh] = example_numbers_.emplace(std::move(end), examples_.size());
  if (!fresh) return found->second;
  Example& example = examples_.emplace_back();
  example.end = found->first;
  for (const Lens& lens : lenses_) {
    if (!lens.key) example.arns.emplace_back(lens.beginning + example.end);
  }
  return found->second;
}

void WitnessFinder::AddQuick(const std::vector<Group>& groups, Found& found) {
  const auto add = [&](const std::string& text) {
    if (found.quick.size() >= kMostQuick || !IsSample(text, set_)) return;
    const std::size_t number = ExampleOf(text);
    if (std::find(found.quick.begin(), found.quick.end(), number) == found.quick.end()) found.quick.push_back(number);
  };
  add("x");
  for (const Group group : groups) add(SampleOf(ends_->groups[group].front()));
}

void WitnessFinder::CutExactly(const std::vector<Group>& groups, Found& found) {
  std::vector<PatternGroup> patterns = {set_.ends};
  for (const Group group : groups) patterns.push_back(ends_->groups[group]);
  CutWork own;
  own.left = std::min(own.left, work_.left);
  const std::uint64_t before = own.left;
  const policy::Regions regions = CutIntoRegions(patterns, {true, set_.longest}, own);
  work_.left -= before - own.left;
  std::vector<std::size_t>& exact = found.exact.emplace();
  for (const Region& region : regions.list) exact.push_back(ExampleOf(region.text));
  found.complete = regions.complete;
}

WitnessFinder::Exact WitnessFinder::Regions(const std::vector<Source>& sources, const Context& context) {
  const std::vector<Group> groups = GroupsOf(sources, context);
  Found& found = found_[groups];
  if (!found.exact) CutExactly(groups, found);
  return {*found.exact, found.complete};
}

BestOfSet WitnessFinder::Best(const std::vector<Source>& sources, const Context& context,
                              const std::function<Decision(const BestViews& views)>& at_best,
                              const std::function<Decision(const Example& example)>& decide) {
  const std::vector<Group> groups = GroupsOf(sources, context);
  Found& found = found_[groups];
  BestOfSet best;
  Decision most = Decision::kAllowed;
  if (!groups.empty()) {
    std::vector<BestView> views(lenses_.begin(), lenses_.end());
    BestViews pointers;
    for (const BestView& view : views) pointers.push_back(&view);
    most = at_best(pointers);
    best.decision = most;
    if (IsDenied(most)) return best;
    best.decision = Decision::kExplicitlyDenied;
    if (found.quick.empty()) AddQuick(groups, found);
  }
  const auto try_all = [&](const std::vector<std::size_t>& numbers) {
    for (const std::size_t number : numbers) {
      const Decision decision = decide(examples_[number]);
      if (best.example && Better(best.decision, decision) == best.decision) continue;
      best.decision = decision;
      best.example = number;
      // There is no better one.
      if (decision == Decision::kAllowed || decision == most) return true;
    }
    return false;
  };
  if (try_all(found.quick)) return best;
  if (!found.exact) CutExactly(groups, found);
  if (try_all(*found.exact)) return best;
  if (IsDenied(best.decision) && !found.complete) best.decision = Decision::kUndecided;
  return best;
}

}  // namespace sallyport::policy
