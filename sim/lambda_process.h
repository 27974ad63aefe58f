// SPDX-License-Identifier: Apache-2.0
//
// The process of a custom runtime: started with Lambda's environment, watched, killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "sim/lambda_runtime.h"

namespace sallyport::sim {

class LambdaProcess {
 public:
  // `command` is the program and its arguments. Tells `runtime` when it has ended.
  static Result<std::unique_ptr<LambdaProcess>> Start(const std::vector<std::string>& command, LambdaRuntime& runtime);
  ~LambdaProcess();  // kills it
  LambdaProcess(const LambdaProcess&) = delete;
  LambdaProcess& operator=(const LambdaProcess&) = delete;

  std::chrono::steady_clock::time_point started() const { return started_; }
  // The most memory that it has had, in KiB (VmHWM); 0 when it has ended.
  std::int64_t PeakMemory() const;
  // Kills it unless it has ended; its exit code, or minus the signal that ended it.
  int End();

 private:
  LambdaProcess(pid_t pid, std::chrono::steady_clock::time_point started, LambdaRuntime& runtime);

  const pid_t pid_;
  const std::chrono::steady_clock::time_point started_;
  int status_ = 0;       // written by the watcher, read after it has ended
  std::thread watcher_;  // waits for the end of the process
};

}  // namespace sallyport::sim
