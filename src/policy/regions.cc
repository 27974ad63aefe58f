// SPDX-License-Identifier: Apache-2.0
#include "policy/regions.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "policy/code_points.h"

namespace sallyport::policy {
namespace {

// A place in a pattern: before a certain character, before any one, in any run, or at its end.
struct PlaceInPattern {
  enum class Kind : std::uint8_t { kLetter, kOne, kRun, kEnd };
  Kind kind = Kind::kEnd;
  bool stops_at_colon = false;
  bool takes_all = false;  // whatever follows, the pattern matches
  std::uint32_t group = 0;
  char32_t letter = 0;
};

// The places at which a text read so far may stand, sorted. A state of the automaton.
using State = std::vector<std::uint32_t>;

struct HashOfState {
  std::size_t operator()(const State& state) const {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::uint32_t place : state) hash = (hash ^ place) * 1099511628211ULL;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }
};

// How a state was reached.
struct Visited {
  const State* state = nullptr;
  std::size_t before = 0;  // its own place: the first
  char32_t letter = 0;
  std::size_t bytes = 0;
};

std::size_t BytesOf(char32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

class Cutter {
 public:
  Cutter(const std::vector<PatternGroup>& groups, const CutOptions& options, CutWork& work)
      : options_(options), work_(work), matches_(groups.size(), false) {
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      for (const auto& pattern : groups[group]) AddPattern(pattern, group);
    }
    // One letter stands for all that no pattern names. Ordinary ones are tried first, so that people can read them.
    for (const char c : std::string_view("xyzabcdefghijklmnopqrstuvwXYZ0123456789-_.~!,;@#%&()=+ \x01\x02")) {
      const auto is_it = [c](const PlaceInPattern& place) {
        return place.kind == PlaceInPattern::Kind::kLetter && place.letter == static_cast<char32_t>(c);
      };
      if (std::any_of(places_.begin(), places_.end(), is_it)) continue;
      other_ = static_cast<char32_t>(c);
      break;
    }
    noted_.assign(places_.size(), 0);
  }

  Regions Cut() {
    BeginState();
    for (const std::uint32_t start : starts_) Note(start);
    Visit({nullptr, 0, 0, 0});
    for (std::size_t at = 0; at < visited_.size() && regions_.complete; ++at) Leave(at);
    for (const auto& [matches, at] : found_) regions_.list.push_back({matches, TextOf(at)});
    return std::move(regions_);
  }

 private:
  void AddPattern(const std::vector<ResourcePattern::Part>& pattern, std::uint32_t group) {
    using Kind = PlaceInPattern::Kind;
    const std::size_t first = places_.size();
    starts_.push_back(static_cast<std::uint32_t>(first));
    for (const ResourcePattern::Part& part : pattern) {
      if (part.token.kind != GlobToken::Kind::kText) {
        const Kind kind = part.token.kind == GlobToken::Kind::kOne ? Kind::kOne : Kind::kRun;
        places_.push_back({kind, part.in_head, false, group, 0});
        continue;
      }
      // Text that is not UTF-8 is taken byte by byte, as it is when it is compared.
      if (const auto points = ToCodePoints(part.token.text)) {
        for (const char32_t letter : *points) places_.push_back({Kind::kLetter, false, false, group, letter});
        continue;
      }
      for (const unsigned char byte : part.token.text) places_.push_back({Kind::kLetter, false, false, group, byte});
    }
    places_.push_back({Kind::kEnd, false, false, group, 0});
    for (std::size_t i = places_.size() - 1; i-- > first && places_[i].kind == Kind::kRun;) {
      places_[i].takes_all = !places_[i].stops_at_colon;
      if (!places_[i].takes_all) break;
    }
  }

  void BeginState() {
    next_.clear();
    ++round_;
  }

  // A star may stand for nothing, so the place after it is reached with it.
  void Note(std::uint32_t place) {
    for (;; ++place) {
      if (noted_[place] == round_) return;
      noted_[place] = round_;
      next_.push_back(place);
      if (places_[place].kind != PlaceInPattern::Kind::kRun) return;
    }
  }

  void Leave(std::size_t at) {
    const State& state = *visited_[at].state;
    letters_.clear();
    for (const std::uint32_t number : state) {
      const PlaceInPattern& place = places_[number];
      if (place.kind == PlaceInPattern::Kind::kLetter) letters_.push_back(place.letter);
      if (place.stops_at_colon) letters_.push_back(U':');
    }
    std::sort(letters_.begin(), letters_.end());
    letters_.erase(std::unique(letters_.begin(), letters_.end()), letters_.end());
    letters_.insert(letters_.begin(), other_);
    for (const char32_t letter : letters_) {
      const std::size_t bytes = visited_[at].bytes + BytesOf(letter);
      if (bytes > options_.longest) continue;
      if (work_.left < state.size()) {
        work_.left = 0;
        regions_.complete = false;
        return;
      }
      work_.left -= state.size();
      BeginState();
      for (const std::uint32_t number : state) Step(number, letter);
      Visit({nullptr, at, letter, bytes});
      if (!regions_.complete) return;
    }
  }

  void Step(std::uint32_t number, char32_t letter) {
    const PlaceInPattern& place = places_[number];
    switch (place.kind) {
      case PlaceInPattern::Kind::kEnd:
        return;
      case PlaceInPattern::Kind::kLetter:
        if (place.letter == letter) Note(number + 1);
        return;
      case PlaceInPattern::Kind::kOne:
        if (!place.stops_at_colon || letter != U':') Note(number + 1);
        return;
      case PlaceInPattern::Kind::kRun:
        if (!place.stops_at_colon || letter != U':') Note(number);
    }
  }

  // Sorted; of a group that matches whatever follows, only the first place that says so stays.
  void Simplify() {
    std::sort(next_.begin(), next_.end());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < next_.size();) {
      const std::uint32_t group = places_[next_[i]].group;
      std::size_t end = i;
      std::size_t open = next_.size();
      for (; end < next_.size() && places_[next_[end]].group == group; ++end) {
        if (open == next_.size() && places_[next_[end]].takes_all) open = end;
      }
      if (open != next_.size()) {
        next_[kept++] = FirstTakingAll(group, next_[open]);
      } else {
        for (std::size_t k = i; k < end; ++k) next_[kept++] = next_[k];
      }
      i = end;
    }
    next_.resize(kept);
  }

  // One place for all of a group's that take everything, so that states do not differ by which it was.
  std::uint32_t FirstTakingAll(std::uint32_t group, std::uint32_t place) {
    return takes_all_.emplace(group, place).first->second;
  }

  // The state is in next_.
  void Visit(Visited how) {
    Simplify();
    // Where the first group has no place left, no longer text comes back into it.
    if (options_.only_first && (next_.empty() || places_[next_.front()].group != 0)) return;
    const auto [known, fresh] = seen_.emplace(next_, 0);
    if (!fresh) return;
    how.state = &known->first;
    std::fill(matches_.begin(), matches_.end(), false);
    for (const std::uint32_t number : next_) {
      const PlaceInPattern& place = places_[number];
      if (place.takes_all || place.kind == PlaceInPattern::Kind::kEnd) matches_[place.group] = true;
    }
    if (!options_.only_first || matches_.front()) {
      const bool known_region = found_.contains(matches_);
      if (!known_region && found_.size() >= limits::kRegions) {
        regions_.complete = false;
        return;
      }
      if (!known_region) found_.emplace(matches_, visited_.size());
    }
    visited_.push_back(how);
  }

  std::string TextOf(std::size_t at) const {
    std::u32string letters;
    for (; visited_[at].bytes > 0; at = visited_[at].before) letters.push_back(visited_[at].letter);
    std::string text;
    for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) AppendUtf8(text, *letter);
    return text;
  }

  const CutOptions& options_;
  CutWork& work_;
  std::vector<PlaceInPattern> places_;  // of all patterns, one group after the other
  std::vector<std::uint32_t> starts_;
  std::unordered_map<std::uint32_t, std::uint32_t> takes_all_;
  char32_t other_ = U'\x7F';
  std::unordered_map<State, char, HashOfState> seen_;
  std::vector<Visited> visited_;
  std::map<std::vector<bool>, std::size_t> found_;
  Regions regions_;
  // Of the state that is being made.
  State next_;
  std::vector<std::uint64_t> noted_;
  std::uint64_t round_ = 0;
  std::vector<char32_t> letters_;
  std::vector<bool> matches_;
};

}  // namespace

Regions CutIntoRegions(const std::vector<PatternGroup>& groups, const CutOptions& options, CutWork& work) {
  return Cutter(groups, options, work).Cut();
}

}  // namespace sallyport::policy
