// SPDX-License-Identifier: Apache-2.0
#include "aws_client/environment.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/text.h"

extern char** environ;

namespace sallyport::aws {
namespace {

constexpr std::size_t kFileBytes = std::size_t{1024} * 1024;
constexpr std::size_t kOutputBytes = std::size_t{64} * 1024;
// As long as a person may take to confirm something on a phone.
constexpr std::chrono::seconds kProgramTime{60};

Result<std::string> ReadWholeFile(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) {
    return Error{ErrorCode::kNotFound, "there is no file `" + Printable(path, 300) + "`", ""};
  }
  // Whoever opens a pipe waits for its other end.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return Error{ErrorCode::kUnavailable, "`" + Printable(path, 300) + "` is not a regular file",
                 "name a regular file"};
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.good() && !file.eof()) {
    return Error{ErrorCode::kUnavailable, "the file `" + Printable(path, 300) + "` cannot be read",
                 "check its permissions"};
  }
  if (static_cast<std::size_t>(file.gcount()) > kFileBytes) {
    return Error{ErrorCode::kTooLarge, "the file `" + Printable(path, 300) + "` is over 1 MB", ""};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Error Failed(const std::string& program, const std::string& what) {
  return Error{ErrorCode::kUnavailable, "`" + Printable(program, 100) + "` " + what, "run it by hand"};
}

// Reads until the other side closes. Nothing on a time-out or too much output.
std::optional<std::string> ReadAll(int descriptor) {
  const auto end = std::chrono::steady_clock::now() + kProgramTime;
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() <= kOutputBytes) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wait{descriptor, POLLIN, 0};
    if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) == 0) return std::nullopt;
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) return std::nullopt;
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return std::nullopt;
}

int Spawn(std::vector<std::string>& words, int output, pid_t& process) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  const int failed = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

Result<Secret> RunProgram(const std::string& command) {
  auto words = SplitCommand(command);
  if (!words.ok()) return words.error();
  const std::string program = words->front();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Failed(program, "cannot be run: no pipe");
  pid_t process = 0;
  const int failed = Spawn(*words, ends[1], process);
  close(ends[1]);
  std::optional<std::string> text = failed == 0 ? ReadAll(ends[0]) : std::nullopt;
  close(ends[0]);
  if (failed != 0) return Failed(program, "cannot be started");
  if (!text) kill(process, SIGKILL);
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!text) return Failed(program, "did not end within 60 seconds, or printed over 64 kB");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return Failed(program, "failed");
  return Secret(std::move(*text));
}

}  // namespace

Result<std::vector<std::string>> SplitCommand(const std::string& command) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = 0;
  for (const char c : command) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        words.back() += c;
      }
      continue;
    }
    const bool space = c == ' ' || c == '\t' || c == '\n';
    if (!space && !inside) words.emplace_back();
    inside = !space;
    if (c == '"' || c == '\'') {
      quote = c;
    } else if (!space) {
      words.back() += c;
    }
  }
  if (quote != 0) return Error{ErrorCode::kInvalidInput, "the command line has a quote without its pair", ""};
  if (words.empty() || words.front().empty()) return Error{ErrorCode::kInvalidInput, "the command line is empty", ""};
  return words;
}

Environment SystemEnvironment() {
  Environment environment;
  environment.variable = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  environment.file = ReadWholeFile;
  environment.output = RunProgram;
  return environment;
}

}  // namespace sallyport::aws
