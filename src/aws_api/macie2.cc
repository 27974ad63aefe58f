// SPDX-License-Identifier: Apache-2.0
#include "aws_api/macie2.h"

#include "aws/table.h"

namespace sallyport::aws::macie2 {
namespace {

constexpr Service kService{"macie2", "Macie2", "macie2", "macie2", "macie2", Protocol::kRestJson};

constexpr auto kGetFindings =
    Table<GetFindings>({{"findingIds", Required<&GetFindings::ids>}, {"sortCriteria", Field<&GetFindings::sort>}});
constexpr auto kGetFindingsAnswer = Table<GetFindingsAnswer>({{"findings", Required<&GetFindingsAnswer::findings>}});

}  // namespace

const Operation GetFindings::kOp = Make<GetFindings>(
    {.service = kService, .name = "GetFindings", .uri = "/findings/describe"}, kGetFindings, kGetFindingsAnswer);

}  // namespace sallyport::aws::macie2
