// SPDX-License-Identifier: Apache-2.0
//
// ARNs: `arn:partition:service:region:account:resource`. The first five colons part them; the last part may hold colons
// and slashes of its own.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::policy {

inline constexpr std::size_t kArnParts = 6;

// Views into the text given to SplitArn. parts[0] is `arn`.
struct ArnView {
  std::array<std::string_view, kArnParts> parts;

  std::string_view partition() const { return parts[1]; }
  std::string_view service() const { return parts[2]; }
  std::string_view region() const { return parts[3]; }
  std::string_view account() const { return parts[4]; }
  std::string_view resource() const { return parts[5]; }
};

// Nothing when `text` has fewer than six parts or does not start with `arn:`.
std::optional<ArnView> SplitArn(std::string_view text);

// Cuts `pattern` at its first five colons that are not inside `${...}`; returns how many parts there are.
std::size_t SplitArnPattern(std::string_view pattern, std::array<std::string_view, kArnParts>& parts);

// An ARN kept together with its parts, for what is compared often.
class Arn {
 public:
  Arn() = default;
  explicit Arn(std::string text);

  const std::string& text() const { return text_; }
  bool valid() const { return valid_; }
  std::string_view part(std::size_t i) const { return std::string_view(text_).substr(start_[i], size_[i]); }
  // The first five parts with their colons: `arn:aws:s3:::`.
  std::string_view head() const { return std::string_view(text_).substr(0, start_[kArnParts - 1]); }
  std::string_view resource() const { return part(kArnParts - 1); }

 private:
  std::string text_;
  bool valid_ = false;
  std::array<std::size_t, kArnParts> start_{};
  std::array<std::size_t, kArnParts> size_{};
};

// Twelve digits.
bool IsAccountId(std::string_view text);

}  // namespace sallyport::policy
