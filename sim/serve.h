// SPDX-License-Identifier: Apache-2.0
//
// What the programs of the simulators do alike: say where they are, and serve until a signal ends them.
#pragma once

#include <csignal>
#include <string>

namespace sallyport::sim {

// SIGINT and SIGTERM, blocked for this thread and those it starts, so that only Wait() gets them. Made before any
// thread.
class EndingSignals {
 public:
  EndingSignals();
  void Wait() const;

 private:
  sigset_t signals_;
};

// One line of JSON on the standard output: {"url": ..., "pid": ...}.
void SayReady(const std::string& url);

}  // namespace sallyport::sim
