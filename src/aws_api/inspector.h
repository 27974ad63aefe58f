// SPDX-License-Identifier: Apache-2.0
//
// Inspector Classic, API version 2016-02-16. Retired on 20 May 2026: expect a refusal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::inspector {

struct DescribeFindingsAnswer {
  std::vector<Json> findings{};
  std::map<std::string, Json> failed{};
};
// 1 to 10 ARNs; those that do not exist are in `failed`, with HTTP 200.
struct DescribeFindings {
  using Answer = DescribeFindingsAnswer;
  static const Operation& Op();
  std::vector<std::string> arns{};
};

struct ListFindingsAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
  void Take(ListFindingsAnswer&& page) { Append(arns, page.arns); }
};
struct ListFindings {
  using Answer = ListFindingsAnswer;
  static const Operation& Op();
  std::vector<std::string> run_arns{};
  Json filter{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

void Describe(Shape& shape, DescribeFindings& place);
void Describe(Shape& shape, DescribeFindingsAnswer& place);
void Describe(Shape& shape, ListFindings& place);
void Describe(Shape& shape, ListFindingsAnswer& place);

}  // namespace sallyport::aws::inspector
