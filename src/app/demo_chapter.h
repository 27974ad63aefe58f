// SPDX-License-Identifier: Apache-2.0
//
// One chapter of the demo: findings that are handed in, one line for what came of each, and what was meant to come of
// it. Whatever came out differently is said, and the demo fails.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/demo_world.h"
#include "intake/report.h"
#include "ledger/case_state.h"

namespace sallyport {

// An event of demo_events/, changed in places.
struct DemoStep {
  std::string_view heading;
  std::string_view event;
  std::vector<std::pair<std::string_view, std::string_view>> changes;
  EventState wanted = EventState::kWaiting;
  std::string_view says;  // a part of the reason
};

class DemoChapter {
 public:
  // `verbose`: every decision, every call and every message instead of one line for each step.
  DemoChapter(DemoWorld& world, std::string_view title, const Settings& settings, bool verbose);

  // False: the program could not be made, which was said.
  bool Ready() const { return program_ != nullptr; }
  bool AsMeant() const { return as_meant_; }
  Program& program() { return *program_; }

  void Handle(const DemoStep& step);
  void HandleText(const DemoStep& step, const std::string& text);
  // Runs follow-ups until none is open, at most so long in the world's time.
  void Wait(std::string_view heading, Duration longest);
  // A line of its own; `detail` stands below it with --verbose alone.
  void Say(std::string_view heading, const std::string& text, const std::string& detail = "");
  // Of a decision that somebody else asked for.
  void Show(std::string_view heading, const EventReport& report);

  void Want(bool is_so, const std::string& what);
  // The newest case about `text` (a finding ID): its state, and its outcome if it is closed.
  void WantCase(std::string_view text, CaseState state, std::string_view outcome = "");

 private:
  void Tell(const EventReport& report);

  DemoWorld& world_;
  const TimePoint began_;  // when the findings were made: what is delivered twice is the same
  const bool verbose_;
  bool as_meant_ = true;
  std::unique_ptr<Program> program_;
};

}  // namespace sallyport
