// SPDX-License-Identifier: Apache-2.0
#include "aws/call.h"

namespace sallyport::aws::paging {

Error Repeats(const Call& call, int pages) {
  return WithOrigin(Error{ErrorCode::kBadAnswer,
                          "the same page token came twice, the second time with page " + std::to_string(pages) +
                              ": the listing would never end",
                          "try again later"},
                    call);
}

Error TooMany(const Call& call) {
  return WithOrigin(Error{ErrorCode::kTooLarge, "more than " + std::to_string(bounds::kPages) + " pages",
                          "ask for less with a filter"},
                    call);
}

}  // namespace sallyport::aws::paging
