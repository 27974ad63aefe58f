// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/text.h"

namespace sallyport {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string Named(const std::string& path) {
  return "file `" + Printable(path, 200) + "`";
}

Error SystemError(const std::string& path, int number) {
  ErrorCode code = ErrorCode::kStorage;
  if (number == ENOENT || number == ENOTDIR) code = ErrorCode::kNotFound;
  if (number == EACCES || number == EPERM) code = ErrorCode::kForbidden;
  return Error{code, Named(path) + ": " + ToLowerAscii(std::generic_category().message(number)), ""};
}

// Of the file that is open, so that it cannot be exchanged between the question and the reading.
Status CheckKind(const OpenFile& file, const std::string& path, ReadableBy readable_by) {
  struct stat facts {};
  if (::fstat(file.descriptor(), &facts) != 0) return SystemError(path, errno);
  if (S_ISDIR(facts.st_mode)) return SystemError(path, EISDIR);
  if (readable_by == ReadableBy::kNotEverybody && (facts.st_mode & S_IROTH) != 0) {
    return Error{ErrorCode::kForbidden, Named(path) + " can be read by every user of this machine",
                 "run `chmod 600` on it; for a secret mounted into a container set its mode to 0400"};
  }
  return Ok();
}

}  // namespace

Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes, ReadableBy readable_by) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return SystemError(path, errno);
  if (const Status kind = CheckKind(file, path, readable_by); !kind.ok()) return kind.error();
  std::string bytes;
  std::array<char, 16384> buffer{};
  while (true) {
    const ssize_t count = ::read(file.descriptor(), buffer.data(), buffer.size());
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
