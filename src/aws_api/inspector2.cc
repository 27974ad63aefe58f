// SPDX-License-Identifier: Apache-2.0
#include "aws_api/inspector2.h"

#include "aws/table.h"

namespace sallyport::aws::inspector2 {
namespace {

constexpr Service kService{"inspector2", "Inspector2", "inspector2", "inspector2", "inspector2", Protocol::kRestJson};

constexpr auto kListFindings = Table<ListFindings>({{"filterCriteria", Field<&ListFindings::filter>},
                                                    {"sortCriteria", Field<&ListFindings::sort>},
                                                    {"maxResults", Field<&ListFindings::max_results>},
                                                    {"nextToken", Field<&ListFindings::page_token>}});
constexpr auto kListFindingsAnswer = Table<ListFindingsAnswer>(
    {{"findings", Required<&ListFindingsAnswer::findings>}, {"nextToken", Field<&ListFindingsAnswer::next_page>}});

}  // namespace

const Operation ListFindings::kOp = Make<ListFindings>(
    {.service = kService, .name = "ListFindings", .uri = "/findings/list"}, kListFindings, kListFindingsAnswer);

}  // namespace sallyport::aws::inspector2
