// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "sim/swp_run.h"

int main(int argc, char** argv) {
  try {
    return sallyport::sim::RunSwpSimulator(argc, argv);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "swp_simulator: %s\n", failed.what());
    return 1;
  }
}
