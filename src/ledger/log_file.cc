// SPDX-License-Identifier: Apache-2.0
#include "ledger/log_file.h"

#include <sqlite3.h>

#include <cstddef>
#include <new>
#include <string>

namespace sallyport::sqlite {
namespace {

constexpr const char* kName = "sallyport-log";
// What is put together at most: a transaction of many events is written in several pieces. The default file system
// takes no more than 128 KiB in one call, and takes a multiple of that for a full disk.
constexpr std::size_t kMostTogetherBytes = 120U << 10U;
// File controls of our own (numbers over 100 are an application's: sqlite.org/c3ref/c_fcntl_begin_atomic_write.html).
constexpr int kLeaveOutSync = 0x53504C01;
constexpr int kSyncNow = 0x53504C02;

// The log of one connection. SQLite gives the memory for it, with room for the default file system's file behind it.
struct LogFile : sqlite3_file {
  std::string waiting;         // not written yet: the bytes from `begin` on
  sqlite3_int64 begin = 0;     // in the file
  bool may_leave_out = false;  // the sync of a commit
  int owed = 0;                // the flags of a sync that was left out; 0: none was

  sqlite3_file* Real();
  int Write(const void* bytes, int size, sqlite3_int64 offset);
  int Flush();
  int Sync(int flags);
};

constexpr std::size_t kRoom =
    (sizeof(LogFile) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

LogFile& LogOf(sqlite3_file* file) {
  return *static_cast<LogFile*>(file);
}

sqlite3_file* LogFile::Real() {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(this) + kRoom);
}

int LogFile::Flush() {
  if (waiting.empty()) return SQLITE_OK;
  const int code = Real()->pMethods->xWrite(Real(), waiting.data(), static_cast<int>(waiting.size()), begin);
  // What could not be written is SQLite's to undo: it takes the whole commit back.
  waiting.clear();
  return code;
}

int LogFile::Write(const void* bytes, int size, sqlite3_int64 offset) {
  const auto count = static_cast<std::size_t>(size);
  const bool follows = offset == begin + static_cast<sqlite3_int64>(waiting.size());
  if (!waiting.empty() && (!follows || waiting.size() + count > kMostTogetherBytes)) {
    if (const int code = Flush(); code != SQLITE_OK) return code;
  }
  if (waiting.empty()) begin = offset;
  try {
    waiting.append(static_cast<const char*>(bytes), count);
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
  return SQLITE_OK;
}

// A commit's sync comes with the pages that it wrote. A checkpoint's comes with nothing, and one with the log's header
// (at the very beginning) belongs to a log that begins anew: without it, a loss of power would leave the header of the
// old log before pages of the new one.
int LogFile::Sync(int flags) {
  const bool is_commit = !waiting.empty() && begin > 0;
  if (const int code = Flush(); code != SQLITE_OK) return code;
  if (is_commit && may_leave_out) {
    owed = flags;
    return SQLITE_OK;
  }
  const int code = Real()->pMethods->xSync(Real(), flags);
  if (code == SQLITE_OK) owed = 0;
  return code;
}

int CloseLog(sqlite3_file* file) {
  LogFile& log = LogOf(file);
  const int flushed = log.Flush();
  const int closed = log.Real()->pMethods->xClose(log.Real());
  log.~LogFile();
  return flushed != SQLITE_OK ? flushed : closed;
}

int ReadLog(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  if (const int code = LogOf(file).Flush(); code != SQLITE_OK) return code;
  return LogOf(file).Real()->pMethods->xRead(LogOf(file).Real(), bytes, size, offset);
}

int WriteLog(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  return LogOf(file).Write(bytes, size, offset);
}

int TruncateLog(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = LogOf(file).Flush(); code != SQLITE_OK) return code;
  return LogOf(file).Real()->pMethods->xTruncate(LogOf(file).Real(), size);
}

int SyncLog(sqlite3_file* file, int flags) {
  return LogOf(file).Sync(flags);
}

int SizeOfLog(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = LogOf(file).Flush(); code != SQLITE_OK) return code;
  return LogOf(file).Real()->pMethods->xFileSize(LogOf(file).Real(), size);
}

int LockLog(sqlite3_file* file, int lock) {
  return LogOf(file).Real()->pMethods->xLock(LogOf(file).Real(), lock);
}
int UnlockLog(sqlite3_file* file, int lock) {
  return LogOf(file).Real()->pMethods->xUnlock(LogOf(file).Real(), lock);
}
int LogIsReserved(sqlite3_file* file, int* reserved) {
  return LogOf(file).Real()->pMethods->xCheckReservedLock(LogOf(file).Real(), reserved);
}

int ControlLog(sqlite3_file* file, int what, void* value) {
  if (what == kLeaveOutSync) {
    LogOf(file).may_leave_out = *static_cast<const bool*>(value);
    return SQLITE_OK;
  }
  if (what == kSyncNow) return LogOf(file).owed == 0 ? SQLITE_OK : LogOf(file).Sync(LogOf(file).owed);
  return LogOf(file).Real()->pMethods->xFileControl(LogOf(file).Real(), what, value);
}

int SectorOfLog(sqlite3_file* file) {
  return LogOf(file).Real()->pMethods->xSectorSize(LogOf(file).Real());
}
int TraitsOfLog(sqlite3_file* file) {
  return LogOf(file).Real()->pMethods->xDeviceCharacteristics(LogOf(file).Real());
}

constexpr sqlite3_io_methods kLogMethods = {
    1,          CloseLog,    ReadLog,     WriteLog, TruncateLog, SyncLog, SizeOfLog, LockLog, UnlockLog, LogIsReserved,
    ControlLog, SectorOfLog, TraitsOfLog, nullptr,  nullptr,     nullptr, nullptr,   nullptr, nullptr};

sqlite3_vfs& Default(sqlite3_vfs* ours) {
  return *static_cast<sqlite3_vfs*>(ours->pAppData);
}

int OpenFile(sqlite3_vfs* ours, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs& real = Default(ours);
  if ((flags & SQLITE_OPEN_WAL) == 0) return real.xOpen(&real, name, file, flags, flags_out);
  auto* log = new (file) LogFile();
  const int code = real.xOpen(&real, name, log->Real(), flags, flags_out);
  if (code != SQLITE_OK) {
    // SQLite closes what has methods, and only that.
    if (log->Real()->pMethods != nullptr) log->Real()->pMethods->xClose(log->Real());
    log->~LogFile();
    file->pMethods = nullptr;
    return code;
  }
  log->pMethods = &kLogMethods;
  return SQLITE_OK;
}

// The default file system, which takes itself as the first argument, with its own way to open.
sqlite3_vfs MakeFileSystem(sqlite3_vfs& real) {
  sqlite3_vfs ours = {};
  ours.iVersion = 2;
  ours.szOsFile = static_cast<int>(kRoom) + real.szOsFile;
  ours.mxPathname = real.mxPathname;
  ours.zName = kName;
  ours.pAppData = &real;
  ours.xOpen = OpenFile;
  ours.xDelete = [](sqlite3_vfs* vfs, const char* name, int sync) {
    return Default(vfs).xDelete(&Default(vfs), name, sync);
  };
  ours.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return Default(vfs).xAccess(&Default(vfs), name, flags, result);
  };
  ours.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* path) {
    return Default(vfs).xFullPathname(&Default(vfs), name, size, path);
  };
  ours.xRandomness = [](sqlite3_vfs* vfs, int size, char* bytes) {
    return Default(vfs).xRandomness(&Default(vfs), size, bytes);
  };
  ours.xSleep = [](sqlite3_vfs* vfs, int microseconds) { return Default(vfs).xSleep(&Default(vfs), microseconds); };
  ours.xCurrentTime = [](sqlite3_vfs* vfs, double* now) { return Default(vfs).xCurrentTime(&Default(vfs), now); };
  ours.xGetLastError = [](sqlite3_vfs* vfs, int size, char* text) {
    return Default(vfs).xGetLastError(&Default(vfs), size, text);
  };
  ours.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* now) {
    return Default(vfs).xCurrentTimeInt64(&Default(vfs), now);
  };
  return ours;
}

bool Register() {
  sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  if (real == nullptr || real->iVersion < 2) return false;
  // As long as the program: SQLite keeps the pointer.
  static sqlite3_vfs ours = MakeFileSystem(*real);
  return sqlite3_vfs_register(&ours, 0) == SQLITE_OK;
}

}  // namespace

const char* LogFileSystem() {
  static const bool registered = Register();
  return registered ? kName : nullptr;
}

namespace {

// Nothing in memory, where there is no log.
sqlite3_file* LogOfConnection(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK) return nullptr;
  return file != nullptr && file->pMethods == &kLogMethods ? file : nullptr;
}

}  // namespace

void LeaveOutSync(sqlite3* connection, bool leave_out) {
  if (auto* log = LogOfConnection(connection)) log->pMethods->xFileControl(log, kLeaveOutSync, &leave_out);
}

int SyncNow(sqlite3* connection) {
  auto* log = LogOfConnection(connection);
  return log == nullptr ? SQLITE_OK : log->pMethods->xFileControl(log, kSyncNow, nullptr);
}

}  // namespace sallyport::sqlite
