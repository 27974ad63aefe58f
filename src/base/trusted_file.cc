// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr int kMostLinks = 40;  // the kernel's own bound

std::string NamedFile(const std::string& path) {
  return "file `" + Printable(path, 200) + "`";
}

Error FileError(const std::string& path, int number) {
  ErrorCode code = ErrorCode::kStorage;
  if (number == ENOENT || number == ENOTDIR) code = ErrorCode::kNotFound;
  if (number == EACCES || number == EPERM) code = ErrorCode::kForbidden;
  return Error{code, NamedFile(path) + ": " + ToLowerAscii(std::generic_category().message(number)), ""};
}

std::deque<std::string> StepsOf(std::string_view path) {
  std::deque<std::string> steps;
  while (!path.empty()) {
    const std::size_t end = path.find('/');
    const std::string_view step = path.substr(0, end);
    if (!step.empty() && step != ".") steps.emplace_back(step);
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return steps;
}

bool IsOnNfs(int descriptor) {
  struct statfs system {};
  return ::fstatfs(descriptor, &system) == 0 && system.f_type == NFS_SUPER_MAGIC;
}

// Goes to the file step by step, as the kernel would, and looks at every link.
class Way {
 public:
  explicit Way(const std::string& path) : path_(path) {}

  struct Goal {
    OpenDescriptor file;    // open as a place only (O_PATH)
    OpenDescriptor folder;  // the same
    std::string name;
  };

  Result<Goal> Walk() {
    if (path_.empty()) return FileError(path_, ENOENT);
    std::deque<std::string> steps = StepsOf(path_);
    OpenDescriptor folder(Start(path_));
    if (folder.get() < 0) return FileError(path_, errno);
    if (steps.empty()) return FileError(path_, EISDIR);
    int links = 0;
    while (true) {
      const std::string step = std::move(steps.front());
      steps.pop_front();
      OpenDescriptor next(::openat(folder.get(), step.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      struct stat facts {};
      if (next.get() < 0 || ::fstat(next.get(), &facts) != 0) return FileError(path_, errno);
      if (S_ISLNK(facts.st_mode)) {
        if (++links > kMostLinks) return FileError(path_, ELOOP);
        if (Status ours = CheckOwner(facts, folder.get(), "a symbolic link on the way to it"); !ours.ok()) {
          return ours.error();
        }
        auto target = TargetOfLink(next.get());
        if (!target.ok()) return target.error();
        std::deque<std::string> further = StepsOf(*target);
        steps.insert(steps.begin(), further.begin(), further.end());
        if (target->starts_with('/')) folder.Reset(Start(*target));
        if (folder.get() < 0) return FileError(path_, errno);
        if (steps.empty()) return FileError(path_, EISDIR);
        continue;
      }
      if (steps.empty()) return Goal{std::move(next), std::move(folder), step};
      folder.Reset(next.Release());
    }
  }

  // Whether nobody but this user and root could have made it.
  Status CheckOwner(const struct stat& facts, int folder, std::string_view what) const {
    if (facts.st_uid == 0 || facts.st_uid == ::geteuid()) return Ok();
    struct stat of_folder {};
    const bool as_folder = ::fstat(folder, &of_folder) == 0 && of_folder.st_uid == facts.st_uid && IsOnNfs(folder);
    if (as_folder) return Ok();
    return Error{ErrorCode::kForbidden,
                 NamedFile(path_) + ": " + std::string(what) + " belongs to user " + std::to_string(facts.st_uid) +
                     ", who is neither root nor the user of this program",
                 "look at who made it; if it is to be used, run `chown` on it"};
  }

 private:
  static int Start(std::string_view path) {
    return ::open(path.starts_with('/') ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  }

  Result<std::string> TargetOfLink(int link) const {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(link, "", target.data(), target.size());
    if (length < 0) return FileError(path_, errno);
    return std::string(target.data(), static_cast<std::size_t>(length));
  }

  const std::string& path_;
};

Status CheckFile(const Way& way, const Way::Goal& goal, const std::string& path) {
  struct stat facts {};
  if (::fstat(goal.file.get(), &facts) != 0) return FileError(path, errno);
  if (S_ISDIR(facts.st_mode)) return FileError(path, EISDIR);
  if (!S_ISREG(facts.st_mode)) {
    return Error{ErrorCode::kForbidden, NamedFile(path) + " is not a regular file", "name a regular file"};
  }
  if (Status ours = way.CheckOwner(facts, goal.folder.get(), "it"); !ours.ok()) return ours;
  const std::string advice = "run `chmod 600` on it; for a secret mounted into a container set its mode to 0400";
  if ((facts.st_mode & S_IROTH) != 0) {
    return Error{ErrorCode::kForbidden, NamedFile(path) + " can be read by every user of this computer", advice};
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{ErrorCode::kForbidden, NamedFile(path) + " can be changed by other users of this computer", advice};
  }
  return Ok();
}

}  // namespace

OpenDescriptor::~OpenDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OpenDescriptor::Reset(int descriptor) {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = descriptor;
}

int OpenDescriptor::Release() {
  return std::exchange(descriptor_, -1);
}

Status CheckTrustedFile(const std::string& path) {
  Way way(path);
  const auto goal = way.Walk();
  if (!goal.ok()) return goal.error();
  return CheckFile(way, *goal, path);
}

Result<OpenDescriptor> OpenTrustedFile(const std::string& path) {
  Way way(path);
  const auto goal = way.Walk();
  if (!goal.ok()) return goal.error();
  if (Status good = CheckFile(way, *goal, path); !good.ok()) return good.error();
  OpenDescriptor file(
      ::openat(goal->folder.get(), goal->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat looked_at {};
  struct stat opened {};
  if (file.get() < 0 || ::fstat(file.get(), &opened) != 0 || ::fstat(goal->file.get(), &looked_at) != 0) {
    return FileError(path, errno);
  }
  // Somebody exchanged it in between.
  if (opened.st_ino != looked_at.st_ino || opened.st_dev != looked_at.st_dev) return FileError(path, EAGAIN);
  return file;
}

}  // namespace sallyport
