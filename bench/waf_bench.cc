// SPDX-License-Identifier: Apache-2.0
//
// From what a sweep read to what is shown: graph, states and candidates of an estate of 3 accounts x 4 regions, 200
// distributions, 1,000 load balancers and 5,000 hosts. CPU time, the median of nine, and memory. Fails when a bound is
// missed.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "edge/candidates.h"
#include "edge/map.h"
#include "edge/run.h"
#include "tests/edge/big_estate.h"

namespace sallyport::edge {
namespace {

constexpr double kMostSeconds = 0.5;
constexpr long kMostKilobytes = 200L * 1024;
constexpr int kRounds = 9;

double CpuSeconds() {
  std::timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

int Measure() {
  const Estate estate = MakeBigEstate({});
  std::vector<double> graph_and_fit;
  std::vector<double> pieces;
  std::size_t candidates = 0;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = CpuSeconds();
    const Map map = MakeMap(estate);
    const auto found = FindCandidates(estate, map, {});
    const double between = CpuSeconds();
    bytes = 0;
    for (const auto& piece : PiecesOf(MakeRun(estate, map, found, {}))) bytes += piece.size();
    graph_and_fit.push_back(between - begin);
    pieces.push_back(CpuSeconds() - between);
    candidates = found.size();
  }
  std::sort(graph_and_fit.begin(), graph_and_fit.end());
  std::sort(pieces.begin(), pieces.end());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("hosts %zu, load balancers %zu, distributions %zu, candidates %zu\n", estate.hosts.size(),
              estate.balancers.size(), estate.distributions.size(), candidates);
  std::printf("graph, states and candidates: %.3f s CPU (at most %.1f)\n", graph_and_fit[kRounds / 2], kMostSeconds);
  std::printf("as pieces: %.3f s CPU, %zu kB\n", pieces[kRounds / 2], bytes / 1024);
  std::printf("peak memory: %ld MB (at most %ld)\n", usage.ru_maxrss / 1024, kMostKilobytes / 1024);
  return graph_and_fit[kRounds / 2] <= kMostSeconds && usage.ru_maxrss <= kMostKilobytes ? 0 : 1;
}

}  // namespace
}  // namespace sallyport::edge

int main() {
  return sallyport::edge::Measure();
}
