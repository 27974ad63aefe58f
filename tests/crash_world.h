// SPDX-License-Identifier: Apache-2.0
//
// One world for crash_driver processes: a simulated manager and what else the kind of run needs, a clock, a ledger
// file, events.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "sim/aws/simulator.h"
#include "sim/swp_manager.h"
#include "tests/crash_points.h"
#include "tests/crash_scenario.h"
#include "tests/message_receiver.h"
#include "tests/scenario.h"
#include "tests/shared_clock.h"
#include "tests/slow_manager.h"

namespace sallyport {

class CrashWorld {
 public:
  explicit CrashWorld(CrashKind kind);

  // Starts crash_driver with all findings, or with those (by their index), and waits for its end: its exit code, or
  // minus the number of the signal that ended it.
  int Run(int cut);
  // The same, nobody stops it, and it notes what a kill at each point would leave behind.
  int RunTellingWorlds();
  // Several at once, each with its findings. Their exit codes.
  std::vector<int> RunTogether(const std::vector<std::vector<int>>& findings);

  SharedClock& clock() { return clock_; }
  // What is wrong now that everything should have ended, and what came of it, in the ledger and in SWP.
  Ending Look() const;
  std::vector<NotedPoint> points() const { return ReadPoints(folder_ / "points"); }
  // Those that were shown.
  std::vector<std::string> messages() const { return Lines("messages"); }
  // Those that channels took, of each channel in their order.
  std::vector<TakenMessage> taken() const;

 private:
  std::string AddressOfAws() const;
  // What was changed in AWS, if anything is to be. Lines for people.
  std::set<std::string> DoneInAws() const;
  Json Control(const std::string& what) const;
  int RunAlone(const std::string& cut);
  int Start(int place, const std::string& cut, const std::vector<int>& findings);
  int WaitFor(int process, int place);
  std::vector<std::string> Lines(const std::string& file) const;

  const CrashKind kind_;
  TempFolder folder_;
  SharedClock clock_;
  sim::SimClock simulated_;
  std::unique_ptr<sim::SwpManager> manager_;
  ManagersClock aws_clock_{clock_};
  sim::SimClock aws_simulated_{clock_.Now(), 1.0, aws_clock_};
  std::unique_ptr<aws_sim::Simulator> aws_;
  std::unique_ptr<SlowManager> slow_aws_;  // before it, where something is changed there
  std::unique_ptr<MessageReceiver> receiver_;
  std::vector<std::string> event_files_;
};

}  // namespace sallyport
