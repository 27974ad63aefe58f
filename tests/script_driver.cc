// SPDX-License-Identifier: Apache-2.0
#include "tests/script_driver.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/check.h"
#include "tests/processes.h"

namespace sallyport {

ScriptDriver::ScriptDriver(const std::string& program) {
  std::array<int, 2> questions{};
  std::array<int, 2> answers{};
  // Closed in every other program that is started meanwhile, or this one would never see an end.
  Check(::pipe2(questions.data(), O_CLOEXEC) == 0 && ::pipe2(answers.data(), O_CLOEXEC) == 0, "pipes to a driver");
  posix_spawn_file_actions_t files;
  Check(::posix_spawn_file_actions_init(&files) == 0 &&
            ::posix_spawn_file_actions_adddup2(&files, questions[0], STDIN_FILENO) == 0 &&
            ::posix_spawn_file_actions_adddup2(&files, answers[1], STDOUT_FILENO) == 0,
        "files for a driver");
  std::string name = program;
  std::string serve = "--serve";
  std::array<char*, 3> arguments = {name.data(), serve.data(), nullptr};
  Check(::posix_spawn(&process_, name.c_str(), &files, nullptr, arguments.data(), environ) == 0, "the driver starts");
  ::posix_spawn_file_actions_destroy(&files);
  ::close(questions[0]);
  ::close(answers[1]);
  to_ = questions[1];
  from_ = answers[0];
}

ScriptDriver::~ScriptDriver() {
  ::close(to_);
  WaitForProgram(process_);
  ::close(from_);
}

int ScriptDriver::Run(const std::string& path) {
  const std::string line = path + "\n";
  Check(::write(to_, line.data(), line.size()) == static_cast<ssize_t>(line.size()), "the driver is told what to run");
  std::string answer;
  for (char c = 0; c != '\n'; answer += c) Check(::read(from_, &c, 1) == 1, "the driver tells how it went");
  return std::atoi(answer.c_str());
}

void ServeScripts(const std::function<int(const std::string& path)>& run) {
  for (std::string path; std::getline(std::cin, path);) {
    const int code = InAProcessOfItsOwn([&] {
      // The next path is not for what it runs.
      const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
      Check(nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(nothing, STDOUT_FILENO) >= 0, "no input");
      return run(path);
    });
    std::cout << code << std::endl;
  }
}

int InAProcessOfItsOwn(const std::function<int()>& run) {
  const pid_t process = ::fork();
  Check(process >= 0, "a process");
  if (process == 0) {
    const int code = run();
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return WaitForProgram(process);
}

}  // namespace sallyport
