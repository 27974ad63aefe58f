// SPDX-License-Identifier: Apache-2.0
//
// Keys of the settings file that belong to a row: name, default, limits and documentation stand beside the row's
// struct.
//
//   std::vector<OwnKey> MacieKeys() {
//     return OwnKeys<MacieSettings>("macie")
//         .Number("min_severity", &MacieSettings::min_severity, 1, 10, "from which severity hosts are scanned")
//         .Time("window", &MacieSettings::window, minutes(1), hours(24 * 30), "findings within this time are one case")
//         .Take();
//   }
//
// The default is the struct's. `config` reads the values, refuses what is out of the limits, and holds docs/settings.md
// to the keys. Of a number, duration or count the limits are allowed themselves.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "workflow/row_settings.h"

namespace sallyport {

// Where a value is kept.
template <class T>
using MemberPlace = std::function<T&(RowSettings& settings)>;

struct OwnNumber {
  MemberPlace<double> place;
  double least;
  double most;
};
struct OwnWhole {
  MemberPlace<int> place;
  int least;
  int most;
};
struct OwnTime {
  MemberPlace<Duration> place;
  Duration least;
  Duration most;
};
struct OwnFlag {
  MemberPlace<bool> place;
};
struct OwnText {
  MemberPlace<std::string> place;
  std::size_t most_bytes;
};
struct OwnList {
  MemberPlace<std::vector<std::string>> place;
  std::size_t most;  // entries, each of at most 256 bytes
};
// One of several words; `take` gets the word's place in the list.
struct OwnChoice {
  std::vector<std::string_view> words;
  std::function<void(RowSettings& settings, std::size_t word)> take;
};

struct OwnKey {
  std::string path;      // "macie.min_severity"
  std::string fallback;  // the default as it is written in YAML; empty: nothing
  std::string allowed;   // what may stand there, for people
  std::string meaning;   // one line for docs/settings.md
  std::variant<OwnNumber, OwnWhole, OwnTime, OwnFlag, OwnText, OwnList, OwnChoice> value;
  // The value as it is written in YAML.
  std::function<std::string(const RowSettings& settings)> text;
};

// How values are written in YAML and in docs/settings.md: "2.5", "30m", "true", "[a, b]".
std::string YamlText(double number);
std::string YamlText(int number);
std::string YamlText(Duration duration);
std::string YamlText(bool flag);
std::string YamlText(const std::string& text);
std::string YamlText(const std::vector<std::string>& texts);
std::string AllowedNumber(double least, double most);
std::string AllowedWhole(int least, int most);
std::string AllowedTime(Duration least, Duration most, Duration example);
std::string AllowedWords(const std::vector<std::string_view>& words);

// Makes the keys of one section over the struct `T`.
template <class T>
class OwnKeys {
 public:
  explicit OwnKeys(std::string section) : section_(std::move(section)) {}

  OwnKeys& Number(std::string_view name, double T::*member, double least, double most, std::string meaning) {
    return Add(name, member, AllowedNumber(least, most), std::move(meaning), OwnNumber{At(member), least, most});
  }
  OwnKeys& Whole(std::string_view name, int T::*member, int least, int most, std::string meaning) {
    return Add(name, member, AllowedWhole(least, most), std::move(meaning), OwnWhole{At(member), least, most});
  }
  OwnKeys& Time(std::string_view name, Duration T::*member, Duration least, Duration most, std::string meaning) {
    return Add(name, member, AllowedTime(least, most, T{}.*member), std::move(meaning),
               OwnTime{At(member), least, most});
  }
  OwnKeys& Flag(std::string_view name, bool T::*member, std::string meaning) {
    return Add(name, member, AllowedWords({"true", "false"}), std::move(meaning), OwnFlag{At(member)});
  }
  OwnKeys& Text(std::string_view name, std::string T::*member, std::size_t most_bytes, std::string meaning) {
    return Add(name, member, "text of at most " + std::to_string(most_bytes) + " bytes", std::move(meaning),
               OwnText{At(member), most_bytes});
  }
  OwnKeys& List(std::string_view name, std::vector<std::string> T::*member, std::size_t most, std::string meaning) {
    return Add(name, member, "a list of at most " + std::to_string(most) + " texts; may be empty", std::move(meaning),
               OwnList{At(member), most});
  }
  // `values` in the order of `words`; the default is among them.
  template <class E>
  OwnKeys& Choice(std::string_view name, E T::*member, std::vector<std::string_view> words, std::vector<E> values,
                  std::string meaning) {
    OwnKey key;
    key.path = Path(name);
    key.allowed = AllowedWords(words);
    key.meaning = std::move(meaning);
    key.text = [member, words, values](const RowSettings& settings) -> std::string {
      for (std::size_t i = 0; i < values.size() && i < words.size(); ++i) {
        if (values[i] == settings.Get<T>().*member) return std::string(words[i]);
      }
      return "";
    };
    key.fallback = key.text(RowSettings());
    key.value =
        OwnChoice{std::move(words), [member, values = std::move(values)](RowSettings& settings, std::size_t word) {
                    settings.Edit<T>().*member = values.at(word);
                  }};
    keys_.push_back(std::move(key));
    return *this;
  }

  std::vector<OwnKey> Take() { return std::move(keys_); }

 private:
  template <class V>
  static MemberPlace<V> At(V T::*member) {
    return [member](RowSettings& settings) -> V& { return settings.Edit<T>().*member; };
  }

  std::string Path(std::string_view name) const { return section_ + "." + std::string(name); }

  template <class V, class Kind>
  OwnKeys& Add(std::string_view name, V T::*member, std::string allowed, std::string meaning, Kind kind) {
    OwnKey key;
    key.path = Path(name);
    key.allowed = std::move(allowed);
    key.meaning = std::move(meaning);
    key.value = std::move(kind);
    key.text = [member](const RowSettings& settings) { return YamlText(settings.Get<T>().*member); };
    key.fallback = key.text(RowSettings());
    keys_.push_back(std::move(key));
    return *this;
  }

  std::string section_;
  std::vector<OwnKey> keys_;
};

}  // namespace sallyport
