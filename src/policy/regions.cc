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

// A place in the patterns of a group, which share what they begin with: behind a certain character, behind any one, or
// in any run.
struct PlaceInPatterns {
  enum class Kind : std::uint8_t { kStart, kLetter, kOne, kRun };
  Kind kind = Kind::kStart;
  bool stops_at_colon = false;
  bool is_end = false;  // of a pattern
  std::uint32_t group = 0;
  char32_t letter = 0;
  std::vector<std::uint32_t> next;

  // Whatever follows, a pattern matches.
  bool TakesAll() const { return kind == Kind::kRun && is_end && !stops_at_colon; }
  bool IsLike(const PlaceInPatterns& other) const {
    return kind == other.kind && stops_at_colon == other.stops_at_colon && letter == other.letter;
  }
};

// The places at which a text read so far may stand, sorted. A state of the automaton.
using PatternState = std::vector<std::uint32_t>;

struct HashOfPatternState {
  std::size_t operator()(const PatternState& state) const {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::uint32_t place : state) hash = (hash ^ place) * 1099511628211ULL;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }
};

// How a state was reached.
struct Visited {
  const PatternState* state = nullptr;
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
      starts_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back().group = group;
      for (const auto& pattern : groups[group]) AddPattern(pattern, starts_.back());
    }
    // One letter stands for all that no pattern names. Ordinary ones are tried first, so that people can read them.
    for (const char c : std::string_view("xyzabcdefghijklmnopqrstuvwXYZ0123456789-_.~!,;@#%&()=+ \x01\x02")) {
      const auto is_it = [c](const PlaceInPatterns& place) {
        return place.kind == PlaceInPatterns::Kind::kLetter && place.letter == static_cast<char32_t>(c);
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
  void AddPattern(const std::vector<ResourcePattern::Part>& pattern, std::uint32_t place) {
    using Kind = PlaceInPatterns::Kind;
    for (const ResourcePattern::Part& part : pattern) {
      if (part.token.kind != GlobToken::Kind::kText) {
        place = Behind(place, part.token.kind == GlobToken::Kind::kOne ? Kind::kOne : Kind::kRun, part.in_head, 0);
        continue;
      }
      // Text that is not UTF-8 is taken byte by byte, as it is when it is compared.
      if (const auto points = ToCodePoints(part.token.text)) {
        for (const char32_t letter : *points) place = Behind(place, Kind::kLetter, false, letter);
        continue;
      }
      for (const char byte : part.token.text) {
        place = Behind(place, Kind::kLetter, false, static_cast<unsigned char>(byte));
      }
    }
    places_[place].is_end = true;
  }

  std::uint32_t Behind(std::uint32_t place, PlaceInPatterns::Kind kind, bool stops_at_colon, char32_t letter) {
    PlaceInPatterns behind{kind, stops_at_colon, false, places_[place].group, letter, {}};
    // A run behind a run is the same run.
    if (kind == PlaceInPatterns::Kind::kRun && places_[place].IsLike(behind)) return place;
    for (const std::uint32_t known : places_[place].next) {
      if (places_[known].IsLike(behind)) return known;
    }
    const auto number = static_cast<std::uint32_t>(places_.size());
    places_[place].next.push_back(number);
    places_.push_back(std::move(behind));
    return number;
  }

  void BeginState() {
    next_.clear();
    ++round_;
  }

  // A star may stand for nothing, so its place is reached with the one before it.
  void Note(std::uint32_t place) {
    if (noted_[place] == round_) return;
    noted_[place] = round_;
    next_.push_back(place);
    for (const std::uint32_t behind : places_[place].next) {
      if (places_[behind].kind == PlaceInPatterns::Kind::kRun) Note(behind);
    }
  }

  void Leave(std::size_t at) {
    const PatternState& state = *visited_[at].state;
    letters_.clear();
    std::size_t steps = state.size();
    for (const std::uint32_t number : state) {
      if (places_[number].stops_at_colon) letters_.push_back(U':');
      steps += places_[number].next.size();
      for (const std::uint32_t behind : places_[number].next) {
        if (places_[behind].kind == PlaceInPatterns::Kind::kLetter) letters_.push_back(places_[behind].letter);
        if (places_[behind].stops_at_colon) letters_.push_back(U':');
      }
    }
    std::sort(letters_.begin(), letters_.end());
    letters_.erase(std::unique(letters_.begin(), letters_.end()), letters_.end());
    letters_.insert(letters_.begin(), other_);
    for (const char32_t letter : letters_) {
      const std::size_t bytes = visited_[at].bytes + BytesOf(letter);
      if (bytes > options_.longest) continue;
      if (work_.left < steps) {
        work_.left = 0;
        regions_.complete = false;
        return;
      }
      work_.left -= steps;
      BeginState();
      for (const std::uint32_t number : state) Step(number, letter);
      Visit({nullptr, at, letter, bytes});
      if (!regions_.complete) return;
    }
  }

  void Step(std::uint32_t number, char32_t letter) {
    const PlaceInPatterns& place = places_[number];
    if (place.kind == PlaceInPatterns::Kind::kRun && (!place.stops_at_colon || letter != U':')) Note(number);
    for (const std::uint32_t behind : place.next) {
      const PlaceInPatterns& next = places_[behind];
      const bool takes = next.kind == PlaceInPatterns::Kind::kLetter
                             ? next.letter == letter
                             : next.kind == PlaceInPatterns::Kind::kOne && (!next.stops_at_colon || letter != U':');
      if (takes) Note(behind);
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
        if (open == next_.size() && places_[next_[end]].TakesAll()) open = end;
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
    if (seen_.contains(next_)) return;
    how.state = &seen_.emplace(next_, 0).first->first;
    std::fill(matches_.begin(), matches_.end(), false);
    for (const std::uint32_t number : next_) {
      if (places_[number].is_end) matches_[places_[number].group] = true;
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
  std::vector<PlaceInPatterns> places_;                         // of all patterns, one group after the other
  std::vector<std::uint32_t> starts_;                           // one for each group
  std::unordered_map<std::uint32_t, std::uint32_t> takes_all_;  // by group
  char32_t other_ = U'\x7F';
  std::unordered_map<PatternState, char, HashOfPatternState> seen_;
  std::vector<Visited> visited_;
  std::map<std::vector<bool>, std::size_t> found_;
  Regions regions_;
  // Of the state that is being made.
  PatternState next_;
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
