// SPDX-License-Identifier: Apache-2.0
//
// What stands at the path of a ledger, found out without making or changing anything.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ledger/readers.h"

namespace sallyport {

struct FoundLedger {
  bool is_there = false;
  std::int64_t version = 0;  // of the file; 0: there is nothing in it yet
  bool is_old = false;       // an older version than this program writes
};

// A ledger of this or an older version, or none. kStorage, with the path, for anything else: a folder, a file of
// another program or of a newer version, one with other tables than this program makes, one that cannot be read.
// kInvalidInput when it is no path.
Result<FoundLedger> LookForLedger(const std::string& path, Duration busy_timeout);

// kStorage, with what to do, when nothing is at the path.
Status CheckLedgerIsThere(const std::string& path);
// That there is a path to look at: not empty, without a zero byte.
Status CheckLedgerPath(const std::string& path);
// kStorage, with what to do, unless `readers` read a ledger of this version.
Status CheckCanBeRead(Readers& readers, const std::string& path);

// What brings a file of an older version to that of this program, for people.
std::string AdviceForOldLedger();

}  // namespace sallyport
