// SPDX-License-Identifier: Apache-2.0
//
// The points of a run of a crash driver: what it notes of them, where it ends, and at which of them a kill tells
// something.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/shared_clock.h"

namespace sallyport {

// Of one process. Not for several threads.
class CrashPoints {
 public:
  // `file`: gets a line for each point. `cut`: "17": it ends there with SIGKILL; "w17": at the 17th at which the
  // manager is at work on a request; "0": nowhere; kTellWorlds: nowhere, and each line has the world of its point
  // behind a tab. `outliving`: the files that a kill leaves behind.
  CrashPoints(const std::string& file, const std::string& cut, std::vector<std::string> outliving,
              const SharedClock& clock);
  void Reach(const std::string& point);

 private:
  std::string WorldNow() const;

  std::ofstream file_;
  const bool tells_worlds_;
  const bool only_at_work_;
  const int cut_;
  const std::vector<std::string> outliving_;
  const SharedClock& clock_;
  TimePoint last_;
  int reached_ = 0;
  int sent_ = 0;   // what the other sides were told or changed by
  int slept_ = 0;  // how often it waited for more than a call
};

inline constexpr const char* kTellWorlds = "worlds";

struct NotedPoint {
  std::string name;
  std::string world;  // what outlives a kill: the files, what was sent, the time; empty: not noted
};
std::vector<NotedPoint> ReadPoints(const std::string& file);
std::vector<std::string> NamesOf(const std::vector<NotedPoint>& points);

// The numbers (from 1) of the points to kill at. What a killed process had in its memory is gone: where nothing was
// written or sent, or waited for, since the point before, a kill leaves the same world (but for the moment that a read
// takes), and its restart would be the same run again. With SALLYPORT_CRASH_ALL in the environment: each point.
std::vector<int> CutsOf(const std::vector<NotedPoint>& points);

}  // namespace sallyport
