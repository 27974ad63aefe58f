// SPDX-License-Identifier: Apache-2.0
#include "tests/crash_points.h"

#include <csignal>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <utility>

#include "tests/crash_scenario.h"
#include "tests/slow_manager.h"

namespace sallyport {
namespace {

constexpr Duration kMoreThanACall{500};

// Searches are POSTs too.
bool ChangesAnotherSide(const std::string& point) {
  if (!point.starts_with("after ")) return false;
  if (point.ends_with(kOfChannel) || point.ends_with(" message")) return true;
  const bool is_read = point.starts_with("after GET ") || point.find("/search") != std::string::npos;
  for (const char* method : {"after POST ", "after PUT ", "after DELETE "}) {
    if (point.starts_with(method)) return !is_read;
  }
  return false;
}

std::string Content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

CrashPoints::CrashPoints(const std::string& file, const std::string& cut, std::vector<std::string> outliving,
                         const SharedClock& clock)
    : file_(file, std::ios::app),
      tells_worlds_(cut == kTellWorlds),
      only_at_work_(!tells_worlds_ && cut.starts_with('w')),
      cut_(std::atoi(cut.c_str() + (only_at_work_ ? 1 : 0))),
      outliving_(std::move(outliving)),
      clock_(clock),
      last_(clock.Now()) {}

void CrashPoints::Reach(const std::string& point) {
  sent_ += ChangesAnotherSide(point) ? 1 : 0;
  slept_ += clock_.Now() - last_ >= kMoreThanACall ? 1 : 0;
  last_ = clock_.Now();
  file_ << point;
  if (tells_worlds_) file_ << '\t' << WorldNow();
  file_ << std::endl;
  if (only_at_work_ && !point.ends_with(kAtWork)) return;
  if (++reached_ == cut_) std::raise(SIGKILL);
}

std::string CrashPoints::WorldNow() const {
  std::string world = std::to_string(sent_) + " " + std::to_string(slept_);
  for (const std::string& path : outliving_) world += " " + std::to_string(std::hash<std::string>()(Content(path)));
  return world;
}

std::vector<NotedPoint> ReadPoints(const std::string& file) {
  std::vector<NotedPoint> points;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    points.push_back({line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1)});
  }
  return points;
}

std::vector<std::string> NamesOf(const std::vector<NotedPoint>& points) {
  std::vector<std::string> names;
  names.reserve(points.size());
  for (const NotedPoint& point : points) names.push_back(point.name);
  return names;
}

std::vector<int> CutsOf(const std::vector<NotedPoint>& points) {
  const bool all = std::getenv("SALLYPORT_CRASH_ALL") != nullptr;
  std::vector<int> cuts;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_same = i > 0 && !points[i].world.empty() && points[i].world == points[i - 1].world;
    if (all || !is_same) cuts.push_back(static_cast<int>(i) + 1);
  }
  return cuts;
}

}  // namespace sallyport
