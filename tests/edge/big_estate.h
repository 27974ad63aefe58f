// SPDX-License-Identifier: Apache-2.0
//
// For tests and benchmarks: an estate of any size, always the same for the same numbers.
#pragma once

#include <cstddef>
#include <string>

#include "edge/estate.h"

namespace sallyport::edge {

struct BigEstate {
  std::size_t accounts = 3;
  std::size_t regions = 4;
  std::size_t distributions = 200;
  std::size_t balancers = 1'000;
  std::size_t hosts = 5'000;
  std::string name = "web";  // of hosts, with their number behind
};
Estate MakeBigEstate(const BigEstate& wanted);

}  // namespace sallyport::edge
