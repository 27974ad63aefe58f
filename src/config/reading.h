// SPDX-License-Identifier: Apache-2.0
//
// One value on its way from text into the settings. A row of the table in keys.cc says which reader a key has; the
// reader stores the value or says what is wrong with it. Internal to config.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "base/time.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/settings.h"
#include "config/yaml.h"

namespace sallyport {

enum class SettingsSource { kFile, kEnvironment };

// Settings in the making, with all that is wrong with them so far.
struct Draft {
  explicit Draft(const Vocabulary& vocabulary) : known(vocabulary), keys(SettingsKeysWith(vocabulary.keys)) {
    settings.gates = DefaultGates(known.kinds);
  }

  const Vocabulary& known;        // outlives the draft
  std::vector<SettingsKey> keys;  // all that the program has
  Settings settings;
  std::vector<std::string> problems;  // at most kProblemsShown
  std::size_t problem_count = 0;
  // Where the address of SWP came from: `swp.url` and `swp.region` exclude each other.
  std::optional<SettingsSource> address_source;
  std::string address_name;

  static constexpr std::size_t kProblemsShown = 50;
  void AddProblem(std::string line);
};

// `text` as it is shown in a problem: in backticks, unless it could be an API key in the wrong place.
std::string ShownText(std::string_view text);
// " (did you mean `word`?)", or nothing.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);

enum class PathForm { kAny, kAbsolute };

class Reading {
 public:
  struct Place {
    SettingsSource source = SettingsSource::kFile;
    std::string file;       // "sallyport.yaml"; empty for the environment
    std::string_view name;  // "swp.deadline", "SALLYPORT_MODE"
  };

  Reading(const YamlNode& node, Place place, std::string allowed, Draft& draft)
      : node_(node), place_(std::move(place)), allowed_(std::move(allowed)), draft_(draft) {}

  const YamlNode& node() const { return node_; }
  Settings& settings() { return draft_.settings; }
  const ActionKinds& kinds() const { return draft_.known.kinds; }

  // "sallyport.yaml:12: swp.deadline: `what`; allowed: ..." with the line of `node`.
  void Refuse(const YamlNode& node, std::string_view what);
  // The same without the list of what is allowed: `what` says it all.
  void RefusePlainly(const YamlNode& node, std::string_view what);

  // Each stores a value that is in order, and refuses anything else. The bounds are allowed themselves.
  void ReadText(std::string& into, std::size_t max_bytes);
  void ReadPath(std::string& into, PathForm form);
  void ReadDuration(Duration& into, Duration least, Duration most);
  void ReadNumber(double& into, double least, double most);
  void ReadWhole(int& into, int least, int most);
  void ReadAddress(SwpSettings& into);
  void ReadRegion(SwpSettings& into);
  void ReadProxy(std::string& into);
  void ReadAccounts();

  // One word of `words`; its place in the list.
  std::optional<std::size_t> Word(const YamlNode& node, std::span<const std::string_view> words);
  // A list of texts, none empty, none twice; calls `take` with each.
  void ReadList(std::size_t most, const std::function<void(const YamlNode&)>& take);
  // A map of texts to texts, no key twice; calls `take` with each key and value.
  void ReadMap(std::size_t most, const std::function<void(const YamlNode& key, const YamlNode& value)>& take);
  // Visible text of 1 to `max_bytes` bytes.
  bool IsText(const YamlNode& node, std::size_t max_bytes);

  template <class T, std::size_t N>
  void ReadChoice(T& into, const std::array<std::string_view, N>& words, const std::array<T, N>& values) {
    if (const auto index = Word(node_, words)) into = values[*index];
  }

 private:
  std::string At(const YamlNode& node) const;
  // Values that are used outside (opened, connected to) and so would be shown outside.
  bool IsTextAndNoKey(std::size_t max_bytes);
  bool TakeAddress(SwpSettings& into, std::string url);

  const YamlNode& node_;
  Place place_;
  std::string allowed_;
  Draft& draft_;
};

}  // namespace sallyport
