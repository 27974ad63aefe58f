// SPDX-License-Identifier: Apache-2.0
//
// How the write-ahead log of a ledger is written. SQLite hands over a commit in some fifty small pieces, each a call of
// the system; here they are put together and written at once when SQLite asks for the sync (or reads, or closes). That
// is as safe as before: SQLite shows a commit to others only after the sync of its log (sqlite.org/walformat.html, "wal
// index"; `synchronous` is FULL), and until then nobody reads what is not in the file yet.
#pragma once

struct sqlite3;

namespace sallyport::sqlite {

// The name of a SQLite file system (sqlite.org/vfs.html) that writes logs like that and leaves every other file to the
// default one. Registered by the first call. A null pointer, which means the default one, when it cannot be registered.
const char* LogFileSystem();

// Whether the next commits of the connection leave out the sync of their log: they are written and others see them, and
// a later commit that is synced makes them durable with itself. Never left out, because the file would be damaged
// without it: the sync of a log that begins anew, and those of a checkpoint. No effect in memory.
void LeaveOutSync(sqlite3* connection, bool leave_out);
// Does the sync that was left out last, if none came since. A result code of SQLite's.
int SyncNow(sqlite3* connection);

}  // namespace sallyport::sqlite
