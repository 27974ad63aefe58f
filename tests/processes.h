// SPDX-License-Identifier: Apache-2.0
//
// Starting other programs of this build from a test, and waiting for their ends.
#pragma once

#include <spawn.h>
#include <sys/wait.h>

#include <string>
#include <vector>

#include "base/check.h"

extern char** environ;  // POSIX

namespace sallyport {

// `words`: the program's path and its arguments. The process.
inline pid_t StartProgram(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  Check(::posix_spawn(&process, words.front().c_str(), nullptr, nullptr, arguments.data(), environ) == 0,
        "the program starts");
  return process;
}

// How a program ended: its exit code, or minus the number of the signal that ended it.
inline int CodeOf(int status) {
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

inline int WaitForProgram(pid_t process) {
  int status = 0;
  Check(::waitpid(process, &status, 0) == process, "the program is waited for");
  return CodeOf(status);
}

struct ProgramEnd {
  pid_t process = 0;
  int code = 0;
};

// Waits for whichever of this process's programs ends first.
inline ProgramEnd WaitForAnyProgram() {
  int status = 0;
  const pid_t process = ::waitpid(-1, &status, 0);
  Check(process > 0, "a program is waited for");
  return {process, CodeOf(status)};
}

}  // namespace sallyport
