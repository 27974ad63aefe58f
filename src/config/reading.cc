// SPDX-License-Identifier: Apache-2.0
#include "config/reading.h"

#include <charconv>
#include <set>
#include <utility>

#include "base/ids.h"
#include "base/text.h"
#include "config/api_key.h"
#include "config/web_address.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kSettingPathBytes = 4095;  // PATH_MAX without its end
constexpr std::size_t kAddressBytes = 2048;
constexpr std::array<std::string_view, 2> kModeWords = {"observe", "enforce"};

template <class T>
std::optional<T> ToNumber(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return true;
  }
  return false;
}

bool IsCloudRegion(std::string_view text) {
  return text.size() >= 2 && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

}  // namespace

void Draft::AddProblem(std::string line) {
  ++problem_count;
  if (problems.size() < kProblemsShown) problems.push_back(std::move(line));
}

std::string ShownText(std::string_view text) {
  if (LooksLikeApiKey(text)) return "a value that looks like an API key (not shown)";
  if (LooksLikeSecret(text)) return "a value that looks like a secret (not shown)";
  return "`" + Printable(text, kShownBytes) + "`";
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto nearest = Nearest(word, candidates);
  return nearest ? " (did you mean `" + std::string(*nearest) + "`?)" : "";
}

std::string Reading::At(const YamlNode& node) const {
  const std::string name(place_.name);
  if (place_.source == SettingsSource::kEnvironment) return name + ": ";
  return place_.file + ":" + std::to_string(node.line) + ": " + name + ": ";
}

void Reading::Refuse(const YamlNode& node, std::string_view what) {
  draft_.AddProblem(At(node) + std::string(what) + "; allowed: " + std::string(allowed_));
}

void Reading::RefusePlainly(const YamlNode& node, std::string_view what) {
  draft_.AddProblem(At(node) + std::string(what));
}

bool Reading::IsText(const YamlNode& node, std::size_t max_bytes) {
  if (node.kind != YamlNode::Kind::kText) {
    Refuse(node, std::string(TypeName(node)) + " is not a value for this");
  } else if (Trim(node.text).empty()) {
    Refuse(node, "the text is empty");
  } else if (node.text.size() > max_bytes) {
    Refuse(node, "longer than " + std::to_string(max_bytes) + " bytes");
  } else if (HasControlCharacter(node.text)) {
    Refuse(node, ShownText(node.text) + " holds a control character");
  } else {
    return true;
  }
  return false;
}

void Reading::ReadText(std::string& into, std::size_t max_bytes) {
  if (IsText(node_, max_bytes)) into = node_.text;
}

void Reading::ReadPath(std::string& into, PathForm form) {
  if (!IsTextAndNoKey(kSettingPathBytes)) return;
  if (LooksLikeSecret(node_.text)) {
    Refuse(node_, "this looks like a secret itself (not shown; a file of such a name can be given with its folder)");
  } else if (node_.text.starts_with('~')) {
    Refuse(node_, ShownText(node_.text) + ": `~` is not replaced here");
  } else if (form == PathForm::kAbsolute && !node_.text.starts_with('/')) {
    Refuse(node_, ShownText(node_.text) + " does not start with `/`");
  } else {
    into = node_.text;
  }
}

bool Reading::IsTextAndNoKey(std::size_t max_bytes) {
  if (!IsText(node_, max_bytes)) return false;
  if (!LooksLikeApiKey(node_.text)) return true;
  Refuse(node_, "this looks like the API key itself (not shown)");
  return false;
}

void Reading::ReadDuration(Duration& into, Duration least, Duration most) {
  if (!IsText(node_, kShownBytes)) return;
  const auto duration = ParseDuration(node_.text);
  if (!duration) {
    Refuse(node_, ShownText(node_.text) + " is not a duration");
  } else if (*duration < least || *duration > most) {
    Refuse(node_, ShownText(node_.text) + " is out of range");
  } else {
    into = *duration;
  }
}

void Reading::ReadNumber(double& into, double least, double most) {
  if (!IsText(node_, kShownBytes)) return;
  const auto number = ToNumber<double>(node_.text);
  const bool in_range = number && *number >= least && *number <= most;  // no to "nan", too
  if (!number) {
    Refuse(node_, ShownText(node_.text) + " is not a number");
  } else if (!in_range) {
    Refuse(node_, ShownText(node_.text) + " is out of range");
  } else {
    into = *number;
  }
}

void Reading::ReadWhole(int& into, int least, int most) {
  if (!IsText(node_, kShownBytes)) return;
  const auto number = ToNumber<int>(node_.text);
  if (!number) {
    Refuse(node_, ShownText(node_.text) + " is not a whole number");
  } else if (*number < least || *number > most) {
    Refuse(node_, ShownText(node_.text) + " is out of range");
  } else {
    into = *number;
  }
}

std::optional<std::size_t> Reading::Word(const YamlNode& node, std::span<const std::string_view> words) {
  if (!IsText(node, kShownBytes)) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == node.text) return i;
  }
  Refuse(node, ShownText(node.text) + " is not one of them" + DidYouMean(node.text, words));
  return std::nullopt;
}

void Reading::ReadList(std::size_t most, const std::function<void(const YamlNode&)>& take) {
  if (node_.kind != YamlNode::Kind::kList) return Refuse(node_, std::string(TypeName(node_)) + " is not a list");
  if (node_.items.size() > most) return Refuse(node_, "more than " + std::to_string(most) + " in the list");
  std::set<std::string_view> seen;
  for (const YamlNode& item : node_.items) {
    if (!IsText(item, 256)) continue;
    if (!seen.insert(item.text).second) {
      Refuse(item, ShownText(item.text) + " is in the list twice");
    } else {
      take(item);
    }
  }
}

// The environment may replace what the file says; within one of them there is one address.
bool Reading::TakeAddress(SwpSettings& into, std::string url) {
  if (draft_.address_source == place_.source) {
    RefusePlainly(node_, "cannot be given together with " + draft_.address_name + ": they name the same address");
    return false;
  }
  draft_.address_source = place_.source;
  draft_.address_name = place_.name;
  into.url = std::move(url);
  return true;
}

void Reading::ReadAddress(SwpSettings& into) {
  if (!IsTextAndNoKey(kAddressBytes)) return;
  const auto address = ParseWebAddress(node_.text);
  if (!address.ok()) return Refuse(node_, address.error().message);
  if (!address->secure && !address->IsLoopback()) {
    return Refuse(node_, "`" + ShownAddress(node_.text) + "` would send the API key unencrypted");
  }
  TakeAddress(into, address->ToText());
}

void Reading::ReadRegion(SwpSettings& into) {
  if (!IsText(node_, kShownBytes)) return;
  if (!IsCloudRegion(node_.text)) return Refuse(node_, ShownText(node_.text) + " is not a Cloud One region");
  TakeAddress(into, "https://workload." + node_.text + ".cloudone.trendmicro.com/api");
}

void Reading::ReadProxy(std::string& into) {
  if (!IsTextAndNoKey(kAddressBytes)) return;
  const auto address = ParseWebAddress(node_.text);
  if (!address.ok()) return Refuse(node_, address.error().message);
  const bool proxy_form = !address->secure && address->port != 0 && address->path.empty();
  if (!proxy_form) return Refuse(node_, "`" + ShownAddress(node_.text) + "` is not `http://`, a host and a port");
  into = address->ToText();
}

void Reading::ReadMap(std::size_t most, const std::function<void(const YamlNode&, const YamlNode&)>& take) {
  if (node_.kind != YamlNode::Kind::kMap) return Refuse(node_, std::string(TypeName(node_)) + " is not a map");
  if (node_.members.size() > most) {
    return Refuse(node_, std::to_string(node_.members.size()) + " entries are too many");
  }
  std::set<std::string_view> seen;
  for (const YamlMember& member : node_.members) {
    YamlNode key;
    key.line = member.line;
    key.text = member.key;
    if (!seen.insert(member.key).second) {
      Refuse(key, ShownText(member.key) + " is given twice");
    } else if (IsText(member.value, 2'048)) {
      take(key, member.value);
    }
  }
}

void Reading::ReadAccounts() {
  if (node_.kind != YamlNode::Kind::kMap) return Refuse(node_, std::string(TypeName(node_)) + " is not a map");
  std::set<std::string_view> seen;
  for (const YamlMember& member : node_.members) {
    YamlNode key;
    key.line = member.line;
    if (!ParseAccountId(member.key).ok()) {
      Refuse(key, ShownText(member.key) + " is not an account id");
    } else if (!seen.insert(member.key).second) {
      Refuse(key, ShownText(member.key) + " is given twice");
    } else if (const auto word = Word(member.value, kModeWords)) {
      settings().gates.account_modes.emplace_back(member.key, *word == 0 ? Mode::kObserve : Mode::kEnforce);
    }
  }
}

}  // namespace sallyport
