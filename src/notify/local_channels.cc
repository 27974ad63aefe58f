// SPDX-License-Identifier: Apache-2.0
#include "notify/local_channels.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/text.h"
#include "notify/render_json.h"
#include "notify/render_text.h"

namespace sallyport {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {}
  // Closing gives the lock back too.
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Error SystemError(const std::string& path, int number) {
  return Error{ErrorCode::kStorage,
               "file `" + Printable(path, 200) + "`: " + ToLowerAscii(std::generic_category().message(number)), ""};
}

bool Lock(int descriptor) {
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

Attempt Written(bool written, std::string_view where) {
  if (written) return {Delivered{}, std::nullopt};
  return {Error{ErrorCode::kStorage, std::string(where) + " cannot be written to", ""}, std::nullopt};
}

// Whoever put the file there before us would read along, or have the line written into another file of ours. nullptr:
// it is an ordinary file of ours.
const char* WhyNotOurs(const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return "is not a regular file";
  if (file.st_uid != 0 && file.st_uid != ::geteuid()) return "belongs to another user";
  if ((file.st_mode & S_IWOTH) != 0) return "can be changed by every user of this computer";
  return file.st_nlink > 1 ? "has another name too (a hard link)" : nullptr;
}

}  // namespace

Status AppendLine(const std::string& path, std::string_view line) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return SystemError(path, errno);
  struct stat before {};
  if (!Lock(file.descriptor()) || ::fstat(file.descriptor(), &before) != 0) return SystemError(path, errno);
  if (const char* why = WhyNotOurs(before)) {
    return Error{ErrorCode::kStorage, "file `" + Printable(path, 200) + "` " + why,
                 "move it away: Sallyport makes a new one"};
  }
  std::size_t written = 0;
  int failure = 0;
  while (written < line.size() && failure == 0) {
    const ssize_t count = ::write(file.descriptor(), line.data() + written, line.size() - written);
    if (count > 0) written += static_cast<std::size_t>(count);
    if (count == 0) failure = EIO;
    if (count < 0 && errno != EINTR) failure = errno;
  }
  if (failure == 0 && ::fsync(file.descriptor()) != 0) failure = errno;
  if (failure == 0) return Ok();
  if (::ftruncate(file.descriptor(), before.st_size) != 0) {
    return Error{ErrorCode::kStorage, SystemError(path, failure).message + ", and ends with half a line now", ""};
  }
  return SystemError(path, failure);
}

Attempt ConsoleChannel::Deliver(const Message& message, const std::optional<std::string>& /*earlier_handle*/,
                                std::optional<TimePoint> /*stop_at*/) {
  return Written(write_(ConsoleText(message)), "the console");
}

Attempt JsonLinesChannel::Deliver(const Message& message, const std::optional<std::string>& /*earlier_handle*/,
                                  std::optional<TimePoint> /*stop_at*/) {
  const std::string line = MessageJson(message) + "\n";
  if (path_.empty()) return Written(write_(line), "standard output");
  if (const Status appended = AppendLine(path_, line); !appended.ok()) return {appended.error(), std::nullopt};
  return {Delivered{}, std::nullopt};
}

}  // namespace sallyport
