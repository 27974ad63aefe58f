// SPDX-License-Identifier: Apache-2.0
#include "policy/regions.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "policy/limits.h"

namespace sallyport::policy {
namespace {

// One step of a pattern: a certain byte, any one, or any run.
struct Step {
  enum class Kind { kByte, kOne, kRun };
  Kind kind = Kind::kByte;
  char byte = 0;
  bool stops_at_colon = false;
};
using Steps = std::vector<Step>;

// The places in all patterns at which a text read so far may stand, sorted. A state of the automaton.
using PatternSteps = std::vector<std::pair<std::size_t, std::size_t>>;  // pattern, step

class Cutter {
 public:
  explicit Cutter(std::vector<Steps> patterns, bool only_first = false)
      : patterns_(std::move(patterns)), only_first_(only_first) {
    std::set<char> letters;
    for (const Steps& steps : patterns_) {
      for (const Step& step : steps) {
        if (step.kind == Step::Kind::kByte) letters.insert(step.byte);
        if (step.stops_at_colon) letters.insert(':');
      }
    }
    // One letter stands for all that no pattern names. Ordinary ones are tried first, so that people can read them.
    for (const char c : std::string_view("xyzabcdefghijklmnopqrstuvwXYZ0123456789-_.~!,;@#%&()=+ \x01\x02")) {
      if (letters.count(c) != 0) continue;
      letters_.push_back(c);
      break;
    }
    // Bytes of characters outside ASCII only as far as patterns have them.
    letters_.insert(letters_.end(), letters.begin(), letters.end());
  }

  Regions Cut() {
    PatternSteps start;
    for (std::size_t p = 0; p < patterns_.size(); ++p) AddPlace(start, p, 0);
    Visit(Normal(start), "");
    while (!waiting_.empty() && regions_.complete) {
      const auto [state, text] = waiting_.front();
      waiting_.pop_front();
      for (const char letter : letters_) Visit(Normal(Next(state, letter)), text + letter);
    }
    for (auto& [matches, text] : found_) regions_.list.push_back({matches, text});
    return std::move(regions_);
  }

 private:
  // A star may stand for nothing, so the place after it is reached with it.
  void AddPlace(PatternSteps& state, std::size_t pattern, std::size_t step) const {
    state.emplace_back(pattern, step);
    while (step < patterns_[pattern].size() && patterns_[pattern][step].kind == Step::Kind::kRun) {
      state.emplace_back(pattern, ++step);
    }
  }

  static PatternSteps Normal(PatternSteps state) {
    std::sort(state.begin(), state.end());
    state.erase(std::unique(state.begin(), state.end()), state.end());
    return state;
  }

  PatternSteps Next(const PatternSteps& state, char letter) const {
    PatternSteps next;
    for (const auto& [pattern, at] : state) {
      if (at >= patterns_[pattern].size()) continue;
      const Step& step = patterns_[pattern][at];
      if (step.kind == Step::Kind::kByte ? step.byte != letter : step.stops_at_colon && letter == ':') continue;
      AddPlace(next, pattern, step.kind == Step::Kind::kRun ? at : at + 1);
    }
    return next;
  }

  void Visit(PatternSteps state, std::string text) {
    // Where the first pattern has no place left, no longer text comes back into it.
    if (only_first_ && (state.empty() || state.front().first != 0)) return;
    if (seen_.size() >= limits::kRegionStates || found_.size() >= limits::kRegions) {
      regions_.complete = regions_.complete && seen_.count(state) != 0;
      return;
    }
    if (!seen_.insert(state).second) return;
    std::vector<bool> matches(patterns_.size(), false);
    for (const auto& [pattern, at] : state) matches[pattern] = matches[pattern] || at == patterns_[pattern].size();
    if (!only_first_ || matches.front()) found_.emplace(std::move(matches), text);
    waiting_.emplace_back(std::move(state), std::move(text));
  }

  std::vector<Steps> patterns_;
  bool only_first_;
  std::vector<char> letters_;
  std::set<PatternSteps> seen_;
  std::deque<std::pair<PatternSteps, std::string>> waiting_;
  std::map<std::vector<bool>, std::string> found_;
  Regions regions_;
};

void AddSteps(const GlobToken& token, bool in_head, Steps& steps) {
  if (token.kind == GlobToken::Kind::kText) {
    for (const char c : token.text) steps.push_back({Step::Kind::kByte, c, false});
  } else {
    steps.push_back({token.kind == GlobToken::Kind::kOne ? Step::Kind::kOne : Step::Kind::kRun, 0, in_head});
  }
}

}  // namespace

Regions CutIntoRegions(const std::vector<std::vector<ResourcePattern::Part>>& patterns, bool only_first) {
  std::vector<Steps> all;
  for (const auto& pattern : patterns) {
    Steps& steps = all.emplace_back();
    for (const ResourcePattern::Part& part : pattern) AddSteps(part.token, part.in_head, steps);
  }
  return Cutter(std::move(all), only_first).Cut();
}

Regions CutIntoRegions(const std::vector<std::vector<GlobToken>>& patterns) {
  std::vector<Steps> all;
  for (const auto& pattern : patterns) {
    Steps& steps = all.emplace_back();
    for (const GlobToken& token : pattern) AddSteps(token, false, steps);
  }
  return Cutter(std::move(all)).Cut();
}

}  // namespace sallyport::policy
