// SPDX-License-Identifier: Apache-2.0
//
// A run as text for terminals, as JSON and as CSV. Pure.
#pragma once

#include <string>
#include <vector>

#include "edge/run.h"

namespace sallyport::edge {

struct ShowOptions {
  std::string state;      // only hosts of that state; empty: all
  std::string filter;     // only hosts in whose id, name, account, owner, policy or way this text is; empty: all
  std::size_t most = 50;  // hosts; 0: all
};

std::string RunText(const Run& run, const ShowOptions& options);
// One object: header, hosts, acls, things, candidates, breaks; members as in the stored pieces.
std::string RunJson(const Run& run);
// One line for each host (RFC 4180, header line; cells as in base/csv.h).
std::string RunCsv(const Run& run);

// "12 of 40 hosts are behind ...": the first line of everything that is shown.
std::string Headline(const Run& run);
// Of a run without a difference to the one before.
std::string_view NoChangeWords(const Run& run);
// One line for each change, "+" and "-" in front; at most `most` of each sort, and how many more.
std::vector<std::string> DifferenceLines(const RunDifference& difference, std::size_t most);
// "E1 (shop.example.com) [edge] > ALB web [shop] > target group web": a way as a line.
std::string WayLine(const Run& run, const RunWay& way);

}  // namespace sallyport::edge
