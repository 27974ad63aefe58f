// SPDX-License-Identifier: Apache-2.0
//
// Security Hub, API version 2018-10-26. Findings are ASFF JSON. HTTP 200 does not mean that all were taken.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::securityhub {

struct FailedFinding {
  std::string id{};
  std::string code{};
  std::string message{};
};

struct BatchImportFindingsAnswer {
  std::int64_t failed = 0;
  std::int64_t succeeded = 0;
  std::vector<FailedFinding> failures{};
};
// 1 to 100, of one account, 240 kB each.
struct BatchImportFindings {
  using Answer = BatchImportFindingsAnswer;
  static const Operation& Op();
  std::vector<Json> findings{};
};

struct FindingIdentifier {
  std::string id{};
  std::string product_arn{};
};

struct UnprocessedFinding {
  FindingIdentifier finding{};
  std::string code{};
  std::string message{};
};

struct BatchUpdateFindingsAnswer {
  std::vector<FindingIdentifier> processed{};
  std::vector<UnprocessedFinding> unprocessed{};
};
// At most 100.
struct BatchUpdateFindings {
  using Answer = BatchUpdateFindingsAnswer;
  static const Operation& Op();
  std::vector<FindingIdentifier> findings{};
  Json note{};
  Json workflow{};
  Json user_defined_fields{};
};

void Describe(Shape& shape, FailedFinding& place);
void Describe(Shape& shape, FindingIdentifier& place);
void Describe(Shape& shape, UnprocessedFinding& place);
void Describe(Shape& shape, BatchImportFindings& place);
void Describe(Shape& shape, BatchImportFindingsAnswer& place);
void Describe(Shape& shape, BatchUpdateFindings& place);
void Describe(Shape& shape, BatchUpdateFindingsAnswer& place);

}  // namespace sallyport::aws::securityhub
