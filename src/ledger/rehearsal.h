// SPDX-License-Identifier: Apache-2.0
//
// The ledger of a dry run: it reads the real one, and what it writes goes into a file of its own that ends with it. So
// a dry run meets what was done before, and leaves no event, no case and no ledger behind.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"

namespace sallyport {

// Records of a dry run have numbers behind this; a real ledger never gets there.
inline constexpr std::int64_t kRehearsedFrom = 1'000'000'000'000;
inline bool IsRehearsed(EventNumber number) {
  return number.value > kRehearsedFrom;
}

// `real`: the ledger as it is, opened to look; nothing: there is none yet. kStorage: no room for what a dry run writes.
// Claims about the real ledger always hold: nothing is begun. `clock` outlives it.
Result<std::unique_ptr<Ledger>> OpenRehearsal(std::unique_ptr<Ledger> real, const Clock& clock);

}  // namespace sallyport
