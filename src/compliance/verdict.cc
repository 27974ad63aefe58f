// SPDX-License-Identifier: Apache-2.0
#include "compliance/verdict.h"

#include <array>

#include "base/text.h"

namespace sallyport::compliance {
namespace {

constexpr std::array kCompliances = {Compliance::kCompliant, Compliance::kNonCompliant, Compliance::kNotApplicable,
                                     Compliance::kUndetermined};
// What is to be done is worth this much of the room.
constexpr std::size_t kRoomForNext = 110;

}  // namespace

std::string_view ToString(Compliance compliance) {
  switch (compliance) {
    case Compliance::kCompliant:
      return "COMPLIANT";
    case Compliance::kNonCompliant:
      return "NON_COMPLIANT";
    case Compliance::kNotApplicable:
      return "NOT_APPLICABLE";
    case Compliance::kUndetermined:
      break;
  }
  return "undetermined";
}

std::optional<Compliance> ComplianceFrom(std::string_view word) {
  for (const Compliance compliance : kCompliances) {
    if (ToString(compliance) == word) return compliance;
  }
  return std::nullopt;
}

std::string FitInto(std::string_view text, std::size_t most) {
  constexpr std::size_t kMark = 3;  // that Printable puts where it cuts
  std::string whole = Printable(text, most);
  return whole.size() <= most ? whole : Printable(text, most - kMark);
}

Verdict Say(Compliance compliance, std::string_view why, std::string_view next) {
  if (next.empty()) return {compliance, FitInto(why, kAnnotationCharacters)};
  const std::string advice = ". Next: " + FitInto(next, kRoomForNext);
  return {compliance, FitInto(why, kAnnotationCharacters - advice.size()) + advice};
}

}  // namespace sallyport::compliance
