// SPDX-License-Identifier: Apache-2.0
//
// Compiled patterns for actions and ARNs.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/arn.h"
#include "policy/glob.h"
#include "policy/variables.h"

namespace sallyport::policy {

// What comparing one value of a policy with one value of a request gave.
enum class Hit {
  kNo,
  kYes,
  kMissing,  // no match, because a variable has no value
  kUnknown,  // a variable's key is not known
};

// How an ARN pattern of fewer than six parts is read (contract section 3).
enum class ShortArn {
  kOpen,    // identity, boundary and session policies, SCPs: the missing parts count as `*`
  kClosed,  // resource and endpoint policies, RCPs: so only when the pattern has a `*`, else it matches nothing
};

// An element of Resource or NotResource.
class ResourcePattern {
 public:
  ResourcePattern(std::string_view pattern, ShortArn short_arn, bool variables);

  Hit Matches(const Arn& arn, const Context& context) const;

  const std::string& text() const { return text_; }
  bool has_variables() const { return last_template_ != nullptr; }
  bool everything() const { return everything_; }
  std::vector<KeyName> VariableKeys() const;
  // The pattern as tokens of one text, variables filled in, with which stars stop at a colon; for regions.h. Empty when
  // it cannot match anything.
  struct Part {
    GlobToken token;
    bool in_head = false;
  };
  std::vector<Part> Flatten(const Context& context, Template::Resolved::State& state) const;

 private:
  bool HeadMatches(const Arn& arn) const;
  // What stands behind the head.
  std::string_view Last() const;

  using Head = std::array<Glob, kArnParts - 1>;

  std::string text_;
  bool everything_ = false;
  bool never_ = false;
  std::string head_;                        // `arn:aws:s3:::`
  std::shared_ptr<const Head> wild_parts_;  // of a head with wildcards, which few have
  Glob last_;
  std::shared_ptr<const Template> last_template_;
};

// A value of ArnLike, ArnEquals and their Not forms: six parts, each a pattern of its own.
class ArnGlob {
 public:
  // `tokens` of the whole ARN.
  explicit ArnGlob(const std::vector<GlobToken>& tokens);

  bool valid() const { return valid_; }
  // `value` need not be an ARN; it then does not match.
  bool Matches(std::string_view value) const;

 private:
  bool valid_ = false;
  std::array<Glob, kArnParts> parts_;
};

}  // namespace sallyport::policy
