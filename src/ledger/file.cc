// SPDX-License-Identifier: Apache-2.0
#include "ledger/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "base/trusted_file.h"

namespace sallyport {
namespace {

constexpr mode_t kFolderRights = 0700;
constexpr mode_t kFileRights = 0600;
constexpr std::size_t kShownPath = 400;

Error CannotWrite(const std::filesystem::path& path, int system_error) {
  return Error{ErrorCode::kStorage,
               "ledger `" + Printable(path.native(), kShownPath) +
                   "`: cannot be written: " + std::generic_category().message(system_error),
               "give the user that runs this program write access there, or choose another path for the ledger"};
}

Error CannotMake(const std::filesystem::path& path, int system_error) {
  return Error{ErrorCode::kStorage,
               "ledger `" + Printable(path.native(), kShownPath) +
                   "`: cannot be created: " + std::generic_category().message(system_error),
               "give the user that runs this program write access there, or choose another path for the ledger"};
}

// A new name survives a crash of the machine only after its folder was synced.
Status SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return CannotMake(folder, errno);
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some file systems cannot sync a folder and say EINVAL; there is nothing better to do on them.
  if (failed != 0 && failed != EINVAL) return CannotMake(folder, failed);
  return Ok();
}

std::filesystem::path FolderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

Status MakeFolders(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::exists(folder, ignored)) return Ok();
  const std::filesystem::path parent = FolderOf(folder);
  // The parent of `a/` is `a`, of `/` is `/`: the second must end here.
  if (parent != folder) {
    if (Status made = MakeFolders(parent); !made) return made;
  }
  if (::mkdir(folder.c_str(), kFolderRights) != 0) {
    // Another process may have been faster.
    if (errno == EEXIST) return Ok();
    return CannotMake(folder, errno);
  }
  return SyncFolder(parent);
}

// The nearest folder above that exists, or what stands in its place.
std::filesystem::path NearestThatExists(std::filesystem::path folder) {
  std::error_code ignored;
  while (!std::filesystem::exists(folder, ignored)) {
    std::filesystem::path parent = FolderOf(folder);
    if (parent == folder) break;
    folder = std::move(parent);
  }
  return folder;
}

// 0, or why not, as errno says it.
int WhyNotWritable(const std::filesystem::path& path, int rights) {
  return ::faccessat(AT_FDCWD, path.c_str(), rights, AT_EACCESS) == 0 ? 0 : errno;
}

}  // namespace

Status CheckLedgerCanBeWritten(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path file(path);
  if (std::filesystem::exists(file, ignored)) {
    if (Status ours = CheckLedgerRights(path); !ours) return ours;
    if (const int why = WhyNotWritable(file, W_OK); why != 0) return CannotWrite(file, why);
  }
  const std::filesystem::path folder = NearestThatExists(FolderOf(file));
  if (!std::filesystem::is_directory(folder, ignored)) return CannotMake(file, ENOTDIR);
  if (const int why = WhyNotWritable(folder, W_OK | X_OK); why != 0) return CannotWrite(folder, why);
  return Ok();
}

Status MakeLedgerFile(const std::string& path) {
  const std::filesystem::path file(path);
  if (Status made = MakeFolders(FolderOf(file)); !made) return made;
  // O_EXCL: an existing file is not opened. Closing a descriptor of it would drop the POSIX locks that a ledger which
  // this process has open already holds on it.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileRights);
  if (descriptor < 0) {
    if (errno == EEXIST) return CheckLedgerRights(path);
    return CannotMake(file, errno);
  }
  ::close(descriptor);
  return SyncFolder(FolderOf(file));
}

Status CheckLedgerRights(const std::string& path) {
  for (const char* beside : {"", "-wal", "-shm", "-journal"}) {
    const Status trusted = CheckTrustedFile(path + beside);
    const bool may_be_missing = *beside != '\0' && !trusted.ok() && trusted.error().code == ErrorCode::kNotFound;
    if (trusted.ok() || may_be_missing) continue;
    Error error = trusted.error().In("the ledger cannot be used");
    error.code = ErrorCode::kStorage;
    return error;
  }
  return Ok();
}

}  // namespace sallyport
