// SPDX-License-Identifier: Apache-2.0
#include "aws_api/guardduty.h"

#include "aws/table.h"

namespace sallyport::aws::guardduty {
namespace {

constexpr Service kService{"guardduty", "GuardDuty", "guardduty", "guardduty", "guardduty", Protocol::kRestJson};

constexpr auto kListDetectors =
    Table<ListDetectors>({{"maxResults", Field<&ListDetectors::max_results>, Location::kQuery},
                          {"nextToken", Field<&ListDetectors::page_token>, Location::kQuery}});
constexpr auto kListDetectorsAnswer = Table<ListDetectorsAnswer>(
    {{"detectorIds", Required<&ListDetectorsAnswer::ids>}, {"nextToken", Field<&ListDetectorsAnswer::next_page>}});
constexpr auto kGetFindings = Table<GetFindings>({{"DetectorId", Required<&GetFindings::detector>, Location::kPath},
                                                  {"findingIds", Required<&GetFindings::ids>},
                                                  {"sortCriteria", Field<&GetFindings::sort>}});
constexpr auto kGetFindingsAnswer = Table<GetFindingsAnswer>({{"findings", Required<&GetFindingsAnswer::findings>}});

}  // namespace

const Operation ListDetectors::kOp =
    Make<ListDetectors>({.service = kService, .name = "ListDetectors", .method = "GET", .uri = "/detector"},
                        kListDetectors, kListDetectorsAnswer);
const Operation GetFindings::kOp =
    Make<GetFindings>({.service = kService, .name = "GetFindings", .uri = "/detector/{DetectorId}/findings/get"},
                      kGetFindings, kGetFindingsAnswer);

}  // namespace sallyport::aws::guardduty
