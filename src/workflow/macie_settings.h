// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "base/time.h"
#include "workflow/own_key.h"

namespace sallyport {

struct MacieSettings {
  // From which severity hosts are scanned: 2 low, 5 medium, 8 high; a classic alert has its risk score.
  double min_severity = 1;
  // So many hosts are looked up and scanned because of one finding; the others are listed.
  int max_hosts = 50;
  // So many are scanned at a time, and how long after each other the waves begin.
  int wave = 5;
  Duration stagger = std::chrono::minutes(30);
  // Findings of one type about one bucket within this time are one case.
  Duration window = std::chrono::hours(24);
  bool operator==(const MacieSettings&) const = default;
};

// Of section `macie`.
std::vector<OwnKey> MacieKeys();

}  // namespace sallyport
