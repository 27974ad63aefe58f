// SPDX-License-Identifier: Apache-2.0
#include "sim/lambda_process.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

extern "C" char** environ;  // POSIX

namespace sallyport::sim {
namespace {

// What Lambda sets ("Using Lambda environment variables"), over the environment of this process.
std::vector<std::string> Variables(const std::string& program, const std::string& address) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) variables.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  const std::map<std::string, std::string> of_lambda = {
      {"AWS_LAMBDA_RUNTIME_API", address},
      {"AWS_LAMBDA_FUNCTION_NAME", "sallyport"},
      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/sallyport"},
      {"AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/24/[$LATEST]00000000000000000000000000000000"},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_REGION", "us-east-1"},
      {"AWS_DEFAULT_REGION", "us-east-1"},
      {"LAMBDA_TASK_ROOT", program.substr(0, program.rfind('/'))},
      {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
      {"_HANDLER", "bootstrap"},
      {"TZ", ":UTC"},
  };
  for (const auto& [name, value] : of_lambda) variables[name] = value;
  std::vector<std::string> lines;
  lines.reserve(variables.size());
  for (const auto& [name, value] : variables) {
    std::string line = name;
    line += "=";
    line += value;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Result<std::unique_ptr<LambdaProcess>> LambdaProcess::Start(const std::vector<std::string>& command,
                                                            LambdaRuntime& runtime) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = Variables(command.front(), runtime.address());
  const std::vector<char*> argv = Pointers(arguments);
  const std::vector<char*> envp = Pointers(variables);
  runtime.RuntimeStarted();
  const auto started = std::chrono::steady_clock::now();
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), envp.data());
  if (failed != 0) {
    return Error{ErrorCode::kInvalidInput, "cannot start `" + command.front() + "`: " + std::strerror(failed), ""};
  }
  return std::unique_ptr<LambdaProcess>(new LambdaProcess(pid, started, runtime));
}

LambdaProcess::LambdaProcess(pid_t pid, std::chrono::steady_clock::time_point started, LambdaRuntime& runtime)
    : pid_(pid), started_(started) {
  watcher_ = std::thread([this, &runtime] {
    // Without taking the status away: the number stays the process's own until End, so that nobody else is killed.
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    runtime.RuntimeExited();
  });
}

LambdaProcess::~LambdaProcess() {
  (void)End();
}

std::int64_t LambdaProcess::PeakMemory() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

int LambdaProcess::End() {
  if (watcher_.joinable()) {
    kill(pid_, SIGKILL);
    watcher_.join();
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
  }
  return WIFSIGNALED(status_) ? -WTERMSIG(status_) : WEXITSTATUS(status_);
}

}  // namespace sallyport::sim
