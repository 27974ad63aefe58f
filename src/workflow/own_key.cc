// SPDX-License-Identifier: Apache-2.0
#include "workflow/own_key.h"

#include <array>
#include <charconv>
#include <chrono>

namespace sallyport {

std::string YamlText(double number) {
  std::array<char, 64> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), written.ptr};
}

std::string YamlText(int number) {
  return std::to_string(number);
}

// In the largest unit that holds it, but a day and two in hours.
std::string YamlText(Duration duration) {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  if (duration == Duration{0}) return "0s";
  struct Unit {
    Duration length;
    std::string_view name;
  };
  const std::array<Unit, 4> units = {{{hours(24), "d"}, {hours(1), "h"}, {minutes(1), "m"}, {seconds(1), "s"}}};
  for (const Unit& unit : units) {
    const bool few_days = unit.name == "d" && duration <= hours(48);
    if (!few_days && duration % unit.length == Duration{0}) {
      return std::to_string(duration / unit.length) + std::string(unit.name);
    }
  }
  return std::to_string(duration.count()) + "ms";
}

std::string YamlText(bool flag) {
  return flag ? "true" : "false";
}

std::string YamlText(const std::string& text) {
  return text;
}

std::string YamlText(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
  return "[" + list + "]";
}

std::string AllowedNumber(double least, double most) {
  return "a number from " + YamlText(least) + " to " + YamlText(most);
}

std::string AllowedWhole(int least, int most) {
  return "a whole number from " + YamlText(least) + " to " + YamlText(most);
}

std::string AllowedTime(Duration least, Duration most, Duration example) {
  return "a number and ms, s, m, h or d, from " + YamlText(least) + " to " + YamlText(most) + ", like `" +
         YamlText(example) + "`";
}

std::string AllowedWords(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    text += before + ("`" + std::string(words[i]) + "`");
  }
  return text;
}

}  // namespace sallyport
