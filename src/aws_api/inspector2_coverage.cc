// SPDX-License-Identifier: Apache-2.0
#include "aws_api/inspector2_coverage.h"

#include "aws/table.h"

namespace sallyport::aws::inspector2 {
namespace {

constexpr Service kCoverageService{"inspector2", "Inspector2", "inspector2",
                                   "inspector2", "inspector2", Protocol::kRestJson};

constexpr auto kListCoverage = Table<ListCoverage>({{"filterCriteria", Field<&ListCoverage::filter>},
                                                    {"maxResults", Field<&ListCoverage::max_results>},
                                                    {"nextToken", Field<&ListCoverage::page_token>}});
constexpr auto kListCoverageAnswer =
    Table<ListCoverageAnswer>({{"coveredResources", Required<&ListCoverageAnswer::covered>},
                               {"nextToken", Field<&ListCoverageAnswer::next_page>}});

}  // namespace

const Operation ListCoverage::kOp = Make<ListCoverage>(
    {.service = kCoverageService, .name = "ListCoverage", .uri = "/coverage/list"}, kListCoverage, kListCoverageAnswer);

}  // namespace sallyport::aws::inspector2
