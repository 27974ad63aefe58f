// SPDX-License-Identifier: Apache-2.0
//
// What AWS Config is told, and where. Pure data.
#pragma once

#include <cstddef>
#include <string>

#include "compliance/verdict.h"

namespace sallyport::compliance {

// Where AWS Config is asked and answered: the account and region of the rule. `role_arn`: the role there that an
// organization rule names; empty: the settings know the way.
struct Place {
  std::string account;
  std::string region;
  std::string role_arn;
  bool operator==(const Place&) const = default;
};

inline constexpr std::string_view kInstanceType = "AWS::EC2::Instance";

struct Evaluation {
  std::string resource_type;
  std::string resource_id;
  Compliance compliance = Compliance::kNotApplicable;  // never kUndetermined
  std::string annotation;
  bool operator==(const Evaluation&) const = default;
};

// At most so many in one call (AWS Config API, PutEvaluations).
inline constexpr std::size_t kEvaluationsPerCall = 100;

}  // namespace sallyport::compliance
