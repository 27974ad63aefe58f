// SPDX-License-Identifier: Apache-2.0
#include "app/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "config/load.h"

extern "C" char** environ;  // POSIX

namespace sallyport {
namespace {

Error CannotRead(const std::string& file) {
  return Error{ErrorCode::kInvalidInput, "`" + file + "` cannot be read: " + std::strerror(errno), ""};
}

Status ReadPieces(int descriptor, const std::string& name, const std::function<bool(std::string_view)>& take) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(name);
    if (count == 0) return Ok();
    if (!take(std::string_view(buffer.data(), static_cast<std::size_t>(count)))) return Ok();
  }
}

}  // namespace

bool WantsColor() {
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

void Print(std::string_view text) {
  static_cast<void>(WriteOut(text));  // the stream remembers a failure: OutputFailed
}

Status WriteOut(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written) return Ok();
  return Error{ErrorCode::kStorage, std::string("standard output cannot be written: ") + std::strerror(errno), ""};
}

bool OutputFailed() {
  return std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
}

ExitCode TellOutputFailed() {
  Complain(Error{ErrorCode::kStorage, "standard output could not be written to its end: what was printed is not whole",
                 "free space on its disk, or keep the reader of the pipe open; what is in the ledger is intact"});
  return ExitCode::kStorage;
}

void KeepStandardDescriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. The wrong way round, so that its use is an error and not silence.
    static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

void Complain(std::string_view text) {
  const std::string line = "sallyport: " + std::string(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Complain(const Error& error) {
  Complain(error.message);
  if (!error.advice.empty()) Complain("  Fix: " + error.advice);
}

std::optional<Settings> SettingsFor(const CommonArguments& common) {
  auto settings = LoadSettingsFrom(common.config, ReadEnvironment(environ), VocabularyOf(*common.tables));
  if (!settings.ok()) {
    Complain(settings.error());
    return std::nullopt;
  }
  if (!common.ledger.empty()) settings->ledger.path = common.ledger;
  return *std::move(settings);
}

Status ReadInput(const std::string& file, const std::function<bool(std::string_view)>& take) {
  if (file == "-") return ReadPieces(STDIN_FILENO, "standard input", take);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(file);
  Status read = ReadPieces(descriptor, file, take);
  ::close(descriptor);
  return read;
}

}  // namespace sallyport
