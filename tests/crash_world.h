// SPDX-License-Identifier: Apache-2.0
//
// One world for crash_driver processes: a simulated manager, a clock, a ledger file, events.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/swp_manager.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"

namespace sallyport {

class CrashWorld {
 public:
  CrashWorld();

  // Starts crash_driver with those findings (by their index), and waits for its end: its exit code, or minus the number
  // of the signal that ended it.
  int Run(int cut, const std::vector<int>& findings = {0, 1, 2});
  // Several at once, each with its findings. Their exit codes.
  std::vector<int> RunTogether(const std::vector<std::vector<int>>& findings);

  SharedClock& clock() { return clock_; }
  // What is wrong now that everything should have ended, and what came of it.
  Ending Look() const;
  std::vector<std::string> points() const { return Lines("points"); }
  std::vector<std::string> messages() const { return Lines("messages"); }

 private:
  int Start(int place, int cut, const std::vector<int>& findings);
  int WaitFor(int process, int place);
  std::vector<std::string> Lines(const std::string& file) const;

  TempFolder folder_;
  SharedClock clock_;
  sim::SimClock simulated_;
  std::unique_ptr<sim::SwpManager> manager_;
  std::vector<std::string> event_files_;
};

}  // namespace sallyport
