// SPDX-License-Identifier: Apache-2.0
//
// YAML text as a tree of our own, where every value knows its line. The library behind it stays in yaml.cc.
//
// Only what a settings file needs: one document of maps, lists and text. Values are not typed by their looks: `off`,
// `08` and `1.50` stay the text that was written. Anchors, aliases and tags are refused, so that no small file can
// become a large tree. Keys that occur twice are kept: it is for the reader to refuse them, with both lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport {

// A settings file with an own mode for each of 10,000 accounts is about 300 kB.
inline constexpr std::size_t kYamlBytes = std::size_t{1024} * 1024;
// The settings nest 3 deep.
inline constexpr std::size_t kYamlDepth = 16;
// Keys are not counted, values are.
inline constexpr std::size_t kYamlValues = 20'000;

struct YamlMember;

struct YamlNode {
  enum class Kind { kNull, kText, kList, kMap };
  Kind kind = Kind::kNull;
  int line = 0;                     // from 1; 0: does not come from a file
  std::string text;                 // of kText
  std::vector<YamlNode> items;      // of kList
  std::vector<YamlMember> members;  // of kMap, in the file's order
};

struct YamlMember {
  std::string key;
  int line = 0;
  YamlNode value;
};

// "nothing", "text", "a list", "a map".
std::string_view TypeName(const YamlNode& node);

// Parses one document. No document at all is kNull. Any bytes are safe. Errors: kTooLarge over one of the bounds,
// kInvalidInput for the rest; the message starts with "`file_name`:line:column: " where that is known.
Result<YamlNode> ParseYaml(std::string_view text, std::string_view file_name);

}  // namespace sallyport
