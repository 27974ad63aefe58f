// SPDX-License-Identifier: Apache-2.0
//
// Inputs that somebody made to be slow, in two sizes: how much longer the larger one takes. Time that is linear in the
// size grows as the size does; the bound is between that and the square of it, and both are measured in one run, so a
// busy or a slow machine changes neither. Prints a table; exit code 1 when a bound is missed.
//
//   hostile_bench
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/secret.h"
#include "net/hide.h"
#include "policy/condition.h"
#include "policy/context.h"
#include "policy/glob.h"

namespace sallyport {
namespace {

constexpr std::size_t kLarger = 8;
// 8 when it is linear, 64 when it is quadratic.
constexpr double kMostGrowth = 20;
// Less cannot be told from the clock's own steps.
constexpr double kLeastSeconds = 0.002;
constexpr int kRuns = 5;

std::string RepeatedTo(std::size_t size, const std::string& piece) {
  std::string text;
  text.reserve(size + piece.size());
  while (text.size() < size) text += piece;
  return text;
}

// CPU time of this process, the best of a few runs.
double SecondsOf(const std::function<void()>& work, int times) {
  double best = std::numeric_limits<double>::max();
  for (int run = 0; run < kRuns; ++run) {
    const std::clock_t start = std::clock();
    for (int i = 0; i < times; ++i) work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

struct Hostile {
  std::string name;
  std::size_t size;                                                   // of the smaller input
  std::function<std::function<void()>(std::size_t size)> make_input;  // what is timed, over an input of that size
};

// False: the bound is missed.
bool Measure(const Hostile& hostile) {
  const auto smaller = hostile.make_input(hostile.size);
  const auto larger = hostile.make_input(hostile.size * kLarger);
  int times = 1;
  while (SecondsOf(smaller, times) < kLeastSeconds && times < 1'000'000) times *= 2;
  const double short_seconds = SecondsOf(smaller, times);
  const double long_seconds = SecondsOf(larger, times);
  const double growth = long_seconds / std::max(short_seconds, kLeastSeconds / 2);
  const bool good = growth <= kMostGrowth;
  std::printf("%-46s %8zu %10.1f %10.1f %7.1f%s\n", hostile.name.c_str(), hostile.size, 1e6 * short_seconds / times,
              1e6 * long_seconds / times, growth, good ? "" : "  MISSED");
  return good;
}

// A matcher that goes back would take minutes, one that tries every place for every star seconds.
std::vector<Hostile> HostilePatterns() {
  const auto against = [](const std::string& piece, const std::string& end, std::size_t pattern_size) {
    return [=](std::size_t size) {
      return [glob = policy::Glob(RepeatedTo(pattern_size, piece) + end), text = std::string(size, 'a')] {
        (void)glob.Matches(text);
      };
    };
  };
  const auto pattern_of = [](const std::string& piece, const std::string& end) {
    return [=](std::size_t size) {
      return [glob = policy::Glob("*" + RepeatedTo(size, piece) + end), text = std::string(1'024, 'a')] {
        (void)glob.Matches(text);
      };
    };
  };
  return {{"glob: text against *?*?...", 4'000, against("*?", "", 2'000)},
          {"glob: text against *a?*a?...b", 1'000, against("*a?", "b", 1'000)},
          {"glob: text against *a?a?...b*", 4'000,
           [](std::size_t size) {
             return [glob = policy::Glob("*" + RepeatedTo(200, "a?") + "b*"), text = std::string(size, 'a')] {
               (void)glob.Matches(text);
             };
           }},
          {"glob: pattern *?*?...", 2'500, pattern_of("*?", "")},
          {"glob: pattern *a?*a?...b", 2'500, pattern_of("*a?", "b")},
          {"glob: pattern a?a?...b*", 2'500, pattern_of("a?", "b*")}};
}

// A key of which only the beginning is known is compared with what could follow.
std::vector<Hostile> HostileConditions() {
  std::vector<Hostile> all;
  for (const std::string piece : {"a?", "b?", "*?"}) {
    for (const std::string around : {"", "*"}) {
      std::string name = "condition on a beginning: ";
      name.append(around).append(piece).append(piece).append("...").append(around);
      all.push_back({name, 2'500, [piece, around](std::size_t size) {
                       policy::Context context(policy::KeyState::kUnknown);
                       context.SetBeginning(policy::KeyName("k"), std::string(1'024, 'a'));
                       std::string pattern = around;
                       pattern.append(RepeatedTo(size, piece)).append(around);
                       const policy::Condition condition({"StringLike", "k", {pattern}}, true);
                       return [context, condition] {
                         policy::Why why = policy::Why::kCompared;
                         (void)condition.Evaluate(context, why);
                       };
                     }});
    }
  }
  return all;
}

// Text that begins like the key, or like an escape, everywhere.
std::vector<Hostile> HostileAnswers() {
  const std::string key = "5AD8E9F0-0001-0000-0000-000000000000:5AD8E9F0-0002-0000-0000-000000000000:a2V5LWtleQ==";
  const std::vector<std::pair<std::string, std::string>> pieces = {
      {"the key but for its end", key.substr(0, 35)},
      {"\\", "\\"},
      {"\\\\u", "\\\\u"},
      {"%25", "%25"},
      {"%2525", "%2525"},
      {"&amp;", "&amp;"},
      {"&#5", "&#5"},
      {"\\u0035", "\\u0035"},
      {"[],", "[],"},
      {"55555", "55555"},
      {"5 5 5", "5 "},
      {"the key apart but for its end", "5 A D 8 E 9 F 0 - 0 0 0 1 - 0 0 "},
      {"three marks at a time", "5 . 5 , 5 ; "},
      {"&amp;amp;amp;...", "&amp;amp;amp;amp;amp;amp;amp;amp;amp;"},
      {"zero bytes", std::string(100, '\0')},
      {"5 and zero bytes", "5" + std::string(100, '\0')}};
  std::vector<Hostile> all;
  all.reserve(pieces.size());
  for (const auto& [name, piece] : pieces) {
    all.push_back({"hiding in " + name, 50'000, [piece = piece, key](std::size_t size) {
                     Hider hider;
                     hider.Add(Secret(key));
                     return [hider, text = RepeatedTo(size, piece)] {
                       std::string copy = text;
                       hider.Hide(copy);
                     };
                   }});
  }
  return all;
}

}  // namespace
}  // namespace sallyport

int main() {
  std::printf("%-46s %8s %10s %10s %7s\n", "input", "size", "us", "us of x 8", "growth");
  bool good = true;
  for (const auto& all : {sallyport::HostilePatterns(), sallyport::HostileConditions(), sallyport::HostileAnswers()}) {
    for (const sallyport::Hostile& hostile : all) good = sallyport::Measure(hostile) && good;
  }
  std::printf("at most %.0f is allowed: 8 is linear, 64 quadratic\n", sallyport::kMostGrowth);
  return good ? 0 : 1;
}
