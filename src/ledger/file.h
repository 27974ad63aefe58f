// SPDX-License-Identifier: Apache-2.0
//
// The ledger's file on disk: made with rights for its owner only, and durable itself before anything is written in it.
#pragma once

#include <string>

#include "base/result.h"

namespace sallyport {

// Makes the missing folders (0700) and the file (0600) at `path`; what exists is left as it is, and must pass
// CheckLedgerRights. Errors: kStorage with the path and the reason of the operating system.
Status MakeLedgerFile(const std::string& path);

// Whether this user may write there: into the file and its folder, or, where they are missing, into the nearest folder
// that exists; and whether no other may. Makes nothing. Errors: kStorage, as above.
Status CheckLedgerCanBeWritten(const std::string& path);

// Whether the file and those that SQLite keeps beside it are nobody else's to put there, change or read
// (base/trusted_file.h). Those beside it need not be there.
Status CheckLedgerRights(const std::string& path);

}  // namespace sallyport
