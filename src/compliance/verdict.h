// SPDX-License-Identifier: Apache-2.0
//
// A compliance verdict: what AWS Config is told about one host. Pure data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::compliance {

enum class Compliance {
  kCompliant,
  kNonCompliant,
  kNotApplicable,
  kUndetermined,  // no verdict: AWS Config is told nothing, and its earlier verdict stays
};
std::string_view ToString(Compliance compliance);  // "COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "undetermined"
std::optional<Compliance> ComplianceFrom(std::string_view word);

// An annotation has at most this many characters (AWS Config API, `Evaluation`).
inline constexpr std::size_t kAnnotationCharacters = 256;

struct Verdict {
  Compliance compliance = Compliance::kUndetermined;
  // Why, and what to do next; one line of at most kAnnotationCharacters bytes.
  std::string annotation;
  bool operator==(const Verdict&) const = default;
};

// One printable line of at most `most` bytes, with `...` where it was cut.
std::string FitInto(std::string_view text, std::size_t most);
// `why`, then what to do when there is something and room for it.
Verdict Say(Compliance compliance, std::string_view why, std::string_view next = "");

}  // namespace sallyport::compliance
