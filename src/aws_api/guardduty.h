// SPDX-License-Identifier: Apache-2.0
//
// GuardDuty, API version 2017-11-28. Findings have the members of the event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec.h"
#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::guardduty {

struct ListDetectorsAnswer {
  std::vector<std::string> ids{};
  std::string next_page{};
  void Take(ListDetectorsAnswer&& page) { Append(ids, page.ids); }
};
// None or one for a region.
struct ListDetectors {
  using Answer = ListDetectorsAnswer;
  static const Operation& Op();
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct GetFindingsAnswer {
  std::vector<Json> findings{};
};
// At most 50 ids.
struct GetFindings {
  using Answer = GetFindingsAnswer;
  static const Operation& Op();
  std::string detector{};
  std::vector<std::string> ids{};
  Json sort{};
};

struct ListFindingsAnswer {
  std::vector<std::string> ids{};
  std::string next_page{};
  void Take(ListFindingsAnswer&& page) { Append(ids, page.ids); }
};
struct ListFindings {
  using Answer = ListFindingsAnswer;
  static const Operation& Op();
  std::string detector{};
  Json criteria{};
  Json sort{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

// At most 50 ids; only with the detector of the owning or the administrator account.
struct ArchiveFindings {
  using Answer = Nothing;
  static const Operation& Op();
  std::string detector{};
  std::vector<std::string> ids{};
};
struct CreateSampleFindings {
  using Answer = Nothing;
  static const Operation& Op();
  std::string detector{};
  std::vector<std::string> types{};
};

void Describe(Shape& shape, ListDetectors& place);
void Describe(Shape& shape, ListDetectorsAnswer& place);
void Describe(Shape& shape, GetFindings& place);
void Describe(Shape& shape, GetFindingsAnswer& place);
void Describe(Shape& shape, ListFindings& place);
void Describe(Shape& shape, ListFindingsAnswer& place);
void Describe(Shape& shape, ArchiveFindings& place);
void Describe(Shape& shape, CreateSampleFindings& place);

}  // namespace sallyport::aws::guardduty
