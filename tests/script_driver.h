// SPDX-License-Identifier: Apache-2.0
//
// A program that runs scripts for a test: started once, it loads its libraries once and runs each script in a copy of
// itself. To start it anew for each takes longer than most scripts do.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace sallyport {

// The test's side. Not thread-safe: each thread has one of its own.
class ScriptDriver {
 public:
  // Starts `program` with the argument `--serve`. Aborts when it does not start.
  explicit ScriptDriver(const std::string& program);
  // Ends it.
  ~ScriptDriver();
  ScriptDriver(const ScriptDriver&) = delete;
  ScriptDriver& operator=(const ScriptDriver&) = delete;

  // Runs the script in that file to its end: its exit code, or minus the signal that ended it. Aborts when the program
  // itself is gone.
  int Run(const std::string& path);

 private:
  pid_t process_ = 0;
  int to_ = -1;
  int from_ = -1;
};

// The program's side: `run` for each path on standard input, in a copy of this process, which must have no threads;
// until there are no more. What to load before is loaded by then.
void ServeScripts(const std::function<int(const std::string& path)>& run);

// Runs that in a copy of this process, which must have no threads: its exit code, or minus the signal that ended it.
int InAProcessOfItsOwn(const std::function<int()>& run);

}  // namespace sallyport
