// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.h"
#include "base/trusted_file.h"

namespace sallyport {
namespace {

std::string Named(const std::string& path) {
  return "file `" + Printable(path, 200) + "`";
}

Error SystemError(const std::string& path, int number) {
  ErrorCode code = ErrorCode::kStorage;
  if (number == ENOENT || number == ENOTDIR) code = ErrorCode::kNotFound;
  if (number == EACCES || number == EPERM) code = ErrorCode::kForbidden;
  return Error{code, Named(path) + ": " + ToLowerAscii(std::generic_category().message(number)), ""};
}

// Others may read it. Whoever may write it could turn enforce mode on, or send messages elsewhere.
Result<OpenDescriptor> OpenAnyFile(const std::string& path) {
  OpenDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) return SystemError(path, errno);
  if (S_ISDIR(facts.st_mode)) return SystemError(path, EISDIR);
  if (S_ISREG(facts.st_mode) && (facts.st_mode & S_IWOTH) != 0) {
    return Error{ErrorCode::kForbidden, Named(path) + " can be changed by every user of this computer",
                 "run `chmod o-w` on it"};
  }
  return file;
}

}  // namespace

Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes, FileHolds holds) {
  const auto file = holds == FileHolds::kSecret ? OpenTrustedFile(path) : OpenAnyFile(path);
  if (!file.ok()) return file.error();
  std::string bytes;
  std::array<char, 16384> buffer{};
  while (true) {
    const ssize_t count = ::read(file->get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, errno);
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > max_bytes) {
      return Error{ErrorCode::kTooLarge, Named(path) + " is larger than " + std::to_string(max_bytes) + " bytes", ""};
    }
  }
}

}  // namespace sallyport
