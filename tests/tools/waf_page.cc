// SPDX-License-Identifier: Apache-2.0
//
// For tests: waf_page HOSTS FILE [NAME] writes the page of a made-up estate. NAME is the name of every host.
#include "report/waf_page.h"

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "edge/candidates.h"
#include "edge/map.h"
#include "edge/run.h"
#include "tests/edge/big_estate.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: waf_page HOSTS FILE [NAME]\n";
    return 2;
  }
  using namespace sallyport;
  edge::BigEstate wanted;
  wanted.hosts = std::strtoul(argv[1], nullptr, 10);
  wanted.balancers = wanted.hosts < 100 ? 10 : 1'000;
  wanted.distributions = wanted.hosts < 100 ? 4 : 200;
  if (argc > 3) wanted.name = argv[3];
  edge::Estate estate = edge::MakeBigEstate(wanted);
  estate.gaps.push_back({edge::Part::kTargetGroups, "123456789012", "eu-west-1", "AccessDenied: " + wanted.name});
  const edge::Map map = edge::MakeMap(estate);
  edge::Run run = edge::MakeRun(estate, map, edge::FindCandidates(estate, map, {}), TimePoint{});
  run.before = TimePoint{};
  run.changes = {"no longer behind an enforcing web ACL: " + wanted.name};
  std::ofstream out(argv[2], std::ios::binary);
  out << report::RenderPage(report::WafPage(run));
  return out.good() ? 0 : 1;
}
