// SPDX-License-Identifier: Apache-2.0
#include "aws/rates.h"

#include <algorithm>
#include <array>

namespace sallyport::aws {
namespace {

struct RateRow {
  std::string_view service;
  std::string_view operation;  // a prefix; empty: all that no earlier row names
  RateLimit limit;
};

constexpr std::array<RateRow, 12> kRateRows = {
    RateRow{"wafv2", "ListResourcesForWebACL", {"", 1, 1}},
    RateRow{"wafv2", "Get", {"", 5, 5}},
    RateRow{"wafv2", "List", {"", 5, 5}},
    RateRow{"wafv2", "Describe", {"", 5, 5}},
    RateRow{"wafv2", "Update", {"", 1, 1}},
    RateRow{"wafv2", "", {"", 1, 1}},
    RateRow{"iam", "", {"reads", 5, 10}},
    RateRow{"organizations", "", {"reads", 5, 10}},
    RateRow{"cloudfront", "", {"all", 2, 5}},
    RateRow{"inspector2", "", {"", 5, 5}},
    RateRow{"guardduty", "", {"", 5, 5}},
    RateRow{"macie2", "", {"", 5, 5}},
};

constexpr RateLimit kEc2Narrowed{"reads", 20, 100};
constexpr RateLimit kEc2Whole{"whole-reads", 10, 50};

// EC2 counts calls that neither filter nor page against a smaller bucket.
bool IsNarrowed(std::string_view form) {
  constexpr std::array<std::string_view, 4> kMarks = {"&Filter.", "Id.1=", "&MaxResults=", "&RegionName."};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return form.find(mark) != std::string_view::npos; });
}

}  // namespace

std::optional<RateLimit> RateLimitOf(const Call& call) {
  const Operation& operation = *call.operation;
  if (operation.service.name == "ec2") return IsNarrowed(call.body) ? kEc2Narrowed : kEc2Whole;
  for (const RateRow& row : kRateRows) {
    if (row.service == operation.service.name && operation.name.starts_with(row.operation)) return row.limit;
  }
  return std::nullopt;
}

}  // namespace sallyport::aws
